import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore
import NIOConcurrencyHelpers
import NIOCore

/// A pod that is created right after its namespace: upstream's ServiceAccount admission looks for the
/// namespace's `default` account ten times, 100 to 200 ms apart, before it refuses. Here the request waits for
/// that account's creation, for as long at most.
final class DefaultAccountWait: Sendable {
    static let limit = TimeAmount.milliseconds(1_500)

    /// Whether a refused creation is one that waiting may help.
    static func helps(_ body: JSON?, in namespace: String, _ store: Store) -> Bool {
        let spec = body?["spec"]
        let name = spec?["serviceAccountName"]?.string ?? spec?["serviceAccount"]?.string ?? ""
        guard name.isEmpty || name == "default", !isThere(namespace, store) else { return false }
        guard let space = store.snapshot(.namespaces)[namespace] else { return false }
        return space.value["metadata"]?["deletionTimestamp"] == nil
    }

    private static func isThere(_ namespace: String, _ store: Store) -> Bool {
        store.snapshot(.serviceAccounts)[namespace + "/default"] != nil
    }

    private struct State {
        var watch: Watch?
        var timer: Scheduled<Void>?
        var then: (@Sendable () -> Void)?
    }
    private let state = NIOLockedValueBox(State())

    /// Calls `then` once, on the loop: when the account is there, or when it has been waited for long enough.
    static func begin(
        _ namespace: String, _ store: Store, on loop: EventLoop, then: @escaping @Sendable () -> Void
    ) {
        let wait = DefaultAccountWait()
        wait.state.withLockedValue { $0.then = then }
        let finish: @Sendable () -> Void = { loop.execute { wait.finish() } }
        let (_, watch) = store.listAndWatch(.serviceAccounts, prefix: namespace + "/") { events in
            if events.contains(where: { $0.kind != .deleted && $0.object.name == "default" }) { finish() }
        }
        let timer = loop.scheduleTask(in: limit) { wait.finish() }
        wait.state.withLockedValue {
            $0.watch = watch
            $0.timer = timer
        }
        if isThere(namespace, store) { finish() }
    }

    private func finish() {
        let ended = state.withLockedValue { state in
            defer { state = State() }
            return state
        }
        ended.watch?.cancel()
        ended.timer?.cancel()
        ended.then?()
    }
}

extension APIServer {
    static func needsAccount(_ resource: ResourceInfo) -> Bool {
        resource.plural == "pods" && resource.group.isEmpty
    }

    /// Makes a pod, at once or when its namespace has an account for it; other things at once.
    /// - Parameters:
    ///   - body: of the pod, where it is known in full.
    ///   - perform: makes it, and tells of a refusal by throwing or, later, by calling what it is given.
    func waitingForAccount(
        _ call: Call, _ resource: ResourceInfo, _ body: JSON?,
        _ perform: @escaping (_ tell: @escaping (APIStatus) -> Void) throws(APIStatus) -> Void
    ) throws(APIStatus) {
        guard Self.needsAccount(resource) else { return try perform { call.fail($0) } }
        let namespace = call.info.namespace
        let store = store
        // All of this runs on the exchange's loop.
        nonisolated(unsafe) let again = perform
        func isWaiting(after error: APIStatus) -> Bool {
            guard error.code == 403, DefaultAccountWait.helps(body, in: namespace, store) else {
                return false
            }
            DefaultAccountWait.begin(namespace, store, on: call.exchange.eventLoop) {
                guard !call.exchange.isFinished else { return }
                do throws(APIStatus) { try again { call.fail($0) } } catch { call.fail(error) }
            }
            return true
        }
        do throws(APIStatus) {
            try perform { if !isWaiting(after: $0) { call.fail($0) } }
        } catch {
            if !isWaiting(after: error) { throw error }
        }
    }
}
