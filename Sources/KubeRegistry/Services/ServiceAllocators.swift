import KubeAPI
import KubeJSON
import KubeStore
import Synchronization

/// Gives Services their cluster addresses and node ports, each to one Service at a time
/// (pkg/registry/core/service/storage/alloc.go).
///
/// Who has an address, the stored IPAddress objects say; who has a port, the stored Services. What is kept
/// here besides is what writes under way were promised, so nothing can leak.
public final class ServiceAllocators: Sendable {
    private struct State {
        var promisedAddresses: Set<UInt32> = []
        var promisedPorts: Set<Int> = []
        /// How many stored Services have a port: more than one when somebody wrote past this server.
        var ports: [Int: Int] = [:]

        func isTaken(_ port: Int) -> Bool { ports[port] != nil || promisedPorts.contains(port) }

        mutating func count(_ changed: Set<Int>, by difference: Int) {
            for port in changed {
                let count = (ports[port] ?? 0) + difference
                ports[port] = count > 0 ? count : nil
            }
        }
    }

    private let state = Mutex(State())
    /// The block that the server was started with.
    public let range: ServiceRange
    public static let nodePorts = 30_000...32_767

    public init(range: ServiceRange) { self.range = range }

    /// Marks what stored Services hold. Called once, before any write.
    func load(_ services: some Sequence<JSON>) {
        state.withLock { state in
            for service in services { state.count(Self.ports(service), by: 1) }
        }
    }

    private static func addresses(_ service: JSON) -> Set<UInt32> {
        Set(ServiceAddresses.texts(of: service).compactMap(ServiceRange.number))
    }

