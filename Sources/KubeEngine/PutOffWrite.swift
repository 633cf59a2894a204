/// A write that somebody outside is asked about first, such as an admission webhook: it is made where it may take
/// its time.
struct PutOffWrite: Sendable {
    let write: ControllerWrite
    let account: String
    /// The key that goes on when it is made; nil for an Event.
    let item: WorkItem?
}
