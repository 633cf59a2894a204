import KubeJSON

/// Where a webhook is: k8s.io/apiserver/pkg/util/webhook/validation.go. Shared by the kinds of
/// admissionregistration.k8s.io and by conversion webhooks.
enum WebhookRules {
    /// `clientConfig` of an admission webhook: one of url and service.
    static func clientConfig(_ config: JSON, _ path: FieldPath) -> Errors {
        switch (config["url"]?.string, config["service"]) {
        case (let url?, nil): return Self.url(url, path.child("url"))
        case (nil, let service?): return Self.service(service, path.child("service"))
        default: return [.required(path, "exactly one of url or service is required")]
        }
    }

    static func url(_ text: String, _ path: FieldPath) -> Errors {
        let form = "; desired format: https://host[/path]"
        let parts: URLParts
        switch URLParts.parse(text) {
        case .success(let found): parts = found
        case .failure(let error):
            return [.required(path, "url must be a valid URL: \(error.text)\(form)")]
        }
        var errors: Errors = []
        if parts.scheme != "https" {
            errors.append(
                .invalid(path, .string(parts.scheme), "'https' is the only allowed URL scheme\(form)"))
        }
        if parts.host.isEmpty {
            errors.append(.invalid(path, "", "host must be specified\(form)"))
        }
        if let user = parts.user {
            errors.append(.invalid(path, .string(user), "user information is not permitted in the URL"))
        }
        if !parts.fragment.isEmpty {
            errors.append(.invalid(path, .string(parts.fragment), "fragments are not permitted in the URL"))
        }
        if !parts.query.isEmpty {
            errors.append(
                .invalid(path, .string(parts.query), "query parameters are not permitted in the URL"))
        }
        return errors
    }

    static func service(_ service: JSON, _ path: FieldPath) -> Errors {
        var errors: Errors = []
        // Upstream hands name and namespace over in each other's place.
        if service.text("namespace").isEmpty { errors.append(.required(path.child("name"))) }
        if service.text("name").isEmpty { errors.append(.required(path.child("namespace"))) }
        port(service["port"], path.child("port"), &errors)
        guard let urlPath = service["path"]?.string, !urlPath.isEmpty, urlPath != "/" else { return errors }
        let path = path.child("path")
        if urlPath == "//" {
            errors.append(.invalid(path, .string(urlPath), "segment[0] may not be empty"))
            return errors
        }
        if !urlPath.hasPrefix("/") {
            errors.append(.invalid(path, .string(urlPath), "must start with a '/'"))
        }
        var rest = urlPath.dropFirst()
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        for (index, step) in rest.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            if step.isEmpty {
                errors.append(.invalid(path, .string(urlPath), "segment[\(index)] may not be empty"))
                continue
            }
            for words in NameRules.dns1123Subdomain(String(step)) {
                errors.append(.invalid(path, .string(urlPath), "segment[\(index)]: \(words)"))
            }
        }
        return errors
    }

    static func port(_ value: JSON?, _ path: FieldPath, _ errors: inout Errors) {
        let port = value?.integer ?? 0
        let words = NameRules.portNumber(Int(port))
        if words.isEmpty { return }
        errors.append(
            .invalid(path, .integer(port), "port is not valid: " + words.joined(separator: ", ")))
    }
}

/// The parts of a URL, found as Go's net/url finds them.
struct URLParts {
    struct Failure: Error { let text: String }

    var scheme = ""
    var user: String?
    var host = ""
    var query = ""
    var fragment = ""

    static func parse(_ text: String) -> Result<URLParts, Failure> {
        func failure(_ words: String) -> Result<URLParts, Failure> {
            .failure(Failure(text: "parse \(GoText.quoted(text)): \(words)"))
        }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return failure("net/url: invalid control character in URL")
        }
        var parts = URLParts()
        var rest = text[...]
        if let hash = rest.firstIndex(of: "#") {
            parts.fragment = String(rest[rest.index(after: hash)...])
            rest = rest[..<hash]
        }
        if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains(where: { "/?#".contains($0) }) {
            let scheme = rest[..<colon]
            if scheme.isEmpty { return failure("missing protocol scheme") }
            let bytes = Array(scheme.utf8)
            let isScheme =
                !ByteRules.isDigit(bytes[0]) && ![0x2B, 0x2D, 0x2E].contains(bytes[0])
                && bytes.allSatisfy { ByteRules.isAlphanumeric($0) || [0x2B, 0x2D, 0x2E].contains($0) }
            if isScheme {
                parts.scheme = scheme.lowercased()
                rest = rest[rest.index(after: colon)...]
            } else if ByteRules.isDigit(bytes[0]) {
                return failure("first path segment in URL cannot contain colon")
            }
        }
        if let mark = rest.firstIndex(of: "?") {
            parts.query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        guard rest.hasPrefix("//") else { return .success(parts) }
        rest = rest.dropFirst(2)
        var authority = rest.prefix { $0 != "/" }
        if let at = authority.lastIndex(of: "@") {
            parts.user = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        if authority.contains(" ") { return failure("invalid character \" \" in host name") }
        if !authority.hasPrefix("["), let colon = authority.lastIndex(of: ":") {
            let port = authority[authority.index(after: colon)...]
            if !port.utf8.allSatisfy(ByteRules.isDigit) {
                return failure("invalid port \(GoText.quoted(":" + port)) after host")
            }
        }
        parts.host = String(authority)
        return .success(parts)
    }
}
