import KubeJSON

/// A compiled field selector: every term must hold. Behaves as upstream's `fields.Selector`.
public struct FieldSelector: Sendable, CustomStringConvertible {
    struct Term: Sendable {
        let field: String
        let isEqual: Bool
        let value: String
        let paths: [[String]]
        let absent: String

        func matches(_ object: JSON) -> Bool {
            for path in paths {
                var found: JSON? = object
                for key in path {
                    found = found?[key]
                    if found == nil { break }
                }
                switch found {
                case .string(let text)?:
                    if text.isEmpty { continue }
                    return (text == value) == isEqual
                case .bool(let flag)?: return ((flag ? "true" : "false") == value) == isEqual
                case .integer(let number)?: return (String(number) == value) == isEqual
                default: continue
                }
            }
            return (absent == value) == isEqual
        }
    }

    let terms: [Term]

    public static let everything = FieldSelector(terms: [])
    public var isEverything: Bool { terms.isEmpty }

    /// Reads `a=b,c!=d` (also `==`), with `\` before a comma, an equals sign or a backslash in a value.
    /// - Parameter customFields: for a custom resource, the JSON paths of its selectable fields; nil for
    ///   a built-in kind.
    /// - Throws: `SelectorError` with upstream's message for bad syntax or a field that the kind has not.
    public static func parse(
        _ text: String, for kind: GroupKind, isNamespaced: Bool, customFields: [String]? = nil
    ) throws(SelectorError) -> FieldSelector {
        if text.isEmpty { return everything }
        let fields = SelectableFields.of(kind, isNamespaced: isNamespaced, customFields: customFields)
        var terms: [(field: String, isEqual: Bool, value: String)] = []
        for part in split(text).sorted(by: utf8Less) where !part.isEmpty {
            guard let term = splitTerm(part) else {
                throw SelectorError("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            terms.append((term.field, term.isEqual, try unescape(term.value)))
        }
        var compiled: [Term] = []
        for term in terms {
            guard let paths = fields.paths[term.field] else {
                throw SelectorError(fields.refusal(term.field))
            }
            compiled.append(
                Term(
                    field: term.field, isEqual: term.isEqual, value: term.value, paths: paths,
                    absent: SelectableFields.absentValue(term.field)))
        }
        return FieldSelector(terms: compiled)
    }

    public func matches(_ object: JSON) -> Bool {
        for term in terms where !term.matches(object) { return false }
        return true
    }

    /// The value that a field must have, for an index.
    public func exactValue(of field: String) -> String? {
        terms.first { $0.isEqual && $0.field == field }?.value
    }

    /// The one name that can be selected, if there is one.
    public var exactName: String? { exactValue(of: "metadata.name") }

    public var description: String {
        terms.map { term in
            var text = term.field + (term.isEqual ? "=" : "!=")
            for character in term.value.unicodeScalars {
                if character == "\\" || character == "," || character == "=" { text += "\\" }
                text.unicodeScalars.append(character)
            }
            return text
        }.joined(separator: ",")
    }

    /// Parts between commas that no backslash escapes.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == ",", !isEscaped {
                parts.append("")
                continue
            }
            isEscaped = scalar == "\\" && !isEscaped
            parts[parts.count - 1].unicodeScalars.append(scalar)
        }
        return parts
    }

    private static func splitTerm(_ part: String) -> (field: String, isEqual: Bool, value: String)? {
        let bytes = Array(part.utf8)
        for index in bytes.indices {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            let length: Int
            if bytes[index] == 0x3D {
                length = next == 0x3D ? 2 : 1
            } else if bytes[index] == 0x21, next == 0x3D {
                length = 2
            } else {
                continue
            }
            return (
                String(decoding: bytes[..<index], as: UTF8.self), bytes[index] == 0x3D,
                String(decoding: bytes[(index + length)...], as: UTF8.self)
            )
        }
        return nil
    }

    private static func unescape(_ value: String) throws(SelectorError) -> String {
        var result = ""
        var isEscaped = false
        for scalar in value.unicodeScalars {
            let isSpecial = scalar == "\\" || scalar == "," || scalar == "="
            if isEscaped {
                guard isSpecial else {
                    throw SelectorError(
                        "invalid field selector: invalid escape sequence: \\\(Character(scalar))")
                }
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
                continue
            } else if isSpecial {
                throw SelectorError(
                    "invalid field selector: unescaped character in value: \(scalar.value)")
            }
            result.unicodeScalars.append(scalar)
        }
        if isEscaped { throw SelectorError("invalid field selector: invalid escape sequence: \\") }
        return result
    }
}
