import Crypto
import KubeJSON

/// ConfigMaps and Secrets made from literals, files and lines of variables.
struct KustomizeGenerators {
    let load: (Located<String>) throws(ManifestProblem) -> [UInt8]

    func object(_ entry: Located<Kustomization.Generator>) throws(ManifestProblem) -> KustomizeObject {
        let generator = entry.value
        func text(_ value: String) -> KustomizeNode {
            let node = KustomizeNode(text: value, tag: .string)
            node.file = entry.file
            node.line = entry.line
            return node
        }
        let node = KustomizeNode(.mapping)
        let metadata = KustomizeNode(.mapping)
        metadata.fields.append(("name", text(generator.name)))
        if !generator.namespace.isEmpty { metadata.fields.append(("namespace", text(generator.namespace))) }
        node.fields = [
            ("apiVersion", text("v1")), ("kind", text(generator.isSecret ? "Secret" : "ConfigMap")),
            ("metadata", metadata),
        ]
        if generator.isSecret {
            node.fields.append(("type", text(generator.type.isEmpty ? "Opaque" : generator.type)))
        }
        let data = KustomizeNode(.mapping)
        let binary = KustomizeNode(.mapping)
        for pair in try pairs(entry).sorted(by: { utf8Less($0.key, $1.key) }) {
            if generator.isSecret {
                data.fields.append((pair.key, text(Base64.lines(pair.value))))
            } else if let valid = String(validating: pair.value, as: UTF8.self) {
                data.fields.append((pair.key, text(valid)))
            } else {
                binary.fields.append((pair.key, text(Base64.lines(pair.value))))
            }
        }
        if generator.isSecret || !data.fields.isEmpty { node.fields.append(("data", data)) }
        if !binary.fields.isEmpty { node.fields.append(("binaryData", binary)) }
        if generator.options.isImmutable {
            node.fields.append(("immutable", KustomizeNode(text: "true", tag: .bool)))
        }
        for child in [node, metadata, data, binary] {
            child.file = entry.file
            child.line = entry.line
        }
        let object = KustomizeObject(node)
        object.setMetadataTexts("labels", generator.options.labels)
        object.setMetadataTexts("annotations", generator.options.annotations)
        object.needsHash = !generator.options.disablesHash
        object.behavior = generator.behavior
        return object
    }

    private func pairs(
        _ entry: Located<Kustomization.Generator>
    ) throws(ManifestProblem) -> [(key: String, value: [UInt8])] {
        var pairs: [(key: String, value: [UInt8])] = []
        func add(_ key: String, _ value: [UInt8], _ place: Located<String>) throws(ManifestProblem) {
            guard Self.isKey(key) else {
                throw place.problem(
                    "\"\(key)\" is no key: letters, digits, '-', '_' and '.', at most 253 of them")
            }
            guard !pairs.contains(where: { $0.key == key }) else {
                throw place.problem("\(entry.value.name) has the key \(key) twice")
            }
            pairs.append((key, value))
        }
        for env in entry.value.envs {
            for (key, value) in try variables(try load(env), env) { try add(key, value, env) }
        }
        for literal in entry.value.literals {
            guard let sign = literal.value.firstIndex(of: "="), sign != literal.value.startIndex else {
                throw literal.problem("a literal is written key=value")
            }
            let value = literal.value[literal.value.index(after: sign)...]
            try add(String(literal.value[..<sign]), Array(Self.unquoted(value).utf8), literal)
        }
        for file in entry.value.files {
            let parts = file.value.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw file.problem("a file is written path or key=path")
            }
            let path = String(parts[parts.count - 1])
            let content = try load(Located(value: path, file: file.file, line: file.line))
            try add(parts.count == 2 ? String(parts[0]) : FilePath.name(path), content, file)
        }
        return pairs
    }

    /// Lines of `NAME=value`; blank ones and those that begin with `#` count for nothing.
    private func variables(
        _ bytes: [UInt8], _ place: Located<String>
    ) throws(ManifestProblem) -> [(key: String, value: [UInt8])] {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var variables: [(key: String, value: [UInt8])] = []
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard var text = String(validating: line, as: UTF8.self) else {
                throw ManifestProblem(file: place.value, line: number + 1, message: "invalid UTF-8")
            }
            if text.utf8.last == 0x0D { text.unicodeScalars.removeLast() }
            let trimmed = text.unicodeScalars.drop { $0.properties.isWhitespace }
            guard let first = trimmed.first, first != "#" else { continue }
            let parts = trimmed.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            guard Self.isVariable(key) else {
                throw ManifestProblem(
                    file: place.value, line: number + 1, message: "\"\(key)\" is no name of a variable")
            }
            variables.append((key, parts.count > 1 ? Array(String(parts[1]).utf8) : []))
        }
        return variables
    }

    private static func unquoted(_ text: Substring) -> Substring {
        guard text.utf8.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'"
        else { return text }
        return text.dropFirst().dropLast()
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isKey(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.count <= 253 && key.utf8.allSatisfy(isWord) && key != "." && key != ".."
    }

    private static func isVariable(_ key: String) -> Bool {
        guard let first = key.utf8.first, first < UInt8(ascii: "0") || first > UInt8(ascii: "9") else {
            return false
        }
        return key.utf8.allSatisfy(isWord) && key != "." && key != ".."
    }
}

