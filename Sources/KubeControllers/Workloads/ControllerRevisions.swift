import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What StatefulSets and DaemonSets remember their earlier templates in: ControllerRevisions, whose data is a
/// strategic merge patch that puts the template back (pkg/controller/history).
enum ControllerRevisions {
    /// The most of an owner's name that a revision's name begins with, bytes.
    private static let prefixLimit = 223

    /// The patch that puts a template back. Its keys are sorted, as kubectl sorts them before it compares.
    static func data(of template: JSON) -> JSON {
        var template = sorted(template)
        template["$patch"] = "replace"
        return sorted(["spec": ["template": template]])
    }

    /// The template that a revision puts back.
    static func template(in revision: JSON) -> JSON {
        var template = revision.at("data", "spec", "template") ?? [:]
        template.removeValue(forKey: "$patch")
        return template
    }

    static func number(_ revision: JSON) -> Int64 { revision["revision"]?.integer ?? 0 }

    static func name(_ owner: String, hash: String) -> String {
        guard owner.utf8.count > prefixLimit else { return "\(owner)-\(hash)" }
        return String(decoding: owner.utf8.prefix(prefixLimit), as: UTF8.self) + "-" + hash
    }

    /// FNV-1 of the data as Go writes it and of the count of collisions, so that equal revisions have the
    /// names that upstream gives them.
    static func hash(_ data: JSON, collisions: Int64) -> String {
        var hash: UInt32 = 2_166_136_261
        func add(_ byte: UInt8) {
            hash &*= 16_777_619
            hash ^= UInt32(byte)
        }
        for byte in JSONWriter.string(data).utf8 {
            switch byte {
            // Go escapes what HTML could take for markup.
            case UInt8(ascii: "<"): #"\u003c"#.utf8.forEach(add)
            case UInt8(ascii: ">"): #"\u003e"#.utf8.forEach(add)
            case UInt8(ascii: "&"): #"\u0026"#.utf8.forEach(add)
            default: add(byte)
            }
        }
        String(collisions).utf8.forEach(add)
        return safe(String(hash))
    }

    /// Letters and digits that spell no words (rand.SafeEncodeString).
    private static func safe(_ text: String) -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        return String(decoding: text.utf8.map { letters[Int($0) % letters.count] }, as: UTF8.self)
    }

    /// A new revision of an owner, controlled by it.
    static func revision(
        of owner: JSON, name: String, data: JSON, number: Int64, hashLabel: String, hash: String
    ) -> JSON {
        var labels = owner.at("spec", "template", "metadata", "labels")?.object ?? [:]
        labels[hashLabel] = .string(hash)
        var metadata: JSONObject = [
            "name": .string(name), "namespace": .string(owner.namespace), "labels": .object(labels),
        ]
        if let annotations = owner.at("metadata", "annotations")?.object, !annotations.isEmpty {
            metadata["annotations"] = .object(annotations)
        }
        metadata["ownerReferences"] = [PodTemplates.ownerReference(to: owner)]
        return [
            "kind": "ControllerRevision", "apiVersion": "apps/v1", "metadata": .object(metadata),
            "data": data, "revision": .integer(number),
        ]
    }

    static func create(_ revision: JSON) -> ControllerWrite { write(revision, .create(revision)) }

    /// Moves a revision to a number.
    static func renumber(_ revision: JSON, to number: Int64) -> ControllerWrite {
        var revision = revision
        revision["revision"] = .integer(number)
        return write(revision, .update(revision))
    }

    static func delete(_ revision: JSON) -> ControllerWrite {
        var write = ControllerWrite.delete(
            ("apps", "v1", "controllerrevisions"), namespace: revision.namespace, name: revision.name,
            uid: revision.uid)
        write.letsOthersGoOn = true
        return write
    }

    static func write(_ revision: JSON, _ operation: ControllerWrite.Operation) -> ControllerWrite {
        ControllerWrite(
            group: "apps", version: "v1", plural: "controllerrevisions", namespace: revision.namespace,
            name: revision.name, operation)
    }

    private static func sorted(_ value: JSON) -> JSON {
        switch value {
        case .object(let object):
            return .object(
                JSONObject(object.sortedKeys.map { ($0, sorted(object[$0] ?? .null)) }))
        case .array(let elements): return .array(elements.map(sorted))
        default: return value
        }
    }
}

/// The revisions of one owner, oldest number first, and what must be written to have them: those that match
/// its selector and have no controller are adopted.
struct RevisionClaim {
    var revisions: [JSON] = []
    var writes: [ControllerWrite] = []

    /// - Parameter releases: whether those of its own that match no longer are let go (a DaemonSet does).
    init(owner: JSON, selector: LabelSelector, view: ClusterView, releases: Bool) {
        let adopts = owner.deletionTimestamp == nil
        for stored in view.objects(.controllerRevisions, in: owner.namespace) {
            let matches = selector.matches(labels: stored.labels)
            // What neither matches nor could be let go is another's: most of a namespace's revisions.
            if !matches, !releases { continue }
            let revision = stored.value
            let controller = revision.ownerReferences.first { $0["controller"]?.bool == true }
            if let controller {
                guard controller["uid"]?.string == owner.uid else { continue }
                if matches {
                    revisions.append(revision)
                } else if adopts {
                    writes.append(
                        Self.owners(
                            revision, revision.ownerReferences.filter { $0["uid"]?.string != owner.uid }))
                }
            } else if matches, adopts, revision.deletionTimestamp == nil {
                let owners = revision.ownerReferences + [PodTemplates.ownerReference(to: owner)]
                writes.append(Self.owners(revision, owners))
                revisions.append(revision)
            }
        }
        revisions.sort(by: Self.isOlder)
    }

    private static func isOlder(_ left: JSON, _ right: JSON) -> Bool {
        let (first, second) = (ControllerRevisions.number(left), ControllerRevisions.number(right))
        if first != second { return first < second }
        let (born, later) = (created(left), created(right))
        if born != later { return utf8Less(born, later) }
        return utf8Less(left.name, right.name)
    }

    private static func created(_ revision: JSON) -> String {
        revision.at("metadata", "creationTimestamp")?.string ?? ""
    }

    private static func owners(_ revision: JSON, _ owners: [JSON]) -> ControllerWrite {
        ControllerRevisions.write(
            revision,
            .patch([
                "metadata": [
                    "uid": .string(revision.uid),
                    "ownerReferences": owners.isEmpty ? .null : .array(owners),
                ]
            ]))
    }
}
