import Foundation
import Testing

/// `kubectl top` and `kubectl autoscale` on hollow nodes, whose pods use what their annotations say.
@Suite(.clients, .serialized)
struct AutoscalingTests {
    private let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/shop.yaml").path

    /// Lines of a table as words, without its head.
    private func rows(_ table: String) -> [[String]] {
        table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    @Test(.timeLimit(.minutes(4))) func podsAreMeasuredAndScaled() throws {
        let platform = try Platform([shop])
        defer { _ = platform.stop() }
        try platform.wait(for: "everything is ready")
        let space = ["-n", "shop"]
        func kubectl(_ line: String) throws -> String { try platform.kubectl(line, after: space) }

        // A pod has no share of the load before it is ready and was measured after that.
        let first = try poll("the till's load") {
            let rows = rows(try kubectl("top pods -l app=till --no-headers"))
            return rows.first?[1] == "1607m" ? rows : nil
        }
        #expect(first.count == 1 && first[0][2] == "112Mi")
        let head = try kubectl("top pods").split(separator: "\n").first
        #expect(head?.split(separator: " ").joined(separator: " ") == "NAME CPU(cores) MEMORY(bytes)")
        #expect(try kubectl("top pods --sum").contains("1707m"))

        let containers = rows(try kubectl("top pods -l app=till --containers --no-headers"))
        #expect(
            containers.map { $0.dropFirst() } == [["receipts", "7m", "16Mi"], ["till", "1600m", "96Mi"]])
        let byProcessor = rows(try kubectl("top pods --sort-by=cpu --no-headers"))
        #expect(byProcessor.map { $0[1] } == ["1607m", "50m", "50m"])
        let byMemory = rows(try kubectl("top pods --sort-by=memory --no-headers"))
        #expect(byMemory.map { $0[2] } == ["112Mi", "32Mi", "32Mi"])

        let nodes = rows(try kubectl("top nodes --no-headers"))
        #expect(nodes.count == (try kubectl("get nodes -o name").split(separator: "\n").count))
        #expect(nodes.allSatisfy { $0.count == 5 && $0[2].hasSuffix("%") && $0[4].hasSuffix("%") })
        let till = try kubectl("get pods -l app=till -o jsonpath={.items[0].spec.nodeName}")
        let byUse = rows(try kubectl("top nodes --sort-by=cpu --no-headers"))
        #expect(byUse.first?[0] == till)
        #expect(rows(try kubectl("top node \(till) --no-headers")).count == 1)

        // What a Prometheus that follows cAdvisor's names is told of the same.
        let series = try kubectl("get --raw /api/v1/nodes/\(till)/proxy/metrics/cadvisor")
        #expect(series.contains(#"container_memory_working_set_bytes{container="receipts","#))
        #expect(series.contains("\nmachine_cpu_cores{"))

        let raw = "/apis/metrics.k8s.io/v1beta1"
        #expect(try kubectl("get --raw \(raw)").contains(#""kind":"PodMetrics""#))
        let metrics = try kubectl("get --raw \(raw)/namespaces/shop/pods?labelSelector=app%3Dtill")
        #expect(metrics.contains(#""kind":"PodMetricsList""#) && metrics.contains(#""cpu":"1600m""#))
        #expect(metrics.contains(#""window":""#))
        #expect(try kubectl("get --raw \(raw)/nodes/\(till)").contains(#""kind":"NodeMetrics""#))
        let table = try kubectl("get pods.metrics.k8s.io -l app=till").split(separator: "\n")
        #expect(table.first?.split(separator: " ") == ["NAME", "CPU", "MEMORY", "WINDOW"])
        #expect(table.count == 2)

        #expect(
            try kubectl("autoscale deploy/till --cpu=50% --min=1 --max=6")
                == "horizontalpodautoscaler.autoscaling/till autoscaled\n")
        // 1600m of load for 250m a pod: more than the most that is allowed.
        _ = try kubectl("wait deploy/till --for=jsonpath={.status.readyReplicas}=6 --timeout=120s")
        let scaler = try poll("the scaler's present numbers") {
            let row = rows(try kubectl("get hpa till --no-headers")).first ?? []
            return row.dropLast().last == "6" ? row : nil
        }
        #expect(Array(scaler.prefix(2)) == ["till", "Deployment/till"])
        #expect(scaler[2] == "cpu:" && scaler[3].hasSuffix("%/50%"))
        #expect(Array(scaler[4...6]) == ["1", "6", "6"])
        let events = try kubectl("events --for hpa/till")
        #expect(events.contains("SuccessfulRescale"))
        #expect(events.contains("reason: cpu resource utilization (percentage of request) above target"))
        #expect(try kubectl("events --for deploy/till").contains("Scaled up replica set till-"))
        #expect(try kubectl("describe hpa till").contains("ScalingLimited"))
        // Shared among six, each has a sixth.
        _ = try poll("the load of six") {
            let shares = rows(try kubectl("top pods -l app=till --no-headers")).map { $0[1] }
            return shares.count == 6 && shares.allSatisfy { $0 == "273m" } ? shares : nil
        }
        #expect(platform.stop() == 0)
    }
}
