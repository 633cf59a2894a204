import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeNode

/// A status that comes with the rest of the pod as it is stored takes a shorter way through the API: what
/// comes of it is the same to the byte.
@Suite struct StatusWriteTests {
    private static func status(_ hash: SeededHash) -> JSON {
        func pick(_ word: String, _ list: [JSON]) -> JSON {
            list[Int(hash.with(word).bits % UInt64(list.count))]
        }
        return [
            "qosClass": pick("qos", ["BestEffort", "Burstable", .null]),
            "phase": pick("phase", ["Pending", "Running", "Running", "Failed", .null]),
            "unknownField": pick("unknown", [.null, 1]),
            "podIP": pick("ip", ["10.0.0.1", "10.0.0.2", .null, "nonsense"]),
            "podIPs": pick("ips", [[], .null, [["ip": "10.0.0.1"]], [["ip": "10.0.0.2"]]]),
            "conditions": pick(
                "conditions",
                [
                    [], .null,
                    [["type": "Ready", "status": "True", "lastProbeTime": .null, "extra": true]],
                    [
                        ["type": "Ready", "status": "False", "lastTransitionTime": "2023-11-14T22:13:20Z"],
                        ["type": "PodScheduled", "status": "True"],
                    ],
                    [["type": "not valid/", "status": "True"]],
                ]),
            "containerStatuses": pick(
                "containers",
                [
                    [], [["name": "c", "state": [:], "lastState": [:], "restartCount": 2]],
                    [
                        [
                            "name": "c", "ready": true, "started": true, "image": "i", "imageID": "",
                            "state": ["running": ["startedAt": "2023-11-14T22:13:20Z"]],
                            "allocatedResources": ["cpu": "0.5"],
                        ]
                    ],
                    [["name": "c", "restartCount": "text"]],
                ]),
            "message": pick("message", ["", "words", .null]),
        ]
    }

    @Test func bothWaysGiveTheSameBytes() throws {
        var refusals = 0
        for seed in 1...100 {
            func outcome(_ isShort: Bool) throws -> [String] {
                let world = try NodeWorld(seed: UInt64(seed), nodes: [])
                try world.pod("p", on: "elsewhere")
                var said: [String] = []
                for round in 0..<4 {
                    var body = try world.get("p")
                    body["status"] = Self.status(SeededHash(UInt64(seed)).with(round))
                    // A pod without its revision is not the stored one: it goes the long way.
                    if !isShort, var metadata = body["metadata"]?.object {
                        metadata.removeValue(forKey: "resourceVersion")
                        body["metadata"] = .object(metadata)
                    }
                    var request = try world.cluster.request("v1", "pods", "default", "p")
                    request.subresource = "status"
                    do {
                        let written = try world.cluster.registry.update(&request, body: body)
                        said.append(String(decoding: written.bytes, as: UTF8.self))
                    } catch {
                        said.append(error.message)
                    }
                    said.append("\(request.warnings)")
                    world.run(1)
                }
                return said
            }
            let (short, long) = (try outcome(true), try outcome(false))
            for (mine, other) in zip(short, long) { #expect(mine == other, "seed \(seed)") }
            refusals += short.count { !$0.hasPrefix("{") && !$0.hasPrefix("[") }
        }
        #expect((20...390).contains(refusals), "both kinds are tried: \(refusals)")
    }
}
