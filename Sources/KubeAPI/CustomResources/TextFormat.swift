import KubeJSON

/// The formats of strings that upstream checks in custom resources (apiserver/validation/formats.go);
/// unknown ones are ignored, as OpenAPI has it.
enum TextFormat {
    static func accepts(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date-time", "datetime": isDateTime(text)
        case "date": isDate(text)
        case "ipv4": isIPv4(text)
        case "ipv6": text.contains(":") && isIPv6(text)
        case "cidr": isCIDR(text)
        case "uuid": isUUID(text)
        case "uuid3": isUUID(text, version: "3")
        case "uuid4": isUUID(text, version: "4")
        case "uuid5": isUUID(text, version: "5")
        case "mac": isMAC(text)
        case "byte": isBase64(text)
        case "email": isEmail(text)
        case "hostname": isHostname(text)
        case "uri": isURI(text)
        case "duration": GoDuration(text) != nil
        case "k8s-short-name": NameRules.dns1123Label(text).isEmpty
        case "k8s-long-name": NameRules.dns1123Subdomain(text).isEmpty
        default: true
        }
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(ByteRules.isDigit) && !text.isEmpty ? Int(text) : nil
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2]),
            (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    private static func isDateTime(_ text: String) -> Bool {
        guard let split = text.firstIndex(where: { $0 == "T" || $0 == "t" }),
            isDate(String(text[..<split]))
        else { return false }
        var rest = text[text.index(after: split)...]
        func take(_ count: Int, upTo limit: Int) -> Bool {
            guard rest.utf8.count >= count, let value = number(rest.prefix(count)), value <= limit else {
                return false
            }
            rest = rest.dropFirst(count)
            return true
        }
        func skip(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard take(2, upTo: 23), skip(":"), take(2, upTo: 59), skip(":"), take(2, upTo: 59) else {
            return false
        }
        if skip(".") {
            let digits = rest.utf8.prefix(while: ByteRules.isDigit).count
            if digits == 0 { return false }
            rest = rest.dropFirst(digits)
        }
        if rest == "Z" || rest == "z" { return true }
        guard skip("+") || skip("-") else { return false }
        return take(2, upTo: 23) && skip(":") && take(2, upTo: 59) && rest.isEmpty
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard let value = number(part), value <= 255 else { return false }
                return part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0")
            }
    }

    private static func isIPv6(_ text: String) -> Bool {
        var groups = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var room = 8
        if let last = groups.last, last.contains(".") {
            guard isIPv4(last) else { return false }
            groups[groups.count - 1] = "0"
            room = 7
        }
        func isGroup(_ text: String) -> Bool {
            (1...4).contains(text.utf8.count) && text.utf8.allSatisfy(isHex)
        }
        guard let gap = text.range(of: "::") else {
            return groups.count == room && groups.allSatisfy(isGroup)
        }
        if text[gap.upperBound...].contains("::") || text[gap.upperBound...].first == ":" { return false }
        let filled = groups.filter { !$0.isEmpty }
        if text.first == ":", gap.lowerBound != text.startIndex { return false }
        if text.last == ":", gap.upperBound != text.endIndex { return false }
        return filled.count < room && filled.allSatisfy(isGroup)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        ByteRules.isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func isCIDR(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = number(parts[1]) else { return false }
        let address = String(parts[0])
        return address.contains(":") ? length <= 128 && isIPv6(address) : length <= 32 && isIPv4(address)
    }

    private static func isUUID(_ text: String, version: Character? = nil) -> Bool {
        let digits = text.filter { $0 != "-" }
        guard digits.utf8.count == 32, digits.utf8.allSatisfy(isHex) else { return false }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
        guard parts == [8, 4, 4, 4, 12] || parts == [32] else { return false }
        guard let version else { return true }
        return Array(digits)[12] == version
    }

    private static func isMAC(_ text: String) -> Bool {
        let parts = text.split(whereSeparator: { $0 == ":" || $0 == "-" })
        return [6, 8, 20].contains(parts.count)
            && parts.allSatisfy { $0.utf8.count == 2 && $0.utf8.allSatisfy(isHex) }
    }

    private static func isBase64(_ text: String) -> Bool {
        let bytes = text.utf8
        let body = bytes.reversed().drop { $0 == UInt8(ascii: "=") }
        return bytes.count % 4 == 0 && bytes.count - body.count <= 2
            && body.allSatisfy {
                ByteRules.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/")
            }
    }

    private static func isEmail(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@"), at != text.startIndex else { return false }
        let domain = text[text.index(after: at)...]
        return !domain.isEmpty && !domain.contains(" ") && !text[..<at].contains(" ")
            && domain.first != "." && domain.last != "."
    }

    private static func isHostname(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return !text.isEmpty && text.utf8.count <= 255
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { ByteRules.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    /// What Go's ParseRequestURI takes: an absolute path or a scheme.
    private static func isURI(_ text: String) -> Bool {
        if text.contains(" ") || text.isEmpty { return false }
        if text.first == "/" { return true }
        guard let colon = text.firstIndex(of: ":"), let first = text.utf8.first else { return false }
        return ByteRules.isAlphanumeric(first) && !ByteRules.isDigit(first)
            && text[..<colon].utf8.allSatisfy {
                ByteRules.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: ".")
            }
    }
}
