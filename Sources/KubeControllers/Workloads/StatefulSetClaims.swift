import KubeAPI
import KubeEngine
import KubeJSON

/// The volume claims of a StatefulSet's pods: made with the pod, kept or given up with pod and set as
/// `persistentVolumeClaimRetentionPolicy` says.
struct StatefulSetClaims {
    let spec: StatefulSetSpec
    let view: ClusterView

    /// What owns a claim, as far as this is concerned.
    struct Owner {
        let apiVersion: String
        let kind: String
        let name: String
        /// Empty for a pod that is not there yet.
        let uid: String

        func isNamed(by reference: JSON) -> Bool {
            reference["apiVersion"]?.string == apiVersion && reference["kind"]?.string == kind
                && reference["name"]?.string == name
        }
        func owns(_ reference: JSON) -> Bool { !uid.isEmpty && reference["uid"]?.string == uid }
        var reference: JSON {
            [
                "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name),
                "uid": .string(uid), "controller": true, "blockOwnerDeletion": true,
            ]
        }
    }

    private var set: Owner {
        Owner(apiVersion: "apps/v1", kind: "StatefulSet", name: spec.name, uid: spec.set.uid)
    }

    private func pod(_ name: String, _ uid: String) -> Owner {
        Owner(apiVersion: "v1", kind: "Pod", name: name, uid: uid)
    }

    private func current(_ template: JSON, _ ordinal: Int) -> JSON? {
        view.object(
            .persistentVolumeClaims, spec.namespace + "/" + spec.claimName(template, ordinal))
    }

    /// Whether a claim is still that of an earlier pod of the name, which the collector takes away with it.
    func isStale(_ ordinal: Int) -> Bool {
        guard spec.deletesWhenScaled else { return false }
        let owner = pod(spec.podName(ordinal), "")
        return spec.claimTemplates.contains { template in
            (current(template, ordinal)?.ownerReferences ?? []).contains { owner.isNamed(by: $0) }
        }
    }

    /// A claim of the pod that is being deleted, with which no pod can be made.
    func leavingClaim(_ ordinal: Int) -> String? {
        for template in spec.claimTemplates {
            if let claim = current(template, ordinal), claim.deletionTimestamp != nil { return claim.name }
        }
        return nil
    }

    /// Creates those of a pod's claims that are not there.
    func creations(_ ordinal: Int) -> [ControllerWrite] {
        let podName = spec.podName(ordinal)
        return spec.claimTemplates.compactMap { template in
            guard current(template, ordinal) == nil else { return nil }
            var claim = template
            let name = spec.claimName(template, ordinal)
            claim["kind"] = "PersistentVolumeClaim"
            claim["apiVersion"] = "v1"
            claim.removeValue(forKey: "status")
            claim.set(.string(name), at: "metadata", "name")
            claim.set(.string(spec.namespace), at: "metadata", "namespace")
            var labels = template.at("metadata", "labels")?.object ?? [:]
            for (key, value) in spec.set.at("spec", "selector", "matchLabels")?.object ?? [:] {
                labels[key] = value
            }
            if !labels.isEmpty { claim.set(.object(labels), at: "metadata", "labels") }
            if spec.deletesWhenDeleted, spec.contains(ordinal: ordinal) {
                claim.set(
                    .array(template.ownerReferences + [set.reference]), at: "metadata", "ownerReferences")
            }
            return ControllerWrite(
                group: "", version: "v1", plural: "persistentvolumeclaims", namespace: spec.namespace,
                name: name, .create(claim)
            ).recording(
                event(
                    .normal, "SuccessfulCreate",
                    "create Claim \(name) Pod \(podName) in StatefulSet \(spec.name) success"),
                orFailure: event(
                    .warning, "FailedCreate",
                    "create Claim \(name) for Pod \(podName) in StatefulSet \(spec.name) "
                        + "failed error: {error}"))
        }
    }

    func event(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: spec.set, component: "statefulset-controller")
    }

    /// Writes the owners of a pod's claims that are not as the policy asks.
    func corrections(_ existing: PodSummary, _ ordinal: Int) -> [ControllerWrite] {
        if spec.claimTemplates.isEmpty { return [] }
        let pod = pod(existing.name, existing.uid)
        return spec.claimTemplates.compactMap { template in
            guard let claim = current(template, ordinal), !isUpToDate(claim, pod, ordinal) else { return nil }
            return ControllerWrite(
                group: "", version: "v1", plural: "persistentvolumeclaims", namespace: spec.namespace,
                name: claim.name,
                .patch([
                    "metadata": [
                        "uid": .string(claim.uid), "resourceVersion": .string(claim.resourceVersion),
                        "ownerReferences": owners(claim, pod, ordinal),
                    ]
                ]))
        }
    }

    /// What is owned in a way that this did not bring about is left alone.
    private func isUpToDate(_ claim: JSON, _ pod: Owner, _ ordinal: Int) -> Bool {
        let references = claim.ownerReferences
        for owner in [set, pod] {
            if let named = references.first(where: { owner.isNamed(by: $0) }), !owner.owns(named) {
                return true
            }
        }
        let ours = references.filter { set.owns($0) || pod.owns($0) }
        if isControlledByOthers(references, pod) { return ours.isEmpty }
        if ours.contains(where: { $0["controller"]?.bool != true }) { return false }
        let wanted = wanted(ordinal)
        return references.contains { set.owns($0) } == wanted.set
            && references.contains { pod.owns($0) } == wanted.pod
    }

    /// Who is to own a claim: the pod that a scaling condemned, or the set.
    private func wanted(_ ordinal: Int) -> (set: Bool, pod: Bool) {
        let isIn = spec.contains(ordinal: ordinal)
        if spec.deletesWhenScaled { return (spec.deletesWhenDeleted && isIn, !isIn) }
        return (spec.deletesWhenDeleted, false)
    }

    private func isControlledByOthers(_ references: [JSON], _ pod: Owner) -> Bool {
        guard spec.deletesWhenScaled || spec.deletesWhenDeleted else { return false }
        return references.contains { reference in
            for owner in [set, pod] where owner.isNamed(by: reference) { return !owner.owns(reference) }
            return reference["controller"]?.bool == true
        }
    }

    private func owners(_ claim: JSON, _ pod: Owner, _ ordinal: Int) -> JSON {
        let references = claim.ownerReferences
        var kept = references.filter { !set.isNamed(by: $0) && !pod.isNamed(by: $0) }
        if !isControlledByOthers(references, pod) {
            let wanted = wanted(ordinal)
            if wanted.set, !kept.contains(where: set.owns) { kept.append(set.reference) }
            if wanted.pod, !kept.contains(where: pod.owns) { kept.append(pod.reference) }
        }
        return kept.isEmpty ? .null : .array(kept)
    }
}
