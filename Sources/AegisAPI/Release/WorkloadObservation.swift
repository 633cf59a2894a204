import Crypto
import KubeJSON

/// What is wrong with a pod of the newest template.
public struct PodTrouble: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Its program ends again and again: that does not pass.
        case crashing
        /// Its image cannot be had, or its configuration is missing: that may pass for a while.
        case cannotStart
    }

    public let kind: Kind
    public let pod: String
    public let message: String

    public init(_ kind: Kind, pod: String, message: String) {
        self.kind = kind
        self.pod = pod
        self.message = message
    }
}

/// A Deployment as the release machine sees it.
public struct WorkloadObservation: Sendable, Equatable {
    public var resourceVersion: String
    public var generation: Int64
    public var observedGeneration: Int64
    public var state: WorkloadState
    public var annotations: JSONObject
    public var isPaused: Bool
    /// Pods of any template, of the newest, and those of any that are available.
    public var total: Int
    public var updated: Int
    public var available: Int
    /// What the Deployment's controller says when its progressDeadlineSeconds are over.
    public var stalled: String?
    /// Of pods of the newest template, in order of name.
    public var troubles: [PodTrouble]

    /// The annotation by which a release marks what it did.
    public static let mark = "aegis.dev/release"

    var mark: String? { annotations[Self.mark]?.string }

    var progress: Progress { Progress(replicas: state.replicas, updated: updated, available: available) }

    /// Whether every pod is of the newest template and available.
    var isComplete: Bool {
        observedGeneration >= generation && updated == state.replicas && total == state.replicas
            && available == state.replicas
    }

    /// - Parameters:
    ///   - deployment: as the API server gives it.
    ///   - replicaSets: those that it may control.
    ///   - pods: those that its ReplicaSets may control.
    /// - Returns: nil when it is no Deployment with a template.
    public init?(deployment: JSON, replicaSets: [JSON] = [], pods: [JSON] = []) {
        guard let metadata = deployment["metadata"], let spec = deployment["spec"],
            let template = spec["template"], let version = metadata["resourceVersion"]?.string
        else { return nil }
        let status = deployment["status"] ?? .null
        resourceVersion = version
        generation = metadata["generation"]?.integer ?? 0
        observedGeneration = status["observedGeneration"]?.integer ?? 0
        state = WorkloadState(template: template, replicas: spec["replicas"]?.int ?? 1)
        annotations = metadata["annotations"]?.object ?? [:]
        isPaused = spec["paused"]?.bool ?? false
        total = status["replicas"]?.int ?? 0
        updated = status["updatedReplicas"]?.int ?? 0
        available = status["availableReplicas"]?.int ?? 0
        let progressing = status["conditions"]?.array?.first { $0["type"]?.string == "Progressing" }
        if observedGeneration >= generation, progressing?["status"]?.string == "False",
            progressing?["reason"]?.string == "ProgressDeadlineExceeded"
        {
            stalled = progressing?["message"]?.string ?? "ProgressDeadlineExceeded"
        }
        troubles = Self.troubles(
            of: deployment, replicaSets: replicaSets, pods: pods, uid: metadata["uid"]?.string ?? "")
    }

    public init(
        resourceVersion: String, generation: Int64, observedGeneration: Int64, state: WorkloadState,
        annotations: JSONObject = [:], isPaused: Bool = false, total: Int, updated: Int, available: Int,
        stalled: String? = nil, troubles: [PodTrouble] = []
    ) {
        self.resourceVersion = resourceVersion
        self.generation = generation
        self.observedGeneration = observedGeneration
        self.state = state
        self.annotations = annotations
        self.isPaused = isPaused
        self.total = total
        self.updated = updated
        self.available = available
        self.stalled = stalled
        self.troubles = troubles
    }

    private static let revision = "deployment.kubernetes.io/revision"

    private static func troubles(
        of deployment: JSON, replicaSets: [JSON], pods: [JSON], uid: String
    ) -> [PodTrouble] {
        let revision = deployment.at("metadata", "annotations", revision)?.string
        // Before the Deployment's controller has seen the newest template there is no ReplicaSet of it.
        let newest = replicaSets.first {
            controller(of: $0) == uid && revision != nil
                && $0.at("metadata", "annotations", Self.revision)?.string == revision
                && isTemplate(deployment.at("spec", "template"), of: $0)
        }
        guard let set = newest?.at("metadata", "uid")?.string else { return [] }
        return pods.filter { controller(of: $0) == set && $0.at("metadata", "deletionTimestamp") == nil }
            .compactMap(trouble)
            .sorted { utf8Less($0.pod, $1.pod) }
    }

    static func controller(of object: JSON) -> String? {
        object.at("metadata", "ownerReferences")?.array?.first { $0["controller"]?.bool == true }?["uid"]?
            .string
    }

    /// Whether a ReplicaSet was made from a template: it has one label more than that.
    private static func isTemplate(_ template: JSON?, of set: JSON) -> Bool {
        guard let template, var own = set.at("spec", "template") else { return false }
        own.set(nil, at: "metadata", "labels", "pod-template-hash")
        return own == template
    }

    /// Waiting reasons that the kubelet gives when a container cannot be started at all.
    private static let startFailures: Set<String> = [
        "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable",
        "ImageInspectError", "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    ]

    static func trouble(of pod: JSON) -> PodTrouble? {
        let name = pod.at("metadata", "name")?.string ?? ""
        let status = pod["status"] ?? .null
        if status["phase"]?.string == "Failed" {
            let why = status["message"]?.string ?? status["reason"]?.string ?? "it failed"
            return PodTrouble(.crashing, pod: name, message: "pod \(name): \(why)")
        }
        var found: PodTrouble?
        for list in ["initContainerStatuses", "containerStatuses"] {
            for container in status[list]?.array ?? [] {
                let label = "pod \(name), container \(container["name"]?.string ?? "")"
                let waiting = container.at("state", "waiting")
                let reason = waiting?["reason"]?.string ?? ""
                let restarts = container["restartCount"]?.int ?? 0
                let exit = container.at("lastState", "terminated", "exitCode")?.int
                if reason == "CrashLoopBackOff" || restarts >= 2 {
                    let how = exit.map { ", last with exit code \($0)" } ?? ""
                    let count = restarts < 2 ? "once" : "\(restarts) times"
                    return PodTrouble(.crashing, pod: name, message: "\(label): crashed \(count)\(how)")
                }
                if startFailures.contains(reason), found == nil {
                    let words = waiting?["message"]?.string ?? ""
                    found = PodTrouble(
                        .cannotStart, pod: name,
                        message: "\(label): \(reason)\(words.isEmpty ? "" : ": ")\(words)")
                }
            }
        }
        return found
    }
}

/// A digest of a template that does not depend on the order of keys.
func templateDigest(_ template: JSON) -> String {
    let bytes = Array(JSONWriter.prettyString(template, indent: 0, sorted: true).utf8)
    return SHA256.hash(data: bytes).prefix(16).map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
}
