/// Names of images (github.com/distribution/reference).
enum ImageName {
    /// The whole name that a short one stands for: `busybox` is `docker.io/library/busybox:latest`.
    static func normalized(_ name: String) -> String {
        var rest = name
        var digest = ""
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[at...])
            rest = String(rest[..<at])
        }
        let (host, path) = parts(rest)
        var full = host == "docker.io" && !path.contains("/") ? "\(host)/library/\(path)" : "\(host)/\(path)"
        let last = path.split(separator: "/").last ?? ""
        if digest.isEmpty {
            if !last.contains(":") { full += ":latest" }
        } else if let colon = full.lastIndex(of: ":"), last.contains(":") {
            // The digest says more than the tag.
            full = String(full[..<colon])
        }
        return full + digest
    }

    /// The registry's host and the rest.
    static func parts(_ name: String) -> (host: String, path: String) {
        guard let slash = name.firstIndex(of: "/") else { return ("docker.io", name) }
        let first = name[..<slash]
        guard first.contains(".") || first.contains(":") || first == "localhost" else {
            return ("docker.io", name)
        }
        let host = first == "index.docker.io" ? "docker.io" : String(first)
        return (host, String(name[name.index(after: slash)...]))
    }
}
