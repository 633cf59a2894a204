import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Keeps the Endpoints of services that have a selector (pkg/controller/endpoint). A key is a service's.
public struct EndpointsController: Controller {
    public let name = "endpoints-controller"
    public let alias = "endpoints"
    public let account = "endpoint-controller"
    static let manager = "endpoint-controller"

    private var looks = ServiceLooks()

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let key = event.object.key
        switch event.collection {
        case .pods: return looks.podChanged(event)
        case .services:
            looks.serviceChanged(event, view)
            return [key]
        case .endpoints where event.kind == .deleted: return [key]
        // Those whose service went while nobody looked.
        case .endpoints where event.kind == .added && view.stored(.services, key) == nil:
            return event.object.labels?[EndpointNames.endpointsManagedBy] == .string(Self.manager)
                ? [key] : []
        default: return []
        }
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let service = view.object(.services, key) else {
            looks.forget(key)
            guard let left = view.object(.endpoints, key),
                left.at("metadata", "annotations", EndpointNames.leader) == nil
            else { return .nothing }
            return Reconciliation(writes: [
                .delete(("", "v1", "endpoints"), namespace: left.namespace, name: left.name, uid: left.uid)
            ])
        }
        switch looks.look(at: service, key, now: now) {
        case .none: return .nothing
        case .later(let delay): return Reconciliation(requeueAfter: delay)
        case .now(let pods, let trigger): return publish(pods, of: service, key, trigger, view)
        }
    }

    private func publish(
        _ pods: [ServicePod], of service: JSON, _ key: String, _ trigger: Timestamp?, _ view: ClusterView
    ) -> Reconciliation {
        var subsets = Self.subsets(service, pods)
        let isOver = subsets.truncate()
        let wanted = JSON.array(subsets.json)
        let present = view.object(.endpoints, key)
        var labels = service["metadata"]?["labels"]?.object ?? [:]
        labels[EndpointNames.endpointsManagedBy] = .string(Self.manager)
        let address = service["spec"]?["clusterIP"]?.string ?? ""
        labels.removeValue(forKey: EndpointNames.headless)
        if let present {
            var marked = present["metadata"]?["labels"]?.object ?? [:]
            marked.removeValue(forKey: EndpointNames.headless)
            let annotations = present["metadata"]?["annotations"]
            if (present["subsets"] ?? []) == wanted || (present["subsets"] == .null && wanted == []),
                marked == labels, (annotations?[EndpointNames.overCapacity] != nil) == isOver
            {
                return .nothing
            }
        }
        if address.isEmpty || address == "None" { labels[EndpointNames.headless] = "" }
        var annotations = present?["metadata"]?["annotations"]?.object ?? [:]
        annotations.removeValue(forKey: EndpointNames.triggerTime)
        annotations.removeValue(forKey: EndpointNames.overCapacity)
        if let trigger { annotations[EndpointNames.triggerTime] = .string(trigger.rfc3339) }
        if isOver { annotations[EndpointNames.overCapacity] = "truncated" }

        var object =
            present
            ?? [
                "kind": "Endpoints", "apiVersion": "v1",
                "metadata": ["name": .string(service.name), "namespace": .string(service.namespace)],
            ]
        object.setMetadata("labels", .object(labels))
        object.setMetadata("annotations", annotations.isEmpty ? nil : .object(annotations))
        object["subsets"] = wanted
        if present == nil, !view.isActive(namespace: service.namespace) { return .nothing }
        let verb = present == nil ? "create" : "update"
        let words =
            present == nil
            ? "Failed to create endpoint for service \(service.namespace)/\(service.name): {error}"
            : "Failed to update endpoint \(service.namespace)/\(service.name): {error}"
        let failure = RecordedEvent(
            .warning, verb == "create" ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint", words,
            of: object, component: Self.manager)
        return Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "endpoints", namespace: service.namespace,
                name: service.name, present == nil ? .create(object) : .update(object)
            ).recording(nil, orFailure: failure)
        ])
    }

    private static func subsets(_ service: JSON, _ pods: [ServicePod]) -> EndpointSubsets {
        let spec = service["spec"] ?? [:]
        let publishesUnready = spec["publishNotReadyAddresses"]?.bool == true
        let ports = PublishedPorts(spec)
        let clusterIP = spec["clusterIP"]?.string ?? ""
        let family = spec["ipFamilies"]?[0]?.string
        let isSix = family.map { $0 == "IPv6" } ?? (IPAddress(clusterIP)?.isIPv4 == false)
        var served: [(address: EndpointSubsets.Address, ports: [ServingPort])] = []
        served.reserveCapacity(pods.count)
        for pod in pods where !pod.isFinished && pod.hasAddress && (publishesUnready || !pod.isTerminating) {
            guard let ip = (isSix ? pod.addresses6 : pod.addresses4).first else { continue }
            let isNamed = !pod.hostname.isEmpty && pod.subdomain == service.name
            let address = EndpointSubsets.Address(
                ip: ip, uid: pod.uid, isReady: publishesUnready || pod.isReady, pod: pod,
                hostname: isNamed ? pod.hostname : "")
            served.append((address, ports.inOrder(of: pod)))
        }
        return EndpointSubsets(served, allowsNoPorts: ports.isEmpty && clusterIP == "None")
    }
}
