import KubeAPI
import KubeEngine
import KubeJSON

/// What the status of a ReplicaSet says of its pods (pkg/controller/replicaset/replica_set_utils.go).
struct ReplicaCounts {
    private let missing: Int
    private var replicas = 0
    private var fullyLabeled = 0
    private var ready = 0
    private var available = 0
    private var terminating = 0
    /// Seconds until one more pod has been ready for long enough.
    private(set) var untilNextAvailable: Double?

    /// - Parameter pods: the active pods of the set.
    init(
        of set: JSON, _ pods: [PodSummary], selector: LabelSelector, view: ClusterView, now: Timestamp
    ) {
        let spec = set["spec"]
        let minReadySeconds = spec?["minReadySeconds"]?.int ?? 0
        let labels = spec?["template"]?["metadata"]?["labels"]?.object ?? [:]
        missing = (spec?["replicas"]?.int ?? 1) - pods.count
        replicas = pods.count
        for pod in pods {
            if labels.allSatisfy({ pod.labels[$0.key] == $0.value }) { fullyLabeled += 1 }
            guard pod.isReady else { continue }
            ready += 1
            if pod.isAvailable(minReadySeconds: minReadySeconds, now: now) {
                available += 1
            } else if let since = pod.readySince {
                let wait = since.adding(Double(minReadySeconds)).since(now)
                untilNextAvailable = min(untilNextAvailable ?? wait, wait)
            }
        }
        for pod in view.pods(ofController: set.uid)
        where pod.isTerminating && !pod.isFinished && selector.matches(labels: pod.labels) {
            terminating += 1
        }
    }

    /// - Parameter failure: why pods could not be made or deleted.
    /// - Returns: nil when the status is as it should be.
    func status(of set: JSON, kind: String, failure: String?, now: Timestamp) -> JSON? {
        let old = set["status"]
        let generation = set["metadata"]?["generation"]?.int ?? 0
        var fields = [
            ("replicas", replicas), ("fullyLabeledReplicas", fullyLabeled), ("readyReplicas", ready),
            ("availableReplicas", available),
        ]
        // ReplicationControllers have no such field.
        if kind == "ReplicaSet" { fields.append(("terminatingReplicas", terminating)) }
        fields.append(("observedGeneration", generation))

        let oldConditions = old?["conditions"]?.array ?? []
        var conditions = oldConditions
        let present = oldConditions.firstIndex { $0["type"]?.string == "ReplicaFailure" }
        if let failure {
            if present == nil { conditions.append(condition(failure, now)) }
        } else if let present {
            conditions.remove(at: present)
        }

        var status: JSONObject = [:]
        for (field, count) in fields
        where count != 0 || field == "replicas" || field == "terminatingReplicas" {
            status[field] = .integer(Int64(count))
        }
        if !conditions.isEmpty { status["conditions"] = .array(conditions) }
        let isSame =
            conditions == oldConditions
            && fields.allSatisfy { (old?[$0.0]?.int ?? ($0.0 == "terminatingReplicas" ? -1 : 0)) == $0.1 }
        return isSame ? nil : .object(status)
    }

    private func condition(_ failure: String, _ now: Timestamp) -> JSON {
        [
            "type": "ReplicaFailure", "status": "True", "lastTransitionTime": .string(now.rfc3339),
            "reason": missing > 0 ? "FailedCreate" : "FailedDelete",
            "message": .string(missing > 0 ? failure : "unable to delete pods: " + failure),
        ]
    }
}
