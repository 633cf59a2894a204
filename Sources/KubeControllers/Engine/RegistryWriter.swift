import KubeAPI
import KubeAuth
import KubeRegistry

/// Makes the writes of controllers through the API's own operations: decoded, defaulted, admitted and
/// validated like a client's, in the name of the controller's service account.
struct RegistryWriter: Sendable {
    let registry: Registry

    /// - Returns: the revision of the write; nil when it changed nothing.
    func apply(_ write: ControllerWrite, _ controller: any Controller) throws(APIStatus) -> UInt64? {
        guard
            let resource = registry.resources.resource(
                group: write.group, version: write.version, plural: write.plural)
        else { throw .unknownResource }
        var request = RegistryRequest(
            resource: resource, namespace: resource.isNamespaced ? write.namespace : "", name: write.name,
            subresource: write.subresource, user: Self.user(controller), manager: "kube-controller-manager")
        switch write.operation {
        case .create(let body):
            request.name = ""
            return try registry.create(&request, body: body).revision
        case .update(let body):
            return try registry.update(&request, body: body).revision
        case .patch(let patch):
            return try registry.patch(&request, .merge(patch)).revision
        case .delete(let options):
            switch try registry.delete(&request, options) {
            case .deleted(let object), .pending(let object): return object.revision
            }
        }
    }

    private static func user(_ controller: any Controller) -> UserInfo {
        // In this process there is no weaker account to run the loops as: they may do all that the API can.
        UserInfo(
            name: "system:serviceaccount:kube-system:\(controller.account)",
            groups: [
                "system:serviceaccounts", "system:serviceaccounts:kube-system", Group.authenticated,
                Group.masters,
            ])
    }
}
