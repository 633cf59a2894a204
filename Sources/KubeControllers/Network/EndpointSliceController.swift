import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps the EndpointSlices of services that have a selector (k8s.io/endpointslice). A key is a service's.
public struct EndpointSliceController: Controller {
    public let name = "endpointslice-controller"
    public let alias = "endpointslice"
    public let account = "endpointslice-controller"

    private var looks = ServiceLooks()
    /// The slices of each service by name.
    private var slices: [String: [String: EndpointSlice]] = [:]
    private var topology = TopologyHints()
    /// The zone of each node; empty for a node without one.
    private var zones: [String: String] = [:]
    /// Services that have pods on nodes that are not there.
    private var waiting: [String: Set<String>] = [:]

    public init() {}

    // MARK: What to look at

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .pods: return looks.podChanged(event)
        case .services:
            let key = event.object.key
            looks.serviceChanged(event, view)
            topology.follow(key, event.kind == .deleted ? nil : event.object.value, view)
            return [key]
        case .endpointSlices: return take(event)
        case .nodes:
            let node = event.object.key
            let overloaded = topology.nodeChanged(event)
            if event.kind == .deleted {
                zones.removeValue(forKey: node)
                return overloaded
            }
            zones[node] = event.object.labels?["topology.kubernetes.io/zone"]?.string ?? ""
            guard event.previous == nil, let services = waiting.removeValue(forKey: node) else {
                return overloaded
            }
            return services.union(overloaded).sorted(by: utf8Less)
        default: return []
        }
    }

    private mutating func take(_ event: ObjectEvent) -> [String] {
        let before = event.previous.flatMap { Self.service(of: $0) }
        let now = event.kind == .deleted ? nil : Self.service(of: event.object)
        if let before, before != now { slices[before]?.removeValue(forKey: event.object.name) }
        if let now { slices[now, default: [:]][event.object.name] = EndpointSlice(event.object) }
        return before == now ? now.map { [$0] } ?? [] : [before, now].compactMap { $0 }
    }

    /// The key of the service whose slice this is, if this controller manages it.
    private static func service(of slice: StoredObject) -> String? {
        guard let labels = slice.labels,
            labels[EndpointNames.managedBy]?.string == EndpointNames.sliceController,
            let service = labels[EndpointNames.serviceName]?.string, !service.isEmpty
        else { return nil }
        return "\(slice.namespace)/\(service)"
    }

    // MARK: What to do

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let service = view.object(.services, key) else {
            // What is left of its slices is the garbage collector's.
            if slices[key]?.isEmpty == true { slices.removeValue(forKey: key) }
            looks.forget(key)
            return .nothing
        }
        switch looks.look(at: service, key, now: now) {
        case .none: return .nothing
        case .later(let delay): return Reconciliation(requeueAfter: delay)
        case .now(let pods, let trigger): return publish(pods, of: service, key, trigger, view)
        }
    }

    private mutating func publish(
        _ pods: [ServicePod], of service: JSON, _ key: String, _ trigger: Timestamp?, _ view: ClusterView
    ) -> Reconciliation {
        var packing = SlicePacking()
        var events: [RecordedEvent] = []
        let types = Self.addressTypes(service["spec"] ?? [:])
        let slices = (slices[key] ?? [:]).values.sorted { utf8Less($0.name, $1.name) }
        for type in types {
            let existing = slices.filter { $0.addressType == type }
            packing.append(pack(key, service, pods, existing: existing, type, &events))
        }
        for slice in slices where !types.contains(slice.addressType) {
            packing.deletes.append(slice)
            topology.remove(key, slice.addressType)
        }
        return Reconciliation(writes: writes(packing, service, trigger, view), events: events)
    }

    private static func addressTypes(_ spec: JSON) -> [String] {
        let families = spec["ipFamilies"]?.array?.compactMap(\.string) ?? []
        if !families.isEmpty { return families }
        guard let address = spec["clusterIP"]?.string, !address.isEmpty, address != "None" else {
            return ["IPv4", "IPv6"]
        }
        return [IPAddress(address)?.isIPv4 == false ? "IPv6" : "IPv4"]
    }

    private mutating func pack(
        _ key: String, _ service: JSON, _ pods: [ServicePod], existing: [EndpointSlice], _ type: String,
        _ events: inout [RecordedEvent]
    ) -> SlicePacking {
        let name = service.name
        let spec = service["spec"] ?? [:]
        let publishesUnready = spec["publishNotReadyAddresses"]?.bool == true
        let ports = PublishedPorts(spec)
        var wanted: [String: (ports: [ServingPort], endpoints: [SliceEndpoint])] = [:]
        for pod in pods where !pod.isFinished && pod.hasAddress {
            let (group, served) = ports.inSlices(of: pod)
            let zone = zones[pod.nodeName]
            let isThere = zone != nil
            let addresses = type == "IPv6" ? pod.addresses6 : pod.addresses4
            if !isThere, !publishesUnready { waiting[pod.nodeName, default: []].insert(key) }
            let takes = (isThere || publishesUnready) && !addresses.isEmpty
            if wanted[group] == nil { wanted[group] = (served, []) }
            if takes {
                wanted[group]?.endpoints.append(
                    SliceEndpoint(
                        pod, zone: zone.flatMap { $0.isEmpty ? nil : $0 }, addresses: addresses,
                        service: name, publishesUnready: publishesUnready))
            }
        }
        let uid = service.uid
        var packing = SlicePacking()
        let mine = Dictionary(
            grouping: existing.filter { $0.isOwned(by: uid, kind: "Service") },
            by: { EndpointSlice.key($0.ports) })
        packing.deletes = existing.filter { !$0.isOwned(by: uid, kind: "Service") }
        let labels = Self.labels(service)
        for group in wanted.keys.sorted(by: utf8Less) {
            guard let (ports, endpoints) = wanted[group] else { continue }
            packing.append(
                SlicePacking(
                    existing: mine[group] ?? [], wanted: endpoints,
                    labels: { (labels, Self.unreserved($0.labels) != Self.unreserved(labels)) },
                    makeSlice: { Self.newSlice(service, type, ports, labels) }))
        }
        for slice in existing where slice.isOwned(by: uid, kind: "Service") {
            if wanted[EndpointSlice.key(slice.ports)] == nil { packing.deletes.append(slice) }
        }
        if packing.deletes.count == existing.count, packing.creates.isEmpty {
            let placeholder = Self.newSlice(service, type, [], labels)
            if packing.deletes.count == 1, let only = packing.deletes.first, only.ports.isEmpty,
                only.endpoints.isEmpty, only.labels == labels
            {
                packing.deletes = []
            } else {
                packing.creates = [placeholder]
            }
        }
        let notice: TopologyHints.Notice?
        if TopologyHints.isWanted(service) {
            notice = topology.addHints(to: &packing, key, type)
        } else {
            notice = topology.isHinted(key) ? TopologyHints.Notice.disabled : nil
            topology.remove(key, type)
            packing.setHints(trafficDistribution: spec["trafficDistribution"]?.string)
        }
        if let notice {
            events.append(
                RecordedEvent(
                    notice.kind, notice.reason, notice.message + ", addressType: " + type, of: service,
                    component: "endpoint-slice-controller"))
        }
        packing.recycle(ownedBy: uid)
        return packing
    }

    private static func newSlice(
        _ service: JSON, _ type: String, _ ports: [ServingPort], _ labels: JSONObject
    ) -> EndpointSlice {
        var owner = service
        owner["kind"] = "Service"
        owner["apiVersion"] = "v1"
        return EndpointSlice(
            addressType: type, ports: ports, labels: labels,
            owners: [PodTemplates.ownerReference(to: owner)])
    }

    /// The service's own labels and those that say whose the slice is.
    private static func labels(_ service: JSON) -> JSONObject {
        var labels = unreserved(service["metadata"]?["labels"]?.object ?? [:])
        let address = service["spec"]?["clusterIP"]?.string ?? ""
        if address.isEmpty || address == "None" { labels[EndpointNames.headless] = "" }
        labels[EndpointNames.serviceName] = .string(service.name)
        labels[EndpointNames.managedBy] = .string(EndpointNames.sliceController)
        return labels
    }

    private static func unreserved(_ labels: JSONObject) -> JSONObject {
        var labels = labels
        labels.removeValue(forKey: EndpointNames.serviceName)
        labels.removeValue(forKey: EndpointNames.managedBy)
        labels.removeValue(forKey: EndpointNames.headless)
        return labels
    }

    private func writes(
        _ packing: SlicePacking, _ service: JSON, _ trigger: Timestamp?, _ view: ClusterView
    ) -> [ControllerWrite] {
        let namespace = service.namespace
        let prefix = EndpointSlice.prefix(service.name)
        func write(_ slice: EndpointSlice, isNew: Bool) -> ControllerWrite {
            var annotations =
                slice.replaces
                ? [:] : slice.stored?.value["metadata"]?["annotations"]?.object ?? [:]
            annotations.removeValue(forKey: EndpointNames.triggerTime)
            if let trigger { annotations[EndpointNames.triggerTime] = .string(trigger.rfc3339) }
            let object = slice.object(namespace: namespace, generateName: prefix, annotations: annotations)
            return ControllerWrite(
                group: "discovery.k8s.io", version: "v1", plural: "endpointslices", namespace: namespace,
                name: slice.name, isNew ? .create(object) : .update(object))
        }
        var writes: [ControllerWrite] = []
        if service.deletionTimestamp == nil, view.isActive(namespace: namespace) {
            writes += packing.creates.map { write($0, isNew: true) }
        }
        writes += packing.updates.map { write($0, isNew: false) }
        writes += packing.deletes.map {
            .delete(
                ("discovery.k8s.io", "v1", "endpointslices"), namespace: namespace, name: $0.name,
                uid: $0.stored?.value.uid ?? "")
        }
        return writes
    }
}

