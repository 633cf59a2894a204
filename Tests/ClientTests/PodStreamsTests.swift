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
        try webSockets(cluster)
        try proxies(cluster)
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
                Containers.words(
                    "-n demo get pod cat -o jsonpath={.status.containerStatuses[0].restartCount}"))
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
        // A terminal of its own: `script` gives kubectl one.
        let typed =
            "\(cluster.tool("kubectl")) --kubeconfig \(cluster.kubeconfig) -n demo exec -it web -- tty"
        let terminal = try run(
            "/usr/bin/env",
            environment.map { "\($0.key)=\($0.value)" } + ["script", "-qec", typed, "/dev/null"])
        #expect(terminal.output.contains("/dev/pts/"), "\(terminal.output)\(terminal.errors)")
        let missing = try exec(["web", "--", "/no/such/program"])
        #expect(missing.status != 0)
        #expect(missing.errors.contains("no such file or directory"))
        // The container's own process, whose words come until the client ends its own.
        let heard = FileManager.default.temporaryDirectory.appendingPathComponent("heard-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: heard) }
        let attach = """
            { echo to the reader; until grep -q heard \(heard); do sleep 0.1; done; } |
            \(cluster.tool("kubectl")) --kubeconfig \(cluster.kubeconfig) -n demo attach -i reader > \(heard)
            """
        let attached = try run(
            "/usr/bin/env",
            environment.map { "\($0.key)=\($0.value)" } + ["timeout", "20", "sh", "-c", attach])
        let words = String(decoding: FileManager.default.contents(atPath: heard) ?? Data(), as: UTF8.self)
        #expect(words.contains("heard to the reader"), "\(attached.errors)")
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

    /// Through the API server to a pod and a Service, by every method, with `kubectl proxy` and an upgrade.
    private func proxies(_ cluster: Containers) throws {
        _ = try poll("endpoints", within: 20) {
            let words = "-n demo get endpointslices -o jsonpath={.items[*].endpoints[*].conditions.ready}"
            return try cluster.kubectl(Containers.words(words)) == "true true" ? true : nil
        }
        let pod = "/api/v1/namespaces/demo/pods"
        let service = "/api/v1/namespaces/demo/services"
        for path in [
            "\(pod)/web:8080/proxy/", "\(pod)/http:web:8080/proxy/index.html", "\(service)/web/proxy/",
            "\(service)/web:80/proxy/", "\(service)/http:web:main/proxy/index.html",
        ] {
            #expect(try cluster.kubectl(["get", "--raw", path]) == "a page\n", "\(path)")
        }
        let node = try cluster.kubectl(Containers.words("-n demo get pod web -o jsonpath={.spec.nodeName}"))
        #expect(try cluster.kubectl(["get", "--raw", "/api/v1/nodes/\(node)/proxy/healthz"]) == "ok")
        let pods = try cluster.kubectl(["get", "--raw", "/api/v1/nodes/\(node)/proxy/pods"])
        #expect(pods.contains("\"kind\":\"PodList\"") && pods.contains("\"name\":\"web\""))

        let port = try freePort()
        let local = try cluster.kubectlInBackground(["proxy", "--port=\(port)"], [:])
        defer { local.stop() }
        _ = try poll("kubectl proxy", within: 20) { local.text.contains("Starting to serve") ? true : nil }
        let base = "http://127.0.0.1:\(port)"
        func curl(_ words: [String]) throws -> String {
            try run("/usr/bin/curl", ["-s", "-m", "10"] + words).output
        }
        let form = ["-o", "/dev/null", "-w", "%{http_code} %{redirect_url}"]
        #expect(
            try curl(form + ["\(base)\(service)/web/proxy?a=b"])
                == "301 \(base)\(service)/web/proxy/?a=b")
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] {
            let arguments = method == "HEAD" ? ["-I"] : ["-X", method, "-d", "sent"]
            let answer = try curl(arguments + ["\(base)\(service)/echo/proxy/some/path/with/\(method)?q=1"])
            if method == "HEAD" {
                #expect(answer.contains("200 OK") && answer.lowercased().contains("x-method: head"))
            } else {
                #expect(answer.contains("\(method) /some/path/with/\(method)?q=1 sent"), "\(answer)")
            }
        }
        #expect(
            try curl(["\(base)\(service)/echo/proxy/page"]).contains("href=\"\(service)/echo/proxy/next\""))
        let refused = try curl(["\(base)\(pod)/web:1/proxy/"])
        #expect(refused.contains("error trying to reach service: dial tcp"))
        #expect(refused.contains("connect: connection refused"))
        #expect(
            try curl(["\(base)\(service)/web:99/proxy/"]).contains("no service port 99 found for service"))
        // More than any buffer holds.
        #expect(
            try curl(["\(base)\(service)/echo/proxy/large", "-w", "%{size_download}", "-o", "/dev/null"])
                == "30000000")
        let script = """
            import socket, sys
            peer = socket.create_connection(("127.0.0.1", \(port)), 10)
            peer.sendall(b"GET \(service)/echo/proxy/upgrade HTTP/1.1\\r\\nHost: 127.0.0.1:\(port)\\r\\n"
                         b"Connection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n")
            while data := peer.recv(1000):
                sys.stdout.write(data.decode())
            """
        let upgrade = try run(cluster.tool("python"), ["-c", script])
        #expect(
            upgrade.output.hasPrefix("HTTP/1.1 101 ")
                && upgrade.output.hasSuffix("\r\n\r\nhello from the other side\n"),
            "\(upgrade.output)\(upgrade.errors)")
    }

    private func refusals(_ cluster: Containers) throws {
        func refused(_ line: String, _ words: String) throws {
            let outcome = try cluster.kubectlOutcome(["-n", "demo"] + Containers.words(line), [:])
            #expect(outcome.status != 0)
            #expect(
                outcome.errors.contains(words), "\(line): \(outcome.output)\(outcome.errors)\(cluster.end)")
        }
        try refused("logs web -c nothing", "container nothing is not valid for pod web")
        try refused(
            "logs web --previous", "previous terminated container \"web\" in pod \"web\" not found")
        try refused("exec nobody -- ls", "pods \"nobody\" not found")
        try refused("exec done -- ls", "cannot exec into a container in a completed pod")
    }

    private static let pods = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: demo}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: demo, labels: {app: web}}
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
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: demo}
        spec: {selector: {app: web}, ports: [{name: main, port: 80, targetPort: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: echo, namespace: demo}
        spec: {selector: {app: echo}, ports: [{port: 80, targetPort: 8081}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: echo, namespace: demo, labels: {app: echo}}
        spec:
          terminationGracePeriodSeconds: 1
          volumes: [{name: srv, configMap: {name: echo}}]
          containers:
          - name: echo
            image: aegis.local/busybox:test
            command: [nc, -ll, -p, "8081", -e, sh, /srv/answer]
            volumeMounts: [{name: srv, mountPath: /srv}]
            readinessProbe: {httpGet: {port: 8081, path: /ready}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: echo, namespace: demo}
        data:
          answer: |
            # One HTTP request on standard input, its answer on standard output.
            end=$(printf '\\r')
            read -r method path version
            length=0
            while read -r line; do
                line=${line%$end}
                case $line in
                "") break ;;
                [Cc]ontent-[Ll]ength:*) length=${line#*: } ;;
                esac
            done
            body=$(head -c "$length")
            head() { printf 'HTTP/1.1 %s\\r\\nConnection: close\\r\\nX-Method: %s\\r\\n%s\\r\\n\\r\\n' "$1" "$method" "$2"; }
            case $path in
            /upgrade) printf 'HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\nhello from the other side\\n' ;;
            /page) head "200 OK" "Content-Type: text/html"; echo '<a href="/next">next</a>' ;;
            /large) head "200 OK" "Content-Length: 30000000"; command head -c 30000000 /dev/zero ;;
            *) head "200 OK" "Content-Type: text/plain"; [ "$method" = HEAD ] || echo "$method $path $body" ;;
            esac
        """
}
