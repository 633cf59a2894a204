import Foundation
import Testing

extension RealPodsTests {
    /// `aegis down` lets pods end by themselves, also those of an `aegis up` that was killed, and says how what
    /// it takes down was reached.
    @Test func podsAreAskedToEndBeforeTheyGo() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        let folder = cluster.data + "/ends"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try cluster.apply(Self.endings(folder))
        _ = try cluster.kubectl(
            Containers.words("-n ends wait pod --all --for=condition=Ready --timeout=90s"))

        // Who asks is told how to reach what runs.
        let way = try poll("the way to the Service", within: 60) { () -> String? in
            let lines = try cluster.command(["status"]).output.split(separator: "\n")
            return lines.first { $0.contains("ends/front") && $0.hasSuffix("LoadBalancer") }.map(String.init)
        }
        let address = try #require(way.split(separator: " ").dropFirst().first)
        #expect(try cluster.fetch("http://\(address)/").contains("404"))
        let status = try cluster.command(["status", "-o", "json"]).output
        for type in ["LoadBalancer", "NodePort", "ClusterIP", "hostPort"] {
            #expect(status.contains("\"type\":\"\(type)\""), "\(status)")
        }

        // As after a crash: nobody but the containers themselves knows what they want.
        cluster.kill()
        let down = try cluster.command(["down", "--grace", "20"])
        #expect(down.status == 0, "\(down.output)\(down.errors)")
        #expect(down.output.contains("ending 4 pods, within 20 s at most"))
        func said(_ pod: String) throws -> String {
            try String(contentsOfFile: "\(folder)/\(pod)", encoding: .utf8)
        }
        // The hook, then the signal; a sidecar when the other has ended.
        #expect(try said("careful") == "hook\nsignal\nended\nsidecar\n")
        // Names are answered until the last pod has ended.
        #expect(try said("quick") == "signal\nfound\n")
        // One that does not listen is killed after its own time, not after everybody's.
        #expect(try said("deaf") == "")
        #expect(try cluster.leftovers() == [])

        // The next start has them again; without grace nobody is asked.
        try cluster.start()
        _ = try cluster.kubectl(
            Containers.words("-n ends wait pod --all --for=condition=Ready --timeout=90s"))
        #expect(try cluster.command(["down", "--grace", "0"]).status == 0)
        #expect(try said("careful") == "hook\nsignal\nended\nsidecar\n")
        #expect(try cluster.leftovers() == [])
    }

    private static func endings(_ folder: String) -> String {
        func pod(_ name: String, grace: Int, _ command: String, more: String = "", inits: String = "[]")
            -> String
        {
            """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: ends, labels: {app: \(name)}}
            spec:
              terminationGracePeriodSeconds: \(grace)
              initContainers: \(inits)
              containers:
              - name: c
                image: aegis.local/busybox:test
                command: [sh, -c, '\(command)']
                volumeMounts: [{name: out, mountPath: /out}]
            \(more)
              volumes: [{name: out, hostPath: {path: \(folder)}}]

            """
        }
        func waits(_ words: String) -> String {
            "trap \"\(words); exit 0\" TERM; while :; do sleep 0.1; done"
        }
        return "{apiVersion: v1, kind: Namespace, metadata: {name: ends}}\n"
            + pod(
                "careful", grace: 15,
                waits("echo signal >> /out/careful; sleep 2; echo ended >> /out/careful"),
                more:
                    "    lifecycle: {preStop: {exec: {command: [sh, -c, \"sleep 1; echo hook >> /out/careful\"]}}}",
                inits: """
                    [{name: s, image: "aegis.local/busybox:test", restartPolicy: Always, command: [sh, -c, '\(waits("echo sidecar >> /out/careful"))'], volumeMounts: [{name: out, mountPath: /out}]}]
                    """)
            + pod(
                "quick", grace: 10,
                waits(
                    "echo signal >> /out/quick; "
                        + "nslookup front.ends.svc.cluster.local >/dev/null && echo found >> /out/quick"))
            + pod("deaf", grace: 2, "trap \"\" TERM; : > /out/deaf; while :; do sleep 0.1; done")
            + pod(
                "front", grace: 1, "exec httpd -f -p 8080 -h /out",
                more: "    ports: [{containerPort: 8080, hostPort: 18080}]")
                + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: front, namespace: ends}
                spec: {type: LoadBalancer, selector: {app: front}, ports: [{port: 80, targetPort: 8080}]}
                """
    }
}
