import KubeEngine
import KubeJSON

extension Scheduler {
    /// A scheduler that knows what a view shows, to ask questions of.
    public init(of view: ClusterView, configuration: SchedulerConfiguration = .standard, seed: UInt64) {
        self.init(configuration: configuration, seed: seed)
        for (collection, kind) in SchedulerController.others.sorted(by: { $0.key.resource < $1.key.resource })
        {
            for object in view.objects(collection) { objectChanged(kind, key: object.key, object.value) }
        }
        for node in view.objects(.nodes) { nodeChanged(node.key, node.value) }
        for pod in view.pods() { podChanged(pod.key, pod.value, now: clock) }
    }

    /// Takes a change in.
    public mutating func take(_ event: ObjectEvent) {
        let object = event.kind == .deleted ? nil : event.object.value
        if let pod = event.pod {
            // What a running pod's status says moves nothing.
            if let old = event.previousPod, event.kind == .modified, old.nodeName == pod.nodeName,
                !pod.nodeName.isEmpty, old.phase == pod.phase, old.isTerminating == pod.isTerminating,
                event.previous?.value["spec"] == object?["spec"], old.labels == pod.labels
            {
                return
            }
            podChanged(event.object.key, object, now: clock)
        } else if event.collection == .nodes {
            nodeChanged(event.object.key, object)
        } else if let kind = SchedulerController.others[event.collection] {
            objectChanged(kind, key: event.object.key, object)
        }
    }
}
