import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// The annotations, labels and names by which storage controllers, schedulers and provisioners talk.
enum StorageWords {
    static let bindCompleted = "pv.kubernetes.io/bind-completed"
    static let boundByController = "pv.kubernetes.io/bound-by-controller"
    static let provisionedBy = "pv.kubernetes.io/provisioned-by"
    static let selectedNode = "volume.kubernetes.io/selected-node"
    /// Under both names: provisioners of all ages look.
    static let provisioner = [
        "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner",
    ]
    static let betaClass = "volume.beta.kubernetes.io/storage-class"
    static let component = "persistentvolume-controller"
    static let isDefault = [
        "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
    ]

    /// The class of a claim or a volume; empty when it has none.
    static func className(of object: JSON) -> String {
        annotation(betaClass, of: object) ?? object["spec"]?["storageClassName"]?.string ?? ""
    }

    /// A claim that was never given a class, not even the empty one.
    static func lacksClass(_ claim: JSON) -> Bool {
        annotation(betaClass, of: claim) == nil && claim["spec"]?["storageClassName"]?.string == nil
    }

    static func annotation(_ name: String, of object: JSON) -> String? {
        object["metadata"]?["annotations"]?[name]?.string
    }

    static func volumeMode(of object: JSON) -> String {
        object["spec"]?["volumeMode"]?.string ?? "Filesystem"
    }

    static func capacity(of volume: JSON) -> Quantity {
        volume["spec"]?["capacity"]?["storage"]?.string.flatMap { Quantity($0) } ?? .zero
    }

    static func request(of claim: JSON) -> Quantity {
        claim["spec"]?["resources"]?["requests"]?["storage"]?.string.flatMap { Quantity($0) } ?? .zero
    }

    static func phase(_ object: JSON) -> String { object["status"]?["phase"]?.string ?? "" }

    /// The newest of the default classes, by name among equals.
    static func defaultClass(in view: ClusterView) -> String? {
        var best: (name: String, created: String)?
        for stored in view.objects(.storageClasses) {
            let value = stored.value
            guard isDefault.contains(where: { annotation($0, of: value) == "true" }) else { continue }
            let created = value["metadata"]?["creationTimestamp"]?.string ?? ""
            if let best, best.created >= created { continue }
            best = (stored.key, created)
        }
        return best?.name
    }

    static func event(
        _ kind: RecordedEvent.Kind, _ reason: String, _ message: String, of object: JSON
    ) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: object, component: component)
    }

    static func patch(
        _ plural: String, _ object: JSON, subresource: String = "", versioned: Bool = false, _ change: JSON
    ) -> ControllerWrite {
        var change = change
        change.set(.string(object.uid), at: "metadata", "uid")
        if versioned { change.set(.string(object.resourceVersion), at: "metadata", "resourceVersion") }
        return ControllerWrite(
            group: "", version: "v1", plural: plural, namespace: object.namespace, name: object.name,
            subresource: subresource, .patch(change))
    }
}
