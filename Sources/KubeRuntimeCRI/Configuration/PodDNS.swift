import KubeJSON

/// What the machine's own resolver is told, and where the cluster's is.
public struct ResolverSettings: Sendable, Equatable {
    /// Of the cluster; none when it has no DNS.
    public var clusterServers: [String]
    public var clusterDomain: String
    /// Of the machine.
    public var servers: [String]
    public var searches: [String]
    public var options: [String]

    public init(
        clusterServers: [String] = [], clusterDomain: String = "cluster.local", servers: [String] = [],
        searches: [String] = [], options: [String] = []
    ) {
        self.clusterServers = clusterServers
        self.clusterDomain = clusterDomain
        self.servers = servers
        self.searches = searches
        self.options = options
    }

    /// Reads the text of a resolv.conf into what is the machine's.
    public mutating func read(_ text: String) {
        (servers, searches, options) = ([], [], [])
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first, words.count > 1 else { continue }
            switch first {
            case "nameserver": servers.append(words[1])
            case "search": searches = Array(words[1...])
            case "options": options = Array(words[1...])
            default: break
            }
        }
    }
}

/// A pod's resolv.conf (pkg/kubelet/network/dns).
struct PodDNS: Sendable, Equatable {
    private static let longestSearch = 32
    private static let mostServers = 3

    var servers: [String] = []
    var searches: [String] = []
    var options: [String] = []

    init(_ spec: JSON, namespace: String, _ settings: ResolverSettings) {
        let policy = spec["dnsPolicy"]?.string ?? "ClusterFirst"
        let usesHost = spec["hostNetwork"]?.bool ?? false
        let isCluster = policy == "ClusterFirst" && !usesHost || policy == "ClusterFirstWithHostNet"
        if isCluster, !settings.clusterServers.isEmpty {
            let domain = settings.clusterDomain
            servers = settings.clusterServers
            searches = ["\(namespace).svc.\(domain)", "svc.\(domain)", domain]
            for search in settings.searches where !searches.contains(search) { searches.append(search) }
            options = ["ndots:5"]
        } else if policy != "None" {
            (servers, searches, options) = (settings.servers, settings.searches, settings.options)
        }
        if let own = spec["dnsConfig"] { merge(own) }
        servers = Array(servers.prefix(Self.mostServers))
        searches = Array(searches.prefix(Self.longestSearch))
    }

    /// The pod's own words come after, and win where an option is named twice.
    private mutating func merge(_ own: JSON) {
        for server in (own["nameservers"]?.array ?? []).compactMap(\.string) where !servers.contains(server) {
            servers.append(server)
        }
        for search in (own["searches"]?.array ?? []).compactMap(\.string) where !searches.contains(search) {
            searches.append(search)
        }
        for option in own["options"]?.array ?? [] {
            let name = option["name"]?.string ?? ""
            let text = option["value"]?.string.map { "\(name):\($0)" } ?? name
            if let place = options.firstIndex(where: { $0 == name || $0.hasPrefix(name + ":") }) {
                options[place] = text
            } else {
                options.append(text)
            }
        }
    }
}
