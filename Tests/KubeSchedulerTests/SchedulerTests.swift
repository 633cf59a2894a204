import KubeAPI
import KubeJSON
import Testing

@testable import KubeScheduler

/// What the scheduler says and does in single cases; the words are upstream's.
@Suite struct SchedulerTests {
    static let now = Timestamp(seconds: 100)

    static func node(
        _ name: String, cpu: String = "2", taint: String? = nil, labels: [String: String] = [:]
    ) -> JSON {
        var node: JSON = [
            "metadata": ["name": .string(name), "labels": ["kubernetes.io/hostname": .string(name)]],
            "spec": [:], "status": ["allocatable": ["cpu": .string(cpu), "memory": "4Gi", "pods": "110"]],
        ]
        for (key, value) in labels { node.set(.string(value), at: "metadata", "labels", key) }
        if let taint { node.set([["key": .string(taint), "effect": "NoSchedule"]], at: "spec", "taints") }
        return node
    }

    static func pod(
        _ name: String, cpu: String = "500m", priority: Int64 = 0, node: String? = nil, spec: JSON? = nil
    ) -> JSON {
        var pod: JSON = [
            "metadata": [
                "name": .string(name), "namespace": "default", "uid": .string("uid-\(name)"),
                "labels": ["app": .string(name)],
            ],
            "spec": [
                "priority": .integer(priority),
                "containers": [["name": "main", "resources": ["requests": ["cpu": .string(cpu)]]]],
            ],
        ]
        for (key, value) in spec?.object ?? [:] { pod.set(value, at: "spec", key) }
        if let node { pod.set(.string(node), at: "spec", "nodeName") }
        return pod
    }

    static func make(_ nodes: [JSON]) -> Scheduler {
        var scheduler = Scheduler(seed: 1)
        for node in nodes { scheduler.nodeChanged(node.at("metadata", "name")?.string ?? "", node) }
        return scheduler
    }

    func rejection(_ decision: Decision?) -> Rejection? {
        if case .unschedulable(let rejection)? = decision?.outcome { return rejection }
        return nil
    }

    func target(_ decision: Decision?) -> String? {
        if case .bind(let node, _)? = decision?.outcome { return node }
        return nil
    }

    // MARK: Words

    @Test func saysWhereAPodWent() throws {
        var scheduler = Self.make([Self.node("a")])
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        #expect(scheduler.nextWork != nil)
        let next = scheduler.next(now: Self.now)
        let decision = try #require(next)
        #expect(decision.uid == "uid-web")
        #expect(decision.outcome == .bind(node: "a", volumes: []))
        #expect(decision.events.map(\.note) == ["Successfully assigned default/web to a"])
        #expect(decision.events.map(\.reason) == ["Scheduled"])
        #expect(decision.condition == nil)
        #expect(scheduler.next(now: Self.now) == nil)
        #expect(scheduler.nextWork == nil)
    }

    @Test func saysWhyNoNodeWillDo() throws {
        var nodes = (0..<3).map { Self.node("small-\($0)", cpu: "100m") }
        nodes += (0..<5).map { Self.node("control-\($0)", taint: "node-role.kubernetes.io/control-plane") }
        var scheduler = Self.make(nodes)
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        let next = scheduler.next(now: Self.now)
        let decision = try #require(next)
        let message =
            "0/8 nodes are available: 3 Insufficient cpu, 5 node(s) had untolerated taint(s). no new claims "
            + "to deallocate, preemption: 0/8 nodes are available: 8 Preemption is not helpful for "
            + "scheduling."
        #expect(rejection(decision)?.message == message)
        #expect(rejection(decision)?.plugins == ["NodeResourcesFit", "TaintToleration"])
        #expect(decision.condition?.reason == "Unschedulable")
        #expect(decision.condition?.message == message)
        #expect(decision.events.map(\.reason) == ["FailedScheduling"])
        #expect(decision.events.map(\.type) == ["Warning"])
    }

