import Foundation
import Testing

/// Logs, commands and ports of real pods, as kubectl and the Python client ask for them: over WebSocket, and
/// over SPDY as clients did before.
@Suite(.clients, .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft"))
struct PodStreamsTests {
    @Test func clientsTalkToContainers() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        try cluster.apply(Self.pods)
        _ = try cluster.kubectl(
            Containers.words("-n demo wait pod/web pod/cat pod/done --for=jsonpath={.status.startTime}"))
        _ = try cluster.kubectl(Containers.words("-n demo wait pod/web pod/cat --for=condition=Ready"))
        _ = try cluster.kubectl(
            Containers.words("-n demo wait pod/done --for=jsonpath={.status.phase}=Succeeded"))
        try logs(cluster)
        for environment in [
            [:], ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "false"],
        ] {
            try commands(cluster, environment)
            try copies(cluster, environment)
            try ports(cluster, environment)
        }
        try python(cluster)
        try refusals(cluster)
    }

    private func logs(_ cluster: Containers) throws {
        func logs(_ line: String) throws -> String {
            try cluster.kubectl(["-n", "demo", "logs"] + Containers.words(line))
        }
        #expect(try logs("done") == "one\ntwo\nthree\n")
        #expect(try logs("done --tail=1") == "three\n")
        #expect(try logs("done --limit-bytes=5") == "one\nt")
        // It ends by itself once the container has.
        #expect(try logs("done -f") == "one\ntwo\nthree\n")
        let stamped = try logs("done --timestamps --tail=2").split(separator: "\n")
        #expect(stamped.count == 2)
        #expect(stamped.allSatisfy { $0.contains("T") && $0.contains("Z ") })
        #expect(try logs("done --since=1h") == "one\ntwo\nthree\n")
        // What the container before this one said.
        _ = try? cluster.kubectl(Containers.words("-n demo exec cat -- kill 1"))
        _ = try poll("a restart", within: 30) { () -> Bool? in
            let count = try cluster.kubectl(
                Containers.words("-n demo get pod cat -o jsonpath={.status.containerStatuses[0].restartCount}"))
            return count == "1" ? true : nil
        }
        _ = try cluster.kubectl(Containers.words("-n demo wait pod/cat --for=condition=Ready"))
        #expect(try logs("cat --previous") == "begin\nterminated\n")
        #expect(try logs("cat") == "begin\n")
    }

    private func commands(_ cluster: Containers, _ environment: [String: String]) throws {
        func exec(_ words: [String], input: String = "") throws -> Outcome {
            try cluster.kubectlOutcome(["-n", "demo", "exec"] + words, input: input, environment)
        }
        let both = try exec(["web", "--", "sh", "-c", "echo out; echo err >&2"])
        #expect(both.output == "out\n")
        #expect(both.errors == "err\n")
        let code = try exec(["web", "--", "sh", "-c", "exit 7"])
        #expect(code.status == 7)
        #expect(code.errors.contains("command terminated with exit code 7"))
        // Standard input reaches its end there.
        let lines = String(repeating: "a line of some length for the pod\n", count: 20_000)
        let counted = try exec(["-i", "web", "--", "wc", "-c"], input: lines)
        #expect(counted.output.trimmingCharacters(in: .whitespacesAndNewlines) == "\(lines.utf8.count)")
        let much = try exec(["web", "--", "sh", "-c", "yes 0123456789 | head -n 200000"])
        #expect(much.output.utf8.count == 2_200_000)
        // A terminal of its own.
        let terminal = try exec(["-t", "web", "--", "sh", "-c", "test -t 1 && echo terminal"])
        #expect(terminal.output.contains("terminal"))
        let missing = try exec(["web", "--", "/no/such/program"])
        #expect(missing.status != 0)
        #expect(missing.errors.contains("no such file or directory"))
        // The container's own process.
        let attached = try cluster.kubectlOutcome(
            ["-n", "demo", "attach", "-i", "reader", "--pod-running-timeout=20s"], input: "to the reader\n",
            environment)
        #expect(attached.output.contains("heard to the reader"))
    }

    private func copies(_ cluster: Containers, _ environment: [String: String]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cp-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let there = folder.appendingPathComponent("there").path
        let back = folder.appendingPathComponent("back").path
        let bytes = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        try bytes.write(to: URL(fileURLWithPath: there))
        for words in [["cp", there, "web:/tmp/copy"], ["cp", "web:/tmp/copy", back]] {
            let outcome = try cluster.kubectlOutcome(["-n", "demo"] + words, environment)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        #expect(FileManager.default.contents(atPath: back) == bytes)
    }

    private func ports(_ cluster: Containers, _ environment: [String: String]) throws {
        let port = try freePort()
        let forward = try cluster.kubectlInBackground(
            ["-n", "demo", "port-forward", "pod/web", "\(port):8080"], environment)
        defer { forward.stop() }
        _ = try poll("port-forward", within: 20) {
            forward.text.contains("Forwarding from") ? true : nil
        } or: {
            forward.text
        }
        for _ in 0..<5 {
            #expect(try cluster.fetch("http://127.0.0.1:\(port)/") == "a page\n")
        }
    }

    private func python(_ cluster: Containers) throws {
        let script = """
            import sys
            from kubernetes import client, config
            from kubernetes.stream import stream
            config.load_kube_config(sys.argv[1])
            api = client.CoreV1Api()
            print(stream(api.connect_get_namespaced_pod_exec, "web", "demo", command=["echo", "from python"],
                         stderr=True, stdin=False, stdout=True, tty=False), end="")
            session = stream(api.connect_get_namespaced_pod_exec, "web", "demo", command=["sh", "-c", "exit 3"],
                             stderr=True, stdin=False, stdout=True, tty=False, _preload_content=False)
            session.run_forever(timeout=20)
            print(session.returncode)
            print(api.read_namespaced_pod_log("done", "demo"), end="")
            """
        let outcome = try run(cluster.tool("python"), ["-c", script, cluster.kubeconfig])
        #expect(outcome.output == "from python\n3\none\ntwo\nthree\n", "\(outcome.errors)")
    }

    private func refusals(_ cluster: Containers) throws {
        func refused(_ line: String) throws -> String {
            let outcome = try cluster.kubectlOutcome(["-n", "demo"] + Containers.words(line), [:])
            #expect(outcome.status != 0)
            return outcome.errors
        }
        #expect(
            try refused("logs web -c nothing").contains("container nothing is not valid for pod web"))
        #expect(
            try refused("logs web --previous").contains(
                "previous terminated container \"web\" in pod \"web\" not found"))
        #expect(try refused("exec nobody -- ls").contains("pods \"nobody\" not found"))
        #expect(try refused("exec done -- ls").contains("cannot exec into a container in a completed pod"))
    }

    private static let pods = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: demo}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: demo}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: web
            image: aegis.local/busybox:test
            command: [sh, -c, "mkdir /www; echo a page > /www/index.html; exec httpd -f -p 8080 -h /www"]
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: cat, namespace: demo}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: cat
            image: aegis.local/busybox:test
            command: [sh, -c, "trap 'echo terminated; exit 0' TERM; echo begin; while true; do sleep 0.2; done"]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: reader, namespace: demo}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: reader
            image: aegis.local/busybox:test
            stdin: true
            command: [sh, -c, 'while true; do read line && echo "heard $line" || sleep 0.2; done']
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: done, namespace: demo}
        spec:
          restartPolicy: Never
          containers:
          - name: done
            image: aegis.local/busybox:test
            command: [sh, -c, "echo one; echo two; echo three"]
        """
}
