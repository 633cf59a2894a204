import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeScheduler

/// The order in which claims try volumes is that of a look at all of them.
@Suite struct VolumeSupplyTests {
    private func volume(_ name: String, _ random: inout SeededGenerator) -> JSON {
        func pick(_ words: [String]) -> JSON { .string(words[random.below(words.count)]) }
        var spec: JSON = [
            "storageClassName": pick(["", "fast"]), "volumeMode": pick(["Filesystem", "Block"]),
            "capacity": ["storage": pick(["1Gi", "2Gi", "3Gi"])], "accessModes": ["ReadWriteOnce"],
        ]
        if random.below(4) == 0 {
            spec["claimRef"] = [
                "namespace": "default", "name": pick(["data", "other"]), "uid": pick(["", "u", "w"]),
            ]
        }
        var metadata: JSON = ["name": .string(name)]
        if random.below(8) == 0 { metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z" }
        return ["metadata": metadata, "spec": spec, "status": ["phase": pick(["Available", "Bound"])]]
    }

    /// As upstream: every volume is looked at.
    private func plain(_ volumes: [String: JSON], _ claim: VolumePlan.Unbound) -> String? {
        let spec = claim.claim["spec"]
        var reserved: [String] = []
        var free: [(Quantity, String)] = []
        for (name, volume) in volumes {
            let own = volume["spec"]
            let size = own?["capacity"]?["storage"]?.string.flatMap { Quantity($0) } ?? .zero
            guard own?["storageClassName"] == spec?["storageClassName"],
                own?["volumeMode"] == spec?["volumeMode"], size >= claim.request,
                volume["metadata"]?["deletionTimestamp"] == nil
            else { continue }
            if let reference = own?["claimRef"] {
                let uid = reference["uid"]?.string ?? ""
                if reference["name"] == "data", uid.isEmpty || uid == "u" { reserved.append(name) }
            } else if volume["status"]?["phase"] == "Available" {
                free.append((size, name))
            }
        }
        return reserved.min() ?? free.min { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }?.1
    }

    @Test(arguments: UInt64(0)..<300)
    func findsWhatALookAtAllFinds(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var storage = StorageView()
        for _ in 0..<40 {
            let name = "v\(random.below(12))"
            storage.setVolume(name, random.below(4) == 0 ? nil : volume(name, &random))
            let text = ["1Gi", "2Gi", "3Gi"][random.below(3)]
            let claim = VolumePlan.Unbound(
                key: "default/data",
                claim: [
                    "metadata": ["uid": "u"],
                    "spec": [
                        "storageClassName": .string(["", "fast"][random.below(2)]),
                        "volumeMode": .string(["Filesystem", "Block"][random.below(2)]),
                    ],
                ], request: try #require(Quantity(text)))
            let found = storage.supply.first(for: claim, className: storage.className(of: claim.claim)) {
                _, _ in
                true
            }
            #expect(found == plain(storage.volumes, claim), "seed \(seed)")
        }
    }

    @Test func aPromiseIsKeptBothWays() {
        var storage = StorageView()
        storage.promise([
            .existing(claim: "default/data", volume: "v"), .provision(claim: "default/new", node: "n"),
        ])
        #expect(storage.promised["v"] == "default/data")
        #expect(storage.promises["default/data"] == "v")
        storage.settle("default/data")
        storage.settle("default/new")
        #expect(storage.promised.isEmpty && storage.promises.isEmpty && storage.provisioning.isEmpty)
        storage.promise([.existing(claim: "default/data", volume: "v")])
        storage.takeBack([.existing(claim: "default/data", volume: "v")])
        #expect(storage.promised.isEmpty && storage.promises.isEmpty)
    }
}