/// The end of a generated object's name: ten letters and digits that follow from what is in it.
enum KustomizeHash {
    static func of(_ object: KustomizeObject) throws(ManifestProblem) -> String {
        let isSecret = object.kind.kind == "Secret"
        var content: JSONObject = ["kind": .string(object.kind.kind), "name": ""]
        func add(_ field: String, always: Bool) throws(ManifestProblem) {
            guard let node = object.node[field] else {
                if always { content[field] = "" }
                return
            }
            if node.kind == .scalar {
                if always { content[field] = .string(node.text) }
                return
            }
            do { content[field] = try node.json() } catch { throw object.problem(error.message) }
        }
        try add("data", always: true)
        if isSecret {
            try add("type", always: true)
            try add("stringData", always: false)
        } else {
            try add("binaryData", always: false)
        }
        let digest = SHA256.hash(data: GoJSON.bytes(.object(content)))
        let letters: [Character: Character] = ["0": "g", "1": "h", "3": "k", "a": "m", "e": "t"]
        let hexadecimal = digest.prefix(5).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        return String(hexadecimal.map { letters[$0] ?? $0 })
    }
}

/// JSON as Go's encoder writes a map: sorted keys, and `<`, `>`, `&` as escapes.
enum GoJSON {
    static func bytes(_ value: JSON) -> [UInt8] {
        var output: [UInt8] = []
        write(value, &output)
        return output
    }

    private static func write(_ value: JSON, _ output: inout [UInt8]) {
        switch value {
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.sorted(by: { utf8Less($0.key, $1.key) }).enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(.string(member.key), &output)
                output.append(UInt8(ascii: ":"))
                write(member.value, &output)
            }
            output.append(UInt8(ascii: "}"))
        case .array(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                write(item, &output)
            }
            output.append(UInt8(ascii: "]"))
        case .string(let text):
            output.append(UInt8(ascii: "\""))
            for scalar in text.unicodeScalars { write(scalar, &output) }
            output.append(UInt8(ascii: "\""))
        default: output += JSONWriter.bytes(value)
        }
    }

    private static func write(_ scalar: UnicodeScalar, _ output: inout [UInt8]) {
        switch scalar {
        case "\"": output += "\\\"".utf8
        case "\\": output += "\\\\".utf8
        case "\n": output += "\\n".utf8
        case "\r": output += "\\r".utf8
        case "\t": output += "\\t".utf8
        case "\u{08}": output += "\\b".utf8
        case "\u{0C}": output += "\\f".utf8
        case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{00}"..."\u{1F}":
            let hexadecimal = String(scalar.value, radix: 16)
            output += "\\u".utf8
            output += String(repeating: "0", count: 4 - hexadecimal.count).utf8
            output += hexadecimal.utf8
        default: output += String(scalar).utf8
        }
    }
}

enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0) }
            for position in 0..<4 {
                output.append(
                    position <= count ? alphabet[group >> (18 - 6 * position) & 63] : UInt8(ascii: "="))
            }
            index += 3
        }
        return output
    }

    /// In lines of seventy, each with its end, where there is more than one line.
    static func lines(_ bytes: [UInt8]) -> String {
        let encoded = encode(bytes)
        guard encoded.count >= 70 else { return String(decoding: encoded, as: UTF8.self) }
        var output: [UInt8] = []
        for start in stride(from: 0, to: encoded.count, by: 70) {
            output += encoded[start..<min(start + 70, encoded.count)]
            output.append(0x0A)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
