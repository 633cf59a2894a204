import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ProvisioningTests {
    @Test func aDirectoryIsMadeAtOnce() throws {
        let world = try StorageWorld()
        try world.storageClass("fast", ["mountOptions": ["ro"], "reclaimPolicy": "Delete"])
        try world.claim("c", "2Gi", class: "fast")
        world.run()
        let claim = try #require(try world.getClaim("c"))
        let name = "pvc-\(claim.uid)"
        #expect(StorageWords.phase(claim) == "Bound")
        #expect(claim["spec"]?["volumeName"]?.string == name)
        #expect(
            StorageWords.annotation("volume.kubernetes.io/storage-provisioner", of: claim)
                == "aegis.dev/directory")
        let volume = try #require(try world.getVolume(name))
        #expect(
            volume["spec"]?["hostPath"]?["path"]?.string
                == "/volumes/\(claim.namespace)-\(claim.name)-\(claim.uid)")
        #expect(volume["spec"]?["capacity"]?["storage"]?.string == "2Gi")
        #expect(volume["spec"]?["mountOptions"] == ["ro"])
        #expect(volume["spec"]?["nodeAffinity"] == nil)
        #expect(
            StorageWords.annotation("pv.kubernetes.io/provisioned-by", of: volume) == "aegis.dev/directory")
        #expect(
            try world.events("ProvisioningSucceeded", of: "c") == [
                "Successfully provisioned volume \(name) using aegis.dev/directory"
            ])
        try world.delete("persistentvolumeclaims", "c")
        world.run()
        #expect(try world.phase(claim: "c") == "gone")
        #expect(try world.phase(volume: name) == "gone")
    }

    @Test func othersAreWaitedFor() throws {
        let world = try StorageWorld()
        try world.storageClass("ext", by: "csi.example.com")
        try world.storageClass("none", by: "kubernetes.io/no-provisioner")
        try world.claim("c", "1Gi", class: "ext")
        try world.claim("n", "1Gi", class: "none")
        try world.claim("m", "1Gi", class: "missing")
        world.run()
        let claim = try #require(try world.getClaim("c"))
        for word in StorageWords.provisioner {
            #expect(StorageWords.annotation(word, of: claim) == "csi.example.com")
        }
        #expect(
            try world.events("ExternalProvisioning", of: "c") == [
                "Waiting for a volume to be created either by the external provisioner 'csi.example.com' or "
                    + "manually by the system administrator. If volume creation is delayed, please verify "
                    + "that the provisioner is running and correctly registered."
            ])
        #expect(
            try world.events("ProvisioningFailed", of: "n") == [
                "no volume plugin matched name: kubernetes.io/no-provisioner"
            ])
        #expect(
            try world.events("ProvisioningFailed", of: "m") == [
                "storageclass.storage.k8s.io \"missing\" not found"
            ])
        // The class comes later.
        try world.storageClass("missing")
        world.run()
        #expect(try world.phase(claim: "m") == "Bound")
    }

    @Test func theFirstConsumerDecides() throws {
        let world = try StorageWorld()
        try world.storageClass("local", waits: true)
        try world.claim("c", "1Gi", class: "local")
        world.run()
        #expect(
            try world.events("WaitForFirstConsumer", of: "c") == [
                "waiting for first consumer to be created before binding"
            ])
        try world.pod("p", claim: "c")
        world.run()
        #expect(try world.events("WaitForPodScheduled", of: "c") == ["waiting for pod p to be scheduled"])
        try world.node("n")
        try world.cluster.patch(
            "v1", "persistentvolumeclaims", "c",
            ["metadata": ["annotations": ["volume.kubernetes.io/selected-node": "n"]]])
        world.run()
        #expect(try world.phase(claim: "c") == "Bound")
        let volume = try #require(try world.getVolume(try world.bound("c") ?? ""))
        #expect(
            volume["spec"]?["nodeAffinity"]?["required"]?["nodeSelectorTerms"]?[0]?["matchExpressions"] == [
                ["key": "kubernetes.io/hostname", "operator": "In", "values": ["host-n"]]
            ])
    }

    @Test func aNodeThatWentIsChosenAgain() throws {
        let world = try StorageWorld()
        try world.storageClass("local", waits: true)
        try world.claim("c", "1Gi", class: "local")
        try world.cluster.patch(
            "v1", "persistentvolumeclaims", "c",
            ["metadata": ["annotations": ["volume.kubernetes.io/selected-node": "gone"]]])
        world.run()
        let claim = try #require(try world.getClaim("c"))
        #expect(StorageWords.annotation(StorageWords.selectedNode, of: claim) == nil)
        #expect(
            try world.events("ProvisioningFailed", of: "c") == [
                "Failed to get target node: node \"gone\" not found"
            ])
    }

    @Test func claimsGrow() throws {
        let world = try StorageWorld()
        try world.storageClass("grows", ["allowVolumeExpansion": true])
        try world.claim("c", "1Gi", class: "grows")
        world.run()
        try world.cluster.patch(
            "v1", "persistentvolumeclaims", "c", ["spec": ["resources": ["requests": ["storage": "3Gi"]]]])
        world.run()
        let claim = try #require(try world.getClaim("c"))
        #expect(claim["status"]?["capacity"]?["storage"]?.string == "3Gi")
        #expect(
            try world.getVolume(try world.bound("c") ?? "")?["spec"]?["capacity"]?["storage"]?.string == "3Gi"
        )
    }

    @Test func aStatefulSetIsScheduledWithItsVolumes() throws {
        let world = try StorageWorld(schedules: true)
        try world.storageClass("local", waits: true)
        for name in ["a", "b"] { try world.node(name) }
        try world.cluster.create(
            "apps/v1", "statefulsets",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "replicas": 2, "serviceName": "svc", "podManagementPolicy": "Parallel",
                    "selector": ["matchLabels": ["app": "web"]],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": ["containers": [["name": "c", "image": "i"]]],
                    ],
                    "volumeClaimTemplates": [
                        [
                            "metadata": ["name": "data"],
                            "spec": [
                                "accessModes": ["ReadWriteOnce"], "storageClassName": "local",
                                "resources": ["requests": ["storage": "1Gi"]],
                            ],
                        ]
                    ],
                ],
            ])
        world.run(30)
        for ordinal in 0..<2 {
            let pod = try #require(try world.cluster.get("v1", "pods", "web-\(ordinal)"))
            let node = pod["spec"]?["nodeName"]?.string ?? ""
            #expect(!node.isEmpty)
            #expect(try world.phase(claim: "data-web-\(ordinal)") == "Bound")
            let volume = try #require(try world.getVolume(try world.bound("data-web-\(ordinal)") ?? ""))
            #expect(StorageWords.phase(volume) == "Bound")
            #expect(
                volume["spec"]?["nodeAffinity"]?["required"]?["nodeSelectorTerms"]?[0]?["matchExpressions"]?[
                    0]?[
                        "values"] == [.string("host-\(node)")])
        }
        // The pod comes back to its data.
        let before = try world.cluster.get("v1", "pods", "web-0")?["spec"]?["nodeName"]
        try world.delete("pods", "web-0")
        world.run(30)
        #expect(try world.cluster.get("v1", "pods", "web-0")?["spec"]?["nodeName"] == before)
    }

    @Test func theSchedulerTakesVolumesThatAreThere() throws {
        let world = try StorageWorld(schedules: true)
        try world.storageClass("static", by: "kubernetes.io/no-provisioner", waits: true)
        for name in ["a", "b"] { try world.node(name) }
        try world.volume(
            "v", "2Gi", class: "static",
            [
                "nodeAffinity": [
                    "required": [
                        "nodeSelectorTerms": [
                            [
                                "matchExpressions": [
                                    ["key": "kubernetes.io/hostname", "operator": "In", "values": ["host-b"]]
                                ]
                            ]
                        ]
                    ]
                ]
            ])
        try world.claim("c", "1Gi", class: "static")
        world.run()
        #expect(try world.phase(claim: "c") == "Pending")
        try world.pod("p", claim: "c")
        world.run(10)
        #expect(try world.bound("c") == "v")
        #expect(try world.cluster.get("v1", "pods", "p")?["spec"]?["nodeName"]?.string == "b")
    }

    @Test func ephemeralVolumesBelongToTheirPods() throws {
        let world = try StorageWorld()
        try world.storageClass("fast")
        try world.claim("q-data", "1Gi", class: "fast")
        for name in ["p", "q"] {
            try world.cluster.create(
                "v1", "pods",
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "containers": [["name": "c", "image": "i"]],
                        "volumes": [
                            [
                                "name": "data",
                                "ephemeral": [
                                    "volumeClaimTemplate": [
                                        "metadata": ["labels": ["a": "b"]],
                                        "spec": [
                                            "accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
                                            "resources": ["requests": ["storage": "1Gi"]],
                                        ],
                                    ]
                                ],
                            ]
                        ],
                    ],
                ])
        }
        world.run()
        let claim = try #require(try world.getClaim("p-data"))
        #expect(StorageWords.phase(claim) == "Bound")
        #expect(claim["metadata"]?["labels"] == ["a": "b"])
        #expect(claim.ownerReferences.first?["name"]?.string == "p")
        #expect(
            try world.events("FailedBinding", of: "q") == [
                "ephemeral volume data: PVC default/q-data was not created for pod default/q "
                    + "(pod is not owner)"
            ])
        try world.delete("pods", "p")
        world.run(10)
        #expect(try world.phase(claim: "p-data") == "gone")
        #expect(try world.phase(claim: "q-data") == "Bound")
    }
}
