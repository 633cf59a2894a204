import KubeAPI
import KubeJSON

/// Bound claims need a node that reaches their volume; claims that wait for a consumer need one for which a
/// volume is there or can be made.
enum VolumeBindingFilter {
    static let nodeConflict = "node(s) didn't match PersistentVolume's node affinity"
    static let bindConflict = "node(s) didn't find available persistent volumes to bind"
    static let missingVolume = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"

    /// What is to be bound or made on the node; the reasons why it will not do are thrown.
    static func bindings(
        _ plan: VolumePlan, _ node: NodeDescription, _ storage: StorageView
    ) -> (bindings: [VolumeBinding], reasons: [String]) {
        var reasons: [String] = []
        for bound in plan.bound {
            if !bound.exists { return ([], [missingVolume]) }
            if let terms = bound.terms, !terms.contains(where: { $0.matches(node) }) {
                if !reasons.contains(nodeConflict) { reasons.append(nodeConflict) }
            }
        }
        var bindings: [VolumeBinding] = []
        var chosen: Set<String> = []
        var isMissing = false
        for unbound in plan.unbound {
            let selected =
                storage.provisioning[unbound.key]
                ?? unbound.claim["metadata"]?["annotations"]?[StorageView.selectedNode]?.string
            if let selected, !selected.isEmpty {
                // It is being made already, for that node.
                if selected != node.name {
                    if !reasons.contains(nodeConflict) { reasons.append(nodeConflict) }
                } else {
                    bindings.append(.provision(claim: unbound.key, node: node.name))
                }
                continue
            }
            if let volume = match(unbound, node, chosen, storage) {
                chosen.insert(volume)
                bindings.append(.existing(claim: unbound.key, volume: volume))
            } else if canProvision(unbound, node, storage) {
                bindings.append(.provision(claim: unbound.key, node: node.name))
            } else {
                isMissing = true
            }
        }
        if isMissing { reasons.append(bindConflict) }
        return (bindings, reasons)
    }

    /// The smallest volume that will do for the claim on the node.
    private static func match(
        _ unbound: VolumePlan.Unbound, _ node: NodeDescription, _ chosen: Set<String>, _ storage: StorageView
    ) -> String? {
        let spec = unbound.claim["spec"]
        let className = storage.className(of: unbound.claim)
        let mode = spec?["volumeMode"]?.string ?? "Filesystem"
        let modes = spec?["accessModes"]?.array ?? []
        let selector = spec?["selector"].flatMap { $0.isNull ? nil : try? LabelSelector(object: $0) }
        var best: (name: String, size: Quantity)?
        // One that names the claim comes first.
        var reserved: String?
        for (name, volume) in storage.volumes {
            let volumeSpec = volume["spec"]
            guard volumeSpec?["storageClassName"]?.string ?? "" == className, !chosen.contains(name),
                volumeSpec?["volumeMode"]?.string ?? "Filesystem" == mode, !PodTable.isTerminating(volume),
                storage.promised[name] == nil
            else { continue }
            let isReserved = volumeSpec?["claimRef"].map { !$0.isNull } ?? false
            if isReserved {
                let reference = volumeSpec?["claimRef"]
                let key = "\(reference?["namespace"]?.string ?? "")/\(reference?["name"]?.string ?? "")"
                let uid = reference?["uid"]?.string ?? ""
                guard key == unbound.key,
                    uid.isEmpty || uid == unbound.claim["metadata"]?["uid"]?.string
                else { continue }
            } else if volume["status"]?["phase"]?.string != "Available" {
                continue
            }
            let size = volumeSpec?["capacity"]?["storage"]?.string.flatMap { Quantity($0) } ?? .zero
            guard size >= unbound.request else { continue }
            if let terms = StorageView.nodeTerms(of: volume), !terms.contains(where: { $0.matches(node) }) {
                continue
            }
            let offered = volumeSpec?["accessModes"]?.array ?? []
            guard modes.allSatisfy({ offered.contains($0) }) else { continue }
            if isReserved {
                reserved = reserved.map { utf8Less($0, name) ? $0 : name } ?? name
                continue
            }
            if let selector, !selector.matches(volume) { continue }
            if let present = best,
                present.size < size || (present.size == size && utf8Less(present.name, name))
            {
                continue
            }
            best = (name, size)
        }
        return reserved ?? best?.name
    }

    private static func canProvision(
        _ unbound: VolumePlan.Unbound, _ node: NodeDescription, _ storage: StorageView
    ) -> Bool {
        guard let storageClass = storage.classes[storage.className(of: unbound.claim)],
            let provisioner = storageClass["provisioner"]?.string, !provisioner.isEmpty,
            provisioner != "kubernetes.io/no-provisioner"
        else { return false }
        guard let topologies = storageClass["allowedTopologies"]?.array, !topologies.isEmpty else {
            return true
        }
        return topologies.contains { term in
            let expressions = term["matchLabelExpressions"]?.array ?? []
            return expressions.allSatisfy { expression in
                guard let key = expression["key"]?.string, let value = node.labels[key] else { return false }
                return expression["values"]?.array?.contains(.string(value)) == true
            }
        }
    }
}
