import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Real pods while things go wrong under steady load, and an autoscaler that follows real work.
@Suite(.clients, .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft"))
struct RealFaultsTests {
    @Test func requestsGoOnThroughRollOutsAndFaults() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        func kubectl(_ line: String) throws -> String {
            try cluster.kubectl(["-n", "demo"] + Containers.words(line))
        }
        try cluster.apply(Self.web)
        _ = try kubectl("rollout status deploy/web --timeout=90s")
        let address = try kubectl("get svc web -o jsonpath={.spec.clusterIP}")
        let load = try Load("http://\(address)/")
        defer { load.stop() }
        try load.awaitMore()

        // A roll-out, forth and back: no request fails.
        for version in ["two", "one"] {
            _ = try kubectl("set env deploy/web VERSION=\(version)")
            _ = try kubectl("rollout status deploy/web --timeout=90s")
            try load.awaitMore()
        }
        #expect(load.failures == [])

        // containerd dies: it comes again, no pod notices, and new ones start.
        let before = try Self.instances(cluster)
        #expect(before.count == 3 && before.allSatisfy { $0.hasSuffix(" 0") })
        let old = try cluster.containerd()
        #expect(kill(old, SIGKILL) == 0)
        _ = try poll("another containerd", within: 30) {
            let new = try? cluster.containerd()
            return new.map { $0 != old } ?? false ? true : nil
        }
        _ = try kubectl("scale deploy/web --replicas=4")
        _ = try kubectl("rollout status deploy/web --timeout=60s")
        #expect(Set(try Self.instances(cluster)).isSuperset(of: before))
        try load.awaitMore()
        #expect(load.failures == [])
        _ = try kubectl("scale deploy/web --replicas=3")
        _ = try poll("three pods", within: 30) { try Self.instances(cluster).count == 3 ? true : nil }
        #expect(load.failures == [])

        // A pod's process dies: its container alone is started again, and says so.
        let victim = try #require(try Self.instances(cluster).first).split(separator: " ").map(String.init)
        let others = Set(try Self.instances(cluster).dropFirst())
        #expect(kill(try cluster.process(victim[1]), SIGKILL) == 0)
        _ = try poll("a restart", within: 30) {
            try Self.instances(cluster).contains { $0.hasPrefix(victim[0]) && $0.hasSuffix(" 1") }
                ? true : nil
        }
        _ = try kubectl("wait pod/\(victim[0]) --for=condition=Ready --timeout=90s")
        #expect(Set(try Self.instances(cluster)).isSuperset(of: others))
        let last = try kubectl(
            "get pod \(victim[0]) -o jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}")
        #expect(last == "137")
        let events = try kubectl("events --for pod/\(victim[0]) -o jsonpath={.items[*].reason}")
        #expect(events.split(separator: " ").filter { $0 == "Started" }.count >= 1)
    }

    @Test func theAutoscalerFollowsRealWork() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        func kubectl(_ line: String) throws -> String {
            try cluster.kubectl(["-n", "demo"] + Containers.words(line))
        }
        func replicas() throws -> String {
            try kubectl("get deploy worker -o jsonpath={.status.readyReplicas}")
        }
        func work(_ state: String) throws {
            _ = try cluster.kubectl(
                [
                    "-n", "demo", "patch", "configmap", "switch", "--type=merge", "-p",
                    #"{"data":{"work":"\#(state)"}}"#,
                ])
        }
        try cluster.apply(Self.worker)
        _ = try kubectl("rollout status deploy/worker --timeout=60s")
        try work("on")
        _ = try poll("three workers", within: 150) {
            try replicas() == "3" ? true : nil
        } or: {
            (try? kubectl("describe hpa worker")) ?? ""
        }
        // What it saw is what the pods really used: no more than their limit lets them.
        let top = try kubectl("top pods --no-headers")
        let used = top.split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropFirst().first.flatMap { Int($0.dropLast()) }
        }
        #expect(used.count >= 1 && used.allSatisfy { $0 <= 130 }, "\(top)")
        #expect(used.contains { $0 >= 60 }, "\(top)")
        try work("off")
        _ = try poll("one worker", within: 150) {
            try replicas() == "1" ? true : nil
        } or: {
            (try? kubectl("describe hpa worker")) ?? ""
        }
        let events = try kubectl("events --for hpa/worker -o jsonpath={.items[*].message}")
        #expect(events.contains("New size: 3; reason: cpu resource utilization"), "\(events)")
        #expect(events.contains("New size: 1; reason: All metrics below target"), "\(events)")
    }

    /// "POD CONTAINER-ID RESTARTS" of the web pods that are not on their way out, in order of name.
    private static func instances(_ cluster: Containers) throws -> [String] {
        let line =
            "{range .items[*]}{.metadata.name} {.status.containerStatuses[0].containerID} "
            + "{.status.containerStatuses[0].restartCount} {.metadata.deletionTimestamp}{'\\n'}{end}"
        return try cluster.kubectl(["-n", "demo", "get", "pods", "-l", "app=web", "-o", "jsonpath=\(line)"])
            .split(separator: "\n").filter { $0.hasSuffix(" ") }.map { String($0.dropLast()) }
    }

    private static let web = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: demo}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: demo}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: demo}
        spec:
          replicas: 3
          strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 10
              containers:
              - name: web
                image: aegis.local/busybox:test
                command: [sh, -c, "mkdir /www; echo page > /www/index.html; exec httpd -f -p 8080 -h /www"]
                env: [{name: VERSION, value: one}]
                readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                lifecycle: {preStop: {exec: {command: [sleep, "2"]}}}
        """

    private static let worker = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: demo}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: switch, namespace: demo}
        data: {work: "off"}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: worker, namespace: demo}
        spec:
          replicas: 1
          selector: {matchLabels: {app: worker}}
          template:
            metadata: {labels: {app: worker}}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: switch, configMap: {name: switch}}]
              containers:
              - name: worker
                image: aegis.local/busybox:test
                command:
                - sh
                - -c
                - |
                  while true; do
                    if [ "$(cat /switch/work)" = on ]; then i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done
                    else sleep 0.5; fi
                  done
                volumeMounts: [{name: switch, mountPath: /switch}]
                resources: {requests: {cpu: 50m, memory: 8Mi}, limits: {cpu: 100m}}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: worker, namespace: demo}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
          minReplicas: 1
          maxReplicas: 3
          metrics:
          - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
          behavior: {scaleDown: {stabilizationWindowSeconds: 0}}
        """
}

/// Requests one after another, in four rows, until it is stopped.
final class Load {
    private let folder = URL(fileURLWithPath: "/tmp/aegis-load-\(UInt32.random(in: 0 ... .max))")
    private var rows: [Background] = []

    init(_ url: String) throws {
        let script = """
            while true; do
                curl -sS -f -m 5 -o /dev/null \(url) 2> error && echo ok || echo "failed $(cat error)"
            done
            """
        for row in 0..<4 {
            let own = folder.appendingPathComponent("\(row)")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            rows.append(try Background("/bin/sh", ["-c", script], in: own))
        }
    }

    private var lines: [Substring] { rows.flatMap { $0.text.split(separator: "\n") } }

    var failures: [String] { lines.filter { $0 != "ok" }.map(String.init) }

    /// Until a hundred more requests have been answered.
    func awaitMore() throws {
        let before = lines.count
        _ = try poll("requests", within: 30) { lines.count >= before + 100 ? true : nil }
    }

    func stop() {
        for row in rows { row.stop(within: 1) }
        try? FileManager.default.removeItem(at: folder)
    }
}
