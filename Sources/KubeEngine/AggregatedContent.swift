import KubeJSON

/// What servers behind this one hold (APIServices): it is not in the store, and to know of it they have to be
/// asked.
public protocol AggregatedContent: Sendable {
    /// Has the objects of a namespace that is going deleted, and tells what was left.
    /// - Parameter controller: whose key the namespace is.
    /// - Returns: what came of it, told once; nil while the servers are asked, until the controller is woken.
    func empty(_ namespace: String, uid: String, for controller: String) -> AggregatedRemains?
}

/// What other servers had left when a namespace was emptied.
public struct AggregatedRemains: Sendable, Equatable {
    /// Versions of groups of which nobody knows what is in them, with the reason, by `GROUP/VERSION`.
    public var unknown: [String: String] = [:]
    /// What went wrong with the others.
    public var failures: [String] = []
    /// How many objects are left, by `RESOURCE.GROUP`.
    public var objects: [String: Int] = [:]
    /// How many of them wait for a finalizer, by its name.
    public var finalizers: [String: Int] = [:]

    public init() {}

    /// Whether the namespace may go, as far as the other servers are concerned.
    public var isEmpty: Bool { unknown.isEmpty && failures.isEmpty && objects.isEmpty }
}
