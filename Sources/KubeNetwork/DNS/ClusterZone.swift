import KubeAPI
import KubeJSON

/// The names of a cluster as a value: takes Services, EndpointSlices and Namespaces as they change, and answers
/// questions (in `ClusterZone+Answers.swift`). The schema is that of Kubernetes' DNS specification 1.1.0, and where
/// that leaves things open CoreDNS' `kubernetes` plugin is followed.
///
/// Whether an endpoint that is not ready has a name is decided where slices are made: a Service that publishes such
/// addresses has slices that call them ready.
public struct ClusterZone: Sendable {
    public struct Configuration: Sendable {
        /// The cluster's domain.
        public var domain: DomainName
        /// Seconds that an answer may be remembered.
        public var ttl: UInt32 = 30
        /// Seconds that the absence of a name may be remembered: a Service that is made is to be found soon.
        public var negativeTTL: UInt32 = 5
        /// The addresses at which this server answers; `ns.dns` has them.
        public var serverAddresses: [IPAddress]
        /// Whether `1-2-3-4.NAMESPACE.pod` is 1.2.3.4, for any address and pod: the plugin's mode `insecure`, which
        /// clusters have by default, and which the specification demands (2.6) though it calls it deprecated.
        public var hasPodNames = true

        /// - Returns: nil when the domain is no domain name.
        public init?(domain: String = "cluster.local", serverAddresses: [IPAddress]) {
            guard let name = DomainName(domain), name != .root else { return nil }
            self.domain = name
            self.serverAddresses = serverAddresses
        }
    }

    struct Port: Equatable, Sendable {
        var name: String
        /// In lower case.
        var protocolName: String
        var number: UInt16
    }

    struct Service: Equatable, Sendable {
        enum Target: Equatable, Sendable {
            case addresses([IPAddress])
            case endpoints
            case alias(DomainName)
            /// An external name that is an address or no name at all: nothing to point to.
            case nothing
        }
        var target: Target
        /// nil stands for the one port that a Service without ports has in this schema.
        var ports: [Port?]

        var addresses: [IPAddress] {
            if case .addresses(let addresses) = target { addresses } else { [] }
        }
    }

    struct Endpoint: Equatable, Sendable {
        var hostname: String
        var address: IPAddress
    }

    struct Slice: Equatable, Sendable {
        /// `namespace/name`.
        var service: String
        var endpoints: [Endpoint]
        var ports: [Port?]
    }

    public let configuration: Configuration
    /// Grows with every change.
    public private(set) var serial: UInt32 = 1
    private(set) var services: [String: Service] = [:]
    private(set) var slices: [String: Slice] = [:]
    private(set) var namespaces: Set<String> = []
    private var slicesByService: [String: Set<String>] = [:]
    private var servicesByAddress: [IPAddress: Set<String>] = [:]
    private var servicesByEndpoint: [IPAddress: [String: Int]] = [:]

    public init(_ configuration: Configuration) { self.configuration = configuration }

    // MARK: Objects

    /// - Parameters:
    ///   - key: `namespace/name`.
    ///   - service: nil when it is gone.
    public mutating func setService(_ key: String, _ service: JSON?) {
        let new = service.map(Self.service)
        let old = services[key]
        if old == new { return }
        serial &+= 1
        for address in old?.addresses ?? [] {
            servicesByAddress[address]?.remove(key)
            if servicesByAddress[address]?.isEmpty == true { servicesByAddress.removeValue(forKey: address) }
        }
        for address in new?.addresses ?? [] { servicesByAddress[address, default: []].insert(key) }
        services[key] = new
    }

    public mutating func setEndpointSlice(_ key: String, _ slice: JSON?) {
        let new = slice.flatMap(Self.slice)
        let old = slices[key]
        if old == new { return }
        serial &+= 1
        if let old {
            slicesByService[old.service]?.remove(key)
            if slicesByService[old.service]?.isEmpty == true {
                slicesByService.removeValue(forKey: old.service)
            }
            for endpoint in old.endpoints { countEndpoint(endpoint.address, old.service, -1) }
        }
        if let new {
            slicesByService[new.service, default: []].insert(key)
            for endpoint in new.endpoints { countEndpoint(endpoint.address, new.service, 1) }
        }
        slices[key] = new
    }

