import KubeJSON

/// A CSI driver attaches only so many volumes to a node: what its CSINode says.
enum NodeVolumeLimits {
    static let reason = "node(s) exceed max volume count"

    static func fits(
        _ plan: VolumePlan, namespace: String, _ slot: Int, _ nodes: NodeTable, _ pods: PodTable,
        _ storage: StorageView, _ delta: NodeDelta?
    ) -> Bool {
        guard !plan.volumes.claims.isEmpty,
            let drivers = storage.csiNodes[nodes.names[slot]]?["spec"]?["drivers"]?.array
        else { return true }
        var limits: [String: Int] = [:]
        for driver in drivers {
            if let name = driver["name"]?.string, let count = driver["allocatable"]?["count"]?.int {
                limits[name] = count
            }
        }
        if limits.isEmpty { return true }
        let wanted = attachments(plan.volumes, namespace, storage)
        if wanted.isEmpty { return true }
        var attached: [String: Set<String>] = [:]
        for pod in nodes.pods[slot] where delta?.removed.contains(pod) != true {
            guard let record = pods.records[Int(pod)], let volumes = record.volumes else { continue }
            for (driver, handles) in attachments(volumes, record.namespace, storage) {
                attached[driver, default: []].formUnion(handles)
            }
        }
        for (driver, handles) in wanted {
            guard let limit = limits[driver] else { continue }
            let present = attached[driver] ?? []
            let more = handles.subtracting(present).count
            if more > 0, present.count + more > limit { return false }
        }
        return true
    }

    /// The volumes of a pod's claims by CSI driver; one that is not made yet is named after its claim.
    private static func attachments(
        _ volumes: PodVolumes, _ namespace: String, _ storage: StorageView
    ) -> [String: Set<String>] {
        var result: [String: Set<String>] = [:]
        for reference in volumes.claims {
            let key = "\(namespace)/\(reference.name)"
            guard let claim = storage.claims[key] else { continue }
            if let name = claim["spec"]?["volumeName"]?.string, !name.isEmpty {
                if let source = storage.volumes[name]?["spec"]?["csi"], let driver = source["driver"]?.string
                {
                    result[driver, default: []].insert(source["volumeHandle"]?.string ?? name)
                }
            } else if let driver = storage.classes[storage.className(of: claim)]?["provisioner"]?.string {
                result[driver, default: []].insert("claim:\(key)")
            }
        }
        return result
    }
}
