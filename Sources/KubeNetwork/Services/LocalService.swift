import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// A Service that this process answers itself, and the EndpointSlice by which it leads here.
///
/// The Service has no selector: no pod answers. Somebody who runs the same in pods gives it one, and the process's
/// own endpoint is withdrawn.
public struct LocalService: Sendable {
    public struct Port: Sendable {
        public enum Transport: String, Sendable { case tcp = "TCP", udp = "UDP" }
        var name: String
        var number: Int
        var transport: Transport

        public init(_ name: String, _ number: Int, _ transport: Transport) {
            (self.name, self.number, self.transport) = (name, number, transport)
        }
    }

    public var namespace: String
    public var name: String
    public var labels: JSONObject
    public var annotations: JSONObject
    /// An address of the range of Services, or `None`.
    public var clusterIP: String
    /// Where this process answers: an address of the machine.
    public var endpoint: IPAddress
    public var ports: [Port]

    public init(
        namespace: String, name: String, labels: JSONObject, annotations: JSONObject = [:], clusterIP: String,
        endpoint: IPAddress, ports: [Port]
    ) {
        self.namespace = namespace
        self.name = name
        self.labels = labels
        self.annotations = annotations
        self.clusterIP = clusterIP
        self.endpoint = endpoint
        self.ports = ports
    }

    public var sliceName: String { name + "-aegis" }

    private var portList: JSON {
        .array(
            ports.map { port in
                [
                    "name": .string(port.name), "protocol": .string(port.transport.rawValue),
                    "port": .integer(Int64(port.number)),
                ]
            })
    }

    var service: JSON {
        var metadata: JSON = [
            "name": .string(name), "namespace": .string(namespace), "labels": .object(labels),
        ]
        if !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
        return ["metadata": metadata, "spec": ["clusterIP": .string(clusterIP), "ports": portList]]
    }

    /// - Parameter service: the Service that is there.
    func slice(of service: JSON) -> JSON {
        var labels = labels
        labels["endpointslice.kubernetes.io/managed-by"] = "aegis.dev"
        labels["kubernetes.io/service-name"] = .string(name)
        return [
            "metadata": [
                "name": .string(sliceName), "namespace": .string(namespace), "labels": .object(labels),
                "ownerReferences": [
                    [
                        "apiVersion": "v1", "kind": "Service", "name": .string(name),
                        "uid": .string(service.uid), "controller": true, "blockOwnerDeletion": true,
                    ]
                ],
            ],
            "addressType": "IPv4",
            "endpoints": [
                [
                    "addresses": [.string(endpoint.description)],
                    "conditions": ["ready": true, "serving": true, "terminating": false],
                ]
            ],
            "ports": portList,
        ]
    }
}

/// Keeps a `LocalService` and its endpoint there.
public struct LocalServiceController: Controller {
    public let name: String
    public let alias: String
    public let account: String
    private let wanted: LocalService
    private let key: String
    private let sliceKey: String

    /// - Parameters:
    ///   - name: of the controller.
    ///   - alias: for people.
    ///   - account: as whom it writes.
    public init(_ wanted: LocalService, name: String, alias: String, account: String) {
        self.name = name
        self.alias = alias
        self.account = account
        self.wanted = wanted
        key = wanted.namespace + "/" + wanted.name
        sliceKey = wanted.namespace + "/" + wanted.sliceName
    }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        let isMeant =
            switch event.collection {
            case .namespaces: event.object.key == wanted.namespace
            case .services: event.object.key == key
            case .endpointSlices: event.object.key == sliceKey
            default: false
            }
        return isMeant ? [key] : []
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let services = view.resource(of: .services), let slices = view.resource(of: .endpointSlices),
            view.stored(.namespaces, wanted.namespace) != nil
        else { return .nothing }
        guard let service = view.object(.services, key) else {
            return writes(
                ControllerWrite(
                    services, namespace: wanted.namespace,
                    name: wanted.name, .create(wanted.service)))
        }
        if service.deletionTimestamp != nil { return .nothing }
        let slice = view.object(.endpointSlices, sliceKey)
        if let selector = service["spec"]?["selector"]?.object, !selector.isEmpty {
            guard let slice else { return .nothing }
            return writes(
                .delete(
                    (slices.group, slices.version, slices.plural), namespace: wanted.namespace,
                    name: wanted.sliceName, uid: slice.uid))
        }
        let target = wanted.slice(of: service)
        guard let slice else {
            return writes(
                ControllerWrite(
                    slices, namespace: wanted.namespace,
                    name: wanted.sliceName, .create(target)))
        }
        // One of a Service that is gone is deleted by the garbage collector, and made again then.
        let differs = ["endpoints", "ports"].filter { slice[$0] != target[$0] }
        guard slice.deletionTimestamp == nil, !differs.isEmpty else { return .nothing }
        var changed = slice
        for field in differs { changed[field] = target[field] }
        return writes(
            ControllerWrite(
                slices, namespace: wanted.namespace,
                name: wanted.sliceName, .update(changed)))
    }

    private func writes(_ write: ControllerWrite) -> Reconciliation {
        var write = write
        write.existingIsDone = true
        return Reconciliation(writes: [write])
    }
}
