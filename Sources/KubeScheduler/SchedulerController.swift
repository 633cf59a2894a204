import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Drives a ``Scheduler`` on the engine: tells it what changes and writes what it decides.
public struct SchedulerController: Controller {
    public let name = "kube-scheduler"
    public let alias = "scheduler"
    public let account = "kube-scheduler"

    private static let queue = "queue"
    /// Pods decided about at one go, so that other controllers get their turn in between.
    private static let batch = 200
    /// Seconds that claims may take to be bound before the pod is tried again (upstream's bindTimeoutSeconds).
    private static let volumePatience = 600.0

    private var scheduler: Scheduler
    /// Bindings that were asked for and not yet looked for in the view.
    private var unconfirmed: [String] = []
    /// Pods whose node is chosen and whose claims are on their way, in the order in which they were decided.
    private var waiting: [WaitingPod] = []

    private struct WaitingPod: Sendable {
        let key: String
        let uid: String
        let node: String
        let claims: [String]
        let since: Timestamp
        let events: [SchedulerEvent]
    }

    static let others: [CollectionID: ClusterObject] = [
        .namespaces: .namespace, .services: .service, .replicationControllers: .replicationController,
        .replicaSets: .replicaSet, .statefulSets: .statefulSet,
        .persistentVolumeClaims: .persistentVolumeClaim, .persistentVolumes: .persistentVolume,
        .storageClasses: .storageClass, .priorityClasses: .priorityClass,
        .podDisruptionBudgets: .podDisruptionBudget,
        CollectionID(group: "storage.k8s.io", resource: "csinodes"): .csiNode,
        CollectionID(group: "resource.k8s.io", resource: "resourceclaims"): .resourceClaim,
    ]

