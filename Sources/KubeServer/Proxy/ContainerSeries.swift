import KubeAPI
import KubeEngine
import KubeJSON

/// What a kubelet tells of its containers at `/metrics/cadvisor`, under cAdvisor's names and with the labels that
/// dashboards and rules select by: a series a container, one a pod with an empty `container`, and one for the whole
/// node with `id="/"`. Of figures only what is measured: processors and memory. Pure.
struct ContainerSeries {
    private let figures: NodeFigures
    private let node: JSON
    private var series: [String: [String]] = [:]

    /// - Parameter node: as it stands in the API, with its capacity.
    init(_ figures: NodeFigures, node: JSON) {
        self.figures = figures
        self.node = node
    }

    /// Prometheus' text.
    var text: String {
        var copy = self
        copy.collect()
        var text = ""
        for name in copy.series.keys.sorted() {
            text += "# TYPE \(name) \(name.hasSuffix("_total") ? "counter" : "gauge")\n"
            for line in copy.series[name] ?? [] { text += name + line + "\n" }
        }
        return text
    }

    private struct Subject {
        var container = ""
        var id = ""
        var image = ""
        var name = ""
        var namespace = ""
        var pod = ""

        func labels(_ more: [(String, String)] = []) -> String {
            let all =
                [
                    ("container", container), ("id", id), ("image", image), ("name", name),
                    ("namespace", namespace), ("pod", pod),
                ] + more
            let written = all.sorted { $0.0 < $1.0 }.map { "\($0.0)=\"\(ContainerSeries.escaped($0.1))\"" }
            return "{\(written.joined(separator: ","))}"
        }
    }

    private mutating func collect() {
        tellUse(Subject(id: "/"), figures.all)
        for usage in figures.usages {
            let pod = figures.pods.first { $0.uid == usage.pod.uid } ?? usage.pod.value
            var subject = Subject(namespace: usage.pod.namespace, pod: usage.pod.name)
            tellUse(subject, NodeFigures.sum(usage.containers))
            let starts = figures.starts(of: usage.pod.uid)
            for container in usage.containers {
                let status = Self.named(container.name, pod["status"]?["containerStatuses"])
                subject.container = container.name
                subject.image = status?["image"]?.string ?? ""
                // Behind the runtime's name and "://".
                subject.name =
                    status?["containerID"]?.string?.split(separator: "/").last.map(String.init) ?? ""
                tellUse(subject, NodeFigures.sum([container]))
                tellSpecification(subject, Self.named(container.name, pod["spec"]?["containers"]))
                if let start = starts.first(where: { $0.name == container.name })?.start {
                    add("container_start_time_seconds", subject, "\(start.seconds)")
                }
                add("container_last_seen", subject, "\(figures.taken.seconds)")
            }
        }
        series["container_scrape_error"] = [" 0"]
        let information = node["status"]?["nodeInfo"]
        let labels = [("boot_id", "bootID"), ("machine_id", "machineID"), ("system_uuid", "systemUUID")]
            .map { "\($0.0)=\"\(Self.escaped(information?[$0.1]?.string ?? ""))\"" }.joined(separator: ",")
        for (name, resource) in [("machine_cpu_cores", "cpu"), ("machine_memory_bytes", "memory")] {
            guard let amount = Self.amount(node.at("status", "capacity", resource)) else { continue }
            series[name] = ["{\(labels)} \(amount.wholeValue)"]
        }
    }

    private mutating func tellUse(_ subject: Subject, _ sum: NodeFigures.Sum) {
        if let time = sum.processorTime {
            add("container_cpu_usage_seconds_total", subject, NodeFigures.seconds(time), [("cpu", "total")])
        }
        add("container_memory_working_set_bytes", subject, "\(sum.memory)")
    }

    /// What the kernel was told of a container's resources; limits that it has not are 0 or not there, as cAdvisor's.
    private mutating func tellSpecification(_ subject: Subject, _ container: JSON?) {
        let limit = Self.amount(container?.at("resources", "limits", "cpu"))
        let request = Self.amount(container?.at("resources", "requests", "cpu")) ?? limit
        let memory = Self.amount(container?.at("resources", "limits", "memory"))
        let period: Int64 = 100_000
        add("container_spec_cpu_period", subject, "\(period)")
        if let limit { add("container_spec_cpu_quota", subject, "\(limit.milliValue * period / 1_000)") }
        let shares = min(max((request?.milliValue ?? 0) * 1_024 / 1_000, 2), 262_144)
        add("container_spec_cpu_shares", subject, "\(shares)")
        add("container_spec_memory_limit_bytes", subject, "\(memory?.wholeValue ?? 0)")
    }

    private mutating func add(
        _ name: String, _ subject: Subject, _ value: String, _ more: [(String, String)] = []
    ) {
        let milliseconds = figures.taken.seconds * 1_000 + Int64(figures.taken.nanoseconds) / 1_000_000
        series[name, default: []].append("\(subject.labels(more)) \(value) \(milliseconds)")
    }

    private static func named(_ name: String, _ list: JSON?) -> JSON? {
        list?.array?.first { $0["name"]?.string == name }
    }

    private static func amount(_ value: JSON?) -> Quantity? { value?.string.flatMap(Quantity.init) }

    /// As Prometheus' text format wants the values of labels.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
