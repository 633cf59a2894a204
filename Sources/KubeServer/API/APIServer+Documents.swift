import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry

/// Everything that is not a resource: health, version, discovery, OpenAPI, metrics, keys.
extension APIServer {
    func routeDocument(_ call: Call) throws(APIStatus) {
        let path = call.info.path
        // Discovery chooses for itself; nothing else here has another form.
        var call = call
        call.representation = Representation.Choice(format: .json, transform: .none)
        guard call.exchange.method == "GET" || call.exchange.method == "HEAD" else {
            throw .methodNotAllowed()
        }
        switch path {
        case "/healthz", "/livez", "/readyz": health(call, path)
        case "/version", "/version/": call.respond(Self.version)
        case "/metrics":
            call.exchange.respond(
                ResponseHead(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8"),
                body: Array(
                    (metrics.text(store: store, watches: openWatches.load(ordering: .relaxed))
                        + flows.metrics(store)).utf8))
        case "/metrics/slis": healthMetrics(call)
        case "/": call.respond(["paths": .array(documents.rootPaths(discovery).map { .string($0) })])
        case "/openapi/v2": try openAPIv2(call)
        case "/openapi/v3":
            let generation = generation
            respond(
                call,
                try documents.openAPIv3Index(registry.resources, generation) { aggregator?.openAPI ?? [:] })
        case "/.well-known/openid-configuration":
            call.respond(
                authenticator.signer.discovery(keySetURL: "https://\(documents.podsAddress)/openid/v1/jwks"))
        case "/openid/v1/jwks":
            call.respond(authenticator.signer.keySet, contentType: "application/jwk-set+json")
        default:
            if path.hasPrefix("/healthz/") || path.hasPrefix("/livez/") || path.hasPrefix("/readyz/") {
                return health(call, path)
            }
            if path.hasPrefix("/openapi/v3/") {
                let subject = String(path.dropFirst("/openapi/v3/".count))
                if let route = aggregator?.documenter(of: subject) {
                    return forward(call.exchange, call.info, call.user, to: route)
                }
                let generation = generation
                guard let document = try documents.openAPIv3(subject, registry.resources, generation)
                else { throw .unknownResource }
                return respond(call, document)
            }
            if path == "/api" || path == "/apis" || path.hasPrefix("/api/") || path.hasPrefix("/apis/") {
                return try discovery(call, path)
            }
            notFoundPage(call.exchange)
        }
    }

    static let version: JSON = [
        "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.2", "gitCommit": "", "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z",
        "goVersion": "", "compiler": "swift", "platform": .string(platform),
    ]

    private static var platform: String {
        #if arch(arm64)
            "linux/arm64"
        #else
            "linux/amd64"
        #endif
    }

    private func health(_ call: Call, _ path: String) {
        let parts = path.split(separator: "/")
        let isReady = parts[0] == "readyz"
        let excluded = call.info.query.all("exclude")
        var checks = readiness.all.filter { !excluded.contains($0.name) }
        // Liveness and health ask only whether the server answers.
        if !isReady {
            checks = [("ping", true)] + checks.map { ($0.name, true) }
        } else {
            checks.insert(("ping", true), at: 0)
        }
        if parts.count > 1 {
            let name = parts.dropFirst().joined(separator: "/")
            guard let check = checks.first(where: { $0.name == name }) else {
                return notFoundPage(call.exchange)
            }
            checks = [check]
        }
        let isGood = checks.allSatisfy(\.isReady)
        var text = "ok"
        if !isGood || call.info.query.first("verbose") != nil {
            text = checks.map {
                "[\($0.isReady ? "+" : "-")]\($0.name) \($0.isReady ? "ok" : "failed: reason withheld")\n"
            }
            .joined()
            text += "\(parts[0]) check \(isGood ? "passed" : "failed")\n"
        }
        call.exchange.respond(
            ResponseHead(status: isGood ? 200 : 500, contentType: "text/plain; charset=utf-8"),
            body: Array(text.utf8))
    }

    /// The checks of `/healthz`, `/livez` and `/readyz` as they stand, under upstream's name.
    private func healthMetrics(_ call: Call) {
        var text = "# TYPE kubernetes_healthcheck gauge\n"
        for check in [("ping", true)] + readiness.all.map({ ($0.name, $0.isReady) }) {
            for type in ["healthz", "livez", "readyz"] {
                let isGood = type == "readyz" ? check.1 : true
                text += "kubernetes_healthcheck{name=\"\(check.0)\",type=\"\(type)\"} \(isGood ? 1 : 0)\n"
            }
        }
        call.exchange.respond(
            ResponseHead(contentType: "text/plain; version=0.0.4; charset=utf-8"), body: Array(text.utf8))
    }

    private func openAPIv2(_ call: Call) throws(APIStatus) {
        let generation = generation
        let wanted = MediaType.list(call.exchange.headers.first("accept") ?? "").first
        let protobuf = "application/com.github.proto-openapi.spec.v2"
        if let wanted,
            wanted.type == protobuf + "@v1.0+protobuf" || wanted.type == protobuf + ".v1.0+protobuf"
        {
            // With the @ it would be no media type: upstream answers the older name with the newer one.
            return respond(call, try documents.openAPIv2Protobuf(registry.resources, generation))
        }
        respond(call, try documents.openAPIv2(registry.resources, generation))
    }

    /// The document, or 304 when the client has it.
    private func respond(_ call: Call, _ document: APIDocuments.Document?) {
        guard let document else { return call.fail(.unknownResource) }
        let headers = [("etag", document.tag), ("vary", "Accept")]
        let known = call.exchange.headers.first("if-none-match") ?? ""
        if known.split(separator: ",").contains(where: { $0.trimmed == document.tag }) {
            return call.exchange.respond(
                ResponseHead(status: 304, contentType: document.contentType, headers: headers), body: [])
        }
        call.exchange.respond(
            ResponseHead(contentType: document.contentType, headers: headers), body: document.bytes)
    }

    /// Of everything that there is now.
    private var discovery: Discovery {
        let found = aggregator?.discovered
        return Discovery(served.0, services: found?.services ?? [], remote: found?.remote ?? [])
    }

    private func discovery(_ call: Call, _ path: String) throws(APIStatus) {
        let accept = call.exchange.headers.first("accept") ?? ""
        let wanted = DiscoveryForm(accept: accept)
        let generation = generation
        guard let document = try documents.discovery(path, wanted, generation, { discovery }) else {
            // A group that nobody serves is no path of the server at all.
            let parts = path.split(separator: "/")
            if parts.count >= 2, parts[0] == "apis", served.0.group(String(parts[1])) == nil {
                return notFoundPage(call.exchange)
            }
            return call.fail(.unknownResource)
        }
        respond(call, document)
    }
}

/// Which form of discovery an Accept header prefers.
struct DiscoveryForm: Equatable {
    var format = Representation.Format.json
    /// The version of the aggregated form; nil for a document a group version.
    var aggregated: String?

    init(accept: String) {
        for media in MediaType.list(accept) {
            switch media.type {
            case "application/json", "*/*", "application/*": format = .json
            case Representation.protobuf: format = .protobuf
            default: continue
            }
            guard let kind = media.parameters["as"] else { return }
            guard media.parameters["g"] == "apidiscovery.k8s.io", kind == "APIGroupDiscoveryList",
                let version = media.parameters["v"], version == "v2" || version == "v2beta1"
            else { continue }
            aggregated = version
            return
        }
        format = .json
    }
}