    public init(configuration: SchedulerConfiguration = .standard, seed: UInt64) {
        scheduler = Scheduler(configuration: configuration, seed: seed)
    }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let object = event.kind == .deleted ? nil : event.object.value
        if let pod = event.pod {
            // What a running pod's status says moves nothing.
            if let old = event.previousPod, event.kind == .modified, old.nodeName == pod.nodeName,
                !pod.nodeName.isEmpty, old.phase == pod.phase, old.isTerminating == pod.isTerminating,
                event.previous?.value["spec"] == object?["spec"], old.labels == pod.labels
            {
                return []
            }
            // The scheduler is told of times, not of the moment of the event: the last one will do.
            scheduler.podChanged(event.object.key, object, now: Timestamp(seconds: 0))
            return [Self.queue]
        }
        if event.collection == .nodes {
            scheduler.nodeChanged(event.object.key, object)
            return [Self.queue]
        }
        guard let kind = Self.others[event.collection] else { return [] }
        scheduler.objectChanged(kind, key: event.object.key, object)
        return [Self.queue]
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        confirm(view, now)
        var result = Reconciliation()
        bindWaiting(view, now, &result)
        for _ in 0..<Self.batch {
            guard let decision = scheduler.next(now: now) else { break }
            carryOut(decision, view, now, &result)
        }
        // Whether a binding came to be is seen in the view, at once.
        if !unconfirmed.isEmpty {
            result.requeueAfter = 0
        } else if let next = scheduler.nextWork {
            result.requeueAfter = max(0, next.since(now))
        }
        if !waiting.isEmpty {
            result.requeueAfter = min(result.requeueAfter ?? Self.volumePatience, Self.volumePatience)
        }
        return result
    }

    /// A binding that was asked for and is not there was refused.
    private mutating func confirm(_ view: ClusterView, _ now: Timestamp) {
        for key in unconfirmed {
            guard let pod = view.pod(key) else { continue }
            if pod.nodeName.isEmpty { scheduler.bindingFailed(key, now: now) }
        }
        unconfirmed.removeAll(keepingCapacity: true)
    }

    private mutating func carryOut(
        _ decision: Decision, _ view: ClusterView, _ now: Timestamp, _ result: inout Reconciliation
    ) {
        guard let pod = view.pod(decision.podKey), pod.uid == decision.uid else { return }
        switch decision.outcome {
        case .bind(let node, let volumes):
            if volumes.isEmpty {
                bind(pod, node, decision.events, view, &result)
                return
            }
            for volume in volumes { result.writes += bindingWrites(volume, view) }
            waiting.append(
                WaitingPod(
                    key: pod.key, uid: pod.uid, node: node, claims: volumes.map(\.claim), since: now,
                    events: decision.events))
        case .unschedulable(let rejection):
            for event in decision.events { record(event, view, &result) }
            for key in rejection.clearedNominations {
                guard let other = view.pod(key) else { continue }
                result.writes.append(statusPatch(other, ["nominatedNodeName": .null]))
            }
            var status: JSONObject = [:]
            if let node = rejection.nominatedNode {
                let present = pod.value["status"]?["nominatedNodeName"]?.string ?? ""
                if present != node { status["nominatedNodeName"] = node.isEmpty ? .null : .string(node) }
            }
            say(decision, pod, now, status, &result)
            for victim in rejection.victims { preempt(victim, view, now, &result) }
        case .gated:
            say(decision, pod, now, [:], &result)
        }
    }

    private mutating func bind(
        _ pod: PodSummary, _ node: String, _ events: [SchedulerEvent], _ view: ClusterView,
        _ result: inout Reconciliation
    ) {
        var write = ControllerWrite(
            group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
            .bind(node: node))
        write.letsOthersGoOn = true
        write.onSuccess = events.first.map { recorded($0, pod.value) }
        result.writes.append(write)
        for event in events.dropFirst() { record(event, view, &result) }
        unconfirmed.append(pod.key)
    }

    /// Writes the PodScheduled condition, where it is not as it should be, and whatever else the status is
    /// to say.
    private func say(
        _ decision: Decision, _ pod: PodSummary, _ now: Timestamp, _ more: JSONObject,
        _ result: inout Reconciliation
    ) {
        var status = more
        if let condition = decision.condition {
            var conditions = pod.value["status"]?["conditions"]?.array ?? []
            let position = conditions.firstIndex { $0["type"]?.string == "PodScheduled" }
            let present = position.map { conditions[$0] }
            let isSame =
                present?["status"]?.string == "False" && present?["reason"]?.string == condition.reason
                && present?["message"]?.string == condition.message
            if !isSame {
                var next = condition.json
                let wasFalse = present?["status"]?.string == "False"
                next["lastProbeTime"] = .null
                next["lastTransitionTime"] =
                    wasFalse ? present?["lastTransitionTime"] : .string(now.rfc3339)
                if pod.value.generation > 0 { next["observedGeneration"] = .integer(pod.value.generation) }
                if let position { conditions[position] = next } else { conditions.append(next) }
                status["conditions"] = .array(conditions)
            }
        }
        if !status.isEmpty { result.writes.append(statusPatch(pod, .object(status))) }
    }

    private func statusPatch(_ pod: PodSummary, _ status: JSON) -> ControllerWrite {
        var write = ControllerWrite(
            group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
            subresource: "status",
            .patch(["metadata": ["uid": .string(pod.uid)], "status": status]))
        write.letsOthersGoOn = true
        return write
    }

    private func preempt(
        _ key: String, _ view: ClusterView, _ now: Timestamp, _ result: inout Reconciliation
    ) {
        guard let victim = view.pod(key), !victim.isTerminating else { return }
        var conditions = (victim.value["status"]?["conditions"]?.array ?? []).filter {
            $0["type"]?.string != "DisruptionTarget"
        }
        conditions.append([
            "type": "DisruptionTarget", "status": "True", "lastProbeTime": .null,
            "lastTransitionTime": .string(now.rfc3339), "reason": .string(Rejection.victimReason),
            "message": .string(
                Rejection.victimMessage(schedulerName: scheduler.configuration.schedulerName)),
        ])
        result.writes.append(statusPatch(victim, ["conditions": .array(conditions)]))
        var deletion = ControllerWrite.delete(
            ("", "v1", "pods"), namespace: victim.namespace, name: victim.name, uid: victim.uid)
        deletion.letsOthersGoOn = true
        result.writes.append(deletion)
    }

    // MARK: Events

    private func record(_ event: SchedulerEvent, _ view: ClusterView, _ result: inout Reconciliation) {
        guard let pod = view.pod(event.podKey) else { return }
        result.events.append(recorded(event, pod.value))
    }

    private func recorded(_ event: SchedulerEvent, _ pod: JSON) -> RecordedEvent {
        RecordedEvent(
            event.type == "Warning" ? .warning : .normal, event.reason, event.note, of: pod,
            component: scheduler.configuration.schedulerName, action: event.action)
    }

    // MARK: Volumes

    private func bindingWrites(_ binding: VolumeBinding, _ view: ClusterView) -> [ControllerWrite] {
        guard let claim = view.object(.persistentVolumeClaims, binding.claim) else { return [] }
        switch binding {
        case .existing(_, let name):
            guard var volume = view.object(.persistentVolumes, name) else { return [] }
            volume.set(RecordedEvent.reference(claim), at: "spec", "claimRef")
            volume.set("yes", at: "metadata", "annotations", "pv.kubernetes.io/bound-by-controller")
            return [
                ControllerWrite(
                    group: "", version: "v1", plural: "persistentvolumes", name: name, .update(volume))
            ]
        case .provision(_, let node):
            return [
                ControllerWrite(
                    group: "", version: "v1", plural: "persistentvolumeclaims", namespace: claim.namespace,
                    name: claim.name,
                    .patch([
                        "metadata": ["annotations": ["volume.kubernetes.io/selected-node": .string(node)]]
                    ]))
            ]
        }
    }

    /// Binds the pods whose claims are bound by now.
    private mutating func bindWaiting(
        _ view: ClusterView, _ now: Timestamp, _ result: inout Reconciliation
    ) {
        if waiting.isEmpty { return }
        let all = waiting
        waiting = []
        for entry in all {
            guard let pod = view.pod(entry.key), pod.uid == entry.uid, pod.nodeName.isEmpty,
                !pod.isTerminating
            else { continue }
            let areBound = entry.claims.allSatisfy {
                view.object(.persistentVolumeClaims, $0)?["status"]?["phase"]?.string == "Bound"
            }
            if areBound {
                bind(pod, entry.node, entry.events, view, &result)
            } else if now.since(entry.since) > Self.volumePatience {
                scheduler.bindingFailed(entry.key, now: now)
            } else {
                waiting.append(entry)
            }
        }
    }
}