    @Test func saysThatThereAreNoNodes() {
        var scheduler = Scheduler(seed: 1)
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now))?.message == "no nodes available to schedule pods")
        scheduler.nodeChanged("a", Self.node("a"))
        #expect(target(scheduler.next(now: Self.now.adding(seconds: 2))) == "a")
    }

    @Test func namesTheNodesThatAreNotLookedAt() {
        var scheduler = Self.make([Self.node("a", cpu: "100m"), Self.node("b"), Self.node("c")])
        let affinity: JSON = [
            "affinity": [
                "nodeAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        "nodeSelectorTerms": [
                            ["matchFields": [["key": "metadata.name", "operator": "In", "values": ["a"]]]]
                        ]
                    ]
                ]
            ]
        ]
        scheduler.podChanged("default/daemon", Self.pod("daemon", spec: affinity), now: Self.now)
        let message = rejection(scheduler.next(now: Self.now))?.message ?? ""
        #expect(
            message.hasPrefix(
                "0/3 nodes are available: 1 Insufficient cpu, "
                    + "2 node(s) didn't satisfy plugin(s) [NodeAffinity]. "), "\(message)")
    }

    @Test func leavesOthersPodsAlone() {
        var scheduler = Self.make([Self.node("a")])
        scheduler.podChanged("default/x", Self.pod("x", spec: ["schedulerName": "other"]), now: Self.now)
        var going = Self.pod("y")
        going.set("2020-01-01T00:00:00Z", at: "metadata", "deletionTimestamp")
        scheduler.podChanged("default/y", going, now: Self.now)
        #expect(scheduler.next(now: Self.now) == nil)
        // Where they run, they count.
        scheduler.podChanged(
            "default/x", Self.pod("x", cpu: "2", node: "a", spec: ["schedulerName": "other"]), now: Self.now)
        scheduler.podChanged("default/z", Self.pod("z"), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now)) != nil)
    }

    // MARK: The queue

    @Test func takesPodsByPriorityAndAge() {
        var scheduler = Self.make([Self.node("a", cpu: "64")])
        for (index, priority) in [0, 5, 0, 10, 5].enumerated() {
            scheduler.podChanged(
                "default/p\(index)", Self.pod("p\(index)", priority: Int64(priority)),
                now: Self.now.adding(seconds: Int64(index)))
        }
        var order: [String] = []
        while let decision = scheduler.next(now: Self.now.adding(seconds: 9)) {
            order.append(decision.podKey)
        }
        #expect(order == [3, 1, 4, 0, 2].map { "default/p\($0)" })
    }

    @Test func waitsForGates() {
        var scheduler = Self.make([Self.node("a")])
        let gates: JSON = ["schedulingGates": [["name": "example.com/wait"]]]
        scheduler.podChanged("default/web", Self.pod("web", spec: gates), now: Self.now)
        let decision = scheduler.next(now: Self.now)
        #expect(decision?.condition?.reason == "SchedulingGated")
        #expect(
            decision?.outcome == .gated(message: "Scheduling is blocked due to non-empty scheduling gates"))
        #expect(scheduler.next(now: Self.now) == nil)
        #expect(scheduler.nextWork == nil)
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        #expect(target(scheduler.next(now: Self.now)) == "a")
    }

    @Test func backsOffLongerEachTime() {
        var configuration = SchedulerConfiguration.standard
        configuration.popsFromBackoff = false
        var scheduler = Scheduler(configuration: configuration, seed: 1)
        scheduler.nodeChanged("a", Self.node("a", cpu: "100m"))
        var now = Self.now
        scheduler.podChanged("default/web", Self.pod("web"), now: now)
        for (attempt, seconds) in [Int64(1), 2, 4, 8, 10, 10].enumerated() {
            #expect(rejection(scheduler.next(now: now)) != nil, "attempt \(attempt)")
            // Without a change there is nothing to do until five minutes have passed.
            #expect(scheduler.nextWork == now.adding(seconds: 300))
            // A change that may help wakes the pod, after its backoff.
            scheduler.nodeChanged("a", Self.node("a", cpu: "\(600 + attempt)m", labels: ["x": "\(attempt)"]))
            scheduler.nodeChanged("a", Self.node("a", cpu: "100m"))
            #expect(scheduler.nextWork == now.adding(seconds: seconds), "attempt \(attempt)")
            #expect(scheduler.next(now: now.adding(seconds: seconds - 1)) == nil)
            now = now.adding(seconds: seconds)
        }
    }

    @Test func triesAgainAfterFiveMinutes() {
        var scheduler = Self.make([Self.node("a", cpu: "100m")])
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now)) != nil)
        #expect(scheduler.next(now: Self.now.adding(seconds: 299)) == nil)
        #expect(rejection(scheduler.next(now: Self.now.adding(seconds: 300))) != nil)
    }

    @Test func changesThatCannotHelpWakeNobody() {
        var scheduler = Self.make([Self.node("a", cpu: "100m")])
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now)) != nil)
        let later = Self.now.adding(seconds: 60)
        scheduler.nodeChanged("a", Self.node("a", cpu: "200m"))
        scheduler.nodeChanged("b", Self.node("b", cpu: "100m"))
        scheduler.objectChanged(.persistentVolume, key: "pv", ["spec": [:]])
        scheduler.podChanged("default/x", Self.pod("x", cpu: "50m", node: "b"), now: later)
        #expect(scheduler.next(now: later) == nil)
        scheduler.nodeChanged("b", Self.node("b", cpu: "4"))
        #expect(target(scheduler.next(now: later)) == "b")
    }

    @Test func forgetsWhatCouldNotBeBound() {
        var scheduler = Self.make([Self.node("a", cpu: "1")])
        scheduler.podChanged("default/web", Self.pod("web", cpu: "1"), now: Self.now)
        #expect(target(scheduler.next(now: Self.now)) == "a")
        scheduler.podChanged("default/other", Self.pod("other", cpu: "1"), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now)) != nil)
        scheduler.bindingFailed("default/web", now: Self.now.adding(seconds: 5))
        // The other one may have the place now; the first one waits out its backoff.
        #expect(scheduler.next(now: Self.now.adding(seconds: 5))?.podKey == "default/other")
        #expect(scheduler.next(now: Self.now.adding(seconds: 5)) == nil)
        #expect(scheduler.next(now: Self.now.adding(seconds: 6))?.podKey == "default/web")
    }

    // MARK: Preemption

    @Test func preemptsTheLeastImportant() throws {
        var scheduler = Self.make([Self.node("a", cpu: "1"), Self.node("b", cpu: "1")])
        var old = Self.pod("low-a", cpu: "1", priority: 1, node: "a")
        old.set("2026-01-01T00:00:00Z", at: "status", "startTime")
        scheduler.podChanged("default/low-a", old, now: Self.now)
        scheduler.podChanged(
            "default/mid-b", Self.pod("mid-b", cpu: "1", priority: 5, node: "b"), now: Self.now)
        scheduler.podChanged("default/high", Self.pod("high", cpu: "1", priority: 9), now: Self.now)
        let next = scheduler.next(now: Self.now)
        let decision = try #require(next)
        let found = try #require(rejection(decision))
        #expect(found.message == "0/2 nodes are available: 2 Insufficient cpu.")
        #expect(found.nominatedNode == "a")
        #expect(found.victims == ["default/low-a"])
        #expect(decision.events.map(\.reason) == ["FailedScheduling", "Preempted"])
        #expect(decision.events.last?.note == "Preempted by pod uid-high on node a")
        #expect(decision.events.last?.podKey == "default/low-a")

        // Nobody of lower priority gets the place that is being made.
        scheduler.podChanged("default/late", Self.pod("late", cpu: "1", priority: 2), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now)) != nil)
        scheduler.podChanged("default/low-a", nil, now: Self.now.adding(seconds: 2))
        let after = scheduler.next(now: Self.now.adding(seconds: 2))
        #expect(after?.podKey == "default/high")
        #expect(target(after) == "a")
    }

    @Test func waitsForItsVictims() {
        var scheduler = Self.make([Self.node("a", cpu: "1")])
        scheduler.podChanged("default/low", Self.pod("low", cpu: "1", node: "a"), now: Self.now)
        scheduler.podChanged("default/high", Self.pod("high", cpu: "1", priority: 9), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now))?.victims == ["default/low"])
        var going = Self.pod("low", cpu: "1", node: "a")
        going.set("2026-01-01T00:00:00Z", at: "metadata", "deletionTimestamp")
        going.set(
            [["type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler"]], at: "status",
            "conditions")
        scheduler.podChanged("default/low", going, now: Self.now)
        scheduler.podChanged("default/else", Self.pod("else", cpu: "0", node: "a"), now: Self.now)
        scheduler.podChanged("default/else", nil, now: Self.now)
        let later = Self.now.adding(seconds: 3)
        #expect(
            rejection(scheduler.next(now: later))?.message
                == "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, "
                + "preemption: not eligible due to a terminating pod on the nominated node.")
        scheduler.podChanged("default/low", nil, now: later)
        #expect(target(scheduler.next(now: later.adding(seconds: 3))) == "a")
    }

    @Test func sparesPodsWithABudget() {
        var scheduler = Self.make([Self.node("a", cpu: "1"), Self.node("b", cpu: "1")])
        scheduler.objectChanged(
            .podDisruptionBudget, key: "default/guard",
            [
                "spec": ["selector": ["matchLabels": ["app": "kept"]]], "status": ["disruptionsAllowed": 0],
            ])
        scheduler.podChanged(
            "default/kept", Self.pod("kept", cpu: "1", priority: 1, node: "a"), now: Self.now)
        scheduler.podChanged("default/mid", Self.pod("mid", cpu: "1", priority: 5, node: "b"), now: Self.now)
        scheduler.podChanged("default/high", Self.pod("high", cpu: "1", priority: 9), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now))?.victims == ["default/mid"])
    }

    @Test func neverPreemptsWhenToldSo() {
        var scheduler = Self.make([Self.node("a", cpu: "1")])
        scheduler.podChanged("default/low", Self.pod("low", cpu: "1", node: "a"), now: Self.now)
        scheduler.podChanged(
            "default/high", Self.pod("high", cpu: "1", priority: 9, spec: ["preemptionPolicy": "Never"]),
            now: Self.now)
        let found = rejection(scheduler.next(now: Self.now))
        #expect(found?.victims == [])
        #expect(
            found?.message.hasSuffix("preemption: not eligible due to preemptionPolicy=Never.") == true,
            "\(found?.message ?? "")")
    }

    // MARK: Other rules

    @Test func countsSidecarsAndOverhead() {
        var scheduler = Self.make([Self.node("a", cpu: "1")])
        let spec: JSON = [
            "initContainers": [
                ["name": "side", "restartPolicy": "Always", "resources": ["requests": ["cpu": "300m"]]],
                ["name": "init", "resources": ["requests": ["cpu": "600m"]]],
            ],
            "overhead": ["cpu": "101m"],
        ]
        // max(500m + 300m, 600m + 300m) + 101m
        scheduler.podChanged("default/web", Self.pod("web", spec: spec), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now))?.message.contains("1 Insufficient cpu") == true)
        scheduler.nodeChanged("a", Self.node("a", cpu: "1001m"))
        #expect(target(scheduler.next(now: Self.now.adding(seconds: 2))) == "a")
    }

    @Test func podsOfAStatefulSetAreOneClass() {
        var scheduler = Self.make([Self.node("a"), Self.node("b")])
        for index in 0..<4 {
            var pod = Self.pod("db-\(index)", cpu: "100m")
            pod.set("db", at: "metadata", "labels", "app")
            pod.set(.string("db-\(index)"), at: "metadata", "labels", "statefulset.kubernetes.io/pod-name")
            scheduler.podChanged("default/db-\(index)", pod, now: Self.now)
        }
        #expect(scheduler.classes.compactMap { $0 }.count == 1)
        while scheduler.next(now: Self.now) != nil {}
        // A selector that names the label tells them apart, also those that are placed.
        var guest = Self.pod("guest", cpu: "100m")
        guest.set(
            [
                [
                    "topologyKey": "kubernetes.io/hostname",
                    "labelSelector": ["matchLabels": ["statefulset.kubernetes.io/pod-name": "db-2"]],
                ]
            ], at: "spec", "affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        scheduler.podChanged("default/guest", guest, now: Self.now)
        #expect(scheduler.classes.compactMap { $0 }.count == 5)
        let wanted = scheduler.pods["default/db-2"].flatMap { scheduler.pods.records[$0]?.slot }
        #expect(target(scheduler.next(now: Self.now)) == wanted.map { scheduler.nodes.names[$0] })
    }

    @Test func theSameSeedDecidesTheSame() {
        func run(_ seed: UInt64) -> [String] {
            var scheduler = Scheduler(seed: seed)
            for index in 0..<20 { scheduler.nodeChanged("n\(index)", Self.node("n\(index)")) }
            for index in 0..<40 {
                scheduler.podChanged("default/p\(index)", Self.pod("p\(index)"), now: Self.now)
            }
            var list: [String] = []
            while let decision = scheduler.next(now: Self.now) { list.append(target(decision) ?? "-") }
            return list
        }
        #expect(run(7) == run(7))
        #expect(run(7) != run(8))
    }

    @Test func claimsOfDevicesAreNotAllocated() {
        var scheduler = Self.make([Self.node("a"), Self.node("b", cpu: "100m")])
        let spec: JSON = ["resourceClaims": [["name": "gpu", "resourceClaimName": "gpu"]]]
        scheduler.podChanged("default/ai", Self.pod("ai", spec: spec), now: Self.now)
        #expect(
            rejection(scheduler.next(now: Self.now))?.message
                == "0/2 nodes are available: 1 Insufficient cpu, 1 cannot allocate all claims. still not "
                + "schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for "
                + "scheduling."
        )
    }

    @Test func whatWasKeptForAPodIsFreeWhenItIsGone() {
        var scheduler = Self.make([Self.node("a", cpu: "1")])
        scheduler.podChanged("default/low", Self.pod("low", cpu: "1", node: "a"), now: Self.now)
        scheduler.podChanged("default/high", Self.pod("high", cpu: "1", priority: 9), now: Self.now)
        #expect(rejection(scheduler.next(now: Self.now))?.nominatedNode == "a")
        scheduler.podChanged("default/low", nil, now: Self.now)
        scheduler.podChanged("default/next", Self.pod("next", cpu: "1", priority: 1), now: Self.now)
        scheduler.podChanged(
            "default/high",
            Self.pod("high", cpu: "1", priority: 9, spec: ["schedulingGates": [["name": "x"]]]), now: Self.now
        )
        scheduler.podChanged("default/high", nil, now: Self.now)
        var later = Self.now
        var last: Decision?
        for _ in 0..<3 {
            later = later.adding(seconds: 2)
            last = scheduler.next(now: later) ?? last
        }
        #expect(last?.podKey == "default/next")
        #expect(target(last) == "a")
    }

    @Test func thousandsThatWaitCostNothing() {
        var scheduler = Self.make([Self.node("a", cpu: "1")])
        for index in 0..<2000 {
            scheduler.podChanged("default/p\(index)", Self.pod("p", cpu: "900m"), now: Self.now)
        }
        var decisions = 0
        while scheduler.next(now: Self.now) != nil { decisions += 1 }
        #expect(decisions == 2000)
        #expect(scheduler.pendingCount == 1999)
        #expect(scheduler.queue.unschedulable.count == 1)
    }

    // MARK: What if

    @Test func asksAboutNodesThatAreNotThere() {
        var scheduler = Self.make([Self.node("a", cpu: "100m")])
        scheduler.podChanged("default/web", Self.pod("web"), now: Self.now)
        let before = scheduler.nodes.count
        #expect(scheduler.fits(Self.pod("web"), onNewNode: Self.node("template")) == .fits)
        #expect(
            scheduler.fits(Self.pod("web"), onNewNode: Self.node("template", cpu: "200m"))
                == .doesNotFit(["Insufficient cpu"]))
        #expect(
            scheduler.fits(
                Self.pod("web"), onNewNode: Self.node("template", cpu: "800m"),
                daemonPods: [Self.pod("agent", cpu: "400m")]) == .doesNotFit(["Insufficient cpu"]))
        let result = scheduler.simulate(
            pods: (0..<5).map { Self.pod("p\($0)") }, adding: [Self.node("new")], includingWaiting: true)
        #expect(result.placements.count == 4)
        #expect(result.unschedulable.count == 2)
        #expect(Set(result.placements.values) == ["new"])
        #expect(scheduler.nodes.count == before)
        #expect(rejection(scheduler.next(now: Self.now)) != nil)
    }
}
