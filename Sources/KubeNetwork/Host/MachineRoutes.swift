import KubeAPI

/// The routes of a cluster on its machine; nothing outside sees them, and no interface is made for them.
///
/// The addresses of nodes, of the API server and of load balancers are the machine's own, by a route in its local
/// table. What goes to a Service has a route to nowhere: it is led elsewhere before, or refused by a rule that it
/// comes to only if it has a route. So a machine without a default route has Services too, and what is sent to
/// addresses of no Service does not leave the machine.
public struct MachineRoutes: Sendable {
    private let local: [CIDR]
    private let services: CIDR
    private let command: Command

    /// - Parameters:
    ///   - local: ranges that are the machine's own.
    ///   - services: the range of Services.
    ///   - namespace: the network namespace (of `ip netns`) that stands for the machine; nil for ours.
    public init(local: [CIDR], services: CIDR, namespace: String? = nil) {
        self.local = local
        self.services = services
        command = Command(prefix: namespace.map { ["ip", "netns", "exec", $0] } ?? [])
    }

    /// Does nothing twice.
    public func add() throws(HostError) {
        for range in local { try ip(["route", "replace", "local", "\(range)", "dev", "lo"]) }
        try ip(["route", "replace", "\(services)", "dev", "lo"])
    }

    public func remove() {
        // One that is gone already is what is wanted.
        for range in local { try? ip(["route", "del", "local", "\(range)", "dev", "lo", "table", "local"]) }
        try? ip(["route", "del", "\(services)", "dev", "lo"])
    }

    private func ip(_ words: [String]) throws(HostError) {
        let outcome: Command.Outcome
        do throws(Command.Failure) { outcome = try command.run(["ip"] + words) } catch {
            throw HostError(error.description)
        }
        guard outcome.isSuccess else {
            throw HostError("ip \(words.joined(separator: " ")): \(outcome.complaint)")
        }
    }
}
