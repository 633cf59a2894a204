import KubeJSON

/// What a check found wrong with a pod.
public struct PodSecurityViolation: Hashable, Sendable {
    /// Short, for many pods at once.
    public let reason: String
    /// Names what is wrong in this pod.
    public let detail: String
}

/// The Pod Security Standards as pure functions of a pod (k8s.io/pod-security-admission/policy).
public enum PodSecurityStandards {
    /// All that the standard forbids in a pod; baseline first, each part in the order of its checks' names.
    public static func violations(
        of standard: PodSecurityStandard, metadata: JSON?, spec: JSON
    ) -> [PodSecurityViolation] {
        if standard.level == .privileged { return [] }
        let pod = SecuredPod(metadata: metadata, spec: spec)
        let minor = standard.minor ?? .max
        let isRestricted = standard.level == .restricted
        return checks.compactMap { check in
            guard minor >= check.since, isRestricted || !check.isRestricted else { return nil }
            // A restricted check that covers a baseline one takes its place.
            if isRestricted, let covered = check.coveredSince, minor >= covered { return nil }
            return check.run(pod, minor)
        }
    }

    /// The violations in one text, each with its detail in parentheses.
    public static func details(_ violations: [PodSecurityViolation]) -> String {
        violations.map { $0.detail.isEmpty ? $0.reason : "\($0.reason) (\($0.detail))" }
            .joined(separator: ", ")
    }

    public static func reasons(_ violations: [PodSecurityViolation]) -> String {
        violations.map(\.reason).joined(separator: ", ")
    }

    private struct Check: Sendable {
        let isRestricted: Bool
        /// The first minor version that has it.
        let since: Int
        /// From this version on `restricted` has a stricter check in place of this one.
        let coveredSince: Int?
        let run: @Sendable (SecuredPod, _ minor: Int) -> PodSecurityViolation?

        static func baseline(
            _ since: Int = 0, coveredSince: Int? = nil,
            _ run: @escaping @Sendable (SecuredPod, Int) -> PodSecurityViolation?
        ) -> Check {
            Check(isRestricted: false, since: since, coveredSince: coveredSince, run: run)
        }

        static func restricted(
            _ since: Int = 0, _ run: @escaping @Sendable (SecuredPod, Int) -> PodSecurityViolation?
        ) -> Check {
            Check(isRestricted: true, since: since, coveredSince: nil, run: run)
        }
    }

    private static let checks: [Check] = [
        .baseline { pod, _ in pod.appArmorProfile() },
        .baseline(coveredSince: 22) { pod, _ in pod.addedCapabilities() },
        .baseline { pod, _ in pod.hostNamespaces() },
        .baseline(coveredSince: 0) { pod, _ in pod.hostPathVolumes() },
        .baseline { pod, _ in pod.hostPorts() },
        .baseline(34) { pod, _ in pod.hostProbes() },
        .baseline { pod, _ in pod.privileged() },
        .baseline(coveredSince: 35) { pod, minor in
            minor >= 35 && pod.hasUserNamespace ? nil : pod.procMount()
        },
        .baseline { pod, minor in pod.seLinuxOptions(minor) },
        .baseline(coveredSince: 19) { pod, minor in
            minor < 19 ? pod.seccompAnnotations() : pod.seccompProfile(isRequired: false)
        },
        .baseline { pod, minor in pod.sysctls(minor) },
        .baseline { pod, _ in pod.windowsHostProcess() },
        .restricted(8) { pod, minor in
            minor >= 25 && pod.isWindows ? nil : pod.allowPrivilegeEscalation()
        },
        .restricted(22) { pod, minor in minor >= 25 && pod.isWindows ? nil : pod.droppedCapabilities() },
        .restricted(35) { pod, _ in pod.procMount() },
        .restricted { pod, _ in pod.restrictedVolumes() },
        .restricted { pod, minor in minor >= 35 && pod.hasUserNamespace ? nil : pod.runAsNonRoot() },
        .restricted(23) { pod, minor in minor >= 35 && pod.hasUserNamespace ? nil : pod.runAsUser() },
        .restricted(19) { pod, minor in
            minor >= 25 && pod.isWindows ? nil : pod.seccompProfile(isRequired: true)
        },
    ]
}

/// A pod as the checks see it.
struct SecuredPod {
    let annotations: JSONObject?
    let spec: JSON
    /// Init, ordinary and ephemeral containers, in this order.
    let containers: [JSON]
    let security: JSON?

    init(metadata: JSON?, spec: JSON) {
        annotations = metadata?["annotations"]?.object
        self.spec = spec
        containers =
            spec.items("initContainers") + spec.items("containers") + spec.items("ephemeralContainers")
        security = spec["securityContext"]
    }

    var isWindows: Bool { spec["os"]?["name"]?.string == "windows" }
    var hasUserNamespace: Bool { spec["hostUsers"]?.bool == false }

    /// The names of the containers for which something holds.
    func names(where isBad: (JSON) -> Bool) -> [String] { containers.filter(isBad).map { $0.text("name") } }
}

/// Words of the checks' texts.
enum SecurityText {
    static func quoted(_ items: [String]) -> String {
        items.isEmpty ? "" : "\"" + items.joined(separator: "\", \"") + "\""
    }
    static func quoted(_ items: Set<String>) -> String { quoted(items.sorted(by: utf8Less)) }

    static func plural(_ one: String, _ many: String, _ count: Int) -> String { count == 1 ? one : many }

    static func containers(_ names: [String]) -> String {
        plural("container", "containers", names.count) + " " + quoted(names)
    }

    /// `pod`, `container "a"`, or both.
    static func setters(pod: Bool, _ names: [String]) -> String {
        ((pod ? ["pod"] : []) + (names.isEmpty ? [] : [containers(names)])).joined(separator: " and ")
    }
}
