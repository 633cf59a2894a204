import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Gives Services of type LoadBalancer an address of a range of this machine's own, as a cloud's balancer would:
/// writes `status.loadBalancer.ingress`. The address answers on the machine alone. Services with a
/// `loadBalancerClass` are left to whoever serves the class.
public struct LoadBalancerController: Controller {
    public let name = "service-lb-controller"
    public let alias = "service"
    public let account = "service-controller"
    /// The IPv4 addresses to give, without the network's own and the broadcast address.
    private let first: UInt32
    private let count: UInt32
    /// Which Service has an address, by its key.
    private var holders: [UInt32: String] = [:]
    private var held: [String: UInt32] = [:]
    /// Those that found no free address.
    private var waiting: Set<String> = []

    /// - Parameter range: of IPv4.
    public init(range: CIDR) {
        let base = Self.number(range.network)
        let bits = range.address.isIPv4 ? UInt32(min(range.prefix, 32)) : 32
        let size = bits == 0 ? UInt32.max : UInt32(1) << (32 - bits)
        first = size > 2 ? base &+ 1 : base
        count = size > 2 ? size - 2 : size
    }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .services else { return [] }
        let key = event.object.key
        if event.kind == .deleted {
            waiting.remove(key)
            return release(key)
        }
        let service = event.object.value
        // What a former process of ours gave out is taken before anything is given.
        if event.kind == .added, Self.isOurs(service),
            let number = Self.addresses(service).first(where: isInRange), holders[number] == nil
        {
            holders[number] = key
            held[key] = number
        }
        return Self.isOurs(service) ? [key] : release(key) + [key]
    }

    /// - Returns: those who may have the address now.
    private mutating func release(_ key: String) -> [String] {
        guard let number = held.removeValue(forKey: key) else { return [] }
        holders.removeValue(forKey: number)
        return waiting.sorted(by: utf8Less)
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let service = view.object(.services, key), let resource = view.resource(of: .services),
            service.deletionTimestamp == nil
        else { return .nothing }
        guard Self.isOurs(service) else {
            waiting.remove(key)
            // A Service that is a balancer no more keeps no address; one of another class is not ours to touch.
            guard service["spec"]?["type"]?.string != "LoadBalancer",
                service.at("status", "loadBalancer", "ingress")?.array?.isEmpty == false
            else { return .nothing }
            return Reconciliation(writes: [write(nil, service, resource)])
        }
        guard let number = held[key] ?? take(for: key, service) else {
            waiting.insert(key)
            let event = RecordedEvent(
                .warning, "SyncLoadBalancerFailed",
                "Error syncing load balancer: no address of the range is free", of: service,
                component: "service-controller")
            return Reconciliation(events: [event])
        }
        if Self.addresses(service) == [number] { return .nothing }
        return Reconciliation(writes: [write(number, service, resource)])
    }

    private static func isOurs(_ service: JSON) -> Bool {
        service["spec"]?["type"]?.string == "LoadBalancer" && service["spec"]?["loadBalancerClass"] == nil
    }

    private func isInRange(_ number: UInt32) -> Bool { number >= first && number - first < count }

    /// The address that the Service asks for if it is free, or the lowest that is.
    private mutating func take(for key: String, _ service: JSON) -> UInt32? {
        let wanted = service["spec"]?["loadBalancerIP"]?.string.flatMap { IPAddress($0) }
        var found: UInt32?
        if let wanted, wanted.isIPv4 {
            let number = Self.number(wanted)
            if isInRange(number), holders[number] == nil { found = number }
        }
        if found == nil, wanted == nil {
            var number = first
            while number - first < count, holders[number] != nil { number += 1 }
            if isInRange(number) { found = number }
        }
        guard let found else { return nil }
        holders[found] = key
        held[key] = found
        waiting.remove(key)
        return found
    }

    private func write(_ number: UInt32?, _ service: JSON, _ resource: ResourceInfo) -> ControllerWrite {
        var service = service
        let ingress = number.map { JSON.array([["ip": .string(Self.text($0)), "ipMode": "VIP"]]) }
        var balancer: JSON = [:]
        if let ingress { balancer["ingress"] = ingress }
        service.set(balancer, at: "status", "loadBalancer")
        return .updateStatus(resource, namespace: service.namespace, name: service.name, service)
    }

    private static func addresses(_ service: JSON) -> [UInt32] {
        (service.at("status", "loadBalancer", "ingress")?.array ?? []).compactMap { entry in
            guard let address = entry["ip"]?.string.flatMap({ IPAddress($0) }), address.isIPv4 else {
                return nil
            }
            return number(address)
        }
    }

    private static func number(_ address: IPAddress) -> UInt32 {
        address.bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func text(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }
}
