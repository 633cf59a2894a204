import KubeAPI
import KubeJSON

/// Names a pod template: the `pod-template-hash` of a ReplicaSet and of its pods
/// (pkg/controller/controller_utils.go, ComputeHash). Upstream hashes a dump of its own types; this hashes the
/// template's JSON, so equal templates have equal hashes, though not upstream's.
enum PodTemplateHash {
    static let label = "pod-template-hash"
    /// Neither vowels nor digits that look like them, so that no word comes about.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    /// - Parameter collisions: how often a name was taken by another template.
    static func hash(of template: JSON, collisions: Int?) -> String {
        var state: UInt32 = 2_166_136_261
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes {
                // FNV-1a.
                state = (state ^ UInt32(byte)) &* 16_777_619
            }
        }
        func add(_ value: JSON) {
            switch value {
            case .object(let object):
                add("{".utf8)
                for key in object.sortedKeys {
                    add(JSONWriter.bytes(.string(key)))
                    if let member = object[key] { add(member) }
                }
                add("}".utf8)
            case .array(let elements):
                add("[".utf8)
                for element in elements { add(element) }
                add("]".utf8)
            default:
                add(JSONWriter.bytes(value))
                add(",".utf8)
            }
        }
        add(template)
        if let collisions {
            let count = UInt64(clamping: collisions)
            add((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) })
        }
        return String(String(state).utf8.map { alphabet[Int($0) % alphabet.count] })
    }

    /// Whether two templates are the same but for the hash.
    static func areEqual(_ left: JSON, _ right: JSON) -> Bool {
        let (one, other) = (plain(left), plain(right))
        return one.labels == other.labels && one.rest == other.rest
    }

    private static func plain(_ template: JSON) -> (labels: JSONObject, rest: JSON) {
        var metadata = template["metadata"]?.object ?? [:]
        var labels = metadata["labels"]?.object ?? [:]
        labels.removeValue(forKey: label)
        metadata.removeValue(forKey: "labels")
        metadata.removeValue(forKey: "creationTimestamp")
        return (labels, ["metadata": .object(metadata), "spec": template["spec"] ?? [:]])
    }
}
