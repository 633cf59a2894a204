import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore

/// Keeps ClusterRoles that are the sum of others right: upstream's clusterrole-aggregation controller, run
/// with the write that makes it necessary, so that a role is whole as soon as the write is answered.
extension Registry {
    private static let clusterRoles = CollectionID(
        group: "rbac.authorization.k8s.io", resource: "clusterroles")

    /// Called after a write, with the object before and after it.
    func settleAggregates(_ old: JSON?, _ new: JSON?, _ request: RegistryRequest) {
        guard request.resource.plural == "clusterroles", !request.dryRun, !request.isAggregation,
            request.resource.group == Self.clusterRoles.group
        else { return }
        let before = old.map { [$0] } ?? []
        let after = new.map { [$0] } ?? []
        // Most roles are in no sum and are none themselves.
        let isConcerned =
            (before + after).contains { Aggregation.rules(of: $0, from: EmptyCollection()) != nil }
            || aggregates().contains { sum in
                !(Aggregation.rules(of: sum, from: before)?.isEmpty ?? true)
                    || !(Aggregation.rules(of: sum, from: after)?.isEmpty ?? true)
            }
        if !isConcerned { return }
        // One at a time: sums made from an older state must not be written after those of a newer one.
        aggregation.withLock { _ in
            let all = store.snapshot(Self.clusterRoles).page().items.map(\.value)
            for role in Aggregation.settle(all) { write(rules: role, request.resource) }
        }
    }

    private func aggregates() -> [JSON] {
        store.snapshot(Self.clusterRoles).page().items.map(\.value).filter { $0["aggregationRule"] != nil }
    }

    /// Applies the rules as upstream's controller does, so that managed fields name it.
    private func write(rules role: JSON, _ resource: ResourceInfo) {
        var request = RegistryRequest(
            resource: resource, name: role.name,
            user: UserInfo(
                name: "system:serviceaccount:kube-system:clusterrole-aggregation-controller",
                groups: [Group.masters, Group.authenticated]),
            manager: "clusterrole-aggregation-controller")
        request.isAggregation = true
        // Others wait while the lock is held.
        request.skipsWebhooks = true
        let configuration: JSON = [
            "kind": "ClusterRole", "apiVersion": .string(resource.apiVersion),
            "metadata": ["name": .string(role.name)], "rules": role["rules"] ?? [],
        ]
        // A role that went meanwhile needs no rules.
        _ = try? patch(&request, .apply(configuration, force: true))
    }
}
