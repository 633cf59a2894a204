import KubeAPI

/// What network rules do to a machine, each a blocking call.
protocol NetworkHost: Sendable {
    /// Runs commands as one transaction.
    func transact(_ commands: String) throws(HostError)
    func deleteFlow(_ flow: StaleFlow) throws(HostError)
    /// Gives the loopback interface exactly these addresses of ours.
    func setLocalAddresses(_ addresses: Set<IPAddress>) throws(HostError)
}

public struct HostError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// This machine, or a network namespace of it.
struct LinuxHost: NetworkHost {
    let command: Command
    /// What our addresses on the loopback interface are known by; the kernel takes 15 letters.
    let label: String

    /// - Parameters:
    ///   - table: whose addresses they are.
    ///   - namespace: the name of a network namespace (`ip netns`); nil for the one we are in.
    init(table: String = "aegis", namespace: String? = nil) {
        label = String("lo:\(table)".prefix(15))
        command = Command(prefix: namespace.map { ["ip", "netns", "exec", $0] } ?? [])
    }

    private func run(_ words: [String], input: String = "") throws(HostError) -> Command.Outcome {
        do throws(Command.Failure) {
            return try command.run(words, input: input)
        } catch {
            throw HostError(error.description)
        }
    }

    private func succeed(_ words: [String], input: String = "") throws(HostError) -> String {
        let outcome = try run(words, input: input)
        guard outcome.isSuccess else {
            throw HostError("\(words.joined(separator: " ")): \(outcome.complaint)")
        }
        return outcome.output
    }

    func transact(_ commands: String) throws(HostError) {
        _ = try succeed(["nft", "-f", "-"], input: commands)
    }

    func deleteFlow(_ flow: StaleFlow) throws(HostError) {
        let outcome = try run(["conntrack"] + flow.arguments)
        // It ends with 1 when there was nothing to delete.
        if !outcome.isSuccess, !outcome.errors.contains("0 flow entries") {
            throw HostError("conntrack: \(outcome.complaint)")
        }
    }

    func setLocalAddresses(_ addresses: Set<IPAddress>) throws(HostError) {
        let listing = try succeed(["ip", "-4", "-o", "addr", "show", "dev", "lo", "label", label])
        var present: Set<IPAddress> = []
        for line in listing.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "inet"), index + 1 < words.count,
                let address = IPAddress(words[index + 1].prefix { $0 != "/" })
            else { continue }
            present.insert(address)
        }
        var commands = ""
        for address in present.subtracting(addresses).map(\.description).sorted() {
            commands += "addr del \(address)/32 dev lo label \(label)\n"
        }
        for address in addresses.subtracting(present).map(\.description).sorted() {
            commands += "addr add \(address)/32 dev lo label \(label)\n"
        }
        if !commands.isEmpty { _ = try succeed(["ip", "-batch", "-"], input: commands) }
    }
}