    private mutating func countEndpoint(_ address: IPAddress, _ service: String, _ change: Int) {
        let count = (servicesByEndpoint[address]?[service] ?? 0) + change
        if count > 0 {
            servicesByEndpoint[address, default: [:]][service] = count
        } else {
            servicesByEndpoint[address]?.removeValue(forKey: service)
            if servicesByEndpoint[address]?.isEmpty == true {
                servicesByEndpoint.removeValue(forKey: address)
            }
        }
    }

    /// - Parameter exists: false when it is gone.
    public mutating func setNamespace(_ name: String, exists: Bool) {
        let isChange = exists ? namespaces.insert(name).inserted : namespaces.remove(name) != nil
        if isChange { serial &+= 1 }
    }

    // MARK: What answers are made of

    /// A Service's slices, in the order of their names.
    func slices(of service: String) -> [Slice] {
        (slicesByService[service] ?? []).sorted(by: utf8Less).compactMap { slices[$0] }
    }

    /// The keys of Services at an address of their own.
    func services(at address: IPAddress) -> [String] {
        (servicesByAddress[address] ?? []).sorted(by: utf8Less)
    }

    /// The keys of Services, or what has slices like one, with an endpoint at an address.
    func services(withEndpointAt address: IPAddress) -> [String] {
        (servicesByEndpoint[address] ?? [:]).keys.sorted(by: utf8Less)
    }

    // MARK: Reading objects

    private static func service(_ service: JSON) -> Service {
        let spec = service["spec"]
        let ports = Self.ports(spec?["ports"], number: "port")
        if spec?["type"]?.string == "ExternalName" {
            let name = spec?["externalName"]?.string ?? ""
            guard IPAddress(name) == nil, let target = DomainName(name), target != .root else {
                return Service(target: .nothing, ports: ports)
            }
            return Service(target: .alias(target), ports: ports)
        }
        var texts = (spec?["clusterIPs"]?.array ?? []).compactMap(\.string)
        if texts.isEmpty { texts = [spec?["clusterIP"]?.string ?? ""] }
        if texts.first == "None" { return Service(target: .endpoints, ports: ports) }
        return Service(target: .addresses(texts.compactMap { IPAddress($0) }), ports: ports)
    }

    private static func slice(_ slice: JSON) -> Slice? {
        let metadata = slice["metadata"]
        guard let namespace = metadata?["namespace"]?.string,
            let name = metadata?["labels"]?["kubernetes.io/service-name"]?.string, !name.isEmpty,
            slice["addressType"]?.string != "FQDN"
        else { return nil }
        var endpoints: [Endpoint] = []
        for endpoint in slice["endpoints"]?.array ?? [] where endpoint["conditions"]?["ready"]?.bool ?? true {
            let hostname = endpoint["hostname"]?.string ?? ""
            for text in endpoint["addresses"]?.array ?? [] {
                guard let text = text.string, let address = IPAddress(text) else { continue }
                endpoints.append(
                    Endpoint(
                        hostname: hostname.isEmpty ? Self.hostname(of: address) : hostname, address: address))
            }
        }
        return Slice(
            service: "\(namespace)/\(name)", endpoints: endpoints,
            ports: ports(slice["ports"], number: "port"))
    }

    /// The name of an endpoint that has none: its address with hyphens.
    static func hostname(of address: IPAddress) -> String {
        String(address.description.map { $0 == "." || $0 == ":" ? "-" : $0 })
    }

    private static func ports(_ ports: JSON?, number: String) -> [Port?] {
        guard let ports = ports?.array, !ports.isEmpty else { return [nil] }
        return ports.map { port in
            Port(
                name: port["name"]?.string ?? "",
                protocolName: (port["protocol"]?.string ?? "TCP").lowercased(),
                number: UInt16(clamping: port[number]?.int ?? 0))
        }
    }
}
