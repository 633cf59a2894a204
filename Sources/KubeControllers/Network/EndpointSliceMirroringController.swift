import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Copies Endpoints that somebody keeps by hand, for a service without a selector, into EndpointSlices
/// (pkg/controller/endpointslicemirroring). A key is that of the Endpoints.
public struct EndpointSliceMirroringController: Controller {
    public let name = "endpointslice-mirroring-controller"
    public let alias = "endpointslicemirroring"
    public let account = "endpointslicemirroring-controller"
    /// Most addresses of a subset that are copied.
    static let capacity = 1_000

    /// Slices that this controller made, by the key of their Endpoints and by name.
    private var slices: [String: [String: StoredObject]] = [:]

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .endpoints:
            let isMirrored = Self.mayMirror(event.object) || event.previous.map(Self.mayMirror) == true
            return isMirrored ? [event.object.key] : []
        case .services:
            let had = event.previous.map { Self.hasSelector($0.value) }
            let has = Self.hasSelector(event.object.value)
            if event.kind == .deleted || had == nil { return has ? [] : [event.object.key] }
            return had == has ? [] : [event.object.key]
        case .endpointSlices:
            let before = event.previous.flatMap(Self.source)
            let now = event.kind == .deleted ? nil : Self.source(event.object)
            if let before, before != now { slices[before]?.removeValue(forKey: event.object.name) }
            if let now { slices[now, default: [:]][event.object.name] = event.object }
            return before == now ? now.map { [$0] } ?? [] : [before, now].compactMap { $0 }
        default: return []
        }
    }

    private static func mayMirror(_ endpoints: StoredObject) -> Bool {
        // Those of the endpoints controller are the great many; they need no parsing.
        if endpoints.labels?[EndpointNames.endpointsManagedBy] == .string(EndpointsController.manager) {
            return false
        }
        return endpoints.labels?[EndpointNames.skipMirror] != "true"
            && endpoints.value.at("metadata", "annotations", EndpointNames.leader) == nil
    }

    private static func hasSelector(_ service: JSON) -> Bool {
        service["spec"]?["selector"]?.object?.isEmpty == false
    }

    private static func source(_ slice: StoredObject) -> String? {
        guard let labels = slice.labels,
            labels[EndpointNames.managedBy] == .string(EndpointNames.mirroringController),
            let service = labels[EndpointNames.serviceName]?.string, !service.isEmpty
        else { return nil }
        return "\(slice.namespace)/\(service)"
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        let present = (slices[key] ?? [:]).values.sorted { utf8Less($0.name, $1.name) }
        guard let stored = view.stored(.endpoints, key), Self.mayMirror(stored),
            let service = view.object(.services, key), !Self.hasSelector(service)
        else {
            if present.isEmpty { slices.removeValue(forKey: key) }
            return Reconciliation(writes: present.map(Self.delete))
        }
        let endpoints = stored.value
        var groups = Groups()
        for subset in endpoints["subsets"]?.array ?? [] { groups.add(subset) }
        var events: [RecordedEvent] = []
        func warn(_ reason: String, _ message: String) {
            events.append(
                RecordedEvent(
                    .warning, reason, message, of: endpoints, component: "endpoint-slice-mirroring-controller"
                ))
        }
        if groups.invalid > 0 {
            warn(
                "InvalidIPAddress",
                "Skipped \(groups.invalid) invalid IP addresses when mirroring to EndpointSlices")
        }
        if groups.skipped > groups.invalid {
            warn(
                "TooManyAddressesToMirror",
                "A max of \(Self.capacity) addresses can be mirrored to EndpointSlices per Endpoints subset. "
                    + "\(groups.skipped) addresses were skipped")
        }
        let writes = Self.writes(groups, endpoints, present.map { EndpointSlice($0) }, view)
        return Reconciliation(writes: writes, events: writes.isEmpty ? [] : events)
    }

    /// What is wanted, by address type and ports.
    private struct Groups {
        var order: [String] = []
        var wanted: [String: (type: String, ports: [ServingPort], endpoints: [SliceEndpoint])] = [:]
        var invalid = 0
        var skipped = 0

        static func key(_ type: String, _ ports: [ServingPort]) -> String {
            "\(type) \(EndpointSlice.key(ports))"
        }

        mutating func add(_ subset: JSON) {
            let ports = ServingPort.inSliceOrder(subset["ports"]?.array?.map { ServingPort($0) } ?? [])
            for type in ["IPv4", "IPv6"] where wanted[Self.key(type, ports)] == nil {
                order.append(Self.key(type, ports))
                wanted[Self.key(type, ports)] = (type, ports, [])
            }
            var added = 0
            let ready = subset["addresses"]?.array ?? []
            let unready = subset["notReadyAddresses"]?.array ?? []
            for (index, address) in (ready + unready).enumerated() {
                if added >= EndpointSliceMirroringController.capacity { break }
                guard let ip = address["ip"]?.string.flatMap({ IPAddress($0) }) else {
                    invalid += 1
                    continue
                }
                added += 1
                let key = Self.key(ip.isIPv4 ? "IPv4" : "IPv6", ports)
                let endpoint = SliceEndpoint(
                    addresses: [ip.description], ready: index < ready.count,
                    hostname: address["hostname"]?.string, nodeName: address["nodeName"]?.string,
                    target: address["targetRef"])
                let identity = endpoint.identity
                if let place = wanted[key]?.endpoints.firstIndex(where: { $0.identity == identity }) {
                    wanted[key]?.endpoints[place] = endpoint
                } else {
                    wanted[key]?.endpoints.append(endpoint)
                }
            }
            skipped += ready.count + unready.count - added
        }
    }

    private static func writes(
        _ groups: Groups, _ endpoints: JSON, _ present: [EndpointSlice], _ view: ClusterView
    ) -> [ControllerWrite] {
        var creates: [EndpointSlice] = []
        var updates: [EndpointSlice] = []
        var deletes: [EndpointSlice] = []
        let existing = Dictionary(grouping: present, by: { Groups.key($0.addressType, $0.ports) })
        var labels = endpoints["metadata"]?["labels"]?.object ?? [:]
        labels[EndpointNames.serviceName] = .string(endpoints.name)
        labels[EndpointNames.managedBy] = .string(EndpointNames.mirroringController)
        var annotations = endpoints["metadata"]?["annotations"]?.object ?? [:]
        annotations.removeValue(forKey: EndpointNames.triggerTime)
        annotations.removeValue(forKey: EndpointNames.lastApplied)
        for key in groups.order {
            guard let group = groups.wanted[key] else { continue }
            let mine = existing[key] ?? []
            if group.endpoints.isEmpty {
                deletes += mine
                continue
            }
            deletes += mine.dropFirst()
            if let first = mine.first, holds(first, group.endpoints), first.labels == labels,
                first.stored?.value["metadata"]?["annotations"]?.object ?? [:] == annotations
            {
                continue
            }
            var slice = EndpointSlice(
                addressType: group.type, ports: group.ports, labels: labels,
                owners: [PodTemplates.ownerReference(to: endpoints)])
            slice.endpoints = Array(group.endpoints.prefix(capacity))
            if let first = mine.first {
                slice.name = first.name
                slice.replaces = true
                updates.append(slice)
            } else {
                creates.append(slice)
            }
        }
        for slice in present where groups.wanted[Groups.key(slice.addressType, slice.ports)] == nil {
            deletes.append(slice)
        }
        // A slice that would go is written over instead.
        var gone: [EndpointSlice] = []
        for old in deletes {
            guard let index = creates.lastIndex(where: { $0.addressType == old.addressType }) else {
                gone.append(old)
                continue
            }
            var slice = creates.remove(at: index)
            slice.name = old.name
            slice.replaces = true
            updates.append(slice)
        }
        let namespace = endpoints.namespace
        func write(_ slice: EndpointSlice, isNew: Bool) -> ControllerWrite {
            let object = slice.object(
                namespace: namespace, generateName: EndpointSlice.prefix(endpoints.name),
                annotations: annotations)
            return ControllerWrite(
                group: "discovery.k8s.io", version: "v1", plural: "endpointslices", namespace: namespace,
                name: slice.name, isNew ? .create(object) : .update(object))
        }
        var writes: [ControllerWrite] = []
        if endpoints.deletionTimestamp == nil, view.isActive(namespace: namespace) {
            writes += creates.map { write($0, isNew: true) }
        }
        writes += updates.map { write($0, isNew: false) }
        writes += gone.compactMap(\.stored).map(delete)
        return writes
    }

    /// Whether a slice holds just these, in whatever order.
    private static func holds(_ slice: EndpointSlice, _ wanted: [SliceEndpoint]) -> Bool {
        guard slice.endpoints.count == wanted.count else { return false }
        let there = Dictionary(
            slice.endpoints.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
        return wanted.allSatisfy { there[$0.identity]?.hasSameState(as: $0) == true }
    }

    private static func delete(_ slice: StoredObject) -> ControllerWrite {
        .delete(
            ("discovery.k8s.io", "v1", "endpointslices"), namespace: slice.namespace, name: slice.name,
            uid: slice.value.uid)
    }
}
