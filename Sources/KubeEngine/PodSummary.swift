import KubeAPI
import KubeJSON
import KubeStore

/// What control loops ask of a pod all the time, read once from each version of it, so that counting ten
/// thousand pods parses none of them.
public final class PodSummary: Sendable {
    public enum Phase: String, Sendable {
        case pending = "Pending"
        case running = "Running"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case unknown = "Unknown"
    }

    /// The object itself, for what is not here.
    public let stored: StoredObject
    public let uid: String
    public let labels: JSONObject
    /// Empty while the pod has no node.
    public let nodeName: String
    public let phase: Phase
    /// The condition `Ready` is true.
    public let isReady: Bool
    /// When `Ready` last changed.
    public let readySince: Timestamp?
    public let deletionTimestamp: Timestamp?
    public let created: Timestamp
    /// The owner that is the controller.
    public let controllerUID: String?
    public let controllerKind: String?
    public let controllerName: String?
    let ownerUIDs: [String]
    /// Of all containers that are not init containers.
    public let restarts: Int
    /// Of all init containers.
    public let initRestarts: Int
    public let finalizers: [String]
    /// The index within an Indexed Job.
    public let completionIndex: Int?

    public var key: String { stored.key }
    public var name: String { stored.name }
    public var namespace: String { stored.namespace }
    public var value: JSON { stored.value }
    public var isTerminating: Bool { deletionTimestamp != nil }
    /// Succeeded or failed.
    public var isFinished: Bool { phase == .succeeded || phase == .failed }
    /// Neither finished nor terminating (upstream's IsPodActive).
    public var isActive: Bool { !isFinished && !isTerminating }

    /// Ready for so many seconds (upstream's IsPodAvailable).
    public func isAvailable(minReadySeconds: Int, now: Timestamp) -> Bool {
        guard isReady else { return false }
        if minReadySeconds == 0 { return true }
        guard let readySince else { return false }
        return now.since(readySince) >= Double(minReadySeconds)
    }

    public init(_ stored: StoredObject) {
        self.stored = stored
        let pod = stored.value
        let metadata = pod["metadata"]
        let status = pod["status"]
        uid = metadata?["uid"]?.string ?? ""
        labels = metadata?["labels"]?.object ?? [:]
        nodeName = pod["spec"]?["nodeName"]?.string ?? ""
        phase = Phase(rawValue: status?["phase"]?.string ?? "") ?? .pending
        let ready = status?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        isReady = ready?["status"]?.string == "True"
        readySince = ready?["lastTransitionTime"]?.string.flatMap { Timestamp($0) }
        deletionTimestamp = metadata?["deletionTimestamp"]?.string.flatMap { Timestamp($0) }
        created =
            metadata?["creationTimestamp"]?.string.flatMap { Timestamp($0) } ?? Timestamp(seconds: 0)
        let controller = metadata?["ownerReferences"]?.array?.first { $0["controller"]?.bool == true }
        ownerUIDs = pod.ownerUIDs
        controllerUID = controller?["uid"]?.string
        controllerKind = controller?["kind"]?.string
        controllerName = controller?["name"]?.string
        func restarts(_ list: String) -> Int {
            status?[list]?.array?.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) } ?? 0
        }
        self.restarts = restarts("containerStatuses")
        initRestarts = restarts("initContainerStatuses")
        finalizers = metadata?["finalizers"]?.array?.compactMap(\.string) ?? []
        let index = metadata?["annotations"]?["batch.kubernetes.io/job-completion-index"]?.string
        completionIndex = index.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}

/// Pods by what controllers look them up by, each list in order of key.
struct PodIndex: Sendable {
    private var all = PersistentSortedMap<PodSummary>()
    private var withoutController = PersistentSortedMap<PodSummary>()
    private var byController: [String: PersistentSortedMap<PodSummary>] = [:]
    private var byNode: [String: PersistentSortedMap<PodSummary>] = [:]

    subscript(key: String) -> PodSummary? { all[key] }
    var count: Int { all.count }

    func list(in namespace: String?) -> [PodSummary] {
        Self.list(all, namespace)
    }

    func listWithoutController(in namespace: String) -> [PodSummary] {
        withoutController.isEmpty ? [] : Self.list(withoutController, namespace)
    }

    private static func list(
        _ map: PersistentSortedMap<PodSummary>, _ namespace: String?
    ) -> [PodSummary] {
        guard let namespace else { return values(map) }
        let prefix = namespace + "/"
        var pods: [PodSummary] = []
        map.forEach(from: prefix) { key, pod in
            guard key.utf8.starts(with: prefix.utf8) else { return false }
            pods.append(pod)
            return true
        }
        return pods
    }

    func list(controller uid: String) -> [PodSummary] { Self.values(byController[uid]) }
    func list(node: String) -> [PodSummary] { Self.values(byNode[node]) }
    func count(controller uid: String) -> Int { byController[uid]?.count ?? 0 }
    func count(node: String) -> Int { byNode[node]?.count ?? 0 }

    private static func values(_ map: PersistentSortedMap<PodSummary>?) -> [PodSummary] {
        guard let map else { return [] }
        var pods: [PodSummary] = []
        pods.reserveCapacity(map.count)
        map.forEach { _, pod in
            pods.append(pod)
            return true
        }
        return pods
    }

    /// - Returns: the summary that was there.
    mutating func set(_ pod: PodSummary?, for key: String) -> PodSummary? {
        let old = pod.map { all.insert($0, for: key) } ?? all.removeValue(for: key)
        if let pod, pod.controllerUID == nil {
            withoutController.insert(pod, for: key)
        } else if let old, old.controllerUID == nil {
            withoutController.removeValue(for: key)
        }
        Self.move(&byController, key, from: old?.controllerUID, to: pod?.controllerUID, pod)
        Self.move(&byNode, key, from: old?.nodeName, to: pod?.nodeName, pod)
        return old
    }

    private static func move(
        _ index: inout [String: PersistentSortedMap<PodSummary>], _ key: String, from old: String?,
        to new: String?, _ pod: PodSummary?
    ) {
        if let old, !old.isEmpty, old != new {
            index[old]?.removeValue(for: key)
            if index[old]?.isEmpty == true { index.removeValue(forKey: old) }
        }
        if let new, !new.isEmpty, let pod {
            index[new, default: PersistentSortedMap()].insert(pod, for: key)
        }
    }
}
