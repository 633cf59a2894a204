/// Rules for names, with upstream's messages (k8s.io/apimachinery/pkg/util/validation and
/// pkg/api/validate/content). Each function returns what is wrong, empty when nothing is. `isPrefix` means
/// that something will be appended to the name (generateName), so that a dash may end it.
public enum NameRules {
    static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    static let subdomain = label + "(\\." + label + ")*"
    static let labelWithUnderscore = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
    static let qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

    // MARK: DNS names

    /// A DNS subdomain (RFC 1123): what most kinds are named by.
    public static func dns1123Subdomain(_ name: String, isPrefix: Bool = false) -> [String] {
        let name = isPrefix ? maskTrailingDash(name) : name
        if name.utf8.count <= 253, ByteRules.isSubdomain(name.utf8) { return [] }
        var errors: [String] = []
        if name.utf8.count > 253 { errors.append(maxLengthInCharacters(253)) }
        if !ByteRules.isSubdomain(name.utf8) {
            errors.append(subdomainWords)
        }
        return errors
    }

    private static var subdomainWords: String {
        regex(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                + "and must start and end with an alphanumeric character", subdomain, "example.com")
    }

    /// A DNS subdomain in which labels may hold underscores.
    public static func dns1123SubdomainWithUnderscore(_ name: String) -> [String] {
        var errors: [String] = []
        if name.utf8.count > 253 { errors.append(maxLengthInCharacters(253)) }
        if !ByteRules.isSubdomain(name.utf8, underscore: true) {
            errors.append(
                regex(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or "
                        + "'.', and must start and end with an alphanumeric character",
                    labelWithUnderscore + "(\\." + labelWithUnderscore + ")*", "example.com"))
        }
        return errors
    }

    /// A DNS subdomain in any case (CSI and volume attach drivers).
    public static func dns1123SubdomainCaseless(_ name: String) -> [String] {
        var errors: [String] = []
        if name.utf8.count > 253 { errors.append(maxLengthInCharacters(253)) }
        if !ByteRules.isSubdomain(name.utf8.map { ByteRules.isUpper($0) ? $0 | 0x20 : $0 }) {
            errors.append(
                regex(
                    "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and "
                        + "end with an alphanumeric character", subdomain, "Example.com"))
        }
        return errors
    }

    /// A DNS label (RFC 1123): namespaces, containers, volumes.
    public static func dns1123Label(_ name: String, isPrefix: Bool = false) -> [String] {
        let name = isPrefix ? maskTrailingDash(name) : name
        let fits = ByteRules.isSubdomain(name.utf8, dots: false)
        if fits, name.utf8.count <= 63 { return [] }
        var errors: [String] = []
        if name.utf8.count > 63 { errors.append(maxLengthInCharacters(63)) }
        if !fits {
            errors.append(
                ByteRules.isSubdomain(name.utf8)
                    ? "must not contain dots"
                    : regex(
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
                            + "must start and end with an alphanumeric character", label, "my-name", "123-abc"
                    ))
        }
        return errors
    }

    /// A DNS label that starts with a letter (RFC 1035): services.
    public static func dns1035Label(_ name: String, isPrefix: Bool = false) -> [String] {
        let name = isPrefix ? maskTrailingDash(name) : name
        let fits =
            ByteRules.isSubdomain(name.utf8, dots: false) && name.utf8.first.map(ByteRules.isLower) == true
        var errors: [String] = []
        if name.utf8.count > 63 { errors.append(maxLengthInCharacters(63)) }
        if !fits {
            errors.append(
                regex(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                        + "alphabetic character, and end with an alphanumeric character",
                    "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123"))
        }
        return errors
    }

    /// `*.` before a DNS subdomain (Ingress hosts).
    public static func wildcardDNS1123Subdomain(_ name: String) -> [String] {
        var errors: [String] = []
        if name.utf8.count > 253 { errors.append(maxLengthInCharacters(253)) }
        if !name.hasPrefix("*.") || !ByteRules.isSubdomain(name.utf8.dropFirst(2)) {
            errors.append(
                regex(
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which "
                        + "must consist of lower case alphanumeric characters, '-' or '.' and end with an "
                        + "alphanumeric character", "\\*\\." + subdomain, "*.example.com"))
        }
        return errors
    }

