import KubeJSON

/// Specs as upstream prints them in errors: its internal structures, with Go's names and zero values.
enum FlowControlForm {
    static func fixedWords(_ name: String) -> String { "spec of '\(name)' must equal the fixed value" }

    static func schema(_ spec: JSON) -> JSON {
        [
            "PriorityLevelConfiguration": [
                "Name": .string(spec.at("priorityLevelConfiguration", "name")?.string ?? "")
            ],
            "MatchingPrecedence": .integer(spec.number("matchingPrecedence")),
            "DistinguisherMethod": optional(spec["distinguisherMethod"]) {
                ["Type": .string($0.text("type"))]
            },
            "Rules": list(spec["rules"], rule),
        ]
    }

    private static func rule(_ rule: JSON) -> JSON {
        [
            "Subjects": list(rule["subjects"]) { subject in
                [
                    "Kind": .string(subject.text("kind")),
                    "User": optional(subject["user"]) { ["Name": .string($0.text("name"))] },
                    "Group": optional(subject["group"]) { ["Name": .string($0.text("name"))] },
                    "ServiceAccount": optional(subject["serviceAccount"]) {
                        ["Namespace": .string($0.text("namespace")), "Name": .string($0.text("name"))]
                    },
                ]
            },
            "ResourceRules": list(rule["resourceRules"]) { rule in
                [
                    "Verbs": rule["verbs"] ?? .null, "APIGroups": rule["apiGroups"] ?? .null,
                    "Resources": rule["resources"] ?? .null, "ClusterScope": .bool(rule.flag("clusterScope")),
                    "Namespaces": rule["namespaces"] ?? .null,
                ]
            },
            "NonResourceRules": list(rule["nonResourceRules"]) { rule in
                ["Verbs": rule["verbs"] ?? .null, "NonResourceURLs": rule["nonResourceURLs"] ?? .null]
            },
        ]
    }

    static func level(_ spec: JSON) -> JSON {
        [
            "Type": .string(spec.text("type")),
            "Limited": optional(spec["limited"]) { limited in
                let response = limited["limitResponse"] ?? [:]
                return [
                    "NominalConcurrencyShares": .integer(limited.number("nominalConcurrencyShares")),
                    "LimitResponse": [
                        "Type": .string(response.text("type")),
                        "Queuing": optional(response["queuing"]) { queuing in
                            [
                                "Queues": .integer(queuing.number("queues")),
                                "HandSize": .integer(queuing.number("handSize")),
                                "QueueLengthLimit": .integer(queuing.number("queueLengthLimit")),
                            ]
                        },
                    ],
                    "LendablePercent": limited["lendablePercent"] ?? .null,
                    "BorrowingLimitPercent": limited["borrowingLimitPercent"] ?? .null,
                ]
            },
            "Exempt": optional(spec["exempt"]) { exempt in
                [
                    "NominalConcurrencyShares": exempt["nominalConcurrencyShares"] ?? .null,
                    "LendablePercent": exempt["lendablePercent"] ?? .null,
                ]
            },
        ]
    }

    private static func optional(_ value: JSON?, _ form: (JSON) -> JSON) -> JSON {
        value.map(form) ?? .null
    }

    private static func list(_ value: JSON?, _ form: (JSON) -> JSON) -> JSON {
        value?.array.map { .array($0.map(form)) } ?? .null
    }
}
