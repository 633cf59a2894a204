import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `aegis up` with real containers on this machine: what it runs, what survives its end, what it leaves.
@Suite(
    .clients, .serialized, .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft")
)
struct RealPodsTests {
    @Test func podsOutliveTheProgramAndGoWithTheCluster() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        let space = ["-n", "demo"]
        func kubectl(_ line: String) throws -> String { try cluster.kubectl(space + Containers.words(line)) }
        try cluster.apply(Self.platform)
        _ = try kubectl("rollout status deploy/web --timeout=90s")
        _ = try kubectl("rollout status sts/db --timeout=90s")

        // The machine reaches pods and Services; a changed ConfigMap reaches the running pod.
        let service = try kubectl("get svc web -o jsonpath={.spec.clusterIP}")
        #expect(try cluster.fetch("http://\(service)/") == "hello\n")
        _ = try cluster.kubectl(
            space + [
                "patch", "configmap", "page", "--type=merge", "-p", #"{"data":{"index.html":"again\n"}}"#,
            ])
        let second = try poll("the changed page", within: 60) {
            try cluster.fetch("http://\(service)/") == "again\n" ? true : nil
        }
        #expect(second)

        // Prometheus finds the state of objects where kube-state-metrics would be.
        let exporter = try cluster.kubectl(
            Containers.words(
                "-n kube-system get endpointslices -l kubernetes.io/service-name=kube-state-metrics "
                    + "-o jsonpath={.items[0].endpoints[0].addresses[0]}:{.items[0].ports[0].port}"))
        let state = try poll("measured volumes", within: 90) {
            let text = try cluster.fetch("http://\(exporter)/metrics")
            return text.contains("kubelet_volume_stats_used_bytes{namespace=\"demo\"") ? text : nil
        }
        #expect(
            state.contains(
                "kube_deployment_status_replicas_available{namespace=\"demo\",deployment=\"web\"} 2\n"))

        // A killed container is started again; its neighbours are not touched.
        let before = try kubectl(
            "get pods -l app=web -o jsonpath={.items[*].status.containerStatuses[0].containerID}")
        try cluster.killContainer(try #require(before.split(separator: " ").first.map(String.init)))
        _ = try poll("a restart", within: 30) { () -> Bool? in
            let counts = try kubectl(
                "get pods -l app=web -o jsonpath={.items[*].status.containerStatuses[0].restartCount}")
            return counts.split(separator: " ").sorted() == ["0", "1"] ? true : nil
        }
        _ = try kubectl("rollout status deploy/web --timeout=60s")

        // The program dies; pods go on, and the next one finds them.
        let running = try kubectl("get pods -o jsonpath={.items[*].status.containerStatuses[0].containerID}")
        cluster.kill()
        #expect(try cluster.fetch("http://\(service)/") == "again\n")
        try cluster.start()
        _ = try kubectl("rollout status deploy/web --timeout=60s")
        #expect(
            try kubectl("get pods -o jsonpath={.items[*].status.containerStatuses[0].containerID}") == running
        )

        // What a claim holds outlives its pod.
        let written = try cluster.volume("data-db-0", space)
        #expect(written.contains("begun"))
        _ = try kubectl("delete pod db-0 --timeout=60s")
        _ = try kubectl("wait pod/db-0 --for=condition=Ready --timeout=60s")
        #expect(try cluster.volume("data-db-0", space) == written + "begun\n")

        try cluster.down()
        #expect(try run("/usr/sbin/nft", ["list", "table", "ip", cluster.instance]).status != 0)
        #expect(try cluster.leftovers() == [])
    }

    /// containerd is killed and forgets all it had: its shims and their containers go all the same, also where it
    /// was just making them.
    @Test(arguments: [true, false]) func whatContainerdForgotGoesToo(isReady: Bool) throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        try cluster.apply(Self.platform)
        if isReady {
            _ = try cluster.kubectl(Containers.words("-n demo rollout status deploy/web --timeout=90s"))
        } else {
            _ = try poll("a first shim", within: 60) {
                try cluster.leftovers().contains { $0.contains("containerd-shim") } ? true : nil
            }
        }
        cluster.kill()
        #expect(kill(try cluster.containerd(), SIGKILL) == 0)
        _ = try poll("the end of containerd", within: 60) { (try? cluster.containerd()) == nil ? true : nil }
        for part in ["state/io.containerd.runtime.v2.task", "root/io.containerd.metadata.v1.bolt"] {
            // Mounts in it stay, and what is under them.
            _ = try run("/bin/rm", ["-rf", cluster.data + "/containerd/" + part])
        }
        #expect(try cluster.leftovers().contains { $0.contains("containerd-shim") })
        try cluster.down()
        #expect(try cluster.leftovers() == [])
        #expect(!FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory/" + cluster.instance))
    }

    private static let platform = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: demo}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: page, namespace: demo}
        data: {index.html: "hello\\n"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: demo}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: web
                image: aegis.local/busybox:test
                command: [httpd, -f, -p, "8080", -h, /www]
                readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                resources: {requests: {cpu: 50m, memory: 16Mi}, limits: {memory: 64Mi}}
                volumeMounts: [{name: page, mountPath: /www}]
              volumes: [{name: page, configMap: {name: page}}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: demo}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: gp3}
        provisioner: aegis.dev/directory
        volumeBindingMode: WaitForFirstConsumer
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: demo}
        spec:
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              terminationGracePeriodSeconds: 1
              securityContext: {runAsUser: 1000, fsGroup: 2000}
              containers:
              - name: db
                image: aegis.local/busybox:test
                command: [sh, -c, "echo begun >> /data/log; exec sleep 3600"]
                volumeMounts: [{name: data, mountPath: /data}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: gp3
              resources: {requests: {storage: 1Gi}}
        """
}

/// A cluster of real containers below a directory of its own.
final class Containers {
    static var areThere: Bool {
        guard getuid() == 0 else { return false }
        return ["/usr/bin/containerd", "/usr/sbin/runc", "/usr/sbin/nft", "/usr/bin/ctr"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    static func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    // Short: a socket's path has 107 bytes at most.
    let directory = URL(fileURLWithPath: "/tmp/aegis-real-\(UInt32.random(in: 0 ... .max))")
    private let programs: Programs
    private var process: Background?
    private let port: Int

    init() throws {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        self.programs = programs
        port = try freePort()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    var data: String { directory.appendingPathComponent("data").path }
    /// Of a containerd that is not the cluster's own.
    var containerdSocket: String?
    private var socket: String { containerdSocket ?? data + "/containerd/containerd.sock" }

    /// What `aegis up` has said since it was started last.
    var said: String { process?.text ?? "" }

    /// Runs `aegis up`, by default with nothing but a namespace, and waits until everything is ready.
    func start(
        _ manifests: String = "{apiVersion: v1, kind: Namespace, metadata: {name: empty}}\n",
        within seconds: Double = 60
    ) throws {
        let empty = directory.appendingPathComponent("platform.yaml")
        try Data(manifests.utf8).write(to: empty)
        try start(at: [empty.path], within: seconds)
    }

    /// Runs `aegis up` on files or directories, and waits until everything is ready.
    func start(at paths: [String], within seconds: Double = 60) throws {
        let process = try Background(
            programs.aegis,
            ["up", "--data-dir", data, "--secure-port", "\(port)"] + paths
                + (containerdSocket.map { ["--containerd-socket", $0] } ?? []), in: directory)
        self.process = process
        _ = try poll("aegis up", within: seconds) {
            if !process.isRunning { throw Failed(description: process.text) }
            return process.text.contains("everything is ready") ? true : nil
        } or: {
            process.text
        }
    }

    /// SIGKILL, as of a machine's own.
    func kill() {
        guard let process else { return }
        process.stop(within: 0)
    }

    func importImages() throws {
        let archive = directory.appendingPathComponent("images.tar").path
        let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("scripts/test-images").path
        try expect(run(scripts, [archive]))
        try expect(run("/usr/bin/ctr", ["-a", socket, "-n", "k8s.io", "images", "import", archive]))
        try expect(
            run(
                "/usr/bin/ctr",
                [
                    "-a", socket, "-n", "k8s.io", "images", "tag", "--force", "aegis.local/pause:test",
                    "aegis.local/pause:1",
                ]))
    }

    @discardableResult
    private func expect(_ outcome: Outcome) throws -> String {
        guard outcome.status == 0 else {
            throw Failed(description: outcome.output + outcome.errors + end)
        }
        return outcome.output
    }

    /// What the program said last, where it has ended by itself.
    var end: String { process.map { $0.isRunning ? "" : "\naegis up has ended: \($0.text)" } ?? "" }

    func kubectl(_ words: [String], input: String = "") throws -> String {
        try expect(
            run(programs.tools + "/kubectl", ["--kubeconfig", data + "/kubeconfig"] + words, input: input))
    }

    var kubeconfig: String { data + "/kubeconfig" }
    func tool(_ name: String) -> String { programs.tools + "/" + name }

    /// However it ends, and with variables of its own.
    func kubectlOutcome(
        _ words: [String], input: String = "", _ environment: [String: String]
    ) throws -> Outcome {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        return try run(
            "/usr/bin/env", variables + [tool("kubectl"), "--kubeconfig", kubeconfig] + words, input: input)
    }

    func kubectlInBackground(_ words: [String], _ environment: [String: String]) throws -> Background {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        return try Background(
            "/usr/bin/env", variables + [tool("kubectl"), "--kubeconfig", kubeconfig] + words, in: directory)
    }

    func apply(_ manifests: String) throws { _ = try kubectl(["apply", "-f", "-"], input: manifests) }

    func fetch(_ url: String) throws -> String {
        try run("/usr/bin/curl", ["-s", "-m", "5", url]).output
    }

    /// - Parameter id: as in a pod's status.
    func killContainer(_ id: String) throws {
        let bare = id.replacing("containerd://", with: "")
        try expect(
            run("/usr/bin/ctr", ["-a", socket, "-n", "k8s.io", "tasks", "kill", "-s", "SIGKILL", bare]))
    }

    /// The number of the process that is the cluster's own containerd.
    func containerd() throws -> Int32 {
        for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let number = Int32(entry),
                let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
            else { continue }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            if words.first?.hasSuffix("/containerd") == true, words.contains(where: { $0.hasPrefix(data) }) {
                return number
            }
        }
        throw Failed(description: "no containerd runs for \(data)")
    }

    /// The number of a container's first process.
    /// - Parameter id: as in a pod's status.
    func process(_ id: String) throws -> Int32 {
        let bare = id.replacing("containerd://", with: "")
        let tasks = try expect(run("/usr/bin/ctr", ["-a", socket, "-n", "k8s.io", "tasks", "ls"]))
        let line = tasks.split(separator: "\n").first { $0.hasPrefix(bare) }
        let number = line?.split(separator: " ").dropFirst().first.flatMap { Int32($0) }
        guard let number else { throw Failed(description: "container \(bare) has no process: \(tasks)") }
        return number
    }

    /// The file `log` of the volume that a claim is bound to.
    func volume(_ claim: String, _ space: [String]) throws -> String {
        let name = try kubectl(space + ["get", "pvc", claim, "-o", "jsonpath={.spec.volumeName}"])
        let path = try kubectl(["get", "pv", name, "-o", "jsonpath={.spec.hostPath.path}"])
        return try String(contentsOfFile: path + "/log", encoding: .utf8)
    }

    /// A command of the program on this cluster, however it ends.
    func command(_ words: [String]) throws -> Outcome {
        try run(programs.aegis, words + ["--data-dir", data])
    }

    func down() throws { try expect(run(programs.aegis, ["down", "--data-dir", data])) }

    /// The name that the cluster has on the machine: `aegis`, or `aegis-1` beside another.
    var instance: String {
        let record = FileManager.default.contents(atPath: data + "/instance.json") ?? Data()
        let json = (try? JSONSerialization.jsonObject(with: record)) as? [String: Any]
        let number = json?["number"] as? Int ?? 0
        return number == 0 ? "aegis" : "aegis-\(number)"
    }

    /// Processes, mounts and control groups of the cluster that are still there.
    func leftovers() throws -> [String] {
        var found: [String] = []
        for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int(entry) != nil {
            let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline") ?? Data()
            let words = String(decoding: line, as: UTF8.self).replacing("\0", with: " ")
            if words.contains(data) { found.append(words) }
        }
        let mounts = String(
            decoding: FileManager.default.contents(atPath: "/proc/mounts") ?? Data(), as: UTF8.self)
        found += mounts.split(separator: "\n").filter { $0.contains(data) }.map(String.init)
        return found
    }

    func removeAll() {
        process?.stop()
        _ = try? run(programs.aegis, ["down", "--purge", "--data-dir", data])
        try? FileManager.default.removeItem(at: directory)
    }
}
