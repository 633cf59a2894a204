import KubeAPI
import KubeJSON
import KubeNode
import Synchronization
import Testing

@testable import KubeRuntimeCRI

#if canImport(Glibc)
    import Glibc
#endif

/// Pods in a real containerd. One instance serves all of them, one after the other.
@Suite(.serialized, .enabled(if: TestMachine.missing == nil, "needs root, containerd and busybox"))
struct RealContainerTests {
    typealias T = TestCluster

    /// Starts a cluster, and takes it away whatever comes.
    func withCluster(_ body: (TestCluster, TestAgent) async throws -> Void) async throws {
        let cluster = try await TestCluster.start()
        do {
            try await body(cluster, try cluster.agent)
        } catch {
            try? await cluster.end()
            throw error
        }
        try await cluster.end()
    }

    func text(_ logs: PodLogs) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in logs { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Many pods that start together make hundreds of calls within seconds, and long ones go on meanwhile.
    @Test(.timeLimit(.minutes(2))) func manyCallsInAShortTimeAreAllAnswered() async throws {
        try await withCluster { cluster, agent in
            let client = agent.runtime.client
            let pod = cluster.pod("long", ["containers": [T.container("main", "sleep 100")]])
            await agent.add(pod)
            await agent.wait("it runs") { await $0.container(pod.uid, "main")["state"]?["running"] != nil }
            let id = await agent.container(pod.uid, "main")["containerID"]?.string ?? ""
            let container = String(id.dropFirst("containerd://".count))
            async let long = client.execSync(container: container, command: ["sleep", "4"], timeout: 60)
            for _ in 0..<150 {
                async let first = client.version()
                async let second = client.version()
                async let third = client.version()
                async let fourth = client.version()
                _ = try await (first, second, third, fourth)
            }
            #expect(try await long.exitCode == 0)
        }
    }

    @Test(.timeLimit(.minutes(2))) func runsAPodFromStartToEnd() async throws {
        try await withCluster { cluster, agent in
            cluster.objects.put(
                .configMaps,
                ["metadata": ["name": "settings", "namespace": "default"], "data": ["COLOUR": "green"]])
            let script = """
                echo "$GREETING $COLOUR $POD_IP $(hostname)"; echo oops >&2
                grep -c "$POD_IP" /etc/hosts; cat /etc/resolv.conf
                echo written > /data/file; echo done > /dev/termination-log; exit 3
                """
            let pod = cluster.pod(
                "once",
                [
                    "restartPolicy": "Never", "volumes": [["name": "data", "emptyDir": [:]]],
                    "containers": [
                        T.container(
                            "main", script,
                            [
                                "envFrom": [["configMapRef": ["name": "settings"]]],
                                "env": [
                                    ["name": "GREETING", "value": "hello $(POD_IP)"],
                                    [
                                        "name": "POD_IP",
                                        "valueFrom": ["fieldRef": ["fieldPath": "status.podIP"]],
                                    ],
                                ],
                                "volumeMounts": [
                                    ["name": "data", "mountPath": "/data", "subPath": "inner"]
                                ],
                            ])
                    ],
                ])
            await agent.add(pod)
            await agent.wait("the pod ends") { await $0.isDone(pod.uid) }
            let status = await agent.status(pod.uid)
            let ended = status["containerStatuses"]?[0]?["state"]?["terminated"]
            #expect(ended?["exitCode"] == 3)
            #expect(ended?["reason"] == "Error")
            #expect(ended?["message"] == "done\n")
            #expect(status["phase"] == "Failed")
            let lines = try await text(
                agent.runtime.logs(of: TestAgent.identity(pod), container: "main", options: PodLogOptions())
            ).split(separator: "\n").map(String.init)
            #expect(
                lines.contains { $0.hasPrefix("hello $(POD_IP) green 10.199.77.") && $0.hasSuffix(" once") })
            #expect(lines.contains("oops"))
            #expect(lines.contains("1"))
            #expect(lines.contains("nameserver 10.96.0.10"))
            var tail = PodLogOptions()
            tail.stream = .errors
            let errors = try await text(
                agent.runtime.logs(of: TestAgent.identity(pod), container: "main", options: tail))
            #expect(errors == "oops\n")
            let events = await agent.events
            #expect(events.contains("once Started: Container started"))
            // Gone from the API, its remains go too.
            cluster.objects.remove(.pods, "default", "once")
            await agent.wait("remains go") { agent in
                let left = (try? await agent.runtime.client.containers(labels: [:])) ?? []
                return left.isEmpty && !FileBytes.isDirectory(cluster.data + "/pods/" + pod.uid)
                    && FileBytes.names(in: cluster.data + "/logs/pods").isEmpty
            }
        }
    }

