import KubeAPI
import KubeJSON

/// What a pod's spec says, as far as the node's agent asks: read once and shared by all pods that are alike.
public final class PodShape: Sendable {
    /// Init containers first, in their order, then the containers, then the ephemeral ones.
    public let containers: [ContainerShape]
    public let restartPolicy: RestartPolicy
    /// Seconds.
    public let gracePeriod: Int
    /// Seconds since the pod's start after which it fails.
    public let activeDeadline: Int?
    public let readinessGates: [String]
    /// ConfigMaps, Secrets and claims that must be there before any container starts.
    public let volumes: [ObjectReference]
    public let usesHostNetwork: Bool
    /// What the pod asks of its node: cpu in thousandths, memory in bytes.
    public let requests: ResourceAmounts
    /// Ports of its node that the pod takes.
    public let hostPorts: [PodHostPort]
    public let hasSidecars: Bool
    public let initCount: Int
    /// Index of the first ephemeral container.
    public let ephemeralStart: Int

    /// The volume that admission made for the service account's token, which has a name of its own in every
    /// pod; nil where there is none.
    let tokenVolume: String?
    /// Of the pod as a whole.
    private let podResources: JSON?

    /// The parts of the spec that it was read from.
    private let source: [JSON?]
    /// Whether nothing in it comes from the pod's name.
    let isShareable: Bool
    private static let parts = [
        "containers", "initContainers", "ephemeralContainers", "volumes", "restartPolicy",
        "terminationGracePeriodSeconds", "activeDeadlineSeconds", "readinessGates", "hostNetwork",
        "overhead", "resources",
    ]

    public init(_ pod: JSON) {
        let spec = pod["spec"] ?? .null
        source = Self.parts.map { spec[$0] }
        let policy = RestartPolicy(rawValue: spec["restartPolicy"]?.string ?? "") ?? .always
        restartPolicy = policy
        func read(_ list: String, _ kind: ContainerShape.Kind) -> [ContainerShape] {
            (spec[list]?.array ?? []).map { ContainerShape($0, kind: kind, podPolicy: policy) }
        }
        let initial = read("initContainers", .initial)
        let main = read("containers", .main)
        containers = initial + main + read("ephemeralContainers", .ephemeral)
        initCount = initial.count
        ephemeralStart = initial.count + main.count
        hasSidecars = initial.contains { $0.isSidecar }
        gracePeriod = spec["terminationGracePeriodSeconds"]?.int ?? 30
        activeDeadline = spec["activeDeadlineSeconds"]?.int
        readinessGates = (spec["readinessGates"]?.array ?? []).compactMap { $0["conditionType"]?.string }
        usesHostNetwork = spec["hostNetwork"]?.bool ?? false
        requests = PodResourceTotals.total(.requests, of: pod)
        hostPorts = PodHostPort.all(of: spec)
        podResources = spec["resources"]
        tokenVolume = Self.tokenVolume(of: spec)
        isShareable = spec["volumes"]?.array?.allSatisfy { $0["ephemeral"] == nil } ?? true
        volumes = (spec["volumes"]?.array ?? []).flatMap { Self.references($0, podName: pod.name) }
    }

    /// Whether a pod's spec says the same, but for the name of the token's volume.
    public func fits(_ pod: JSON) -> Bool {
        guard let spec = pod["spec"] else { return false }
        let token = Self.tokenVolume(of: spec)
        guard (token == nil) == (tokenVolume == nil) else { return false }
        for (index, part) in Self.parts.enumerated() {
            switch (spec[part], source[index]) {
            case (nil, nil): continue
            case (let new?, let known?):
                if !Self.isAlike(known, new, tokenVolume, token) { return false }
            default: return false
            }
        }
        return true
    }

    static func tokenVolume(of spec: JSON) -> String? {
        let prefix = "kube-api-access-"
        for volume in spec["volumes"]?.array ?? [] {
            if let name = volume["name"]?.string, name.utf8.starts(with: prefix.utf8) { return name }
        }
        return nil
    }

