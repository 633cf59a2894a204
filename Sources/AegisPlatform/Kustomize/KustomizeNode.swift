import KubeJSON

/// A value of an object while a kustomization changes it.
///
/// It is a tree that is changed in place and knows how its scalars were written, because what kustomize
/// prints depends on it: a number put where a quoted text was becomes a text. It lives in one build and is
/// shared with nobody.
final class KustomizeNode {
    enum Tag: Equatable {
        case string, integer, float, bool, null
    }

    enum Kind: Equatable {
        case scalar, sequence, mapping
    }

    var kind: Kind
    /// Of a scalar: what was written, without quotes.
    var text = ""
    /// Of a scalar; nil stands for what the text looks like.
    var tag: Tag?
    /// Of a scalar: it was written in quotes or as a block.
    var isQuoted = false
    var items: [KustomizeNode] = []
    var fields: [(key: String, value: KustomizeNode)] = []
    /// Where it was written.
    var file = ""
    var line = 0

    init(_ kind: Kind) { self.kind = kind }

    convenience init(text: String, tag: Tag? = nil, isQuoted: Bool = false) {
        self.init(.scalar)
        self.text = text
        self.tag = tag
        // A text that would read as something else is written in quotes.
        if tag == .string, !isQuoted, case .string? = YAMLScalarText.resolve(text) {
            self.isQuoted = false
        } else {
            self.isQuoted = isQuoted || tag == .string
        }
    }

    // MARK: Reading

    var isNull: Bool { kind == .scalar && effectiveTag == .null }

    /// Null, or an empty list or map.
    var isNullOrEmpty: Bool {
        switch kind {
        case .scalar: isNull
        case .sequence: items.isEmpty
        case .mapping: fields.isEmpty
        }
    }

    private var effectiveTag: Tag { tag ?? (isQuoted ? .string : Self.tag(of: text)) }

    subscript(key: String) -> KustomizeNode? {
        kind == .mapping ? fields.first { $0.key == key }?.value : nil
    }

    /// The scalar's text at a path of keys; nil where there is none.
    func text(at path: String...) -> String? {
        var node = self
        for key in path {
            guard let next = node[key] else { return nil }
            node = next
        }
        return node.kind == .scalar && !node.isNull ? node.text : nil
    }

    // MARK: Writing

    /// Puts a value at a key. A scalar keeps the quotes of the one that it replaces, and null removes.
    func set(_ key: String, _ value: KustomizeNode?) {
        guard let value, !value.isNull else { return remove(key) }
        if let position = fields.firstIndex(where: { $0.key == key }) {
            if value.kind == .scalar, fields[position].value.kind == .scalar {
                value.isQuoted = fields[position].value.isQuoted
            }
            fields[position].value = value
        } else {
            fields.append((key, value))
        }
    }

    func set(_ key: String, text: String) { set(key, KustomizeNode(text: text, tag: .string)) }

    func remove(_ key: String) { fields.removeAll { $0.key == key } }

    /// Makes it a copy of another node, in place.
    func become(_ other: KustomizeNode) {
        kind = other.kind
        text = other.text
        tag = other.tag
        isQuoted = other.isQuoted
        items = other.items
        fields = other.fields
    }

    func copy() -> KustomizeNode {
        let node = KustomizeNode(kind)
        node.become(self)
        node.items = items.map { $0.copy() }
        node.fields = fields.map { ($0.key, $0.value.copy()) }
        node.file = file
        node.line = line
        return node
    }

    // MARK: What a text looks like

    /// YAML 1.2's core scalars and what go-yaml v3 keeps of 1.1: `yes` and `on` are texts.
    static func tag(of text: String) -> Tag {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "false", "False", "FALSE": return .bool
        case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF":
            return .string
        default: break
        }
        switch YAMLScalarText.resolve(text) {
        case .integer: return .integer
        case .double: return .float
        default: return .string
        }
    }
}

