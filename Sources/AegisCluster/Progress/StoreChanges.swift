import KubeStore

/// Tells that something in a store changed: one awakening for whatever came since the last one.
public final class StoreChanges: Sendable {
    private let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let watch: Watch

    public init(_ store: Store) throws {
        let (signals, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.signals = signals
        self.continuation = continuation
        watch = try store.watch(nil, from: store.revision) { _ in continuation.yield() }
    }

    deinit {
        watch.cancel()
        continuation.finish()
    }

    /// Something else than the store calls for a look, such as a time that has come.
    public func signal() { continuation.yield() }

    /// Returns after the next change, or one that nobody waited for yet.
    public func next() async {
        var iterator = signals.makeAsyncIterator()
        _ = await iterator.next()
    }

    /// Returns when a condition holds.
    public func wait(until holds: () -> Bool) async throws {
        while !holds() {
            try Task.checkCancellation()
            await next()
        }
    }
}
