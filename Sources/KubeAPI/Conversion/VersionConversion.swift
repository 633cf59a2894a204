import KubeJSON

/// Objects of kinds that upstream serves in several API versions, turned from one version into another
/// (k8s.io/kubernetes pkg/apis/…/conversion.go).
///
/// Only kinds whose versions differ in their fields have rules here; for the others a version is a name.
public enum VersionConversion {
    /// The object as the given version has it. An object of a kind that has no conversion to that version
    /// keeps its fields and takes the version's name.
    public static func convert(_ value: JSON, to kind: GroupVersionKind) -> JSON {
        let apiVersion = value.text("apiVersion")
        if apiVersion == kind.apiVersion { return value }
        var result = value
        switch (kind.kind, apiVersion, kind.apiVersion) {
        case ("HorizontalPodAutoscaler", "autoscaling/v1", "autoscaling/v2"):
            AutoscalerConversion.toSecond(&result)
        case ("HorizontalPodAutoscaler", "autoscaling/v2", "autoscaling/v1"):
            AutoscalerConversion.toFirst(&result)
        case ("Event", "v1", "events.k8s.io/v1"): EventConversion.toEventsGroup(&result)
        case ("Event", "events.k8s.io/v1", "v1"): EventConversion.toCore(&result)
        default: break
        }
        result["apiVersion"] = .string(kind.apiVersion)
        return result
    }
}
