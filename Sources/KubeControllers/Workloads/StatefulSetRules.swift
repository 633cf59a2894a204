import KubeAPI
import KubeEngine
import KubeJSON

/// What a StatefulSet asks for, read once for a reconciliation.
struct StatefulSetSpec {
    let set: JSON
    let name: String
    let namespace: String
    let replicas: Int
    let start: Int
    let minReadySeconds: Int
    let isParallel: Bool
    let isRolling: Bool
    /// Pods below this place in the set stay at the current revision.
    let partition: Int
    let historyLimit: Int
    let claimTemplates: [JSON]
    let deletesWhenScaled: Bool
    let deletesWhenDeleted: Bool

    init(_ set: JSON) {
        self.set = set
        name = set.name
        namespace = set.namespace
        let spec = set["spec"]
        replicas = max(0, spec?["replicas"]?.int ?? 1)
        start = max(0, spec?["ordinals"]?["start"]?.int ?? 0)
        minReadySeconds = max(0, spec?["minReadySeconds"]?.int ?? 0)
        isParallel = spec?["podManagementPolicy"]?.string == "Parallel"
        isRolling = spec?["updateStrategy"]?["type"]?.string != "OnDelete"
        partition = max(0, spec?["updateStrategy"]?["rollingUpdate"]?["partition"]?.int ?? 0)
        historyLimit = spec?["revisionHistoryLimit"]?.int ?? 10
        claimTemplates = spec?["volumeClaimTemplates"]?.array ?? []
        let retention = spec?["persistentVolumeClaimRetentionPolicy"]
        deletesWhenScaled = retention?["whenScaled"]?.string == "Delete"
        deletesWhenDeleted = retention?["whenDeleted"]?.string == "Delete"
    }

    func contains(ordinal: Int) -> Bool { ordinal >= start && ordinal - start < replicas }

    func podName(_ ordinal: Int) -> String { "\(name)-\(ordinal)" }

    func claimName(_ template: JSON, _ ordinal: Int) -> String { "\(template.name)-\(name)-\(ordinal)" }
}

/// Who a pod of a StatefulSet is (pkg/controller/statefulset/stateful_set_utils.go).
enum StatefulIdentity {
    static let podNameLabel = "statefulset.kubernetes.io/pod-name"
    static let podIndexLabel = "apps.kubernetes.io/pod-index"
    static let revisionLabel = "controller-revision-hash"

    /// The set's name and the ordinal that a pod's name says; nil when it says none.
    static func parse(_ podName: String) -> (parent: Substring, ordinal: Int)? {
        let bytes = podName.utf8
        var index = bytes.endIndex
        while index > bytes.startIndex {
            let before = bytes.index(before: index)
            guard bytes[before] &- UInt8(ascii: "0") < 10 else { break }
            index = before
        }
        guard index > bytes.startIndex, index < bytes.endIndex,
            let ordinal = Int32(podName[index...])
        else { return nil }
        let dash = bytes.index(before: index)
        guard bytes[dash] == UInt8(ascii: "-") else { return nil }
        return (podName[..<dash], Int(ordinal))
    }

    static func ordinal(_ pod: PodSummary) -> Int { parse(pod.name)?.ordinal ?? -1 }

    static func revision(_ pod: PodSummary) -> String { pod.labels[revisionLabel]?.string ?? "" }

    static func isRunningAndReady(_ pod: PodSummary) -> Bool { pod.phase == .running && pod.isReady }

    /// A pod that is not there is not available.
    static func isUnavailable(_ pod: PodSummary?, _ minReadySeconds: Int, _ now: Timestamp) -> Bool {
        guard let pod else { return true }
        return pod.isTerminating || !pod.isAvailable(minReadySeconds: minReadySeconds, now: now)
    }

    /// The pod of an ordinal, of a template.
    static func pod(_ spec: StatefulSetSpec, template: JSON, revision: String, ordinal: Int) -> JSON {
        let name = spec.podName(ordinal)
        var pod = PodTemplates.pod(from: template, controlledBy: spec.set, name: name)
        label(&pod, name, ordinal)
        pod.set(.string(revision), at: "metadata", "labels", revisionLabel)
        pod.set(.string(name), at: "spec", "hostname")
        if let service = spec.set["spec"]?["serviceName"]?.string, !service.isEmpty {
            pod.set(.string(service), at: "spec", "subdomain")
        }
        mountClaims(&pod, spec, ordinal)
        return pod
    }

    static func identityMatches(_ pod: PodSummary) -> Bool {
        pod.labels[podNameLabel]?.string == pod.name
    }

    static func storageMatches(_ pod: PodSummary, _ spec: StatefulSetSpec, _ ordinal: Int) -> Bool {
        if spec.claimTemplates.isEmpty { return true }
        let volumes = pod.value["spec"]?["volumes"]?.array ?? []
        return spec.claimTemplates.allSatisfy { template in
            let volume = volumes.last { $0["name"]?.string == template.name }
            return volume?["persistentVolumeClaim"]?["claimName"]?.string
                == spec.claimName(template, ordinal)
        }
    }

    /// The pod with the labels and the claims that its name asks for.
    static func corrected(_ pod: PodSummary, _ spec: StatefulSetSpec, _ ordinal: Int) -> JSON {
        var value = pod.value
        if !identityMatches(pod) { label(&value, pod.name, ordinal) }
        if !storageMatches(pod, spec, ordinal) { mountClaims(&value, spec, ordinal) }
        return value
    }

    private static func label(_ pod: inout JSON, _ name: String, _ ordinal: Int) {
        pod.set(.string(name), at: "metadata", "labels", podNameLabel)
        pod.set(.string(String(ordinal)), at: "metadata", "labels", podIndexLabel)
    }

    private static func mountClaims(_ pod: inout JSON, _ spec: StatefulSetSpec, _ ordinal: Int) {
        if spec.claimTemplates.isEmpty { return }
        var volumes: [JSON] = spec.claimTemplates.map { template in
            [
                "name": .string(template.name),
                "persistentVolumeClaim": ["claimName": .string(spec.claimName(template, ordinal))],
            ]
        }
        for volume in pod["spec"]?["volumes"]?.array ?? []
        where !spec.claimTemplates.contains(where: { $0.name == volume["name"]?.string }) {
            volumes.append(volume)
        }
        pod.set(.array(volumes), at: "spec", "volumes")
    }
}
