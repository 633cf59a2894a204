import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RealPodsTests {
    /// Two clusters with the same names, node ports and host ports side by side: neither gets what is meant for
    /// the other, and the end of one is nothing to the other.
    @Test func clustersOfOneMachineKeepApart() throws {
        let clusters = [try Containers(), try Containers()]
        defer { for cluster in clusters { cluster.removeAll() } }
        for (cluster, words) in zip(clusters, ["one", "two"]) {
            try cluster.start()
            try cluster.importImages()
            try cluster.apply(Self.site(words))
        }
        var ways: [[String]] = []
        for (cluster, words) in zip(clusters, ["one", "two"]) {
            _ = try cluster.kubectl(Containers.words("-n site rollout status deploy/web --timeout=90s"))
            let own = try cluster.ways(to: "web")
            #expect(own.count == 4, "a balancer, a node port, the Service's own address, a host port: \(own)")
            for way in own {
                let answer = try poll("an answer at \(way)", within: 20) { () -> String? in
                    let text = try cluster.fetch("http://\(way)/")
                    return text.isEmpty ? nil : text
                }
                #expect(answer == words + "\n", "\(way)")
            }
            ways.append(own)
            try cluster.answersByName(words)
        }
        #expect(Set(ways[0]).isDisjoint(with: ways[1]))

        try clusters[0].down()
        #expect(try clusters[0].leftovers() == [])
        for way in ways[1] { #expect(try clusters[1].fetch("http://\(way)/") == "two\n", "\(way)") }
        for way in ways[0] { #expect(try clusters[1].fetch("http://\(way)/") == "", "\(way)") }
        try clusters[1].answersByName("two")
        // New pods find their network too.
        _ = try clusters[1].kubectl(Containers.words("-n site rollout restart deploy/web"))
        _ = try clusters[1].kubectl(Containers.words("-n site rollout status deploy/web --timeout=60s"))
        try clusters[1].answersByName("two")

        // The first one comes back where it was.
        try clusters[0].start()
        _ = try clusters[0].kubectl(Containers.words("-n site rollout status deploy/web --timeout=60s"))
        #expect(try clusters[0].ways(to: "web") == ways[0])
        for (own, words) in zip(ways, ["one", "two"]) {
            for way in own {
                _ = try poll("\(words) at \(way)", within: 20) {
                    try clusters[0].fetch("http://\(way)/") == words + "\n" ? true : nil
                }
            }
        }
        for cluster in clusters {
            try cluster.down()
            #expect(try cluster.leftovers() == [])
        }
    }

    /// A cluster in somebody else's containerd takes away what is its own, and nothing else.
    @Test func anotherContainerdIsLeftAsItWas() throws {
        let cluster = try Containers()
        let containerd = try OwnContainerd(for: cluster)
        defer { containerd.stop() }
        defer { cluster.removeAll() }
        cluster.containerdSocket = containerd.socket
        try cluster.importImages()
        try containerd.ctr("run -d aegis.local/busybox:test \(containerd.stranger) sleep 3600")
        try cluster.start()
        try cluster.apply(Self.site("guest"))
        _ = try cluster.kubectl(Containers.words("-n site rollout status deploy/web --timeout=90s"))
        try cluster.answersByName("guest")
        #expect(try containerd.ctr("containers ls -q").split(separator: "\n").count == 3)

        cluster.kill()
        try cluster.down()
        #expect(containerd.isRunning)
        #expect(try containerd.ctr("containers ls -q") == containerd.stranger + "\n")
        #expect(try containerd.ctr("tasks ls").contains("RUNNING"))
        #expect(try run("/usr/sbin/nft", ["list", "table", "ip", cluster.instance]).status != 0)
        let mounts = try String(contentsOfFile: "/proc/mounts", encoding: .utf8)
        #expect(!mounts.contains(cluster.data + "/"), "\(mounts)")
        #expect(!FileManager.default.fileExists(atPath: "/sys/fs/cgroup/memory/" + cluster.instance))
        // A second one finds nothing to do.
        #expect(try !cluster.command(["down"]).output.contains("removed"))
    }

    /// What keeps a cluster from starting is said in a line, before anything is started; what fails in the
    /// background is not called up.
    @Test func whatFailsIsSaidAsItIs() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        let file = cluster.directory.appendingPathComponent("late.yaml")
        try Data(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: late}
            spec:
              containers: [{name: c, image: "aegis.local/nobody-has-this:1"}]
            """.utf8
        ).write(to: file)
        let up = try cluster.command([
            "up", "--detach", "--timeout", "4", "--secure-port", "0", file.path,
        ])
        #expect(up.status == 1)
        #expect(up.errors.contains("not ready after 4 s: Pod late"), "\(up.errors)")
        #expect(!up.output.contains("in the background"), "\(up.output)")
        #expect(try cluster.command(["status"]).status == 3)
        try cluster.down()
        #expect(try cluster.leftovers() == [])

        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = listen(descriptor, 1)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let taken = try cluster.command(["up", "--secure-port", "\(port)", file.path])
        #expect(taken.status == 1)
        #expect(
            taken.errors
                == "Error: port \(port) on 127.0.0.1 is taken: stop what uses it or choose another with --secure-port\n"
        )
        #expect(try cluster.leftovers() == [])
    }

    private static func site(_ words: String) -> String {
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: site}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: page, namespace: site}
        data: {index.html: "\(words)\\n"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: site}
        spec:
          selector: {matchLabels: {app: web}}
          strategy: {type: Recreate}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: web
                image: aegis.local/busybox:test
                command: [httpd, -f, -p, "8080", -h, /www]
                ports: [{containerPort: 8080, hostPort: 18090}]
                readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                volumeMounts: [{name: page, mountPath: /www}]
              volumes: [{name: page, configMap: {name: page}}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: site}
        spec:
          type: LoadBalancer
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080, nodePort: 30990}]
        """
    }
}

extension Containers {
    /// Where `aegis status` says that an object is reached, `address:port`.
    func ways(to name: String) throws -> [String] {
        try poll("the ways to \(name)", within: 20) { () -> [String]? in
            let text = try command(["status", "-o", "json"]).output
            let status = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let all = status?["reachable"] as? [[String: Any]] ?? []
            let own = all.filter {
                let object = ($0["object"] as? String ?? "").split(separator: "/").last ?? ""
                return object.hasPrefix(name) && $0["answered"] as? Bool == true
            }
            let ways = own.compactMap { way -> String? in
                guard let address = way["address"] as? String, let ports = way["ports"] as? [String],
                    let port = ports.first
                else { return nil }
                return "\(address):\(port)"
            }
            return ways.count == 4 ? ways.sorted() : nil
        }
    }

    /// A pod reaches the Service by its name.
    fileprivate func answersByName(_ words: String) throws {
        let answer = try poll("\(words) by name", within: 20) { () -> String? in
            // Programs that are linked statically ask nobody but a resolver of their own.
            let script = """
                a=$(nslookup web.site.svc.cluster.local | awk '/^Address/{a=$NF} END{print a}')
                printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 $a 80 | tail -n 1
                """
            let outcome = try kubectlOutcome(
                Containers.words("-n site exec deploy/web -- sh -c") + [script], [:])
            return outcome.output.isEmpty ? nil : outcome.output
        }
        #expect(answer == words + "\n")
    }
}

/// A containerd that a test runs, set up for a cluster's network as the documentation says.
private final class OwnContainerd {
    private let folder: URL
    private let process: Int32
    /// Of no cluster.
    let stranger = "aegis-stranger-\(UInt32.random(in: 0 ... .max))"
    let socket: String

    init(for cluster: Containers) throws {
        // Not below the cluster's: it goes when the cluster has gone.
        folder = URL(fileURLWithPath: "/tmp/aegis-given-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        socket = folder.path + "/c.sock"
        let file = folder.appendingPathComponent("config.toml")
        try Data(
            """
            version = 2
            root = "\(folder.path)/root"
            state = "\(folder.path)/state"
            [grpc]
              address = "\(socket)"
            [plugins."io.containerd.grpc.v1.cri"]
              sandbox_image = "aegis.local/pause:1"
              stream_server_port = "0"
              restrict_oom_score_adj = true
              [plugins."io.containerd.grpc.v1.cri".cni]
                bin_dir = "\(cluster.data)/cni/bin"
                conf_dir = "\(cluster.data)/cni/net.d"

            """.utf8
        ).write(to: file)
        // What containers inherit stays open as long as they run, and would have us wait for them.
        let outcome = try run(
            "/bin/bash",
            [
                "-c",
                """
                for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval "exec $n>&-"; done
                setsid containerd --config \(file.path) </dev/null >\(folder.path)/log 2>&1 &
                echo $!
                """,
            ])
        process = Int32(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        try #require(process > 1)
        let socket = socket
        _ = try poll("containerd", within: 20) {
            FileManager.default.fileExists(atPath: socket) ? true : nil
        }
    }

    var isRunning: Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return false
        }
        return !text.contains(") Z ")
    }

    @discardableResult
    func ctr(_ line: String) throws -> String {
        let outcome = try run(
            "/usr/bin/ctr", ["-a", socket, "-n", "k8s.io"] + Containers.words(line))
        guard outcome.status == 0 else { throw Failed(description: outcome.output + outcome.errors) }
        return outcome.output
    }

    func stop() {
        _ = try? ctr("tasks kill -s SIGKILL \(stranger)")
        usleep(300_000)
        _ = try? ctr("tasks rm \(stranger)")
        _ = try? ctr("containers rm \(stranger)")
        kill(process, SIGTERM)
        for _ in 0..<100 where isRunning { usleep(50_000) }
        if isRunning { kill(process, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }
}
