import KubeAPI
import KubeJSON

/// Whether an object is what it was meant to be, and why not.
public struct WorkloadState: Sendable, Equatable {
    public var isReady: Bool
    /// `2/3` where there is something to count.
    public var count: String
    /// Why it waits, most frequent first; empty when it is ready.
    public var reasons: [String]

    static let ready = WorkloadState(isReady: true, count: "", reasons: [])

    static func waiting(_ reasons: [String], count: String = "") -> WorkloadState {
        WorkloadState(isReady: false, count: count, reasons: reasons)
    }
}

/// Reads the state of objects from the cluster's own status fields, as `kubectl rollout status` does, and
/// the reasons from their pods.
public struct WorkloadStates: Sendable {
    /// The objects of a built-in kind in a namespace.
    public typealias List = @Sendable (_ group: String, _ plural: String, _ namespace: String?) -> [JSON]

    private let list: List

    public init(_ list: @escaping List) { self.list = list }

    /// Whether the kind can keep somebody waiting at all.
    public static func isWorkload(group: String, kind: String) -> Bool {
        switch (group, kind) {
        case ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"),
            ("batch", "Job"), ("", "Pod"), ("", "ReplicationController"), ("", "PersistentVolumeClaim"),
            ("autoscaling", "HorizontalPodAutoscaler"), ("kops.k8s.io", "InstanceGroup"):
            true
        default: false
        }
    }

    public func state(of object: JSON) -> WorkloadState {
        let status = object["status"]
        func number(_ key: String) -> Int { status?[key]?.int ?? 0 }
        let isObserved = Int64(number("observedGeneration")) >= object.generation
        switch object["kind"]?.string {
        case "Deployment":
            let wanted = object["spec"]?["replicas"]?.int ?? 1
            let isDone =
                isObserved && number("updatedReplicas") >= wanted && number("replicas") <= wanted
                && number("availableReplicas") >= wanted
            return state(isDone, object, number("availableReplicas"), wanted, failing: "ReplicaFailure")
        case "StatefulSet":
            let wanted = object["spec"]?["replicas"]?.int ?? 1
            let isDone =
                isObserved && number("readyReplicas") >= wanted && number("updatedReplicas") >= wanted
            return state(isDone, object, number("readyReplicas"), wanted)
        case "ReplicaSet", "ReplicationController":
            let wanted = object["spec"]?["replicas"]?.int ?? 1
            let isDone = isObserved && number("availableReplicas") >= wanted
            return state(isDone, object, number("availableReplicas"), wanted, failing: "ReplicaFailure")
        case "DaemonSet":
            let wanted = number("desiredNumberScheduled")
            let isDone =
                isObserved && number("numberAvailable") >= wanted
                && number("updatedNumberScheduled") >= wanted
            return state(isDone, object, number("numberAvailable"), wanted)
        case "Job":
            if condition("Complete", of: object) != nil { return .ready }
            if let failed = condition("Failed", of: object) {
                return .waiting([failed["message"]?.string ?? "the job failed"])
            }
            if object["spec"]?["suspend"]?.bool == true { return .ready }
            return state(false, object, number("succeeded"), object["spec"]?["completions"]?.int ?? 1)
        case "Pod":
            let phase = status?["phase"]?.string
            let isDone = phase == "Succeeded" || condition("Ready", of: object) != nil
            return isDone ? .ready : .waiting(Self.summary([object]))
        case "HorizontalPodAutoscaler": return autoscaler(object)
        case "PersistentVolumeClaim":
            if status?["phase"]?.string == "Bound" { return .ready }
            let name = object["spec"]?["storageClassName"]?.string ?? ""
            let classes = list("storage.k8s.io", "storageclasses", nil)
            if !name.isEmpty, !classes.contains(where: { $0.name == name }) {
                return .waiting(["no StorageClass \"\(name)\""])
            }
            let mode = classes.first { $0.name == name }?["volumeBindingMode"]?.string
            // Nothing is wrong with a claim that nobody uses yet.
            if mode == "WaitForFirstConsumer" { return .ready }
            return .waiting(["waits for a volume"])
        case "InstanceGroup":
            let wanted = object["status"]?["targetSize"]?.int ?? object["spec"]?["minSize"]?.int ?? 0
            let ready = list("", "nodes", nil).filter {
                $0["metadata"]?["labels"]?["kops.k8s.io/instancegroup"]?.string == object.name
                    && condition("Ready", of: $0) != nil
            }.count
            return WorkloadState(
                isReady: ready >= wanted, count: "\(ready)/\(wanted)",
                reasons: ready >= wanted ? [] : ["nodes are not ready"])
        default: return .ready
        }
    }

