/// A format of texts that expressions ask for by name (k8s.io/apiserver/pkg/cel/library, format).
public struct NamedFormat: Sendable {
    let name: String
    /// What calls cost by: how long a regular expression for it would be.
    let size: UInt64
    /// What is wrong with a text.
    let problems: @Sendable (String) -> [String]

    static let all: [String: NamedFormat] = [
        "dns1123Label": named("DNS1123Label", 30) { label($0, .dns1123) },
        "dns1123LabelPrefix": named("DNS1123LabelPrefix", 30) { label(unprefixed($0), .dns1123) },
        "dns1035Label": named("DNS1035Label", 30) { label($0, .dns1035) },
        "dns1035LabelPrefix": named("DNS1035LabelPrefix", 30) { label(unprefixed($0), .dns1035) },
        "dns1123Subdomain": named("DNS1123Subdomain", 60) { subdomain($0) },
        "dns1123SubdomainPrefix": named("DNS1123SubdomainPrefix", 60) { subdomain(unprefixed($0)) },
        "qualifiedName": named("QualifiedName", 60) { qualifiedName($0) },
        "labelValue": named("LabelValue", 40) { labelValue($0) },
        "uri": named("URI", 1_100) { text in
            URLValue(text) == nil ? ["parse \"\(text)\": invalid URI for request"] : []
        },
        "uuid": named("uuid", 79) { isUUID($0) ? [] : ["does not match the UUID format"] },
        "byte": named("byte", 76) { Base64Text.decode($0) == nil || $0.isEmpty ? ["invalid base64"] : [] },
        "date": named("date", 125) { text in
            TimestampText.parse(text + "T00:00:00Z") == nil ? ["invalid date"] : []
        },
        "datetime": named("datetime", 125) { text in
            TimestampText.parse(text) == nil ? ["invalid datetime"] : []
        },
    ]

    private static func named(
        _ name: String, _ size: UInt64, _ problems: @escaping @Sendable (String) -> [String]
    ) -> NamedFormat {
        NamedFormat(name: name, size: size, problems: problems)
    }

    private enum LabelKind { case dns1123, dns1035 }

    /// A name that something is added to may end with a dash.
    private static func unprefixed(_ text: String) -> String {
        text.utf8.count > 1 && text.hasSuffix("-") ? String(text.dropLast()) + "a" : text
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= 97 && byte <= 122 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= 97 && byte | 0x20 <= 122)
    }

    private static func tooLong(_ limit: Int) -> String { "must be no more than \(limit) bytes" }

    private static func isLabel(_ text: Substring, _ kind: LabelKind) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        let isStart = isLower(first) || (kind == .dns1123 && isDigit(first))
        return isStart && (isLower(last) || isDigit(last))
            && text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func label(_ text: String, _ kind: LabelKind) -> [String] {
        var problems = text.utf8.count > 63 ? [tooLong(63)] : []
        if !isLabel(text[...], kind) {
            problems.append(
                kind == .dns1123
                    ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                    : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
            )
        }
        return problems
    }

    private static func subdomain(_ text: String) -> [String] {
        var problems = text.utf8.count > 253 ? [tooLong(253)] : []
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if !parts.allSatisfy({ isLabel($0, .dns1123) }) {
            problems.append(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            )
        }
        return problems
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isWord(first) && isWord(last) && text.utf8.allSatisfy { isWord($0) || "-_.".utf8.contains($0) }
    }

    private static func labelValue(_ text: String) -> [String] {
        var problems = text.utf8.count > 63 ? [tooLong(63)] : []
        if !text.isEmpty, !isName(text[...]) {
            problems.append(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            )
        }
        return problems
    }

    private static let nameRule =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

    private static func qualifiedName(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last else {
            let rule = nameRule.replacingLast(
                "')", with: "') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")
            return ["a qualified name " + rule]
        }
        var problems: [String] = []
        if parts.count == 2 {
            if parts[0].isEmpty {
                problems.append("prefix part must be non-empty")
            } else {
                problems += subdomain(String(parts[0])).map { "prefix part " + $0 }
            }
        }
        if name.isEmpty {
            problems.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            problems.append("name part " + tooLong(63))
        }
        if !isName(name) { problems.append("name part " + nameRule) }
        return problems
    }

    private static func isUUID(_ text: String) -> Bool {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        return digits.count == 32
            && digits.allSatisfy { isDigit($0) || ($0 | 0x20 >= 97 && $0 | 0x20 <= 102) }
    }
}

extension String {
    fileprivate func replacingLast(_ end: String, with other: String) -> String {
        hasSuffix(end) ? dropLast(end.count) + other : self
    }
}
