import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Looks after the IPAddress object of each address that a Service has, and takes away those of no Service
/// (pkg/registry/core/service/ipallocator/controller/repairip.go). Writes make and remove them together with
/// the Service; what is left to repair is what others changed, and what an older server stored.
///
/// A key is `service/NAMESPACE/NAME` or `address/IP`.
public struct ServiceAddressRepair: Controller {
    public let name = "ipallocator-repair-controller"
    public let alias = "ipallocator-repair"
    public let account = "kube-apiserver"
    /// Seconds between two looks at what cannot be repaired.
    static let interval = 180.0
    /// Seconds for which an address may wait for the Service that it was made for: as long as a request lasts.
    private static let leakGrace = 60.0

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .services:
            var keys = ["service/" + event.object.key]
            // What the Service had before, and what it has without anybody's saying so.
            for text in event.previous.map({ ServiceAddresses.texts(of: $0.value) }) ?? [] {
                keys.append("address/" + text)
            }
            return keys
        case ServiceAddresses.addresses:
            let parent = (event.previous ?? event.object).value["spec"]?["parentRef"]
            guard event.kind != .added, parent?["resource"]?.string == "services" else {
                return ["address/" + event.object.key]
            }
            let service = "\(parent?["namespace"]?.string ?? "")/\(parent?["name"]?.string ?? "")"
            return ["address/" + event.object.key, "service/" + service]
        case ServiceAddresses.ranges where event.object.value["spec"] != event.previous?.value["spec"]:
            return view.objects(.services).map { "service/" + $0.key }
        default: return []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        let name = key.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
        if key.hasPrefix("service/") { return reconcile(service: name, view) }
        return reconcile(address: name, view, now)
    }

    // MARK: Services

    private func reconcile(service key: String, _ view: ClusterView) -> Reconciliation {
        guard let service = view.object(.services, key), !view.isEmpty(ServiceAddresses.ranges) else {
            return .nothing
        }
        var result = Reconciliation()
        func warn(_ reason: String, _ message: String, _ action: String = "ClusterIPAllocation") {
            result.events.append(
                RecordedEvent(.warning, reason, message, of: service, component: name, action: action))
        }
        for text in ServiceAddresses.texts(of: service) {
            guard let address = IPAddress(text) else {
                warn(
                    "ClusterIPNotValid", "Cluster IP <nil> is not a valid IP; please recreate Service",
                    "ClusterIPValidation")
                result.requeueAfter = Self.interval
                continue
            }
            let (family, ip) = (address.isIPv4 ? "IPv4" : "IPv6", address.description)
            if ServiceBlocks.holding(address, in: view).isEmpty {
                warn(
                    "ClusterIPOutOfRange",
                    "Cluster IP [\(family)]: \(ip) is not within any configured Service CIDR; please recreate service"
                )
                result.requeueAfter = Self.interval
                continue
            }
            guard let object = view.object(ServiceAddresses.addresses, ip) else {
                warn("ClusterIPNotAllocated", "Cluster IP [\(family)]: \(ip) is not allocated; repairing")
                result.writes.append(Self.create(ip, for: service))
                continue
            }
            let parent = Parent(object)
            let wrong =
                "the ClusterIP [\(family)]: \(ip) for Service \(service.namespace)/\(service.name) has a wrong reference; repairing"
            guard parent.isService else {
                warn("ClusterIPNotAllocated", wrong)
                result.writes += Self.recreate(object, for: service)
                continue
            }
            if parent.key != key {
                guard let other = view.object(.services, parent.key) else {
                    warn("ClusterIPNotAllocated", wrong)
                    result.writes += Self.recreate(object, for: service)
                    continue
                }
                if (other["spec"]?["clusterIPs"]?.array ?? []).contains(.string(ip)) {
                    warn(
                        "ClusterIPAlreadyAllocated",
                        "Cluster IP [\(family)]:\(ip) was assigned to multiple services; please recreate service"
                    )
                    result.requeueAfter = Self.interval
                    continue
                }
            }
            if !Self.hasLabels(object, family) { result.writes += Self.recreate(object, for: service) }
        }
        return result
    }

    private static func hasLabels(_ object: JSON, _ family: String) -> Bool {
        let labels = object["metadata"]?["labels"]
        return labels?[ServiceAddresses.familyLabel]?.string == family && isManaged(object)
    }

    private static func isManaged(_ object: JSON) -> Bool {
        object.at("metadata", "labels", ServiceAddresses.managedByLabel)?.string == ServiceAddresses.manager
    }

    private static func create(_ ip: String, for service: JSON) -> ControllerWrite {
        ControllerWrite(
            group: "networking.k8s.io", version: "v1", plural: "ipaddresses", name: ip,
            .create(ServiceAddresses.body(ip, namespace: service.namespace, name: service.name)))
    }

    private static func delete(_ object: JSON) -> ControllerWrite {
        .delete(
            ("networking.k8s.io", "v1", "ipaddresses"), namespace: "", name: object.name, uid: object.uid)
    }

    /// What an address belongs to cannot be changed.
    private static func recreate(_ object: JSON, for service: JSON) -> [ControllerWrite] {
        [delete(object), create(object.name, for: service)]
    }

    // MARK: Addresses

    private func reconcile(address key: String, _ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        guard let object = view.object(ServiceAddresses.addresses, key), Self.isManaged(object),
            object.deletionTimestamp == nil
        else { return .nothing }
        func remove(_ reason: String, _ message: String) -> Reconciliation {
            Reconciliation(
                writes: [Self.delete(object)],
                events: [
                    RecordedEvent(
                        .warning, reason, message, of: object, component: name, action: "IPAddressAllocation")
                ])
        }
        let parent = Parent(object)
        guard parent.isService else {
            return remove(
                "IPAddressNotAllocated",
                "IPAddress \(key) appears to have been modified, not referencing a Service \(parent): cleaning up"
            )
        }
        guard let service = view.object(.services, parent.key) else {
            let age = Timestamp(object["metadata"]?["creationTimestamp"]?.string ?? "").map(now.since)
            if let age, age <= Self.leakGrace {
                return Reconciliation(requeueAfter: max(1, Self.leakGrace - age + 1))
            }
            return remove(
                "IPAddressNotAllocated",
                "IPAddress: \(key) for Service \(parent.key) appears to have leaked: cleaning up")
        }
        if (service["spec"]?["clusterIPs"]?.array ?? []).contains(.string(key)) { return .nothing }
        return remove(
            "IPAddressWrongReference",
            "IPAddress: \(key) for Service \(parent.key) has a wrong reference; cleaning up")
    }

    /// Whose an address is, as its object says.
    private struct Parent: CustomStringConvertible {
        let group: String
        let resource: String
        let namespace: String
        let name: String

        init(_ object: JSON) {
            let parent = object["spec"]?["parentRef"]
            group = parent?["group"]?.string ?? ""
            resource = parent?["resource"]?.string ?? ""
            namespace = parent?["namespace"]?.string ?? ""
            name = parent?["name"]?.string ?? ""
        }

        var isService: Bool { group.isEmpty && resource == "services" }
        var key: String { "\(namespace)/\(name)" }
        /// As Go prints the structure.
        var description: String {
            "&ParentReference{Group:\(group),Resource:\(resource),Namespace:\(namespace),Name:\(name),}"
        }
    }
}
