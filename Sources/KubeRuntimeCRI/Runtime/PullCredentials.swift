import KubeJSON

/// How to sign in at an image's registry, from the Secrets that a pod names (pkg/credentialprovider).
enum PullCredentials {
    /// - Parameter secrets: of type `kubernetes.io/dockerconfigjson` or `kubernetes.io/dockercfg`.
    /// - Returns: what fits, the most specific first.
    static func auths(for image: String, secrets: [JSON]) -> [RegistryAuth] {
        let (host, path) = ImageName.parts(image)
        var found: [(length: Int, auth: RegistryAuth)] = []
        for secret in secrets {
            for (key, entry) in entries(of: secret) {
                guard let length = fit(key, host, path) else { continue }
                found.append((length, auth(entry)))
            }
        }
        return found.sorted { $0.length > $1.length }.map(\.auth)
    }

    private static func entries(of secret: JSON) -> JSONObject {
        let data = secret["data"]
        for (key, isNested) in [(".dockerconfigjson", true), (".dockercfg", false)] {
            guard let text = data?[key]?.string, let bytes = Base64Text.decode(text),
                let value = try? JSONParser.parse(bytes)
            else { continue }
            return (isNested ? value["auths"] : value)?.object ?? [:]
        }
        return [:]
    }

    /// How much of the image's name a key covers; nil when it is for another registry.
    private static func fit(_ key: String, _ host: String, _ path: String) -> Int? {
        var rest = Substring(key)
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var keyHost = String(rest[..<slash])
        if keyHost == "index.docker.io" || keyHost == "registry-1.docker.io" { keyHost = "docker.io" }
        guard matches(keyHost, host) else { return nil }
        var keyPath = String(rest[slash...].drop { $0 == "/" })
        while keyPath.hasSuffix("/") { keyPath.removeLast() }
        if keyPath.isEmpty || keyPath == "v1" || keyPath == "v2" { return keyHost.count }
        return path.hasPrefix(keyPath) ? keyHost.count + keyPath.count : nil
    }

    /// A star stands for one part of the host's name.
    private static func matches(_ pattern: String, _ host: String) -> Bool {
        let (left, right) = (pattern.split(separator: "."), host.split(separator: "."))
        return left.count == right.count
            && zip(left, right).allSatisfy { pattern, part in
                guard let star = pattern.firstIndex(of: "*") else { return pattern == part }
                let (start, end) = (pattern[..<star], pattern[pattern.index(after: star)...])
                return part.count >= start.count + end.count && part.hasPrefix(start) && part.hasSuffix(end)
            }
    }

    private static func auth(_ entry: JSON) -> RegistryAuth {
        var auth = RegistryAuth(
            username: entry["username"]?.string ?? "", password: entry["password"]?.string ?? "",
            identityToken: entry["identitytoken"]?.string ?? "",
            registryToken: entry["registrytoken"]?.string ?? "")
        if let text = entry["auth"]?.string, let bytes = Base64Text.decode(text) {
            let parts = String(decoding: bytes, as: UTF8.self)
                .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                auth.username = String(parts[0])
                auth.password = String(parts[1].reversed().drop { $0 == "\0" }.reversed())
            }
        }
        return auth
    }
}
