import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct ProtectionTests {
    @Test func aClaimInUseStays() throws {
        let world = try StorageWorld()
        try world.storageClass("fast")
        try world.claim("c", "1Gi", class: "fast")
        try world.pod("p", claim: "c", on: "n")
        try world.pod("unscheduled", claim: "c")
        world.run()
        let volume = try #require(try world.bound("c"))
        try world.delete("persistentvolumeclaims", "c")
        world.run()
        #expect(try world.getClaim("c")?.deletionTimestamp != nil)
        #expect(try world.phase(volume: volume) == "Bound")
        // A volume that is bound outlives its deletion too.
        try world.delete("persistentvolumes", volume)
        world.run()
        #expect(try world.getVolume(volume)?.deletionTimestamp != nil)
        try world.delete("pods", "p")
        world.run()
        #expect(try world.phase(claim: "c") == "gone")
        #expect(try world.phase(volume: volume) == "gone")
    }

    @Test func anAttributesClassGoesWhenNothingNamesIt() throws {
        let world = try StorageWorld()
        let attributesClasses = {
            try world.cluster.list("storage.k8s.io/v1", "volumeattributesclasses", in: nil)
        }
        for name in ["gold", "silver"] {
            try world.cluster.create(
                "storage.k8s.io/v1", "volumeattributesclasses",
                [
                    "metadata": ["name": .string(name)], "driverName": "d.example.com",
                    "parameters": ["a": "b"],
                ],
                in: "")
        }
        try world.volume(
            "v", "1Gi",
            [
                "volumeAttributesClassName": "gold", "hostPath": .null,
                "csi": ["driver": "d.example.com", "volumeHandle": "v"],
            ])
        try world.claim("c", "2Gi", ["volumeAttributesClassName": "gold"])
        world.run()
        for name in ["gold", "silver"] {
            try world.cluster.delete("storage.k8s.io/v1", "volumeattributesclasses", name, in: "")
        }
        world.run()
        #expect(try attributesClasses().map(\.name) == ["gold"])
        try world.delete("persistentvolumes", "v")
        world.run()
        #expect(try attributesClasses().map(\.name) == ["gold"])
        try world.delete("persistentvolumeclaims", "c")
        world.run()
        #expect(try attributesClasses().isEmpty)
    }

    @Test func whatIsProtectedNeverGoesWhileUsed() throws {
        for seed in UInt64(1)...100 {
            let world = try StorageWorld(seed: seed)
            try world.storageClass("fast")
            var claims: [String] = []
            var users: [(pod: String, claim: String)] = []
            for step in 0..<24 {
                switch world.random(6) {
                case 0, 1:
                    try world.claim("c\(step)", "1Gi", class: "fast")
                    claims.append("c\(step)")
                case 2, 3:
                    guard !claims.isEmpty else { break }
                    let claim = claims[world.random(claims.count)]
                    try world.pod("p\(step)", claim: claim, on: "n")
                    users.append(("p\(step)", claim))
                case 4 where !claims.isEmpty:
                    let claim = claims[world.random(claims.count)]
                    if try world.getClaim(claim) != nil { try world.delete("persistentvolumeclaims", claim) }
                case 5 where !users.isEmpty:
                    try world.delete("pods", users.remove(at: world.random(users.count)).pod)
                default: break
                }
                let known = Set(users.map(\.claim))
                let before = try known.filter { try world.getClaim($0) != nil }
                if world.random(3) > 0 { world.run(0.2) }
                for claim in before {
                    #expect(try world.getClaim(claim) != nil, "seed \(seed) step \(step): \(claim) went")
                }
            }
            for user in users { try world.delete("pods", user.pod) }
            world.run(5)
            // Whoever was to go has gone, and its volume with it; the others are all there.
            for claim in try world.cluster.list("v1", "persistentvolumeclaims") {
                #expect(claim.deletionTimestamp == nil, "seed \(seed)")
                #expect(StorageWords.phase(claim) == "Bound", "seed \(seed)")
            }
            #expect(
                try world.cluster.list("v1", "persistentvolumes").count
                    == world.cluster.list("v1", "persistentvolumeclaims").count, "seed \(seed)")
        }
    }
}
