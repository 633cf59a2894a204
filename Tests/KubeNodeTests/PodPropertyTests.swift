import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

/// What holds of pods whatever happens to them.
@Suite struct PodPropertyTests {
    private struct Random {
        var hash: SeededHash
        var count = 0
        init(_ seed: Int) { hash = SeededHash(UInt64(seed)).with("test") }
        mutating func below(_ limit: Int) -> Int {
            count += 1
            return Int(hash.with(count).bits % UInt64(limit))
        }
        mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
    }

    private static func makePod(_ name: String, _ random: inout Random, _ world: NodeWorld) throws {
        var annotations: JSONObject = [:]
        let words: [(String, [String])] = [
            ("pull-seconds", ["1", "7"]), ("pull-error", ["no such image"]),
            ("pull-error-times", ["1", "3"]),
            ("start-seconds", ["2"]), ("started-after", ["3", "50"]), ("ready-after", ["4", "30"]),
            ("not-ready", ["20-40", "5-9,50-80"]), ("live-for", ["12", "45"]),
            ("exit-after", ["0", "3,1", "20", "9,42"]), ("exit-times", ["1", "2"]), ("oom-after", ["8"]),
            ("crash-probability", ["0.5"]), ("stop-seconds", ["1", "12", "90"]), ("stop-code", ["143"]),
            ("post-start-error", ["hook broke"]), ("pre-stop-error", ["hook broke"]),
            ("pre-stop-seconds", ["2", "50"]), ("exit-after.i", ["2", "1,1"]), ("exit-after.s", ["30,1"]),
        ]
        for _ in 0..<random.below(5) {
            let (key, values) = random.pick(words)
            annotations[key] = .string(random.pick(values))
        }
        func probe(_ random: inout Random) -> JSON {
            [
                "tcpSocket": ["port": 1], "periodSeconds": .integer(Int64(1 + random.below(10))),
                "initialDelaySeconds": .integer(Int64(random.below(4))),
                "failureThreshold": .integer(Int64(1 + random.below(4))),
            ]
        }
        var container: JSONObject = [:]
        for kind in ["startupProbe", "livenessProbe", "readinessProbe"] where random.below(3) == 0 {
            container[kind] = probe(&random)
        }
        if random.below(3) == 0 {
            let sleep: JSON = ["exec": ["command": ["true"]]]
            container["lifecycle"] = random.below(2) == 0 ? ["preStop": sleep] : ["postStart": sleep]
        }
        if random.below(5) == 0 {
            container["env"] = [
                [
                    "name": "A",
                    "valueFrom": [
                        "configMapKeyRef": ["name": .string(random.pick(["m1", "m2"])), "key": "k"]
                    ],
                ]
            ]
        }
        container["resources"] = ["requests": ["cpu": .string(random.pick(["100m", "700m", "1"]))]]
        var spec: JSONObject = [
            "restartPolicy": .string(random.pick(["Always", "OnFailure", "Never"])),
            "terminationGracePeriodSeconds": .integer(Int64(random.pick([0, 5, 30]))),
        ]
        if random.below(4) == 0 { spec["activeDeadlineSeconds"] = .integer(Int64(10 + random.below(60))) }
        var initial: [JSON] = []
        if random.below(3) == 0 { initial.append(["name": "i", "image": "i:1"]) }
        if random.below(3) == 0 {
            initial.append(["name": "s", "image": "s:1", "restartPolicy": "Always"])
        }
        if !initial.isEmpty { spec["initContainers"] = .array(initial) }
        if random.below(5) == 0 {
            spec["volumes"] = [["name": "v", "secret": ["secretName": .string(random.pick(["s1", "s2"]))]]]
        }
        try world.pod(
            name, on: random.pick(["n1", "n2"]), annotations: annotations, container: container, spec: spec)
    }

    private static func statuses(_ pod: JSON) -> [JSON] {
        ["initContainerStatuses", "containerStatuses"].flatMap { pod["status"]?[$0]?.array ?? [] }
    }

