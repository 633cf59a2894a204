/// Host ports are used once a node, address and protocol.
enum NodePorts {
    static let reason = "node(s) didn't have free ports for the requested pod ports"

    static func fits(_ shape: PodShape, _ slot: Int, _ nodes: NodeTable, _ delta: NodeDelta?) -> Bool {
        guard !shape.ports.isEmpty else { return true }
        for port in shape.ports {
            for (used, count) in nodes.ports[slot] ?? [:] where used.conflicts(with: port) {
                if count + (delta?.ports[used] ?? 0) > 0 { return false }
            }
            for (used, count) in delta?.ports ?? [:] where count > 0 && used.conflicts(with: port) {
                return false
            }
        }
        return true
    }
}
