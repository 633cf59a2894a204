import AegisPlatform
import KubeAPI
import KubeEngine
import KubeJSON

/// Folds the trace into a hash, and notes when nodes come and go.
struct TraceRecorder {
    private(set) var hash = TraceHash()
    private(set) var steps = 0
    private(set) var writes = 0
    var nodes = NodeBook()

    mutating func add(_ step: ControllerEngine.Trace) {
        steps += 1
        if step.writes.isEmpty, step.failure == nil { return }
        writes += step.writes.count
        hash.add("\(step.time.seconds).\(step.time.nanoseconds)")
        hash.add(step.controller)
        hash.add(step.key)
        for write in step.writes { add(write, at: step.time) }
        if let failure = step.failure { hash.add(failure) }
    }

    private mutating func add(_ write: ControllerWrite, at time: Timestamp) {
        hash.add(write.operation.verb)
        hash.add(write.group)
        hash.add(write.plural)
        hash.add(write.namespace)
        hash.add(write.name)
        hash.add(write.subresource)
        switch write.operation {
        case .create(let body):
            add(body)
            if write.plural == "nodes", write.group.isEmpty { nodes.came(write.name, body, at: time) }
        case .update(let body), .patch(let body): add(body)
        case .delete(let options):
            hash.add(options.propagationPolicy ?? "")
            if write.plural == "nodes", write.group.isEmpty { nodes.went(write.name, at: time) }
        case .bind(let node): hash.add(node)
        case .evict: break
        }
    }

    private mutating func add(_ body: JSON) {
        JSONWriter.bytes(body).withUnsafeBytes { hash.add($0) }
    }
}

/// Since when each node is there, and what those that went have cost.
struct NodeBook {
    struct Stay {
        let name: String
        let group: String
        let price: Double
        let from: Timestamp
        var to: Timestamp?
    }
    private(set) var stays: [Stay] = []
    private var open: [String: Int] = [:]

    mutating func came(_ name: String, _ node: JSON, at time: Timestamp) {
        let labels = node["metadata"]?["labels"]
        let type = labels?["node.kubernetes.io/instance-type"]?.string.flatMap { InstanceType.named($0) }
        went(name, at: time)
        open[name] = stays.count
        stays.append(
            Stay(
                name: name, group: labels?["kops.k8s.io/instancegroup"]?.string ?? "",
                price: type?.hourlyPrice ?? 0, from: time))
    }

    mutating func went(_ name: String, at time: Timestamp) {
        guard let index = open.removeValue(forKey: name) else { return }
        stays[index].to = time
    }
}
