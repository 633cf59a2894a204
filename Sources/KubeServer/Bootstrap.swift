import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore

/// What a cluster has before anybody asks for anything: the system namespaces, the default roles, the
/// priority classes of the system, the flow control objects and the Service of the API itself. Run at every start: what is missing is
/// made, what an administrator changed stays (roles: as their `autoupdate` annotation says).
struct Bootstrap {
    let registry: Registry
    let range: ServiceRange
    let caPEM: String

    static let user = UserInfo(
        name: "system:apiserver", groups: [Group.masters, Group.authenticated])

    func run() throws(APIStatus) {
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try ensure("", "v1", "namespaces", ["metadata": ["name": .string(name)]])
        }
        try reconcileRoles()
        for (name, value, text) in [
            (
                "system-node-critical", 2_000_001_000,
                "The highest priority: for pods that a node cannot be without."
            ),
            ("system-cluster-critical", 2_000_000_000, "For pods that the cluster cannot be without."),
        ] as [(String, Int64, String)] {
            try ensure(
                "scheduling.k8s.io", "v1", "priorityclasses",
                ["metadata": ["name": .string(name)], "value": .integer(value), "description": .string(text)])
        }
        for level in FlowControlBootstrap.levels {
            try ensure("flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", level)
        }
        for schema in FlowControlBootstrap.schemas {
            try ensure("flowcontrol.apiserver.k8s.io", "v1", "flowschemas", schema)
        }
        try ensure(
            "networking.k8s.io", "v1", "servicecidrs",
            ["metadata": ["name": "kubernetes"], "spec": ["cidrs": [.string(range.description)]]])
        try ensure(
            "", "v1", "services",
            [
                "metadata": [
                    "name": "kubernetes", "namespace": "default",
                    "labels": ["component": "apiserver", "provider": "kubernetes"],
                ],
                "spec": [
                    "clusterIP": .string(range.first.description), "type": "ClusterIP",
                    "ports": [["name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443]],
                    "sessionAffinity": "None", "ipFamilyPolicy": "SingleStack",
                ],
            ], namespace: "default")
    }

    func ensure(
        _ group: String, _ version: String, _ plural: String, _ object: JSON, namespace: String = ""
    ) throws(APIStatus) {
        guard let resource = registry.resources.resource(group: group, version: version, plural: plural)
        else { return }
        var request = RegistryRequest(
            resource: resource, namespace: namespace, user: Self.user, manager: "kube-apiserver")
        request.name = object.name
        if registry.exists(request) { return }
        request.name = ""
        var body = object
        body["kind"] = .string(resource.kind)
        body["apiVersion"] = .string(resource.apiVersion)
        do { _ = try registry.create(&request, body: body) } catch {
            if error.reason != "AlreadyExists" { throw error }
        }
    }

    private func reconcileRoles() throws(APIStatus) {
        let group = "rbac.authorization.k8s.io"
        let plurals = [
            "ClusterRole": "clusterroles", "ClusterRoleBinding": "clusterrolebindings", "Role": "roles",
            "RoleBinding": "rolebindings",
        ]
        for expected in DefaultRoles.all {
            guard let plural = plurals[expected["kind"]?.string ?? ""],
                let resource = registry.resources.resource(group: group, version: "v1", plural: plural)
            else { continue }
            var request = RegistryRequest(
                resource: resource, namespace: expected.namespace, name: expected.name, user: Self.user,
                manager: "kube-apiserver")
            let existing = try? registry.get(request).value
            switch RoleReconciliation.reconcile(expected: expected, existing: existing) {
            case .nothing: break
            case .create(let object):
                request.name = ""
                _ = try registry.create(&request, body: object)
            case .update(let object):
                _ = try registry.update(&request, body: object)
            case .recreate(let object):
                _ = try registry.delete(&request, DeleteOptions())
                request.name = ""
                _ = try registry.create(&request, body: object)
            }
        }
    }
}
