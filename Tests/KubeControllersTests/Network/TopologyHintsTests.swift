import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct TopologyHintsTests {
    /// A cluster with one node in each zone, of so many CPUs.
    private func cluster(_ zones: [(name: String, cpu: Int)], seed: UInt64 = 1) throws -> VirtualCluster {
        let cluster = try VirtualCluster(
            seed: seed, controllers: [ServiceAccountController(), EndpointSliceController()])
        cluster.run(for: 1)
        for zone in zones { try node(cluster, "node-" + zone.name, zone.name, zone.cpu) }
        return cluster
    }

    private func node(_ cluster: VirtualCluster, _ name: String, _ zone: String, _ cpu: Int) throws {
        try cluster.create(
            "v1", "nodes",
            ["metadata": ["name": .string(name), "labels": ["topology.kubernetes.io/zone": .string(zone)]]],
            in: "")
        try cluster.patch(
            "v1", "nodes", name,
            [
                "status": [
                    "allocatable": ["cpu": .string("\(cpu)"), "memory": "1Gi"],
                    "conditions": [["type": "Ready", "status": "True"]],
                ]
            ], in: "", subresource: "status")
    }

    private func pods(_ cluster: VirtualCluster, _ counts: [(zone: String, count: Int)]) throws {
        for (zone, count) in counts {
            for _ in 0..<count {
                let name = try cluster.create(
                    "v1", "pods",
                    [
                        "metadata": ["generateName": "p-", "labels": ["app": "web"]],
                        "spec": [
                            "nodeName": .string("node-" + zone), "containers": [["name": "c", "image": "i"]],
                        ],
                    ]
                ).name
                let number = Int(cluster.random() % 50_000)
                let ip = JSON.string("10.1.\(number / 250).\(number % 250 + 1)")
                try cluster.patch(
                    "v1", "pods", name,
                    [
                        "status": [
                            "phase": "Running", "podIP": ip, "podIPs": [["ip": ip]],
                            "conditions": [["type": "Ready", "status": "True"]],
                        ]
                    ], subresource: "status")
            }
        }
    }

    private func service(_ cluster: VirtualCluster) throws {
        try cluster.create(
            "v1", "services",
            [
                "metadata": [
                    "name": "web", "annotations": ["service.kubernetes.io/topology-mode": "Auto"],
                ],
                "spec": ["selector": ["app": "web"], "ports": [["port": 80]]],
            ])
    }

    /// How many endpoints each zone's clients are given; none under "".
    private func hints(_ cluster: VirtualCluster) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for slice in try cluster.list("discovery.k8s.io/v1", "endpointslices") {
            for endpoint in slice["endpoints"]?.array ?? [] {
                counts[endpoint["hints"]?["forZones"]?[0]?["name"]?.string ?? "", default: 0] += 1
            }
        }
        return counts
    }

    private func events(_ cluster: VirtualCluster) throws -> [String] {
        try cluster.list("v1", "events").map {
            "\($0["type"]?.string ?? "") \($0["reason"]?.string ?? "") \($0["message"]?.string ?? "")"
        }
    }

    /// Worked out by hand from the published algorithm: equal zones; a zone that has twice the CPU; a zone
    /// without pods.
    @Test(arguments: [
        ([("a", 2), ("b", 2)], [("a", 2), ("b", 2)], ["a": 2, "b": 2]),
        // b has two thirds of the CPU and half of the pods: of six it is to have four.
        ([("a", 1), ("b", 2)], [("a", 3), ("b", 3)], ["a": 2, "b": 4]),
        ([("a", 4), ("b", 4), ("c", 4)], [("a", 6), ("b", 3), ("c", 0)], ["a": 3, "b": 3, "c": 3]),
        // a is to have two at least, b 4.5: half an endpoint to spare is enough for a whole one that lacks.
        ([("a", 1), ("b", 3)], [("a", 1), ("b", 5)], ["a": 2, "b": 4]),
    ])
    func eachZoneGetsItsShare(
        _ zones: [(String, Int)], _ placed: [(String, Int)], _ expected: [String: Int]
    ) throws {
        let cluster = try cluster(zones.map { (name: $0.0, cpu: $0.1) })
        try pods(cluster, placed.map { (zone: $0.0, count: $0.1) })
        try service(cluster)
        cluster.run(for: 1)
        #expect(try hints(cluster) == expected)
        #expect(
            try events(cluster) == [
                "Normal TopologyAwareHintsEnabled Topology Aware Hints has been enabled, addressType: IPv4"
            ])
    }

    @Test func whatIsMissingIsSaid() throws {
        let one = try cluster([("a", 2)])
        try pods(one, [("a", 2)])
        try service(one)
        one.run(for: 1)
        #expect(try hints(one) == ["": 2])
        #expect(
            try events(one) == [
                "Warning TopologyAwareHintsDisabled Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4"
            ])
        let few = try cluster([("a", 2), ("b", 2), ("c", 2)])
        try pods(few, [("a", 2)])
        try service(few)
        few.run(for: 1)
        #expect(
            try events(few) == [
                "Warning TopologyAwareHintsDisabled Insufficient number of endpoints (2 endpoints, 3 zones), addressType: IPv4"
            ])
        // Each zone needs two of the three, lest one endpoint bear too much.
        let odd = try cluster([("a", 2), ("b", 2)])
        try pods(odd, [("a", 2), ("b", 1)])
        try service(odd)
        odd.run(for: 1)
        #expect(
            try events(odd) == [
                "Warning TopologyAwareHintsDisabled Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 2 zones), addressType: IPv4"
            ])
    }

    @Test func hintsGoWithTheAnnotationAndTheNodes() throws {
        let cluster = try cluster([("a", 2), ("b", 2)])
        try pods(cluster, [("a", 3), ("b", 3)])
        try service(cluster)
        cluster.run(for: 1)
        #expect(try hints(cluster) == ["a": 3, "b": 3])
        // The clients of a third zone get their share of what the two have.
        try node(cluster, "node-c", "c", 2)
        cluster.run(for: 1)
        #expect(try hints(cluster) == ["a": 2, "b": 2, "c": 2])
        try cluster.patch(
            "v1", "services", "web",
            ["metadata": ["annotations": ["service.kubernetes.io/topology-mode": .null]]])
        cluster.run(for: 1)
        #expect(try hints(cluster) == ["": 6])
        #expect(
            try events(cluster).contains(
                "Warning TopologyAwareHintsDisabled Topology Aware Hints has been disabled, addressType: IPv4"
            ))
    }

    /// Whatever came and went, once the slices are made anew: either every endpoint has a hint and no zone has less than its share but for
    /// the overload that is allowed, or none has one.
    @Test(arguments: 0..<40)
    func noZoneIsLeftShort(seed: Int) throws {
        let cluster = try cluster([("a", 1), ("b", 1)], seed: UInt64(seed))
        func pick(_ count: Int) -> Int { Int(cluster.random() % UInt64(count)) }
        var cpus = ["a": 1, "b": 1]
        try service(cluster)
        for _ in 0..<6 {
            switch pick(4) {
            case 0:
                let zone = ["a", "b", "c", "d"][pick(4)]
                let cpu = 1 + pick(4)
                if cpus[zone] != nil {
                    try cluster.delete("v1", "nodes", "node-" + zone, in: "")
                    cluster.run(for: 1)
                }
                try node(cluster, "node-" + zone, zone, cpu)
                cpus[zone] = cpu
            case 1:
                let all = try cluster.list("v1", "pods")
                if let pod = all.isEmpty ? nil : all[pick(all.count)] {
                    try cluster.delete("v1", "pods", pod.name, gracePeriodSeconds: 0)
                }
            default: try pods(cluster, [(cpus.keys.sorted()[pick(cpus.count)], 1 + pick(5))])
            }
            cluster.run(for: 2)
        }
        // Upstream keeps hints as long as no zone has too many of them, whatever another lacks.
        for slice in try cluster.list("discovery.k8s.io/v1", "endpointslices") {
            try cluster.delete("discovery.k8s.io/v1", "endpointslices", slice.name)
        }
        cluster.run(for: 2)
        let counts = try hints(cluster)
        guard counts[""] == nil, !counts.isEmpty else {
            #expect(counts.count <= 1, "seed \(seed): \(counts)")
            return
        }
        let (total, cpu) = (counts.values.reduce(0, +), cpus.values.reduce(0, +))
        for (zone, share) in cpus {
            let least = Double(total) * Double(share) / Double(cpu) / 1.2
            #expect(Double(counts[zone] ?? 0) >= least.rounded(.up) - 1, "seed \(seed): \(counts) \(cpus)")
        }
    }
}
