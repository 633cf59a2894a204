import KubeAPI

/// A control loop as a pure function: which keys a change concerns, and what to do about a key.
///
/// It reads no clock and starts nothing; all it knows is in its arguments, or in what it derived from earlier
/// ones (the scheduler's node cache is such a state; most have none, and need none: everything is in the
/// view). So the server and the simulation run the same controller, and equal inputs give equal writes. State
/// that a restart loses must be built again from the objects that are there, which come as added.
public protocol Controller: Sendable {
    /// As upstream's `--controllers` names it, such as `garbage-collector-controller`.
    var name: String { get }
    /// The shorter name of earlier releases, which `--controllers` takes too.
    var alias: String { get }
    /// The service account in `kube-system` in whose name it writes.
    var account: String { get }
    /// Whether a server is ready only when this has done what there is to do at its start.
    var isAwaited: Bool { get }

    /// The keys that are to be looked at after a change. The view already has the change.
    mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String]

    /// What is to be done about a key now. Called again after any change of it, after `requeueAfter`, and
    /// with a growing delay after it threw or one of its writes failed.
    mutating func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation
}

extension Controller {
    public var isAwaited: Bool { true }
}

/// What a controller wants done.
public struct Reconciliation: Sendable {
    /// Made in this order; the first that fails ends it, unless it says that others go on.
    public var writes: [ControllerWrite]
    /// Seconds until the key is looked at again even if nothing changes.
    public var requeueAfter: Double?
    /// Recorded whatever becomes of the writes.
    public var events: [RecordedEvent]

    public init(
        writes: [ControllerWrite] = [], requeueAfter: Double? = nil, events: [RecordedEvent] = []
    ) {
        self.writes = writes
        self.requeueAfter = requeueAfter
        self.events = events
    }

    public static let nothing = Reconciliation()
}

/// A key cannot be reconciled for now.
public struct ControllerError: Error, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
