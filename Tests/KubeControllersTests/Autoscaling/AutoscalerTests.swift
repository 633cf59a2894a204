import KubeAPI
import KubeEngine
import KubeJSON
import Synchronization
import Testing

@testable import KubeControllers

@Suite struct AutoscalerTests {
    private let start = Timestamp(seconds: 1_700_000_000)

    // MARK: Damping

    @Test func withoutBehaviorUpIsBoundedAndDownWaits() {
        var history = ScalingHistory()
        func step(_ current: Int, _ wanted: Int, _ second: Double) -> ScalingHistory.Verdict {
            history.normalize(
                current: current, wanted: wanted, minimum: 2, maximum: 10, now: start.adding(second))
        }
        var verdict = step(2, 9, 0)
        #expect(verdict.replicas == 4)
        #expect(verdict.limited.reason == "ScaleUpLimit" && verdict.limited.isTrue)
        verdict = step(4, 12, 15)
        #expect(verdict.replicas == 8)
        verdict = step(8, 12, 30)
        #expect(verdict.replicas == 10)
        #expect(verdict.limited.reason == "TooManyReplicas")
        verdict = step(10, 1, 45)
        #expect(verdict.replicas == 10)
        #expect(verdict.able.reason == "ScaleDownStabilized")
        // What was asked for at 30 s counts until 330 s.
        #expect(step(10, 1, 330).replicas == 10)
        verdict = step(10, 1, 331)
        #expect(verdict.replicas == 2)
        #expect(verdict.limited.reason == "TooFewReplicas")
        verdict = step(2, 2, 700)
        #expect(verdict.limited.reason == "DesiredWithinRange" && !verdict.limited.isTrue)
        #expect(verdict.able.reason == "ReadyForNewScale")
    }

    private func rules(_ json: JSON, _ defaults: ScalingHistory.Rules) -> ScalingHistory.Rules {
        ScalingHistory.Rules(json, defaults: defaults)
    }

    @Test func policiesBoundTheRate() {
        func once(_ current: Int, _ wanted: Int, up: JSON = .null, down: JSON = .null) -> Int {
            var history = ScalingHistory()
            return history.normalize(
                current: current, wanted: wanted, minimum: 1, maximum: 1_000, up: rules(up, .up),
                down: rules(down, .down), now: start
            ).replicas
        }
        func policy(_ type: JSON, _ value: JSON, _ select: JSON = "Max") -> JSON {
            ["policies": [["type": type, "value": value, "periodSeconds": 60]], "selectPolicy": select]
        }
        #expect(once(2, 100) == 6)
        #expect(once(10, 100) == 20)
        #expect(once(10, 1) == 1)
        #expect(once(10, 100, up: policy("Pods", 3)) == 13)
        #expect(once(10, 12, up: policy("Pods", 3)) == 12)
        #expect(once(3, 100, up: policy("Percent", 10)) == 4)
        #expect(once(10, 1, down: policy("Percent", 25)) == 7)
        #expect(once(10, 1, down: policy("Pods", 4)) == 6)
        #expect(once(10, 100, up: ["selectPolicy": "Disabled"]) == 10)
        #expect(once(10, 1, down: ["selectPolicy": "Disabled"]) == 10)
        #expect(once(10, 100, up: ["selectPolicy": "Min"]) == 14)
        let both: JSON = [
            "policies": [
                ["type": "Pods", "value": 4, "periodSeconds": 60],
                ["type": "Percent", "value": 10, "periodSeconds": 60],
            ], "selectPolicy": "Min",
        ]
        #expect(once(20, 1, down: both) == 18)
    }

