import KubeAPI

/// Where a name server is.
public struct DNSEndpoint: Hashable, Sendable, CustomStringConvertible {
    public var address: IPAddress
    public var port: Int

    public init(_ address: IPAddress, port: Int = 53) {
        self.address = address
        self.port = port
    }

    public var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

/// What a file like `/etc/resolv.conf` says (resolv.conf(5)). What is not understood is passed over, as resolvers
/// do.
public struct ResolverConfiguration: Equatable, Sendable {
    public var servers: [DNSEndpoint] = []
    /// Of several lines the last counts.
    public var search: [String] = []
    public var options: [String] = []

    public init(parsing text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" && $0 != ";" }.split(whereSeparator: \.isWhitespace).map(
                String.init)
            guard let keyword = words.first else { continue }
            let values = words.dropFirst()
            switch keyword {
            case "nameserver":
                guard let address = values.first.flatMap({ IPAddress($0) }) else { continue }
                let server = DNSEndpoint(address)
                if !servers.contains(server) { servers.append(server) }
            case "search": search = Array(values)
            case "domain": search = Array(values.prefix(1))
            case "options": options += values
            default: break
            }
        }
    }

    /// The machine's; empty when there is no such file.
    public static func system(path: String = "/etc/resolv.conf") -> ResolverConfiguration {
        ResolverConfiguration(parsing: AddressPlugin.readFile(path) ?? "")
    }
}
