import Crypto
import KubeJSON

/// ConfigMaps and Secrets that are made from literals and files.
enum Generators {
    /// - Parameter load: the content of a file beside the kustomization.
    static func make(
        _ generator: KustomizationFile.Generator,
        load: (KustomizationFile.Reference) throws(ManifestProblem) -> [UInt8]
    ) throws(ManifestProblem) -> KustomizeResource {
        func problem(_ line: Int, _ message: String) -> ManifestProblem {
            ManifestProblem(
                file: generator.origin.file, line: line,
                message: "\(generator.kind) \(generator.name): \(message)")
        }
        var data: [String: [UInt8]] = [:]
        func add(_ key: String, _ value: [UInt8], line: Int) throws(ManifestProblem) {
            guard isKey(key) else {
                throw problem(line, "'\(key)' is no key: letters, digits, '-', '_' and '.' make one")
            }
            guard data.updateValue(value, forKey: key) == nil else {
                throw problem(line, "the key '\(key)' is there twice")
            }
        }
        for env in generator.envs {
            let content = try load(env)
            guard let text = String(validating: content, as: UTF8.self) else {
                throw problem(env.line, "\(env.path) is no UTF-8")
            }
            // Of bytes, because a carriage return and a line feed are one character.
            let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            for (number, line) in lines.map(Substring.init).enumerated() {
                guard let (key, value) = variable(line, isFirst: number == 0) else { continue }
                guard isVariable(key) else {
                    throw problem(env.line, "\(env.path):\(number + 1): '\(key)' is no name of a variable")
                }
                try add(key, Array(value.utf8), line: env.line)
            }
        }
        for literal in generator.literals {
            guard let equals = literal.path.firstIndex(of: "="), equals != literal.path.startIndex else {
                throw problem(literal.line, "'\(literal.path)': a literal is key=value")
            }
            let value = literal.path[literal.path.index(after: equals)...]
            try add(String(literal.path[..<equals]), Array(unquoted(value).utf8), line: literal.line)
        }
        for file in generator.files {
            let parts = file.path.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, !parts.contains("") else {
                throw problem(file.line, "'\(file.path)': a file is a path or key=path")
            }
            let path = parts[parts.count - 1]
            let key = parts.count == 2 ? parts[0] : String(path.split(separator: "/").last ?? "")
            let content = try load(KustomizationFile.Reference(path: path, line: file.line))
            try add(key, content, line: file.line)
        }
        return resource(generator, data)
    }

    private static func resource(
        _ generator: KustomizationFile.Generator, _ data: [String: [UInt8]]
    ) -> KustomizeResource {
        var node: YAMLNode = .emptyMapping
        node["apiVersion"] = .string("v1")
        node["kind"] = .string(generator.kind)
        var resource = KustomizeResource(node, origin: generator.origin)
        resource.name = generator.name
        resource.namespace = generator.namespace
        if generator.kind == "Secret" {
            resource.node["type"] = .string(generator.type.isEmpty ? "Opaque" : generator.type)
            resource.node["data"] = .emptyMapping
        }
        for (key, value) in data.sorted(by: { utf8Less($0.key, $1.key) }) {
            var field = "data"
            var text: String
            if generator.kind == "Secret" {
                text = base64(value)
            } else if let plain = String(validating: value, as: UTF8.self) {
                text = plain
            } else {
                field = "binaryData"
                text = base64(value)
            }
            var members = resource.node[field] ?? .emptyMapping
            members[key] = .string(text)
            resource.node[field] = members
        }
        resource.setTexts("labels", generator.options.labels)
        resource.setTexts("annotations", generator.options.annotations)
        if generator.options.isImmutable { resource.node["immutable"] = .plain("true") }
        resource.needsHash = !generator.options.disablesHash
        resource.behavior = generator.behavior
        return resource
    }