    @Test(.timeLimit(.minutes(3))) func restartsProbesStopsAndAdopts() async throws {
        try await withCluster { cluster, agent in
            let crashing = cluster.pod(
                "crashing",
                [
                    "containers": [
                        T.container(
                            "main", "echo attempt; cat /dev/zero | head -c 1 >/dev/null; exit 1",
                            ["terminationMessagePolicy": "FallbackToLogsOnError"])
                    ]
                ])
            let server = cluster.pod(
                "server",
                [
                    "terminationGracePeriodSeconds": 5,
                    "containers": [
                        T.container(
                            "web",
                            """
                            trap 'echo stopping; exit 0' TERM
                            mkdir -p /www; echo ok > /www/healthz; httpd -p 8080 -h /www
                            while true; do sleep 0.1; done
                            """,
                            [
                                "ports": [["name": "http", "containerPort": 8080]],
                                "readinessProbe": [
                                    "httpGet": ["path": "/healthz", "port": "http"], "periodSeconds": 1,
                                ],
                                "livenessProbe": [
                                    "exec": ["command": ["test", "!", "-e", "/sick"]], "periodSeconds": 1,
                                    "failureThreshold": 1,
                                ],
                                "startupProbe": ["tcpSocket": ["port": 8080], "periodSeconds": 1],
                                "lifecycle": [
                                    "postStart": ["exec": ["command": ["touch", "/greeted"]]],
                                    "preStop": [
                                        "exec": ["command": ["sh", "-c", "echo bye > /proc/1/fd/1"]]
                                    ],
                                ],
                                "resources": ["limits": ["memory": "64Mi", "cpu": "500m"]],
                            ])
                    ],
                ])
            await agent.add(crashing)
            await agent.add(server)
            await agent.wait("ready") { agent in
                await agent.status(server.uid)["containerStatuses"]?[0]?["ready"] == true
            }
            let identity = TestAgent.identity(server)
            let id = try #require(agent.runtime.containerID(of: identity, container: "web"))
            let greeted = try await agent.runtime.client.execSync(
                container: id, command: ["ls", "/greeted"], timeout: 5)
            #expect(greeted.exitCode == 0)
            let group =
                "/sys/fs/cgroup/memory/aegis-cri-test\(cluster.data.suffix(6))/node-a/kubepods/burstable/pod\(server.uid)"
            let limit = FileBytes.read("\(group)/\(id)/memory.limit_in_bytes").map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(limit == "67108864\n")

            // A probe that fails has it restarted.
            _ = try await agent.runtime.client.execSync(
                container: id, command: ["touch", "/sick"], timeout: 5)
            await agent.wait("restarted") { agent in
                let status = await agent.container(server.uid, "web")
                return status["restartCount"] == 1 && status["ready"] == true
            }
            let previous = try await text(
                agent.runtime.logs(of: identity, container: "web", previous: true, options: PodLogOptions()))
            #expect(previous == "bye\nstopping\n")
            #expect(
                await agent.events.contains(
                    "server Killing: Container web failed liveness probe, will be restarted"))

            await agent.wait("back-off") { agent in
                await agent.container(crashing.uid, "main")["state"]?["waiting"]?["reason"]
                    == "CrashLoopBackOff"
            }
            let last = await agent.container(crashing.uid, "main")["lastState"]?["terminated"]
            #expect(last?["message"] == "attempt\n")

            // containerd is killed: containers go on, and it comes back.
            let running = try #require(agent.runtime.containerID(of: identity, container: "web"))
            let first = try #require(cluster.supervisor.processIdentifier)
            kill(first, SIGKILL)
            await agent.wait("containerd again") { _ in
                cluster.supervisor.processIdentifier != first && cluster.supervisor.isRunning
            }
            await agent.wait("answers") { await (try? $0.runtime.client.version()) != nil }

            // An agent that comes new finds what runs.
            var status = await agent.status(server.uid)
            agent.runtime.stop()
            try await cluster.connect()
            let next = try cluster.agent
            var object = server
            status.set("Burstable", at: "qosClass")
            object["status"] = status
            await next.add(object, restored: true)
            await next.wait("ready again") { await $0.container(server.uid, "web")["ready"] == true }
            // What it would do wrong, it would do now.
            try await Task.sleep(for: .seconds(2))
            #expect(next.runtime.containerID(of: identity, container: "web") == running)
            #expect(await next.container(server.uid, "web")["restartCount"] == 1)
            #expect(await next.container(server.uid, "web")["ready"] == true)
            #expect(await next.events == [])

            await next.delete(server.uid, grace: 5)
            await next.wait("stopped") { await $0.isDone(server.uid) }
            let ended = await next.container(server.uid, "web")["state"]?["terminated"]
            #expect(ended?["exitCode"] == 0)
        }
    }

    @Test(.timeLimit(.minutes(3))) func saysWhatWentWrong() async throws {
        try await withCluster { cluster, agent in
            func pod(_ name: String, _ container: JSON, _ more: JSON = [:]) -> JSON {
                var spec: JSON = ["restartPolicy": "Never", "containers": [container]]
                for (key, value) in more.object ?? [:] { spec.set(value, at: key) }
                return cluster.pod(name, spec)
            }
            let greedy = pod(
                "greedy",
                T.container(
                    "main", "head -c 100m /dev/zero | tail", ["resources": ["limits": ["memory": "16Mi"]]]))
            let wrong = pod("wrong", T.container("main", "", ["command": ["/no/such/program"]]))
            let absent = pod("absent", T.container("main", "true", ["image": "aegis.invalid/none:1"]))
            let root = pod(
                "root", T.container("main", "true", ["securityContext": ["runAsNonRoot": true]]))
            let secured = pod(
                "secured",
                T.container(
                    "main",
                    """
                    id -u; id -g; id -G; touch /x 2>/dev/null || echo read-only; grep NoNewPrivs /proc/self/status
                    grep CapEff /proc/self/status; grep Seccomp: /proc/self/status; ps | grep -c sleep
                    """,
                    [
                        "securityContext": [
                            "runAsUser": 1234, "readOnlyRootFilesystem": true,
                            "allowPrivilegeEscalation": false,
                            "capabilities": ["drop": ["ALL"]], "seccompProfile": ["type": "RuntimeDefault"],
                        ]
                    ]),
                [
                    "securityContext": ["fsGroup": 77, "runAsGroup": 88],
                    "shareProcessNamespace": true, "hostNetwork": true,
                ])
            for pod in [greedy, wrong, absent, root, secured] { await agent.add(pod) }
            await agent.wait("the end of three") { agent in
                for pod in [greedy, wrong, secured] where await !agent.isDone(pod.uid) { return false }
                return true
            }
            func ended(_ pod: JSON) async -> JSON? {
                await agent.container(pod.uid, "main")["state"]?["terminated"]
            }
            #expect(await ended(greedy)?["reason"] == "OOMKilled")
            #expect(await ended(greedy)?["exitCode"] == 137)
            #expect(await ended(wrong)?["reason"] == "StartError")
            #expect(await ended(wrong)?["exitCode"] == 128)
            let lines = try await text(
                agent.runtime.logs(
                    of: TestAgent.identity(secured), container: "main", options: PodLogOptions())
            ).split(separator: "\n").map(String.init)
            #expect(lines.starts(with: ["1234", "88", "88 77"]))
            #expect(lines.contains("read-only") && lines.contains("NoNewPrivs:\t1"))
            #expect(lines.contains("CapEff:\t0000000000000000") && lines.contains("Seccomp:\t2"))
            // The pod's first process is seen by all.
            #expect(lines.last.flatMap { Int($0) } ?? 0 >= 1)
            await agent.wait("words") { agent in
                let waiting = await agent.container(root.uid, "main")["state"]?["waiting"]
                let pull = await agent.container(absent.uid, "main")["state"]?["waiting"]
                return waiting?["reason"] == "CreateContainerConfigError"
                    && ["ErrImagePull", "ImagePullBackOff"].contains(pull?["reason"]?.string)
            }
            let events = await agent.events
            #expect(
                events.contains { $0.hasPrefix("wrong Failed: Error: ") && $0.contains("/no/such/program") })
            #expect(!events.contains("wrong Started: Container started"))
            #expect(
                events.contains {
                    $0.hasPrefix("absent Failed: Failed to pull image \"aegis.invalid/none:1\"")
                })
        }
    }

    @Test(.timeLimit(.minutes(3))) func followsWhatHappensByItself() async throws {
        try await withCluster { cluster, agent in
            let pod = cluster.pod(
                "busy",
                [
                    "terminationGracePeriodSeconds": 0,
                    "initContainers": [
                        T.container("first", "echo first", [:]),
                        T.container("side", "exec sleep infinity", ["restartPolicy": "Always"]),
                    ],
                    "containers": [
                        T.container(
                            "main",
                            "i=0; while true; do i=$((i+1)); echo line $i; [ $((i % 100)) = 0 ] && usleep 20000; done",
                            ["resources": ["limits": ["cpu": "200m"]]])
                    ],
                ])
            await agent.add(pod)
            let identity = TestAgent.identity(pod)
            await agent.wait("running") { agent in
                await agent.container(pod.uid, "main")["state"]?["running"] != nil
            }
            #expect(await agent.container(pod.uid, "first")["state"]?["terminated"]?["exitCode"] == 0)
            #expect(await agent.container(pod.uid, "side")["state"]?["running"] != nil)

            // Its log is followed into new files.
            var options = PodLogOptions()
            options.follow = true
            let logs = try agent.runtime.logs(of: identity, container: "main", options: options)
            let reader = Task { try await text(logs) }
            let log = PodPaths(data: cluster.data).log(identity, "main", attempt: 0)
            for _ in 0..<3 {
                await agent.wait("a long log") { _ in FileBytes.size(log) ?? 0 > 20_000 }
                await agent.runtime.rotateLogs()
            }
            #expect(LogFiles.all(of: log).count > 2)

            // What it uses is measured.
            let metrics = CRIMetrics(client: agent.runtime.client, cluster: cluster.data)
            await metrics.look()
            try await Task.sleep(for: .seconds(2))
            await metrics.look()
            let usage = metrics.usage(ofPod: pod.uid)
            #expect(usage.map(\.name) == ["main", "side"])
            let cpu = usage.first?.cpu ?? 0
            #expect(cpu > 0 && cpu < 260, "\(cpu) thousandths of a core")
            #expect(usage.allSatisfy { $0.memory > 0 })

            // Its container is killed behind everybody's back.
            let id = try #require(agent.runtime.containerID(of: identity, container: "main"))
            try TestMachine.run(
                "ctr", "-a", cluster.supervisor.configuration.socket, "-n", "k8s.io", "task", "kill", "-s",
                "SIGKILL", id)
            await agent.wait("seen") { agent in
                agent.runtime.containerID(of: identity, container: "main") != id
            }
            await agent.wait("again") { agent in
                let status = await agent.container(pod.uid, "main")
                return status["restartCount"] == 1 && status["state"]?["running"] != nil
            }
            let followed = try await reader.value.split(separator: "\n")
            #expect(followed.count > 100)
            #expect(followed.enumerated().allSatisfy { $1 == "line \($0 + 1)" })

            // Its sandbox is killed: all of it is made anew.
            let sandbox = try #require(agent.runtime.sandboxID(of: identity))
            try TestMachine.run(
                "ctr", "-a", cluster.supervisor.configuration.socket, "-n", "k8s.io", "task", "kill", "-s",
                "SIGKILL", sandbox)
            await agent.wait("a new sandbox") { agent in
                let present = agent.runtime.sandboxID(of: identity)
                let status = await agent.container(pod.uid, "main")
                return present != nil && present != sandbox && status["state"]?["running"] != nil
                    && status["restartCount"] == 2
            }
            #expect(await agent.events.contains { $0.hasPrefix("busy SandboxChanged: ") })
            await agent.delete(pod.uid, grace: 0)
            await agent.wait("stopped") { await $0.isDone(pod.uid) }
        }
    }
}