    /// What may be one segment of a path (RBAC's kinds): not `.` or `..`, no `/` or `%`.
    public static func pathSegment(_ name: String, isPrefix: Bool = false) -> [String] {
        if !isPrefix {
            if name == "." { return ["may not be '.'"] }
            if name == ".." { return ["may not be '..'"] }
        }
        return ["/", "%"].filter { part in name.utf8.contains { [$0] == Array(part.utf8) } }
            .map { "may not contain '\($0)'" }
    }

    /// A domain of two labels or more, a final dot allowed: errors for the field itself.
    public static func fullyQualifiedDomainName(_ name: String, _ path: FieldPath) -> [FieldError] {
        if name.isEmpty { return [.required(path)] }
        let name = name.hasSuffix(".") ? String(name.dropLast()) : name
        let errors = dns1123Subdomain(name)
        if !errors.isEmpty { return [.invalid(path, .string(name), errors.joined(separator: ","))] }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count < 2 {
            return [
                .invalid(
                    path, .string(name), "should be a domain with at least two segments separated by dots")
            ]
        }
        for part in labels {
            let errors = dns1123Label(String(part))
            if !errors.isEmpty {
                return [.invalid(path, .string(String(part)), errors.joined(separator: ","))]
            }
        }
        return []
    }

    /// `domain/path` (CSR signer names, volume attributes).
    public static func domainPrefixedPath(_ text: String, _ path: FieldPath) -> [FieldError] {
        if text.isEmpty { return [.required(path)] }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return [
                .invalid(path, .string(text), "must be a domain-prefixed path (such as \"acme.io/foo\")")
            ]
        }
        let host = String(parts[0])
        let rest = String(parts[1])
        var errors = dns1123Subdomain(host).map { FieldError.invalid(path, .string(host), $0) }
        let others = Array("/-._~%!$&'()*+,;=:".utf8)
        if !rest.utf8.allSatisfy({ ByteRules.isAlphanumeric($0) || others.contains($0) }) {
            errors.append(
                .invalid(
                    path, .string(rest), regex("Invalid path", "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+")))
        }
        return errors
    }

    /// `domain/name` (finalizers, pod failure policies, managedBy).
    public static func domainPrefixedKey(_ text: String, _ path: FieldPath) -> [FieldError] {
        if text.isEmpty { return [.required(path)] }
        let errors = qualifiedName(text).map { FieldError.invalid(path, .string(text), $0) }
        if !errors.isEmpty { return errors }
        if text.split(separator: "/", omittingEmptySubsequences: false).count != 2 {
            return [.invalid(path, .string(text), "must be a domain-prefixed key (such as \"acme.io/foo\")")]
        }
        return []
    }

    // MARK: Labels and keys

    /// A label's or annotation's key: a name of 63 bytes, a DNS subdomain and a slash before it if wanted.
    public static func qualifiedName(_ name: String) -> [String] {
        var errors: [String] = []
        let bytes = name.utf8
        let words =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            + "alphanumeric character"
        var local = bytes[...]
        if let slash = bytes.firstIndex(of: 0x2F) {
            let prefix = bytes[..<slash]
            local = bytes[bytes.index(after: slash)...]
            if local.contains(0x2F) {
                return [
                    "a valid label key " + regex(words, qualified, "MyName", "my.name", "123-abc")
                        + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
                ]
            }
            if prefix.isEmpty {
                errors.append("prefix part must be non-empty")
            } else if prefix.count > 253 || !ByteRules.isSubdomain(prefix) {
                if prefix.count > 253 { errors.append("prefix part " + maxLength(253)) }
                if !ByteRules.isSubdomain(prefix) { errors.append("prefix part " + subdomainWords) }
            }
        }
        if local.isEmpty {
            errors.append("name part must be non-empty")
        } else if local.count > 63 {
            errors.append("name part " + maxLength(63))
        }
        if !ByteRules.isLabelName(local) {
            errors.append("name part " + regex(words, qualified, "MyName", "my.name", "123-abc"))
        }
        return errors
    }

    /// A label's value: empty, or 63 bytes of letters, digits, dashes, underscores and dots.
    public static func labelValue(_ value: String) -> [String] {
        var errors: [String] = []
        if value.utf8.count > 63 { errors.append(maxLength(63)) }
        if !value.isEmpty, !ByteRules.isLabelName(value.utf8) {
            errors.append(
                regex(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
                        + "and must start and end with an alphanumeric character",
                    "(" + qualified + ")?", "MyValue", "my_value", "12345"))
        }
        return errors
    }

    /// A key of a ConfigMap or Secret.
    public static func configMapKey(_ key: String) -> [String] {
        var errors: [String] = []
        if key.utf8.count > 253 { errors.append(maxLengthInCharacters(253)) }
        let fits = key.utf8.allSatisfy {
            ByteRules.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E
        }
        if key.isEmpty || !fits {
            errors.append(
                regex(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                    "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"))
        }
        if key == "." {
            errors.append("must not be '.'")
        } else if key == ".." {
            errors.append("must not be '..'")
        } else if key.hasPrefix("..") {
            errors.append("must not start with '..'")
        }
        return errors
    }

    /// The name of an environment variable: printable ASCII but `=`.
    public static func environmentVariable(_ name: String) -> [String] {
        var errors: [String] = []
        if name.isEmpty { errors.append("environment variable name must be non-empty") }
        if !name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x3D }) {
            errors.append(
                "a valid environment variable name must consist only of printable ASCII characters other than '='"
            )
        }
        return errors
    }

    public static func cIdentifier(_ name: String) -> [String] {
        let fits =
            name.utf8.first.map { !ByteRules.isDigit($0) } == true
            && name.utf8.allSatisfy { ByteRules.isAlphanumeric($0) || $0 == 0x5F }
        if fits { return [] }
        return [
            regex(
                "a valid C identifier must start with alphabetic character or '_', followed by a string of "
                    + "alphanumeric characters or '_'", "[A-Za-z_][A-Za-z0-9_]*", "my_name", "MY_NAME",
                "MyName")
        ]
    }

    public static func httpHeaderName(_ name: String) -> [String] {
        if !name.isEmpty, name.utf8.allSatisfy({ ByteRules.isAlphanumeric($0) || $0 == 0x2D }) { return [] }
        return [
            regex(
                "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+",
                "X-Header-Name")
        ]
    }

    // MARK: Ports and percentages

    /// An IANA service name: 15 of lower-case letters, digits and single dashes, with a letter in it.
    public static func portName(_ name: String) -> [String] {
        var errors: [String] = []
        let bytes = name.utf8
        if bytes.count > 15 { errors.append(maxLengthInCharacters(15)) }
        if bytes.isEmpty || !bytes.allSatisfy({ ByteRules.isLowerAlphanumeric($0) || $0 == 0x2D }) {
            errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !bytes.contains(where: ByteRules.isLower) {
            errors.append("must contain at least one letter (a-z)")
        }
        if zip(bytes, bytes.dropFirst()).contains(where: { $0 == 0x2D && $1 == 0x2D }) {
            errors.append("must not contain consecutive hyphens")
        }
        if bytes.first == 0x2D || bytes.last == 0x2D {
            errors.append("must not begin or end with a hyphen")
        }
        return errors
    }

    public static func portNumber(_ port: Int) -> [String] { range(port, 1, 65535) }

    public static func range(_ value: Int, _ low: Int, _ high: Int) -> [String] {
        value >= low && value <= high ? [] : [inclusiveRange(low, high)]
    }

    /// Digits and a percent sign.
    public static func percent(_ text: String) -> [String] {
        if text.utf8.count > 1, text.utf8.last == 0x25, text.utf8.dropLast().allSatisfy(ByteRules.isDigit) {
            return []
        }
        return [
            regex(
                "a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%", "1%",
                "93%")
        ]
    }

    // MARK: Words

    /// The words of upstream's newer package: label keys and values.
    public static func maxLength(_ length: Int) -> String { "must be no more than \(length) bytes" }
    /// The words of upstream's older package: DNS names, ports and config keys.
    public static func maxLengthInCharacters(_ length: Int) -> String {
        "must be no more than \(length) characters"
    }
    public static func inclusiveRange(_ low: Int, _ high: Int) -> String {
        "must be between \(low) and \(high), inclusive"
    }

    /// A rule's words, its examples and the expression that stands for it.
    public static func regex(_ words: String, _ expression: String, _ examples: String...) -> String {
        if examples.isEmpty { return words + " (regex used for validation is '\(expression)')" }
        let list = examples.map { "'\($0)', " }.joined(separator: " or ")
        return words + " (e.g. " + list + "regex used for validation is '\(expression)')"
    }

    /// Lets a name end in a dash by judging it without: one more character will come.
    private static func maskTrailingDash(_ name: String) -> String {
        name.utf8.count > 1 && name.utf8.last == 0x2D ? String(name.dropLast(2)) + "a" : name
    }
}
