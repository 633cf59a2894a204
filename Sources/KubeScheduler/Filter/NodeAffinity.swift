/// The pod's nodeSelector, and the terms of its node affinity.
enum NodeAffinity {
    static let reason = "node(s) didn't match Pod's node affinity/selector"
    static let conflict = "pod affinity terms conflict"
    /// What is said of the nodes that are not looked at because the affinity names others.
    static let notNamed = "node(s) didn't satisfy plugin(s) [NodeAffinity]"

    static func matches(_ shape: PodShape, _ node: NodeDescription) -> Bool {
        for (key, value) in shape.nodeSelector where node.labels[key] != value { return false }
        guard let terms = shape.requiredNodes else { return true }
        return terms.contains { $0.matches(node) }
    }

    /// The score before normalising: the weights of the preferred terms that match.
    static func preference(_ shape: PodShape, _ node: NodeDescription) -> Int32 {
        var sum: Int64 = 0
        for preferred in shape.preferredNodes where preferred.term.matches(node) { sum += preferred.weight }
        return Int32(clamping: sum)
    }
}