    /// Whether two values are equal once one text is taken for another.
    private static func isAlike(_ left: JSON, _ right: JSON, _ name: String?, _ other: String?) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            return left == right ? left != name || name == other : left == name && right == other
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            for index in left.indices where !isAlike(left[index], right[index], name, other) {
                return false
            }
            return true
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            for (mine, theirs) in zip(left, right) {
                if mine.key == theirs.key {
                    if !isAlike(mine.value, theirs.value, name, other) { return false }
                } else {
                    guard let value = right[mine.key], isAlike(mine.value, value, name, other) else {
                        return false
                    }
                }
            }
            return true
        default: return left == right
        }
    }

    /// A pod as it would be with the resources that this shape has.
    func withResources(in pod: JSON) -> JSON {
        var pod = pod
        guard var spec = pod["spec"]?.object else { return pod }
        for (list, range) in [("initContainers", 0..<initCount), ("containers", mainIndices)] {
            guard var items = spec[list]?.array, items.count == range.count else { continue }
            for index in items.indices {
                guard var item = items[index].object else { continue }
                item["resources"] = containers[range.lowerBound + index].resources
                items[index] = .object(item)
            }
            spec[list] = .array(items)
        }
        spec["resources"] = podResources
        pod["spec"] = .object(spec)
        return pod
    }

    public var mainIndices: Range<Int> { initCount..<ephemeralStart }

    private static func references(_ volume: JSON, podName: String) -> [ObjectReference] {
        let name = volume["name"]?.string ?? ""
        func reference(_ kind: ObjectReference.Kind, _ source: JSON, _ key: String) -> ObjectReference {
            ObjectReference(
                kind: kind, name: source[key]?.string ?? "", isOptional: source["optional"]?.bool ?? false,
                keys: (source["items"]?.array ?? []).compactMap { $0["key"]?.string }, volume: name)
        }
        if let source = volume["secret"] { return [reference(.secret, source, "secretName")] }
        if let source = volume["configMap"] { return [reference(.configMap, source, "name")] }
        if let source = volume["persistentVolumeClaim"] { return [reference(.claim, source, "claimName")] }
        if volume["ephemeral"] != nil {
            return [
                ObjectReference(
                    kind: .claim, name: podName + "-" + name, isOptional: false, keys: [], volume: name)
            ]
        }
        return (volume["projected"]?["sources"]?.array ?? []).compactMap { source in
            if let source = source["secret"] { return reference(.secret, source, "name") }
            if let source = source["configMap"] { return reference(.configMap, source, "name") }
            return nil
        }
    }
}

public enum RestartPolicy: String, Sendable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"
}

/// An object of the pod's namespace that it cannot do without.
public struct ObjectReference: Sendable, Hashable {
    public enum Kind: String, Sendable {
        case secret
        case configMap = "configmap"
        case claim = "persistentvolumeclaim"
        /// An image on the node, by its name.
        case image
    }
    public var kind: Kind
    public var name: String
    public var isOptional: Bool
    /// That the object must have.
    public var keys: [String]
    /// The volume that names it; empty for an environment variable.
    public var volume: String
}

/// One container of a spec.
public struct ContainerShape: Sendable {
    public enum Kind: Sendable { case initial, main, ephemeral }

    public let name: String
    public let image: String
    public let kind: Kind
    /// An init container that goes on running beside what starts after it.
    public let isSidecar: Bool
    /// What the container says, or the pod.
    public let restartPolicy: RestartPolicy
    /// Container-level rules, tried in order before the policy.
    public let restartRules: [RestartRule]
    /// `Always`, `IfNotPresent` or `Never`.
    public let pullPolicy: String
    public let startup: ProbeShape?
    public let liveness: ProbeShape?
    public let readiness: ProbeShape?
    /// Resources of which another amount takes a restart.
    let restartsForResize: [String]
    public let hasPostStart: Bool
    public let hasPreStop: Bool
    /// What its environment takes from other objects.
    public let environment: [ObjectReference]
    /// `FallbackToLogsOnError` or `File`.
    public let resources: JSON?
    public let volumeMounts: JSON?
    /// In bytes; nil when it has none.
    public let memoryLimit: Int64?
    public let memoryRequest: Int64

