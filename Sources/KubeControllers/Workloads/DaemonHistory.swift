import KubeAPI
import KubeEngine
import KubeJSON

/// The revisions of a DaemonSet: the one that its template is now, and the old ones
/// (pkg/controller/daemon/update.go).
struct DaemonHistory {
    /// The value of `controller-revision-hash` on pods that are up to date.
    private(set) var hash = ""
    private(set) var writes: [ControllerWrite] = []
    /// The count of collisions to go on with, when another's revision has the name.
    private(set) var collision: Int64?
    private var old: [JSON] = []

    /// - Parameter revisions: those of the set, oldest number first.
    init(_ set: JSON, _ revisions: [JSON], _ pods: [PodSummary], _ view: ClusterView) {
        let data = ControllerRevisions.data(of: set.at("spec", "template") ?? [:])
        var same: [JSON] = []
        for var revision in revisions {
            if revision.at("metadata", "labels", DaemonPods.hashLabel) == nil {
                revision.set(.string(revision.name), at: "metadata", "labels", DaemonPods.hashLabel)
                writes.append(ControllerRevisions.write(revision, .update(revision)))
            }
            if revision["data"] == data { same.append(revision) } else { old.append(revision) }
        }
        let number = (old.last.map(ControllerRevisions.number) ?? 0) + 1
        guard let current = same.last else {
            create(set, data, number, view)
            return
        }
        hash = Self.hash(current)
        if same.count > 1 { merge(same.dropLast(), pods) }
        if ControllerRevisions.number(current) < number {
            writes.append(ControllerRevisions.renumber(current, to: number))
        }
    }

    private static func hash(_ revision: JSON) -> String {
        revision.at("metadata", "labels", DaemonPods.hashLabel)?.string ?? ""
    }

    private mutating func create(_ set: JSON, _ data: JSON, _ number: Int64, _ view: ClusterView) {
        let collisions = set.at("status", "collisionCount")?.integer ?? 0
        hash = ControllerRevisions.hash(data, collisions: collisions)
        let name = set.name + "-" + hash
        guard let taken = view.object(.controllerRevisions, set.namespace + "/" + name) else {
            writes.append(
                ControllerRevisions.create(
                    ControllerRevisions.revision(
                        of: set, name: name, data: data, number: number,
                        hashLabel: DaemonPods.hashLabel, hash: hash)))
            return
        }
        if taken["data"] != data { collision = collisions + 1 }
    }

    /// One revision of a template is enough: its pods are relabelled first.
    private mutating func merge(_ duplicates: ArraySlice<JSON>, _ pods: [PodSummary]) {
        for pod in pods where pod.labels[DaemonPods.hashLabel]?.string != hash {
            writes.append(
                ControllerWrite(
                    group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                    .patch(["metadata": ["labels": [DaemonPods.hashLabel: .string(hash)]]])))
        }
        writes += duplicates.map(ControllerRevisions.delete)
    }

    /// Deletes the oldest revisions that no pod is of, down to `revisionHistoryLimit`.
    func truncation(_ set: JSON, _ pods: [PodSummary]) -> [ControllerWrite] {
        let excess = old.count - (set.at("spec", "revisionHistoryLimit")?.int ?? 10)
        if excess <= 0 { return [] }
        var live = Set<String>()
        for pod in pods {
            if let hash = pod.labels[DaemonPods.hashLabel]?.string, !hash.isEmpty { live.insert(hash) }
        }
        return old.filter { !live.contains(Self.hash($0)) }.prefix(excess).map(ControllerRevisions.delete)
    }
}
