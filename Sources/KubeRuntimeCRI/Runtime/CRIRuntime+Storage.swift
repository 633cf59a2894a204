import KubeJSON
import KubeNode

extension CRIRuntime {
    /// The pods that keep more on the machine's disk than they may, and what is said of it. It reads whole
    /// trees, of pods with a limit only.
    public func overStorage() -> [(pod: PodIdentity, words: String)] {
        let limited = state.withLock { Array($0.pods.values) }.compactMap { entry in
            StorageLimits(entry.object).map { (entry, $0) }
        }
        guard !limited.isEmpty, let mounts = FileBytes.read("/proc/self/mountinfo") else { return [] }
        let layers = StorageLimits.layers(String(decoding: mounts, as: UTF8.self))
        return limited.compactMap { entry, limits in
            var used: [String: Int64] = [:]
            for (index, container) in entry.shape.containers.enumerated() {
                guard let instance = entry.observation.containers[index], !instance.id.isEmpty else {
                    continue
                }
                let log = paths.log(entry.identity, container.name, attempt: instance.attempt)
                let logs = LogFiles.all(of: log).compactMap { FileBytes.size($0) }.reduce(0, +)
                let layer = layers[instance.id].map { PodVolumes.bytesUsed(below: $0) } ?? 0
                used[container.name] = logs + layer
            }
            var volumes: Int64 = 0
            for volume in entry.object["spec"]?["volumes"]?.array ?? [] {
                guard let source = volume["emptyDir"], source["medium"]?.string != "Memory",
                    let path = volume["name"]?.string.flatMap({ entry.volumes?[$0] })
                else { continue }
                volumes += PodVolumes.bytesUsed(below: path)
            }
            return limits.excess(used, volumes: volumes).map { (entry.identity, $0) }
        }
    }
}
