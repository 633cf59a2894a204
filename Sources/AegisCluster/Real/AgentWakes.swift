import KubeNode
import Synchronization

/// Carries news from the runtime to the agents, which come to be after it.
final class AgentWakes: Sendable {
    private struct State: Sendable {
        var sink: (@Sendable (String) -> Void)?
        var early: [String] = []
        var evictions: [String: String] = [:]
    }

    private let state = Mutex(State())

    func wake(_ pod: PodIdentity) { send("pod/\(pod.namespace)/\(pod.name)") }

    private func send(_ key: String) {
        let sink = state.withLock { state in
            if state.sink == nil { state.early.append(key) }
            return state.sink
        }
        sink?(key)
    }

    func use(_ sink: @escaping @Sendable (String) -> Void) {
        let early = state.withLock { state in
            state.sink = sink
            defer { state.early = [] }
            return state.early
        }
        for key in early { sink(key) }
    }

    /// Has a pod end for the sake of its node.
    func evict(_ pod: PodIdentity, _ words: String) {
        let isNew = state.withLock { $0.evictions.updateValue(words, forKey: pod.uid) == nil }
        if isNew { wake(pod) }
    }

    func eviction(of uid: String) -> String? { state.withLock { $0.evictions[uid] } }
}
