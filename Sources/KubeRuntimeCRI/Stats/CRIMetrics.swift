import KubeAPI
import KubeEngine
import KubeJSON
import Synchronization

/// What running containers use, from the runtime's statistics: the working set of their memory, and how much
/// processor time they took between the last two looks.
public final class CRIMetrics: MetricsSource, Sendable {
    struct Sample: Sendable, Equatable {
        var pod: String
        var name: String
        /// Nanoseconds of the clock and of the processor.
        var time: Int64
        var used: UInt64
        /// Bytes.
        var memory: Int64
        /// Thousandths of a core; nil until there are two looks.
        var cpu: Int64?
    }

    private let client: CRIClient
    private let cluster: String
    private let samples = Mutex<[String: Sample]>([:])
    private let loop = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter cluster: as in `CRIRuntime.Settings`.
    public init(client: CRIClient, cluster: String) {
        self.client = client
        self.cluster = cluster
    }

    /// Looks again and again.
    public func start(every period: Duration = .seconds(10)) {
        let task = Task { [weak self] in
            while !Task.isCancelled {
                await self?.look()
                try? await Task.sleep(for: period)
            }
        }
        loop.withLock { $0 = task }
    }

    public func stop() { loop.withLock { $0?.cancel() } }

    /// Takes one look; the last one stays where the runtime does not answer.
    public func look() async {
        guard let stats = try? await client.stats(labels: [PodLabels.cluster: cluster]) else { return }
        samples.withLock { old in
            var new: [String: Sample] = [:]
            for entry in stats {
                let labels = entry.attributes.labels
                guard let pod = labels[PodLabels.podUID], let name = labels[PodLabels.containerName],
                    entry.hasCpu
                else { continue }
                let id = entry.attributes.id
                var sample = Sample(
                    pod: pod, name: name, time: entry.cpu.timestamp,
                    used: entry.cpu.usageCoreNanoSeconds.value,
                    memory: Int64(clamping: entry.memory.workingSetBytes.value))
                sample.cpu = Self.rate(old[id], sample)
                new[id] = sample
            }
            old = new
        }
    }

    static func rate(_ before: Sample?, _ now: Sample) -> Int64? {
        guard let before else { return nil }
        guard now.time > before.time, now.used >= before.used else { return before.cpu }
        let share = Double(now.used - before.used) / Double(now.time - before.time)
        return Int64((share * 1_000).rounded())
    }

    public func usage(of pod: PodSummary, sharers: Int, at time: Timestamp) -> [ContainerUsage] {
        usage(ofPod: pod.uid)
    }

    /// Of a pod's running containers, in order of their names.
    public func usage(ofPod uid: String) -> [ContainerUsage] {
        samples.withLock { samples in
            samples.values.filter { $0.pod == uid }.compactMap { sample in
                sample.cpu.map {
                    ContainerUsage(
                        name: sample.name, cpu: $0, memory: sample.memory,
                        processorTime: Int64(clamping: sample.used))
                }
            }.sorted { utf8Less($0.name, $1.name) }
        }
    }
}