/// A scalar that is not what its tag says.
struct KustomizeValueError: Error {
    let message: String
}

extension KustomizeNode {
    convenience init(_ node: YAMLNode, file: String) throws(KustomizeValueError) {
        switch node.content {
        case .scalar(let text, let isPlain, let tag):
            self.init(text: text, tag: Self.tag(named: tag, text, isPlain: isPlain), isQuoted: !isPlain)
        case .sequence(let items):
            self.init(.sequence)
            for item in items { self.items.append(try KustomizeNode(item, file: file)) }
        case .mapping(let members):
            self.init(.mapping)
            var merged: [YAMLNode] = []
            for (key, value) in members {
                guard case .scalar(let name, let isPlain, _) = key.content else {
                    throw KustomizeValueError(message: "unsupported map key")
                }
                if name == "<<", isPlain {
                    merged.append(value)
                    continue
                }
                guard self[name] == nil else {
                    throw KustomizeValueError(message: "mapping key \"\(name)\" already defined")
                }
                let child = try KustomizeNode(value, file: file)
                child.line = key.line
                fields.append((name, child))
            }
            for source in merged { try merge(source, file: file) }
        }
        self.file = file
        line = node.line
    }

    private func merge(_ source: YAMLNode, file: String) throws(KustomizeValueError) {
        switch source.content {
        case .sequence(let sources): for source in sources { try merge(source, file: file) }
        case .mapping:
            for field in try KustomizeNode(source, file: file).fields where self[field.key] == nil {
                fields.append(field)
            }
        case .scalar:
            throw KustomizeValueError(message: "map merge requires map or sequence of maps as the value")
        }
    }

    private static func tag(named name: String, _ text: String, isPlain: Bool) -> Tag? {
        switch name {
        case "tag:yaml.org,2002:str", "!": .string
        case "tag:yaml.org,2002:int": .integer
        case "tag:yaml.org,2002:float": .float
        case "tag:yaml.org,2002:bool": .bool
        case "tag:yaml.org,2002:null": .null
        default: isPlain ? tag(of: text) : .string
        }
    }

    convenience init(_ value: JSON, file: String = "", line: Int = 0) {
        switch value {
        case .null: self.init(text: "null", tag: .null)
        case .bool(let bool): self.init(text: bool ? "true" : "false", tag: .bool)
        case .integer(let integer): self.init(text: String(integer), tag: .integer)
        case .double: self.init(text: JSONWriter.string(value), tag: .float)
        case .string(let text): self.init(text: text, tag: .string, isQuoted: true)
        case .array(let items):
            self.init(.sequence)
            self.items = items.map { KustomizeNode($0, file: file, line: line) }
        case .object(let object):
            self.init(.mapping)
            fields = object.map { ($0.key, KustomizeNode($0.value, file: file, line: line)) }
        }
        self.file = file
        self.line = line
    }

    /// What a reader of the written node would get.
    func json() throws(KustomizeValueError) -> JSON {
        switch kind {
        case .scalar: return try scalar()
        case .sequence:
            var values: [JSON] = []
            for item in items { values.append(try item.json()) }
            return .array(values)
        case .mapping:
            var object = JSONObject()
            for field in fields { object[field.key] = try field.value.json() }
            return .object(object)
        }
    }

    private func scalar() throws(KustomizeValueError) -> JSON {
        let natural = isQuoted ? Tag.string : Self.tag(of: text)
        let tag = tag ?? natural
        // A tag that the text would not have had by itself is either "this is text" or written out; what is
        // in quotes and has the tag that its bare text would have had loses it, and is text.
        if tag == .string { return .string(text) }
        let bare = Self.tag(of: text)
        if tag == bare { return isQuoted ? .string(text) : YAMLScalarText.resolve(text) ?? .null }
        if tag == .float, bare == .integer { return YAMLScalarText.resolve(text) ?? .null }
        throw KustomizeValueError(message: "\"\(text)\" is not what its type says it is")
    }
}
