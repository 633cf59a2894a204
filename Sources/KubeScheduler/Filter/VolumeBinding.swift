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
        let modes = spec?["accessModes"]?.array ?? []
        let selector = spec?["selector"].flatMap { $0.isNull ? nil : try? LabelSelector(object: $0) }
        return storage.supply.first(for: unbound, className: storage.className(of: unbound.claim)) {
            volume, isReserved in
            guard !chosen.contains(volume.name), storage.promised[volume.name] == nil else { return false }
            if let terms = volume.terms, !terms.contains(where: { $0.matches(node) }) { return false }
            let offered = volume.value["spec"]?["accessModes"]?.array ?? []
            guard modes.allSatisfy({ offered.contains($0) }) else { return false }
            return isReserved || selector.map { $0.matches(volume.value) } ?? true
        }
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