    /// A generated resource put over the one that it merges with or replaces.
    static func combined(_ made: KustomizeResource, over old: KustomizeResource) -> KustomizeResource {
        var made = made
        made.setTexts("labels", old.labels.merging(made.labels) { _, new in new })
        made.setTexts("annotations", old.annotations.merging(made.annotations) { _, new in new })
        made.name = old.name
        made.namespace = old.namespace
        made.previous = old.previous
        made.prefixes = old.prefixes
        made.suffixes = old.suffixes
        if made.behavior == .merge {
            for field in ["data", "binaryData"] {
                var members: [String: String] = [:]
                for source in [old, made] {
                    for member in source.node[field]?.mapping?.members ?? [] {
                        members[member.key] = member.value.text ?? ""
                    }
                }
                let sorted = members.sorted { utf8Less($0.key, $1.key) }
                made.node[field] =
                    sorted.isEmpty
                    ? nil
                    : .mapping(
                        YAMLMapping(sorted.map { YAMLMapping.Member($0.key, .string($0.value)) }))
            }
        }
        return made
    }

    // MARK: - Names with a hash of the content

    /// Ten characters that tell contents apart, without vowels and digits that could spell something.
    static func hash(_ resource: KustomizeResource) -> String {
        let object = resource.node.json
        let text: String
        switch resource.kindName {
        case "ConfigMap", "Secret":
            // The name has no part in it.
            var content: JSON = ["kind": .string(resource.kindName), "name": ""]
            content["data"] = object["data"] ?? ""
            if resource.kindName == "Secret" {
                content["type"] = object["type"] ?? ""
                if object["stringData"]?.object != nil { content["stringData"] = object["stringData"] }
            } else if object["binaryData"]?.object != nil {
                content["binaryData"] = object["binaryData"]
            }
            text = GoJSON.string(content)
        default: text = GoJSON.string(object)
        }
        let digest = SHA256.hash(data: Array(text.utf8))
        let hex = digest.flatMap { [$0 >> 4, $0 & 15] }.prefix(10).map { String($0, radix: 16) }
        return hex.map { ["0": "g", "1": "h", "3": "k", "a": "m", "e": "t"][$0] ?? $0 }.joined()
    }

    // MARK: - Texts

    private static func variable(_ line: Substring, isFirst: Bool) -> (String, String)? {
        var line = line
        if isFirst, line.unicodeScalars.first == "\u{FEFF}" {
            line = Substring(line.unicodeScalars.dropFirst())
        }
        if line.unicodeScalars.last == "\r" { line = Substring(line.unicodeScalars.dropLast()) }
        line = line.drop { $0.isWhitespace }
        if line.isEmpty || line.first == "#" { return nil }
        guard let equals = line.firstIndex(of: "=") else { return (String(line), "") }
        return (String(line[..<equals]), String(line[line.index(after: equals)...]))
    }

    private static func unquoted(_ text: Substring) -> Substring {
        guard text.count >= 2, let first = text.first, first == text.last, first == "\"" || first == "'"
        else {
            return text
        }
        return text.dropFirst().dropLast()
    }

    private static func isKey(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count) && text != "." && !text.hasPrefix("..")
            && text.unicodeScalars.allSatisfy { isAlphanumeric($0) || "-._".unicodeScalars.contains($0) }
    }

    private static func isVariable(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return isKey(text)
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// Base64, in lines of 70 characters where it is longer than one.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var value = 0
            for byte in group { value = value << 8 | Int(byte) }
            value <<= (3 - group.count) * 8
            for position in 0..<4 {
                let isUsed = position <= group.count
                text.append(isUsed ? alphabet[(value >> ((3 - position) * 6)) & 63] : UInt8(ascii: "="))
            }
        }
        guard text.count >= 70 else { return String(decoding: text, as: UTF8.self) }
        var lines: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 70) {
            lines += text[start..<min(start + 70, text.count)]
            lines.append(0x0A)
        }
        return String(decoding: lines, as: UTF8.self)
    }
}
