import KubeAPI
import KubeJSON
import KubeNode

/// A workload of a platform, as `deployments default/web` names it.
public struct WorkloadName: Hashable, Sendable, CustomStringConvertible {
    /// `deployments` or `statefulsets`.
    public var plural: String
    public var namespace: String
    public var name: String

    public init(_ plural: String, _ namespace: String, _ name: String) {
        self.plural = plural
        self.namespace = namespace
        self.name = name
    }

    public var key: String { "\(namespace)/\(name)" }
    public var description: String { "\(plural) \(key)" }
}

/// What happens to a platform while it is simulated. All times are seconds of virtual time, counted from the
/// end of `settling`.
public struct Scenario: Sendable {
    /// What all ready pods of a workload together use of processors, by the time of the day (UTC).
    public struct Load: Sendable {
        public var workload: WorkloadName
        /// Seconds of the day, and thousandths of a core then; between them the load changes evenly.
        public var points: [(second: Int, cpu: Int)]

        public init(_ workload: WorkloadName, _ points: [(second: Int, cpu: Int)]) {
            self.workload = workload
            self.points = points
        }

        /// As the annotation `hollow.aegis.dev/load-cpu` says it, to the minute.
        var text: String {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return points.map { "\(two($0.second / 3_600 % 24)):\(two($0.second / 60 % 60))=\($0.cpu)m" }
                .joined(separator: ",")
        }
    }

    /// Machines that fall silent, and are replaced by new ones of the same group.
    public struct NodeFailures: Sendable {
        public var first: Double
        public var every: Double
        /// From the failure until the node is taken out of the cluster.
        public var replacedAfter: Double

        public init(first: Double, every: Double, replacedAfter: Double = 600) {
            self.first = first
            self.every = every
            self.replacedAfter = replacedAfter
        }
    }

    /// Restarts of workloads, one version of the template after the other.
    public struct RollOuts: Sendable {
        public var workloads: [WorkloadName]
        public var first: Double
        public var every: Double

        public init(_ workloads: [WorkloadName], first: Double, every: Double) {
            self.workloads = workloads
            self.first = first
            self.every = every
        }
    }

    /// A change of a workload's replicas by hand.
    public struct Scaling: Sendable {
        public var at: Double
        public var workload: WorkloadName
        public var replicas: Int

        public init(at: Double, _ workload: WorkloadName, replicas: Int) {
            self.at = at
            self.workload = workload
            self.replicas = replicas
        }
    }

    public var duration: Double
    /// Before the clock of the scenario starts: for the platform to come up.
    public var settling = 300.0
    /// The moment at which `settling` starts, seconds since 1970; midnight UTC less `settling` by default.
    public var start: Int64 = 1_767_225_600 - 300
    public var loads: [Load] = []
    public var nodeFailures: NodeFailures?
    public var rollOuts: RollOuts?
    public var scalings: [Scaling] = []
    /// Objects beside the platform's own.
    public var extras: [JSON] = []
    /// Makes the Secrets and ConfigMaps that pods need and the platform leaves to its operator.
    public var suppliesReferences = true
    /// How pods behave of which nothing is said.
    public var model: HollowModel = {
        var model = HollowModel()
        model.pullSeconds = 4
        model.startSeconds = 1
        model.readyAfter = 5
        model.jobSeconds = 30
        model.stopSeconds = 1
        return model
    }()
    /// Seconds between renewals of a node's lease. Less than the 50 s after which a node counts as silent; so
    /// much less often than a kubelet's 10 s, a failure is noticed up to 30 s earlier.
    public var leasePeriod = 40.0
    /// Seconds between statuses of a node in which nothing changed; the lease says that it lives.
    public var statusPeriod = 3_600.0
    /// Seconds between samples of the summary.
    public var samplePeriod = 60.0

    public init(duration: Double) { self.duration = duration }
}

extension Scenario {
    /// A day of a web service: quiet at night, busiest in the afternoon; a node that fails every hour, a
    /// roll-out every two, and beside it a load test in the morning that needs machines of its own.
    public static func day(of workload: WorkloadName, hours: Int) -> Scenario {
        var scenario = Scenario(duration: Double(hours) * 3_600)
        let hour = 3_600
        scenario.loads = [
            Load(
                workload,
                [
                    (0, 420), (4 * hour, 300), (7 * hour, 700), (10 * hour, 2_200), (14 * hour, 3_900),
                    (18 * hour, 2_600), (22 * hour, 800),
                ])
        ]
        scenario.nodeFailures = NodeFailures(first: 1_800, every: 3_600)
        scenario.rollOuts = RollOuts([workload], first: 7_200, every: 7_200)
        scenario.extras = [
            burst("load-test", cpu: "1500m", memory: "2Gi", group: "worker"),
            burst("reports", cpu: "3", memory: "20Gi", group: "data"),
        ]
        let loadTest = WorkloadName("deployments", "default", "load-test")
        let reports = WorkloadName("deployments", "default", "reports")
        scenario.scalings = [
            Scaling(at: Double(9 * hour), loadTest, replicas: 16),
            Scaling(at: Double(11 * hour), loadTest, replicas: 0),
            Scaling(at: Double(1 * hour), reports, replicas: 8),
            Scaling(at: Double(2 * hour), reports, replicas: 0),
        ]
        return scenario
    }

    private static func burst(_ name: String, cpu: String, memory: String, group: String) -> JSON {
        [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": .string(name), "namespace": "default"],
            "spec": [
                "replicas": 0, "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": [
                        "nodeSelector": ["aegis.dev/node-group": .string(group)],
                        "containers": [
                            [
                                "name": "main", "image": .string("\(name):1"),
                                "resources": [
                                    "requests": ["cpu": .string(cpu), "memory": .string(memory)]
                                ],
                            ]
                        ],
                    ],
                ],
            ],
        ]
    }
}
