import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct GarbageCollectorTests {
    @Test func backgroundDeletesDownTheTree() throws {
        let world = try World()
        let owner = try world.map("a")
        let child = try world.map("b", owners: [world.reference(owner)])
        try world.map("c", owners: [world.reference(child)])
        try world.map("free")
        world.settle()
        #expect(world.has("b") && world.has("c"))
        try world.delete("configmaps", "a", policy: "Background")
        #expect(!world.has("a") && world.has("b"))
        world.settle()
        #expect(!world.has("b") && !world.has("c") && world.has("free"))
    }

    @Test func foregroundWaitsForThoseThatBlock() throws {
        let world = try World()
        let owner = try world.map("a")
        let blocking = try world.map(
            "blocking", owners: [world.reference(owner, blocks: true)], finalizers: ["example.com/hold"])
        try world.map("grandchild", owners: [world.reference(blocking, blocks: true)])
        try world.map(
            "other", owners: [world.reference(owner)], finalizers: ["example.com/hold"])
        world.settle()
        try world.delete("configmaps", "a", policy: "Foreground")
        world.settle()
        #expect(world.get("configmaps", "a")?.finalizers == ["foregroundDeletion"])
        #expect(world.get("configmaps", "blocking")?.deletionTimestamp != nil)
        #expect(!world.has("grandchild"))
        #expect(world.get("configmaps", "other")?.deletionTimestamp != nil)
        try world.patch("configmaps", "blocking", ["metadata": ["finalizers": .null]])
        world.settle()
        // One that does not block is no reason to wait.
        #expect(!world.has("blocking") && !world.has("a") && world.has("other"))
    }

    @Test func orphanLetsTheDependentsGo() throws {
        let world = try World()
        let owner = try world.map("a")
        let second = try world.map("second")
        try world.map("b", owners: [world.reference(owner, blocks: true)])
        try world.map("c", owners: [world.reference(owner), world.reference(second)])
        try world.delete("configmaps", "a", policy: "Orphan")
        #expect(world.get("configmaps", "a")?.finalizers == ["orphan"])
        world.settle()
        #expect(!world.has("a"))
        #expect(world.get("configmaps", "b")?.ownerReferences.isEmpty == true)
        #expect(world.get("configmaps", "c")?.ownerUIDs == [second.uid])
    }

    @Test func oneLivingOwnerIsEnoughAndTheDeadOneIsForgotten() throws {
        let world = try World()
        let first = try world.map("first")
        let second = try world.map("second")
        try world.map("b", owners: [world.reference(first), world.reference(second)])
        world.settle()
        try world.delete("configmaps", "first")
        world.settle()
        #expect(world.get("configmaps", "b")?.ownerUIDs == [second.uid])
        try world.delete("configmaps", "second")
        world.settle()
        #expect(!world.has("b"))
    }

    @Test func absentOwnerIsJudgedByItsUID() throws {
        let world = try World()
        try world.map("lost", owners: [world.absentReference()])
        let old = try world.map("owner")
        try world.delete("configmaps", "owner")
        try world.map("owner")
        // The name is taken again, by another.
        try world.map("stray", owners: [world.reference(old)])
        world.settle()
        #expect(!world.has("lost") && !world.has("stray") && world.has("owner"))
    }

    @Test func ownerBeingDeletedWithoutForegroundStillCounts() throws {
        let world = try World()
        let owner = try world.map("a", finalizers: ["example.com/hold"])
        try world.map("b", owners: [world.reference(owner)])
        try world.delete("configmaps", "a", policy: "Background")
        world.settle()
        #expect(world.has("a") && world.has("b"))
    }

    @Test func ringOfOwnersGoes() throws {
        let world = try World()
        let first = try world.map("a")
        let second = try world.map("b", owners: [world.reference(first, blocks: true)])
        try world.patch(
            "configmaps", "a", ["metadata": ["ownerReferences": [world.reference(second, blocks: true)]]])
        world.settle()
        try world.delete("configmaps", "a", policy: "Foreground")
        world.settle()
        #expect(!world.has("a") && !world.has("b"))
    }

    @Test func ownerInAnotherNamespaceIsNone() throws {
        let world = try World()
        try world.create("v1", "namespaces", ["metadata": ["name": "other"]], in: "")
        let owner = try world.map("a", in: "other")
        let child = try world.map("b", owners: [world.reference(owner)])
        world.settle()
        #expect(!world.has("b"))
        let events = world.registry.objects("", "events", in: "default")
            .filter { $0["reason"]?.string == "OwnerRefInvalidNamespace" }
        #expect(events.count == 1)
        #expect(events.first?["involvedObject"]?["uid"]?.string == child.uid)
    }

    @Test func clusterObjectWithNamespacedOwnerStays() throws {
        let world = try World()
        let owner = try world.map("a")
        try world.create(
            "v1", "persistentvolumes",
            [
                "metadata": ["name": "v", "ownerReferences": [world.reference(owner)]],
                "spec": [
                    "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce"],
                    "hostPath": ["path": "/v"],
                ],
            ], in: "")
        world.settle()
        try world.delete("configmaps", "a")
        world.settle()
        #expect(world.get("persistentvolumes", "v", in: "")?.deletionTimestamp == nil)
        #expect(
            world.registry.objects("", "events").contains {
                $0["reason"]?.string == "OwnerRefInvalidNamespace"
            })
    }

    @Test func ownerOfAKindThatIsNotServedIsWaitedFor() throws {
        let world = try World()
        try world.map(
            "b",
            owners: [
                [
                    "apiVersion": "example.com/v1", "kind": "Widget", "name": "w",
                    "uid": "22222222-2222-4222-8222-222222222222",
                ]
            ])
        let failures = world.settle().compactMap(\.failure)
        #expect(failures.first?.contains("no matches for kind \"Widget\"") == true)
        #expect(world.has("b"))
    }
}
