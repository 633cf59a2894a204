import KubeAPI
import KubeJSON

/// Refuses what a quota of the namespace leaves no room for. The charge itself is made with the write
/// (`Registry.chargedWrite`), by the same computation.
struct ResourceQuotaAdmission: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        _ = try registry.quotaCharges(object, attributes)
    }
}
