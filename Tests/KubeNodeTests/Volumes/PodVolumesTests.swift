import Foundation
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

@Suite struct PodVolumesTests {
    @Test func aConfigMapIsShownAndFollowed() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        func map(_ data: JSON) -> JSON {
            ["metadata": ["name": "m", "namespace": "ns"], "data": data, "binaryData": ["raw": "AAEC"]]
        }
        world.put(.configMaps, map(["a": "1", "b": "2"]))
        let pod = VolumeWorld.pod([["name": "v", "configMap": ["name": "m", "defaultMode": 0o640]]])
        let path = try #require(
            try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())["v"])
        #expect(path == world.root + "/pods/u1/volumes/kubernetes.io~configmap/v")
        #expect(VolumeWorld.text(path + "/a") == "1")
        #expect(FileManager.default.contents(atPath: path + "/raw") == Data([0, 1, 2]))
        #expect(VolumeWorld.mode(path + "/..data/a") == 0o640)
        #expect(HostFiles.target(ofLink: path + "/a") == "..data/a")

        world.put(.configMaps, map(["b": "3", "c": "4"]))
        world.pass(1)
        volumes.objectChanged(.configMaps, namespace: "ns", name: "m")
        #expect(VolumeWorld.text(path + "/a") == nil)
        #expect(VolumeWorld.text(path + "/b") == "3")
        #expect(VolumeWorld.text(path + "/c") == "4")
        let moments = HostFiles.names(in: path).filter { $0.hasPrefix("..") && $0 != "..data" }
        #expect(moments.count == 1, "what was there before is removed: \(moments)")

        // What takes the object away does not take the files away.
        world.remove(.configMaps, "ns", "m")
        volumes.objectChanged(.configMaps, namespace: "ns", name: "m", isGone: true)
        #expect(VolumeWorld.text(path + "/b") == "3")

        await volumes.release(VolumeWorld.identity())
        #expect(HostFiles.kind(path) == nil)
    }

    /// What a volume may be without goes from it with its object, and comes back.
    @Test(arguments: [false, true])
    func whatIsOptionalIsFollowedWhenItGoes(_ isProjected: Bool) async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        func put(_ text: String) {
            world.put(
                .configMaps, ["metadata": ["name": "m", "namespace": "ns"], "data": ["a": .string(text)]])
        }
        put("1")
        let source: JSON = ["configMap": ["name": "m", "optional": true]]
        var volume: JSON = isProjected ? ["projected": ["sources": [source]]] : source
        volume["name"] = "v"
        let path = try #require(
            try await volumes.prepare(pod: VolumeWorld.pod([volume]), identity: VolumeWorld.identity())["v"])
        #expect(VolumeWorld.text(path + "/a") == "1")
        world.remove(.configMaps, "ns", "m")
        world.pass(1)
        volumes.objectChanged(.configMaps, namespace: "ns", name: "m", isGone: true)
        #expect(VolumeWorld.text(path + "/a") == nil)
        put("2")
        world.pass(1)
        volumes.objectChanged(.configMaps, namespace: "ns", name: "m")
        #expect(VolumeWorld.text(path + "/a") == "2")
    }

    @Test func itemsModesAndWhatIsOptional() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        world.put(
            .secrets,
            ["metadata": ["name": "s", "namespace": "ns"], "data": ["k": "c2VjcmV0", "l": "bA=="]])
        func prepare(_ volume: JSON) async throws -> String? {
            let pod = VolumeWorld.pod([["name": "v", "secret": volume]])
            return try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())["v"]
        }
        let path = try #require(
            try await prepare([
                "secretName": "s", "items": [["key": "k", "path": "deep/er/file", "mode": 0o400]],
            ]))
        #expect(VolumeWorld.text(path + "/deep/er/file") == "secret")
        #expect(VolumeWorld.mode(path + "/..data/deep/er/file") == 0o400)
        #expect(VolumeWorld.text(path + "/l") == nil)
        await #expect(
            throws: VolumeFailure(
                "MountVolume.SetUp failed for volume \"v\" : references non-existent secret key: x")
        ) { _ = try await prepare(["secretName": "s", "items": [["key": "x", "path": "x"]]]) }
        await #expect(
            throws: VolumeFailure("MountVolume.SetUp failed for volume \"v\" : secret \"no\" not found")
        ) { _ = try await prepare(["secretName": "no"]) }
        _ = try await prepare(["secretName": "no", "optional": true])
        _ = try await prepare([
            "secretName": "s", "optional": true, "items": [["key": "x", "path": "x"]],
        ])
    }

    @Test func aPodSeesItselfAndItsChanges() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        world.put(
            .nodes, ["metadata": ["name": "n1"], "status": ["allocatable": ["cpu": "4", "memory": "8Gi"]]])
        let items: JSON = [
            ["path": "labels", "fieldRef": ["fieldPath": "metadata.labels"]],
            ["path": "one", "fieldRef": ["fieldPath": "metadata.annotations['b']"]],
            [
                "path": "cpu",
                "resourceFieldRef": ["containerName": "c", "resource": "limits.cpu", "divisor": "1m"],
            ],
            ["path": "memory", "resourceFieldRef": ["containerName": "c", "resource": "requests.memory"]],
        ]
        func pod(_ label: String) -> JSON {
            VolumeWorld.pod(
                [["name": "v", "downwardAPI": ["items": items]]],
                metadata: [
                    "labels": ["z": "\"q\"", "a": .string(label)], "annotations": ["b": "two\nlines"],
                ],
                spec: [
                    "containers": [["name": "c", "resources": ["requests": ["memory": "64Mi"]]]]
                ])
        }
        let path = try #require(
            try await volumes.prepare(pod: pod("x"), identity: VolumeWorld.identity())["v"])
        #expect(VolumeWorld.text(path + "/labels") == "a=\"x\"\nz=\"\\\"q\\\"\"")
        #expect(VolumeWorld.text(path + "/one") == "two\nlines")
        #expect(VolumeWorld.text(path + "/cpu") == "4000", "no limit is what the node has")
        #expect(VolumeWorld.text(path + "/memory") == "67108864")
        volumes.podChanged(pod("y"))
        #expect(VolumeWorld.text(path + "/labels") == "a=\"y\"\nz=\"\\\"q\\\"\"")
    }

    @Test func tokensAreRenewedAtFourFifthsOfTheirLife() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        world.put(
            .configMaps,
            ["metadata": ["name": "kube-root-ca.crt", "namespace": "ns"], "data": ["ca.crt": "PEM"]])
        let pod = VolumeWorld.pod([
            [
                "name": "v",
                "projected": [
                    "defaultMode": 0o644,
                    "sources": [
                        ["serviceAccountToken": ["path": "token", "expirationSeconds": 1_000]],
                        ["configMap": ["name": "kube-root-ca.crt"]],
                        [
                            "downwardAPI": [
                                "items": [
                                    ["path": "namespace", "fieldRef": ["fieldPath": "metadata.namespace"]]
                                ]
                            ]
                        ],
                    ],
                ],
            ]
        ])
        let path = try #require(
            try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())["v"])
        #expect(VolumeWorld.text(path + "/token") == "robot  1")
        #expect(VolumeWorld.text(path + "/ca.crt") == "PEM")
        #expect(VolumeWorld.text(path + "/namespace") == "ns")
        world.pass(790)
        volumes.renewTokens()
        #expect(VolumeWorld.text(path + "/token") == "robot  1")
        world.pass(20)
        volumes.renewTokens()
        #expect(VolumeWorld.text(path + "/token") == "robot  2")
        #expect(world.tokensIssued == 2)
    }

    @Test func emptyDirectoriesHoldTheirLimits() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        let pod = VolumeWorld.pod([["name": "e", "emptyDir": ["sizeLimit": "64Ki"]]])
        let path = try #require(
            try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())["e"])
        #expect(VolumeWorld.mode(path) == 0o777)
        try Data(count: 10_000).write(to: URL(fileURLWithPath: path + "/small"))
        #expect(volumes.outgrown().isEmpty)
        try Data(repeating: 1, count: 100_000).write(to: URL(fileURLWithPath: path + "/large"))
        #expect(
            volumes.outgrown().map(\.words) == [
                "Usage of EmptyDir volume \"e\" exceeds the limit \"64Ki\". "
            ])
        // Again, as after the agent began anew: what is there stays.
        _ = try await world.volumes().prepare(pod: pod, identity: VolumeWorld.identity())
        #expect(VolumeWorld.text(path + "/small")?.utf8.count == 10_000)
    }

    @Test(.enabled(if: VolumeWorld.isRoot)) func memoryIsMountedAndUnmounted() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        let pod = VolumeWorld.pod([["name": "e", "emptyDir": ["medium": "Memory", "sizeLimit": "1Mi"]]])
        let path = try #require(
            try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())["e"])
        #expect(HostFiles.isMountPoint(path))
        #expect(throws: (any Error).self) {
            try Data(count: 2 << 20).write(to: URL(fileURLWithPath: path + "/large"))
        }
        await volumes.release(VolumeWorld.identity())
        #expect(HostFiles.kind(path) == nil)
    }

    @Test(.enabled(if: VolumeWorld.isRoot)) func filesAreTheGroupsThatThePodNames() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        world.put(.configMaps, ["metadata": ["name": "m", "namespace": "ns"], "data": ["a": "1"]])
        let pod = VolumeWorld.pod(
            [
                ["name": "v", "configMap": ["name": "m", "defaultMode": 0o400]],
                ["name": "e", "emptyDir": [:]],
            ], spec: ["securityContext": ["fsGroup": 2_345]])
        let paths = try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())
        let file = try FileManager.default.attributesOfItem(atPath: (paths["v"] ?? "") + "/..data/a")
        #expect(file[.groupOwnerAccountID] as? Int == 2_345)
        #expect(file[.posixPermissions] as? Int == 0o440)
        let empty = try FileManager.default.attributesOfItem(atPath: paths["e"] ?? "")
        #expect(empty[.groupOwnerAccountID] as? Int == 2_345)
        #expect((empty[.posixPermissions] as? Int).map { $0 & 0o2070 } == 0o2070)
    }

    @Test func pathsOfTheMachineAreWhatTheirTypeSays() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        func prepare(_ path: String, _ type: String) async throws {
            let pod = VolumeWorld.pod([
                ["name": "h", "hostPath": ["path": .string(path), "type": .string(type)]]
            ])
            _ = try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())
        }
        let (directory, file) = (world.root + "/a/b", world.root + "/f")
        for (type, path, words) in [
            ("Directory", directory, "a directory"), ("File", file, "a file"),
            ("Socket", file, "a socket file"), ("CharDevice", file, "a character device"),
            ("BlockDevice", file, "a block device"),
        ] {
            await #expect(
                throws: VolumeFailure(
                    "MountVolume.SetUp failed for volume \"h\" : hostPath type check failed: \(path) is not \(words)"
                )
            ) { try await prepare(path, type) }
        }
        try await prepare(directory, "DirectoryOrCreate")
        try await prepare(directory, "Directory")
        try await prepare(file, "FileOrCreate")
        try await prepare(file, "File")
        try await prepare("/dev/null", "CharDevice")
        await #expect(throws: VolumeFailure.self) { try await prepare(file, "DirectoryOrCreate") }
        await volumes.release(VolumeWorld.identity())
        #expect(HostFiles.kind(file) == .file, "what is the machine's stays")
    }

    @Test func aClaimIsADirectoryThatGoesWithItsVolume() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        let path = world.root + "/volumes/ns-data-1"
        func persistent(_ policy: String, _ path: String) -> JSON {
            [
                "metadata": [
                    "name": "pv", "annotations": ["pv.kubernetes.io/provisioned-by": "aegis.dev/directory"],
                ],
                "spec": [
                    "persistentVolumeReclaimPolicy": .string(policy), "claimRef": ["uid": "c1"],
                    "hostPath": ["path": .string(path), "type": "DirectoryOrCreate"],
                ],
            ]
        }
        func claim(_ phase: String, _ mode: String = "ReadWriteOnce") -> JSON {
            [
                "metadata": ["name": "data", "namespace": "ns", "uid": "c1"],
                "spec": ["volumeName": "pv", "accessModes": [.string(mode)]],
                "status": ["phase": .string(phase)],
            ]
        }
        let wish: JSON = ["name": "v", "persistentVolumeClaim": ["claimName": "data"]]
        func prepare(_ uid: String = "u1") async throws -> String? {
            try await volumes.prepare(
                pod: VolumeWorld.pod([wish], uid: uid), identity: VolumeWorld.identity(uid))["v"]
        }
        world.put(.persistentVolumeClaims, claim("Pending"))
        world.put(.persistentVolumes, persistent("Delete", path))
        await #expect(throws: VolumeFailure.self) { _ = try await prepare() }
        world.put(.persistentVolumeClaims, claim("Bound"))
        #expect(try await prepare() == path)
        #expect(try await prepare("u2") == path, "ReadWriteOnce is one node's, not one pod's")
        #expect(VolumeWorld.mode(path) == 0o777)
        try Data([1]).write(to: URL(fileURLWithPath: path + "/kept"))
        await volumes.release(VolumeWorld.identity())
        await volumes.release(VolumeWorld.identity("u2"))
        #expect(HostFiles.kind(path + "/kept") == .file)

        world.put(.persistentVolumeClaims, claim("Bound", "ReadWriteOncePod"))
        _ = try await prepare("u3")
        await #expect(throws: VolumeFailure.self) { _ = try await prepare("u4") }
        await volumes.release(VolumeWorld.identity("u3"))
        _ = try await prepare("u4")

        volumes.volumeDeleted(persistent("Retain", path))
        #expect(HostFiles.kind(path) == .directory)
        for other in [world.root, world.root + "/volumes", world.root + "/volumes/../volumes/ns-data-1"] {
            volumes.volumeDeleted(persistent("Delete", other))
        }
        #expect(HostFiles.kind(path) == .directory)
        volumes.volumeDeleted(persistent("Delete", path))
        #expect(HostFiles.kind(path) == nil)
    }

    /// The scheduler would not have put the pod there; somebody who names the node himself may.
    @Test func aVolumeOfAnotherNodeIsRefused() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        func put(_ node: String) {
            world.put(
                .persistentVolumes,
                [
                    "metadata": ["name": "pv"],
                    "spec": [
                        "claimRef": ["uid": "c1"], "local": ["path": .string(world.root)],
                        "nodeAffinity": [
                            "required": [
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
                            ]
                        ],
                    ],
                ])
        }
        world.put(.nodes, ["metadata": ["name": "n1", "labels": ["kubernetes.io/hostname": "n1"]]])
        world.put(
            .persistentVolumeClaims,
            [
                "metadata": ["name": "data", "namespace": "ns", "uid": "c1"], "spec": ["volumeName": "pv"],
                "status": ["phase": "Bound"],
            ])
        let pod = VolumeWorld.pod([["name": "v", "persistentVolumeClaim": ["claimName": "data"]]])
        put("n2")
        await #expect {
            _ = try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())
        } throws: { error in
            "\(error)"
                == "MountVolume.NodeAffinity check failed for volume \"pv\" : no matching NodeSelectorTerms"
        }
        put("n1")
        #expect(try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())["v"] == world.root)
    }

    @Test func whatIsNotServedIsSaid() async throws {
        let world = try VolumeWorld()
        let volumes = world.volumes()
        let pod = VolumeWorld.pod([["name": "v", "nfs": ["server": "s", "path": "/"]]])
        do {
            _ = try await volumes.prepare(pod: pod, identity: VolumeWorld.identity())
            Issue.record("an NFS volume was served")
        } catch {
            #expect("\(error)".contains("nfs"))
        }
    }
}
