import KubeAPI
import KubeJSON
import Testing

@testable import KubeScheduler

/// Claims decide where pods go, and pods where claims are bound.
@Suite struct VolumeTests {
    static let now = Timestamp(seconds: 100)

    func pod(_ name: String, claim: String, node: String? = nil) -> JSON {
        SchedulerTests.pod(
            name, node: node,
            spec: ["volumes": [["name": "data", "persistentVolumeClaim": ["claimName": .string(claim)]]]])
    }

    func claim(class name: String, volume: String? = nil, modes: [JSON] = ["ReadWriteOnce"]) -> JSON {
        var claim: JSON = [
            "metadata": ["name": "data", "namespace": "default", "uid": "claim"],
            "spec": [
                "storageClassName": .string(name), "accessModes": .array(modes),
                "resources": ["requests": ["storage": "1Gi"]],
            ],
        ]
        if let volume {
            claim.set(.string(volume), at: "spec", "volumeName")
            claim.set("yes", at: "metadata", "annotations", "pv.kubernetes.io/bind-completed")
        }
        return claim
    }

    func volume(
        _ name: String, size: String = "1Gi", class className: String = "local", on node: String? = nil
    ) -> JSON {
        var volume: JSON = [
            "metadata": ["name": .string(name)],
            "spec": [
                "storageClassName": .string(className), "capacity": ["storage": .string(size)],
                "accessModes": ["ReadWriteOnce"],
            ],
            "status": ["phase": "Available"],
        ]
        if let node {
            volume.set(
                [
                    "nodeSelectorTerms": [
                        [
                            "matchExpressions": [
                                [
                                    "key": "kubernetes.io/hostname", "operator": "In",
                                    "values": [.string(node)],
                                ]
                            ]
                        ]
                    ]
                ], at: "spec", "nodeAffinity", "required")
        }
        return volume
    }

    func message(_ decision: Decision?) -> String? {
        if case .unschedulable(let rejection)? = decision?.outcome { return rejection.message }
        return nil
    }

