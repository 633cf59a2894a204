/// Volumes that carry zone labels are used in their zone.
enum VolumeZone {
    static let reason = "node(s) had no available volume zone"
    static let keys = [
        "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
        "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    ]

    /// Volumes of several zones list them as `a__b`.
    static func split(_ value: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var scalars = value.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if scalar == "_", scalars.first == "_" {
                scalars.removeFirst()
                parts.append(part)
                part = ""
            } else {
                part.unicodeScalars.append(scalar)
            }
        }
        return parts + [part]
    }

    static func fits(_ plan: VolumePlan, _ node: NodeDescription) -> Bool {
        guard keys.contains(where: { node.labels[$0] != nil }) else { return true }
        for bound in plan.bound {
            for (key, values) in bound.zones {
                let current =
                    key == keys[0] ? keys[2] : key == keys[1] ? keys[3] : key
                guard let value = node.labels[key] ?? node.labels[current], values.contains(value) else {
                    return false
                }
            }
        }
        return true
    }
}
