import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What a HorizontalPodAutoscaler may ask for.
struct AutoscalerLimits: Sendable, Equatable {
    struct Policy: Sendable, Equatable {
        let pods: Int
        let period: Double
    }
    let target: String
    let least: Int
    let most: Int
    /// The one policy of each direction, where it is one by number.
    let up: Policy?
    let down: Policy?

    init(_ autoscaler: JSON) {
        let spec = autoscaler["spec"]
        target =
            autoscaler.namespace + "/"
            + (spec?["scaleTargetRef"]?["kind"]?.string ?? "") + "/"
            + (spec?["scaleTargetRef"]?["name"]?.string ?? "")
        least = spec?["minReplicas"]?.int ?? 1
        most = spec?["maxReplicas"]?.int ?? 1
        func policy(_ direction: String) -> Policy? {
            let policies = spec?["behavior"]?[direction]?["policies"]?.array ?? []
            guard policies.count == 1, policies[0]["type"]?.string == "Pods",
                let pods = policies[0]["value"]?.int, let period = policies[0]["periodSeconds"]?.int
            else { return nil }
            return Policy(pods: pods, period: Double(period))
        }
        up = policy("scaleUp")
        down = policy("scaleDown")
    }
}

/// What containers ask for of the two resources that count here.
struct Requests: Equatable {
    /// Thousandths of a core.
    var cpu: Int64 = 0
    /// Bytes.
    var memory: Int64 = 0

    init() {}

    init(of pod: JSON) {
        for container in pod["spec"]?["containers"]?.array ?? [] {
            self += Requests(container["resources"]?["requests"])
        }
    }

    init(_ list: JSON?) {
        cpu = list?["cpu"]?.string.flatMap { Quantity($0) }?.milliValue ?? 0
        memory = list?["memory"]?.string.flatMap { Quantity($0) }?.wholeValue ?? 0
    }

    static func += (left: inout Requests, right: Requests) {
        left.cpu += right.cpu
        left.memory += right.memory
    }

    func fits(_ whole: Requests) -> Bool { cpu <= whole.cpu && memory <= whole.memory }
}

extension ClusterInvariants {
    // MARK: Quota and nodes

    /// No pod is let in over a namespace's quota.
    mutating func checkQuota(_ pod: PodSummary, _ step: Step) {
        for quota in step.before.objects(
            CollectionID(group: "", resource: "resourcequotas"), in: pod.namespace)
        {
            guard let hard = quota.value["status"]?["hard"]?.object else { continue }
            var used = Requests()
            var count: Int64 = 0
            for other in step.after.pods(in: pod.namespace) where !other.isFinished {
                // One that should have been gone is not counted any more.
                if let time = other.deletionTimestamp, time < step.now { continue }
                used += Requests(of: other.value)
                count += 1
            }
            func check(_ name: String, _ used: Int64, milli: Bool = false) {
                guard let text = hard[name]?.string, let most = Quantity(text) else { return }
                let limit = milli ? most.milliValue : most.wholeValue
                if used > limit {
                    violate("quota", step.now, "\(pod.key) makes \(name) \(used) of \(limit)")
                }
            }
            check("pods", count)
            check("requests.cpu", used.cpu, milli: true)
            check("requests.memory", used.memory)
        }
    }

    /// No node is given more than it has.
    mutating func checkRoom(_ pod: PodSummary, _ step: Step) {
        guard step.controller == "kube-scheduler",
            let node = step.before.object(.nodes, pod.nodeName)
        else { return }
        let room = Requests(node["status"]?["allocatable"])
        var used = Requests()
        for other in step.after.pods(onNode: pod.nodeName) where !other.isFinished {
            used += Requests(of: other.value)
        }
        if !used.fits(room) {
            violate("room", step.now, "\(pod.key) is bound to \(pod.nodeName), which has no room for it")
        }
    }

    /// A pod that waits at rest fits on no node: asked node by node, without the scheduler.
    mutating func checkPlaces(_ view: ClusterView, _ now: Timestamp) {
        for pod in view.pods() where pod.nodeName.isEmpty && pod.isActive {
            let value = pod.value
            guard value["spec"]?["schedulingGates"]?.array?.isEmpty ?? true else { continue }
            for node in view.objects(.nodes) where Self.fits(value, on: node.value, view) {
                violate("place", now, "\(pod.key) waits, and would fit on \(node.name)")
            }
        }
    }

    /// By resources, taints and the node selector.
    static func fits(_ pod: JSON, on node: JSON, _ view: ClusterView) -> Bool {
        var asked = Requests(of: pod)
        var count = 1
        for other in view.pods(onNode: node.name) where !other.isFinished {
            asked += Requests(of: other.value)
            count += 1
        }
        let allocatable = node["status"]?["allocatable"]
        let most = allocatable?["pods"]?.string.flatMap { Int($0) } ?? .max
        guard node["spec"]?["unschedulable"]?.bool != true, count <= most,
            asked.fits(Requests(allocatable))
        else { return false }
        return admits(pod, node)
    }

