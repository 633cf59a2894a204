import KubeJSON

/// How strict a Pod Security Standard is.
public enum PodSecurityLevel: String, Sendable, Comparable {
    case privileged, baseline, restricted

    private var rank: Int { self == .privileged ? 0 : self == .baseline ? 1 : 2 }
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// A level as one minor version of Kubernetes defines it.
public struct PodSecurityStandard: Hashable, Sendable, CustomStringConvertible {
    public var level: PodSecurityLevel
    /// The minor version of v1; nil is `latest`.
    public var minor: Int?

    public init(_ level: PodSecurityLevel, minor: Int? = nil) {
        self.level = level
        self.minor = minor
    }

    public var description: String { level.rawValue + ":" + (minor.map { "v1.\($0)" } ?? "latest") }
}

/// What a namespace's `pod-security.kubernetes.io/…` labels ask for (k8s.io/pod-security-admission/api).
public struct PodSecurityPolicy: Hashable, Sendable {
    public var enforce = PodSecurityStandard(.privileged)
    public var audit = PodSecurityStandard(.privileged)
    public var warn = PodSecurityStandard(.privileged)

    public static let privileged = PodSecurityPolicy()

    private init() {}

    public var isPrivileged: Bool {
        enforce.level == .privileged && audit.level == .privileged && warn.level == .privileged
    }

    /// Reads the labels. What cannot be read is an error and counts as `restricted` when it enforces, and as
    /// `privileged` when it audits or warns.
    public static func read(labels: JSONObject?) -> (policy: PodSecurityPolicy, errors: [FieldError]) {
        guard let labels, labels.contains(where: { $0.key.hasPrefix(prefix) }) else {
            return (.privileged, [])
        }
        var policy = PodSecurityPolicy()
        var errors: [FieldError] = []
        var enforcesLevel = false
        if let text = labels[prefix + "enforce"]?.string {
            policy.enforce.level = level(text, "enforce", &errors) ?? .restricted
            enforcesLevel = PodSecurityLevel(rawValue: text) != nil
        }
        policy.enforce.minor = version(labels, "enforce", &errors)
        if let text = labels[prefix + "audit"]?.string {
            policy.audit.level = level(text, "audit", &errors) ?? .privileged
        }
        policy.audit.minor = version(labels, "audit", &errors)
        if let text = labels[prefix + "warn"]?.string {
            policy.warn.level = level(text, "warn", &errors) ?? .privileged
        }
        policy.warn.minor = version(labels, "warn", &errors)
        // Whoever enforces is warned of what controllers will not be able to create.
        if labels[prefix + "warn"] == nil, enforcesLevel, policy.enforce.level > policy.warn.level {
            policy.warn.level = policy.enforce.level
            if labels[prefix + "warn-version"] == nil { policy.warn.minor = policy.enforce.minor }
        }
        return (policy, errors)
    }

    private static let prefix = "pod-security.kubernetes.io/"

    private static func path(_ mode: String) -> FieldPath {
        FieldPath("metadata", "labels").key(prefix + mode)
    }

    private static func level(_ text: String, _ mode: String, _ errors: inout [FieldError])
        -> PodSecurityLevel?
    {
        if let level = PodSecurityLevel(rawValue: text) { return level }
        errors.append(
            .invalid(path(mode), .string(text), "must be one of privileged, baseline, restricted"))
        return nil
    }

    private static func version(_ labels: JSONObject, _ mode: String, _ errors: inout [FieldError]) -> Int? {
        guard let text = labels[prefix + mode + "-version"]?.string, text != "latest" else { return nil }
        let digits = text.dropFirst(3)
        let isNumber = digits.utf8.allSatisfy { (48...57).contains($0) }
        if text.hasPrefix("v1."), isNumber, digits == "0" || !digits.hasPrefix("0"), let minor = Int(digits) {
            return minor
        }
        errors.append(.invalid(path(mode + "-version"), .string(text), "must be \"latest\" or \"v1.x\""))
        return nil
    }
}
