import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeScheduler

@testable import KubeControllers

/// A cluster with the controllers of storage, and with the scheduler when it is wanted.
final class StorageWorld: Sendable {
    let cluster: VirtualCluster

    init(seed: UInt64 = 1, schedules: Bool = false) throws {
        var controllers: [any Controller] = [
            ServiceAccountController(), GarbageCollector(), StatefulSetController(),
            ClaimProtectionController(), EphemeralVolumeController(),
            PersistentVolumeBinder(directory: "/volumes/"), VolumeExpansionController(),
            VolumeProtectionController(), AttributesClassProtectionController(),
        ]
        if schedules {
            controllers.append(NodeLifecycleController())
            controllers.append(SchedulerController(seed: seed))
        }
        cluster = try VirtualCluster(seed: seed, controllers: controllers)
        run()
    }

    func run(_ seconds: Double = 1) { cluster.run(for: seconds) }
    func random(_ bound: Int) -> Int { Int(cluster.random() % UInt64(bound)) }

    // MARK: Objects

    func storageClass(
        _ name: String, by provisioner: String = DirectoryProvisioner.name, waits: Bool = false,
        isDefault: Bool = false, _ more: JSON = [:]
    ) throws {
        var metadata: JSON = ["name": .string(name)]
        if isDefault {
            metadata["annotations"] = ["storageclass.kubernetes.io/is-default-class": "true"]
        }
        var object: JSON = [
            "metadata": metadata, "provisioner": .string(provisioner),
            "volumeBindingMode": .string(waits ? "WaitForFirstConsumer" : "Immediate"),
        ]
        for (key, value) in more.object ?? [:] { object[key] = value }
        try cluster.create("storage.k8s.io/v1", "storageclasses", object, in: "")
    }

    func volume(
        _ name: String, _ size: String, class className: String = "", modes: [String] = ["ReadWriteOnce"],
        policy: String = "Retain", labels: JSON = [:], _ more: JSON = [:]
    ) throws {
        var spec: JSON = [
            "capacity": ["storage": .string(size)], "accessModes": .array(modes.map { .string($0) }),
            "persistentVolumeReclaimPolicy": .string(policy), "storageClassName": .string(className),
            "hostPath": ["path": .string("/data/\(name)")],
        ]
        for (key, value) in more.object ?? [:] { spec[key] = value }
        try cluster.create(
            "v1", "persistentvolumes",
            ["metadata": ["name": .string(name), "labels": labels], "spec": spec], in: "")
    }

    func claim(
        _ name: String, _ size: String, class className: String? = "", modes: [String] = ["ReadWriteOnce"],
        _ more: JSON = [:]
    ) throws {
        var spec: JSON = [
            "accessModes": .array(modes.map { .string($0) }),
            "resources": ["requests": ["storage": .string(size)]],
        ]
        if let className { spec["storageClassName"] = .string(className) }
        for (key, value) in more.object ?? [:] { spec[key] = value }
        try cluster.create(
            "v1", "persistentvolumeclaims", ["metadata": ["name": .string(name)], "spec": spec])
    }

    func pod(_ name: String, claim: String, on node: String = "") throws {
        var spec: JSON = [
            "containers": [["name": "c", "image": "i"]],
            "volumes": [["name": "v", "persistentVolumeClaim": ["claimName": .string(claim)]]],
        ]
        if !node.isEmpty { spec["nodeName"] = .string(node) }
        try cluster.create("v1", "pods", ["metadata": ["name": .string(name)], "spec": spec])
    }

    /// A node that is ready.
    func node(_ name: String) throws {
        try cluster.create(
            "v1", "nodes",
            [
                "metadata": [
                    "name": .string(name), "labels": ["kubernetes.io/hostname": .string("host-\(name)")],
                ]
            ], in: "")
        let time: JSON = .string(cluster.now.rfc3339)
        try cluster.patch(
            "v1", "nodes", name,
            [
                "status": [
                    "allocatable": ["cpu": "4", "memory": "8Gi", "pods": "110"],
                    "capacity": ["cpu": "4", "memory": "8Gi", "pods": "110"],
                    "conditions": [
                        [
                            "type": "Ready", "status": "True", "reason": "KubeletReady",
                            "lastHeartbeatTime": time, "lastTransitionTime": time,
                        ]
                    ],
                ]
            ], in: "", subresource: "status")
    }

    func delete(_ plural: String, _ name: String, in namespace: String = "default") throws {
        try cluster.delete("v1", plural, name, in: namespace, gracePeriodSeconds: plural == "pods" ? 0 : nil)
    }

    // MARK: Questions

    func getClaim(_ name: String) throws -> JSON? { try cluster.get("v1", "persistentvolumeclaims", name) }
    func getVolume(_ name: String) throws -> JSON? { try cluster.get("v1", "persistentvolumes", name) }

    func phase(claim name: String) throws -> String { try getClaim(name).map(StorageWords.phase) ?? "gone" }
    func phase(volume name: String) throws -> String { try getVolume(name).map(StorageWords.phase) ?? "gone" }

    /// The volume that a claim is bound to.
    func bound(_ name: String) throws -> String? { try getClaim(name)?["spec"]?["volumeName"]?.string }

    /// Messages of Events of a reason about an object.
    func events(_ reason: String, of name: String) throws -> [String] {
        try cluster.list("v1", "events", in: nil)
            .filter { $0["reason"]?.string == reason && $0["involvedObject"]?["name"]?.string == name }
            .map { $0["message"]?.string ?? "" }
    }
}
