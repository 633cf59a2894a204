import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What must hold of a cluster and does not.
public struct Violation: Sendable, CustomStringConvertible {
    public let time: Timestamp
    public let rule: String
    public let message: String

    public var description: String { "\(time.rfc3339) \(rule): \(message)" }
}

/// What the kinds promise, checked after every step against the store: a value that is told what each step
/// changed.
///
/// A controller acts on what it saw. Where its watch may lag, or a pod was lost in the same moment, a promise
/// can only be kept as of what it knew: such moments are left out of the rules that count available pods, as
/// said at each of them. All other rules hold always.
public struct ClusterInvariants: Sendable {
    /// One step, and the cluster before and after it.
    public struct Step: Sendable {
        /// nil for a client's operation.
        public var trace: ControllerEngine.Trace?
        public var events: [ObjectEvent]
        public var before: ClusterView
        public var after: ClusterView
        public var now: Timestamp

        public init(
            trace: ControllerEngine.Trace?, events: [ObjectEvent], before: ClusterView, after: ClusterView,
            now: Timestamp
        ) {
            self.trace = trace
            self.events = events
            self.before = before
            self.after = after
            self.now = now
        }

        var controller: String { trace?.controller ?? "" }
    }

    /// Seconds that what a controller acts on may be old: the longest hold, and retries after it.
    let lag: Double
    var violations: [Violation] = []
    var deployments: [String: Recent<DeploymentLimits>] = [:]
    var replicaSets: [String: Recent<Int>] = [:]
    /// The Deployment of a ReplicaSet, by uid; kept when either is gone.
    var deploymentOf: [String: String] = [:]
    var statefulSets: [String: Recent<StatefulSetLimits>] = [:]
    var autoscalers: [String: Recent<AutoscalerLimits>] = [:]
    var scalings: [String: [(time: Timestamp, change: Int)]] = [:]
    /// When a ready pod was last lost by the workload with a uid, not through its own controller.
    var lastLoss: [String: Timestamp] = [:]
    /// When any pod of a namespace last stopped being ready or went.
    var lastDrop: [String: Timestamp] = [:]
    var lastHeld: Timestamp?
    var lastRestart: Timestamp?
    var lastScaleUp: Timestamp?
    /// Of the autoscaler of nodes, as it was set up.
    let nodeDelays: (afterAdd: Double, unneeded: Double)?

    public init(lag: Double, nodeDelays: (afterAdd: Double, unneeded: Double)? = nil) {
        self.lag = lag
        self.nodeDelays = nodeDelays
    }

    /// A watch is slow until a time.
    public mutating func held(until time: Timestamp) { lastHeld = max(lastHeld ?? time, time) }

    /// The autoscaler of pods began anew and knows nothing of what it did.
    public mutating func restartedPodAutoscaler() { scalings = [:] }

    /// The autoscaler of nodes began anew and knows nothing of what was.
    public mutating func restartedNodeAutoscaler(now: Timestamp) { lastRestart = now }

    /// - Returns: what the step broke.
    public mutating func check(_ step: Step) -> [Violation] {
        violations = []
        for event in step.events {
            switch event.collection {
            case .deployments: noteDeployment(event, step.now)
            case .replicaSets: noteReplicaSet(event, step)
            case .statefulSets: noteStatefulSet(event, step.now)
            case .horizontalPodAutoscalers: noteAutoscaler(event, step.now)
            case .pods: checkPod(event, step)
            case .nodes: checkNode(event, step)
            default:
                if event.collection.resource == "instancegroups" { checkGroup(event, step) }
            }
        }
        checkScaling(step)
        checkCollection(step)
        return violations
    }

    mutating func violate(_ rule: String, _ now: Timestamp, _ message: String) {
        violations.append(Violation(time: now, rule: rule, message: message))
    }

    func isRecent(_ time: Timestamp?, _ now: Timestamp) -> Bool {
        guard let time else { return false }
        return now.since(time) <= lag
    }

    /// Whether a controller may not know what is there.
    func mayBeBlind(_ now: Timestamp) -> Bool { isRecent(lastHeld, now) }

    // MARK: Pods

