/// A file of variables for `fileKeyRef` (pkg/util/env: ParseEnv): lines `NAME='value'`, whose values may span
/// lines and are taken as they are; blank lines and comments between them. Pure.
enum EnvFile {
    struct Malformed: Error, Equatable, CustomStringConvertible {
        var description: String

        fileprivate init(_ words: String, line: Int) {
            description = "invalid environment variable format at line \(line): \(words)"
        }

        fileprivate init(unclosedFrom line: Int) {
            description =
                "invalid environment variable format starting at line \(line): unclosed single quote"
        }
    }

    /// The value of a variable; nil where the file has none or an empty one, which upstream takes for the
    /// same. Lines after it are not looked at.
    static func value(of wanted: String, in bytes: [UInt8]) throws(Malformed) -> String? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        var index = 0
        while index < lines.count {
            let number = index + 1
            let line = lines[index].drop { isBlank($0) }
            index += 1
            if line.isEmpty || line.first == "#" { continue }
            guard let sign = line.firstIndex(of: "=") else { throw Malformed("missing '='", line: number) }
            let name = line[..<sign]
            if name.isEmpty { throw Malformed("empty variable name", line: number) }
            if let last = name.last, isBlank(last) {
                throw Malformed("whitespace before '=' is not allowed", line: number)
            }
            var rest = line[line.index(after: sign)...]
            if let first = rest.first, isBlank(first) {
                // As in a shell: what follows the blank is another word.
                if name == wanted { return nil }
                continue
            }
            guard rest.first == "'" else {
                throw Malformed("value must be enclosed in single quotes", line: number)
            }
            rest = rest.dropFirst()
            var value = ""
            while true {
                if let quote = rest.firstIndex(of: "'") {
                    value += rest[..<quote]
                    let after = rest[rest.index(after: quote)...].drop { isBlank($0) }
                    if let first = after.first, first != "#" {
                        throw Malformed("unexpected content after closing quote", line: index)
                    }
                    break
                }
                value += rest + "\n"
                // What follows the last newline is no line.
                guard index < lines.count, index < lines.count - 1 || !lines[index].isEmpty else {
                    throw Malformed(unclosedFrom: number)
                }
                rest = lines[index][...]
                index += 1
            }
            if name == wanted { return value.isEmpty ? nil : value }
        }
        return nil
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}
