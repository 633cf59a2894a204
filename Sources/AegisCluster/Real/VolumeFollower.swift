import KubeEngine
import KubeJSON
import KubeNode
import KubeStore

/// Tells the volumes of pods what changes in the store, and of time that passes.
final class VolumeFollower: Sendable {
    private let watch: Watch
    private let tending: Task<Void, Never>

    /// - Parameters:
    ///   - period: seconds between looks at tokens and limits.
    ///   - evict: ends a pod whose volume has outgrown its limit.
    init(
        _ volumes: PodVolumes, store: Store, period: Double = 10,
        evict: @escaping @Sendable (PodIdentity, String) -> Void
    ) throws {
        let (changes, sink) = AsyncStream.makeStream(of: [Event].self)
        // Files are written apart from the thread that writes objects.
        watch = try store.watch(nil, from: store.revision) { events in
            let mine = events.filter { event in
                switch event.collection {
                case .configMaps, .secrets: event.kind != .deleted
                case .pods: event.kind == .modified
                case .persistentVolumes: event.kind == .deleted
                default: false
                }
            }
            if !mine.isEmpty { sink.yield(mine) }
        }
        tending = Task {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await events in changes {
                        for event in events { Self.tell(volumes, event) }
                    }
                }
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(period))
                        volumes.renewTokens()
                        for (pod, words) in volumes.outgrown() { evict(pod, words) }
                    }
                }
            }
        }
    }

    private static func tell(_ volumes: PodVolumes, _ event: Event) {
        switch event.collection {
        case .pods: volumes.podChanged(event.object.value)
        case .persistentVolumes: volumes.volumeDeleted(event.object.value)
        default:
            volumes.objectChanged(
                event.collection, namespace: event.object.namespace, name: event.object.name)
        }
    }

    func stop() {
        watch.cancel()
        tending.cancel()
    }
}
