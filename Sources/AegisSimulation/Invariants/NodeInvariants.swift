import AegisCluster
import AegisPlatform
import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What the autoscaler of nodes promises.
extension ClusterInvariants {
    private static let taint = "ToBeDeletedByClusterAutoscaler"

    private static func isMarked(_ node: JSON?) -> Bool {
        node?["spec"]?["taints"]?.array?.contains { $0["key"]?.string == taint } ?? false
    }

    private static func key(_ node: JSON) -> String? {
        node["metadata"]?["annotations"]?[NodeGroupController.annotation]?.string
    }

    mutating func checkGroup(_ event: ObjectEvent, _ step: Step) {
        guard let object = event.present, let target = object["status"]?["targetSize"]?.int,
            let least = object["spec"]?["minSize"]?.int, let most = object["spec"]?["maxSize"]?.int
        else { return }
        if target < least || target > most {
            violate("group", step.now, "\(object.name) is to have \(target) nodes of \(least) to \(most)")
        }
        if let before = event.previous?.value["status"]?["targetSize"]?.int, target > before {
            lastScaleUp = step.now
        }
    }

    mutating func checkNode(_ event: ObjectEvent, _ step: Step) {
        let node = event.object.value
        guard let key = Self.key(node) else { return }
        if event.kind == .added, let group = step.after.object(NodeGroupController.collection, key) {
            let count = step.after.objects(.nodes).count { Self.key($0.value) == key }
            if count > group["spec"]?["maxSize"]?.int ?? 0 {
                violate("group", step.now, "\(key) has \(count) nodes")
            }
        }
        if event.kind == .deleted, step.controller == "node-group-controller", !mayBeBlind(step.now) {
            for pod in step.before.pods(onNode: node.name)
            where pod.isActive && pod.controllerKind != "DaemonSet" {
                violate("drain", step.now, "\(node.name) is removed with \(pod.key) on it")
            }
        }
        if step.controller == "cluster-autoscaler", Self.isMarked(event.present),
            !Self.isMarked(event.previous?.value), let delays = nodeDelays
        {
            checkPatience(node, delays, step.now)
        }
    }

    /// A node goes only when it was not needed for long, and none was added for long.
    private mutating func checkPatience(
        _ node: JSON, _ delays: (afterAdd: Double, unneeded: Double), _ now: Timestamp
    ) {
        // What was before a restart it does not know.
        func isTooEarly(_ time: Timestamp?, _ delay: Double) -> Bool {
            guard let time else { return false }
            if let lastRestart, time < lastRestart { return false }
            return now.since(time) < delay
        }
        if isTooEarly(lastScaleUp, delays.afterAdd) {
            violate("flapping", now, "\(node.name) is to go so soon after a node was added")
        }
        let created = node["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp($0) }
        if isTooEarly(created, delays.unneeded) || isTooEarly(lastRestart, delays.unneeded) {
            violate("flapping", now, "\(node.name) is to go so soon after it came")
        }
    }

    /// At rest nobody waits whom a new node would help that may be made.
    mutating func checkGroups(_ view: ClusterView, _ now: Timestamp) {
        let waiting = view.pods().filter { $0.nodeName.isEmpty && $0.isActive }
        if waiting.isEmpty { return }
        for object in view.objects(NodeGroupController.collection) {
            guard let group = try? NodeGroup(object.value),
                object.value["status"]?["targetSize"]?.int ?? group.minimum < group.maximum
            else { continue }
            for pod in waiting {
                let node: JSON = [
                    "metadata": ["name": "new", "labels": .object(group.labels(ofNode: 0))],
                    "spec": ["taints": .array(group.taints.map(\.json))],
                    "status": ["allocatable": .object(group.instanceType.allocatable)],
                ]
                if Self.fits(pod.value, on: node, view) {
                    violate("growth", now, "\(pod.key) waits, and a new node of \(group.name) would help")
                }
            }
        }
    }
}
