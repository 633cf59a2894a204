import KubeAPI
@testable import KubeEngine
import KubeJSON
import KubeStore
import Synchronization
import Testing

@testable import KubeControllers

@Suite struct EngineTests {
    /// Some life: objects with owners, namespaces that come and go, every kind of deletion.
    private func trace(seed: UInt64) throws -> [String] {
        let world = try World(seed: seed)
        var traces: [ControllerEngine.Trace] = []
        for number in 0..<4 {
            let namespace = "n\(number)"
            try world.create("v1", "namespaces", ["metadata": ["name": .string(namespace)]], in: "")
            for member in 0..<5 {
                let owner = try world.map("owner-\(member)", in: namespace)
                for child in 0..<3 {
                    try world.map(
                        "child-\(member)-\(child)", owners: [world.reference(owner, blocks: child == 0)],
                        in: namespace)
                }
            }
            traces += world.settle()
            for (member, policy) in ["Background", "Foreground", "Orphan"].enumerated() {
                try world.delete("configmaps", "owner-\(member)", in: namespace, policy: policy)
            }
            if number % 2 == 0 { try world.delete("namespaces", namespace, in: "") }
            traces += world.settle()
        }
        return traces.map(\.description)
    }

    @Test func sameInputGivesSameTrace() throws {
        let first = try trace(seed: 7)
        #expect(first.count > 50)
        #expect(try trace(seed: 7) == first)
        #expect(try trace(seed: 8) != first)
    }

