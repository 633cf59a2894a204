import KubeStore
import NIOCore
import Synchronization

/// Ends the past as upstream's compactor does (k8s.io/apiserver/pkg/storage/etcd3/compact.go): each time it
/// runs, what was the newest revision when it last ran becomes the oldest that lists can ask for. A token to
/// go on with a list is thus good for one to two intervals.
final class Compaction: Sendable {
    private let store: Store
    private let mark: Mutex<UInt64>

    init(_ store: Store) {
        self.store = store
        mark = Mutex(store.revision)
    }

    func run() {
        let newest = store.revision
        store.compact(
            to: mark.withLock { mark in
                defer { mark = newest }
                return mark
            })
    }

    static func start(_ store: Store, on loop: any EventLoop, every interval: Duration) -> RepeatedTask {
        let compaction = Compaction(store)
        let time = TimeAmount(interval)
        return loop.scheduleRepeatedTask(initialDelay: time, delay: time) { _ in compaction.run() }
    }
}
