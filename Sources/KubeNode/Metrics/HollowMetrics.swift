import KubeAPI
import KubeEngine
import KubeJSON
import Synchronization

/// What hollow containers use, by the `cpu` and `memory` keys of `HollowModel`: a constant amount, an amount
/// that is `P50` half of the time and above `P99` one time in a hundred (another draw each minute), or what a
/// load puts on it; and its pod's share of the load of its workload (`HollowLoad`). A container of which
/// nothing is said uses half of what it requests.
public struct HollowMetrics: MetricsSource {
    public enum Resource: String, Sendable {
        case cpu, memory
    }
    /// The use of one container under a named load: thousandths of a core, or bytes; nil when there is no
    /// such load.
    public typealias Load =
        @Sendable (
            _ load: String, _ resource: Resource, _ pod: PodSummary, _ time: Timestamp
        ) -> Int64?

    private let seed: UInt64
    private let load: Load
    private let read = ReadLoads()

    public init(seed: UInt64 = 1, load: @escaping Load = { _, _, _, _ in nil }) {
        self.seed = seed
        self.load = load
    }

    static func saysMemory(_ annotations: JSON?) -> Bool {
        annotations?.object?.contains { key, _ in key.utf8.starts(with: "hollow.aegis.dev/memory".utf8) }
            ?? false
    }

    public func usage(of pod: PodSummary, sharers: Int, at time: Timestamp) -> [ContainerUsage] {
        if pod.isFinished { return [] }
        let value = pod.value
        let annotations = value["metadata"]?["annotations"]?.object ?? [:]
        var running: Set<String> = []
        for list in ["containerStatuses", "initContainerStatuses"] {
            for status in value["status"]?[list]?.array ?? [] where status["state"]?["running"] != nil {
                running.insert(status["name"]?.string ?? "")
            }
        }
        let first = value["spec"]?["containers"]?[0]?["name"]?.string
        var usages: [ContainerUsage] = []
        for list in ["initContainers", "containers"] {
            for container in value["spec"]?[list]?.array ?? [] {
                let name = container["name"]?.string ?? ""
                guard running.contains(name) else { continue }
                func amount(_ resource: Resource) -> Int64 {
                    guard let load = self.load(resource, name, isFirst: name == first, annotations) else {
                        return self.amount(resource, container, name, annotations, pod, time)
                    }
                    let isSaid = HollowContainerModel.text(resource.rawValue, name, annotations) != nil
                    var amount = isSaid ? self.amount(resource, container, name, annotations, pod, time) : 0
                    if pod.isReady { amount += load.amount(at: time) / Int64(max(sharers, 1)) }
                    if resource == .cpu, let limit = container["resources"]?["limits"]?["cpu"]?.string,
                        let most = Self.units(limit, .cpu)
                    {
                        amount = min(amount, most)
                    }
                    return amount
                }
                usages.append(ContainerUsage(name: name, cpu: amount(.cpu), memory: amount(.memory)))
            }
        }
        return usages
    }

    private func load(
        _ resource: Resource, _ container: String, isFirst: Bool, _ annotations: JSONObject
    ) -> HollowLoad? {
        if annotations.isEmpty { return nil }
        let key = "\(HollowModel.prefix)load-\(resource.rawValue)"
        let text = annotations["\(key).\(container)"]?.string ?? (isFirst ? annotations[key]?.string : nil)
        return text.flatMap { text in
            read.load(text, resource) { HollowLoad(text) { Self.units($0, resource) } }
        }
    }

    private static func units(_ text: String, _ resource: Resource) -> Int64? {
        guard let quantity = Quantity(text) else { return nil }
        return resource == .cpu ? quantity.milliValue : quantity.wholeValue
    }

    private func amount(
        _ resource: Resource, _ container: JSON, _ name: String, _ annotations: JSONObject,
        _ pod: PodSummary, _ time: Timestamp
    ) -> Int64 {
        func units(_ text: String) -> Int64? { Self.units(text, resource) }
        let requested =
            container["resources"]?["requests"]?[resource.rawValue]?.string.flatMap { units($0) } ?? 0
        guard let text = HollowContainerModel.text(resource.rawValue, name, annotations) else {
            return requested / 2
        }
        if text.hasPrefix("load:") {
            return load(String(text.dropFirst(5)), resource, pod, time) ?? requested / 2
        }
        let parts = text.split(separator: ",").compactMap { units(String($0)) }
        guard let usual = parts.first else { return requested / 2 }
        guard parts.count > 1 else { return usual }
        return Self.draw(
            usual, parts[1],
            SeededHash(seed).with(pod.uid).with(name).with(resource.rawValue).with(Int(time.seconds / 60)))
    }

    /// Half of the draws lie below the first amount and one in a hundred above the second; between them it
    /// rises the faster the rarer the draw.
    private static func draw(_ p50: Int64, _ p99: Int64, _ hash: SeededHash) -> Int64 {
        let place = hash.fraction
        let (low, high) = (Double(p50), Double(max(p99, p50)))
        if place < 0.5 { return Int64(low * (0.8 + 0.4 * place)) }
        let share = min((place - 0.5) / 0.49, 1)
        let value = low + (high - low) * share * share
        return Int64(place > 0.99 ? value * (1 + (place - 0.99) * 10) : value)
    }
}

/// Loads that were read once: many pods carry the same, and are asked again all the time.
private final class ReadLoads: Sendable {
    private struct Key: Hashable, Sendable {
        let text: String
        let resource: HollowMetrics.Resource
    }
    private let known = Mutex<[Key: HollowLoad?]>([:])

    func load(
        _ text: String, _ resource: HollowMetrics.Resource, _ make: () -> HollowLoad?
    ) -> HollowLoad? {
        let key = Key(text: text, resource: resource)
        if let load = known.withLock({ $0[key] }) { return load }
        let load = make()
        known.withLock { known in
            if known.count >= 1_024 { known.removeAll() }
            known[key] = .some(load)
        }
        return load
    }
}