    @Test func waitsForClaims() {
        var scheduler = SchedulerTests.make([SchedulerTests.node("a")])
        scheduler.podChanged("default/db", pod("db", claim: "data"), now: Self.now)
        #expect(
            message(scheduler.next(now: Self.now))
                == "0/1 nodes are available: persistentvolumeclaim \"data\" not found. not found")
        scheduler.objectChanged(.persistentVolumeClaim, key: "default/data", claim(class: "now"))
        scheduler.objectChanged(
            .storageClass, key: "now", ["provisioner": "x", "volumeBindingMode": "Immediate"])
        var later = Self.now.adding(seconds: 2)
        #expect(
            message(scheduler.next(now: later))
                == "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found")
        scheduler.objectChanged(.persistentVolumeClaim, key: "default/other", claim(class: "now"))
        later = later.adding(seconds: 60)
        #expect(scheduler.next(now: later) == nil)
        scheduler.objectChanged(.persistentVolume, key: "pv", volume("pv"))
        scheduler.objectChanged(
            .persistentVolumeClaim, key: "default/data", claim(class: "now", volume: "pv"))
        #expect(scheduler.next(now: later)?.outcome == .bind(node: "a", volumes: []))
    }

    @Test func goesWhereTheVolumeIs() {
        var scheduler = SchedulerTests.make((0..<5).map { SchedulerTests.node("n\($0)") })
        scheduler.objectChanged(.persistentVolume, key: "pv", volume("pv", on: "n3"))
        scheduler.objectChanged(
            .persistentVolumeClaim, key: "default/data", claim(class: "local", volume: "pv"))
        scheduler.podChanged("default/db", pod("db", claim: "data"), now: Self.now)
        #expect(scheduler.next(now: Self.now)?.outcome == .bind(node: "n3", volumes: []))
        scheduler.nodeChanged("n3", nil)
        scheduler.podChanged("default/db", nil, now: Self.now)
        scheduler.podChanged("default/db", pod("db", claim: "data"), now: Self.now)
        let said = message(scheduler.next(now: Self.now)) ?? ""
        #expect(
            said.hasPrefix(
                "0/4 nodes are available: 4 node(s) didn't match PersistentVolume's node affinity."),
            "\(said)")
    }

    @Test func bindsTheSmallestVolumeThatWillDo() {
        var scheduler = SchedulerTests.make((0..<3).map { SchedulerTests.node("n\($0)") })
        scheduler.objectChanged(
            .storageClass, key: "local",
            ["provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer"])
        for (name, size, node) in [("small", "500Mi", "n0"), ("large", "9Gi", "n1"), ("right", "2Gi", "n1")] {
            scheduler.objectChanged(.persistentVolume, key: name, volume(name, size: size, on: node))
        }
        for name in ["data", "more", "last"] {
            scheduler.objectChanged(.persistentVolumeClaim, key: "default/\(name)", claim(class: "local"))
        }
        scheduler.podChanged("default/one", pod("one", claim: "data"), now: Self.now)
        #expect(
            scheduler.next(now: Self.now)?.outcome
                == .bind(node: "n1", volumes: [.existing(claim: "default/data", volume: "right")]))
        // What is promised to one is not given to another.
        scheduler.podChanged("default/two", pod("two", claim: "more"), now: Self.now)
        #expect(
            scheduler.next(now: Self.now)?.outcome
                == .bind(node: "n1", volumes: [.existing(claim: "default/more", volume: "large")]))
        scheduler.podChanged("default/three", pod("three", claim: "last"), now: Self.now)
        let said = message(scheduler.next(now: Self.now)) ?? ""
        #expect(
            said.hasPrefix(
                "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind."),
            "\(said)")
        // What could not be bound is given back.
        scheduler.bindingFailed("default/one", now: Self.now)
        scheduler.podChanged("default/one", nil, now: Self.now)
        #expect(
            scheduler.next(now: Self.now.adding(seconds: 5))?.outcome
                == .bind(node: "n1", volumes: [.existing(claim: "default/last", volume: "right")]))
    }

    @Test func makesVolumesWhereThePodGoes() {
        var scheduler = SchedulerTests.make([
            SchedulerTests.node("a", labels: ["topology.kubernetes.io/zone": "x"]),
            SchedulerTests.node("b", labels: ["topology.kubernetes.io/zone": "y"]),
        ])
        scheduler.objectChanged(
            .storageClass, key: "fast",
            [
                "provisioner": "csi.example.com", "volumeBindingMode": "WaitForFirstConsumer",
                "allowedTopologies": [
                    ["matchLabelExpressions": [["key": "topology.kubernetes.io/zone", "values": ["y"]]]]
                ],
            ])
        scheduler.objectChanged(.persistentVolumeClaim, key: "default/data", claim(class: "fast"))
        scheduler.podChanged("default/db", pod("db", claim: "data"), now: Self.now)
        #expect(
            scheduler.next(now: Self.now)?.outcome
                == .bind(node: "b", volumes: [.provision(claim: "default/data", node: "b")]))
    }

    @Test func oneClaimForOnePod() {
        var scheduler = SchedulerTests.make([SchedulerTests.node("a"), SchedulerTests.node("b")])
        scheduler.objectChanged(.persistentVolume, key: "pv", volume("pv"))
        scheduler.objectChanged(
            .persistentVolumeClaim, key: "default/data",
            claim(class: "local", volume: "pv", modes: ["ReadWriteOncePod"]))
        scheduler.podChanged("default/one", pod("one", claim: "data", node: "a"), now: Self.now)
        scheduler.podChanged("default/two", pod("two", claim: "data"), now: Self.now)
        let said = message(scheduler.next(now: Self.now)) ?? ""
        #expect(
            said.hasPrefix(
                "0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and "
                    + "ReadWriteOncePod access mode."), "\(said)")
        scheduler.podChanged("default/one", nil, now: Self.now)
        #expect(scheduler.next(now: Self.now.adding(seconds: 2))?.podKey == "default/two")
    }

    @Test func nodesAttachOnlySoMany() {
        var scheduler = SchedulerTests.make([SchedulerTests.node("a")])
        scheduler.objectChanged(
            .csiNode, key: "a",
            ["spec": ["drivers": [["name": "csi.example.com", "allocatable": ["count": 1]]]]])
        for name in ["one", "two"] {
            var volume = volume(name)
            volume.set(["driver": "csi.example.com", "volumeHandle": .string(name)], at: "spec", "csi")
            scheduler.objectChanged(.persistentVolume, key: name, volume)
            scheduler.objectChanged(
                .persistentVolumeClaim, key: "default/\(name)", claim(class: "local", volume: name))
            scheduler.podChanged("default/\(name)", pod(name, claim: name), now: Self.now)
        }
        #expect(scheduler.next(now: Self.now)?.outcome == .bind(node: "a", volumes: []))
        let said = message(scheduler.next(now: Self.now)) ?? ""
        #expect(said.hasPrefix("0/1 nodes are available: 1 node(s) exceed max volume count."), "\(said)")
        // Another pod with the same volume needs no other attachment.
        scheduler.podChanged("default/same", pod("same", claim: "one"), now: Self.now)
        #expect(scheduler.next(now: Self.now)?.outcome == .bind(node: "a", volumes: []))
    }

    @Test func volumesOfAZoneStayThere() {
        var scheduler = SchedulerTests.make([
            SchedulerTests.node("a", labels: ["topology.kubernetes.io/zone": "x"]),
            SchedulerTests.node("b", labels: ["topology.kubernetes.io/zone": "y"]),
        ])
        var zoned = volume("pv")
        zoned.set("y__z", at: "metadata", "labels", "topology.kubernetes.io/zone")
        scheduler.objectChanged(.persistentVolume, key: "pv", zoned)
        scheduler.objectChanged(
            .persistentVolumeClaim, key: "default/data", claim(class: "local", volume: "pv"))
        scheduler.podChanged("default/db", pod("db", claim: "data"), now: Self.now)
        #expect(scheduler.next(now: Self.now)?.outcome == .bind(node: "b", volumes: []))
    }
}
