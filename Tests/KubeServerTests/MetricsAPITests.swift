import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeServer

/// metrics.k8s.io as metrics-server answers it.
@Suite struct MetricsAPITests {
    private static let root = "/apis/metrics.k8s.io/v1beta1"

    /// Each container of a pod uses what its pod's label says.
    private struct Said: MetricsSource {
        func usage(of pod: PodSummary, sharers: Int, at time: Timestamp) -> [ContainerUsage] {
            guard let cpu = pod.labels["cpu"]?.string.flatMap(Int64.init) else { return [] }
            return (pod.value["spec"]?["containers"]?.array ?? []).map {
                ContainerUsage(name: $0["name"]?.string ?? "", cpu: cpu, memory: cpu << 20)
            }
        }
    }

    /// Two nodes, one of which does not answer; four pods, one of which does not run and one is not measured.
    private func probe() throws -> ServerProbe {
        let probe = try ServerProbe(metrics: Said())
        let cluster = probe.cluster
        for (name, isReady) in [("n1", "True"), ("n2", "Unknown")] {
            try cluster.create(
                "v1", "nodes",
                ["metadata": ["name": .string(name), "labels": ["zone": .string("z-" + name)]]])
            let conditions: JSON = [["type": "Ready", "status": .string(isReady)]]
            try cluster.patch(
                "v1", "nodes", name, ["status": ["conditions": conditions]], subresource: "status")
        }
        for name in ["default", "other"] {
            if name != "default" {
                try cluster.create("v1", "namespaces", ["metadata": ["name": .string(name)]])
            }
            try cluster.create("v1", "serviceaccounts", ["metadata": ["name": "default"]], in: name)
        }
        func pod(_ name: String, cpu: Int64?, in namespace: String = "default", phase: String = "Running")
            throws
        {
            var labels: JSON = ["app": .string(name)]
            if let cpu { labels["cpu"] = .string("\(cpu)") }
            try cluster.create(
                "v1", "pods",
                [
                    "metadata": ["name": .string(name), "labels": labels],
                    "spec": [
                        "nodeName": "n1",
                        "containers": [["name": "a", "image": "i"], ["name": "b", "image": "i"]],
                    ],
                ], in: namespace)
            try cluster.patch(
                "v1", "pods", name, ["status": ["phase": .string(phase)]], in: namespace,
                subresource: "status")
        }
        try pod("busy", cpu: 700)
        try pod("far", cpu: 20, in: "other")
        try pod("new", cpu: 40, phase: "Pending")
        try pod("silent", cpu: nil)
        return probe
    }

    private func names(_ answer: ServerProbe.Answer) -> [String] {
        (answer.body["items"]?.array ?? []).map { $0.at("metadata", "name")?.string ?? "" }
    }

    @Test func isDiscoveredWhereSomebodyMeasures() throws {
        let list = try probe().ask("GET", Self.root)
        #expect(list.status == 200)
        let resources = list.body["resources"]?.array ?? []
        #expect(resources.map { $0["name"] } == ["nodes", "pods"])
        #expect(resources.map { $0["kind"] } == ["NodeMetrics", "PodMetrics"])
        #expect(resources.map { $0["namespaced"] } == [false, true])
        #expect(resources.allSatisfy { $0["verbs"] == ["get", "list"] && $0["singularName"] == "" })
        #expect(try probe().ask("GET", "/apis/metrics.k8s.io").body["kind"] == "APIGroup")
        let bare = try ServerProbe()
        #expect(try bare.ask("GET", Self.root).status == 404)
        #expect(try bare.ask("GET", Self.root + "/pods").status == 404)
    }

