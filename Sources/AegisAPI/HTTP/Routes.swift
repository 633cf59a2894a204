/// What the API does.
enum Operation: String, Sendable, CaseIterable {
    case health, ready, metrics, openAPI
    case listWorkloads, showWorkload
    case createRelease, listReleases, showRelease, rollBackRelease, cancelRelease
    case followEvents
    case listAudit

    /// Whether the caller has to say who they are.
    var isOpen: Bool {
        switch self {
        case .health, .ready, .metrics, .openAPI: true
        default: false
        }
    }
}

/// The paths of the API: one table, which requests are routed by and the OpenAPI document is held to.
enum Routes {
    struct Route: Sendable {
        let method: String
        /// With `{name}` where a segment is a parameter.
        let pattern: String
        let operation: Operation
        /// Of the query, that are known.
        var query: [String] = []
        var segments: [Substring] { pattern.split(separator: "/") }

        init(_ method: String, _ pattern: String, _ operation: Operation, query: [String] = []) {
            self.method = method
            self.pattern = pattern
            self.operation = operation
            self.query = query
        }
    }

    static let all: [Route] = [
        Route("GET", "/health", .health),
        Route("GET", "/ready", .ready),
        Route("GET", "/metrics", .metrics),
        Route("GET", "/openapi.json", .openAPI),
        Route("GET", "/v1/workloads", .listWorkloads),
        Route("GET", "/v1/workloads/{workload}", .showWorkload),
        Route("GET", "/v1/releases", .listReleases, query: ["workload", "state", "limit", "before"]),
        Route("POST", "/v1/releases", .createRelease),
        Route("GET", "/v1/releases/{id}", .showRelease),
        Route("POST", "/v1/releases/{id}/rollback", .rollBackRelease),
        Route("POST", "/v1/releases/{id}/cancel", .cancelRelease),
        Route("GET", "/v1/events", .followEvents, query: ["workload", "release", "after"]),
        Route("GET", "/v1/audit", .listAudit, query: ["limit", "before"]),
    ]

    enum Match: Sendable {
        case route(Route, parameters: [String: String])
        /// The path is known, with these methods.
        case otherMethods([String], pattern: String)
        case none
    }

    /// - Parameter path: as it came, with its escapes.
    static func match(_ method: String, _ path: String) -> Match {
        // HEAD is GET without the body.
        let wanted = method == "HEAD" ? "GET" : method
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var others: [String] = []
        var pattern = ""
        for (route, own) in split {
            guard own.count == segments.count else { continue }
            var parameters: [String: String] = [:]
            var isMatch = true
            for (part, segment) in zip(own, segments) {
                if part.hasPrefix("{") {
                    guard !segment.isEmpty, let value = percentDecoded(segment) else {
                        isMatch = false
                        break
                    }
                    parameters[String(part.dropFirst().dropLast())] = value
                } else if part != segment {
                    isMatch = false
                    break
                }
            }
            guard isMatch else { continue }
            if route.method == wanted { return .route(route, parameters: parameters) }
            others.append(route.method)
            pattern = route.pattern
        }
        if others.isEmpty { return .none }
        if others.contains("GET") { others.append("HEAD") }
        return .otherMethods(others.sorted(), pattern: pattern)
    }

    private static let split = all.map { ($0, $0.segments) }
}