    private mutating func checkPod(_ event: ObjectEvent, _ step: Step) {
        guard let pod = event.pod else { return }
        let before = event.previousPod
        let wasReady = before.map { $0.isReady && $0.isActive } ?? false
        let isReady = event.kind != .deleted && pod.isReady && pod.isActive
        if event.kind == .added {
            checkQuota(pod, step)
            checkCreated(pod, step)
        }
        if !pod.nodeName.isEmpty, before?.nodeName != pod.nodeName, event.kind != .deleted {
            checkRoom(pod, step)
        }
        let isGoing = event.kind == .deleted || pod.isTerminating
        if isGoing, let before, !before.isTerminating { checkRemoved(before, wasReady, step) }
        if wasReady, !isReady {
            lastDrop[pod.namespace] = step.now
            let owner = pod.controllerUID ?? ""
            let own = ["replicaset-controller", "statefulset-controller"].contains(step.controller)
            if !own { lastLoss[deploymentOf[owner] ?? owner] = step.now }
        }
    }

    private mutating func checkCreated(_ pod: PodSummary, _ step: Step) {
        switch step.controller {
        case "replicaset-controller": checkReplica(pod, step)
        case "statefulset-controller": checkOrdinal(created: pod, step)
        default: break
        }
    }

    private mutating func checkRemoved(_ pod: PodSummary, _ wasReady: Bool, _ step: Step) {
        switch step.controller {
        case "replicaset-controller": if wasReady { checkAvailable(pod, step) }
        case "statefulset-controller": checkOrdinal(removed: pod, step)
        default: break
        }
        let evicts =
            step.trace?.writes.contains {
                if case .evict = $0.operation { return $0.namespace == pod.namespace && $0.name == pod.name }
                return false
            } ?? false
        if evicts { checkEviction(pod, wasReady: wasReady, step.after, now: step.now) }
    }

    /// What a client evicted.
    public mutating func evicted(
        _ pod: PodSummary, wasReady: Bool, _ view: ClusterView, now: Timestamp
    ) -> [Violation] {
        violations = []
        checkEviction(pod, wasReady: wasReady, view, now: now)
        return violations
    }

    // MARK: Owners

    /// Nothing that the collector deletes has an owner that is there.
    private mutating func checkCollection(_ step: Step) {
        guard step.controller == "garbage-collector-controller", let writes = step.trace?.writes else {
            return
        }
        for write in writes {
            guard case .delete = write.operation else { continue }
            let key = write.namespace.isEmpty ? write.name : "\(write.namespace)/\(write.name)"
            let collection = CollectionID(group: write.group, resource: write.plural)
            guard let object = step.before.object(collection, key) else { continue }
            for uid in object.ownerUIDs {
                guard let owner = step.before.locator(of: uid) else { continue }
                let value = step.before.object(owner.collection, owner.key)
                let isGoing =
                    value?.deletionTimestamp != nil
                    && value?["metadata"]?["finalizers"]?.array?.contains("foregroundDeletion") == true
                if !isGoing { violate("owner", step.now, "\(collection) \(key) is deleted, \(owner) lives") }
            }
        }
    }

    /// Nothing is left whose owners are all gone; asked when all is quiet.
    private mutating func checkOrphans(_ view: ClusterView, _ collections: [CollectionID], _ now: Timestamp) {
        for collection in collections {
            for object in view.objects(collection) {
                let owners = object.value.ownerUIDs
                guard !owners.isEmpty, owners.allSatisfy({ view.locator(of: $0) == nil }) else { continue }
                violate("orphan", now, "\(collection) \(object.key) has no owner left")
            }
        }
    }

    /// What must hold when nothing is left to do.
    /// - Parameter collections: all that there are.
    public mutating func settled(
        _ view: ClusterView, _ collections: [CollectionID], now: Timestamp
    ) -> [Violation] {
        violations = []
        checkOrphans(view, collections, now)
        checkPlaces(view, now)
        checkCounts(view, now)
        checkGroups(view, now)
        return violations
    }
}

extension ObjectEvent {
    /// Of the object after the event; nil of one that is gone.
    var present: JSON? { kind == .deleted ? nil : object.value }
}
