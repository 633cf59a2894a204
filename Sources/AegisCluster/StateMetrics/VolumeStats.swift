import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode
import KubeStore
import Synchronization

/// How full the persistent volumes on this machine are, under the names of the kubelet's metrics
/// (`kubelet_volume_stats_…`). A volume is a directory: what it may hold is what its PersistentVolume promises.
final class VolumeStats: Sendable {
    private struct Fill: Sendable {
        var namespace: String
        var claim: String
        var capacity: Int64
        var used: Int64
    }

    private let store: Store
    private let directory: String
    private let fills = Mutex<[Fill]>([])
    private let due = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter directory: below which the volumes are.
    init(_ store: Store, directory: String) {
        self.store = store
        self.directory = directory
    }

    /// Measures all, unless that took so long the last time that it would take more than a twentieth of the time.
    /// It reads whole trees.
    func measure() {
        let clock = ContinuousClock()
        let start = clock.now
        guard due.withLock({ $0.map { $0 <= start } ?? true }) else { return }
        defer { due.withLock { $0 = clock.now + (clock.now - start) * 20 } }
        var found: [Fill] = []
        for stored in store.snapshot(.persistentVolumes).page().items {
            let volume = stored.value
            guard let path = volume.at("spec", "hostPath", "path")?.string, path.hasPrefix(directory + "/"),
                let claim = volume.at("spec", "claimRef"),
                let capacity = volume.at("spec", "capacity", "storage")?.string.flatMap({ Quantity($0) })
            else { continue }
            found.append(
                Fill(
                    namespace: claim["namespace"]?.string ?? "", claim: claim["name"]?.string ?? "",
                    capacity: capacity.wholeValue, used: PodVolumes.bytesUsed(below: path)))
        }
        fills.withLock { $0 = found }
    }

    var text: String {
        let fills = fills.withLock { $0 }
        func family(_ name: String, _ value: (Fill) -> Int64) -> String {
            let name = "kubelet_volume_stats_\(name)_bytes"
            return "# TYPE \(name) gauge\n"
                + fills.map {
                    "\(name){namespace=\"\($0.namespace)\",persistentvolumeclaim=\"\($0.claim)\"} \(value($0))\n"
                }.joined()
        }
        return family("capacity") { $0.capacity } + family("used") { $0.used }
            + family("available") { max(0, $0.capacity - $0.used) }
    }
}
