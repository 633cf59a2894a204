import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// One endpoint of an EndpointSlice.
struct SliceEndpoint: Sendable {
    var addresses: [String]
    var ready: Bool?
    var serving: Bool?
    var terminating: Bool?
    var hostname: String?
    /// kind, namespace, name, uid, and what else a mirrored one has.
    var target: JSON?
    var nodeName: String?
    var zone: String?
    var hints: JSON?

    init(_ json: JSON) {
        addresses = json["addresses"]?.array?.compactMap(\.string) ?? []
        let conditions = json["conditions"]
        ready = conditions?["ready"]?.bool
        serving = conditions?["serving"]?.bool
        terminating = conditions?["terminating"]?.bool
        hostname = json["hostname"]?.string
        target = json["targetRef"]
        nodeName = json["nodeName"]?.string
        zone = json["zone"]?.string
        hints = json["hints"]
    }

    /// A pod behind a service (podToEndpoint).
    init(_ pod: ServicePod, zone: String?, addresses: [String], service: String, publishesUnready: Bool) {
        self.addresses = addresses
        serving = pod.isReady
        terminating = pod.isTerminating
        ready = publishesUnready || (pod.isReady && !pod.isTerminating)
        hostname = !pod.hostname.isEmpty && pod.subdomain == service ? pod.hostname : nil
        target = [
            "kind": "Pod", "namespace": .string(pod.namespace), "name": .string(pod.name),
            "uid": .string(pod.uid),
        ]
        nodeName = pod.nodeName.isEmpty ? nil : pod.nodeName
        self.zone = zone
    }

    init(addresses: [String], ready: Bool, hostname: String?, nodeName: String?, target: JSON?) {
        self.addresses = addresses
        self.ready = ready
        self.hostname = hostname
        self.nodeName = nodeName
        self.target = target
    }

    /// What makes it the same endpoint although other things changed: addresses, host name, target.
    var identity: String {
        let names = "\(target?["namespace"]?.string ?? "")/\(target?["name"]?.string ?? "")"
        let host = hostname ?? ""
        if addresses.count == 1 { return "\(addresses[0]) \(host) \(names)" }
        return addresses.sorted(by: utf8Less).joined(separator: ",") + " \(host) \(names)"
    }

    /// Whether everything but identity and hints is the same.
    func hasSameState(as other: SliceEndpoint) -> Bool {
        ready == other.ready && serving == other.serving && terminating == other.terminating
            && nodeName == other.nodeName && zone == other.zone
            && Self.comparable(target) == Self.comparable(other.target)
    }

    /// The version of a target is no news.
    private static func comparable(_ target: JSON?) -> JSONObject {
        guard var object = target?.object else { return [:] }
        object.removeValue(forKey: "resourceVersion")
        return object
    }

    var json: JSON {
        var conditions: JSONObject = [:]
        if let ready { conditions["ready"] = .bool(ready) }
        if let serving { conditions["serving"] = .bool(serving) }
        if let terminating { conditions["terminating"] = .bool(terminating) }
        var json: JSONObject = [
            "addresses": .array(addresses.map { .string($0) }), "conditions": .object(conditions),
        ]
        if let hostname { json["hostname"] = .string(hostname) }
        if let target { json["targetRef"] = target }
        if let nodeName { json["nodeName"] = .string(nodeName) }
        if let zone { json["zone"] = .string(zone) }
        if let hints { json["hints"] = hints }
        return .object(json)
    }
}

/// An EndpointSlice that is there, or is to be.
struct EndpointSlice: Sendable {
    /// What is there; nil for a new one.
    var stored: StoredObject?
    /// Empty for a new one.
    var name = ""
    var addressType: String
    var ports: [ServingPort]
    var endpoints: [SliceEndpoint]
    var labels: JSONObject
    var owners: [JSON]
    /// A new one that takes an old one's place.
    var replaces = false

    init(_ stored: StoredObject) {
        let value = stored.value
        self.stored = stored
        name = stored.name
        addressType = value["addressType"]?.string ?? ""
        ports = ServingPort.inSliceOrder(value["ports"]?.array?.map { ServingPort($0) } ?? [])
        endpoints = value["endpoints"]?.array?.map { SliceEndpoint($0) } ?? []
        labels = value["metadata"]?["labels"]?.object ?? [:]
        owners = value.ownerReferences
    }

    init(addressType: String, ports: [ServingPort], labels: JSONObject, owners: [JSON]) {
        self.addressType = addressType
        self.ports = ports
        self.labels = labels
        self.owners = owners
        endpoints = []
    }

    /// Slices with equal keys hold endpoints of the same ports.
    static func key(_ ports: [ServingPort]) -> String {
        ports.map(\.sliceText).joined(separator: " ")
    }

    func isOwned(by uid: String, kind: String) -> Bool {
        owners.contains {
            $0["uid"]?.string == uid && $0["kind"]?.string == kind && $0["apiVersion"]?.string == "v1"
        }
    }

    /// The object to write.
    /// - Parameter annotations: all of them for a new one; nil keeps those that are there.
    func object(namespace: String, generateName: String, annotations: JSONObject) -> JSON {
        var metadata: JSONObject
        if let stored, !replaces {
            metadata = stored.value["metadata"]?.object ?? [:]
        } else {
            metadata = ["generateName": .string(generateName), "namespace": .string(namespace)]
            if !name.isEmpty { metadata["name"] = .string(name) }
            metadata["ownerReferences"] = .array(owners)
        }
        metadata["labels"] = .object(labels)
        metadata.removeValue(forKey: "annotations")
        if !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
        return [
            "kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "metadata": .object(metadata),
            "addressType": .string(addressType),
            "endpoints": endpoints.isEmpty ? .null : .array(endpoints.map(\.json)),
            "ports": ports.isEmpty ? .null : .array(ports.map(\.sliceJSON)),
        ]
    }

    static func prefix(_ name: String) -> String {
        name.utf8.count + 1 <= 253 ? name + "-" : name
    }
}

/// The labels and annotations of endpoints, as upstream names them.
enum EndpointNames {
    static let serviceName = "kubernetes.io/service-name"
    static let managedBy = "endpointslice.kubernetes.io/managed-by"
    static let headless = "service.kubernetes.io/headless"
    static let skipMirror = "endpointslice.kubernetes.io/skip-mirror"
    static let endpointsManagedBy = "endpoints.kubernetes.io/managed-by"
    static let triggerTime = "endpoints.kubernetes.io/last-change-trigger-time"
    static let overCapacity = "endpoints.kubernetes.io/over-capacity"
    static let leader = "control-plane.alpha.kubernetes.io/leader"
    static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    static let sliceController = "endpointslice-controller.k8s.io"
    static let mirroringController = "endpointslicemirroring-controller.k8s.io"
}
