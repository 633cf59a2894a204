import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

/// What the statuses and Events of pods say along their lives, against upstream's words.
@Suite struct LifeCycleTests {
    @Test func imagesArePulledOrBackOff() throws {
        let world = try NodeWorld()
        try world.pod("slow", annotations: ["pull-seconds": "3"])
        world.run(0)
        #expect(try world.waiting("slow").reason == "ContainerCreating")
        world.run(3)
        #expect(try world.phase("slow") == "Running")
        let pulled = try world.events("slow").first { $0.hasPrefix("Normal Pulled") }
        #expect(
            pulled?.hasPrefix(
                "Normal Pulled Successfully pulled image \"img:1\" in 3s (3s including waiting). Image size: "
            )
                == true)

        try world.pod(
            "bad", annotations: ["pull-error": "not found", "pull-error-times": "2"],
            container: ["image": "bad:1"])
        world.run(0)
        #expect(try world.waiting("bad") == ("ErrImagePull", "not found"))
        world.run(2)
        #expect(
            try world.waiting("bad") == (
                "ImagePullBackOff", "Back-off pulling image \"bad:1\": ErrImagePull: not found"
            ))
        #expect(try world.phase("bad") == "Pending")
        world.run(8.5)
        #expect(try world.waiting("bad").reason == "ErrImagePull")
        world.run(21)
        #expect(try world.phase("bad") == "Running")

        try world.pod(
            "never", annotations: ["pull-seconds": "1"],
            container: ["image": "no:1", "imagePullPolicy": "Never"])
        world.run(0)
        #expect(
            try world.waiting("never") == (
                "ErrImageNeverPull", "Container image \"no:1\" is not present with pull policy of Never"
            ))
    }

    @Test func whatIsMissingIsSaidAndAwaited() throws {
        let world = try NodeWorld()
        try world.pod(
            "env",
            container: [
                "env": [["name": "A", "valueFrom": ["secretKeyRef": ["name": "x", "key": "k"]]]]
            ])
        try world.pod(
            "volume",
            container: ["volumeMounts": [["name": "v", "mountPath": "/v"]]],
            spec: ["volumes": [["name": "v", "secret": ["secretName": "x"]]]])
        world.run(0)
        #expect(try world.waiting("env") == ("CreateContainerConfigError", "secret \"x\" not found"))
        #expect(try world.waiting("volume").reason == "ContainerCreating")
        #expect(try world.condition("volume", "PodReadyToStartContainers")?["status"] == "False")
        #expect(try world.events("env").contains("Warning Failed Error: secret \"x\" not found"))
        #expect(
            try world.events("volume").contains(
                "Warning FailedMount MountVolume.SetUp failed for volume \"v\" : secret \"x\" not found"))
        try world.cluster.create(
            "v1", "secrets", ["metadata": ["name": "x"], "stringData": ["other": "1"]])
        world.run(0)
        #expect(try world.phase("volume") == "Running")
        #expect(
            try world.waiting("env") == (
                "CreateContainerConfigError", "couldn't find key k in Secret default/x"
            ))
        try world.cluster.patch("v1", "secrets", "x", ["stringData": ["k": "v"]])
        world.run(0)
        #expect(try world.isReady("env"))
    }

    @Test func crashesBackOffTwiceAsLong() throws {
        let world = try NodeWorld()
        let uid = try world.pod("p", annotations: ["exit-after": "1,3", "exit-times": "5"]).uid
        world.run(2)
        // The first restart is at once.
        var container = try world.container("p")
        #expect(container["restartCount"] == 1)
        #expect(container["lastState"]?["terminated"]?["exitCode"] == 3)
        #expect(container["lastState"]?["terminated"]?["reason"] == "Error")
        for (number, text) in ["10s", "20s", "40s"].enumerated() {
            world.run(1)
            #expect(
                try world.waiting("p") == (
                    "CrashLoopBackOff",
                    "back-off \(text) restarting failed container=c pod=p_default(\(uid))"
                ))
            #expect(try world.phase("p") == "Running")
            #expect(try world.isReady("p") == false)
            world.run(Double(10 << number))
            container = try world.container("p")
            #expect(container["restartCount"]?.int == number + 2)
        }
        world.run(200)
        #expect(try world.isReady("p"))
        #expect(
            try world.events("p").contains(
                "Warning BackOff Back-off restarting failed container c in pod p_default(\(uid))"))
    }

    @Test(arguments: [
        ("Never", 0, "Succeeded", "Completed"), ("Never", 2, "Failed", "Error"),
        ("OnFailure", 0, "Succeeded", "Completed"),
    ])
    func podsThatEnd(policy: String, code: Int, phase: String, reason: String) throws {
        let world = try NodeWorld()
        try world.pod(
            "p", annotations: ["exit-after": .string("5,\(code)")],
            spec: ["restartPolicy": .string(policy)])
        world.run(4)
        #expect(try world.phase("p") == "Running")
        world.run(2)
        #expect(try world.phase("p") == phase)
        let state = try world.container("p")["state"]?["terminated"]
        #expect(state?["reason"]?.string == reason)
        #expect(state?["exitCode"]?.int == code)
        #expect(
            try world.condition("p", "Ready")?["reason"]
                == (phase == "Succeeded" ? "PodCompleted" : "PodFailed"))
        try world.cluster.delete("v1", "pods", "p")
        world.run(0)
        #expect(try world.get("p").isNull)
    }

    @Test func initContainersAndSidecarsInOrder() throws {
        let world = try NodeWorld()
        try world.pod(
            "p", annotations: ["exit-after.i": "5", "started-after.s": "3"],
            spec: [
                "initContainers": [
                    ["name": "i", "image": "i:1"],
                    [
                        "name": "s", "image": "s:1", "restartPolicy": "Always",
                        "startupProbe": [
                            "tcpSocket": ["port": 1], "periodSeconds": 1, "failureThreshold": 9,
                        ],
                    ],
                ]
            ])
        world.run(4)
        #expect(try world.phase("p") == "Pending")
        #expect(try world.waiting("p").reason == "PodInitializing")
        #expect(
            try world.condition("p", "Initialized")?["message"]
                == "containers with incomplete status: [i s]")
        world.run(2)
        #expect(
            try world.condition("p", "Initialized")?["message"] == "containers with incomplete status: [s]")
        #expect(try world.phase("p") == "Pending")
        world.run(3)
        #expect(try world.isReady("p"))
        #expect(try world.container("p", 0, list: "initContainerStatuses")["ready"] == true)
        #expect(try world.container("p", 1, list: "initContainerStatuses")["started"] == true)
        try world.cluster.delete("v1", "pods", "p")
        world.run(0)
        #expect(
            try world.events("p").filter { $0.contains("Killing") } == [
                "Normal Killing Stopping container c", "Normal Killing Stopping container s",
            ])
    }

    @Test func probesDecide() throws {
        let world = try NodeWorld()
        let get: JSON = ["httpGet": ["path": "/", "port": 80]]
        try world.pod(
            "ready", annotations: ["ready-after": "12"], container: ["readinessProbe": get])
        world.run(15)
        #expect(try world.isReady("ready") == false)
        #expect(
            try world.condition("ready", "Ready")?["message"] == "containers with unready status: [c]")
        #expect(
            try world.events("ready").contains(
                "Warning Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503"))
        world.run(6)
        #expect(try world.isReady("ready"))

        try world.pod("live", annotations: ["live-for": "15"], container: ["livenessProbe": get])
        world.run(39)
        #expect(try world.container("live")["restartCount"] == 0)
        world.run(2)
        #expect(try world.container("live")["restartCount"] == 1)
        #expect(
            try world.events("live").contains(
                "Normal Killing Container c failed liveness probe, will be restarted"))
    }

    @Test func graceAndDeadline() throws {
        let world = try NodeWorld()
        try world.pod("p", annotations: ["stop-seconds": "100"])
        world.run(0)
        try world.cluster.delete("v1", "pods", "p", gracePeriodSeconds: 7)
        world.run(6)
        #expect(try !world.get("p").isNull)
        world.run(2)
        #expect(try world.get("p").isNull)

        try world.pod("d", spec: ["activeDeadlineSeconds": 20])
        world.run(19)
        #expect(try world.phase("d") == "Running")
        world.run(2)
        #expect(try world.phase("d") == "Failed")
        #expect(try world.get("d")["status"]?["reason"] == "DeadlineExceeded")
        #expect(
            try world.get("d")["status"]?["message"]
                == "Pod was active on the node longer than the specified deadline")
    }

    @Test func aNodeThatIsFullRefuses() throws {
        let world = try NodeWorld()
        try world.pod("a", container: ["resources": ["requests": ["cpu": "3"]]])
        try world.pod("b", container: ["resources": ["requests": ["cpu": "2"]]])
        world.run(0)
        #expect(try world.phase("b") == "Failed")
        #expect(try world.get("b")["status"]?["reason"] == "OutOfcpu")
        #expect(
            try world.get("b")["status"]?["message"]
                == "Pod was rejected: Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000"
        )
    }

    @Test func aNodeWhosePortIsTakenRefuses() throws {
        let world = try NodeWorld()
        let container: JSONObject = ["ports": [["containerPort": 80, "hostPort": 8080]]]
        let onOneAddress: JSONObject = [
            "ports": [["containerPort": 80, "hostPort": 8080, "hostIP": "127.0.0.1"]]
        ]
        let otherProtocol: JSONObject = [
            "ports": [["containerPort": 80, "hostPort": 8080, "protocol": "UDP"]]
        ]
        try world.pod("a", container: container)
        world.run(0)
        try world.pod("b", container: onOneAddress)
        try world.pod("c", container: otherProtocol)
        world.run(1)
        #expect(try world.phase("b") == "Failed")
        #expect(try world.get("b")["status"]?["reason"] == "NodePorts")
        #expect(
            try world.get("b")["status"]?["message"]
                == "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"
        )
        #expect(try world.phase("c") == "Running")
        // The port of a pod that is gone is free again.
        try world.cluster.delete("v1", "pods", "a")
        world.run(60)
        try world.pod("d", container: onOneAddress)
        world.run(1)
        #expect(try world.phase("d") == "Running")
    }
}
