import Synchronization

/// Bounds how many objects keep their parsed tree: a tree takes several times the room of its text, and can
/// be had again from it in microseconds. The oldest go first.
final class TreeCache: Sendable {
    private struct State {
        var kept: [StoredObject?] = []
        var head = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    /// Of JSON text, not of trees and of what else is kept with them.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The object has a tree now.
    func keep(_ object: StoredObject) {
        var dropped: [StoredObject] = []
        state.withLock { state in
            state.kept.append(object)
            state.bytes += object.bytes.count
            while state.bytes > limit, state.head < state.kept.count - 1 {
                if let oldest = state.kept[state.head] {
                    state.bytes -= oldest.bytes.count
                    dropped.append(oldest)
                }
                state.kept[state.head] = nil
                state.head += 1
            }
            if state.head > 1_024, state.head * 2 > state.kept.count {
                state.kept.removeFirst(state.head)
                state.head = 0
            }
        }
        // Outside the lock: an object takes its own.
        for object in dropped { object.dropTree() }
    }
}