    /// Fails a number of times, then writes; counts nothing and remembers nothing.
    private struct Failing: Controller {
        let name = "failing-controller"
        let alias = "failing"
        let account = "failing"
        func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
            event.collection == CollectionID(group: "", resource: "secrets") ? ["broken"] : []
        }
        func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
            throw ControllerError("never works")
        }
    }

    @Test func failureIsRetriedWithGrowingDelaysAndStopsNobody() throws {
        let world = try World(
            controllers: [Failing(), ServiceAccountController()])
        try world.create("v1", "secrets", ["metadata": ["name": "s"]])
        try world.create("v1", "namespaces", ["metadata": ["name": "other"]], in: "")
        var failures: [String] = []
        let first = world.loop.pump(now: world.now) { failures += $0.failure.map { [$0] } ?? [] }
        #expect(failures == ["never works"])
        #expect(world.get("serviceaccounts", "default", in: "other") != nil)
        #expect(first?.since(world.now) == 0.005)
        var delays: [Double] = []
        var time = first
        while let now = time, delays.count < 20 {
            time = world.loop.pump(now: now)
            delays.append(time?.since(now) ?? -1)
        }
        let expected = (1...20).map { min(1_000, 0.005 * Double(1 << $0)) }
        #expect(zip(delays, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        let metrics = world.loop.metrics
        #expect(metrics[0].retries == 21)
        #expect(metrics[1].retries == 0 && metrics[1].writes == 5)
        #expect(world.loop.metricsText.contains("workqueue_retries_total{name=\"failing-controller\"} 21\n"))
    }

    /// Asks to be called again.
    private struct Ticking: Controller {
        let name = "ticking-controller"
        let alias = "ticking"
        let account = "ticking"
        var seconds = 30.0
        func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
            event.collection == .namespaces ? ["tick"] : []
        }
        func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
            Reconciliation(requeueAfter: seconds)
        }
    }

    @Test func requeueComesWhenItIsDueAndNotBefore() throws {
        let world = try World(controllers: [Ticking()])
        // The world settled one second ago; that was the first run.
        let start = Timestamp(seconds: world.now.seconds - 1)
        var runs = 0
        let due = world.loop.pump(now: start.adding(29.9)) { _ in runs += 1 }
        #expect(runs == 0)
        #expect(due == start.adding(30))
        let next = world.loop.pump(now: start.adding(30)) { _ in runs += 1 }
        #expect(runs == 1)
        #expect(next == start.adding(60))
    }

    /// Says of each service account that it is looked at, and again a moment later.
    private struct Patient: Controller {
        let name = "patient-controller"
        let alias = "patient"
        let account = "patient"
        let isAwaited = false
        func keys(for event: ObjectEvent, in view: ClusterView) -> [String] { [] }
        func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
            .nothing
        }
    }

    @Test func whatNobodyWaitsForComesLast() throws {
        let world = try World(controllers: [])
        var engine = ControllerEngine([Patient(), Ticking()], resources: world.registry.resources)
        func run() -> [String] {
            var keys: [String] = []
            while let trace = engine.step(now: world.now, apply: { write, _ throws(APIStatus) in write.name })
            {
                keys.append(trace.key)
            }
            return keys
        }
        engine.holdBack()
        engine.wake("patient-controller", "late")
        engine.wake("patient-controller", "late")
        engine.wake("ticking-controller", "early")
        #expect(run() == ["early"])
        #expect(engine.isIdle)
        engine.letGo()
        #expect(run() == ["late"])
        engine.wake("patient-controller", "at once")
        #expect(run() == ["at once"])
    }

    private struct Telling: Controller {
        let name = "telling-controller"
        let alias = "telling"
        let account = "telling"
        let told: AsyncStream<String>.Continuation
        func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
            event.collection == .serviceAccounts ? [event.object.key] : []
        }
        func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
            told.yield(key)
            return Reconciliation(requeueAfter: 0.01)
        }
    }

    @Test(.timeLimit(.minutes(10))) func runsInRealTimeUntilStopped() async throws {
        let (stream, told) = AsyncStream.makeStream(of: String.self)
        let world = try World(controllers: [ServiceAccountController(), Telling(told: told)])
        world.loop.start()
        try world.create("v1", "namespaces", ["metadata": ["name": "live"]], in: "")
        var keys = stream.makeAsyncIterator()
        func next(_ key: String) async { while let heard = await keys.next(), heard != key {} }
        // What one controller wrote another sees, and what is due again comes again.
        for _ in 0..<5 { await next("live/default") }
        #expect(world.get("serviceaccounts", "default", in: "live") != nil)
        world.loop.stop()
        let after = world.loop.metrics.map(\.worked.count)
        try world.create("v1", "namespaces", ["metadata": ["name": "late"]], in: "")
        told.finish()
        while let heard = await keys.next() { #expect(heard != "late/default") }
        #expect(world.loop.metrics.map(\.worked.count) == after)
        #expect(world.get("serviceaccounts", "default", in: "late") == nil)
    }

    /// More Events at once than anybody would read.
    private struct Loud: Controller {
        let name = "loud-controller"
        let alias = "loud"
        let account = "loud"
        let count: Int
        func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
            event.collection == .secrets ? [event.object.key] : []
        }
        func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
            let secret = view.object(.secrets, key) ?? [:]
            let event = RecordedEvent(.normal, "Loud", "again", of: secret, component: name)
            return Reconciliation(events: Array(repeating: event, count: count))
        }
    }

    @Test func eventsThatAreDroppedAreCountedAndReportedOnce() throws {
        let reports = Mutex<[String]>([])
        let over = 7
        let cluster = try VirtualCluster(
            controllers: [Loud(count: ControllerEngine.mostUnrecorded + over)],
            report: { step in reports.withLock { $0.append("\(step.controller): \(step.failure ?? "")") } })
        for round in 1...2 {
            try cluster.create("v1", "secrets", ["metadata": ["name": .string("s\(round)")]])
            cluster.run(for: 1)
            #expect(cluster.loop.metrics[0].droppedEvents == over * round)
            #expect(
                reports.withLock { $0 }
                    == Array(
                        repeating: "event-recorder: 20000 Events wait: further ones are dropped", count: round
                    )
            )
        }
        #expect(
            cluster.loop.metricsText.contains(
                "aegis_controller_dropped_events_total{name=\"loud-controller\"} 14"))
    }

    @Test func queueHoldsAKeyOnceAndKeepsOrder() {
        var queue = WorkQueue()
        let items = ["c", "a", "b", "a", "c"].map { WorkItem(controller: 0, key: $0) }
        #expect(items.map { queue.add($0, at: 0) } == [true, true, true, false, false])
        let start = Timestamp(seconds: 100)
        queue.add(WorkItem(controller: 1, key: "late"), due: start.adding(2))
        queue.add(WorkItem(controller: 1, key: "early"), due: start.adding(1))
        // An earlier time takes the place of a later one, never the other way round.
        queue.add(WorkItem(controller: 1, key: "late"), due: start.adding(0.5))
        queue.add(WorkItem(controller: 1, key: "early"), due: start.adding(9))
        #expect(queue.release(until: start.adding(0.4), at: 0).isEmpty)
        #expect(queue.release(until: start.adding(10), at: 0).map(\.key) == ["late", "early"])
        var order: [String] = []
        while let next = queue.next() { order.append(next.item.key) }
        #expect(order == ["c", "a", "b", "late", "early"])
        #expect(queue.nextDue == nil)
    }

    @Test(arguments: [
        (
            "all",
            ["serviceaccount", "root-ca-cert-publisher", "namespace", "garbagecollector", "resourcequota"]
        ),
        (
            "*",
            ["serviceaccount", "root-ca-cert-publisher", "namespace", "garbagecollector", "resourcequota"]
        ),
        ("none", []),
        ("*,-garbagecollector", ["serviceaccount", "root-ca-cert-publisher", "namespace", "resourcequota"]),
        (
            "*,-namespace-controller",
            ["serviceaccount", "root-ca-cert-publisher", "garbagecollector", "resourcequota"]
        ),
        ("namespace,garbage-collector-controller", ["namespace", "garbagecollector"]),
    ])
    func selection(_ text: String, _ expected: [String]) throws {
        let all: [any Controller] = [
            ServiceAccountController(), RootCAPublisher(certificate: ""), NamespaceController(),
            GarbageCollector(), ResourceQuotaController(),
        ]
        let selection = try ControllerSelection(text, of: all)
        #expect(all.filter(selection.contains).map(\.alias) == expected)
    }

    @Test func selectionOfAnUnknownNameIsAnError() {
        #expect(throws: ControllerSelection.UnknownController.self) {
            try ControllerSelection("*,-nonsense", of: [])
        }
    }

    @Test(arguments: [
        "pods:default/web", "deployments.apps:ns/a", "clusterroles.rbac.authorization.k8s.io:a:b",
    ])
    func locatorReadsWhatItWrites(_ text: String) throws {
        let locator = try #require(ObjectLocator(text))
        #expect(locator.description == text)
    }
}
