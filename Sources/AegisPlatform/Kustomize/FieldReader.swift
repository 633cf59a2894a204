import KubeJSON

/// Reads the fields of a configuration file strictly: every mistake is kept with the line it is on, and a
/// field that nobody asked for is one.
final class FieldReader {
    private final class Problems {
        var found: [ManifestProblem] = []
    }

    private let object: JSONObject
    private let file: String
    private let document: YAMLDocument
    private let path: [String]
    private let list: Problems
    private var known: Set<String> = []

    /// - Parameter listAs: the field under which a file that is a list is read.
    init(_ document: YAMLDocument, file: String, listAs: String? = nil) {
        self.document = document
        self.file = file
        path = []
        list = Problems()
        if let listAs, document.value.array != nil {
            object = [listAs: document.value]
        } else {
            object = document.value.object ?? JSONObject()
            if document.value.object == nil { report([], "must be a mapping") }
        }
    }

    private init(_ object: JSONObject, _ path: [String], of parent: FieldReader) {
        self.object = object
        self.path = path
        file = parent.file
        document = parent.document
        list = parent.list
    }

    /// In order of line.
    var problems: [ManifestProblem] { list.found.sorted { $0.line < $1.line } }

    /// The line of a field, or of the whole.
    func line(_ field: String? = nil) -> Int { document.line(at: path + (field.map { [$0] } ?? [])) }

    /// This mapping as the place where something was written.
    var origin: KustomizeResource.Origin {
        KustomizeResource.Origin(file: file, document: document, path: path, line: line())
    }

    func report(_ field: String, _ message: String) { report([field], message) }

    private func report(_ steps: [String], _ message: String) {
        let steps = path + steps
        var name = ""
        for step in steps {
            name += Int(step) == nil ? (name.isEmpty ? step : "." + step) : "[\(step)]"
        }
        list.found.append(
            ManifestProblem(
                file: file, line: document.line(at: steps),
                message: name.isEmpty ? message : "\(name): \(message)"))
    }

    private func value(_ field: String) -> JSON? {
        known.insert(field)
        guard let value = object[field], !value.isNull else { return nil }
        return value
    }

    func has(_ field: String) -> Bool { value(field) != nil }

    func string(_ field: String) -> String {
        guard let value = value(field) else { return "" }
        guard let text = value.string else {
            report(field, "must be a string, not a \(value.typeName)")
            return ""
        }
        return text
    }

    func bool(_ field: String) -> Bool {
        guard let value = value(field) else { return false }
        guard case .bool(let flag) = value else {
            report(field, "must be true or false")
            return false
        }
        return flag
    }

    func integer(_ field: String) -> Int? {
        guard let value = value(field) else { return nil }
        guard case .integer(let number) = value else {
            report(field, "must be a whole number")
            return nil
        }
        return Int(number)
    }

    /// A list of strings, each with its line.
    func strings(_ field: String) -> [(text: String, line: Int)] {
        guard let value = value(field) else { return [] }
        guard let items = value.array else {
            report(field, "must be a list of strings")
            return []
        }
        return items.enumerated().compactMap { position, item in
            guard let text = item.string else {
                report([field, String(position)], "must be a string, not a \(item.typeName)")
                return nil
            }
            return (text, document.line(at: path + [field, String(position)]))
        }
    }

    /// A mapping from strings to strings.
    func texts(_ field: String) -> [String: String] {
        guard let value = value(field) else { return [:] }
        guard let members = value.object else {
            report(field, "must be a mapping of strings")
            return [:]
        }
        var texts: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else {
                report([field, member.key], "must be a string, not a \(member.value.typeName)")
                continue
            }
            texts[member.key] = text
        }
        return texts
    }

    func mapping<Value>(_ field: String, _ read: (FieldReader) -> Value) -> Value? {
        guard let value = value(field) else { return nil }
        guard let members = value.object else {
            report(field, "must be a mapping")
            return nil
        }
        let reader = FieldReader(members, path + [field], of: self)
        let result = read(reader)
        reader.reportUnknown()
        return result
    }

    func list<Value>(_ field: String, _ read: (FieldReader) -> Value) -> [Value] {
        guard let value = value(field) else { return [] }
        guard let items = value.array else {
            report(field, "must be a list")
            return []
        }
        return items.enumerated().compactMap { position, item in
            guard let members = item.object else {
                report([field, String(position)], "must be a mapping")
                return nil
            }
            let reader = FieldReader(members, path + [field, String(position)], of: self)
            let result = read(reader)
            reader.reportUnknown()
            return result
        }
    }

    /// Says of each field that it is known, and that nothing can be done with it here.
    func unsupported(_ fields: [String]) {
        for field in fields where has(field) { report(field, "is not supported") }
    }

    /// Says what nobody asked for; called when everything was.
    func reportUnknown() {
        for member in object where !known.contains(member.key) { report(member.key, "unknown field") }
    }
}