    @Test func givesAPodsContainersAndTheirTime() throws {
        let answer = try probe().ask("GET", Self.root + "/namespaces/default/pods/busy")
        #expect(answer.status == 200)
        #expect(answer.body["kind"] == "PodMetrics")
        #expect(answer.body["apiVersion"] == "metrics.k8s.io/v1beta1")
        #expect(answer.body.at("metadata", "labels", "app") == "busy")
        #expect(answer.body.at("metadata", "namespace") == "default")
        // Measured at whole quarters of a minute.
        let time = answer.body["timestamp"]?.string.flatMap { Timestamp($0) }
        #expect(time?.seconds == Int64(1_699_999_995))
        #expect(answer.body["window"] == "15s")
        let usage: JSON = ["cpu": "700m", "memory": "700Mi"]
        #expect(
            answer.body["containers"] == [["name": "a", "usage": usage], ["name": "b", "usage": usage]])
    }

    @Test func listsWhatRunsAndIsMeasured() throws {
        let probe = try probe()
        let all = try probe.ask("GET", Self.root + "/pods")
        #expect(all.body["kind"] == "PodMetricsList")
        #expect(names(all) == ["busy", "far"])
        #expect(all.body["items"]?[0]?["kind"] == nil)
        #expect(try names(probe.ask("GET", Self.root + "/namespaces/other/pods")) == ["far"])
        #expect(try names(probe.ask("GET", Self.root + "/namespaces/none/pods")) == [])
        for (selector, expected) in [
            ("labelSelector=app%3Dfar", ["far"]), ("labelSelector=app%20in%20(busy,new)", ["busy"]),
            ("labelSelector=!cpu", []), ("fieldSelector=metadata.name%3Dbusy", ["busy"]),
            ("fieldSelector=metadata.namespace%21%3Ddefault", ["far"]),
        ] {
            #expect(try names(probe.ask("GET", Self.root + "/pods?" + selector)) == expected, "\(selector)")
        }
        #expect(try probe.ask("GET", Self.root + "/pods?labelSelector=%3D%3D").status == 400)
    }

    @Test func sumsNodesThatAnswer() throws {
        let probe = try probe()
        let nodes = try probe.ask("GET", Self.root + "/nodes")
        #expect(nodes.body["kind"] == "NodeMetricsList")
        #expect(names(nodes) == ["n1"])
        // Two containers each of busy, far and new.
        #expect(nodes.body.at("items")?[0]?["usage"] == ["cpu": "1520m", "memory": "1520Mi"])
        #expect(try names(probe.ask("GET", Self.root + "/nodes?labelSelector=zone%3Dz-n2")) == [])
        #expect(try names(probe.ask("GET", Self.root + "/nodes?labelSelector=zone%3Dz-n1")) == ["n1"])
        let node = try probe.ask("GET", Self.root + "/nodes/n1")
        #expect(node.body["kind"] == "NodeMetrics" && node.body.at("metadata", "labels", "zone") == "z-n1")
    }

    @Test func saysWhatIsMissing() throws {
        let probe = try probe()
        for (path, message) in [
            ("/namespaces/default/pods/none", "pods \"none\" not found"),
            ("/namespaces/default/pods/silent", "podmetrics.metrics.k8s.io \"default/silent\" not found"),
            ("/namespaces/default/pods/new", "podmetrics.metrics.k8s.io \"default/new\" not found"),
            ("/namespaces/other/pods/busy", "pods \"busy\" not found"),
            ("/nodes/none", "nodes \"none\" not found"),
            ("/nodes/n2", "nodemetrics.metrics.k8s.io \"n2\" not found"),
            ("/services", "the server could not find the requested resource"),
            ("/namespaces/default/nodes", "the server could not find the requested resource"),
            ("/nodes/n1/status", "the server could not find the requested resource"),
        ] {
            let answer = try probe.ask("GET", Self.root + path)
            #expect(answer.status == 404, "\(path)")
            #expect(answer.message == message, "\(path)")
            #expect(answer.body["reason"] == "NotFound", "\(path)")
        }
    }

    @Test func cannotBeWatchedOrWritten() throws {
        let probe = try probe()
        let watch = try probe.ask("GET", Self.root + "/pods?watch=true")
        #expect(watch.status == 405 && watch.body["reason"] == "MethodNotAllowed")
        #expect(watch.message == "watch is not supported on resources of kind \"pods.metrics.k8s.io\"")
        for (method, path) in [
            ("POST", "/namespaces/default/pods"), ("DELETE", "/namespaces/default/pods/busy"),
            ("PUT", "/nodes/n1"), ("PATCH", "/nodes/n1"), ("DELETE", "/nodes"),
        ] {
            let answer = try probe.ask(method, Self.root + path)
            #expect(answer.status == 405, "\(method) \(path)")
            #expect(answer.message == "the server does not allow this method on the requested resource")
        }
    }

    @Test func isATableForPeople() throws {
        let probe = try probe()
        let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
        let pods = try probe.ask("GET", Self.root + "/namespaces/default/pods", accept: table)
        #expect(pods.body["kind"] == "Table")
        let columns = pods.body["columnDefinitions"]?.array ?? []
        #expect(columns.map { $0["name"] } == ["Name", "cpu", "memory", "Window"])
        #expect(columns.map { $0["format"] } == ["name", "quantity", "quantity", "duration"])
        #expect(columns.allSatisfy { $0["type"] == "string" })
        // The containers of a pod together.
        #expect(pods.body["rows"]?.array?.map { $0["cells"] } == [["busy", "1400m", "1400Mi", "15s"]])
        #expect(pods.body["rows"]?[0]?["object"]?["kind"] == "PartialObjectMetadata")
        let whole = try probe.ask("GET", Self.root + "/nodes/n1?includeObject=Object", accept: table)
        #expect(whole.body["rows"]?[0]?["cells"] == ["n1", "1520m", "1520Mi", "15s"])
        #expect(whole.body["rows"]?[0]?["object"]?["kind"] == "NodeMetrics")
        let metadata = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
        let partial = try probe.ask("GET", Self.root + "/pods", accept: metadata)
        #expect(partial.body["kind"] == "PartialObjectMetadataList" && names(partial) == ["busy", "far"])
    }
}
