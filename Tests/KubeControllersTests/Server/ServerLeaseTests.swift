import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ServerLeaseTests {
    private func lease(_ cluster: VirtualCluster, _ name: String) throws -> JSON? {
        try cluster.get("coordination.k8s.io/v1", "leases", name, in: "kube-system")
    }

    @Test func theNameIsTheHashOfTheHostname() {
        // base32(sha256(0008 "master-1" 000e "kube-apiserver")[:16])
        #expect(ServerIdentity(hostname: "master-1", run: "x").name == "apiserver-wj467rbl25eeviqacfhvg2yvnm")
        #expect(ServerIdentity(hostname: "", run: "x").name == "apiserver-2ikcnb3wory4bpirwz777r2iv4")
        #expect(ServerIdentity(hostname: "", run: "x").holder == "apiserver-2ikcnb3wory4bpirwz777r2iv4_x")
    }

    @Test func itIsRenewedEveryTenSeconds() throws {
        let world = try ServiceWorld(more: [])
        let cluster = world.cluster
        let name = ServerIdentity(hostname: "master-1", run: "run").name
        let first = try #require(try lease(cluster, name))
        #expect(
            first["metadata"]?["labels"] == [
                "apiserver.kubernetes.io/identity": "kube-apiserver", "kubernetes.io/hostname": "master-1",
            ])
        #expect(first["spec"]?["holderIdentity"] == .string(name + "_run"))
        #expect(first["spec"]?["leaseDurationSeconds"] == 3_600)
        var writes = 0
        cluster.run(for: 100) { trace in
            if trace.controller == "apiserver-lease-controller" { writes += trace.writes.count }
        }
        #expect(writes == 10)
        let renewed = try lease(cluster, name)?["spec"]?["renewTime"]?.string.flatMap { Timestamp($0) }
        #expect(try #require(renewed).since(cluster.now) > -10)
        // Whoever deletes it does not end it.
        try cluster.delete("coordination.k8s.io/v1", "leases", name, in: "kube-system")
        cluster.run(for: 1)
        #expect(try lease(cluster, name) != nil)
    }

    @Test func anotherRunTakesTheLeaseOver() throws {
        let name = ServerIdentity(hostname: "a", run: "2").name
        let cluster = try VirtualCluster(controllers: [
            ServerLeaseController(identity: ServerIdentity(hostname: "a", run: "1")),
            ServerLeaseController(identity: ServerIdentity(hostname: "a", run: "2")),
        ])
        cluster.run(for: 0.5)
        #expect(try lease(cluster, name)?["spec"]?["holderIdentity"] == .string(name + "_2"))
    }

    @Test func onlyServersLeasesThatAreOverAreCollected() throws {
        let world = try ServiceWorld(more: [])
        let cluster = world.cluster
        func make(_ name: String, _ labels: JSON, _ spec: JSON, in namespace: String = "kube-system") throws {
            try cluster.create(
                "coordination.k8s.io/v1", "leases",
                ["metadata": ["name": .string(name), "labels": labels], "spec": spec], in: namespace)
        }
        let servers: JSON = ["apiserver.kubernetes.io/identity": "kube-apiserver"]
        let live: JSON = [
            "holderIdentity": "x", "leaseDurationSeconds": 3_600,
            "renewTime": .string(cluster.now.rfc3339Micro),
        ]
        let old: JSON = [
            "holderIdentity": "x", "leaseDurationSeconds": 3_600,
            "renewTime": .string(cluster.now.adding(-3_700).rfc3339Micro),
        ]
        try make("apiserver-live", servers, live)
        try make("apiserver-old", servers, old)
        try make("apiserver-bare", servers, ["holderIdentity": "x"])
        try make("kube-scheduler", [:], old)
        try make("elsewhere", servers, old, in: "default")
        cluster.run(for: 1)
        let own = ServerIdentity(hostname: "master-1", run: "run").name
        func names() throws -> Set<String> {
            Set(try cluster.list("coordination.k8s.io/v1", "leases", in: nil).map(\.name))
        }
        #expect(try names() == ["apiserver-live", "kube-scheduler", "elsewhere", own])
        cluster.run(for: 7_300)
        #expect(try names() == ["kube-scheduler", "elsewhere", own])
    }
}
