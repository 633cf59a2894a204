import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore
import Testing

@testable import KubeServer

/// What a scrape of a node's `/metrics/cadvisor` finds.
@Suite struct ContainerSeriesTests {
    private static let pod: JSON = [
        "metadata": ["name": "web", "namespace": "demo", "uid": "u1"],
        "spec": [
            "nodeName": "n1",
            "containers": [
                [
                    "name": "a",
                    "resources": [
                        "requests": ["cpu": "250m"], "limits": ["cpu": "1500m", "memory": "64Mi"],
                    ],
                ],
                ["name": "b"],
            ],
        ],
        "status": [
            "containerStatuses": [
                [
                    "name": "a", "image": "docker.io/library/\"odd\\:1", "containerID": "containerd://abc",
                    "state": ["running": ["startedAt": "2026-01-01T00:00:10Z"]],
                ]
            ]
        ],
    ]

    private func lines() throws -> [String] {
        let stored = try Store().create(.pods, key: "demo/web", EncodedObject(Self.pod))
        let usage = PodUsage(
            pod: PodSummary(stored),
            containers: [
                ContainerUsage(name: "a", cpu: 100, memory: 2_000, processorTime: 1_500_000_000),
                ContainerUsage(name: "b", cpu: 50, memory: 500, processorTime: 25),
            ])
        let figures = NodeFigures(
            node: "n1", taken: Timestamp(seconds: 1_000, nanoseconds: 5_000_000), usages: [usage],
            pods: [Self.pod])
        let node: JSON = [
            "metadata": ["name": "n1"],
            "status": [
                "capacity": ["cpu": "4", "memory": "2Ki"],
                "nodeInfo": ["bootID": "b", "machineID": "m", "systemUUID": "s"],
            ],
        ]
        return ContainerSeries(figures, node: node).text.split(separator: "\n").map(String.init)
    }

    @Test func aContainerItsPodAndTheNodeAreTold() throws {
        let lines = try lines().filter { $0.hasPrefix("container_cpu_usage_seconds_total{") }
        let image = #"docker.io/library/\"odd\\:1"#
        #expect(
            lines == [
                #"container_cpu_usage_seconds_total{container="",cpu="total",id="/",image="",name="","#
                    + #"namespace="",pod=""} 1.500000025 1000005"#,
                #"container_cpu_usage_seconds_total{container="",cpu="total",id="",image="",name="","#
                    + #"namespace="demo",pod="web"} 1.500000025 1000005"#,
                #"container_cpu_usage_seconds_total{container="a",cpu="total",id="",image="\#(image)","#
                    + #"name="abc",namespace="demo",pod="web"} 1.500000000 1000005"#,
                #"container_cpu_usage_seconds_total{container="b",cpu="total",id="",image="",name="","#
                    + #"namespace="demo",pod="web"} 0.000000025 1000005"#,
            ])
    }

    @Test func limitsAreThoseOfTheKernel() throws {
        let lines = try lines()
        func values(_ name: String, _ container: String) -> [String] {
            lines.filter { $0.hasPrefix(name + "{container=\"\(container)\"") }
                .map { String($0.split(separator: " ")[$0.split(separator: " ").count - 2]) }
        }
        #expect(values("container_spec_cpu_shares", "a") == ["256"])
        #expect(values("container_spec_cpu_quota", "a") == ["150000"])
        #expect(values("container_spec_memory_limit_bytes", "a") == ["67108864"])
        #expect(values("container_start_time_seconds", "a") == ["1767225610"])
        #expect(values("container_spec_cpu_shares", "b") == ["2"])
        #expect(values("container_spec_cpu_quota", "b") == [])
        #expect(values("container_spec_memory_limit_bytes", "b") == ["0"])
        #expect(values("container_start_time_seconds", "b") == [])
        let machine = #"{boot_id="b",machine_id="m",system_uuid="s"}"#
        #expect(lines.contains("machine_cpu_cores\(machine) 4"))
        #expect(lines.contains("machine_memory_bytes\(machine) 2048"))
        #expect(lines.contains("container_scrape_error 0"))
    }

    /// As the text format asks: every series under one TYPE line of its name, said once.
    @Test func everySeriesHasItsType() throws {
        var types: [String: String] = [:]
        var current = ""
        for line in try lines() {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("# TYPE ") {
                current = words[2]
                #expect(types.updateValue(words[3], forKey: current) == nil)
            } else {
                #expect(line.prefix { $0 != "{" && $0 != " " } == current)
            }
        }
        #expect(types["container_cpu_usage_seconds_total"] == "counter")
        #expect(types["container_memory_working_set_bytes"] == "gauge")
    }
}
