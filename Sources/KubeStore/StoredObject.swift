import KubeJSON
import Synchronization

/// The name of an ordered collection of objects: an API group and a plural resource name.
public struct CollectionID: Hashable, Sendable, CustomStringConvertible {
    public let group: String
    public let resource: String

    public init(group: String, resource: String) {
        self.group = group
        self.resource = resource
    }

    public var description: String { group.isEmpty ? resource : "\(resource).\(group)" }
}

/// One object at one revision: never changed once it exists.
public final class StoredObject: Sendable {
    /// "namespace/name", or "name" for objects without a namespace.
    public let key: String
    public let revision: UInt64
    public let createRevision: UInt64
    /// The JSON text that GET, LIST and WATCH send.
    public let bytes: [UInt8]
    /// Where the text goes on after `{"kind":"K","apiVersion":"V",`.
    public let bodyOffset: Int
    /// Where the digits of the revision are in the text.
    let revisionOffset: Int

    private enum Tree: Sendable {
        case unparsed
        case unstamped(JSON)
        case ready(JSON)
    }
    private struct Parsed: Sendable {
        var tree: Tree
        /// The labels stay when the tree goes: every selective list asks for them.
        var labels: JSONObject?
        var knowsLabels: Bool
        /// The object as clients want it that do not take JSON; goes with the tree.
        var form: [UInt8]?
    }
    private let parsed: Mutex<Parsed>
    /// All of them where the labels are not known without parsing.
    let labelBits: UInt64
    private let cache: TreeCache?

    init(
        key: String, revision: UInt64, createRevision: UInt64, bytes: [UInt8], bodyOffset: Int,
        revisionOffset: Int, unstamped: JSON?, cache: TreeCache?
    ) {
        self.key = key
        self.revision = revision
        self.createRevision = createRevision
        self.bytes = bytes
        self.bodyOffset = bodyOffset
        self.revisionOffset = revisionOffset
        self.cache = cache
        let labels = unstamped?["metadata"]?["labels"]?.object
        labelBits = unstamped == nil ? .max : LabelBits(labels).bits
        parsed = Mutex(
            Parsed(
                tree: unstamped.map { .unstamped($0) } ?? .unparsed, labels: labels,
                knowsLabels: unstamped != nil))
        if unstamped != nil { cache?.keep(self) }
    }

    /// Empty for objects without a namespace.
    public var namespace: String {
        guard let slash = key.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(key[..<slash])
    }

    public var name: String {
        guard let slash = key.utf8.firstIndex(of: UInt8(ascii: "/")) else { return key }
        return String(key[key.index(after: slash)...])
    }

    /// The parsed tree: the one that was written or, when it was let go of or after a restart, parsed from
    /// the bytes.
    public var value: JSON {
        let (value, isNew) = parsed.withLock { parsed -> (JSON, Bool) in
            switch parsed.tree {
            case .ready(let present): return (present, false)
            case .unstamped(let written):
                var stamped = written
                stamped.set(.string(String(revision)), at: "metadata", "resourceVersion")
                parsed.tree = .ready(stamped)
                return (stamped, false)
            case .unparsed:
                // The journal's checksum has vouched for the bytes, which came from a JSON writer.
                let value = (try? JSONParser.parse(bytes)) ?? .null
                parsed.tree = .ready(value)
                parsed.labels = value["metadata"]?["labels"]?.object
                parsed.knowsLabels = true
                return (value, true)
            }
        }
        if isNew { cache?.keep(self) }
        return value
    }

    /// `metadata.labels`, without parsing the rest when they are known.
    public var labels: JSONObject? {
        if let known = parsed.withLock({ $0.knowsLabels ? .some($0.labels) : nil }) { return known }
        return value["metadata"]?["labels"]?.object
    }

    /// The object in another form than its text, made when it is first asked for and kept for as long as the
    /// tree is. All who ask for one must ask for the same.
    public func form<Failure: Error>(
        _ make: (JSON) throws(Failure) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
        if let known = parsed.withLock({ $0.form }) { return known }
        let made = try make(value)
        parsed.withLock { parsed in
            // Without its tree it is bounded by nothing.
            if case .ready = parsed.tree { parsed.form = made }
        }
        return made
    }

    func dropTree() {
        parsed.withLock { parsed in
            parsed.tree = .unparsed
            parsed.form = nil
        }
    }

    /// The same text with another revision in it.
    func encodedAgain() -> EncodedObject {
        var text = bytes
        text.removeSubrange(revisionOffset..<(revisionOffset + String(revision).utf8.count))
        return EncodedObject(
            bytes: text, revisionOffset: revisionOffset, bodyOffset: bodyOffset, value: value)
    }
}

/// An object ready to be written but for its revision, which only the store knows.
public struct EncodedObject: Sendable {
    /// The text with nothing between the quotes of `"resourceVersion":""`.
    public let bytes: [UInt8]
    /// Where between those quotes is.
    public let revisionOffset: Int
    public let bodyOffset: Int
    public let value: JSON?

    public init(bytes: [UInt8], revisionOffset: Int, bodyOffset: Int, value: JSON?) {
        self.bytes = bytes
        self.revisionOffset = revisionOffset
        self.bodyOffset = bodyOffset
        self.value = value
    }

    /// Encodes a value: kind and apiVersion first, then the rest in its order.
    public init(_ value: JSON) {
        var text = JSONOutput(capacity: 4_096)
        text.put(#"{"kind":"#)
        text.write(value["kind"] ?? "")
        text.put(#","apiVersion":"#)
        text.write(value["apiVersion"] ?? "")
        text.put(",")
        bodyOffset = text.count
        var hole = 0
        var first = true
        for (key, member) in value.object ?? [:] where key != "kind" && key != "apiVersion" {
            if !first { text.put(",") }
            first = false
            if key == "metadata" {
                hole = Self.write(metadata: member.object ?? [:], into: &text)
            } else {
                text.write(key)
                text.put(":")
                text.write(member)
            }
        }
        if hole == 0 {
            if !first { text.put(",") }
            hole = Self.write(metadata: [:], into: &text)
        }
        text.put("}")
        bytes = text.bytes
        revisionOffset = hole
        self.value = value
    }

    /// Writes the metadata; returns where the digits of the revision go.
    private static func write(metadata: JSONObject, into text: inout JSONOutput) -> Int {
        var hole = 0
        text.put(#""metadata":{"#)
        var first = true
        for (key, member) in metadata {
            if !first { text.put(",") }
            first = false
            if key == "resourceVersion" {
                text.put(#""resourceVersion":""#)
                hole = text.count
                text.put("\"")
            } else {
                text.write(key)
                text.put(":")
                text.write(member)
            }
        }
        if hole == 0 {
            text.put(first ? #""resourceVersion":""# : #","resourceVersion":""#)
            hole = text.count
            text.put("\"")
        }
        text.put("}")
        return hole
    }

    func stored(key: String, revision: UInt64, createRevision: UInt64, cache: TreeCache?) -> StoredObject {
        let digits = Array(String(revision).utf8)
        let text = [UInt8](unsafeUninitializedCapacity: bytes.count + digits.count) { buffer, count in
            var next = buffer[..<buffer.endIndex].update(fromContentsOf: bytes[..<revisionOffset])
            next = buffer[next...].update(fromContentsOf: digits)
            next = buffer[next...].update(fromContentsOf: bytes[revisionOffset...])
            count = next
        }
        return StoredObject(
            key: key, revision: revision, createRevision: createRevision, bytes: text, bodyOffset: bodyOffset,
            revisionOffset: revisionOffset, unstamped: value, cache: cache)
    }
}
