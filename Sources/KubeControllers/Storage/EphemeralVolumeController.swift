import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Makes the claims that pods bring the templates of (pkg/controller/volume/ephemeral).
public struct EphemeralVolumeController: Controller {
    public let name = "ephemeral-volume-controller"
    public let alias = "ephemeral-volume"
    public let account = "ephemeral-volume-controller"

    /// The pod that each claim is made for.
    private var pods: [String: String] = [:]

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .pods where event.kind != .modified:
            guard let pod = event.pod else { return [] }
            let claims = Self.volumes(of: pod).map { "\(pod.namespace)/\(pod.name)-\($0.name)" }
            if claims.isEmpty { return [] }
            for claim in claims { pods[claim] = event.kind == .deleted ? nil : pod.key }
            return event.kind == .deleted ? [] : [pod.key]
        case .persistentVolumeClaims where event.kind == .deleted:
            return pods[event.object.key].map { [$0] } ?? []
        default: return []
        }
    }

    private static func volumes(of pod: PodSummary) -> [(name: String, template: JSON)] {
        (pod.value["spec"]?["volumes"]?.array ?? []).compactMap { volume in
            guard let name = volume["name"]?.string,
                let template = volume["ephemeral"]?["volumeClaimTemplate"]
            else { return nil }
            return (name, template)
        }
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let pod = view.pod(key), !pod.isTerminating else { return .nothing }
        var result = Reconciliation()
        for (volume, template) in Self.volumes(of: pod) {
            let name = "\(pod.name)-\(volume)"
            let place = "\(pod.namespace)/\(name)"
            if let claim = view.object(.persistentVolumeClaims, place) {
                let isOurs = claim.ownerReferences.contains {
                    $0["uid"]?.string == pod.uid && $0["controller"]?.bool == true
                }
                if isOurs { continue }
                result.events.append(
                    Self.failure(
                        pod, volume, "PVC \(place) was not created for pod \(pod.key) (pod is not owner)"))
                continue
            }
            var metadata: JSONObject = ["name": .string(name), "namespace": .string(pod.namespace)]
            for field in ["labels", "annotations"] {
                if let value = template["metadata"]?[field] { metadata[field] = value }
            }
            metadata["ownerReferences"] = [PodTemplates.ownerReference(to: pod.value)]
            var write = ControllerWrite(
                group: "", version: "v1", plural: "persistentvolumeclaims", namespace: pod.namespace,
                name: name,
                .create([
                    "kind": "PersistentVolumeClaim", "apiVersion": "v1", "metadata": .object(metadata),
                    "spec": template["spec"] ?? [:],
                ]))
            write.letsOthersGoOn = true
            result.writes.append(
                write.recording(nil, orFailure: Self.failure(pod, volume, "create PVC \(place): {error}")))
        }
        return result
    }

    private static func failure(_ pod: PodSummary, _ volume: String, _ why: String) -> RecordedEvent {
        RecordedEvent(
            .warning, "FailedBinding", "ephemeral volume \(volume): \(why)", of: pod.value,
            component: "ephemeral_volume")
    }
}
