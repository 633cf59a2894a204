import Yams

/// Why a text is not the YAML that was asked for, and where. Line and column start from 1; 0 is unknown.
public struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String
    public let line: Int
    public let column: Int
    /// Keys that were given again, with the lines where.
    public let repeated: [RepeatedKey]

    public struct RepeatedKey: Equatable, Sendable {
        public let key: String
        public let line: Int
    }

    public init(_ message: String, line: Int = 0, column: Int = 0) {
        self.message = message
        self.line = line
        self.column = column
        repeated = []
    }

    init(repeated: [RepeatedKey], column: Int) {
        message = "key \"\(repeated.first?.key ?? "")\" already set in map"
        line = repeated.first?.line ?? 0
        self.column = column
        self.repeated = repeated
    }

    /// In the words of sigs.k8s.io/yaml, which clients look for.
    public var conversionWords: String {
        let problem =
            if !repeated.isEmpty {
                "unmarshal errors:"
                    + repeated.map { "\n  line \($0.line): key \"\($0.key)\" already set in map" }.joined()
            } else if line > 0 { "line \(line): \(message)" } else { message }
        return "error converting YAML to JSON: yaml: \(problem)"
    }

    public var description: String {
        line > 0 ? "yaml: line \(line), column \(column): \(message)" : "yaml: \(message)"
    }
}

/// One document of a YAML text.
public struct YAMLDocument: Sendable {
    public let value: JSON
    /// The line, from 1, on which the document's content starts.
    public let line: Int
    let lines: YAMLLines

    /// The line of the value at a path of keys and list indices, or of the nearest value above it.
    public func line(at path: String...) -> Int { line(at: path) }

    /// The line of the value at a path of keys and list indices, or of the nearest value above it.
    public func line(at path: [String]) -> Int {
        var place = lines
        for step in path {
            guard let next = place.children[step] else { break }
            place = next
        }
        return place.line
    }
}

struct YAMLLines: Sendable {
    var line: Int
    var children: [String: YAMLLines] = [:]
}

/// Reads and writes YAML by the rules of `sigs.k8s.io/yaml`: YAML 1.1 scalars, keys turned into strings.
public enum YAML {
    public struct Limits: Sendable {
        /// Bytes of text.
        public var size: Int
        public var depth: Int
        /// Values made, with every use of an alias counted.
        public var nodes: Int
        public var aliases: Int
        public init(size: Int = 16 << 20, depth: Int = 500, nodes: Int = 1_000_000, aliases: Int = 1_000) {
            self.size = size
            self.depth = depth
            self.nodes = nodes
            self.aliases = aliases
        }
    }

    /// The documents of a text; empty ones are left out. A key given twice is an error.
    public static func parse(
        _ bytes: some Sequence<UInt8>, limits: Limits = Limits()
    ) throws(YAMLError) -> [YAMLDocument] {
        var bytes = Array(bytes)
        guard bytes.count <= limits.size else {
            throw YAMLError("text is larger than \(limits.size) bytes")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw YAMLError("invalid UTF-8")
        }
        try YAMLScan.check(bytes, limits: limits)
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            var documents: [YAMLDocument] = []
            var reader = YAMLReader(limits: limits)
            while let root = try parser.nextRoot() {
                let line = root.mark?.line ?? 1
                var lines = YAMLLines(line: line)
                let value = try reader.value(root, depth: 0, &lines)
                if !value.isNull { documents.append(YAMLDocument(value: value, line: line, lines: lines)) }
            }
            return documents
        } catch let error as YAMLError {
            throw error
        } catch let error as YamlError {
            throw YAMLError(error)
        } catch {
            throw YAMLError("\(error)")
        }
    }

    public static func parse(_ text: String) throws(YAMLError) -> [YAMLDocument] { try parse(text.utf8) }
}

extension YAMLError {
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(problem, line: mark.line, column: mark.column)
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                "key \"\(keys.first ?? "")\" already set in map", line: context.mark.line,
                column: context.mark.column)
        case .reader(let problem, _, _, _): self.init(problem)
        default: self.init("unreadable text")
        }
    }
}

struct YAMLReader {
    let limits: YAML.Limits
    private var nodes = 0

    init(limits: YAML.Limits) { self.limits = limits }

    mutating func value(_ node: Node, depth: Int, _ lines: inout YAMLLines) throws(YAMLError) -> JSON {
        nodes += 1
        guard nodes <= limits.nodes else { throw failure("document contains excessive aliasing", node) }
        guard depth <= limits.depth else {
            throw failure("exceeded max depth of \(limits.depth)", node)
        }
        switch node {
        case .scalar(let scalar): return try resolve(scalar, node)
        case .sequence(let sequence):
            var items: [JSON] = []
            items.reserveCapacity(sequence.count)
            for (position, item) in sequence.enumerated() {
                var place = YAMLLines(line: item.mark?.line ?? lines.line)
                items.append(try value(item, depth: depth + 1, &place))
                lines.children[String(position)] = place
            }
            return .array(items)
        case .mapping(let mapping):
            var object = JSONObject()
            var merged: [Node] = []
            for (key, item) in mapping {
                if case .scalar(let scalar) = key, scalar.style == .plain, scalar.string == "<<" {
                    merged.append(item)
                    continue
                }
                let name = try keyName(key)
                guard !object.contains(name) else {
                    throw failure("key \"\(name)\" already set in map", key)
                }
                var place = YAMLLines(line: key.mark?.line ?? lines.line)
                object.append(name, try value(item, depth: depth + 1, &place))
                lines.children[name] = place
            }
            for source in merged { try merge(source, into: &object, depth: depth + 1, &lines) }
            return .object(object)
        case .alias: throw failure("unresolved alias", node)
        }
    }

    /// Merge keys (`<<`): what is already there stays, and of several sources the first wins.
    private mutating func merge(
        _ source: Node, into object: inout JSONObject, depth: Int, _ lines: inout YAMLLines
    ) throws(YAMLError) {
        if case .sequence(let sources) = source {
            for item in sources {
                guard case .mapping = item else {
                    throw failure("map merge requires map or sequence of maps as the value", item)
                }
                try merge(item, into: &object, depth: depth, &lines)
            }
            return
        }
        guard case .mapping = source else {
            throw failure("map merge requires map or sequence of maps as the value", source)
        }
        var place = YAMLLines(line: lines.line)
        guard case .object(let members) = try value(source, depth: depth, &place) else { return }
        for member in members where !object.contains(member.key) {
            object.append(member.key, member.value)
            lines.children[member.key] = place.children[member.key]
        }
    }

    private func keyName(_ node: Node) throws(YAMLError) -> String {
        guard case .scalar(let scalar) = node else { throw failure("unsupported map key", node) }
        guard scalar.style == .plain else { return scalar.string }
        switch YAMLScalar.resolve(scalar.string) {
        case .string(let text)?: return text
        case .null?, nil: throw failure("unsupported map key of type: nil", node)
        case let other?: return JSONWriter.string(other)
        }
    }

    private func resolve(_ scalar: Node.Scalar, _ node: Node) throws(YAMLError) -> JSON {
        let tag = scalar.tag.rawValue
        let isTyped = ["int", "float", "bool", "null"].contains { tag == "tag:yaml.org,2002:" + $0 }
        guard isTyped || (tag.isEmpty && scalar.style == .plain) else { return .string(scalar.string) }
        guard let value = YAMLScalar.resolve(scalar.string) else {
            throw failure("unsupported value: \(scalar.string)", node)
        }
        return value
    }

    private func failure(_ message: String, _ node: Node) -> YAMLError {
        YAMLError(message, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0)
    }
}
