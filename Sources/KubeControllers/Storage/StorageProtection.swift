import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Lets a claim that is being deleted go when no pod uses it (pkg/controller/volume/pvcprotection).
public struct ClaimProtectionController: Controller {
    public let name = "persistentvolumeclaim-protection-controller"
    public let alias = "pvc-protection"
    public let account = "pvc-protection-controller"
    static let finalizer = "kubernetes.io/pvc-protection"

    private var pods = PodClaims()

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .persistentVolumeClaims where event.kind != .deleted:
            return Protection.concerns(event.object.value, Self.finalizer) ? [event.object.key] : []
        case .pods where event.kind != .modified:
            let claims = pods.observe(event)
            return event.kind == .deleted ? claims : []
        default: return []
        }
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let claim = view.object(.persistentVolumeClaims, key) else { return .nothing }
        if claim.deletionTimestamp == nil {
            return Reconciliation(
                writes: Protection.add(Self.finalizer, claim, view.resource(of: .persistentVolumeClaims)))
        }
        // A pod without a node has not used it, and will not be started with it.
        let isUsed = pods.pods(naming: key, in: view).contains { pod in
            !pod.nodeName.isEmpty && Self.uses(pod, claim)
        }
        if isUsed { return .nothing }
        return Reconciliation(
            writes: Protection.remove(Self.finalizer, claim, view.resource(of: .persistentVolumeClaims)))
    }

    /// Of two that only share a name with what would be made for a pod, the pod's own counts.
    private static func uses(_ pod: PodSummary, _ claim: JSON) -> Bool {
        (pod.value["spec"]?["volumes"]?.array ?? []).contains { volume in
            if let name = volume["persistentVolumeClaim"]?["claimName"]?.string { return name == claim.name }
            guard let ephemeral = volume["ephemeral"], !ephemeral.isNull else { return false }
            return claim.name == "\(pod.name)-\(volume["name"]?.string ?? "")"
                && claim.ownerReferences.contains {
                    $0["uid"]?.string == pod.uid && $0["controller"]?.bool == true
                }
        }
    }
}

/// Lets a volume that is being deleted go when it is bound to no claim (pkg/controller/volume/pvprotection).
public struct VolumeProtectionController: Controller {
    public let name = "persistentvolume-protection-controller"
    public let alias = "pv-protection"
    public let account = "pv-protection-controller"
    static let finalizer = "kubernetes.io/pv-protection"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .persistentVolumes, event.kind != .deleted,
            Protection.concerns(event.object.value, Self.finalizer)
        else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let volume = view.object(.persistentVolumes, key) else { return .nothing }
        let resource = view.resource(of: .persistentVolumes)
        if volume.deletionTimestamp == nil {
            return Reconciliation(writes: Protection.add(Self.finalizer, volume, resource))
        }
        if StorageWords.phase(volume) == "Bound" { return .nothing }
        return Reconciliation(writes: Protection.remove(Self.finalizer, volume, resource))
    }
}

/// Lets a VolumeAttributesClass that is being deleted go when no claim and no volume names it
/// (pkg/controller/volume/vacprotection).
public struct AttributesClassProtectionController: Controller {
    public let name = "volumeattributesclass-protection-controller"
    public let alias = "vac-protection"
    public let account = "volumeattributesclass-protection-controller"
    static let finalizer = "kubernetes.io/vac-protection"

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .volumeAttributesClasses where event.kind != .deleted:
            return Protection.concerns(event.object.value, Self.finalizer) ? [event.object.key] : []
        case .persistentVolumes, .persistentVolumeClaims:
            if event.kind == .added || view.isEmpty(.volumeAttributesClasses) { return [] }
            // What was named, and is not any more.
            let before = Self.named((event.previous ?? event.object).value)
            if before.isEmpty || event.kind == .deleted { return before }
            let after = Self.named(event.object.value)
            return before.filter { !after.contains($0) }
        default: return []
        }
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let attributesClass = view.object(.volumeAttributesClasses, key) else { return .nothing }
        let resource = view.resource(of: .volumeAttributesClasses)
        if attributesClass.deletionTimestamp == nil {
            return Reconciliation(writes: Protection.add(Self.finalizer, attributesClass, resource))
        }
        let isUsed = [CollectionID.persistentVolumes, .persistentVolumeClaims].contains { collection in
            view.objects(collection).contains { Self.named($0.value).contains(key) }
        }
        if isUsed { return .nothing }
        return Reconciliation(writes: Protection.remove(Self.finalizer, attributesClass, resource))
    }

    /// The classes that a volume or claim has, is to get or is getting.
    private static func named(_ object: JSON) -> [String] {
        var names: [String] = []
        for name in [
            object["spec"]?["volumeAttributesClassName"],
            object["status"]?["currentVolumeAttributesClassName"],
            object["status"]?["modifyVolumeStatus"]?["targetVolumeAttributesClassName"],
        ] {
            if let name = name?.string, !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return names
    }
}

private enum Protection {
    /// Something is to be done: it goes and is held, or it does not and is not.
    static func concerns(_ object: JSON, _ finalizer: String) -> Bool {
        (object.deletionTimestamp != nil) == object.finalizers.contains(finalizer)
    }

    static func add(_ finalizer: String, _ object: JSON, _ resource: ResourceInfo?) -> [ControllerWrite] {
        if object.finalizers.contains(finalizer) { return [] }
        return set(object.finalizers + [finalizer], object, resource)
    }

    static func remove(_ finalizer: String, _ object: JSON, _ resource: ResourceInfo?) -> [ControllerWrite] {
        guard object.finalizers.contains(finalizer) else { return [] }
        return set(object.finalizers.filter { $0 != finalizer }, object, resource)
    }

    private static func set(
        _ finalizers: [String], _ object: JSON, _ resource: ResourceInfo?
    ) -> [ControllerWrite] {
        guard let resource else { return [] }
        var object = object
        object.set(.array(finalizers.map { .string($0) }), at: "metadata", "finalizers")
        return [
            ControllerWrite(resource, namespace: object.namespace, name: object.name, .update(object))
        ]
    }
}
