import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct StatefulSetTests {
    private func spec(_ fixture: SetFixture, _ patch: JSON) throws {
        try fixture.cluster.patch("apps/v1", "statefulsets", "web", ["spec": patch])
        fixture.settle()
    }

    @Test func podsAreMadeInOrder() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet()
        fixture.settle()
        #expect(try fixture.podNames() == ["web-0"])
        let pod = try #require(try fixture.pod("web-0"))
        let revision = try #require(try fixture.revisions().first)
        #expect(pod.at("spec", "hostname") == "web-0")
        #expect(pod.at("spec", "subdomain") == "svc")
        #expect(
            pod.at("metadata", "labels") == [
                "app": "web", "statefulset.kubernetes.io/pod-name": "web-0",
                "apps.kubernetes.io/pod-index": "0", "controller-revision-hash": .string(revision.name),
            ])
        #expect(pod.ownerReferences.first?["controller"] == true)

        try fixture.run("web-0", ready: false)
        #expect(try fixture.podNames() == ["web-0"])
        try fixture.run("web-0")
        #expect(try fixture.podNames() == ["web-0", "web-1"])
        try fixture.run("web-1")
        // A predecessor that fails holds up its successors.
        try fixture.run("web-0", ready: false)
        try fixture.remove("web-2")
        #expect(try fixture.podNames() == ["web-0", "web-1"])
        try fixture.run("web-0")
        try fixture.run("web-2")
        let status = try fixture.status("statefulsets", "web")
        let name = JSON.string(revision.name)
        #expect(
            status == [
                "observedGeneration": 1, "replicas": 3, "readyReplicas": 3, "currentReplicas": 3,
                "updatedReplicas": 3, "currentRevision": name, "updateRevision": name,
                "collisionCount": 0, "availableReplicas": 3,
            ])
        #expect(
            try fixture.events("SuccessfulCreate").contains("create Pod web-1 in StatefulSet web successful"))
    }

    @Test func revisionIsWhatKubectlRollsBackTo() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 1)
        fixture.settle()
        try fixture.setImage("i:2", "statefulsets", "web")
        fixture.settle()
        var revisions = try fixture.revisions()
        #expect(revisions.map { $0["revision"]?.int } == [1, 2])
        let first = revisions[0]
        #expect(first.at("data", "spec", "template", "$patch") == "replace")
        #expect(first.at("metadata", "annotations", "note") == "mine")
        let hash = first.at("metadata", "labels", "controller.kubernetes.io/hash")?.string ?? ""
        #expect(first.name == "web-" + hash)
        #expect(first.at("metadata", "labels", "app") == "web")
        #expect(
            JSONWriter.string(first["data"] ?? .null).hasPrefix(
                #"{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"web"}},"spec":{"#))
        // The same template again is the same revision with the newest number.
        try fixture.setImage("i:1", "statefulsets", "web")
        fixture.settle()
        revisions = try fixture.revisions()
        #expect(revisions.map(\.name).last == first.name)
        #expect(revisions.map { $0["revision"]?.int } == [2, 3])
    }

    @Test func hashIsUpstreams() {
        // FNV-1 of the text and of "0", its decimal digits spelt without vowels.
        let hash = ControllerRevisions.hash(["a": "<&>"], collisions: 0)
        var expected: UInt32 = 2_166_136_261
        for byte in Array(#"{"a":"\u003c\u0026\u003e"}0"#.utf8) {
            expected = (expected &* 16_777_619) ^ UInt32(byte)
        }
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        #expect(hash == String(String(expected).utf8.map { letters[Int($0) % 27] }))
    }

    @Test func takenNameCountsAsCollision() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 0)
        fixture.settle()
        let revision = try #require(try fixture.revisions().first)
        try fixture.cluster.delete("apps/v1", "statefulsets", "web", policy: "Background")
        fixture.settle(5)
        #expect(try fixture.revisions().isEmpty)
        try fixture.cluster.create(
            "apps/v1", "controllerrevisions",
            [
                "metadata": ["name": .string(revision.name)], "data": ["other": true], "revision": 1,
            ])
        try fixture.statefulSet(replicas: 0)
        fixture.settle()
        let status = try fixture.status("statefulsets", "web")
        #expect(status["collisionCount"] == 1)
        #expect(status["updateRevision"]?.string != revision.name)
        #expect(try fixture.revisions().count == 2)
    }

    @Test func historyIsCut() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 1, ["revisionHistoryLimit": 2])
        fixture.settle()
        for version in 2...7 {
            try fixture.setImage("i:\(version)", "statefulsets", "web")
            try fixture.converge(5)
        }
        #expect(try fixture.revisions().map { $0["revision"]?.int } == [5, 6, 7])
    }

    @Test func parallelStartsAndOrdinalsBeginWhereToldTo() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(
            replicas: 3, ["podManagementPolicy": "Parallel", "ordinals": ["start": 5]])
        fixture.settle()
        #expect(try fixture.podNames() == ["web-5", "web-6", "web-7"])
        #expect(
            try fixture.pod("web-6")?.at("metadata", "labels", "apps.kubernetes.io/pod-index") == "6")
        try spec(fixture, ["ordinals": ["start": 6], "replicas": 1])
        #expect(try fixture.podNames() == ["web-6"])
    }

    @Test func scalesDownFromTheTop() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet()
        try fixture.converge(12)
        try spec(fixture, ["replicas": 1])
        let going = try fixture.pods().filter { $0.deletionTimestamp != nil }.map(\.name)
        #expect(going == ["web-2"])
        #expect(
            try fixture.events("SuccessfulDelete") == ["delete Pod web-2 in StatefulSet web successful"])
        try fixture.remove("web-2")
        #expect(try fixture.pods().filter { $0.deletionTimestamp != nil }.map(\.name) == ["web-1"])
    }

    @Test func rollsFromTheTopOneAtATime() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet()
        try fixture.converge(12)
        let first = try #require(try fixture.status("statefulsets", "web")["currentRevision"])
        try fixture.setImage("i:2", "statefulsets", "web")
        fixture.settle()
        #expect(try fixture.pods().filter { $0.deletionTimestamp != nil }.map(\.name) == ["web-2"])
        try fixture.remove("web-2")
        #expect(try fixture.pods().map(fixture.image) == ["i:1", "i:1", "i:2"])
        let status = try fixture.status("statefulsets", "web")
        #expect(status["currentRevision"] == first)
        #expect(status["updateRevision"] != first)
        #expect(status["currentReplicas"] == 2)
        #expect(status["updatedReplicas"] == 1)
        try fixture.run("web-2", ready: false)
        #expect(try fixture.pods().allSatisfy { $0.deletionTimestamp == nil })
        try fixture.converge(20)
        #expect(try fixture.pods().map(fixture.image) == ["i:2", "i:2", "i:2"])
        let end = try fixture.status("statefulsets", "web")
        #expect(end["currentRevision"] == end["updateRevision"])
    }

    @Test func maxUnavailableIsNotTakenIn() throws {
        let fixture = try SetFixture()
        let set = try fixture.statefulSet(
            replicas: 3, ["updateStrategy": ["rollingUpdate": ["maxUnavailable": 2]]])
        #expect(set.at("spec", "updateStrategy", "rollingUpdate") == ["partition": 0])
        try fixture.converge(12)
        try fixture.setImage("i:2", "statefulsets", "web")
        try spec(fixture, ["updateStrategy": ["rollingUpdate": ["maxUnavailable": "50%"]]])
        #expect(
            try fixture.set("statefulsets", "web").at("spec", "updateStrategy", "rollingUpdate")
                == ["partition": 0])
        #expect(try fixture.pods().filter { $0.deletionTimestamp != nil }.count == 1)
    }

    @Test func partitionKeepsTheFirstOnes() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(
            replicas: 3, ["updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["partition": 2]]])
        try fixture.converge(12)
        try fixture.setImage("i:2", "statefulsets", "web")
        try fixture.converge(12)
        #expect(try fixture.pods().map(fixture.image) == ["i:1", "i:1", "i:2"])
        // One below the partition comes back as it was.
        try fixture.remove("web-0")
        #expect(try fixture.pods().map(fixture.image) == ["i:1", "i:1", "i:2"])
        try fixture.converge(5)
        try spec(fixture, ["updateStrategy": ["rollingUpdate": ["partition": 0]]])
        try fixture.converge(20)
        #expect(try fixture.pods().map(fixture.image) == ["i:2", "i:2", "i:2"])
    }

    @Test func onDeleteWaitsForTheUser() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 2, ["updateStrategy": ["type": "OnDelete"]])
        try fixture.converge(10)
        try fixture.setImage("i:2", "statefulsets", "web")
        try fixture.converge(5)
        #expect(try fixture.pods().map(fixture.image) == ["i:1", "i:1"])
        try fixture.remove("web-0")
        #expect(try fixture.pods().map(fixture.image) == ["i:2", "i:1"])
    }

    @Test func brokenRolloutWaitsUnlessParallel() throws {
        for isParallel in [false, true] {
            let fixture = try SetFixture()
            try fixture.statefulSet(
                replicas: 2, isParallel ? ["podManagementPolicy": "Parallel"] : [:])
            for _ in 0..<4 { try fixture.kubelet { _ in false } }
            try fixture.setImage("i:2", "statefulsets", "web")
            for _ in 0..<6 { try fixture.kubelet { _ in false } }
            let images = try fixture.pods().map(fixture.image)
            #expect(images == (isParallel ? ["i:1", "i:2"] : ["i:1"]))
            if isParallel { continue }
            try fixture.remove("web-0")
            #expect(try fixture.pods().map(fixture.image) == ["i:2"])
        }
    }

    @Test func endedPodsAreMadeAnew() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 2)
        try fixture.converge(10)
        let uid = try fixture.pod("web-0")?.uid
        for phase in ["Failed", "Succeeded"] {
            try fixture.end("web-0", phase)
            try fixture.converge(5)
            let pod = try #require(try fixture.pod("web-0"))
            #expect(pod.uid != uid)
            #expect(fixture.isReady(pod))
        }
    }

    @Test func minReadySecondsHoldUp() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 2, ["minReadySeconds": 30])
        fixture.settle()
        try fixture.run("web-0")
        fixture.settle(20)
        #expect(try fixture.podNames() == ["web-0"])
        #expect(try fixture.status("statefulsets", "web")["availableReplicas"] == 0)
        fixture.settle(12)
        #expect(try fixture.podNames() == ["web-0", "web-1"])
        #expect(try fixture.status("statefulsets", "web")["availableReplicas"] == 1)
    }

    @Test func orphansOfTheRightNameAreAdopted() throws {
        let fixture = try SetFixture()
        for name in ["web-0", "other-0"] {
            try fixture.cluster.create(
                "v1", "pods",
                [
                    "metadata": ["name": .string(name), "labels": ["app": "web"]],
                    "spec": ["containers": [["name": "c", "image": "i"]]],
                ])
        }
        try fixture.statefulSet(replicas: 1)
        fixture.settle()
        try fixture.run("web-0")
        #expect(try fixture.pod("web-0")?.ownerReferences.count == 1)
        #expect(try fixture.pod("other-0")?.ownerReferences == [])
        #expect(
            try fixture.pod("web-0")?.at("metadata", "labels", "statefulset.kubernetes.io/pod-name")
                == "web-0")
        #expect(
            try fixture.events("SuccessfulUpdate") == ["update Pod web-0 in StatefulSet web successful"])
    }

    @Test func refusedPodsAreSaid() throws {
        let fixture = try SetFixture()
        try fixture.cluster.create(
            "v1", "resourcequotas", ["metadata": ["name": "q"], "spec": ["hard": ["pods": "0"]]])
        try fixture.cluster.patch(
            "v1", "resourcequotas", "q", ["status": ["hard": ["pods": "0"], "used": ["pods": "0"]]],
            subresource: "status")
        try fixture.statefulSet()
        fixture.settle()
        let message = try #require(try fixture.events("FailedCreate").first)
        #expect(
            message.hasPrefix("create Pod web-0 in StatefulSet web failed error: pods \"web-0\" is forbid"))
        #expect(try fixture.status("statefulsets", "web")["observedGeneration"] == 1)
    }

    /// The name is another's pod until that goes.
    @Test func takenPodNameIsWaitedFor() throws {
        let fixture = try SetFixture()
        try fixture.cluster.create(
            "v1", "pods",
            [
                "metadata": ["name": "web-0", "labels": ["app": "other"]],
                "spec": ["containers": [["name": "c", "image": "i"]]],
            ])
        try fixture.statefulSet(replicas: 1)
        fixture.settle()
        #expect(try fixture.pod("web-0")?.ownerReferences == [])
        try fixture.remove("web-0")
        #expect(try fixture.pod("web-0")?.ownerReferences.first?["name"] == "web")
    }

    // MARK: Claims

    private func claimed(_ whenDeleted: String, _ whenScaled: String) -> JSON {
        [
            "volumeClaimTemplates": [
                [
                    "metadata": ["name": "data", "labels": ["tier": "disk"]],
                    "spec": [
                        "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                    ],
                ]
            ],
            "persistentVolumeClaimRetentionPolicy": [
                "whenDeleted": .string(whenDeleted), "whenScaled": .string(whenScaled),
            ],
        ]
    }

    private func claims(_ fixture: SetFixture) throws -> [JSON] {
        try fixture.cluster.list("v1", "persistentvolumeclaims")
    }

    @Test func claimsStayWithThePlace() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 2, claimed("Retain", "Retain"))
        try fixture.converge(8)
        #expect(try claims(fixture).map(\.name) == ["data-web-0", "data-web-1"])
        #expect(
            try claims(fixture).first?.at("metadata", "labels") == ["app": "web", "tier": "disk"])
        #expect(
            try fixture.pod("web-1")?.at("spec", "volumes")?.array?.contains {
                $0["name"] == "data" && $0.at("persistentVolumeClaim", "claimName") == "data-web-1"
            } == true)
        #expect(
            try fixture.events("SuccessfulCreate").contains(
                "create Claim data-web-0 Pod web-0 in StatefulSet web success"))
        try spec(fixture, ["replicas": 0])
        try fixture.converge(6)
        #expect(try fixture.podNames() == [])
        #expect(try claims(fixture).count == 2)
        try fixture.cluster.delete("apps/v1", "statefulsets", "web", policy: "Background")
        fixture.settle(5)
        #expect(try claims(fixture).count == 2)
    }

    @Test func claimsGoWithScaling() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 2, claimed("Retain", "Delete"))
        try fixture.converge(8)
        #expect(try claims(fixture).allSatisfy { $0.ownerReferences.isEmpty })
        try spec(fixture, ["replicas": 1])
        let owner = try claims(fixture).last?.ownerReferences.first
        #expect(owner?["kind"] == "Pod")
        #expect(owner?["name"] == "web-1")
        #expect(owner?["controller"] == true)
        try fixture.converge(4)
        fixture.settle(5)
        // The protection's finalizer would be taken off by its controller.
        for claim in try claims(fixture) where claim.deletionTimestamp != nil {
            try fixture.cluster.patch(
                "v1", "persistentvolumeclaims", claim.name, ["metadata": ["finalizers": .null]])
        }
        #expect(try claims(fixture).map(\.name) == ["data-web-0"])
        try spec(fixture, ["replicas": 2])
        try fixture.converge(6)
        #expect(try claims(fixture).map(\.name) == ["data-web-0", "data-web-1"])
        #expect(try fixture.podNames() == ["web-0", "web-1"])
    }

    @Test func claimsGoWithTheSet() throws {
        let fixture = try SetFixture()
        try fixture.statefulSet(replicas: 2, claimed("Delete", "Delete"))
        try fixture.converge(8)
        #expect(
            try claims(fixture).map { $0.ownerReferences.map { $0["kind"] } } == [
                ["StatefulSet"], ["StatefulSet"],
            ])
        try spec(fixture, ["persistentVolumeClaimRetentionPolicy": ["whenDeleted": "Retain"]])
        #expect(try claims(fixture).allSatisfy { $0.ownerReferences.isEmpty })
        try spec(fixture, ["persistentVolumeClaimRetentionPolicy": ["whenDeleted": "Delete"]])
        try fixture.cluster.delete("apps/v1", "statefulsets", "web", policy: "Background")
        fixture.settle(5)
        #expect(try claims(fixture).allSatisfy { $0.deletionTimestamp != nil })
    }

    @Test func claimThatIsGoingHoldsUpItsPod() throws {
        let fixture = try SetFixture()
        try fixture.cluster.create(
            "v1", "persistentvolumeclaims",
            [
                "metadata": ["name": "data-web-0", "finalizers": ["example.com/hold"]],
                "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]],
            ])
        try fixture.cluster.delete("v1", "persistentvolumeclaims", "data-web-0")
        try fixture.statefulSet(replicas: 1, claimed("Retain", "Retain"))
        fixture.settle()
        #expect(try fixture.podNames() == [])
        #expect(
            try fixture.events("FailedCreate") == [
                "create Pod web-0 in StatefulSet web failed error: pvc data-web-0 is being deleted"
            ])
        try fixture.cluster.patch(
            "v1", "persistentvolumeclaims", "data-web-0", ["metadata": ["finalizers": .null]])
        fixture.settle()
        #expect(try fixture.podNames() == ["web-0"])
    }
}
