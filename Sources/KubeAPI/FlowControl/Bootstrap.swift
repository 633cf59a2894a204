import KubeJSON

/// The flow control objects that every cluster has: the mandatory ones, whose specs are fixed, and the
/// suggested ones, which are kept up to date as long as their annotation says so.
public enum FlowControlBootstrap {
    /// PriorityLevelConfigurations without type, in the order in which upstream makes them.
    public static let levels: [JSON] = suggestedLevels + mandatoryLevels
    /// FlowSchemas without type.
    public static let schemas: [JSON] = suggestedSchemas + mandatorySchemas

    /// Whose object with this annotation follows the server's version.
    public static let updateAnnotation = "apf.kubernetes.io/autoupdate-spec"

    static func mandatory(level name: String) -> JSON? { mandatoryLevels.first { $0.name == name }?["spec"] }
    static func mandatory(schema name: String) -> JSON? {
        mandatorySchemas.first { $0.name == name }?["spec"]
    }

    private static func object(_ name: String, _ spec: JSON) -> JSON {
        ["metadata": ["name": .string(name), "annotations": [updateAnnotation: "true"]], "spec": spec]
    }

    // MARK: - Priority levels

    private static let mandatoryLevels: [JSON] = [
        object(
            "catch-all",
            [
                "type": "Limited",
                "limited": [
                    "nominalConcurrencyShares": 5, "limitResponse": ["type": "Reject"], "lendablePercent": 0,
                ],
            ]),
        object(
            "exempt", ["type": "Exempt", "exempt": ["nominalConcurrencyShares": 0, "lendablePercent": 0]]),
    ]

    private static let suggestedLevels: [JSON] = [
        level("system", shares: 30, lendable: 33, queues: 64, hand: 6),
        level("node-high", shares: 40, lendable: 25, queues: 64, hand: 6),
        level("leader-election", shares: 10, lendable: 0, queues: 16, hand: 4),
        level("workload-high", shares: 40, lendable: 50, queues: 128, hand: 6),
        level("workload-low", shares: 100, lendable: 90, queues: 128, hand: 6),
        level("global-default", shares: 20, lendable: 50, queues: 128, hand: 6),
    ]

    private static func level(
        _ name: String, shares: Int64, lendable: Int64, queues: Int64, hand: Int64
    ) -> JSON {
        object(
            name,
            [
                "type": "Limited",
                "limited": [
                    "nominalConcurrencyShares": .integer(shares),
                    "limitResponse": [
                        "type": "Queue",
                        "queuing": [
                            "queues": .integer(queues), "handSize": .integer(hand), "queueLengthLimit": 50,
                        ],
                    ],
                    "lendablePercent": .integer(lendable),
                ],
            ])
    }

    // MARK: - Flow schemas

    private static let everybody = groups("system:unauthenticated", "system:authenticated")
    private static let kubeSystemAccounts: JSON = [
        "kind": "ServiceAccount", "serviceAccount": ["namespace": "kube-system", "name": "*"],
    ]
    private static let anyRequest = resources(["*"], ["*"], ["*"], clusterScope: true)
    private static let anyPath: JSON = ["verbs": ["*"], "nonResourceURLs": ["*"]]

    private static let mandatorySchemas: [JSON] = [
        schema("exempt", "exempt", 1, nil, groups("system:masters")),
        schema("catch-all", "catch-all", 10_000, "ByUser", everybody),
    ]

    private static let suggestedSchemas: [JSON] = [
        schema("system-nodes", "system", 500, "ByUser", groups("system:nodes")),
        schema(
            "system-node-high", "node-high", 400, "ByUser", groups("system:nodes"),
            resources: [
                resources(["*"], [""], ["nodes", "nodes/status"], clusterScope: true),
                resources(["*"], ["coordination.k8s.io"], ["leases"], clusterScope: false),
            ], paths: []),
        schema(
            "probes", "exempt", 2, nil, everybody, resources: [],
            paths: [["verbs": ["get"], "nonResourceURLs": ["/healthz", "/readyz", "/livez"]]]),
        schema(
            "system-leader-election", "leader-election", 100, "ByUser",
            users("system:kube-controller-manager", "system:kube-scheduler") + [kubeSystemAccounts],
            resources: [
                resources(
                    ["get", "create", "update"], ["coordination.k8s.io"], ["leases"], clusterScope: false)
            ], paths: []),
        schema(
            "kube-controller-manager", "workload-high", 800, "ByNamespace",
            users("system:kube-controller-manager")),
        schema("kube-scheduler", "workload-high", 800, "ByNamespace", users("system:kube-scheduler")),
        schema(
            "kube-system-service-accounts", "workload-high", 900, "ByNamespace", [kubeSystemAccounts]),
        schema(
            "service-accounts", "workload-low", 9_000, "ByUser", groups("system:serviceaccounts")),
        schema("global-default", "global-default", 9_900, "ByUser", everybody),
    ]

    private static func schema(
        _ name: String, _ level: String, _ precedence: Int64, _ method: String?, _ subjects: [JSON],
        resources: [JSON] = [anyRequest], paths: [JSON] = [anyPath]
    ) -> JSON {
        var rule: JSON = ["subjects": .array(subjects)]
        if !resources.isEmpty { rule["resourceRules"] = .array(resources) }
        if !paths.isEmpty { rule["nonResourceRules"] = .array(paths) }
        var spec: JSON = [
            "priorityLevelConfiguration": ["name": .string(level)],
            "matchingPrecedence": .integer(precedence),
        ]
        if let method { spec["distinguisherMethod"] = ["type": .string(method)] }
        spec["rules"] = [rule]
        return object(name, spec)
    }

    private static func groups(_ names: String...) -> [JSON] {
        names.map { ["kind": "Group", "group": ["name": .string($0)]] }
    }

    private static func users(_ names: String...) -> [JSON] {
        names.map { ["kind": "User", "user": ["name": .string($0)]] }
    }

    private static func resources(
        _ verbs: [String], _ groups: [String], _ resources: [String], clusterScope: Bool
    ) -> JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        var rule: JSON = [
            "verbs": list(verbs), "apiGroups": list(groups), "resources": list(resources),
        ]
        if clusterScope { rule["clusterScope"] = true }
        rule["namespaces"] = ["*"]
        return rule
    }
}
