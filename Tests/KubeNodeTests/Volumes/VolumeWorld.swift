import Foundation
import KubeAPI
import KubeJSON
import KubeStore
import Synchronization
import Testing

@testable import KubeNode

/// Volumes in a directory of their own, over objects that a test sets.
final class VolumeWorld: ObjectSource, TokenSource {
    let root: String
    private let all = Mutex<[String: JSON]>([:])
    private let clock = Mutex(Timestamp(seconds: 1_700_000_000))
    private let issued = Mutex(0)

    init() throws {
        root =
            FileManager.default.temporaryDirectory.appendingPathComponent(
                "aegis-volumes-\(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { HostFiles.remove(root) }

    var now: Timestamp { clock.withLock { $0 } }
    func pass(_ seconds: Double) { clock.withLock { $0 = $0.adding(seconds) } }
    var tokensIssued: Int { issued.withLock { $0 } }

    func put(_ collection: CollectionID, _ object: JSON) {
        let namespace = object["metadata"]?["namespace"]?.string ?? ""
        all.withLock { $0["\(collection.resource)/\(namespace)/\(object.name)"] = object }
    }

    func remove(_ collection: CollectionID, _ namespace: String, _ name: String) {
        all.withLock { _ = $0.removeValue(forKey: "\(collection.resource)/\(namespace)/\(name)") }
    }

    func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON? {
        all.withLock { $0["\(collection.resource)/\(namespace)/\(name)"] }
    }

    func objects(_ collection: CollectionID, in namespace: String?) -> [JSON] {
        let start = "\(collection.resource)/" + (namespace.map { $0 + "/" } ?? "")
        return all.withLock { all in
            all.keys.filter { $0.hasPrefix(start) }.sorted().compactMap { all[$0] }
        }
    }

    func token(
        account: String, audience: String, seconds: Int, pod: PodIdentity
    ) throws -> VolumeToken {
        let number = issued.withLock { count in
            count += 1
            return count
        }
        return VolumeToken(
            text: "\(account) \(audience) \(number)", issued: now, expires: now.adding(Double(seconds)))
    }

    func volumes() -> PodVolumes {
        PodVolumes(
            directory: root + "/pods", persistent: root + "/volumes", objects: self, tokens: self,
            now: { [self] in now })
    }

    static func identity(_ uid: String = "u1") -> PodIdentity {
        PodIdentity(uid: uid, namespace: "ns", name: "p", node: "n1")
    }

    static func pod(
        _ volumes: [JSON], uid: String = "u1", metadata: JSONObject = [:], spec: JSONObject = [:]
    ) -> JSON {
        var words: JSONObject = ["name": "p", "namespace": "ns", "uid": .string(uid)]
        for (key, value) in metadata { words[key] = value }
        var body: JSONObject = [
            "nodeName": "n1", "serviceAccountName": "robot", "volumes": .array(volumes),
            "containers": [["name": "c", "image": "i"]],
        ]
        for (key, value) in spec { body[key] = value }
        return ["metadata": .object(words), "spec": .object(body)]
    }

    static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    static func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    /// Tests that mount or give files away say in one line that they did not run.
    static let isRoot: Bool = {
        if geteuid() == 0 { return true }
        print("skipped: volumes in memory and owners of files: not root")
        return false
    }()
}
