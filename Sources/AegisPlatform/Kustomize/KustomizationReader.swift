import KubeJSON

/// Reads the fields of a kustomization file, every one of them by name: what nobody asked for is a mistake.
struct KustomizationReader {
    let file: String
    let document: YAMLDocument
    private let value: JSON
    private let path: [String]

    init(file: String, document: YAMLDocument) {
        self.init(file: file, document: document, value: document.value, path: [])
    }

    private init(file: String, document: YAMLDocument, value: JSON, path: [String]) {
        self.file = file
        self.document = document
        self.value = value
        self.path = path
    }

    func problem(_ message: String, at key: String? = nil) -> ManifestProblem {
        ManifestProblem(
            file: file, line: document.line(at: path + (key.map { [$0] } ?? [])), message: message)
    }

    /// The line of this part.
    var line: Int { document.line(at: path) }

    /// - Throws: for a part that is no map, and for a field that is not among the known ones.
    func check(fields known: [String], unsupported: [String: String] = [:]) throws(ManifestProblem) {
        guard case .object(let object) = value else {
            throw problem("\(name) must be a map, and is \(value.article)")
        }
        for (key, _) in object where !known.contains(key) {
            if let reason = unsupported[key] { throw problem("\(key): \(reason)", at: key) }
            let near = known.min { Self.distance($0, key) < Self.distance($1, key) }
            let hint = near.flatMap { Self.distance($0, key) <= 2 ? ": did you mean \($0)?" : nil } ?? ""
            throw problem("unknown field \"\(key)\" in \(name)\(hint)", at: key)
        }
    }

    private var name: String {
        var text = ""
        for step in path { text += Int(step) == nil ? (text.isEmpty ? step : "." + step) : "[\(step)]" }
        return text.isEmpty ? "the kustomization" : text
    }

    func has(_ key: String) -> Bool { !(value[key]?.isNull ?? true) }

    private func child(_ key: String) -> KustomizationReader? {
        guard let child = value[key], !child.isNull else { return nil }
        return KustomizationReader(file: file, document: document, value: child, path: path + [key])
    }

    func string(_ key: String) throws(ManifestProblem) -> String? {
        guard let child = value[key], !child.isNull else { return nil }
        guard let text = child.string else {
            throw problem("\(key) must be text, and is \(child.article): put it in quotes", at: key)
        }
        return text
    }

    func bool(_ key: String) throws(ManifestProblem) -> Bool {
        guard let child = value[key], !child.isNull else { return false }
        guard let bool = child.bool else {
            throw problem("\(key) must be true or false, and is \(child.article)", at: key)
        }
        return bool
    }

    func integer(_ key: String) throws(ManifestProblem) -> Int? {
        guard let child = value[key], !child.isNull else { return nil }
        guard let integer = child.int else {
            throw problem("\(key) must be a whole number, and is \(child.article)", at: key)
        }
        return integer
    }

    func strings(_ key: String) throws(ManifestProblem) -> [Located<String>] {
        var strings: [Located<String>] = []
        for part in try parts(key) {
            guard let text = part.value.string else {
                throw part.problem("\(part.name) must be text, and is \(part.value.article)")
            }
            strings.append(Located(value: text, file: file, line: part.line))
        }
        return strings
    }

    /// A map of texts, in order of its keys.
    func pairs(_ key: String) throws(ManifestProblem) -> [(key: String, value: String)] {
        guard let child = child(key) else { return [] }
        guard let object = child.value.object else {
            throw problem("\(key) must be a map, and is \(child.value.article)", at: key)
        }
        var pairs: [(key: String, value: String)] = []
        for (name, value) in object {
            guard let text = value.string else {
                throw child.problem(
                    "\(name) in \(key) must be text, and is \(value.article): put it in quotes", at: name)
            }
            pairs.append((name, text))
        }
        return pairs.sorted { utf8Less($0.key, $1.key) }
    }

    /// The elements of a list.
    func parts(_ key: String) throws(ManifestProblem) -> [KustomizationReader] {
        guard let child = child(key) else { return [] }
        guard let items = child.value.array else {
            throw problem("\(key) must be a list, and is \(child.value.article)", at: key)
        }
        return items.indices.map { index in
            KustomizationReader(
                file: file, document: document, value: items[index],
                path: path + [key, String(index)])
        }
    }

    /// The elements of this part, which is a list.
    func elements() throws(ManifestProblem) -> [KustomizationReader] {
        guard let items = value.array else { throw problem("\(name) must be a list") }
        return items.indices.map { index in
            KustomizationReader(
                file: file, document: document, value: items[index], path: path + [String(index)])
        }
    }

    func part(_ key: String) -> KustomizationReader? { child(key) }

    var isText: Bool { value.string != nil }

    /// Edits between two words.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (byte == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}

/// A value and where it was written.
struct Located<Value> {
    let value: Value
    let file: String
    let line: Int

    func problem(_ message: String) -> ManifestProblem {
        ManifestProblem(file: file, line: line, message: message)
    }
}

extension Located: Sendable where Value: Sendable {}

extension JSON {
    fileprivate var article: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .double: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "a map"
        }
    }
}
