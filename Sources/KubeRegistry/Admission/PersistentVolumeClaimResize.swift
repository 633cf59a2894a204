import KubeAPI
import KubeJSON

/// A claim grows only when it is bound, and its class says that its volumes can grow.
struct PersistentVolumeClaimResize: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard attributes.operation == .update, attributes.isMain("", "persistentvolumeclaims"),
            let old = attributes.old, size(object) > size(old)
        else { return }
        if old["status"]?["phase"]?.string != "Bound" {
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                "Only bound persistent volume claims can be expanded")
        }
        let name = PersistentVolumeClaims.storageClass(of: object)
        if !name.isEmpty, name == PersistentVolumeClaims.storageClass(of: old),
            registry.lookup("storage.k8s.io", "storageclasses", name)?["allowVolumeExpansion"]?.bool == true
        {
            return
        }
        throw .forbidden(
            attributes.resource.groupResource, attributes.name,
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
        )
    }

    private func size(_ claim: JSON) -> Quantity {
        claim.at("spec", "resources", "requests", "storage")?.string.flatMap { Quantity($0) } ?? .zero
    }
}

enum PersistentVolumeClaims {
    /// The class by annotation (its first form) or field; empty when there is none.
    static func storageClass(of claim: JSON) -> String {
        claim.at("metadata", "annotations", "volume.beta.kubernetes.io/storage-class")?.string
            ?? claim["spec"]?["storageClassName"]?.string ?? ""
    }
}
