import KubeJSON
import Synchronization

/// What plug-ins have to say although the write goes on, and what they must remember of a request.
final class AdmissionNotes: Sendable {
    /// Rules of one kind, for asking some of them again (upstream's reinvocation context).
    struct Invoked: Sendable {
        /// What they made of the object.
        var output: JSON?
        /// Those that were asked and want to be asked again after a change.
        var previous: Set<String> = []
        /// Those that are to be asked again.
        var again: Set<String> = []

        mutating func require() {
            again.formUnion(previous)
            previous = []
        }

        /// What comes in the second time is not what went out the first.
        mutating func notice(_ object: JSON) {
            if output != object { require() }
        }
    }

    private struct State {
        var warnings: [String] = []
        var annotations: [(key: String, value: String)] = []
        var isReinvocation = false
        var wantsReinvocation = false
        var webhooks = Invoked()
        var policies = Invoked()
    }

    private let state = Mutex(State())

    /// A text for a `Warning` header.
    func warn(_ text: String) { state.withLock { $0.warnings.append(text) } }
    /// An annotation of the audit event; the first of a key stays.
    func annotate(_ key: String, _ value: String) {
        state.withLock { state in
            if !state.annotations.contains(where: { $0.key == key }) {
                state.annotations.append((key, value))
            }
        }
    }

    var warnings: [String] { state.withLock { $0.warnings } }
    var annotations: [(key: String, value: String)] { state.withLock { $0.annotations } }

    /// The chain runs for the second time.
    var isReinvocation: Bool { state.withLock { $0.isReinvocation } }

    /// Whether the chain is to run once more; said once.
    func beginReinvocation() -> Bool {
        state.withLock { state in
            guard state.wantsReinvocation, !state.isReinvocation else { return false }
            state.isReinvocation = true
            return true
        }
    }

    func webhooks<R: Sendable>(_ body: (inout Invoked) -> R) -> R {
        state.withLock { body(&$0.webhooks) }
    }

    func policies<R: Sendable>(_ body: (inout Invoked) -> R) -> R {
        state.withLock { body(&$0.policies) }
    }

    /// A webhook changed the object.
    func requireReinvocation() {
        state.withLock { state in
            state.webhooks.require()
            state.wantsReinvocation = true
        }
    }

    /// A policy changed the object.
    func requireReinvocationByPolicy() {
        state.withLock { state in
            state.policies.require()
            state.wantsReinvocation = true
        }
    }
}
