import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RealPodsTests {
    /// UDP has no end of a connection: who goes on asking from one port is led to another pod when the first is
    /// gone, and a balancer hears from each node what it has.
    @Test func datagramsAndBalancersFindThePodsThatAreThere() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        func kubectl(_ line: String) throws -> String {
            try cluster.kubectl(Containers.words("-n udp " + line))
        }
        try cluster.apply(Self.datagrams)
        _ = try kubectl("wait pod --all --for=condition=Ready --timeout=60s")
        let address = try kubectl("get svc echo -o jsonpath={.spec.clusterIP}")
        let asker = try Asker(address, 9000)
        let first = try poll("an answer", within: 20) { try asker.ask() }
        #expect(first == "one\n")

        // The same port asks, so the kernel would go on with what it has begun.
        _ = try cluster.kubectl([
            "-n", "udp", "patch", "svc", "echo", "-p", #"{"spec":{"selector":{"app":"two"}}}"#,
        ])
        _ = try kubectl("delete pod one --timeout=60s")
        let next = try poll("an answer of the other", within: 60) { () -> String? in
            let answer = try asker.ask()
            return answer == "two\n" ? answer : nil
        }
        #expect(next == "two\n")

        let port = try kubectl("get svc kept -o jsonpath={.spec.healthCheckNodePort}")
        let own = try kubectl("get pod two -o jsonpath={.status.hostIP}")
        let nodes = try cluster.kubectl([
            "get", "nodes", "-o", "jsonpath={.items[*].status.addresses[?(@.type=='InternalIP')].address}",
        ]).split(separator: " ").map(String.init)
        #expect(nodes.count == 3)
        for node in nodes {
            let count = node == own ? 1 : 0
            _ = try poll("\(count) at \(node)", within: 20) {
                let text = try run(
                    "/usr/bin/curl",
                    ["-s", "-m", "5", "-w", " %{http_code}", "http://\(node):\(port)/healthz"]
                ).output
                return text.contains("\"localEndpoints\": \(count),")
                    && text.hasSuffix(count == 1 ? "200" : "503")
                    ? true : nil
            }
        }
        _ = try kubectl("delete svc kept")
        _ = try poll("silence", within: 60) {
            try cluster.fetch("http://\(own):\(port)/healthz").isEmpty ? true : nil
        }
        // Each node's own pod answers at its node's port.
        try cluster.apply(Self.agents)
        _ = try kubectl("rollout status ds/agents --timeout=60s")
        let agents = try kubectl(
            "get pod -l app=agents -o jsonpath={range.items[*]}{.status.hostIP}/{.metadata.name},{end}")
        #expect(agents.split(separator: ",").count == 3)
        for agent in agents.split(separator: ",") {
            let parts = agent.split(separator: "/")
            _ = try poll("\(agent)", within: 60) {
                try cluster.fetch("http://\(parts[0]):18099/") == parts[1] + "\n" ? true : nil
            }
        }
        try cluster.down()
        #expect(try cluster.leftovers() == [])
    }

    private static let agents = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agents, namespace: udp}
        spec:
          selector: {matchLabels: {app: agents}}
          template:
            metadata: {labels: {app: agents}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: c
                image: aegis.local/busybox:test
                command: [sh, -c, 'mkdir /web; hostname > /web/index.html; exec httpd -f -p 8080 -h /web']
                ports: [{containerPort: 8080, hostPort: 18099}]
        """

    private static let datagrams: String = {
        let pods = ["one", "two"].map { name in
            """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: udp, labels: {app: \(name)}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: c
                image: aegis.local/busybox:test
                command:
                - /usr/bin/python3
                - -c
                - |
                  import socket
                  s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                  s.bind(("", 9000))
                  while True: s.sendto(b"\(name)\\n", s.recvfrom(9)[1])
                volumeMounts:
                - {name: usr, mountPath: /usr, readOnly: true}
                - {name: lib, mountPath: /lib, readOnly: true}
                - {name: lib64, mountPath: /lib64, readOnly: true}
              volumes:
              # The image has nothing that takes datagrams; the machine does.
              - {name: usr, hostPath: {path: /usr}}
              - {name: lib, hostPath: {path: /usr/lib}}
              - {name: lib64, hostPath: {path: /usr/lib64}}

            """
        }
        return """
            {apiVersion: v1, kind: Namespace, metadata: {name: udp}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: echo, namespace: udp}
            spec: {selector: {app: one}, ports: [{port: 9000, protocol: UDP}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: kept, namespace: udp}
            spec:
              type: LoadBalancer
              externalTrafficPolicy: Local
              selector: {app: two}
              ports: [{port: 80}]

            """ + pods.joined()
    }()
}

/// Asks by datagrams, always from the same port.
private final class Asker {
    private let descriptor: Int32

    init(_ address: String, _ port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failed(description: "no socket") }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &target.sin_addr)
        let isConnected = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failed(description: "no way to \(address)") }
        var limit = timeval(tv_sec: 0, tv_usec: 300_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    deinit { close(descriptor) }

    /// - Returns: nil when nothing comes soon.
    func ask() throws -> String? {
        _ = send(descriptor, "?", 1, 0)
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