    /// What must hold of the cluster, and of each pod against what it was before.
    private static func check(_ pods: [JSON], _ before: [String: JSON], _ context: String) {
        var addresses: Set<String> = []
        var cpu: [String: Int64] = [:]
        for pod in pods {
            let context = "\(context) pod \(pod.name)"
            let status = pod["status"] ?? .null
            let phase = status["phase"]?.string ?? ""
            let isOver = phase == "Succeeded" || phase == "Failed"
            let ready = status["conditions"]?.array?.first { $0["type"] == "Ready" }?["status"] == "True"
            let main = status["containerStatuses"]?.array ?? []
            if ready {
                #expect(phase == "Running", "\(context)")
                #expect(
                    main.allSatisfy { $0["ready"] == true && $0["state"]?["running"] != nil }, "\(context)")
            }
            for entry in statuses(pod) {
                #expect(entry["state"]?.object?.count == 1, "\(context) \(entry)")
                if isOver { #expect(entry["state"]?["running"] == nil, "\(context) \(entry)") }
                if let ended = entry["state"]?["terminated"], let start = ended["startedAt"]?.string,
                    let end = ended["finishedAt"]?.string
                {
                    #expect(start <= end, "\(context) \(ended)")
                }
            }
            if phase == "Succeeded" {
                #expect(
                    main.allSatisfy { $0["state"]?["terminated"]?["exitCode"] == 0 },
                    "\(context) \(main)")
            }
            if !isOver, status["startTime"] != nil {
                if let address = status["podIP"]?.string {
                    #expect(addresses.insert(address).inserted, "\(context): \(address) twice")
                }
                let text = pod["spec"]?["containers"]?[0]?["resources"]?["requests"]?["cpu"]?.string ?? ""
                cpu[pod["spec"]?["nodeName"]?.string ?? "", default: 0] += Quantity(text)?.milliValue ?? 0
            }
            guard let old = before[pod.uid] else { continue }
            let last = old["status"]?["phase"]?.string ?? ""
            if last == "Succeeded" || last == "Failed" { #expect(phase == last, "\(context)") }
            if last == "Running" { #expect(phase != "Pending", "\(context)") }
            for (mine, theirs) in zip(statuses(old), statuses(pod)) {
                #expect(
                    mine["restartCount"]?.int ?? 0 <= theirs["restartCount"]?.int ?? 0,
                    "\(context) \(mine) \(theirs)")
            }
        }
        for (node, sum) in cpu { #expect(sum <= 4_000, "\(context) node \(node)") }
    }

    private static func run(_ seed: Int, checks: Bool) throws -> String {
        var random = Random(seed)
        let world = try NodeWorld(
            seed: UInt64(seed), nodes: ["n1", "n2"], report: { Issue.record("seed \(seed): \($0)") })
        var before: [String: JSON] = [:]
        for round in 0..<12 {
            switch random.below(10) {
            case 0..<4: try makePod("p\(round)", &random, world)
            case 4:
                let name = random.pick(["m1", "m2"])
                _ = try? world.cluster.create(
                    "v1", "configmaps", ["metadata": ["name": .string(name)], "data": ["k": "v"]])
            case 5:
                let name = random.pick(["s1", "s2"])
                _ = try? world.cluster.create("v1", "secrets", ["metadata": ["name": .string(name)]])
            case 6, 7:
                let pods = try world.cluster.list("v1", "pods")
                if pods.isEmpty { break }
                let grace = random.pick([nil, 0, 3])
                try world.cluster.delete(
                    "v1", "pods", random.pick(pods).name, gracePeriodSeconds: grace)
            default: break
            }
            world.run(random.pick([0, 0.5, 1, 7, 40]))
            let pods = try world.cluster.list("v1", "pods")
            if checks { check(pods, before, "seed \(seed) round \(round)") }
            for pod in pods { before[pod.uid] = pod }
        }
        let text = try JSONWriter.string(.array(world.cluster.list("v1", "pods")))
        for pod in try world.cluster.list("v1", "pods") where pod.deletionTimestamp == nil {
            try world.cluster.delete("v1", "pods", pod.name)
        }
        world.run(35)
        let left = try world.cluster.list("v1", "pods").map(\.name)
        if checks { #expect(left == [], "seed \(seed)") }
        // Nothing is held any more: a pod that takes the whole node comes in.
        try world.pod("whole", container: ["resources": ["requests": ["cpu": "4"]]])
        world.run(0)
        if checks { #expect(try world.phase("whole") == "Running", "seed \(seed)") }
        return text
    }

    @Test func everyPodKeepsToTheRules() throws {
        for seed in 1...80 { _ = try Self.run(seed, checks: true) }
    }

    @Test func theSameSeedGivesTheSamePods() throws {
        for seed in 200..<210 {
            #expect(try Self.run(seed, checks: false) == Self.run(seed, checks: false), "seed \(seed)")
        }
    }

    /// A node agent that begins anew takes its pods up where they are.
    @Test func aRestartedAgentChangesNothing() throws {
        for seed in 300..<330 {
            var random = Random(seed)
            let world = try NodeWorld(seed: UInt64(seed), nodes: ["n1", "n2"])
            for index in 0..<4 { try Self.makePod("p\(index)", &random, world) }
            world.run(300)
            let before = try world.cluster.list("v1", "pods")
            var options = NodeAgents.Options()
            options.seed = UInt64(seed)
            let loop = try ControllerLoop([NodeAgents.hollow(options)], registry: world.cluster.registry)
            loop.pump(now: world.cluster.now)
            for (old, new) in zip(before, try world.cluster.list("v1", "pods")) {
                let context = "seed \(seed) pod \(old.name)"
                #expect(old["status"]?["phase"] == new["status"]?["phase"], "\(context)")
                for (mine, theirs) in zip(Self.statuses(old), Self.statuses(new)) {
                    if mine["state"]?["running"] != nil {
                        #expect(mine == theirs, "\(context)")
                    } else {
                        #expect(mine["state"]?["terminated"] == theirs["state"]?["terminated"], "\(context)")
                    }
                }
            }
        }
    }
}
