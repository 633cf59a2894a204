/// A version by the rules of semver.org 2.0.0.
public struct SemanticVersion: Sendable {
    let major: UInt64
    let minor: UInt64
    let patch: UInt64
    let prerelease: [String]

    /// - Parameter normalizes: lets a `v` come first, and adds numbers that are missing.
    public init?(_ text: String, normalizes: Bool = false) {
        var text = text
        if normalizes {
            guard let normal = Self.normalize(text) else { return nil }
            text = normal
        }
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else {
            return nil
        }
        var rest = parts[2]
        if let plus = rest.firstIndex(of: "+") {
            let build = rest[rest.index(after: plus)...]
            guard Self.identifiers(build, areNumbersChecked: false) != nil else { return nil }
            rest = rest[..<plus]
        }
        var prerelease: [String] = []
        if let dash = rest.firstIndex(of: "-") {
            guard let found = Self.identifiers(rest[rest.index(after: dash)...], areNumbersChecked: true)
            else {
                return nil
            }
            prerelease = found
            rest = rest[..<dash]
        }
        guard let patch = Self.number(rest) else { return nil }
        (self.major, self.minor, self.patch, self.prerelease) = (major, minor, patch, prerelease)
    }

    private static func normalize(_ text: String) -> String? {
        let rest = text.hasPrefix("v") ? text.dropFirst() : text[...]
        var parts = rest.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map { part in
            guard part.count > 1 else { return String(part) }
            let trimmed = part.drop { $0 == "0" }
            return (trimmed.utf8.first.map { $0 >= 48 && $0 <= 57 } ?? false)
                ? String(trimmed) : "0" + trimmed
        }
        if parts.count < 3, parts.last?.contains(where: { $0 == "+" || $0 == "-" }) ?? false { return nil }
        while parts.count < 3 { parts.append("0") }
        return parts.joined(separator: ".")
    }

    private static func isNumeric(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard isNumeric(text), text.utf8.count == 1 || !text.hasPrefix("0") else { return nil }
        return UInt64(text)
    }

    private static func identifiers(_ text: Substring, areNumbersChecked: Bool) -> [String]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        for part in parts {
            let isWord = part.utf8.allSatisfy {
                ($0 >= 48 && $0 <= 57) || ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || $0 == UInt8(ascii: "-")
            }
            if part.isEmpty || !isWord { return nil }
            if areNumbersChecked, isNumeric(part), number(part) == nil { return nil }
        }
        return parts.map(String.init)
    }

    /// -1, 0 or 1.
    func compare(_ other: SemanticVersion) -> Int {
        for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where a != b {
            return a < b ? -1 : 1
        }
        if prerelease.isEmpty || other.prerelease.isEmpty {
            return prerelease.isEmpty == other.prerelease.isEmpty ? 0 : (prerelease.isEmpty ? 1 : -1)
        }
        for (a, b) in zip(prerelease, other.prerelease) where a != b {
            switch (UInt64(a), UInt64(b)) {
            case (let x?, let y?): return x < y ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            default: return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
            }
        }
        let (a, b) = (prerelease.count, other.prerelease.count)
        return a == b ? 0 : (a < b ? -1 : 1)
    }
}