    private static func ports(_ service: JSON) -> Set<Int> {
        var ports = Set(
            (service["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.int }.filter { $0 > 0 })
        if let port = service["spec"]?["healthCheckNodePort"]?.int, port > 0 { ports.insert(port) }
        return ports
    }

    /// What a write took and what it no longer needs, until it is known whether the write happened.
    struct Claim {
        let owner: ServiceAllocators
        /// In order.
        let addresses: [UInt32]
        /// Likewise.
        let freedAddresses: [UInt32]
        fileprivate let newPorts: Set<Int>
        fileprivate let portsBefore: Set<Int>
        fileprivate let portsAfter: Set<Int>

        /// The write did not happen.
        func release() {
            owner.state.withLock { state in
                state.promisedAddresses.subtract(addresses)
                state.promisedPorts.subtract(newPorts)
            }
        }

        /// The write happened: what it took is stored, what it gave up is free.
        func settle() {
            owner.state.withLock { state in
                state.promisedAddresses.subtract(addresses)
                state.promisedPorts.subtract(newPorts)
                state.count(portsAfter.subtracting(portsBefore), by: 1)
                state.count(portsBefore.subtracting(portsAfter), by: -1)
            }
        }
    }

    /// What a Service gives up that goes. Nil for anything that is not a Service.
    func claim(endOf service: JSON, resource: ResourceInfo) -> Claim? {
        guard resource.groupKind == GroupKind("", "Service") else { return nil }
        return Claim(
            owner: self, addresses: [], freedAddresses: Self.addresses(service).sorted(), newPorts: [],
            portsBefore: Self.ports(service), portsAfter: [])
    }

    /// Fills a Service's addresses and ports. Nil for anything that is not a Service.
    func claim(
        _ object: inout JSON, old: JSON?, resource: ResourceInfo, space: @autoclosure () -> AddressSpace,
        random: () -> UInt64
    ) throws(APIStatus) -> Claim? {
        guard resource.groupKind == GroupKind("", "Service") else { return nil }
        var service = object
        let space = space()
        let result = state.withLock { state -> Result<Claim, APIStatus> in
            var ports: Set<Int> = []
            let address: UInt32?
            do throws(APIStatus) {
                address = try fillAddress(&service, old, space, state, random)
                try fillPorts(&service, old, state, &ports, random)
            } catch {
                return .failure(error)
            }
            let after = Self.addresses(service)
            if let address { state.promisedAddresses.insert(address) }
            state.promisedPorts.formUnion(ports)
            return .success(
                Claim(
                    owner: self, addresses: address.map { [$0] } ?? [],
                    freedAddresses: old.map { Self.addresses($0).subtracting(after).sorted() } ?? [],
                    newPorts: ports, portsBefore: old.map(Self.ports) ?? [],
                    portsAfter: Self.ports(service)))
        }
        let claim = try result.get()
        object = service
        return claim
    }

    private func invalid(_ service: JSON, _ error: FieldError) -> APIStatus {
        .invalid(GroupKind("", "Service"), service.name, [error])
    }

    /// - Returns: the address that the Service did not have before.
    private func fillAddress(
        _ service: inout JSON, _ old: JSON?, _ space: AddressSpace, _ state: State, _ random: () -> UInt64
    ) throws(APIStatus) -> UInt32? {
        var spec = service["spec"] ?? [:]
        guard spec["type"]?.string != "ExternalName" else {
            for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] where old != nil {
                spec[key] = nil
            }
            service["spec"] = spec
            return nil
        }
        var new: UInt32?
        if spec["clusterIP"] == nil, let first = spec["clusterIPs"]?[0] { spec["clusterIP"] = first }
        let isHeadless = spec["clusterIP"]?.string == "None"
        let hasSelector = !(spec["selector"]?.object?.isEmpty ?? true)
        let policy = spec["ipFamilyPolicy"]?.string
        if policy == nil {
            spec["ipFamilyPolicy"] = isHeadless && !hasSelector ? "RequireDualStack" : "SingleStack"
        }
        if spec["ipFamilies"] == nil {
            spec["ipFamilies"] = isHeadless && !hasSelector && policy == nil ? ["IPv4", "IPv6"] : ["IPv4"]
        }
        if policy == "RequireDualStack", !(isHeadless && !hasSelector) {
            throw invalid(
                service,
                .invalid(
                    FieldPath("spec", "ipFamilyPolicy"), "RequireDualStack",
                    "this cluster is not configured for dual-stack services"))
        }
        if !isHeadless, let family = spec["ipFamilies"]?.array?.first(where: { $0.string == "IPv6" }) {
            throw invalid(
                service,
                .invalid(
                    FieldPath("spec", "ipFamilies").index(0), family,
                    "not configured on this cluster"))
        }
        if isHeadless {
            spec["clusterIPs"] = ["None"]
        } else if let text = spec["clusterIP"]?.string, !text.isEmpty {
            let address = ServiceRange.number(text)
            let isMine = address.map { (old.map(Self.addresses) ?? []).contains($0) } ?? false
            if !isMine { new = try take(address, text, service, space, state) }
            spec["clusterIPs"] = [.string(text)]
        } else {
            let isPromised = { state.promisedAddresses.contains($0) }
            guard let address = space.free(random, isPromised: isPromised) else {
                throw .internalError("failed to allocate a serviceIP: range is full")
            }
            new = address
            spec["clusterIP"] = .string(ServiceRange.text(address))
            spec["clusterIPs"] = [.string(ServiceRange.text(address))]
        }
        service["spec"] = spec
        return new
    }

    private func take(
        _ address: UInt32?, _ text: String, _ service: JSON, _ space: AddressSpace, _ state: State
    ) throws(APIStatus) -> UInt32 {
        let path = FieldPath("spec", "clusterIPs")
        guard let address, space.contains(address) else {
            throw invalid(
                service,
                .invalid(
                    path, [.string(text)],
                    "failed to allocate IP \(text): the provided network does not match the current range"))
        }
        if state.promisedAddresses.contains(address) || space.isHeld(address) {
            throw invalid(
                service,
                .invalid(
                    path, [.string(text)],
                    "failed to allocate IP \(text): provided IP is already allocated"))
        }
        return address
    }

    private func fillPorts(
        _ service: inout JSON, _ old: JSON?, _ state: State, _ new: inout Set<Int>, _ random: () -> UInt64
    ) throws(APIStatus) {
        let spec = service["spec"]
        let type = spec?["type"]?.string
        let isBalanced = type == "LoadBalancer"
        let allocates =
            type == "NodePort" || (isBalanced && spec?["allocateLoadBalancerNodePorts"]?.bool != false)
        let mine = old.map(Self.ports) ?? []
        var ports = spec?["ports"]?.array ?? []
        /// TCP and UDP may share a number within one Service.
        var chosen: Set<Int> = []
        for index in ports.indices {
            let path = FieldPath("spec", "ports").index(index).child("nodePort")
            if let port = ports[index]["nodePort"]?.int, port > 0 {
                guard type == "NodePort" || isBalanced else { continue }
                try take(port, path, service, mine, &chosen, state, &new)
            } else if allocates {
                guard let port = freePort(state, new, random) else {
                    throw .internalError("failed to allocate a nodePort: range is full")
                }
                new.insert(port)
                chosen.insert(port)
                ports[index]["nodePort"] = .integer(Int64(port))
            }
        }
        if !ports.isEmpty { service["spec"]?["ports"] = .array(ports) }
        guard isBalanced, spec?["externalTrafficPolicy"]?.string == "Local" else { return }
        let path = FieldPath("spec", "healthCheckNodePort")
        if let port = spec?["healthCheckNodePort"]?.int, port > 0 {
            try take(port, path, service, mine, &chosen, state, &new)
        } else if let port = freePort(state, new, random) {
            new.insert(port)
            service["spec"]?["healthCheckNodePort"] = .integer(Int64(port))
        }
    }

    private func take(
        _ port: Int, _ path: FieldPath, _ service: JSON, _ mine: Set<Int>, _ chosen: inout Set<Int>,
        _ state: State, _ new: inout Set<Int>
    ) throws(APIStatus) {
        if mine.contains(port) || chosen.contains(port) {
            chosen.insert(port)
            return
        }
        guard Self.nodePorts.contains(port) else {
            throw invalid(
                service,
                .invalid(
                    path, .integer(Int64(port)),
                    "provided port is not in the valid range. The range of valid ports is 30000-32767"))
        }
        guard !state.isTaken(port), new.insert(port).inserted else {
            throw invalid(
                service, .invalid(path, .integer(Int64(port)), "provided port is already allocated"))
        }
        chosen.insert(port)
    }

    private func freePort(_ state: State, _ new: Set<Int>, _ random: () -> UInt64) -> Int? {
        let ports = Self.nodePorts
        let start = Int(random() % UInt64(ports.count))
        for step in 0..<ports.count {
            let port = ports.lowerBound + (start + step) % ports.count
            if !state.isTaken(port), !new.contains(port) { return port }
        }
        return nil
    }
}
