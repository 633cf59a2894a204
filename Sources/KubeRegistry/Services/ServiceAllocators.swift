import KubeAPI
import KubeJSON
import KubeStore
import Synchronization

/// Gives Services their cluster addresses and node ports, each to one Service at a time
/// (pkg/registry/core/service/storage/alloc.go).
public final class ServiceAllocators: Sendable {
    private struct Taken {
        var addresses: Set<UInt32> = []
        var ports: Set<Int> = []
    }

    private let taken = Mutex(Taken())
    public let range: ServiceRange
    private let nodePorts = 30_000...32_767

    public init(range: ServiceRange) { self.range = range }

    /// Marks what stored Services hold. Called once, before any write.
    public func load(_ services: some Sequence<JSON>) {
        taken.withLock { taken in
            for service in services {
                taken.addresses.formUnion(Self.addresses(service))
                taken.ports.formUnion(Self.ports(service))
            }
        }
    }

    private static func addresses(_ service: JSON) -> Set<UInt32> {
        var texts = service["spec"]?["clusterIPs"]?.array?.compactMap(\.string) ?? []
        if texts.isEmpty, let one = service["spec"]?["clusterIP"]?.string { texts = [one] }
        return Set(texts.compactMap(ServiceRange.number))
    }

    private static func ports(_ service: JSON) -> Set<Int> {
        var ports = Set(
            (service["spec"]?["ports"]?.array ?? []).compactMap { $0["nodePort"]?.int }.filter { $0 > 0 })
        if let port = service["spec"]?["healthCheckNodePort"]?.int, port > 0 { ports.insert(port) }
        return ports
    }

    /// What a write took and what it no longer needs, until it is known whether the write happened.
    public struct Claim: Sendable {
        let owner: ServiceAllocators
        let addresses: Set<UInt32>
        let ports: Set<Int>
        let freedAddresses: Set<UInt32>
        let freedPorts: Set<Int>

        /// The write did not happen.
        func release() {
            owner.taken.withLock { taken in
                taken.addresses.subtract(addresses)
                taken.ports.subtract(ports)
            }
        }

        /// The write happened: what it gave up is free.
        func settle() {
            owner.taken.withLock { taken in
                taken.addresses.subtract(freedAddresses)
                taken.ports.subtract(freedPorts)
            }
        }
    }

    func release(_ service: JSON, resource: ResourceInfo) {
        guard resource.groupKind == GroupKind("", "Service") else { return }
        taken.withLock { taken in
            taken.addresses.subtract(Self.addresses(service))
            taken.ports.subtract(Self.ports(service))
        }
    }

    /// Fills a Service's addresses and ports. Nil for anything that is not a Service.
    func claim(
        _ object: inout JSON, old: JSON?, resource: ResourceInfo, random: () -> UInt64
    ) throws(APIStatus) -> Claim? {
        guard resource.groupKind == GroupKind("", "Service") else { return nil }
        var service = object
        let result = taken.withLock { taken -> Result<Claim, APIStatus> in
            var next = taken
            do throws(APIStatus) {
                try fillAddress(&service, old, &next, random)
                try fillPorts(&service, old, &next, random)
            } catch {
                return .failure(error)
            }
            let claim = Claim(
                owner: self, addresses: next.addresses.subtracting(taken.addresses),
                ports: next.ports.subtracting(taken.ports),
                freedAddresses: old.map { Self.addresses($0).subtracting(Self.addresses(service)) } ?? [],
                freedPorts: old.map { Self.ports($0).subtracting(Self.ports(service)) } ?? [])
            taken = next
            return .success(claim)
        }
        let claim = try result.get()
        object = service
        return claim
    }

    private func invalid(_ service: JSON, _ error: FieldError) -> APIStatus {
        .invalid(GroupKind("", "Service"), service.name, [error])
    }