    @Test func policiesCountWhatWasDoneInTheirPeriod() {
        var history = ScalingHistory()
        let up = rules(["policies": [["type": "Pods", "value": 4, "periodSeconds": 60]]], .up)
        var current = 2
        var sizes: [Int] = []
        for second in stride(from: 0.0, through: 120, by: 15) {
            let now = start.adding(second)
            let next = history.normalize(
                current: current, wanted: 100, minimum: 1, maximum: 100, up: up, down: .down, now: now
            ).replicas
            if next != current { history.scaled(from: current, to: next, up: up, down: .down, now: now) }
            current = next
            sizes.append(current)
        }
        #expect(sizes == [6, 6, 6, 6, 10, 10, 10, 10, 14])
    }

    /// Whatever metrics ask for: within the bounds, and never faster than the policies let.
    @Test func randomMetricsKeepBoundsAndPolicies() {
        for seed in UInt64(1)...1_500 {
            var state = seed
            func random(_ bound: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((state >> 33) % UInt64(bound))
            }
            let minimum = 1 + random(5)
            let maximum = minimum + random(40)
            let periods = [15, 30, 60]
            func makeRules(_ defaults: ScalingHistory.Rules) -> ScalingHistory.Rules {
                ScalingHistory.Rules(
                    select: ["Max", "Min", "Disabled"][random(8) == 0 ? 2 : random(2)],
                    window: [0, 0, 30, 300][random(4)],
                    policies: [
                        .init(isPercent: random(2) == 0, value: 1 + random(100), period: periods[random(3)]),
                        .init(isPercent: random(2) == 0, value: 1 + random(10), period: 60),
                    ])
            }
            let (up, down) = (makeRules(.up), makeRules(.down))
            var history = ScalingHistory()
            var current = minimum + random(maximum - minimum + 1)
            var log = [(time: start.adding(-1_000), count: current)]
            var asked: [(time: Timestamp, count: Int)] = []
            for step in 0..<25 {
                let now = start.adding(Double(step * 15))
                let wanted = random(60)
                asked.append((now, wanted))
                let next = history.normalize(
                    current: current, wanted: wanted, minimum: minimum, maximum: maximum, up: up, down: down,
                    now: now
                ).replicas
                #expect(next >= minimum && next <= maximum, "seed \(seed)")
                if next != current {
                    let rules = next > current ? up : down
                    #expect(rules.select != "Disabled", "seed \(seed)")
                    let allowed = rules.policies.map { policy -> Int in
                        let before = log.last { $0.time <= now.adding(-Double(policy.period)) }?.count ?? 0
                        let change =
                            policy.isPercent ? Double(before * policy.value) / 100 : Double(policy.value)
                        return next > current
                            ? Int((Double(before) + change).rounded(.up) + 1e-6)
                            : Int(Double(before) - change)
                    }
                    let isLoose = (rules.select == "Max") == (next > current)
                    let limit = (isLoose ? allowed.max() : allowed.min()) ?? 0
                    // One more for the rounding of 1 + p / 100.
                    #expect(next > current ? next <= limit + 1 : next >= limit - 1, "seed \(seed)")
                    // Nobody asked for less within the window, or for more.
                    let window = asked.filter { $0.time > now.adding(-Double(rules.window)) }.map(\.count)
                    if next > current {
                        #expect(next <= (window.min() ?? wanted) || next == minimum, "seed \(seed)")
                    }
                    if next < current {
                        #expect(next >= min(window.max() ?? wanted, maximum), "seed \(seed)")
                    }
                    history.scaled(from: current, to: next, up: up, down: down, now: now)
                    current = next
                    log.append((now, current))
                }
            }
        }
    }

    // MARK: In a cluster

    /// The same for every pod, and settable.
    private final class Load: MetricsProvider {
        let cpu = Mutex<Int64?>(nil)
        let queue = Mutex<Int64>(0)

