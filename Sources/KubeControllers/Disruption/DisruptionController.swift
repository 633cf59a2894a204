import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Says in the status of each PodDisruptionBudget how many of its pods may go
/// (pkg/controller/disruption). A key is a budget's, or `pod:` and that of a pod whose DisruptionTarget
/// condition came to nothing.
public struct DisruptionController: Controller {
    public let name = "disruption-controller"
    public let alias = "disruption"
    public let account = "disruption-controller"
    static let component = "controllermanager"
    /// Seconds that an approved eviction has to take the pod away.
    static let deletionTimeout = 120.0
    /// Seconds after which a DisruptionTarget of a pod that still runs is out of date.
    static let staleTimeout = 120.0

    private struct Budget: Sendable {
        var selector: LabelSelector
        var text: JSON?
        var pods = PersistentSortedMap<PodSummary>()
    }

    /// By namespace, then by key.
    private var budgets: [String: PersistentSortedMap<Budget>] = [:]

    public init() {}

    // MARK: What to look at

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .podDisruptionBudgets:
            let key = event.object.key
            let namespace = event.object.namespace
            if event.kind == .deleted {
                budgets[namespace]?.removeValue(for: key)
                if budgets[namespace]?.isEmpty == true { budgets.removeValue(forKey: namespace) }
                return []
            }
            let text = event.object.value["spec"]?["selector"]
            if budgets[namespace]?[key]?.text != text || budgets[namespace]?[key] == nil {
                var budget = Budget(selector: (try? LabelSelector(object: text)) ?? .nothing, text: text)
                for pod in view.pods(in: namespace) where budget.selector.matches(labels: pod.labels) {
                    budget.pods.insert(pod, for: pod.key)
                }
                budgets[namespace, default: PersistentSortedMap()].insert(budget, for: key)
            }
            return [key]
        case .pods: return take(event)
        default: return []
        }
    }

    private mutating func take(_ event: ObjectEvent) -> [String] {
        guard let pod = event.pod else { return [] }
        var keys: [String] = []
        if event.kind != .deleted, Self.disruption(of: pod) != nil { keys.append("pod:" + pod.key) }
        guard let present = budgets[pod.namespace] else { return keys }
        let before = event.previousPod
        let isSame =
            event.kind == .modified && before?.isReady == pod.isReady
            && before?.isTerminating == pod.isTerminating && before?.labels == pod.labels
            && before?.controllerUID == pod.controllerUID
        present.forEach { key, budget in
            var budget = budget
            let matches = event.kind != .deleted && budget.selector.matches(labels: pod.labels)
            let old = matches ? budget.pods.insert(pod, for: pod.key) : budget.pods.removeValue(for: pod.key)
            if !matches, old == nil { return true }
            budgets[pod.namespace]?.insert(budget, for: key)
            if !isSame { keys.append(key) }
            return true
        }
        return keys
    }

    /// When a pod was marked to be disrupted, if it may turn out that it is not: the node's own marks last.
    private static func disruption(of pod: PodSummary) -> Timestamp? {
        if pod.isTerminating || pod.isFinished { return nil }
        let mark = pod.value["status"]?["conditions"]?.array?.first {
            $0["type"]?.string == "DisruptionTarget"
        }
        guard let mark, mark["status"]?.string == "True",
            mark["reason"]?.string != "TerminationByKubelet"
        else { return nil }
        return mark["lastTransitionTime"]?.string.flatMap { Timestamp($0) } ?? Timestamp(seconds: 0)
    }

    // MARK: What to do

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        if key.hasPrefix("pod:") { return clearMark(String(key.dropFirst(4)), view, now) }
        guard let budget = view.object(.podDisruptionBudgets, key) else { return .nothing }
        var pods: [PodSummary] = []
        budgets[budget.namespace]?[key]?.pods.forEach { _, pod in
            pods.append(pod)
            return true
        }
        var events: [RecordedEvent] = []
        func note(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String, of object: JSON) {
            events.append(RecordedEvent(kind, reason, message, of: object, component: Self.component))
        }
        if pods.isEmpty { note(.normal, "NoPods", "No matching pods found", of: budget) }
        let expectation: Expectation
        do {
            expectation = try Expectation(budget, pods, view)
        } catch let error as ControllerError {
            note(
                .warning, "CalculateExpectedPodCountFailed",
                "Failed to calculate the number of expected pods: \(error)", of: budget)
            return Reconciliation(writes: Self.failSafe(budget, error, view, now), events: events)
        }
        if expectation.hasUnmanaged {
            note(
                .warning, "UnmanagedPods",
                "Pods selected by this PodDisruptionBudget (selector: "
                    + "\(SelectorText.go(budget["spec"]?["selector"]))) were found to be unmanaged. "
                    + "As a result, the status of the PDB cannot be calculated correctly, which may result "
                    + "in undefined behavior. To account for these pods please set \".spec.minAvailable\" "
                    + "field of the PDB to an integer value.", of: budget)
        }
        let disrupted = budget["status"]?["disruptedPods"]?.object ?? [:]
        var kept: JSONObject = [:]
        var recheck: Double?
        var healthy = 0
        for pod in pods where !pod.isTerminating {
            if !disrupted.isEmpty, let since = disrupted[pod.name]?.string.flatMap({ Timestamp($0) }) {
                let left = Self.deletionTimeout - now.since(since)
                if left < 0 {
                    note(
                        .warning, "NotDeleted",
                        "Pod was expected by PDB \(budget.namespace)/\(budget.namespace) to be deleted but "
                            + "it wasn't", of: pod.value)
                } else {
                    kept[pod.name] = disrupted[pod.name]
                    recheck = min(recheck ?? left, left)
                }
                if left > 0 { continue }
            }
            if pod.isReady { healthy += 1 }
        }
        let allowed = expectation.expected <= 0 ? 0 : max(0, healthy - expectation.healthy)
        var status: JSONObject = [:]
        status["observedGeneration"] = .integer(budget.generation)
        if !kept.isEmpty { status["disruptedPods"] = .object(kept) }
        status["disruptionsAllowed"] = .integer(Int64(allowed))
        status["currentHealthy"] = .integer(Int64(healthy))
        status["desiredHealthy"] = .integer(Int64(expectation.healthy))
        status["expectedPods"] = .integer(Int64(expectation.expected))
        if let conditions = budget["status"]?["conditions"] { status["conditions"] = conditions }
        var next = budget
        next["status"] = .object(status)
        Self.setCondition(
            &next, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", now,
            generation: budget.generation)
        var result = Reconciliation(events: events)
        // A moment after, for on the second it still counts.
        result.requeueAfter = recheck.map { $0 + 0.001 }
        result.writes = Self.write(budget, next, view)
        return result
    }

    private static func setCondition(
        _ budget: inout JSON, _ isTrue: Bool, _ reason: String, _ message: String, _ now: Timestamp,
        generation: Int64
    ) {
        budget.setCondition([
            "type": "DisruptionAllowed", "status": isTrue ? "True" : "False",
            "observedGeneration": .integer(generation), "lastTransitionTime": .string(now.rfc3339),
            "reason": .string(reason), "message": .string(message),
        ])
    }

    private static func write(_ old: JSON, _ new: JSON, _ view: ClusterView) -> [ControllerWrite] {
        guard old["status"] != new["status"], let resource = view.resource(of: .podDisruptionBudgets) else {
            return []
        }
        return [.updateStatus(resource, namespace: new.namespace, name: new.name, new)]
    }

    /// What is not known is not allowed.
    private static func failSafe(
        _ budget: JSON, _ error: ControllerError, _ view: ClusterView, _ now: Timestamp
    ) -> [ControllerWrite] {
        var next = budget
        for field in ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"]
        where field == "disruptionsAllowed" || next["status"]?[field] == nil {
            next.set(0, at: "status", field)
        }
        setCondition(
            &next, false, "SyncFailed", error.description, now,
            generation: budget["status"]?["observedGeneration"]?.integer ?? 0)
        return write(budget, next, view)
    }

    private func clearMark(_ key: String, _ view: ClusterView, _ now: Timestamp) -> Reconciliation {
        guard let pod = view.pod(key), let since = Self.disruption(of: pod) else { return .nothing }
        let left = Self.staleTimeout - now.since(since)
        if left > 0 { return Reconciliation(requeueAfter: left) }
        guard let resource = view.resource(of: .pods) else { return .nothing }
        var object = pod.value
        var mark: JSON = [
            "type": "DisruptionTarget", "status": "False", "lastProbeTime": .null,
            "lastTransitionTime": .string(now.rfc3339),
        ]
        if object.generation > 0 { mark["observedGeneration"] = .integer(object.generation) }
        object.setCondition(mark)
        return Reconciliation(writes: [
            .updateStatus(resource, namespace: pod.namespace, name: pod.name, object)
        ])
    }
}

