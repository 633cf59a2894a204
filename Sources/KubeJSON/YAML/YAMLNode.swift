import Yams

/// A YAML value whose scalars are still the text that was written, for tools that rewrite manifests: what a
/// text means (`0644`, `1.20`, `yes`) is decided only when the value is turned into JSON, and a list or a
/// string that a rewriting puts into place keeps being one.
public indirect enum YAMLNode: Sendable, Hashable {
    /// `isString`: whatever the text looks like, it is a string.
    case scalar(String, isString: Bool)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)

    public static func string(_ text: String) -> YAMLNode { .scalar(text, isString: true) }
    /// A scalar that means what its text means.
    public static func plain(_ text: String) -> YAMLNode { .scalar(text, isString: false) }
    public static var emptyMapping: YAMLNode { .mapping(YAMLMapping()) }
    public static let null = YAMLNode.plain("null")

    public var text: String? { if case .scalar(let text, _) = self { text } else { nil } }
    public var sequence: [YAMLNode]? { if case .sequence(let items) = self { items } else { nil } }
    public var mapping: YAMLMapping? { if case .mapping(let mapping) = self { mapping } else { nil } }

    public var isNull: Bool {
        guard case .scalar(let text, false) = self else { return false }
        switch text {
        case "", "~", "null", "Null", "NULL": return true
        default: return false
        }
    }

    /// The member of a mapping; setting makes anything else a mapping, and nil removes the member.
    public subscript(key: String) -> YAMLNode? {
        get { mapping?[key] }
        set {
            var mapping = self.mapping ?? YAMLMapping()
            mapping[key] = newValue
            self = .mapping(mapping)
        }
    }

    /// The value at a path of keys.
    public func at(_ path: String...) -> YAMLNode? {
        var value = self
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }
}

/// The members of a YAML mapping, in the order in which they were written.
public struct YAMLMapping: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public let key: String
        public var value: YAMLNode

        public init(_ key: String, _ value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    public var members: [Member]

    public init(_ members: [Member] = []) { self.members = members }

    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    public subscript(key: String) -> YAMLNode? {
        get { members.first { $0.key == key }?.value }
        set {
            switch (members.firstIndex { $0.key == key }, newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): members.remove(at: position)
            case (nil, let value?): members.append(Member(key, value))
            case (nil, nil): break
            }
        }
    }
}

extension YAMLNode {
    public init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .string(let text): self = .string(text)
        case .array(let items): self = .sequence(items.map(YAMLNode.init))
        case .object(let object):
            self = .mapping(YAMLMapping(object.map { YAMLMapping.Member($0.key, YAMLNode($0.value)) }))
        default: self = .plain(JSONWriter.string(json))
        }
    }

    /// The value as `go-yaml` v3 decodes it: `yes` and `on` are strings, times are written out in full.
    public var json: JSON {
        switch self {
        case .scalar(let text, true): return .string(text)
        case .scalar(let text, false):
            if let time = YAMLTime.written(text) { return .string(time) }
            switch text {
            case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off",
                "OFF":
                return .string(text)
            default: return YAMLScalar.resolve(text) ?? .string(text)
            }
        case .sequence(let items): return .array(items.map(\.json))
        case .mapping(let mapping):
            return .object(JSONObject(mapping.members.map { ($0.key, $0.value.json) }))
        }
    }
}

extension YAML {
    /// The documents of a text as they are written; empty ones are left out, as `parse` leaves them out.
    public static func nodes(
        _ text: String, limits: Limits = Limits()
    ) throws(YAMLError) -> [YAMLNode] {
        // What is no YAML, too large, or has a key twice is refused there.
        _ = try parse(text.utf8, limits: limits)
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        do {
            var documents: [YAMLNode] = []
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() {
                let node = written(root)
                if !node.isNull { documents.append(node) }
            }
            return documents
        } catch {
            throw YAMLError("unreadable text")
        }
    }

    private static func written(_ node: Node) -> YAMLNode {
        switch node {
        case .scalar(let scalar):
            let tag = scalar.tag.rawValue
            let isTyped = ["int", "float", "bool", "null", "timestamp"].contains {
                tag == "tag:yaml.org,2002:" + $0
            }
            guard isTyped || (tag.isEmpty && scalar.style == .plain) else { return .string(scalar.string) }
            let plain = YAMLNode.plain(scalar.string)
            if !isTyped, case .string? = Optional(plain.json), YAMLTime.written(scalar.string) == nil {
                return .string(scalar.string)
            }
            return plain
        case .sequence(let sequence): return .sequence(sequence.map(written))
        case .mapping(let mapping):
            var members = YAMLMapping()
            var sources: [Node] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else { continue }
                if name.style == .plain, name.string == "<<" {
                    sources.append(value)
                } else {
                    members.members.append(YAMLMapping.Member(name.string, written(value)))
                }
            }
            for source in sources { merge(source, into: &members) }
            return .mapping(members)
        case .alias: return .null
        }
    }

    /// Merge keys (`<<`): what is already there stays, and of several sources the first wins.
    private static func merge(_ source: Node, into mapping: inout YAMLMapping) {
        if case .sequence(let sources) = source {
            for item in sources { merge(item, into: &mapping) }
        } else if case .mapping(let members) = written(source) {
            for member in members.members where mapping[member.key] == nil { mapping.members.append(member) }
        }
    }
}

/// Dates and times that YAML has a type for (`2001-12-14`, `2001-12-14t21:59:43.10-05:00`).
enum YAMLTime {
    /// The text in the form of RFC 3339; nil when it is no time.
    static func written(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8, bytes[4] == UInt8(ascii: "-") else { return nil }
        var rest = bytes[...]
        func digits(_ range: ClosedRange<Int>) -> String? {
            let found = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
            guard range.contains(found.count) else { return nil }
            rest = rest.dropFirst(found.count)
            let text = String(decoding: found, as: UTF8.self)
            return text.count == 1 ? "0" + text : text
        }
        func take(_ characters: String) -> UInt8? {
            guard let first = rest.first, characters.utf8.contains(first) else { return nil }
            rest = rest.dropFirst()
            return first
        }
        guard let year = digits(4...4), take("-") != nil, let month = digits(1...2), take("-") != nil,
            let day = digits(1...2), (1...12).contains(Int(month) ?? 0), (1...31).contains(Int(day) ?? 0)
        else { return nil }
        let date = "\(year)-\(month)-\(day)"
        if rest.isEmpty { return date + "T00:00:00Z" }
        guard let mark = take("Tt "), let hour = digits(1...2), take(":") != nil,
            let minute = digits(1...2), take(":") != nil, let second = digits(1...2)
        else { return nil }
        var time = "\(date)T\(hour):\(minute):\(second)"
        if take(".") != nil {
            let fraction = String(decoding: rest.prefix { $0 &- UInt8(ascii: "0") < 10 }, as: UTF8.self)
            guard (1...9).contains(fraction.utf8.count) else { return nil }
            rest = rest.dropFirst(fraction.utf8.count)
            let kept = String(fraction.reversed().drop { $0 == "0" }.reversed())
            if !kept.isEmpty { time += "." + kept }
        }
        if rest.isEmpty { return mark == UInt8(ascii: " ") ? time + "Z" : nil }
        if take("Z") != nil { return rest.isEmpty ? time + "Z" : nil }
        guard let sign = take("+-"), let hours = digits(2...2), take(":") != nil,
            let minutes = digits(2...2), rest.isEmpty
        else { return nil }
        if hours == "00", minutes == "00" { return time + "Z" }
        return time + String(UnicodeScalar(sign)) + "\(hours):\(minutes)"
    }
}
