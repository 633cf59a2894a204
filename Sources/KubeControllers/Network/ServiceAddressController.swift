import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps an IPAddress object for each cluster address of each service, and none that no service holds: what
/// upstream's API server does when it allocates, and repairs later
/// (pkg/registry/core/service/ipallocator). A key is an address.
public struct ServiceAddressController: Controller {
    public let name = "service-ip-address-controller"
    public let alias = "service-ip-address"
    public let account = "service-cidrs-controller"
    private static let addresses = CollectionID(group: "networking.k8s.io", resource: "ipaddresses")
    private static let family = "ipaddress.kubernetes.io/ip-family"
    private static let manager = "ipaddress.kubernetes.io/managed-by"
    private static let allocator = "ipallocator.k8s.io"

    /// The service that holds each address, by its key.
    private var holders: [String: String] = [:]

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .services:
            let held = event.kind == .deleted ? [] : Self.addresses(of: event.object.value)
            let before = event.previous.map { Self.addresses(of: $0.value) } ?? []
            if held == before, event.kind == .modified { return [] }
            let key = event.object.key
            for address in before where !held.contains(address) && holders[address] == key {
                holders.removeValue(forKey: address)
            }
            for address in held { holders[address] = key }
            return before.filter { !held.contains($0) } + held
        case Self.addresses: return [event.object.key]
        default: return []
        }
    }

    /// In canonical form; none of a headless service.
    private static func addresses(of service: JSON) -> [String] {
        if service["spec"]?["type"]?.string == "ExternalName" { return [] }
        return (service["spec"]?["clusterIPs"]?.array ?? []).compactMap { text in
            text.string.flatMap { IPAddress($0) }?.description
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        let present = view.object(Self.addresses, key)
        guard let holder = holders[key], let service = view.object(.services, holder) else {
            guard let present, present.deletionTimestamp == nil,
                present.at("metadata", "labels", Self.manager)?.string == Self.allocator
            else { return .nothing }
            return Reconciliation(writes: [Self.delete(present)])
        }
        let parent: JSON = [
            "group": "", "resource": "services", "namespace": .string(service.namespace),
            "name": .string(service.name),
        ]
        var writes: [ControllerWrite] = []
        if let present {
            let known = present["spec"]?["parentRef"]
            let isSame =
                known?["resource"]?.string == "services" && known?["name"]?.string == service.name
                && known?["namespace"]?.string == service.namespace
            if isSame { return .nothing }
            // What an address belongs to cannot be changed.
            writes.append(Self.delete(present))
        }
        let isIPv4 = IPAddress(key)?.isIPv4 ?? true
        writes.append(
            ControllerWrite(
                group: "networking.k8s.io", version: "v1", plural: "ipaddresses", name: key,
                .create([
                    "kind": "IPAddress", "apiVersion": "networking.k8s.io/v1",
                    "metadata": [
                        "name": .string(key),
                        "labels": [
                            Self.family: isIPv4 ? "IPv4" : "IPv6", Self.manager: .string(Self.allocator),
                        ],
                    ],
                    "spec": ["parentRef": parent],
                ])))
        return Reconciliation(writes: writes)
    }

    private static func delete(_ address: JSON) -> ControllerWrite {
        .delete(
            ("networking.k8s.io", "v1", "ipaddresses"), namespace: "", name: address.name, uid: address.uid)
    }
}
