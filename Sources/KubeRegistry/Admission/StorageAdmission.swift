import KubeAPI
import KubeJSON

/// A claim that names no storage class gets the default one.
struct DefaultStorageClass: AdmissionPlugin {
    private static let annotations = [
        "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
    ]

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isMain("", "persistentvolumeclaims"),
            object["spec"]?["storageClassName"] == nil,
            object.metadata["annotations"]?["volume.beta.kubernetes.io/storage-class"] == nil,
            let chosen = Self.chosen(among: registry.objects("storage.k8s.io", "storageclasses"))
        else { return }
        object.set(.string(chosen), at: "spec", "storageClassName")
    }

    /// The newest of the default classes, by name among equals.
    static func chosen(among classes: [JSON]) -> String? {
        newestDefault(classes, annotations)
    }
}

/// An Ingress that names no class gets the default one.
struct DefaultIngressClass: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create, attributes.isMain("networking.k8s.io", "ingresses"),
            object["spec"]?["ingressClassName"] == nil,
            object.metadata["annotations"]?["kubernetes.io/ingress.class"] == nil,
            let chosen = newestDefault(
                registry.objects("networking.k8s.io", "ingressclasses"),
                ["ingressclass.kubernetes.io/is-default-class"])
        else { return }
        object.set(.string(chosen), at: "spec", "ingressClassName")
    }
}

private func newestDefault(_ classes: [JSON], _ annotations: [String]) -> String? {
    let defaults = classes.filter { candidate in
        annotations.contains { candidate.metadata["annotations"]?[$0]?.string == "true" }
    }
    return defaults.min { left, right in
        let (a, b) = (
            left.metadata["creationTimestamp"]?.string ?? "",
            right.metadata["creationTimestamp"]?.string ?? ""
        )
        return a != b ? a > b : left.name < right.name
    }?.name
}

/// Claims and volumes that are in use outlive their deletion until they are not.
struct StorageObjectInUseProtection: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .create else { return }
        let finalizer: String
        if attributes.isMain("", "persistentvolumeclaims") {
            finalizer = "kubernetes.io/pvc-protection"
        } else if attributes.isMain("", "persistentvolumes") {
            finalizer = "kubernetes.io/pv-protection"
        } else if attributes.isMain("storage.k8s.io", "volumeattributesclasses") {
            finalizer = "kubernetes.io/vac-protection"
        } else {
            return
        }
        let present = object.finalizers
        if !present.contains(finalizer) {
            object.setMetadata("finalizers", .array((present + [finalizer]).map { .string($0) }))
        }
    }
}
