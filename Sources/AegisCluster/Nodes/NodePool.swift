import AegisPlatform
import KubeAPI
import KubeEngine
import KubeJSON
import KubeScheduler
import KubeStore

/// A node group with the nodes that it has, as the autoscaler looks at it.
struct NodePool: Sendable {
    /// `namespace/name` of the InstanceGroup.
    let key: String
    let object: JSON
    let group: NodeGroup
    /// How many nodes it is to have.
    let target: Int
    let nodes: [StoredObject]

    /// In order of key; groups that cannot be read are left out.
    static func all(_ view: ClusterView) -> [NodePool] {
        var nodes: [String: [StoredObject]] = [:]
        for node in view.objects(.nodes) {
            guard let key = NodeGroupController.group(of: node.value) else { continue }
            nodes[key, default: []].append(node)
        }
        return view.objects(NodeGroupController.collection).compactMap { object in
            guard object.value.deletionTimestamp == nil, let group = try? NodeGroup(object.value) else {
                return nil
            }
            return NodePool(
                key: object.key, object: object.value, group: group,
                target: NodeGroupController.targetSize(object.value, group), nodes: nodes[object.key] ?? [])
        }
    }

    var taken: Set<Int> { Set(nodes.map(NodeGroupController.number)) }
    /// Of the nodes that were asked for and are not there.
    var coming: [Int] { NodeGroupController.freeNumbers(target - nodes.count, besides: taken) }

    func template(_ number: Int) -> JSON { NodeGroupController.template(group, number, key) }

    /// The InstanceGroup with another target.
    func resized(to size: Int) -> ControllerWrite {
        var next = object
        next.set(.integer(Int64(size)), at: "status", "targetSize")
        if next.at("status", "currentSize") == nil {
            next.set(.integer(Int64(nodes.count)), at: "status", "currentSize")
        }
        return ControllerWrite(
            group: NodeGroup.group, version: "v1alpha2", plural: "instancegroups",
            namespace: object.namespace,
            name: object.name, subresource: "status", .update(next))
    }

    static func isReady(_ node: JSON) -> Bool {
        let ready = node.at("status", "conditions")?.array?.first { $0["type"]?.string == "Ready" }
        return ready?["status"]?.string == "True"
    }
}

/// The pods that every new node gets at once.
struct DaemonPods: Sendable {
    private let pods: [JSON]

    init(_ view: ClusterView) {
        pods = view.objects(.daemonSets).map { set in
            var pod: JSON = ["apiVersion": "v1", "kind": "Pod"]
            pod["metadata"] = set.value.at("spec", "template", "metadata") ?? [:]
            pod["spec"] = set.value.at("spec", "template", "spec") ?? [:]
            pod.set(.string(set.namespace), at: "metadata", "namespace")
            pod.set(.string("\(set.name)-what-if"), at: "metadata", "name")
            return pod
        }
    }

    /// Those that go to a node.
    func list(on template: JSON, _ scheduler: Scheduler) -> [JSON] {
        pods.filter { scheduler.fits($0, onNewNode: template) == .fits }
    }

    /// Puts a new node into a scheduler, with what runs on it.
    func add(_ template: JSON, to scheduler: inout Scheduler) {
        let own = list(on: template, scheduler)
        let name = template.name
        scheduler.nodeChanged(name, template)
        for (index, pod) in own.enumerated() {
            var placed = pod
            placed.set(.string(name), at: "spec", "nodeName")
            placed.set(.string("daemon-\(name)-\(index)"), at: "metadata", "uid")
            scheduler.podChanged("what-if/\(name)-\(index)", placed, now: Timestamp(seconds: 0))
        }
    }
}

/// What pods ask for of the two resources that nodes are sized by.
struct RequestSum: Sendable {
    /// Thousandths of a core.
    var cpu: Int64 = 0
    /// Bytes.
    var memory: Int64 = 0

    init() {}

    init(of pod: JSON) {
        let sum = PodResources.aggregateRequests(pod["spec"] ?? [:])
        cpu = sum["cpu"]?.milliValue ?? 0
        memory = sum["memory"]?.wholeValue ?? 0
        if let overhead = pod.at("spec", "overhead") {
            cpu += overhead["cpu"]?.string.flatMap { Quantity($0) }?.milliValue ?? 0
            memory += overhead["memory"]?.string.flatMap { Quantity($0) }?.wholeValue ?? 0
        }
    }

    /// What a node has for pods.
    init(allocatableOf node: JSON) {
        let has = node.at("status", "allocatable") ?? node.at("status", "capacity")
        cpu = has?["cpu"]?.string.flatMap { Quantity($0) }?.milliValue ?? 0
        memory = has?["memory"]?.string.flatMap { Quantity($0) }?.wholeValue ?? 0
    }

    static func += (left: inout RequestSum, right: RequestSum) {
        left.cpu += right.cpu
        left.memory += right.memory
    }

    /// The larger of the two shares that this is of what a node has.
    func utilization(of node: RequestSum) -> Double {
        func share(_ part: Int64, _ whole: Int64) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
        return max(share(cpu, node.cpu), share(memory, node.memory))
    }
}
