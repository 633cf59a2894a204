import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Reports node ports that two Services have, or that are none
/// (pkg/registry/core/service/portallocator/controller/repair.go). Which ports are free follows from the
/// stored Services themselves, so no port leaks and none is missing: nothing else is to be repaired.
public struct NodePortRepair: Controller {
    public let name = "portallocator-repair-controller"
    public let alias = "portallocator-repair"
    public let account = "kube-apiserver"

    /// The Services that have a port, in order: the first is the one that it belongs to.
    private var holders: [Int: [String]] = [:]

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .services else { return [] }
        let key = event.object.key
        let before = event.previous.map { Set(Self.ports($0.value)) } ?? []
        let after = event.kind == .deleted ? [] : Set(Self.ports(event.object.value))
        if before == after { return [] }
        var concerned: Set<String> = [key]
        for port in before.subtracting(after) {
            holders[port]?.removeAll { $0 == key }
            // Whoever shared it may be the first now.
            concerned.formUnion(holders[port] ?? [])
            if holders[port]?.isEmpty == true { holders[port] = nil }
        }
        for port in after.subtracting(before) {
            var list = holders[port] ?? []
            list.insert(key, at: list.firstIndex { utf8Less(key, $0) } ?? list.endIndex)
            holders[port] = list
            concerned.formUnion(list)
        }
        return concerned.sorted(by: utf8Less)
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let service = view.object(.services, key) else { return .nothing }
        var result = Reconciliation()
        var seen: Set<Int> = []
        let range = ServiceAllocators.nodePorts
        for port in Self.ports(service) {
            let reason: String
            let message: String
            if !range.contains(port) {
                reason = "PortOutOfRange"
                message =
                    "Port \(port) is not within the port range \(range.lowerBound)-\(range.upperBound); "
                    + "please recreate service"
            } else if !seen.insert(port).inserted || holders[port]?.first != key {
                reason = "PortAlreadyAllocated"
                message = "Port \(port) was assigned to multiple services; please recreate service"
            } else {
                continue
            }
            result.events.append(
                RecordedEvent(.warning, reason, message, of: service, component: name))
            result.requeueAfter = ServiceAddressRepair.interval
        }
        return result
    }

    /// In the order of the Service; a port with two protocols counts once, one with the same protocol twice
    /// counts twice.
    static func ports(_ service: JSON) -> [Int] {
        var ports: [Int] = []
        var protocols: [Int: Set<String>] = [:]
        for port in service["spec"]?["ports"]?.array ?? [] {
            guard let number = port["nodePort"]?.int, number > 0 else { continue }
            let isNew = protocols[number] == nil
            let isFirst = protocols[number, default: []].insert(port["protocol"]?.string ?? "").inserted
            if isNew || !isFirst { ports.append(number) }
        }
        if let health = service["spec"]?["healthCheckNodePort"]?.int, health > 0 {
            let taken = protocols[health]
            if taken == nil || taken?.contains("TCP") == true { ports.append(health) }
        }
        return ports
    }
}