/// The ports of a service as its pods serve them: the same for all pods where no port has a name to look up.
struct PublishedPorts: Sendable {
    private let ports: [JSON]
    private let isHeadless: Bool
    private var common: (key: String, ports: [ServingPort])?

    init(_ spec: JSON) {
        ports = spec["ports"]?.array ?? []
        isHeadless = spec["clusterIP"]?.string == "None"
        if !ports.contains(where: { $0["targetPort"]?.string != nil }) {
            let all = ServingPort.inSliceOrder(ports.compactMap { Self.serving($0, $0["targetPort"]?.int) })
            common = (EndpointSlice.key(all), all)
        }
    }

    private static func serving(_ port: JSON, _ number: Int?) -> ServingPort? {
        guard let number = number ?? (port["targetPort"] == nil ? port["port"]?.int : nil) else { return nil }
        return ServingPort(
            name: port["name"]?.string ?? "", number: number,
            transport: port["protocol"]?.string ?? "TCP", application: port["appProtocol"]?.string)
    }

    /// Headless services may do without.
    var isEmpty: Bool { ports.isEmpty }

    /// In the service's order, without those that the pod does not serve.
    func inOrder(of pod: ServicePod) -> [ServingPort] {
        ports.compactMap { port in
            Self.serving(
                port, pod.number(of: port["targetPort"], transport: port["protocol"]?.string ?? "TCP"))
        }
    }

    /// In a slice's order, and the key of the slices that they are in.
    func inSlices(of pod: ServicePod) -> (key: String, ports: [ServingPort]) {
        if let common { return common }
        let ports = ServingPort.inSliceOrder(inOrder(of: pod))
        return (EndpointSlice.key(ports), ports)
    }
}
