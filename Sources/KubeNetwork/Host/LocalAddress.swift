import KubeAPI

/// An address of the machine at which pods find a service of ours, such as the cluster's DNS.
///
/// It is put on a dummy interface of ours; where the kernel has none, on the loopback interface under a label of its
/// own, by which it is found again.
public struct LocalAddress: Sendable {
    public static let interface = "aegis0"
    /// Not the label of load balancers' addresses, which are removed when no Service has them.
    static let label = "lo:aegis-dns"
    private let command: Command

    /// - Parameter namespace: the name of a network namespace (`ip netns`); nil for the one we are in.
    public init(namespace: String? = nil) {
        command = Command(prefix: namespace.map { ["ip", "netns", "exec", $0] } ?? [])
    }

    private func run(_ words: String...) throws(HostError) -> Command.Outcome {
        do throws(Command.Failure) { return try command.run(words) } catch {
            throw HostError(error.description)
        }
    }

    private func addresses(_ selection: String...) throws(HostError) -> Set<IPAddress> {
        let outcome: Command.Outcome
        do throws(Command.Failure) {
            outcome = try command.run(["ip", "-o", "addr", "show"] + selection)
        } catch { throw HostError(error.description) }
        // Of an interface that does not exist: none.
        guard outcome.isSuccess else { return [] }
        var addresses: Set<IPAddress> = []
        for line in outcome.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(where: { $0 == "inet" || $0 == "inet6" }),
                index + 1 < words.count,
                let address = IPAddress(words[index + 1].prefix { $0 != "/" })
            else { continue }
            addresses.insert(address)
        }
        return addresses
    }

    private var hasInterface: Bool {
        get throws(HostError) { try run("ip", "link", "show", "dev", Self.interface).isSuccess }
    }

    /// Makes an address ours; does nothing twice.
    /// - Throws: `HostError` in one line, such as when it takes root.
    public func add(_ address: IPAddress) throws(HostError) {
        if try addresses("dev", Self.interface).contains(address) { return }
        if try addresses("dev", "lo", "label", Self.label).contains(address) { return }
        let prefix = address.isIPv4 ? "\(address)/32" : "\(address)/128"
        var place = ["dev", Self.interface]
        if try !hasInterface, try !run("ip", "link", "add", Self.interface, "type", "dummy").isSuccess {
            place = ["dev", "lo", "label", Self.label]
        } else {
            let outcome = try run("ip", "link", "set", Self.interface, "up")
            guard outcome.isSuccess else { throw HostError("\(Self.interface): \(outcome.complaint)") }
        }
        let outcome: Command.Outcome
        do throws(Command.Failure) {
            outcome = try command.run(["ip", "addr", "add", prefix] + place)
        } catch { throw HostError(error.description) }
        guard outcome.isSuccess || outcome.errors.contains("File exists") else {
            throw HostError("the address \(address) cannot be added: \(outcome.complaint)")
        }
    }

    /// Removes an address, and the interface with the last one; does nothing twice.
    public func remove(_ address: IPAddress) throws(HostError) {
        let prefix = address.isIPv4 ? "\(address)/32" : "\(address)/128"
        for (device, selection) in [("lo", ["label", Self.label]), (Self.interface, [])] {
            let present =
                selection.isEmpty
                ? try addresses("dev", device) : try addresses("dev", device, "label", Self.label)
            guard present.contains(address) else { continue }
            let outcome = try run("ip", "addr", "del", prefix, "dev", device)
            guard outcome.isSuccess else {
                throw HostError("the address \(address) cannot be removed: \(outcome.complaint)")
            }
        }
        if try hasInterface {
            // An interface that is up gives itself a link-local address.
            let left = try addresses("dev", Self.interface).filter { !$0.isLinkLocalUnicast }
            if left.isEmpty { _ = try run("ip", "link", "delete", Self.interface) }
        }
    }
}