    init(_ container: JSON, kind: Kind, podPolicy: RestartPolicy) {
        name = container["name"]?.string ?? ""
        image = container["image"]?.string ?? ""
        self.kind = kind
        let own = RestartPolicy(rawValue: container["restartPolicy"]?.string ?? "")
        isSidecar = kind == .initial && own == .always
        switch kind {
        case .ephemeral: restartPolicy = .never
        // A plain init container of a pod that always restarts is tried until it succeeds.
        case .initial where own == nil: restartPolicy = podPolicy == .always ? .onFailure : podPolicy
        default: restartPolicy = own ?? podPolicy
        }
        restartRules = (container["restartPolicyRules"]?.array ?? []).compactMap { RestartRule($0) }
        pullPolicy = container["imagePullPolicy"]?.string ?? "IfNotPresent"
        startup = container["startupProbe"].map { ProbeShape($0, .startup) }
        liveness = container["livenessProbe"].map { ProbeShape($0, .liveness) }
        readiness = container["readinessProbe"].map { ProbeShape($0, .readiness) }
        restartsForResize = (container["resizePolicy"]?.array ?? []).compactMap { policy in
            policy["restartPolicy"] == "RestartContainer" ? policy["resourceName"]?.string : nil
        }
        hasPostStart = container["lifecycle"]?["postStart"] != nil
        hasPreStop = container["lifecycle"]?["preStop"] != nil
        resources = container["resources"]
        let limit = container["resources"]?["limits"]?["memory"]?.string.flatMap { Quantity($0) }
        memoryLimit = limit?.wholeValue
        memoryRequest =
            container["resources"]?["requests"]?["memory"]?.string.flatMap { Quantity($0) }?.wholeValue ?? 0
        let mounts = container["volumeMounts"]?.array ?? []
        volumeMounts = mounts.isEmpty ? nil : .array(mounts.map(Self.mount))
        var references: [ObjectReference] = []
        func add(_ kind: ObjectReference.Kind, _ source: JSON) {
            references.append(
                ObjectReference(
                    kind: kind, name: source["name"]?.string ?? "",
                    isOptional: source["optional"]?.bool ?? false,
                    keys: source["key"]?.string.map { [$0] } ?? [], volume: ""))
        }
        for source in container["envFrom"]?.array ?? [] {
            if let source = source["configMapRef"] { add(.configMap, source) }
            if let source = source["secretRef"] { add(.secret, source) }
        }
        for variable in container["env"]?.array ?? [] {
            if let source = variable["valueFrom"]?["configMapKeyRef"] { add(.configMap, source) }
            if let source = variable["valueFrom"]?["secretKeyRef"] { add(.secret, source) }
        }
        environment = references
    }

    /// As the status lists a mount.
    private static func mount(_ mount: JSON) -> JSON {
        var status: JSONObject = ["name": mount["name"] ?? "", "mountPath": mount["mountPath"] ?? ""]
        if mount["readOnly"]?.bool == true {
            status["readOnly"] = true
            status["recursiveReadOnly"] = mount["recursiveReadOnly"] ?? "Disabled"
        }
        return .object(status)
    }

    /// Whether an amount changed that cannot change while the container runs.
    func needsRestart(afterResizeFrom old: ContainerShape) -> Bool {
        guard resources != old.resources else { return false }
        return restartsForResize.contains { name in
            ["requests", "limits"].contains { resources?[$0]?[name] != old.resources?[$0]?[name] }
        }
    }

    public func probe(_ kind: ProbeShape.Kind) -> ProbeShape? {
        switch kind {
        case .startup: startup
        case .liveness: liveness
        case .readiness: readiness
        }
    }

    /// Whether the container is started again after it ended with a code.
    public func restarts(after code: Int) -> Bool {
        for rule in restartRules where rule.matches(code) { return rule.restarts }
        switch restartPolicy {
        case .always: return true
        case .onFailure: return code != 0
        case .never: return false
        }
    }
}

/// One rule of `restartPolicyRules`.
public struct RestartRule: Sendable {
    let restarts: Bool
    let isIn: Bool
    let codes: [Int]

    init?(_ rule: JSON) {
        guard let exitCodes = rule["exitCodes"] else { return nil }
        restarts = rule["action"]?.string == "Restart"
        isIn = exitCodes["operator"]?.string != "NotIn"
        codes = (exitCodes["values"]?.array ?? []).compactMap(\.int)
        guard restarts else { return nil }
    }

    func matches(_ code: Int) -> Bool { codes.contains(code) == isIn }
}

/// One probe of a container; seconds throughout.
public struct ProbeShape: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case startup = "Startup"
        case liveness = "Liveness"
        case readiness = "Readiness"
    }

    public let kind: Kind
    public let initialDelay: Int
    public let period: Int
    public let timeout: Int
    public let successThreshold: Int
    public let failureThreshold: Int
    /// Instead of the pod's own when this probe has the container stopped.
    public let gracePeriod: Int?

    init(_ probe: JSON, _ kind: Kind) {
        func number(_ key: String, _ fallback: Int) -> Int { max(probe[key]?.int ?? fallback, 0) }
        self.kind = kind
        initialDelay = number("initialDelaySeconds", 0)
        period = max(number("periodSeconds", 10), 1)
        timeout = max(number("timeoutSeconds", 1), 1)
        successThreshold = max(number("successThreshold", 1), 1)
        failureThreshold = max(number("failureThreshold", 3), 1)
        gracePeriod = probe["terminationGracePeriodSeconds"]?.int
    }
}