    /// The condition of a type, when it is true.
    private func condition(_ type: String, of object: JSON) -> JSON? {
        object["status"]?["conditions"]?.array?.first {
            $0["type"]?.string == type && $0["status"]?.string == "True"
        }
    }

    private func state(
        _ isDone: Bool, _ object: JSON, _ have: Int, _ wanted: Int, failing: String? = nil
    ) -> WorkloadState {
        let count = "\(have)/\(wanted)"
        if isDone { return WorkloadState(isReady: true, count: count, reasons: []) }
        var reasons = Self.summary(pods(of: object).filter { condition("Ready", of: $0) == nil })
        if let failing, let failure = condition(failing, of: object)?["message"]?.string {
            reasons.insert(failure, at: 0)
        }
        if let late = object["status"]?["conditions"]?.array?.first(where: {
            $0["type"]?.string == "Progressing" && $0["reason"]?.string == "ProgressDeadlineExceeded"
        })?["message"]?.string {
            reasons.append(late)
        }
        return .waiting(reasons.isEmpty ? ["no pods yet"] : reasons, count: count)
    }

    /// An autoscaler is ready when it knows what it scales by.
    private func autoscaler(_ object: JSON) -> WorkloadState {
        let current = object["status"]?["currentReplicas"]?.int ?? 0
        let most = object["spec"]?["maxReplicas"]?.int ?? 0
        let count = "\(current)/\(most)"
        for condition in object["status"]?["conditions"]?.array ?? []
        where condition["status"]?.string == "False" {
            // A workload of no replicas is not to be scaled: nothing is waited for.
            if condition["reason"]?.string == "ScalingDisabled" {
                return WorkloadState(isReady: true, count: count, reasons: [])
            }
            guard ["ScalingActive", "AbleToScale"].contains(condition["type"]?.string ?? "") else { continue }
            return .waiting([condition["message"]?.string ?? ""], count: count)
        }
        let known = object["status"]?["currentMetrics"]?.array?.count ?? 0
        let asked = object["spec"]?["metrics"]?.array?.count ?? 1
        guard condition("ScalingActive", of: object) != nil, known >= asked else {
            return .waiting(["knows \(known) of \(asked) metrics"], count: count)
        }
        return WorkloadState(isReady: true, count: count, reasons: [])
    }

    private func pods(of object: JSON) -> [JSON] {
        guard let selector = try? LabelSelector(object: object["spec"]?["selector"]) else { return [] }
        return list("", "pods", object.namespace).filter { selector.matches($0) }
    }

    /// Why pods are not ready, in their own words; equal reasons once, with how many have them.
    static func summary(_ pods: [JSON]) -> [String] {
        var counts: [(reason: String, count: Int)] = []
        for pod in pods {
            let reason = reason(pod)
            if let index = counts.firstIndex(where: { $0.reason == reason }) {
                counts[index].count += 1
            } else {
                counts.append((reason, 1))
            }
        }
        return counts.sorted { $0.count > $1.count }.map { entry in
            entry.count == 1 ? entry.reason : "\(entry.count) pods: \(entry.reason)"
        }
    }

    private static func reason(_ pod: JSON) -> String {
        let status = pod["status"]
        for condition in status?["conditions"]?.array ?? []
        where condition["type"]?.string == "PodScheduled" && condition["status"]?.string == "False" {
            return "\(condition["reason"]?.string ?? ""): \(condition["message"]?.string ?? "")"
        }
        for list in ["initContainerStatuses", "containerStatuses"] {
            for container in status?[list]?.array ?? [] {
                let state = container["state"]
                if let waiting = state?["waiting"], let reason = waiting["reason"]?.string,
                    reason != "PodInitializing"
                {
                    let message = waiting["message"]?.string ?? ""
                    return message.isEmpty ? reason : "\(reason): \(message)"
                }
                if let ended = state?["terminated"], ended["exitCode"]?.int != 0 {
                    return
                        "\(ended["reason"]?.string ?? "Error"): container \(container["name"]?.string ?? "") "
                        + "exited with code \(ended["exitCode"]?.int ?? 0)"
                }
            }
        }
        if pod["spec"]?["nodeName"]?.string?.isEmpty ?? true { return "waits for a node" }
        return status?["phase"]?.string == "Running" ? "running, not ready yet" : "starting"
    }
}
