import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct DaemonSetTests {
    private func spec(_ fixture: SetFixture, _ patch: JSON) throws {
        try fixture.cluster.patch("apps/v1", "daemonsets", "d", ["spec": patch])
        fixture.settle()
    }

    private func targets(_ fixture: SetFixture) throws -> [String] {
        try fixture.pods().filter { $0.deletionTimestamp == nil }
            .map { $0.at("spec", "nodeName")?.string ?? DaemonPods.target($0) ?? "" }.sorted()
    }

    private func pod(_ fixture: SetFixture, on node: String) throws -> JSON? {
        try fixture.pods().first { $0.at("spec", "nodeName")?.string == node }
    }

    private func world(_ nodes: Int, _ more: JSON = [:]) throws -> SetFixture {
        let fixture = try SetFixture()
        for number in 0..<nodes { try fixture.node("n\(number)") }
        try fixture.daemonSet("d", more)
        try fixture.converge(4)
        return fixture
    }

    @Test func everyNodeGetsOne() throws {
        let fixture = try SetFixture()
        for name in ["a", "b"] { try fixture.node(name) }
        try fixture.daemonSet()
        fixture.settle()
        #expect(try targets(fixture) == ["a", "b"])
        let pod = try #require(try fixture.pods().first)
        let revision = try #require(try fixture.revisions().first)
        let hash = revision.at("metadata", "labels", "controller-revision-hash")
        #expect(revision.name == "d-" + (hash?.string ?? ""))
        #expect(
            pod.at("metadata", "labels") == [
                "app": "web", "controller-revision-hash": hash ?? .null, "pod-template-generation": "1",
            ])
        #expect(
            pod.at("spec", "tolerations")?.array?.map { $0["key"]?.string ?? "" } == [
                "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable",
                "node.kubernetes.io/disk-pressure", "node.kubernetes.io/memory-pressure",
                "node.kubernetes.io/pid-pressure", "node.kubernetes.io/unschedulable",
            ])
        try fixture.converge(3)
        #expect(
            try fixture.status("daemonsets", "d") == [
                "currentNumberScheduled": 2, "numberMisscheduled": 0, "desiredNumberScheduled": 2,
                "numberReady": 2, "observedGeneration": 1, "updatedNumberScheduled": 2,
                "numberAvailable": 2,
            ])
        #expect(
            try fixture.events("SuccessfulCreate").sorted()
                == fixture.podNames().map { "Created pod: \($0)" }.sorted())
        try fixture.node("c")
        fixture.settle()
        #expect(try targets(fixture) == ["a", "b", "c"])
        #expect(try fixture.status("daemonsets", "d")["numberUnavailable"] == 1)
    }

    @Test func nodesAreChosenByLabelsAffinityAndTaints() throws {
        let fixture = try SetFixture()
        try fixture.node("ssd", labels: ["disk": "ssd", "cores": "8"])
        try fixture.node("small", labels: ["disk": "ssd", "cores": "2"])
        try fixture.node("hdd", labels: ["disk": "hdd", "cores": "8"])
        try fixture.node(
            "tainted", labels: ["disk": "ssd", "cores": "8"],
            taints: [["key": "team", "value": "x", "effect": "NoSchedule"]])
        try fixture.node(
            "cordoned", labels: ["disk": "ssd", "cores": "8"],
            taints: [["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"]])
        var template = SetFixture.template()
        template.set(["disk": "ssd"], at: "spec", "nodeSelector")
        template.set(
            [["matchExpressions": [["key": "cores", "operator": "Gt", "values": ["4"]]]]], at: "spec",
            "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
            "nodeSelectorTerms")
        try fixture.daemonSet("d", ["template": template])
        fixture.settle()
        #expect(try targets(fixture) == ["cordoned", "ssd"])
        try fixture.converge(3)

        // A taint that only keeps new pods away leaves those that are there, but they are out of place.
        try fixture.cluster.patch(
            "v1", "nodes", "ssd",
            ["spec": ["taints": [["key": "team", "value": "x", "effect": "NoSchedule"]]]], in: "")
        fixture.settle()
        #expect(try targets(fixture) == ["cordoned", "ssd"])
        #expect(try fixture.status("daemonsets", "d")["numberMisscheduled"] == 1)
        #expect(try fixture.status("daemonsets", "d")["desiredNumberScheduled"] == 1)
        try fixture.cluster.patch(
            "v1", "nodes", "ssd",
            ["spec": ["taints": [["key": "team", "value": "x", "effect": "NoExecute"]]]], in: "")
        fixture.settle()
        #expect(try targets(fixture) == ["cordoned"])

        try fixture.cluster.patch(
            "v1", "nodes", "hdd", ["metadata": ["labels": ["disk": "ssd"]]], in: "")
        fixture.settle()
        #expect(try targets(fixture) == ["cordoned", "hdd"])
        // A template that tolerates more is on more nodes.
        try fixture.cluster.patch(
            "apps/v1", "daemonsets", "d",
            ["spec": ["template": ["spec": ["tolerations": [["key": "team", "operator": "Exists"]]]]]])
        fixture.settle()
        try fixture.converge(20)
        #expect(try targets(fixture) == ["cordoned", "hdd", "ssd", "tainted"])
    }

    @Test func podsOfAbsentNodesGo() throws {
        let fixture = try SetFixture()
        try fixture.node("a")
        try fixture.node("b")
        try fixture.daemonSet()
        fixture.settle()
        try fixture.cluster.delete("v1", "nodes", "b", in: "")
        fixture.settle()
        #expect(try targets(fixture) == ["a"])
        #expect(try fixture.status("daemonsets", "d")["desiredNumberScheduled"] == 1)
    }

    @Test func rollsWithinMaxUnavailable() throws {
        let fixture = try world(
            5, ["updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": "40%"]]])
        try fixture.setImage("i:2", "daemonsets", "d")
        fixture.settle()
        #expect(try fixture.pods().filter { $0.deletionTimestamp != nil }.count == 2)
        #expect(try fixture.status("daemonsets", "d")["updatedNumberScheduled"] == nil)
        try fixture.converge(20)
        #expect(try fixture.pods().map(fixture.image) == Array(repeating: "i:2", count: 5))
        #expect(try fixture.status("daemonsets", "d")["updatedNumberScheduled"] == 5)
        #expect(
            try fixture.pods().allSatisfy {
                $0.at("metadata", "labels", "pod-template-generation") == "2"
            })
    }

    @Test func brokenOldPodsAreReplacedAtOnce() throws {
        let fixture = try world(3)
        for pod in try fixture.pods() { try fixture.run(pod.name, ready: false) }
        try fixture.setImage("i:2", "daemonsets", "d")
        fixture.settle()
        #expect(try fixture.pods().filter { $0.deletionTimestamp != nil }.count == 3)
    }

    @Test func onDeleteWaitsForTheUser() throws {
        let fixture = try world(2, ["updateStrategy": ["type": "OnDelete"]])
        try fixture.setImage("i:2", "daemonsets", "d")
        try fixture.converge(4)
        #expect(try fixture.pods().map(fixture.image) == ["i:1", "i:1"])
        try fixture.remove(try #require(try fixture.podNames().first))
        #expect(try fixture.pods().map(fixture.image).sorted() == ["i:1", "i:2"])
    }

    @Test func surgeKeepsTheOldPodUntilTheNewOneServes() throws {
        let fixture = try world(
            3,
            [
                "updateStrategy": [
                    "type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 0],
                ], "minReadySeconds": 10,
            ])
        fixture.settle(11)
        try fixture.setImage("i:2", "daemonsets", "d")
        fixture.settle()
        #expect(try fixture.pods().count == 4)
        #expect(try fixture.pods().allSatisfy { $0.deletionTimestamp == nil })
        try fixture.kubelet()
        try fixture.kubelet()
        #expect(try fixture.pods().allSatisfy { $0.deletionTimestamp == nil })
        fixture.settle(11)
        #expect(try fixture.pods().filter { $0.deletionTimestamp != nil }.count == 1)
        for _ in 0..<12 {
            try fixture.kubelet()
            fixture.settle(11)
        }
        #expect(try fixture.pods().map(fixture.image) == ["i:2", "i:2", "i:2"])
    }

    @Test func failedPodsAreDeletedSlowerAndSlower() throws {
        let fixture = try world(1)
        // A pod that has ended goes the moment it is deleted: seen by the next one.
        var deletions: [Double] = []
        let start = fixture.cluster.now
        var last = try fixture.pods().first?.uid
        for _ in 0..<250 where deletions.count < 5 {
            for pod in try fixture.pods() {
                if pod.uid != last {
                    last = pod.uid
                    deletions.append(fixture.cluster.now.since(start))
                }
                if pod.at("spec", "nodeName") == nil {
                    try fixture.bind(pod.name, to: "n0")
                } else if pod.at("status", "phase") != "Failed" {
                    try fixture.cluster.patch(
                        "v1", "pods", pod.name, ["status": ["phase": "Failed"]], subresource: "status")
                }
            }
            fixture.settle(0.1)
        }
        #expect(deletions.count == 5)
        let gaps = zip(deletions.dropFirst(), deletions).map { $0 - $1 }
        for (index, gap) in gaps.enumerated() {
            let least = Double(UInt64(1) << UInt64(index))
            #expect(gap >= least - 0.2 && gap < least + 1, "\(gaps)")
        }
        let message = try #require(try fixture.events("FailedDaemonPod").first)
        #expect(message.hasPrefix("Found failed daemon pod default/d-"))
        #expect(message.hasSuffix(" on node n0, will try to kill it"))
    }

    @Test func extraPodsGo() throws {
        let fixture = try world(1)
        let first = try #require(try fixture.podNames().first)
        fixture.settle(2)
        var extra = try #require(try fixture.pod(first))
        extra["metadata"] = ["name": "zz", "labels": extra.at("metadata", "labels") ?? .null]
        extra.removeValue(forKey: "status")
        try fixture.cluster.create("v1", "pods", extra)
        fixture.settle()
        // Adopted, and then one too many.
        #expect(try targets(fixture) == ["n0"])
        #expect(try fixture.pod(first)?.deletionTimestamp == nil)
    }

    @Test func equalRevisionsBecomeOne() throws {
        let fixture = try world(1)
        try fixture.setImage("i:2", "daemonsets", "d")
        try fixture.converge(5)
        let revisions = try fixture.revisions()
        #expect(revisions.map { $0["revision"]?.int } == [1, 2])
        var twin = revisions[1]
        twin["metadata"] = [
            "name": "d-twin", "labels": ["app": "web", "controller-revision-hash": "twin"],
        ]
        twin["revision"] = 3
        try fixture.cluster.create("apps/v1", "controllerrevisions", twin)
        // A foreign object is noticed at the next change.
        try spec(fixture, ["minReadySeconds": 1])
        fixture.settle(3)
        #expect(try fixture.revisions().map(\.name) == [revisions[0].name, "d-twin"])
        #expect(
            try fixture.pods().allSatisfy {
                $0.at("metadata", "labels", "controller-revision-hash") == "twin"
            })
        // Back to the first template: it becomes the newest, no third one is made.
        try fixture.setImage("i:1", "daemonsets", "d")
        try fixture.converge(5)
        #expect(try fixture.revisions().map(\.name) == ["d-twin", revisions[0].name])
        #expect(try fixture.revisions().map { $0["revision"]?.int } == [3, 4])
    }

    @Test func historyIsCut() throws {
        let fixture = try world(1, ["revisionHistoryLimit": 1])
        for version in 2...5 {
            try fixture.setImage("i:\(version)", "daemonsets", "d")
            try fixture.converge(5)
        }
        #expect(try fixture.revisions().map { $0["revision"]?.int } == [4, 5])
    }

    @Test func takenNameCountsAsCollision() throws {
        let fixture = try world(1)
        let data = ControllerRevisions.data(
            of: try #require(try fixture.set("daemonsets", "d").at("spec", "template")))
        var next = data
        next.set(
            .array([
                {
                    var container = data.at("spec", "template", "spec", "containers")?[0] ?? [:]
                    container["image"] = "i:2"
                    return container
                }()
            ]), at: "spec", "template", "spec", "containers")
        let name = "d-" + ControllerRevisions.hash(next, collisions: 0)
        try fixture.cluster.create(
            "apps/v1", "controllerrevisions",
            ["metadata": ["name": .string(name)], "data": ["other": true], "revision": 1])
        try fixture.setImage("i:2", "daemonsets", "d")
        try fixture.converge(5)
        #expect(try fixture.status("daemonsets", "d")["collisionCount"] == 1)
        #expect(try fixture.pods().map(fixture.image) == ["i:2"])
    }
}
