import KubeAPI
import KubeEngine
import KubeJSON

/// Pods made from the template of what controls them (pkg/controller/controller_utils.go, GetPodFromTemplate).
enum PodTemplates {
    /// A pod of a template: its labels, annotations, finalizers and spec, owned by the controller.
    /// - Parameters:
    ///   - controller: the owner, with kind and apiVersion.
    ///   - name: of the pod; nil generates one from the owner's.
    static func pod(from template: JSON, controlledBy controller: JSON, name: String? = nil) -> JSON {
        var metadata: JSONObject = [:]
        if let name {
            metadata["name"] = .string(name)
        } else {
            metadata["generateName"] = .string(generateName(controller.name))
        }
        metadata["namespace"] = .string(controller.namespace)
        for field in ["labels", "annotations", "finalizers"] {
            if let value = template["metadata"]?[field] { metadata[field] = value }
        }
        metadata["ownerReferences"] = [ownerReference(to: controller)]
        return [
            "kind": "Pod", "apiVersion": "v1", "metadata": .object(metadata),
            "spec": template["spec"] ?? [:],
        ]
    }

    /// The owner's name and a dash, or the name alone where that would be too long for a label's value.
    private static func generateName(_ owner: String) -> String {
        owner.utf8.count + 1 <= 253 ? owner + "-" : owner
    }

    /// The reference that makes its target the controller of whoever bears it.
    static func ownerReference(to controller: JSON) -> JSON {
        [
            "apiVersion": controller["apiVersion"] ?? "", "kind": controller["kind"] ?? "",
            "name": .string(controller.name), "uid": .string(controller.uid),
            "controller": true, "blockOwnerDeletion": true,
        ]
    }

    static func create(_ pod: JSON) -> ControllerWrite {
        ControllerWrite(
            group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name, .create(pod))
    }

    static func delete(_ pod: PodSummary) -> ControllerWrite {
        .delete(("", "v1", "pods"), namespace: pod.namespace, name: pod.name, uid: pod.uid)
    }
}

/// Which pods a controller has, and what it must write to have them: those that match its selector and have
/// no controller are adopted, those of its own that match no longer are let go
/// (pkg/controller/controller_ref_manager.go).
struct PodClaim {
    /// In order of key, with those that are being adopted.
    var pods: [PodSummary] = []
    /// Patches of ownerReferences; a pod that went meanwhile is no error.
    var writes: [ControllerWrite] = []

    /// - Parameters:
    ///   - controller: with kind and apiVersion; one that is being deleted adopts nothing.
    ///   - considers: whether a pod is looked at at all (a ReplicaSet leaves out those that are not active).
    ///   - adopts: whether a pod that matches may be adopted (a StatefulSet asks for the right name as well).
    init(
        controller: JSON, selector: LabelSelector, view: ClusterView,
        considers: (PodSummary) -> Bool = { _ in true }, adopts: (PodSummary) -> Bool = { _ in true }
    ) {
        let uid = controller.uid
        let isGoing = controller.deletionTimestamp != nil
        for pod in view.pods(ofController: uid) where considers(pod) {
            if selector.matches(labels: pod.labels), adopts(pod) {
                pods.append(pod)
            } else if !isGoing, !pod.isTerminating {
                writes.append(Self.release(pod, uid))
            }
        }
        if isGoing { return }
        // Only a pod without a controller can be adopted; such pods are few where pods are many.
        let orphans = view.orphanedPods(in: controller.namespace)
        guard !orphans.isEmpty else { return }
        var adopted = false
        for pod in orphans
        where !pod.isTerminating && considers(pod) && selector.matches(labels: pod.labels) && adopts(pod) {
            writes.append(Self.adopt(pod, controller))
            pods.append(pod)
            adopted = true
        }
        if adopted { pods.sort { utf8Less($0.key, $1.key) } }
    }

    private static func adopt(_ pod: PodSummary, _ controller: JSON) -> ControllerWrite {
        patch(pod, pod.value.ownerReferences + [PodTemplates.ownerReference(to: controller)])
    }

    private static func release(_ pod: PodSummary, _ uid: String) -> ControllerWrite {
        patch(pod, pod.value.ownerReferences.filter { $0["uid"]?.string != uid })
    }

    private static func patch(_ pod: PodSummary, _ owners: [JSON]) -> ControllerWrite {
        var write = ControllerWrite(
            group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
            .patch([
                "metadata": [
                    "uid": .string(pod.uid), "resourceVersion": .string(String(pod.stored.revision)),
                    "ownerReferences": owners.isEmpty ? .null : .array(owners),
                ]
            ]))
        write.letsOthersGoOn = true
        return write
    }
}
