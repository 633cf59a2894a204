/// Names of images (github.com/distribution/reference).
public enum ImageReference {
    /// The whole name that a short one stands for: `busybox` is `docker.io/library/busybox:latest`. A tag beside
    /// a digest is left out, for the digest says more.
    public static func normalized(_ name: String) -> String {
        var rest = Substring(name)
        var digest = Substring()
        if let at = rest.firstIndex(of: "@") {
            digest = rest[at...]
            rest = rest[..<at]
        }
        var host = Substring("docker.io")
        var path = rest
        if let slash = rest.firstIndex(of: "/") {
            let first = rest[..<slash]
            if first.contains(".") || first.contains(":") || first == "localhost" {
                host = first == "index.docker.io" ? "docker.io" : first
                path = rest[rest.index(after: slash)...]
            }
        }
        if host == "docker.io", !path.contains("/") { path = "library/" + path }
        let start = path.lastIndex(of: "/") ?? path.startIndex
        let tag = path[start...].firstIndex(of: ":")
        if digest.isEmpty { return "\(host)/\(path)" + (tag == nil ? ":latest" : "") }
        return "\(host)/\(tag.map { path[..<$0] } ?? path)\(digest)"
    }
}

/// Patterns in which `*` stands for any characters but `/`, and `**` for any at all.
enum Glob {
    /// The first pattern that fits decides; one that begins with `!` keeps what it fits.
    static func isExcluded(_ text: String, by patterns: [String]) -> Bool {
        for pattern in patterns {
            let isKept = pattern.hasPrefix("!")
            if matches(isKept ? String(pattern.dropFirst()) : pattern, text) { return !isKept }
        }
        return false
    }

    static func matches(_ pattern: String, _ text: String) -> Bool {
        matches(Array(pattern.utf8)[...], Array(text.utf8)[...])
    }

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let star = UInt8(ascii: "*")
        guard first == star else {
            return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
        }
        let isDeep = pattern.dropFirst().first == star
        let rest = pattern.dropFirst(isDeep ? 2 : 1)
        var text = text
        while true {
            if matches(rest, text) { return true }
            guard let next = text.first, isDeep || next != UInt8(ascii: "/") else { return false }
            text = text.dropFirst()
        }
    }
}