    private func fillAddress(
        _ service: inout JSON, _ old: JSON?, _ taken: inout Taken, _ random: () -> UInt64
    ) throws(APIStatus) {
        var spec = service["spec"] ?? [:]
        guard spec["type"]?.string != "ExternalName" else {
            for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] where old != nil {
                spec[key] = nil
            }
            service["spec"] = spec
            return
        }
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
            let mine = old.map(Self.addresses) ?? []
            guard let address = ServiceRange.number(text), range.contains(address) else {
                throw invalid(
                    service,
                    .invalid(
                        FieldPath("spec", "clusterIPs"), [.string(text)],
                        "failed to allocate IP \(text): the provided network does not match the current range"
                    ))
            }
            if !mine.contains(address), !taken.addresses.insert(address).inserted {
                throw invalid(
                    service,
                    .invalid(
                        FieldPath("spec", "clusterIPs"), [.string(text)],
                        "failed to allocate IP \(text): provided IP is already allocated"))
            }
            spec["clusterIPs"] = [.string(text)]
        } else {
            guard let address = freeAddress(taken, random) else {
                throw .internalError("failed to allocate a serviceIP: range is full")
            }
            taken.addresses.insert(address)
            spec["clusterIP"] = .string(ServiceRange.text(address))
            spec["clusterIPs"] = [.string(ServiceRange.text(address))]
        }
        service["spec"] = spec
    }

    /// A free address, from the upper part first: people choose their own from the lower.
    private func freeAddress(_ taken: Taken, _ random: () -> UInt64) -> UInt32? {
        let lower = min(max(range.size / 16, 16), 256)
        for (start, count) in [(lower, range.size - 1 - lower), (1, lower - 1)] where count > 0 {
            let offset = UInt32(random() % UInt64(count))
            for step in 0..<count {
                let address = range.base + start + (offset + step) % count
                if !taken.addresses.contains(address) { return address }
            }
        }
        return nil
    }

    private func fillPorts(
        _ service: inout JSON, _ old: JSON?, _ taken: inout Taken, _ random: () -> UInt64
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
                try take(port, path, service, mine, &chosen, &taken)
            } else if allocates {
                guard let port = freePort(taken, random) else {
                    throw .internalError("failed to allocate a nodePort: range is full")
                }
                taken.ports.insert(port)
                chosen.insert(port)
                ports[index]["nodePort"] = .integer(Int64(port))
            }
        }
        if !ports.isEmpty { service["spec"]?["ports"] = .array(ports) }
        guard isBalanced, spec?["externalTrafficPolicy"]?.string == "Local" else { return }
        let path = FieldPath("spec", "healthCheckNodePort")
        if let port = spec?["healthCheckNodePort"]?.int, port > 0 {
            try take(port, path, service, mine, &chosen, &taken)
        } else if let port = freePort(taken, random) {
            taken.ports.insert(port)
            service["spec"]?["healthCheckNodePort"] = .integer(Int64(port))
        }
    }

    private func take(
        _ port: Int, _ path: FieldPath, _ service: JSON, _ mine: Set<Int>, _ chosen: inout Set<Int>,
        _ taken: inout Taken
    ) throws(APIStatus) {
        if mine.contains(port) || chosen.contains(port) {
            chosen.insert(port)
            return
        }
        guard nodePorts.contains(port) else {
            throw invalid(
                service,
                .invalid(
                    path, .integer(Int64(port)),
                    "provided port is not in the valid range. The range of valid ports is 30000-32767"))
        }
        guard taken.ports.insert(port).inserted else {
            throw invalid(
                service, .invalid(path, .integer(Int64(port)), "provided port is already allocated"))
        }
        chosen.insert(port)
    }

    private func freePort(_ taken: Taken, _ random: () -> UInt64) -> Int? {
        let start = Int(random() % UInt64(nodePorts.count))
        for step in 0..<nodePorts.count {
            let port = nodePorts.lowerBound + (start + step) % nodePorts.count
            if !taken.ports.contains(port) { return port }
        }
        return nil
    }
}
