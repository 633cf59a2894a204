import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct EndpointTests {
    private let slices = ("discovery.k8s.io/v1", "endpointslices")

    private func cluster(_ seed: UInt64 = 1) throws -> VirtualCluster {
        let cluster = try VirtualCluster(
            seed: seed,
            controllers: [
                ServiceAccountController(), EndpointSliceController(), EndpointSliceMirroringController(),
                EndpointsController(),
            ])
        cluster.run(for: 1)
        for (node, zone) in [("n1", "a"), ("n2", "b"), ("n3", "")] {
            var labels: JSONObject = [:]
            if !zone.isEmpty { labels["topology.kubernetes.io/zone"] = .string(zone) }
            try cluster.create(
                "v1", "nodes", ["metadata": ["name": .string(node), "labels": .object(labels)]], in: "")
        }
        return cluster
    }

    private func service(_ name: String, _ spec: JSONObject = [:], labels: JSONObject = [:]) -> JSON {
        var all: JSONObject = [
            "selector": ["app": .string(name)], "ports": [["name": "http", "port": 80, "targetPort": 8080]],
        ]
        for (key, value) in spec { all[key] = value }
        return ["metadata": ["name": .string(name), "labels": .object(labels)], "spec": .object(all)]
    }

    private func pod(
        _ cluster: VirtualCluster, _ name: String, app: String = "web", node: String = "n1", ip: String?,
        ready: Bool = true, spec: JSONObject = [:]
    ) throws {
        var all: JSONObject = [
            "nodeName": .string(node),
            "containers": [
                ["name": "c", "image": "i", "ports": [["name": "web", "containerPort": 9000]]]
            ],
        ]
        for (key, value) in spec { all[key] = value }
        try cluster.create(
            "v1", "pods",
            [
                "metadata": ["name": .string(name), "labels": ["app": .string(app)]], "spec": .object(all),
            ])
        if let ip { try status(cluster, name, ip: ip, ready: ready) }
    }

    private func status(
        _ cluster: VirtualCluster, _ name: String, ip: String, ready: Bool, phase: String = "Running"
    ) throws {
        try cluster.patch(
            "v1", "pods", name,
            [
                "status": [
                    "phase": .string(phase), "podIP": .string(ip), "podIPs": [["ip": .string(ip)]],
                    "conditions": [
                        [
                            "type": "Ready", "status": ready ? "True" : "False",
                            "lastTransitionTime": .string(cluster.now.rfc3339),
                        ]
                    ],
                ]
            ], subresource: "status")
    }

    private func all(_ cluster: VirtualCluster) throws -> [JSON] { try cluster.list(slices.0, slices.1) }

    @Test func sliceOfAServiceSaysWhatUpstreamSays() throws {
        let cluster = try cluster()
        try cluster.create("v1", "services", service("web", labels: ["team": "x"]))
        cluster.run(for: 1)
        // A service without pods has a slice all the same.
        var found = try all(cluster)
        #expect(found.count == 1)
        #expect(found.first?["endpoints"] == .null)
        #expect(found.first?["ports"] == .null)
        let name = found.first?.name ?? ""
        #expect(name.hasPrefix("web-") && name.utf8.count == 9)
        try pod(cluster, "p", ip: "10.0.0.1")
        cluster.run(for: 1)
        found = try all(cluster)
        // The placeholder is written over.
        #expect(found.map(\.name) == [name])
        let slice = found[0]
        let service = try #require(try cluster.get("v1", "services", "web"))
        let pod = try #require(try cluster.get("v1", "pods", "p"))
        #expect(
            slice["metadata"]?["labels"] == [
                "team": "x", "kubernetes.io/service-name": "web",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            ])
        #expect(
            slice["metadata"]?["ownerReferences"] == [
                [
                    "apiVersion": "v1", "kind": "Service", "name": "web", "uid": .string(service.uid),
                    "controller": true, "blockOwnerDeletion": true,
                ]
            ])
        #expect(
            slice.at("metadata", "annotations", "endpoints.kubernetes.io/last-change-trigger-time")
                == pod["status"]?["conditions"]?[0]?["lastTransitionTime"])
        #expect(slice["addressType"] == "IPv4")
        #expect(slice["ports"] == [["name": "http", "port": 8080, "protocol": "TCP"]])
        #expect(
            slice["endpoints"] == [
                [
                    "addresses": ["10.0.0.1"],
                    "conditions": ["ready": true, "serving": true, "terminating": false],
                    "targetRef": [
                        "kind": "Pod", "namespace": "default", "name": "p", "uid": .string(pod.uid),
                    ],
                    "nodeName": "n1", "zone": "a",
                ]
            ])
        let endpoints = try #require(try cluster.get("v1", "endpoints", "web"))
        #expect(
            endpoints["metadata"]?["labels"] == [
                "team": "x", "endpoints.kubernetes.io/managed-by": "endpoint-controller",
            ])
        #expect(
            endpoints["subsets"] == [
                [
                    "addresses": [
                        [
                            "ip": "10.0.0.1", "nodeName": "n1",
                            "targetRef": [
                                "kind": "Pod", "namespace": "default", "name": "p", "uid": .string(pod.uid),
                            ],
                        ]
                    ],
                    "ports": [["name": "http", "port": 8080, "protocol": "TCP"]],
                ]
            ])
        // Nothing is written again without a reason.
        var writes = 0
        try cluster.patch("v1", "pods", "p", ["metadata": ["annotations": ["a": "b"]]])
        cluster.run(for: 5) { writes += $0.writes.count }
        #expect(writes == 0)
    }

    @Test func readinessTerminationAndPublishing() throws {
        let cluster = try cluster()
        try cluster.create("v1", "services", service("web"))
        try cluster.create(
            "v1", "services",
            service(
                "all",
                [
                    "selector": ["app": "web"], "publishNotReadyAddresses": true, "clusterIP": "None",
                ]))
        try pod(cluster, "p", ip: "10.0.0.1", ready: false)
        try pod(cluster, "q", ip: "10.0.0.2")
        try pod(cluster, "nowhere", node: "gone", ip: "10.0.0.3")
        try pod(cluster, "none", ip: nil)
        try pod(cluster, "done", ip: "10.0.0.4")
        try status(cluster, "done", ip: "10.0.0.4", ready: false, phase: "Succeeded")
        try cluster.delete("v1", "pods", "q")
        cluster.run(for: 1)
        func conditions(_ service: String) throws -> JSON {
            let found = try all(cluster).filter {
                $0.at("metadata", "labels", "kubernetes.io/service-name")?.string == service
            }
            #expect(found.count == 1)
            var map: JSONObject = [:]
            for endpoint in found.first?["endpoints"]?.array ?? [] {
                map[endpoint["targetRef"]?["name"]?.string ?? ""] = endpoint["conditions"]
            }
            return .object(map)
        }
        #expect(
            try conditions("web") == [
                "p": ["ready": false, "serving": false, "terminating": false],
                "q": ["ready": false, "serving": true, "terminating": true],
            ])
        #expect(
            try conditions("all") == [
                "p": ["ready": true, "serving": false, "terminating": false],
                "q": ["ready": true, "serving": true, "terminating": true],
                "nowhere": ["ready": true, "serving": true, "terminating": false],
            ])
        let endpoints = try #require(try cluster.get("v1", "endpoints", "web"))
        #expect(endpoints["subsets"]?[0]?["notReadyAddresses"]?.array?.count == 1)
        // Endpoints do not ask for the node.
        #expect(endpoints["subsets"]?[0]?["addresses"]?[0]?["ip"] == "10.0.0.3")
        let headless = try #require(try cluster.get("v1", "endpoints", "all"))
        #expect(headless.at("metadata", "labels", "service.kubernetes.io/headless") == "")
        // The node that a pod waits for.
        try cluster.create("v1", "nodes", ["metadata": ["name": "gone"]], in: "")
        cluster.run(for: 1)
        #expect(try conditions("web")["nowhere"] != nil)
        #expect(try cluster.list("v1", "events").isEmpty)
    }

    @Test func namedPortsHostnamesAndHints() throws {
        let cluster = try cluster()
        try cluster.create(
            "v1", "services",
            service(
                "web",
                [
                    "ports": [["name": "http", "port": 80, "targetPort": "web"]],
                    "trafficDistribution": "PreferSameNode", "clusterIP": "None",
                ]))
        try pod(cluster, "p", ip: "10.0.0.1", spec: ["hostname": "h", "subdomain": "web"])
        try pod(
            cluster, "q", node: "n3", ip: "10.0.0.2",
            spec: [
                "containers": [
                    ["name": "c", "image": "i", "ports": [["name": "web", "containerPort": 9001]]]
                ]
            ])
        try pod(cluster, "r", ip: "10.0.0.3", ready: false)
        cluster.run(for: 1)
        let found = try all(cluster).sorted {
            ($0["ports"]?[0]?["port"]?.int ?? 0) < ($1["ports"]?[0]?["port"]?.int ?? 0)
        }
        #expect(found.map { $0["ports"]?[0]?["port"]?.int } == [9000, 9001])
        #expect(found.allSatisfy { $0.at("metadata", "labels", "service.kubernetes.io/headless") == "" })
        let first = found.first?["endpoints"]?.array ?? []
        #expect(first.first?["hostname"] == "h")
        #expect(
            first.first?["hints"] == ["forNodes": [["name": "n1"]], "forZones": [["name": "a"]]])
        #expect(first.last?["hints"] == nil)
        #expect(found.last?["endpoints"]?[0]?["hints"] == ["forNodes": [["name": "n3"]]])
        try cluster.patch("v1", "services", "web", ["spec": ["trafficDistribution": .null]])
        cluster.run(for: 1)
        #expect(
            try all(cluster).allSatisfy { $0["endpoints"]?.array?.allSatisfy { $0["hints"] == nil } == true })
        // Two subsets, for the pods serve different ports.
        #expect(try cluster.get("v1", "endpoints", "web")?["subsets"]?.array?.count == 2)
    }

    @Test func slicesAreFilledAndKeptFew() throws {
        let cluster = try cluster()
        try cluster.create("v1", "services", service("web"))
        for number in 0..<250 {
            try pod(cluster, "p\(1_000 + number)", ip: "10.0.\(number / 200).\(number % 200 + 1)")
        }
        cluster.run(for: 1)
        func sizes() throws -> [Int] {
            try all(cluster).map { $0["endpoints"]?.array?.count ?? 0 }.sorted(by: >)
        }
        #expect(try sizes().reduce(0, +) == 250)
        #expect(try sizes() == [100, 100, 50])
        // One that changes touches one slice.
        var writes: [ControllerWrite] = []
        try cluster.delete("v1", "pods", "p1005", gracePeriodSeconds: 0)
        cluster.run(for: 1) { writes += $0.writes }
        #expect(writes.filter { $0.plural == "endpointslices" }.count == 1)
        #expect(try sizes() == [100, 99, 50])
        // Two more fit best where 50 are.
        writes = []
        try pod(cluster, "z1", ip: "10.0.9.1")
        cluster.run(for: 1) { writes += $0.writes }
        try pod(cluster, "z2", ip: "10.0.9.2")
        cluster.run(for: 1) { writes += $0.writes }
        #expect(try sizes() == [100, 100, 51])
    }

    @Test func endpointsAreCutAtAThousand() throws {
        let cluster = try VirtualCluster(controllers: [ServiceAccountController(), EndpointsController()])
        cluster.run(for: 1)
        try cluster.create("v1", "services", service("web"))
        for number in 0..<1_010 {
            try pod(
                cluster, "p\(10_000 + number)", ip: "10.0.\(number / 200).\(number % 200 + 1)",
                ready: number % 2 == 0)
        }
        cluster.run(for: 3)
        var endpoints = try #require(try cluster.get("v1", "endpoints", "web"))
        #expect(
            endpoints.at("metadata", "annotations", "endpoints.kubernetes.io/over-capacity") == "truncated")
        #expect(endpoints["subsets"]?[0]?["addresses"]?.array?.count == 505)
        #expect(endpoints["subsets"]?[0]?["notReadyAddresses"]?.array?.count == 495)
        let version = endpoints.resourceVersion
        cluster.run(for: 5)
        for number in 0..<10 {
            try cluster.delete("v1", "pods", "p\(10_000 + number)", gracePeriodSeconds: 0)
        }
        cluster.run(for: 3)
        endpoints = try #require(try cluster.get("v1", "endpoints", "web"))
        #expect(endpoints.resourceVersion != version)
        #expect(endpoints.at("metadata", "annotations", "endpoints.kubernetes.io/over-capacity") == nil)
    }

    @Test func portsAreInUpstreamsOrder() {
        // Worked out apart from this code, over the text that spew writes.
        let ports = [("http", 80), ("https", 443), ("metrics", 9090)].map {
            ServingPort(name: $0.0, number: $0.1, transport: "TCP", application: nil)
        }
        #expect(ServingPort.inSliceOrder(ports).map(\.name) == expectedSliceOrder)
        #expect(ServingPort.inSubsetOrder(ports).map(\.name) == expectedSubsetOrder)
        #expect(!(FNV128("") < FNV128("")))
    }
    private let expectedSliceOrder = ["https", "http", "metrics"]
    private let expectedSubsetOrder = ["metrics", "https", "http"]

    @Test func handmadeEndpointsAreMirrored() throws {
        let cluster = try cluster()
        try cluster.create(
            "v1", "services", ["metadata": ["name": "ext"], "spec": ["ports": [["port": 80]]]])
        try cluster.create(
            "v1", "endpoints",
            [
                "metadata": ["name": "ext", "labels": ["l": "1"], "annotations": ["a": "2"]],
                "subsets": [
                    [
                        "addresses": [["ip": "192.0.2.1"], ["ip": "2001:db8::1"]],
                        "notReadyAddresses": [["ip": "192.0.2.2", "hostname": "h"]], "ports": [["port": 80]],
                    ]
                ],
            ])
        cluster.run(for: 1)
        let found = try all(cluster)
        #expect(Set(found.compactMap { $0["addressType"]?.string }) == ["IPv4", "IPv6"])
        let four = try #require(found.first { $0["addressType"] == "IPv4" })
        #expect(
            four["metadata"]?["labels"] == [
                "l": "1", "kubernetes.io/service-name": "ext",
                "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
            ])
        #expect(four["metadata"]?["annotations"] == ["a": "2"])
        #expect(four["metadata"]?["ownerReferences"]?[0]?["kind"] == "Endpoints")
        #expect(four["ports"] == [["name": "", "port": 80, "protocol": "TCP"]])
        #expect(
            four["endpoints"] == [
                ["addresses": ["192.0.2.1"], "conditions": ["ready": true]],
                ["addresses": ["192.0.2.2"], "conditions": ["ready": false], "hostname": "h"],
            ])
        var writes = 0
        cluster.run(for: 5) { writes += $0.writes.count }
        #expect(writes == 0)
        try cluster.patch("v1", "services", "ext", ["spec": ["selector": ["app": "x"]]])
        cluster.run(for: 1)
        #expect(
            try all(cluster).allSatisfy {
                $0.at("metadata", "labels", "endpointslice.kubernetes.io/managed-by")
                    == "endpointslice-controller.k8s.io"
            })
    }

    /// After any churn the slices and the Endpoints hold just what a look at all pods says.
    @Test func churnEndsInWhatIsThere() throws {
        for seed in UInt64(1)...60 {
            let cluster = try cluster(seed)
            var live: [String: (app: String, ip: String, ready: Bool)] = [:]
            var next = 0
            for _ in 0..<20 {
                let roll = cluster.random()
                let app = ["web", "api"][Int(roll >> 8 & 1)]
                let pick = live.keys.sorted().dropFirst(Int(roll >> 16) % max(1, live.count)).first
                switch roll % 8 {
                case 0...2:
                    next += 1
                    let ip = "10.1.\(next / 200).\(next % 200 + 1)"
                    let ready = roll >> 9 & 1 == 0
                    try pod(cluster, "p\(next)", app: app, ip: ip, ready: ready)
                    live["p\(next)"] = (app, ip, ready)
                case 3:
                    guard let pick, var entry = live[pick] else { break }
                    entry.ready.toggle()
                    try status(cluster, pick, ip: entry.ip, ready: entry.ready)
                    live[pick] = entry
                case 4:
                    guard let pick else { break }
                    try cluster.delete("v1", "pods", pick, gracePeriodSeconds: 0)
                    live.removeValue(forKey: pick)
                case 5:
                    guard let pick else { break }
                    try cluster.patch("v1", "pods", pick, ["metadata": ["labels": ["app": .string(app)]]])
                    live[pick]?.app = app
                case 6:
                    if try cluster.get("v1", "services", app) == nil {
                        try cluster.create("v1", "services", service(app))
                    } else if roll >> 10 & 3 == 0 {
                        try cluster.delete("v1", "services", app)
                        // What the garbage collector would do.
                        for slice in try all(cluster)
                        where slice.at("metadata", "labels", "kubernetes.io/service-name")?.string == app {
                            try cluster.delete(slices.0, slices.1, slice.name)
                        }
                    }
                default:
                    if let slice = try all(cluster).first, roll >> 11 & 1 == 0 {
                        try cluster.patch(slices.0, slices.1, slice.name, ["endpoints": []])
                    } else if try cluster.get("v1", "endpoints", app) != nil {
                        try cluster.delete("v1", "endpoints", app)
                    }
                }
                if roll >> 20 & 1 == 0 { cluster.run(for: 1) }
            }
            cluster.run(for: 3)
            for app in ["web", "api"] {
                let isThere = try cluster.get("v1", "services", app) != nil
                let wanted = live.values.filter { $0.app == app && isThere }
                    .map { "\($0.ip) \($0.ready)" }.sorted()
                let published = try all(cluster).filter {
                    $0.at("metadata", "labels", "kubernetes.io/service-name")?.string == app
                }.flatMap { $0["endpoints"]?.array ?? [] }
                    .map {
                        "\($0["addresses"]?[0]?.string ?? "") \($0["conditions"]?["ready"]?.bool == true)"
                    }
                    .sorted()
                #expect(published == wanted, "seed \(seed) \(app) slices")
                let endpoints = try cluster.get("v1", "endpoints", app)
                #expect((endpoints != nil) == isThere, "seed \(seed) \(app)")
                var addresses: [String] = []
                for subset in endpoints?["subsets"]?.array ?? [] {
                    addresses += (subset["addresses"]?.array ?? []).map { "\($0["ip"]?.string ?? "") true" }
                    addresses += (subset["notReadyAddresses"]?.array ?? []).map {
                        "\($0["ip"]?.string ?? "") false"
                    }
                }
                #expect(addresses.sorted() == wanted, "seed \(seed) \(app) endpoints")
            }
        }
    }
}
