import KubeAPI
import KubeJSON
import KubePolicy

/// Where the traffic of one Service goes: what a Service and its EndpointSlices say, as kube-proxy reads them.
/// Only IPv4.
public struct ServiceRules: Sendable, Equatable {
    /// `namespace/name`.
    public let key: String
    public private(set) var ports: [ServicePortRules]

    /// - Parameter slices: the Service's EndpointSlices.
    /// - Returns: nil when nothing is to be done for it: it is headless, an ExternalName, has no address, or is
    ///   left to another proxy.
    public init?(service: JSON, slices: [JSON]) {
        self.init(service: service)
        setEndpoints(slices.map { EndpointSliceRules($0) })
    }

    /// The same without endpoints.
    init?(service: JSON) {
        guard let spec = service["spec"], spec["type"]?.string != "ExternalName",
            !Self.isLeftToOthers(service),
            let address = Self.clusterAddress(spec)
        else { return nil }
        key = "\(service.namespace)/\(service.name)"
        let isLoadBalancer = spec["type"]?.string == "LoadBalancer"
        let ingress = isLoadBalancer ? service.at("status", "loadBalancer", "ingress")?.array ?? [] : []
        var rules = ServicePortRules(clusterAddress: address)
        rules.externalAddresses = Self.addresses(spec["externalIPs"]?.array ?? [])
        rules.loadBalancerAddresses = Self.addresses(
            ingress.filter { ($0["ipMode"]?.string ?? "VIP") == "VIP" }.compactMap { $0["ip"] })
        let ranges = isLoadBalancer ? spec["loadBalancerSourceRanges"]?.array ?? [] : []
        rules.sourceRanges = ranges.compactMap { range in
            // Upstream trims the blanks that people leave after commas.
            CIDR(String((range.string ?? "").split(separator: " ").first ?? ""))
        }
        rules.isSourceLimited = !ranges.isEmpty
        if spec["sessionAffinity"]?.string == "ClientIP" {
            rules.affinityTimeout =
                spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds")?.int ?? 10_800
        }
        rules.isInternalLocal = spec["internalTrafficPolicy"]?.string == "Local"
        rules.isExternalLocal = spec["externalTrafficPolicy"]?.string == "Local"
        ports = (spec["ports"]?.array ?? []).compactMap { port in
            guard let number = port["port"]?.int,
                let transport = TransportProtocol(defaulting: port["protocol"])
            else { return nil }
            var own = rules
            own.name = port["name"]?.string ?? ""
            own.transport = transport
            own.port = number
            own.nodePort = port["nodePort"]?.int ?? 0
            return own
        }
    }

    mutating func setEndpoints(_ slices: [EndpointSliceRules]) {
        for index in ports.indices {
            let port = ports[index]
            var found: [ServiceEndpoint] = []
            for slice in slices {
                for own in slice.ports where own.name == port.name && own.transport == port.transport {
                    found += slice.endpoints.map {
                        var endpoint = $0
                        endpoint.port = own.port
                        return endpoint
                    }
                }
            }
            ports[index].endpoints = ServiceEndpoint.distinct(found)
        }
    }

    /// Labels by which somebody has proxies pass over a Service, whatever their values.
    private static func isLeftToOthers(_ service: JSON) -> Bool {
        let labels = service["metadata"]?["labels"]
        return labels?["service.kubernetes.io/service-proxy-name"] != nil
            || labels?["service.kubernetes.io/headless"] != nil
    }

    private static func clusterAddress(_ spec: JSON) -> IPAddress? {
        var candidates = (spec["clusterIPs"]?.array ?? []).compactMap(\.string)
        if candidates.isEmpty, let one = spec["clusterIP"]?.string { candidates = [one] }
        return candidates.compactMap { IPAddress($0) }.first(where: \.isIPv4)
    }

    private static func addresses(_ list: [JSON]) -> [IPAddress] {
        list.compactMap { $0.string.flatMap { IPAddress($0) } }.filter(\.isIPv4)
    }
}

/// What an EndpointSlice says, of IPv4.
struct EndpointSliceRules: Sendable, Equatable {
    /// Of the Service, in the slice's namespace; empty for a slice of none.
    let service: String
    let ports: [NamedPort]
    /// With 0 as their port.
    let endpoints: [ServiceEndpoint]

