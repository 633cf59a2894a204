import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers

@Suite struct BindingTests {
    @Test func theSmallestThatWillDo() throws {
        let world = try StorageWorld()
        try world.volume("big", "10Gi")
        try world.volume("middle", "5Gi")
        try world.volume("small", "1Gi")
        try world.volume("many", "3Gi", modes: ["ReadWriteOnce", "ReadOnlyMany"])
        try world.volume("other", "3Gi", class: "c")
        try world.volume("block", "3Gi", ["volumeMode": "Block"])
        world.run()
        #expect(try world.phase(volume: "middle") == "Available")
        try world.claim("c", "3Gi")
        world.run()
        #expect(try world.bound("c") == "middle")
        let claim = try #require(try world.getClaim("c"))
        #expect(StorageWords.phase(claim) == "Bound")
        #expect(claim["status"]?["capacity"]?["storage"]?.string == "5Gi")
        #expect(claim["status"]?["accessModes"] == ["ReadWriteOnce"])
        #expect(StorageWords.annotation("pv.kubernetes.io/bind-completed", of: claim) == "yes")
        #expect(StorageWords.annotation("pv.kubernetes.io/bound-by-controller", of: claim) == "yes")
        let volume = try #require(try world.getVolume("middle"))
        #expect(StorageWords.phase(volume) == "Bound")
        #expect(volume["spec"]?["claimRef"]?["uid"]?.string == claim.uid)
        #expect(volume["spec"]?["claimRef"]?["kind"]?.string == "PersistentVolumeClaim")
        #expect(StorageWords.annotation("pv.kubernetes.io/bound-by-controller", of: volume) == "yes")
        try world.claim("more", "2Gi", modes: ["ReadOnlyMany"])
        try world.claim("picky", "1Gi", ["selector": ["matchLabels": ["a": "b"]]])
        world.run()
        #expect(try world.bound("more") == "many")
        #expect(try world.phase(claim: "picky") == "Pending")
        #expect(
            try world.events("FailedBinding", of: "picky") == [
                "no persistent volumes available for this claim and no storage class is set"
            ])
        // One that comes later is taken at once.
        try world.volume("late", "1Gi", labels: ["a": "b"])
        world.run()
        #expect(try world.bound("picky") == "late")
    }

    @Test func promisedBothWays() throws {
        let world = try StorageWorld()
        try world.volume(
            "v", "5Gi", ["claimRef": ["namespace": "default", "name": "mine"]])
        try world.volume("w", "5Gi")
        try world.claim("theirs", "1Gi")
        world.run()
        #expect(try world.bound("theirs") == "w")
        #expect(try world.phase(volume: "v") == "Available")
        try world.claim("mine", "1Gi")
        world.run()
        #expect(try world.bound("mine") == "v")
        let volume = try #require(try world.getVolume("v"))
        #expect(StorageWords.annotation("pv.kubernetes.io/bound-by-controller", of: volume) == nil)
        // A claim that names its volume waits for it.
        try world.claim("asks", "1Gi", ["volumeName": "later"])
        try world.claim("toobig", "9Gi", ["volumeName": "later"])
        try world.claim("taken", "1Gi", ["volumeName": "v"])
        world.run()
        #expect(try world.phase(claim: "asks") == "Pending")
        #expect(
            try world.events("FailedBinding", of: "taken") == [
                "volume \"v\" already bound to a different claim."
            ])
        try world.volume("later", "2Gi")
        world.run()
        #expect(try world.phase(claim: "asks") == "Bound")
        let claim = try #require(try world.getClaim("asks"))
        #expect(StorageWords.annotation("pv.kubernetes.io/bound-by-controller", of: claim) == nil)
        #expect(try world.phase(claim: "toobig") == "Pending")
        try world.volume("tiny", "1Gi")
        try world.claim("large", "3Gi", ["volumeName": "tiny"])
        world.run()
        #expect(
            try world.events("VolumeMismatch", of: "large") == [
                "Cannot bind to requested volume \"tiny\": requested PV is too small"
            ])
    }

    @Test func whatPoliciesSay() throws {
        let world = try StorageWorld()
        try world.volume("kept", "1Gi", policy: "Retain")
        try world.volume("scrubbed", "2Gi", policy: "Recycle")
        try world.volume("foreign", "3Gi", policy: "Delete")
        try world.volume("temporary", "4Gi", policy: "Delete", ["hostPath": ["path": "/tmp/x"]])
        for (name, size) in [("a", "1Gi"), ("b", "2Gi"), ("c", "3Gi"), ("d", "4Gi")] {
            try world.claim(name, size)
            world.run()
        }
        #expect(try world.bound("d") == "temporary")
        for name in ["a", "b", "c", "d"] { try world.delete("persistentvolumeclaims", name) }
        world.run()
        #expect(try world.phase(claim: "a") == "gone")
        #expect(try world.phase(volume: "kept") == "Released")
        #expect(try world.phase(volume: "scrubbed") == "Failed")
        #expect(try world.phase(volume: "foreign") == "Failed")
        #expect(
            try world.getVolume("foreign")?["status"]?["message"]?.string
                == "host_path deleter only supports /tmp/.+ but received provided /data/foreign")
        #expect(try world.phase(volume: "temporary") == "gone")
        // A released volume is nobody's until its claimRef is taken off by hand.
        try world.claim("a", "1Gi")
        world.run()
        #expect(try world.phase(claim: "a") == "Pending")
        try world.cluster.patch("v1", "persistentvolumes", "kept", ["spec": ["claimRef": .null]], in: "")
        world.run()
        #expect(try world.bound("a") == "kept")
    }

    @Test func aLostVolumeLosesItsClaim() throws {
        let world = try StorageWorld()
        try world.volume("v", "1Gi")
        try world.claim("c", "1Gi")
        world.run()
        try world.cluster.patch(
            "v1", "persistentvolumes", "v", ["metadata": ["finalizers": .null]], in: "")
        try world.delete("persistentvolumes", "v")
        world.run()
        // Protection puts its finalizer back, so that the volume outlives its deletion.
        if try world.getVolume("v") != nil {
            try world.cluster.patch(
                "v1", "persistentvolumes", "v", ["metadata": ["finalizers": .null]], in: "")
            world.run()
        }
        #expect(try world.phase(claim: "c") == "Lost")
        #expect(
            try world.events("ClaimLost", of: "c") == [
                "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
            ])
    }

    @Test func theDefaultClassComesAfterTheFact() throws {
        let world = try StorageWorld()
        try world.claim("c", "1Gi", class: nil)
        try world.claim("none", "1Gi", class: "")
        world.run()
        #expect(try world.phase(claim: "c") == "Pending")
        try world.storageClass("standard", isDefault: true)
        world.run()
        #expect(try world.getClaim("c")?["spec"]?["storageClassName"]?.string == "standard")
        #expect(try world.phase(claim: "c") == "Bound")
        #expect(try world.phase(claim: "none") == "Pending")
    }

    @Test func claimsAreBoundOneToOne() throws {
        for seed in UInt64(1)...120 {
            let world = try StorageWorld(seed: seed)
            try world.storageClass("made")
            var claims: [String] = []
            for step in 0..<24 {
                switch world.random(8) {
                case 0, 1:
                    let named: JSON =
                        world.random(4) == 0
                        ? ["claimRef": ["namespace": "default", "name": .string("c\(world.random(12))")]]
                        : [:]
                    try world.volume(
                        "v\(step)", "\(1 + world.random(5))Gi",
                        policy: world.random(2) == 0 ? "Retain" : "Delete",
                        named)
                case 2, 3, 4:
                    let named: JSON =
                        world.random(5) == 0 ? ["volumeName": .string("v\(world.random(24))")] : [:]
                    // A name may come again, while the volume of its first bearer is still there.
                    let name = "c\(world.random(12))"
                    guard try world.getClaim(name) == nil else { break }
                    try world.claim(
                        name, "\(1 + world.random(5))Gi", class: world.random(3) == 0 ? "made" : "",
                        named)
                    claims.append(name)
                case 5 where !claims.isEmpty:
                    let name = claims.remove(at: world.random(claims.count))
                    try world.delete("persistentvolumeclaims", name)
                case 6:
                    let volumes = try world.cluster.list("v1", "persistentvolumes")
                    let free = volumes.filter { StorageWords.phase($0) != "Bound" }
                    if let volume = free.first { try world.delete("persistentvolumes", volume.name) }
                default: break
                }
                if world.random(2) == 0 { world.run(0.1) }
            }
            world.run(30)
            let volumes = try world.cluster.list("v1", "persistentvolumes")
            let present = try world.cluster.list("v1", "persistentvolumeclaims")
            #expect(Set(present.map(\.name)) == Set(claims), "seed \(seed)")
            var taken: Set<String> = []
            for claim in present where StorageWords.phase(claim) == "Bound" {
                let name = claim["spec"]?["volumeName"]?.string ?? ""
                #expect(taken.insert(name).inserted, "seed \(seed): \(name) twice")
                let volume = volumes.first { $0.name == name }
                #expect(volume?["spec"]?["claimRef"]?["uid"]?.string == claim.uid, "seed \(seed)")
                #expect(volume.map(StorageWords.phase) == "Bound", "seed \(seed)")
                if let volume {
                    #expect(
                        StorageWords.capacity(of: volume) >= StorageWords.request(of: claim), "seed \(seed)")
                }
            }
            for volume in volumes where StorageWords.phase(volume) == "Bound" {
                #expect(taken.contains(volume.name), "seed \(seed): \(volume.name) bound to nobody")
            }
            for claim in present where StorageWords.phase(claim) == "Pending" {
                // Nobody waits for what is there.
                let wanted = ClaimSummary(claim)
                let match = volumes.first { wanted.matches(VolumeSummary($0)) }
                #expect(match == nil, "seed \(seed): \(claim.name) could have \(match?.name ?? "")")
                #expect(wanted.className.isEmpty || !wanted.volumeName.isEmpty, "seed \(seed)")
            }
        }
    }
}
