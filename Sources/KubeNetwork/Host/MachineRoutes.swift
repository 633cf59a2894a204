import KubeAPI

/// The routes of a cluster on its machine; nothing outside sees them, and no interface is made for them.
///
/// The addresses of nodes, of the API server and of load balancers are the machine's own, by a route in its local
/// table. What goes to a Service has a route to nowhere: it is led elsewhere before, or refused by a rule that it
/// comes to only if it has a route. So a machine without a default route has Services too, and what is sent to
/// addresses of no Service does not leave the machine. A pod that is no more cannot be reached, which who asks for
/// it learns at once: its own route went with it, and what is sent to it does not leave the machine either.
public struct MachineRoutes: Sendable {
    private let local: [CIDR]
    private let services: CIDR
    private let pods: CIDR?
    private let command: Command

    /// - Parameters:
    ///   - local: ranges that are the machine's own.
    ///   - services: the range of Services.
    ///   - pods: the range of pods, each of which has a route of its own while it is there.
    ///   - namespace: the network namespace (of `ip netns`) that stands for the machine; nil for ours.
    public init(local: [CIDR], services: CIDR, pods: CIDR? = nil, namespace: String? = nil) {
        self.local = local
        self.services = services
        self.pods = pods
        command = Command(prefix: namespace.map { ["ip", "netns", "exec", $0] } ?? [])
    }

    /// Does nothing twice.
    public func add() throws(HostError) {
        for range in local { try ip(["route", "replace", "local", "\(range)", "dev", "lo"]) }
        try ip(["route", "replace", "\(services)", "dev", "lo"])
        if let pods { try ip(["route", "replace", "unreachable", "\(pods)"]) }
    }

    public func remove() {
        // One that is gone already is what is wanted.
        for range in local {
            _ = try? ip(["route", "del", "local", "\(range)", "dev", "lo", "table", "local"])
        }
        _ = try? ip(["route", "del", "\(services)", "dev", "lo"])
        if let pods { _ = try? ip(["route", "del", "unreachable", "\(pods)"]) }
    }

    /// Takes away the routes to pods that are no more, which somebody's `kill -9` or an `rm` of a cluster's data left:
    /// the plugin that connects a pod leaves a route alone that is there, wherever it leads.
    /// - Parameters:
    ///   - range: the addresses of pods.
    ///   - known: those of pods that may be running.
    public func removeStale(in range: CIDR, but known: Set<String>) throws(HostError) {
        for address in Self.stale(try ip(["-o", "-4", "route", "show"]), in: range, but: known) {
            try ip(["route", "del", "\(address)/32"])
        }
    }

    /// - Parameter routes: what `ip -o route show` says.
    static func stale(_ routes: String, in range: CIDR, but known: Set<String>) -> [String] {
        routes.split(separator: "\n").compactMap { line in
            // A single address has no prefix.
            guard let word = line.split(separator: " ").first.map(String.init),
                let address = IPAddress(word), range.contains(address), !known.contains(word)
            else { return nil }
            return word
        }
    }

    @discardableResult
    private func ip(_ words: [String]) throws(HostError) -> String {
        let outcome: Command.Outcome
        do throws(Command.Failure) { outcome = try command.run(["ip"] + words) } catch {
            throw HostError(error.description)
        }
        guard outcome.isSuccess else {
            throw HostError("ip \(words.joined(separator: " ")): \(outcome.complaint)")
        }
        return outcome.output
    }
}