/// How many pods a budget's controllers want, and how many of them it wants healthy.
private struct Expectation {
    var expected = 0
    var healthy = 0
    var hasUnmanaged = false

    init(_ budget: JSON, _ pods: [PodSummary], _ view: ClusterView) throws {
        let spec = budget["spec"]
        if let most = spec?["maxUnavailable"] {
            try addScales(of: pods, view)
            healthy = max(0, expected - (try Self.scaled(most, of: expected)))
        } else if let least = spec?["minAvailable"] {
            if let count = least.int {
                expected = pods.count
                healthy = count
            } else {
                try addScales(of: pods, view)
                healthy = try Self.scaled(least, of: expected)
            }
        }
    }

    /// A number, or a percentage of the total, rounded up.
    private static func scaled(_ value: JSON, of total: Int) throws -> Int {
        if let count = value.int { return count }
        let text = value.string ?? ""
        guard text.hasSuffix("%"), let percent = Int(text.dropLast()) else {
            throw ControllerError(
                "invalid value for IntOrString: invalid type: string is not a percentage")
        }
        return (percent * total + 99) / 100
    }

    private mutating func addScales(of pods: [PodSummary], _ view: ClusterView) throws {
        var known = Set<String>()
        var counted = Set<String>()
        for pod in pods {
            guard let uid = pod.controllerUID else {
                hasUnmanaged = true
                continue
            }
            guard known.insert(uid).inserted else { continue }
            guard let (owner, scale) = try Self.scale(of: pod, uid: uid, view) else {
                throw ControllerError("found no controllers for pod \"\(pod.name)\"")
            }
            if counted.insert(owner).inserted { expected += scale }
        }
    }

