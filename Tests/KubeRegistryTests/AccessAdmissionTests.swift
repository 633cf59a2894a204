import KubeAPI
import KubeAuth
import KubeJSON
import Testing

@testable import KubeRegistry

@Suite struct AccessAdmissionTests {
    private let alice = UserInfo(name: "alice", groups: [Group.authenticated])
    private let rbac = "rbac.authorization.k8s.io"

    /// Gives alice rules in the whole cluster.
    private func grant(_ cluster: TestCluster, _ rules: JSON) throws {
        try cluster.create("clusterroles.\(rbac)", ["metadata": ["name": "alice"], "rules": rules])
        try cluster.create(
            "clusterrolebindings.\(rbac)",
            [
                "metadata": ["name": "alice"],
                "roleRef": ["apiGroup": .string(rbac), "kind": "ClusterRole", "name": "alice"],
                "subjects": [["apiGroup": .string(rbac), "kind": "User", "name": "alice"]],
            ])
    }

    private func rule(_ group: String, _ resource: String, _ verbs: JSON) -> JSON {
        ["apiGroups": [.string(group)], "resources": [.string(resource)], "verbs": verbs]
    }

    @Test func nobodyGrantsWhatTheyDoNotHold() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try grant(cluster, [rule("", "pods", ["get", "list"])])
        try cluster.create(
            "roles.\(rbac)", in: "a",
            ["metadata": ["name": "reader"], "rules": [rule("", "pods", ["get"])]], as: alice)
        let refused = cluster.refusal {
            try cluster.create(
                "roles.\(rbac)", in: "a",
                ["metadata": ["name": "killer"], "rules": [rule("", "pods", ["delete"])]], as: alice)
        }
        #expect(refused?.code == 403)
        #expect(
            refused?.message
                == "roles.rbac.authorization.k8s.io \"killer\" is forbidden: user \"alice\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}"
        )
        let widened = cluster.refusal {
            try cluster.merge(
                "roles.\(rbac)", in: "a", name: "reader", ["rules": [rule("", "secrets", ["get"])]],
                as: alice)
        }
        #expect(widened?.code == 403)
        // Labels are no grant, but the rules are checked all the same; these alice holds.
        try cluster.merge(
            "roles.\(rbac)", in: "a", name: "reader", ["metadata": ["labels": ["a": "b"]]], as: alice)
    }

    @Test func bindingsNeedTheRoleToBeHeld() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        try grant(cluster, [rule("", "pods", ["get"])])
        try cluster.create(
            "clusterroles.\(rbac)", ["metadata": ["name": "pods"], "rules": [rule("", "pods", ["get"])]])
        try cluster.create(
            "clusterroles.\(rbac)", ["metadata": ["name": "all"], "rules": [rule("*", "*", ["*"])]])
        func bind(_ role: String) -> APIStatus? {
            cluster.refusal {
                try cluster.create(
                    "rolebindings.\(rbac)", in: "a",
                    [
                        "metadata": ["name": .string(role)],
                        "roleRef": ["apiGroup": .string(rbac), "kind": "ClusterRole", "name": .string(role)],
                        "subjects": [["apiGroup": .string(rbac), "kind": "User", "name": "bob"]],
                    ], as: alice)
            }
        }
        #expect(bind("pods") == nil)
        #expect(bind("all")?.code == 403)
        let missing = bind("nothing")
        #expect(missing?.code == 404)
        #expect(missing?.message == "clusterroles.rbac.authorization.k8s.io \"nothing\" not found")
    }

    @Test func aggregatesFollowTheirParts() throws {
        let cluster = try TestCluster()
        try cluster.create(
            "clusterroles.\(rbac)",
            [
                "metadata": ["name": "sum"],
                "aggregationRule": ["clusterRoleSelectors": [["matchLabels": ["to": "sum"]]]],
            ])
        func rules() throws -> JSON? { try cluster.get("clusterroles.\(rbac)", name: "sum")["rules"] }
        let part = rule("", "pods", ["get"])
        try cluster.create(
            "clusterroles.\(rbac)",
            ["metadata": ["name": "part", "labels": ["to": "sum"]], "rules": [part]])
        #expect(try rules()?.array?.count == 1)
        #expect(try rules()?[0]?["resources"] == ["pods"])
        try cluster.merge(
            "clusterroles.\(rbac)", name: "part", ["rules": [part, rule("", "nodes", ["get"])]])
        #expect(try rules()?.array?.count == 2)
        try cluster.merge("clusterroles.\(rbac)", name: "part", ["metadata": ["labels": ["to": .null]]])
        #expect(try rules()?.array?.isEmpty ?? true)
        try cluster.merge("clusterroles.\(rbac)", name: "part", ["metadata": ["labels": ["to": "sum"]]])
        try cluster.delete("clusterroles.\(rbac)", name: "part")
        #expect(try rules()?.array?.isEmpty ?? true)
    }

    @Test func ownersNeedPermission() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        let owned: JSON = [
            "metadata": [
                "name": "c",
                "ownerReferences": [
                    [
                        "apiVersion": "apps/v1", "kind": "Deployment", "name": "d", "uid": "u",
                        "blockOwnerDeletion": true,
                    ]
                ],
            ]
        ]
        func create() -> String? {
            cluster.refusal { try cluster.create("configmaps", in: "a", owned, as: alice, dryRun: true) }?
                .message
        }
        try cluster.create("configmaps", in: "a", ["metadata": ["name": "c"]])
        func adopt() -> String? {
            cluster.refusal { try cluster.merge("configmaps", in: "a", name: "c", owned, as: alice) }?.message
        }
        #expect(
            adopt()
                == "configmaps \"c\" is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>"
        )
        try cluster.delete("configmaps", in: "a", name: "c")
        try grant(cluster, [rule("", "configmaps", ["get"])])
        #expect(
            create()
                == "configmaps \"c\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>"
        )
        try cluster.merge(
            "clusterroles.\(rbac)", name: "alice",
            [
                "rules": [
                    rule("", "configmaps", ["delete"]), rule("apps", "deployments/finalizers", ["update"]),
                ]
            ])
        #expect(create() == nil)
    }

    @Test func claimsGrowWhereTheirClassAllows() throws {
        let cluster = try TestCluster()
        try cluster.makeNamespace("a")
        for (name, grows) in [("fixed", false), ("elastic", true)] {
            try cluster.create(
                "storageclasses.storage.k8s.io",
                [
                    "metadata": ["name": .string(name)], "provisioner": "x",
                    "allowVolumeExpansion": .bool(grows),
                ])
            try cluster.create(
                "persistentvolumeclaims", in: "a",
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "accessModes": ["ReadWriteOnce"], "storageClassName": .string(name),
                        "volumeName": "v", "resources": ["requests": ["storage": "1Gi"]],
                    ],
                ])
            try cluster.merge(
                "persistentvolumeclaims", in: "a", name: name, subresource: "status",
                ["status": ["phase": "Bound", "capacity": ["storage": "1Gi"]]])
        }
        func grow(_ name: String) -> String? {
            cluster.refusal {
                try cluster.merge(
                    "persistentvolumeclaims", in: "a", name: name,
                    ["spec": ["resources": ["requests": ["storage": "2Gi"]]]])
            }?.message
        }
        #expect(
            grow("fixed")
                == "persistentvolumeclaims \"fixed\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
        )
        #expect(grow("elastic") == nil)
    }
}
