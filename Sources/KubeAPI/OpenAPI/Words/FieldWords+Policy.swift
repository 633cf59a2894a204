// swift-format-ignore-file

extension FieldWords {
    static let policy: StaticString = #"""
        # rbac.v1.Role
        - Rights in one namespace, for a RoleBinding to give.
        rules The rights. They add up; nothing can be forbidden.
        # rbac.v1.ClusterRole
        - Rights in the whole cluster, or in the namespace of the RoleBinding that gives them.
        aggregationRule Roles whose rules are put together here; rules is then written by a controller.
        rules The rights. They add up; nothing can be forbidden.
        # rbac.v1.AggregationRule
        - Roles whose rules are put together.
        clusterRoleSelectors Labels of the ClusterRoles; one selector that fits is enough.
        # rbac.v1.PolicyRule
        - What may be done with what.
        apiGroups API groups of the resources; "" is the core group, * all.
        nonResourceURLs Paths that are no resources, such as /metrics; * at the end stands for the rest. In ClusterRoles given for the whole cluster only.
        resourceNames Names of the objects; all by default.
        resources Resources, such as pods or pods/log; * is all.
        verbs get, list, watch, create, update, patch, delete, deletecollection and so on; * is all.
        # rbac.v1.RoleBinding
        - Gives the rights of a role to somebody, in one namespace.
        roleRef The Role of the namespace, or a ClusterRole. It cannot be changed.
        subjects Who gets them.
        # rbac.v1.ClusterRoleBinding
        - Gives the rights of a ClusterRole to somebody, in the whole cluster.
        roleRef The ClusterRole. It cannot be changed.
        subjects Who gets them.
        # rbac.v1.RoleRef
        - The role that a binding gives.
        apiGroup rbac.authorization.k8s.io.
        kind Role or ClusterRole.
        name Its name.
        # rbac.v1.Subject
        - Who gets the rights.
        apiGroup rbac.authorization.k8s.io for users and groups, empty for service accounts.
        kind User, Group or ServiceAccount.
        name Name of the user, group or account.
        namespace Namespace of the account; for service accounts only.
        """#
}
