import KubeAPI
import KubeEngine
import KubeJSON

/// What a kubelet tells of its node in figures: `/metrics`, `/metrics/resource` and `/stats/summary`, under
/// upstream's names. Pure.
struct NodeFigures {
    let node: String
    /// When the usages were measured.
    let taken: Timestamp
    let usages: [PodUsage]
    /// Of this node, as they stand in the API.
    let pods: [JSON]

    struct Sum {
        var cpu: Int64 = 0
        var memory: Int64 = 0
        /// Nanoseconds; nil where those of one container are not known.
        var processorTime: Int64? = 0

        mutating func add(_ usage: ContainerUsage) {
            cpu += usage.cpu
            memory += usage.memory
            if let sum = processorTime, let time = usage.processorTime {
                processorTime = sum + time
            } else {
                processorTime = nil
            }
        }
    }

    static func sum(_ usages: some Sequence<ContainerUsage>) -> Sum {
        usages.reduce(into: Sum()) { $0.add($1) }
    }

    var all: Sum { Self.sum(usages.lazy.flatMap(\.containers)) }

    // MARK: Prometheus' text

    /// What each container, each pod and the node used.
    var resources: String {
        var lines: [String: [String]] = [:]
        let milliseconds = taken.seconds * 1_000 + Int64(taken.nanoseconds) / 1_000_000
        func tell(_ subject: String, _ labels: String, _ sum: Sum) {
            let stamp = "\(labels.isEmpty ? "" : "{\(labels)}")"
            if let time = sum.processorTime {
                lines["\(subject)_cpu_usage_seconds_total", default: []].append(
                    "\(stamp) \(Self.seconds(time)) \(milliseconds)")
            }
            lines["\(subject)_memory_working_set_bytes", default: []].append(
                "\(stamp) \(sum.memory) \(milliseconds)")
        }
        for usage in usages {
            let pod = "namespace=\"\(usage.pod.namespace)\",pod=\"\(usage.pod.name)\""
            for container in usage.containers {
                tell("container", "container=\"\(container.name)\",\(pod)", Self.sum([container]))
            }
            tell("pod", pod, Self.sum(usage.containers))
        }
        tell("node", "", all)
        for usage in usages {
            for (name, start) in starts(of: usage.pod.uid) {
                lines["container_start_time_seconds", default: []].append(
                    "{container=\"\(name)\",namespace=\"\(usage.pod.namespace)\",pod=\"\(usage.pod.name)\"} "
                        + "\(start.seconds)")
            }
        }
        lines["resource_scrape_error"] = [" 0"]
        var text = ""
        for name in lines.keys.sorted() {
            text += "# TYPE \(name) \(name.hasSuffix("_total") ? "counter" : "gauge")\n"
            for line in lines[name] ?? [] { text += name + line + "\n" }
        }
        return text
    }

    /// What the agent tells of itself.
    var own: String {
        var states = ["created": 0, "exited": 0, "running": 0]
        for status in pods.flatMap({ $0["status"]?["containerStatuses"]?.array ?? [] }) {
            let state = status["state"]
            if state?["running"] != nil {
                states["running", default: 0] += 1
            } else if state?["terminated"] != nil {
                states["exited", default: 0] += 1
            }
        }
        let running = pods.filter { $0["status"]?["phase"]?.string == "Running" }.count
        var text = "# TYPE kubelet_node_name gauge\nkubelet_node_name{node=\"\(node)\"} 1\n"
        text += "# TYPE kubelet_running_containers gauge\n"
        for state in states.keys.sorted() {
            text += "kubelet_running_containers{container_state=\"\(state)\"} \(states[state] ?? 0)\n"
        }
        return text + "# TYPE kubelet_running_pods gauge\nkubelet_running_pods \(running)\n"
    }

    /// Nanoseconds as seconds, to the nanosecond.
    static func seconds(_ nanoseconds: Int64) -> String {
        let rest = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - rest.count) + rest
    }

    func starts(of uid: String) -> [(name: String, start: Timestamp)] {
        guard let pod = pods.first(where: { $0.uid == uid }) else { return [] }
        return (pod["status"]?["containerStatuses"]?.array ?? []).compactMap { status in
            guard let name = status["name"]?.string,
                let text = status.at("state", "running", "startedAt")?.string, let start = Timestamp(text)
            else { return nil }
            return (name, start)
        }
    }

    // MARK: The summary

    var summary: JSON {
        let known = pods
        return [
            "node": .object(subject(all, ["nodeName": .string(node)])),
            "pods": .array(
                usages.map { usage in
                    let start = known.first { $0.uid == usage.pod.uid }?["status"]?["startTime"]
                    var fields: JSONObject = [
                        "podRef": [
                            "name": .string(usage.pod.name), "namespace": .string(usage.pod.namespace),
                            "uid": .string(usage.pod.uid),
                        ]
                    ]
                    if let start { fields["startTime"] = start }
                    let starts = starts(of: usage.pod.uid)
                    fields["containers"] = .array(
                        usage.containers.map { container in
                            var names: JSONObject = ["name": .string(container.name)]
                            if let start = starts.first(where: { $0.name == container.name })?.start {
                                names["startTime"] = .string(start.rfc3339)
                            }
                            return .object(subject(Self.sum([container]), names))
                        })
                    return .object(subject(Self.sum(usage.containers), fields))
                }),
        ]
    }

    private func subject(_ sum: Sum, _ fields: JSONObject) -> JSONObject {
        var fields = fields
        var cpu: JSONObject = [
            "time": .string(taken.rfc3339), "usageNanoCores": .integer(sum.cpu * 1_000_000),
        ]
        if let time = sum.processorTime { cpu["usageCoreNanoSeconds"] = .integer(time) }
        fields["cpu"] = .object(cpu)
        fields["memory"] = [
            "time": .string(taken.rfc3339), "workingSetBytes": .integer(sum.memory),
        ]
        return fields
    }
}