    /// The controller that says how many there are: a Deployment goes before its ReplicaSet.
    private static func scale(
        of pod: PodSummary, uid: String, _ view: ClusterView
    ) throws -> (owner: String, scale: Int)? {
        guard let reference = pod.value.ownerReferences.first(where: { $0["controller"]?.bool == true })
        else { return nil }
        let version = reference["apiVersion"]?.string ?? ""
        let kind = reference["kind"]?.string ?? ""
        let name = reference["name"]?.string ?? ""
        guard let resource = ScaleTargets.resource(apiVersion: version, kind: kind, view) else {
            throw ControllerError("no matches for kind \"\(kind)\" in version \"\(version)\"")
        }
        guard ScaleTargets.hasScale(resource) else {
            throw ControllerError("\(resource.groupResource) does not implement the scale subresource")
        }
        guard let scale = ScaleTargets.scale(resource, namespace: pod.namespace, name: name, view),
            scale.uid == uid
        else { return nil }
        if kind == "ReplicaSet", resource.group == "apps",
            let set = view.object(.replicaSets, "\(pod.namespace)/\(name)"),
            let owner = set.ownerReferences.first(where: { $0["controller"]?.bool == true }),
            owner["kind"]?.string == "Deployment"
        {
            let key = "\(pod.namespace)/\(owner["name"]?.string ?? "")"
            guard let deployment = view.object(.deployments, key),
                deployment.uid == owner["uid"]?.string
            else { return nil }
            return (deployment.uid, deployment["spec"]?["replicas"]?.int ?? 1)
        }
        return (uid, scale["spec"]?["replicas"]?.int ?? 0)
    }
}
