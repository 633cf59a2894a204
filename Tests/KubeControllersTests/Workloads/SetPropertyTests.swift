import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

/// Random operations and faults; whatever happens, what the kinds promise holds at every moment, and all is
/// as asked for once the faults end.
@Suite struct SetPropertyTests {
    private struct Dice {
        let fixture: SetFixture
        func roll(_ sides: Int) -> Int { Int(fixture.cluster.random() % UInt64(sides)) }
        func pick<T>(_ items: [T]) -> T? { items.isEmpty ? nil : items[roll(items.count)] }
    }

    // MARK: StatefulSet

    @Test(arguments: 0..<8) func statefulSetsKeepOrderAndIdentity(block: Int) throws {
        for offset in 0..<105 {
            let seed = UInt64(block * 105 + offset)
            try statefulSet(seed)
        }
    }

    private func statefulSet(_ seed: UInt64) throws {
        let fixture = try SetFixture(seed: seed)
        let dice = Dice(fixture: fixture)
        let isParallel = dice.roll(3) == 0
        let start = dice.roll(2) * 3
        try fixture.statefulSet(
            replicas: dice.roll(4),
            [
                "podManagementPolicy": isParallel ? "Parallel" : "OrderedReady",
                "ordinals": ["start": .integer(Int64(start))],
                "minReadySeconds": .integer(Int64(dice.roll(2) * 2)),
                "updateStrategy": ["rollingUpdate": ["partition": .integer(Int64(dice.roll(3)))]],
            ])
        var image = 1
        var known: Set<String> = []
        for step in 0..<10 {
            switch dice.roll(8) {
            case 0:
                try fixture.cluster.patch(
                    "apps/v1", "statefulsets", "web",
                    ["spec": ["replicas": .integer(Int64(dice.roll(5)))]])
            case 1:
                image += 1
                try fixture.setImage("i:\(image)", "statefulsets", "web")
            case 2:
                if let pod = dice.pick(try fixture.pods()), pod.deletionTimestamp == nil,
                    pod.at("spec", "nodeName") != nil
                {
                    try fixture.end(pod.name, dice.roll(2) == 0 ? "Failed" : "Succeeded")
                }
            case 3:
                if let pod = dice.pick(try fixture.podNames()) { try fixture.remove(pod) }
            case 4:
                if let pod = dice.pick(try fixture.pods()), fixture.isReady(pod) {
                    try fixture.run(pod.name, ready: false)
                }
            default: try fixture.kubelet { _ in dice.roll(4) != 0 }
            }
            fixture.settle(Double(dice.roll(3)))
            try check(fixture, seed, step, isParallel, &known)
        }
        try fixture.cluster.patch(
            "apps/v1", "statefulsets", "web",
            ["spec": ["updateStrategy": ["rollingUpdate": ["partition": 0]], "replicas": 3]])
        var rounds = 0
        while rounds < 60 {
            try fixture.kubelet()
            fixture.settle(3)
            rounds += 1
            let status = try fixture.status("statefulsets", "web")
            if status["availableReplicas"] == 3, status["replicas"] == 3,
                status["currentRevision"] == status["updateRevision"], status["updatedReplicas"] == 3
            {
                break
            }
        }
        let pods = try fixture.pods()
        #expect(
            pods.map(\.name) == (start..<start + 3).map { "web-\($0)" }, "seed \(seed)")
        #expect(pods.allSatisfy { fixture.image($0) == "i:\(image)" }, "seed \(seed)")
        #expect(pods.allSatisfy(fixture.isReady), "seed \(seed)")
        let status = try fixture.status("statefulsets", "web")
        #expect(status["currentRevision"] == status["updateRevision"], "seed \(seed)")
        #expect(status["availableReplicas"] == 3, "seed \(seed)")
    }

    /// Names and labels are those of the places; in order, a pod is made only when all before it serve.
    private func check(
        _ fixture: SetFixture, _ seed: UInt64, _ step: Int, _ isParallel: Bool, _ known: inout Set<String>
    ) throws {
        let pods = try fixture.pods().sorted {
            (StatefulIdentity.parse($0.name)?.ordinal ?? -1)
                < (StatefulIdentity.parse($1.name)?.ordinal ?? -1)
        }
        var isServing = true
        let set = try fixture.set("statefulsets", "web")
        let revisions = Dictionary(
            uniqueKeysWithValues: try fixture.revisions().map {
                ($0.name, ControllerRevisions.template(in: $0).at("spec", "containers")?[0]?["image"])
            })
        for pod in pods {
            #expect(
                pod.at("metadata", "labels", StatefulIdentity.podNameLabel)?.string == pod.name,
                "seed \(seed) step \(step)")
            #expect(pod.at("spec", "hostname")?.string == pod.name, "seed \(seed) step \(step)")
            #expect(pod.ownerReferences.first?["uid"]?.string == set.uid, "seed \(seed) step \(step)")
            // Its revision is there, and is what the pod was made from.
            let revision = pod.at("metadata", "labels", StatefulIdentity.revisionLabel)?.string ?? ""
            #expect(
                revisions[revision]??.string == fixture.image(pod), "seed \(seed) step \(step) \(revision)")
            if !known.contains(pod.uid) {
                #expect(isParallel || isServing, "seed \(seed) step \(step) \(pod.name)")
            }
            if pod.deletionTimestamp != nil || !fixture.isReady(pod) { isServing = false }
        }
        known = Set(pods.map(\.uid))
    }

    // MARK: DaemonSet

    @Test(arguments: 0..<8) func daemonSetsRunOnceOnEveryNode(block: Int) throws {
        for offset in 0..<21 {
            let seed = UInt64(block * 21 + offset)
            try daemonSet(seed)
        }
    }

    private func daemonSet(_ seed: UInt64) throws {
        let fixture = try SetFixture(seed: seed)
        let dice = Dice(fixture: fixture)
        var template = SetFixture.template()
        template.set(["run": "yes"], at: "spec", "nodeSelector")
        let surges = dice.roll(2) == 0
        let limit = 1 + dice.roll(2)
        let rolling: JSON =
            surges
            ? ["maxSurge": .integer(Int64(limit)), "maxUnavailable": 0]
            : ["maxUnavailable": .integer(Int64(limit))]
        for number in 0..<4 { try fixture.node("n\(number)", labels: ["run": "yes"]) }
        try fixture.daemonSet(
            "d",
            ["template": template, "updateStrategy": ["type": "RollingUpdate", "rollingUpdate": rolling]])
        try fixture.converge(4)

        // An update without faults never goes below what it may.
        var image = 1
        for _ in 0..<(1 + dice.roll(2)) {
            image += 1
            try fixture.setImage("i:\(image)", "daemonsets", "d")
            fixture.settle()
            for step in 0..<25 {
                let pods = try fixture.pods()
                let serving = Set(
                    pods.filter { fixture.isReady($0) && $0.deletionTimestamp == nil }.compactMap {
                        $0.at("spec", "nodeName")?.string
                    })
                #expect(
                    serving.count >= 4 - (surges ? 0 : limit), "seed \(seed) step \(step) \(serving)")
                let staying = pods.filter { $0.deletionTimestamp == nil }
                #expect(staying.count <= 4 + (surges ? limit : 0), "seed \(seed) step \(step)")
                guard let pod = dice.pick(pods.filter { !fixture.isReady($0) || $0.deletionTimestamp != nil })
                else { break }
                try advance(fixture, pod)
            }
            if dice.roll(2) == 0 { try fixture.converge(15) }
        }

        // Then anything happens.
        for step in 0..<8 {
            let names = try fixture.cluster.list("v1", "nodes", in: nil).map(\.name)
            switch dice.roll(8) {
            case 0: try fixture.node("m\(step)", labels: ["run": dice.roll(2) == 0 ? "yes" : "no"])
            case 1:
                if names.count > 2, let name = dice.pick(names) {
                    try fixture.cluster.delete("v1", "nodes", name, in: "")
                }
            case 2:
                if let name = dice.pick(names) {
                    try fixture.cluster.patch(
                        "v1", "nodes", name,
                        ["metadata": ["labels": ["run": dice.roll(2) == 0 ? "yes" : "no"]]], in: "")
                }
            case 3:
                if let name = dice.pick(names) {
                    let taint: JSON = [
                        "key": "k", "effect": dice.roll(2) == 0 ? "NoSchedule" : "NoExecute",
                    ]
                    try fixture.cluster.patch(
                        "v1", "nodes", name, ["spec": ["taints": dice.roll(2) == 0 ? .null : [taint]]],
                        in: "")
                }
            case 4:
                image += 1
                try fixture.setImage("i:\(image)", "daemonsets", "d")
            case 5:
                if let pod = dice.pick(try fixture.pods()), pod.deletionTimestamp == nil {
                    try fixture.end(pod.name, dice.roll(2) == 0 ? "Failed" : "Succeeded")
                }
            default:
                if let pod = dice.pick(try fixture.pods()) { try advance(fixture, pod) }
            }
            fixture.settle(Double(dice.roll(2)))
            var served: [String: Int] = [:]
            for pod in try fixture.pods() where pod.deletionTimestamp == nil {
                served[pod.at("spec", "nodeName")?.string ?? DaemonPods.target(pod) ?? "", default: 0] += 1
            }
            for (node, count) in served {
                #expect(count <= (surges ? 2 : 1), "seed \(seed) step \(step) \(node)")
            }
        }
        for _ in 0..<40 {
            let before = fixture.cluster.registry.store.revision
            for pod in try fixture.pods() { try advance(fixture, pod) }
            // Pods of nodes that went are the pod collector's to delete.
            let nodes = Set(try fixture.cluster.list("v1", "nodes", in: nil).map(\.name))
            for pod in try fixture.pods() {
                if let node = pod.at("spec", "nodeName")?.string, !nodes.contains(node) {
                    try fixture.remove(pod.name)
                }
            }
            // Failed pods may wait for as long as half a minute.
            fixture.settle(40)
            if fixture.cluster.registry.store.revision == before { break }
        }
        let rules = DaemonNodeRules(
            template: try fixture.set("daemonsets", "d").at("spec", "template") ?? .null)
        let nodes = try fixture.cluster.list("v1", "nodes", in: nil)
        let expected = nodes.filter { rules.fit($0).shouldRun }.map(\.name)
        let tolerated = Set(nodes.filter { rules.fit($0).mayStay }.map(\.name))
        let served = try fixture.pods().compactMap { $0.at("spec", "nodeName")?.string }.sorted()
        #expect(Set(served).count == served.count, "seed \(seed) \(served)")
        #expect(Set(served).isSuperset(of: expected), "seed \(seed) \(served) \(expected)")
        #expect(tolerated.isSuperset(of: served), "seed \(seed) \(served) \(tolerated)")
        let status = try fixture.status("daemonsets", "d")
        #expect(status["desiredNumberScheduled"]?.int == expected.count, "seed \(seed)")
        #expect((status["numberAvailable"]?.int ?? 0) == expected.count, "seed \(seed) \(status)")
        #expect((status["updatedNumberScheduled"]?.int ?? 0) == expected.count, "seed \(seed) \(status)")
    }

    /// One step in the life of a pod.
    private func advance(_ fixture: SetFixture, _ pod: JSON) throws {
        guard let pod = try fixture.pod(pod.name) else { return }
        if pod.deletionTimestamp != nil {
            try fixture.remove(pod.name)
        } else if pod.at("spec", "nodeName") == nil {
            guard let node = DaemonPods.target(pod), try fixture.cluster.get("v1", "nodes", node) != nil
            else { return }
            try fixture.bind(pod.name, to: node)
            fixture.settle()
        } else if !fixture.isReady(pod), pod.at("status", "phase")?.string ?? "Pending" == "Pending" {
            try fixture.run(pod.name)
        }
    }
}
