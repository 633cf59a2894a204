import KubeAuth
import KubeJSON
import KubeStore
import Synchronization

/// RBAC as it stands now: the compiled policy, kept current by the store's changes.
public final class LiveAuthorizer: Sendable {
    private let current: Mutex<RBACPolicy>

    public init(_ policy: RBACPolicy = RBACPolicy()) { current = Mutex(policy) }

    public var policy: RBACPolicy { current.withLock { $0 } }

    public func authorize(_ attributes: Attributes) -> Decision {
        // The usual caller of a one-machine cluster needs no policy.
        if attributes.user.groups.contains(Group.masters) { return .allow(nil) }
        return policy.authorize(attributes)
    }

    /// Takes in a change of a role or binding.
    func apply(_ change: RBACPolicy.Change) {
        current.withLock { $0 = $0.applying(change) }
    }
}