        func resource(
            _ name: String, container: String?, namespace: String, pods: LabelSelector, _ view: ClusterView,
            now: Timestamp
        ) throws -> [String: PodMetric] {
            guard let value = cpu.withLock({ $0 }) else { throw ControllerError("no metrics yet") }
            var metrics: [String: PodMetric] = [:]
            for pod in view.pods(in: namespace) where pods.matches(labels: pod.labels) {
                metrics[pod.name] = PodMetric(timestamp: now, value: value)
            }
            return metrics
        }
        func custom(
            _ name: String, metric: LabelSelector, namespace: String, pods: LabelSelector,
            _ view: ClusterView, now: Timestamp
        ) throws -> [String: PodMetric] { [:] }
        func object(
            _ name: String, metric: LabelSelector, namespace: String, of object: JSON, _ view: ClusterView,
            now: Timestamp
        ) throws -> Int64 { 0 }
        func external(
            _ name: String, metric: LabelSelector, namespace: String, _ view: ClusterView, now: Timestamp
        ) throws -> [Int64] { [queue.withLock { $0 }] }
    }

    private func cluster(_ load: any MetricsProvider) throws -> VirtualCluster {
        let cluster = try VirtualCluster(controllers: [
            ServiceAccountController(), HorizontalPodAutoscalerController(metrics: load),
        ])
        cluster.run(for: 1)
        try cluster.create(
            "apps/v1", "deployments",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "replicas": 2, "selector": ["matchLabels": ["app": "web"]],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": ["containers": [["name": "c", "image": "i"]]],
                    ],
                ],
            ])
        for name in ["a", "b"] {
            try cluster.create(
                "v1", "pods",
                [
                    "metadata": ["name": .string(name), "labels": ["app": "web"]],
                    "spec": [
                        "containers": [
                            ["name": "c", "image": "i", "resources": ["requests": ["cpu": "200m"]]]
                        ]
                    ],
                ])
            try cluster.patch(
                "v1", "pods", name,
                [
                    "status": [
                        "phase": "Running", "startTime": .string(cluster.now.adding(-1_000).rfc3339),
                        "conditions": [
                            [
                                "type": "Ready", "status": "True",
                                "lastTransitionTime": .string(cluster.now.adding(-990).rfc3339),
                            ]
                        ],
                    ]
                ], subresource: "status")
        }
        return cluster
    }

    private func autoscaler(_ cluster: VirtualCluster, _ metrics: JSON, target: String = "web") throws {
        try cluster.create(
            "autoscaling/v2", "horizontalpodautoscalers",
            [
                "metadata": ["name": "h"],
                "spec": [
                    "scaleTargetRef": [
                        "apiVersion": "apps/v1", "kind": "Deployment", "name": .string(target),
                    ],
                    "minReplicas": 1, "maxReplicas": 6, "metrics": metrics,
                ],
            ])
    }

    private static let cpu: JSON = [
        [
            "type": "Resource",
            "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 50]],
        ]
    ]

    private func condition(_ cluster: VirtualCluster, _ type: String) throws -> JSON? {
        try cluster.get("autoscaling/v2", "horizontalpodautoscalers", "h")?["status"]?["conditions"]?.array?
            .first { $0["type"]?.string == type }
    }

    private func messages(_ cluster: VirtualCluster, _ reason: String) throws -> [String] {
        try cluster.list("v1", "events").filter { $0["reason"]?.string == reason }
            .compactMap { $0["message"]?.string }
    }

    @Test func scalesAndSaysWhy() throws {
        let load = Load()
        let cluster = try cluster(load)
        try autoscaler(cluster, Self.cpu)
        cluster.run(for: 16)
        #expect(
            try messages(cluster, "FailedGetResourceMetric") == [
                "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics yet"
            ])
        #expect(
            try messages(cluster, "FailedComputeMetricsReplicas") == [
                "invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric "
                    + "value: failed to get cpu utilization: unable to get metrics for resource cpu: "
                    + "no metrics yet"
            ])
        #expect(try condition(cluster, "ScalingActive")?["reason"] == "FailedGetResourceMetric")
        #expect(try condition(cluster, "AbleToScale")?["reason"] == "SucceededGetScale")
        // 100 of 100 wanted is twice 50.
        load.cpu.withLock { $0 = 200 }
        cluster.run(for: 15)
        #expect(try cluster.get("apps/v1", "deployments", "web")?["spec"]?["replicas"] == 4)
        #expect(
            try messages(cluster, "SuccessfulRescale") == [
                "New size: 4; reason: cpu resource utilization (percentage of request) above target"
            ])
        let status = try #require(
            try cluster.get("autoscaling/v2", "horizontalpodautoscalers", "h")?["status"])
        #expect(status["currentReplicas"] == 2 && status["desiredReplicas"] == 4)
        #expect(status["lastScaleTime"] != nil)
        #expect(
            status["currentMetrics"] == [
                [
                    "type": "Resource",
                    "resource": [
                        "name": "cpu", "current": ["averageUtilization": 100, "averageValue": "200m"],
                    ],
                ]
            ])
        #expect(try condition(cluster, "AbleToScale")?["reason"] == "SucceededRescale")
        #expect(
            try condition(cluster, "ScalingActive")?["message"]?.string
                == "the HPA was able to successfully calculate a replica count from cpu resource utilization "
                + "(percentage of request)")
        // Down only after five minutes in which nothing asked for more.
        load.cpu.withLock { $0 = 10 }
        cluster.run(for: 240)
        #expect(try cluster.get("apps/v1", "deployments", "web")?["spec"]?["replicas"] == 4)
        #expect(try condition(cluster, "AbleToScale")?["reason"] == "ScaleDownStabilized")
        cluster.run(for: 90)
        #expect(try cluster.get("apps/v1", "deployments", "web")?["spec"]?["replicas"] == 1)
        #expect(
            try messages(cluster, "SuccessfulRescale").last == "New size: 1; reason: All metrics below target"
        )
    }

    @Test func boundsTargetsAndSeveralMetrics() throws {
        let load = Load()
        let cluster = try cluster(load)
        load.queue.withLock { $0 = 30_000 }
        try autoscaler(
            cluster,
            [
                Self.cpu[0] ?? [:],
                [
                    "type": "External",
                    "external": [
                        "metric": ["name": "queue"], "target": ["type": "Value", "value": "10"],
                    ],
                ],
            ])
        // One metric fails, the other asks for more: it is followed.
        cluster.run(for: 16)
        #expect(try cluster.get("apps/v1", "deployments", "web")?["spec"]?["replicas"] == 4)
        #expect(
            try messages(cluster, "SuccessfulRescale") == [
                "New size: 4; reason: external metric queue(nil) above target"
            ])
        #expect(try condition(cluster, "ScalingLimited")?["reason"] == "ScaleUpLimit")
        // It asks for less than there is: nothing is done.
        load.queue.withLock { $0 = 1_000 }
        cluster.run(for: 45)
        #expect(try cluster.get("apps/v1", "deployments", "web")?["spec"]?["replicas"] == 4)
        #expect(try condition(cluster, "ScalingActive")?["status"] == "False")
        try cluster.patch("apps/v1", "deployments", "web", ["spec": ["replicas": 9]])
        cluster.run(for: 16)
        #expect(try cluster.get("apps/v1", "deployments", "web")?["spec"]?["replicas"] == 6)
        #expect(
            try messages(cluster, "SuccessfulRescale").contains(
                "New size: 6; reason: Current number of replicas above Spec.MaxReplicas"))
        try cluster.patch("apps/v1", "deployments", "web", ["spec": ["replicas": 0]])
        cluster.run(for: 16)
        #expect(try condition(cluster, "ScalingActive")?["reason"] == "ScalingDisabled")
        try cluster.delete("apps/v1", "deployments", "web")
        cluster.run(for: 16)
        #expect(
            try condition(cluster, "AbleToScale")?["message"]?.string
                == "the HPA controller was unable to get the target's current scale: "
                + "deployments.apps \"web\" not found")
        #expect(try messages(cluster, "FailedGetScale") == ["deployments.apps \"web\" not found"])
    }
}