    init(_ slice: JSON) {
        let labels = slice["metadata"]?["labels"]
        let isOurs = labels?["service.kubernetes.io/headless"] == nil
        let name = isOurs ? labels?["kubernetes.io/service-name"]?.string ?? "" : ""
        service = name.isEmpty ? "" : "\(slice.namespace)/\(name)"
        guard slice["addressType"]?.string ?? "IPv4" == "IPv4" else {
            ports = []
            endpoints = []
            return
        }
        ports = (slice["ports"]?.array ?? []).compactMap { port in
            guard let number = port["port"]?.int,
                let transport = TransportProtocol(defaulting: port["protocol"])
            else { return nil }
            return NamedPort(name: port["name"]?.string ?? "", transport: transport, port: number)
        }
        endpoints = (slice["endpoints"]?.array ?? []).compactMap { endpoint in
            // Upstream uses the first address alone: they are interchangeable.
            guard let address = endpoint["addresses"]?[0]?.string.flatMap({ IPAddress($0) }), address.isIPv4
            else { return nil }
            let conditions = endpoint["conditions"]
            let isReady = conditions?["ready"]?.bool ?? true
            return ServiceEndpoint(
                address: address, port: 0, isReady: isReady,
                isServing: conditions?["serving"]?.bool ?? isReady,
                isTerminating: conditions?["terminating"]?.bool ?? false,
                node: endpoint["nodeName"]?.string ?? "",
                zoneHints: Self.names(endpoint.at("hints", "forZones")),
                nodeHints: Self.names(endpoint.at("hints", "forNodes")))
        }
    }

    private static func names(_ list: JSON?) -> [String] {
        (list?.array ?? []).compactMap { $0["name"]?.string }
    }
}

/// One port of a Service.
public struct ServicePortRules: Sendable, Equatable {
    public var name = ""
    public var transport = TransportProtocol.tcp
    public var port = 0
    public var clusterAddress: IPAddress
    public var externalAddresses: [IPAddress] = []
    public var loadBalancerAddresses: [IPAddress] = []
    /// 0 for none.
    public var nodePort = 0
    /// Seconds that a client stays with its endpoint; nil without affinity.
    public var affinityTimeout: Int?
    public var isInternalLocal = false
    public var isExternalLocal = false
    /// `loadBalancerSourceRanges` has entries, though perhaps none that is IPv4.
    public var isSourceLimited = false
    public var sourceRanges: [CIDR] = []
    /// Every one that the slices list, ready or not, in order of address and port.
    public var endpoints: [ServiceEndpoint] = []

    init(clusterAddress: IPAddress) { self.clusterAddress = clusterAddress }

    /// The endpoints that get traffic: those that are ready, or, where none is, those that still serve while
    /// they terminate.
    public var usableEndpoints: [ServiceEndpoint] {
        let ready = endpoints.filter(\.isReady)
        return ready.isEmpty ? endpoints.filter { $0.isServing && $0.isTerminating } : ready
    }

    /// The same among the endpoints on one node.
    public func usableEndpoints(onNode node: String) -> [ServiceEndpoint] {
        let own = endpoints.filter { $0.node == node }
        let ready = own.filter(\.isReady)
        return ready.isEmpty ? own.filter { $0.isServing && $0.isTerminating } : ready
    }
}

public struct ServiceEndpoint: Sendable, Hashable {
    public var address: IPAddress
    public var port: Int
    public var isReady: Bool
    public var isServing: Bool
    public var isTerminating: Bool
    public var node: String
    /// Of clients that are to use it rather than another.
    public var zoneHints: [String]
    public var nodeHints: [String]

    public init(
        address: IPAddress, port: Int, isReady: Bool = true, isServing: Bool = true,
        isTerminating: Bool = false, node: String = "", zoneHints: [String] = [], nodeHints: [String] = []
    ) {
        self.address = address
        self.port = port
        self.isReady = isReady
        self.isServing = isServing
        self.isTerminating = isTerminating
        self.node = node
        self.zoneHints = zoneHints
        self.nodeHints = nodeHints
    }

    /// `address . port`, as nftables writes it.
    var element: String { "\(address) . \(port)" }

    /// In order of address and port; of two for one address and port the one that is better off stays (a pod
    /// can be in two slices while it moves from one to the other).
    static func distinct(_ endpoints: [ServiceEndpoint]) -> [ServiceEndpoint] {
        let sorted = endpoints.sorted { left, right in
            if left.address != right.address {
                return left.address.bytes.lexicographicallyPrecedes(right.address.bytes)
            }
            if left.port != right.port { return left.port < right.port }
            if left.isReady != right.isReady { return left.isReady }
            if left.isServing != right.isServing { return left.isServing }
            if left.node != right.node { return utf8Less(left.node, right.node) }
            return (left.nodeHints + [""] + left.zoneHints).lexicographicallyPrecedes(
                right.nodeHints + [""] + right.zoneHints, by: utf8Less)
        }
        var result: [ServiceEndpoint] = []
        for endpoint in sorted {
            if let last = result.last, last.address == endpoint.address, last.port == endpoint.port {
                continue
            }
            result.append(endpoint)
        }
        return result
    }
}
