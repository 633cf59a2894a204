import KubeJSON
import Testing

@testable import KubeNode

/// Containers between one instance and the next, and on their way out.
@Suite struct RestartTests {
    @Test func theEndBeforeIsKeptInSight() throws {
        let world = try NodeWorld()
        try world.pod(
            "p", annotations: ["exit-after": "3,4", "exit-times": "1"], spec: ["activeDeadlineSeconds": 20])
        world.run(10)
        let first = try world.container("p")["lastState"]?["terminated"]?["containerID"]?.string
        #expect(first != nil)
        world.run(30)
        #expect(try world.phase("p") == "Failed")
        let container = try world.container("p")
        #expect(container["restartCount"] == 1)
        let last = container["state"]?["terminated"]?["containerID"]?.string
        #expect(last != nil && last != first)
        #expect(container["lastState"]?["terminated"]?["containerID"]?.string == first)
    }

    private func change(_ world: NodeWorld, _ name: String, to image: String) throws {
        guard var containers = try world.get(name)["spec"]?["containers"]?.array else { return }
        containers[0]["image"] = .string(image)
        try world.cluster.patch("v1", "pods", name, ["spec": ["containers": .array(containers)]])
    }

    @Test func anotherImageNeedNotWait() throws {
        let world = try NodeWorld()
        try world.pod("p", annotations: ["exit-after": "1,3"])
        world.run(4)
        #expect(try world.waiting("p").reason == "CrashLoopBackOff")
        #expect(try world.container("p")["restartCount"] == 1)
        try change(world, "p", to: "img:2")
        world.run(0.5)
        #expect(try world.container("p")["restartCount"] == 2)
        #expect(try world.container("p")["state"]?["running"] != nil)

        try world.pod(
            "q", annotations: ["pull-error": "not found", "pull-error-times": "1"],
            container: ["image": "bad:1"])
        world.run(3)
        #expect(try world.waiting("q").reason == "ImagePullBackOff")
        try change(world, "q", to: "img:1")
        world.run(0.5)
        #expect(try world.phase("q") == "Running")
    }

    /// Readiness is asked to the end, liveness is not (prober: StopLivenessAndStartup).
    @Test func readinessIsAskedToTheEnd() throws {
        let world = try NodeWorld()
        let probe: JSON = [
            "httpGet": ["path": "/", "port": 80], "periodSeconds": 2, "failureThreshold": 1,
        ]
        try world.pod(
            "p", annotations: ["stop-seconds": "20", "not-ready": "6-1000", "live-for": "8"],
            container: ["readinessProbe": probe, "livenessProbe": probe])
        world.run(3)
        #expect(try world.isReady("p"))
        try world.cluster.delete("v1", "pods", "p", gracePeriodSeconds: 30)
        world.run(1)
        #expect(try world.isReady("p"))
        world.run(8)
        #expect(try world.phase("p") == "Running")
        #expect(try world.isReady("p") == false)
        #expect(try world.events("p").contains { $0.contains("liveness") } == false)
        world.run(20)
        #expect(try world.get("p").isNull)
    }

    /// A container that takes longer than others to go stays ready as long as it is there.
    @Test func whoHasEndedIsNotReadyAndWhoHasNotIs() throws {
        let world = try NodeWorld()
        try world.pod(
            "p", annotations: ["stop-seconds.slow": "20"],
            spec: ["containers": [["name": "c", "image": "img:1"], ["name": "slow", "image": "img:1"]]])
        world.run(1)
        try world.cluster.delete("v1", "pods", "p", gracePeriodSeconds: 30)
        world.run(2)
        #expect(try world.container("p", 0)["ready"] == false)
        #expect(try world.container("p", 1)["ready"] == true)
    }
}
