import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import Synchronization

/// Makes the writes of controllers through the API's own operations: decoded, defaulted, admitted and
/// validated like a client's, in the name of the controller's service account.
final class RegistryWriter: Sendable {
    private let registry: Registry
    /// By account: making one for every write costs more than it should.
    private let users = Mutex<[String: UserInfo]>([:])

    init(registry: Registry) { self.registry = registry }

    /// - Parameter mayWait: whether it may ask somebody outside and wait for the answer. Otherwise such a write fails
    ///   with an error that `asksToWait`, and the store is to be flushed before anybody is told of others.
    /// - Returns: the object as it was written (as it was last, of a deletion).
    func apply(
        _ write: ControllerWrite, _ account: String, mayWait: Bool = false
    ) throws(APIStatus) -> WrittenObject? {
        guard
            let resource = registry.resources.resource(
                group: write.group, version: write.version, plural: write.plural)
        else { throw .unknownResource }
        var request = RegistryRequest(
            resource: resource, namespace: resource.isNamespaced ? write.namespace : "", name: write.name,
            subresource: write.subresource, user: user(account),
            manager: Self.manager(account))
        request.isDeferred = !mayWait
        // Where pods are is what the next decision of the scheduler begins with.
        request.mayWait = mayWait || write.operation.isBinding
        switch write.operation {
        case .create(let body):
            if write.subresource.isEmpty { request.name = "" }
            return try registry.create(&request, body: body)
        case .update(let body):
            return try registry.update(&request, body: body)
        case .patch(let patch):
            return try registry.patch(&request, .merge(patch))
        case .delete(let options):
            switch try registry.delete(&request, options) {
            case .deleted(let object), .pending(let object): return object
            }
        case .bind(let node):
            request.subresource = "binding"
            return try registry.bind(&request, binding: ["target": ["kind": "Node", "name": .string(node)]])
        case .evict(let options):
            request.subresource = "eviction"
            var deletion: JSONObject = [:]
            if let seconds = options.gracePeriodSeconds {
                deletion["gracePeriodSeconds"] = .integer(Int64(seconds))
            }
            if let uid = options.preconditionUID { deletion["preconditions"] = ["uid": .string(uid)] }
            return try registry.evict(&request, eviction: ["deleteOptions": .object(deletion)])
        }
    }

    /// As managed fields name the program that runs the loop upstream.
    private static func manager(_ account: String) -> String {
        switch account {
        case "kube-scheduler", "kube-apiserver": account
        case "hollow-nodes": "kubelet"
        default: "kube-controller-manager"
        }
    }

    private func user(_ account: String) -> UserInfo {
        users.withLock { users in
            if let known = users[account] { return known }
            let user = Self.makeUser(account)
            users[account] = user
            return user
        }
    }

    private static func makeUser(_ account: String) -> UserInfo {
        if account == "kube-apiserver" {
            return UserInfo(name: "system:apiserver", groups: [Group.masters, Group.authenticated])
        }
        // In this process there is no weaker account to run the loops as: they may do all that the API can.
        return UserInfo(
            name: "system:serviceaccount:kube-system:\(account)",
            groups: [
                "system:serviceaccounts", "system:serviceaccounts:kube-system", Group.authenticated,
                Group.masters,
            ])
    }
}
