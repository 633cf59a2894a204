import Foundation

/// What Go's struct tags say of one field; OpenAPI has no word for it.
struct GoField {
    let jsonName: String
    let type: String
    let omitEmpty: Bool
    let omitZero: Bool
}

/// Reads `types.go` files: structs with their tagged fields, and named types that are not structs.
///
/// This is no Go parser: it reads the one style that gofmt leaves, one field a line.
struct GoTypes {
    /// By package path and type name: `k8s.io/api/core/v1.PodSpec`.
    private(set) var fields: [String: [GoField]] = [:]
    /// Types that a struct takes in whole (`json:",inline"`), by the same key.
    private(set) var inlined: [String: [String]] = [:]
    /// What a named type that is no struct is made of.
    private(set) var underlying: [String: String] = [:]

    /// Reads every non-test Go file below a checkout of one module.
    mutating func read(module: String, at directory: URL) throws {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            let name = file.lastPathComponent
            guard name.hasSuffix(".go"), !name.hasSuffix("_test.go"), !name.contains("generated") else {
                continue
            }
            var relative = file.deletingLastPathComponent().standardizedFileURL.path
            relative.removeFirst(min(relative.count, directory.standardizedFileURL.path.count))
            let text = try String(contentsOf: file, encoding: .utf8)
            read(text, package: module + relative)
        }
    }

    private mutating func read(_ text: String, package: String) {
        var imports: [String: String] = [:]
        var current: String?
        var inImports = false
        var inComment = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if inComment {
                inComment = !line.contains("*/")
                continue
            }
            if line.hasPrefix("//") || line.isEmpty { continue }
            if line.hasPrefix("/*") {
                inComment = !line.contains("*/")
                continue
            }
            if line == "import (" {
                inImports = true
            } else if inImports {
                if line == ")" { inImports = false } else { readImport(line, into: &imports) }
            } else if line.hasPrefix("import \"") {
                readImport(String(line.dropFirst(7)), into: &imports)
            } else if let type = current {
                if line == "}" {
                    current = nil
                } else {
                    readField(line, of: type, package: package, imports: imports)
                }
            } else if line.hasPrefix("type ") {
                let words = line.split(separator: " ", maxSplits: 2).map(String.init)
                guard words.count == 3 else { continue }
                let key = package + "." + words[1]
                if words[2].hasPrefix("struct {") {
                    fields[key] = fields[key] ?? []
                    current = words[2].hasSuffix("}") ? nil : key
                } else {
                    let target = words[2].hasPrefix("= ") ? String(words[2].dropFirst(2)) : words[2]
                    underlying[key] = qualify(strip(target), package: package, imports: imports)
                }
            }
        }
    }

    private func strip(_ text: String) -> String {
        guard let comment = text.range(of: " //") else { return text }
        return text[..<comment.lowerBound].trimmingCharacters(in: .whitespaces)
    }

    private func readImport(_ line: String, into imports: inout [String: String]) {
        let parts = line.split(separator: "\"")
        guard let path = parts.first(where: { $0.contains("/") || !$0.hasSuffix(" ") }).map(String.init)
        else {
            return
        }
        let alias = line.hasPrefix("\"") ? "" : line.prefix { $0 != " " && $0 != "\"" }
        imports[alias.isEmpty ? String(path.split(separator: "/").last ?? "") : String(alias)] = path
    }

    private mutating func readField(
        _ line: String, of type: String, package: String, imports: [String: String]
    ) {
        guard let start = line.range(of: "json:\"") else { return }
        let tag = line[start.upperBound...].prefix { $0 != "\"" }
        let options = tag.split(separator: ",", omittingEmptySubsequences: false)
        let words = line[..<start.lowerBound].split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "`" })
        guard let name = options.first, let goType = words.last else { return }
        let qualified = qualify(String(goType), package: package, imports: imports)
        if options.contains("inline") || (name.isEmpty && words.count == 1) {
            inlined[type, default: []].append(qualified)
        } else if name != "-", !name.isEmpty {
            fields[type, default: []].append(
                GoField(
                    jsonName: String(name), type: qualified, omitEmpty: options.contains("omitempty"),
                    omitZero: options.contains("omitzero")))
        }
    }

    /// Writes a type with the full path of its package: `*metav1.Time` as `*k8s.io/…/meta/v1.Time`.
    private func qualify(_ type: String, package: String, imports: [String: String]) -> String {
        for prefix in ["*", "[]"] where type.hasPrefix(prefix) {
            return prefix + qualify(String(type.dropFirst(prefix.count)), package: package, imports: imports)
        }
        if type.hasPrefix("map["), let close = type.firstIndex(of: "]") {
            let key = qualify(String(type[..<close].dropFirst(4)), package: package, imports: imports)
            let rest = String(type[type.index(after: close)...])
            return "map[\(key)]" + qualify(rest, package: package, imports: imports)
        }
        if let dot = type.firstIndex(of: ".") {
            let alias = String(type[..<dot])
            return (imports[alias] ?? alias) + String(type[dot...])
        }
        guard let first = type.first, first.isUppercase else { return type }
        return package + "." + type
    }

    /// A field of a struct, also where it comes from an inlined one.
    func field(_ name: String, of type: String) -> GoField? {
        if let found = fields[type]?.first(where: { $0.jsonName == name }) { return found }
        for inner in inlined[type] ?? [] {
            let plain = inner.hasPrefix("*") ? String(inner.dropFirst()) : inner
            if let found = field(name, of: plain) { return found }
        }
        if let target = underlying[type] { return field(name, of: target) }
        return nil
    }

    /// As Go's reflection prints a type: `[]v1.Container`.
    static func reflected(_ type: String) -> String {
        for prefix in ["*", "[]"] where type.hasPrefix(prefix) {
            return prefix + reflected(String(type.dropFirst(prefix.count)))
        }
        if type.hasPrefix("map["), let close = type.firstIndex(of: "]") {
            let key = reflected(String(type[..<close].dropFirst(4)))
            return "map[\(key)]" + reflected(String(type[type.index(after: close)...]))
        }
        let last = String(type.split(separator: "/").last ?? "")
        return last == "byte" ? "uint8" : last
    }
}