    private static func admits(_ pod: JSON, _ node: JSON) -> Bool {
        for (key, value) in pod["spec"]?["nodeSelector"]?.object ?? [:]
        where node["metadata"]?["labels"]?[key] != value {
            return false
        }
        let tolerations = pod["spec"]?["tolerations"]?.array ?? []
        for taint in node["spec"]?["taints"]?.array ?? []
        where taint["effect"]?.string != "PreferNoSchedule" {
            let isTolerated = tolerations.contains { toleration in
                let effect = toleration["effect"]?.string ?? ""
                guard effect.isEmpty || effect == taint["effect"]?.string else { return false }
                guard let key = toleration["key"]?.string, !key.isEmpty else {
                    return toleration["operator"]?.string == "Exists"
                }
                guard key == taint["key"]?.string else { return false }
                return toleration["operator"]?.string == "Exists"
                    || toleration["value"]?.string ?? "" == taint["value"]?.string ?? ""
            }
            if !isTolerated { return false }
        }
        return true
    }

    // MARK: Budgets

    /// A pod that was evicted leaves as many ready as each of its budgets asks for. Not asked when others
    /// were lost, or the watch lagged, just now: the budget's status cannot know of them yet.
    mutating func checkEviction(
        _ pod: PodSummary, wasReady: Bool, _ view: ClusterView, now: Timestamp
    ) {
        guard wasReady, !mayBeBlind(now) else { return }
        if let drop = lastDrop[pod.namespace], now.since(drop) <= lag { return }
        for budget in view.objects(.podDisruptionBudgets, in: pod.namespace) {
            let spec = budget.value["spec"]
            guard let selector = try? LabelSelector(object: spec?["selector"]),
                selector.matches(labels: pod.labels)
            else { continue }
            let matching = view.pods(in: pod.namespace).filter { selector.matches(labels: $0.labels) }
            let healthy = matching.count { $0.isReady && $0.isActive }
            var least = spec?["minAvailable"]?.int ?? 0
            if let most = spec?["maxUnavailable"]?.int {
                least = (deploymentReplicas(of: pod, view) ?? matching.count) - most
            }
            if healthy < least {
                violate(
                    "budget", now,
                    "\(pod.key) is evicted: \(healthy) are ready, \(budget.name) asks for \(least)")
            }
        }
    }

    private func deploymentReplicas(of pod: PodSummary, _ view: ClusterView) -> Int? {
        guard let owner = pod.controllerUID, let locator = view.locator(of: deploymentOf[owner] ?? owner)
        else { return nil }
        return view.object(locator.collection, locator.key)?["spec"]?["replicas"]?.int
    }

    // MARK: Autoscalers

    mutating func noteAutoscaler(_ event: ObjectEvent, _ now: Timestamp) {
        guard let autoscaler = event.present else { return }
        let limits = AutoscalerLimits(autoscaler)
        let key = autoscaler.namespace + "/" + autoscaler.name
        guard autoscalers[key]?.last != limits else { return }
        autoscalers[key, default: Recent()].set(limits, at: now)
    }

    /// An autoscaler stays within its bounds and its policies.
    mutating func checkScaling(_ step: Step) {
        guard step.controller == "horizontal-pod-autoscaler-controller", let key = step.trace?.key,
            let limits = autoscalers[key]?.values(step.now, back: max(lag, 60)), let last = limits.last
        else { return }
        for event in step.events where event.collection == .deployments {
            guard let after = event.present?["spec"]?["replicas"]?.int,
                let before = event.previous?.value["spec"]?["replicas"]?.int, after != before
            else { continue }
            let bounds = (limits.map(\.least).min() ?? 0)...(limits.map(\.most).max() ?? 0)
            if !bounds.contains(after) {
                violate("bounds", step.now, "\(key) scales to \(after), outside of \(bounds)")
            }
            var events = scalings[key] ?? []
            events.append((step.now, after - before))
            scalings[key] = events
            // From outside of its bounds it comes back at once; and what it did under other policies it
            // may have forgotten.
            guard limits.count == 1, bounds.contains(before) else { continue }
            func net(_ period: Double) -> Int {
                events.reduce(0) { $0 + ($1.time > step.now.adding(-period) ? $1.change : 0) }
            }
            if after > before, let policy = last.up, net(policy.period) > policy.pods {
                violate("policy", step.now, "\(key) adds \(net(policy.period)) in \(policy.period) s")
            }
            if after < before, let policy = last.down, -net(policy.period) > policy.pods {
                violate("policy", step.now, "\(key) removes \(-net(policy.period)) in \(policy.period) s")
            }
        }
    }
}
