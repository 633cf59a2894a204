import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore
import Logging
import NIOCore
import Synchronization

/// The Kubernetes API over HTTP: who asks, whether they may, what for, and the answer.
public final class APIServer: HTTPRequestHandler {
    public let registry: Registry
    let authenticator: RequestAuthenticator
    let authorizer: LiveAuthorizer
    let documents: APIDocuments
    let metrics: ServerMetrics
    /// nil where nobody measures what pods use: the API is not served then.
    let metricsAPI: MetricsAPI?
    /// nil where no other server is asked.
    let aggregator: Aggregator?
    let audit: AuditLog?
    let logger: Logger
    let nodeProxy: NodeProxyHook
    let readiness: Readiness
    let limits: HTTPLimits
    let flows = FlowCache()
    /// Open watches, bounded by `maximumWatches`.
    let openWatches = Atomic<Int>(0)
    static let maximumWatches = 20_000

    var store: Store { registry.store }
    var tokens: TokenIssuer { TokenIssuer(registry: registry, signer: authenticator.signer) }
    /// Everything that this server serves.
    var served: (ResourceCatalogue, Int) { metricsAPI?.adding(to: registry.served) ?? registry.served }
    /// Which state of everything that discovery tells of there is now.
    var generation: APIDocuments.Generation {
        APIDocuments.Generation(served: registry.served.1, aggregated: aggregator?.generation ?? 0)
    }

    init(
        registry: Registry, authenticator: RequestAuthenticator, authorizer: LiveAuthorizer,
        documents: APIDocuments, metrics: ServerMetrics, audit: AuditLog?, logger: Logger,
        nodeProxy: NodeProxyHook, readiness: Readiness, limits: HTTPLimits, metricsAPI: MetricsAPI? = nil,
        aggregator: Aggregator? = nil
    ) {
        self.aggregator = aggregator
        self.metricsAPI = metricsAPI
        self.registry = registry
        self.authenticator = authenticator
        self.authorizer = authorizer
        self.documents = documents
        self.metrics = metrics
        self.audit = audit
        self.logger = logger
        self.nodeProxy = nodeProxy
        self.readiness = readiness
        self.limits = limits
    }

    func handle(_ exchange: HTTPExchange) {
        let info = RequestInfo(method: exchange.method, uri: exchange.uri)
        observe(exchange, info)
        do throws(APIStatus) {
            let user = try identify(exchange, info)
            if let route = aggregator?.route(of: info) {
                try authorize(exchange, info, user)
                return forward(exchange, info, user, to: route)
            }
            exchange.flow = flows.flow(of: info, by: user, in: store).map { ($0.schemaUID, $0.levelUID) }
            var representation = Representation.negotiate(exchange.headers.first("accept"))
            // Documents choose their own form: discovery has media types that no resource has.
            if representation == nil, !info.isResourceRequest {
                representation = Representation.Choice(format: .json, transform: .none)
            }
            guard let representation else {
                throw notAcceptable(info, exchange.headers.first("accept") ?? "")
            }
            let call = Call(
                server: self, exchange: exchange, info: info, user: user, representation: representation)
            try authorize(exchange, info, user)
            try route(call)
        } catch {
            exchange.respond(error)
        }
    }

    private func notAcceptable(_ info: RequestInfo, _ accept: String) -> APIStatus {
        // Upstream asks twice: whether the type is known at all, and whether it can be given in this way.
        let isKnown = MediaType.list(accept).contains { Representation.mediaTypes.contains($0.type) }
        let resource = registry.resources.resource(
            group: info.group, version: info.version, plural: info.resource)
        if isKnown || resource?.isCustom == true {
            return .notAcceptable(
                info.verb == "watch" ? Representation.streamMediaTypes : Representation.mediaTypes)
        }
        let types =
            info.verb == "watch" || info.verb == "list" || info.verb == "get"
            ? Representation.watchMediaTypes : Representation.mediaTypes
        return APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "406: Not Acceptable\n\nAvailable representations: \(types.joined(separator: ", "))",
            details: [:])
    }

    // MARK: Who

    private func identify(_ exchange: HTTPExchange, _ info: RequestInfo) throws(APIStatus) -> UserInfo {
        let user = try authenticator.identify(exchange)
        exchange.audit?.user = user
        var isAsked = false
        exchange.headers.forEach { name, _ in
            if name.utf8.count > 12, name.lowercased().hasPrefix("impersonate-") { isAsked = true }
        }
        return isAsked ? try impersonate(exchange, user, info) : user
    }

    /// The identity that the `Impersonate-…` headers ask for, if the requester may take it.
    private func impersonate(
        _ exchange: HTTPExchange, _ user: UserInfo, _ info: RequestInfo
    ) throws(APIStatus) -> UserInfo {
        var headers: [(name: String, value: String)] = []
        exchange.headers.forEach { name, value in headers.append((name, value)) }
        let wanted: Impersonation?
        do { wanted = try Impersonation(headers: headers) } catch { throw .badRequest(error.description) }
        guard let wanted else { return user }
        exchange.audit?.impersonatedUser = wanted.wanted
        var refusal: APIStatus?
        for mode in wanted.modes(for: attributes(user, info)) {
            if mode.refusal != nil { continue }
            var failed: APIStatus?
            for question in mode.questions {
                let decision = authorizer.authorize(question)
                if !decision.isAllowed {
                    failed = Forbidden.status(question, decision)
                    break
                }
            }
            guard let failed else { return mode.identity }
            refusal = refusal ?? failed
        }
        throw refusal
            ?? .forbidden(GroupResource("", "users"), wanted.wanted.name, "impersonation is not allowed")
    }

    // MARK: Whether

    private func attributes(_ user: UserInfo, _ info: RequestInfo) -> Attributes {
        guard info.isResourceRequest else { return Attributes(user: user, verb: info.verb, path: info.path) }
        return Attributes(
            user: user, verb: info.verb, apiGroup: info.group, apiVersion: info.version,
            resource: info.resource, subresource: info.subresource, namespace: info.namespace, name: info.name
        )
    }

    private func authorize(
        _ exchange: HTTPExchange, _ info: RequestInfo, _ user: UserInfo
    ) throws(APIStatus) {
        let attributes = attributes(user, info)
        let decision = authorizer.authorize(attributes)
        exchange.audit?.note(decision)
        if !decision.isAllowed { throw Forbidden.status(attributes, decision) }
    }

    // MARK: What

    private func route(_ call: Call) throws(APIStatus) {
        let info = call.info
        guard info.isResourceRequest else { return try routeDocument(call) }
        if let metricsAPI, info.group == MetricsAPI.group {
            let now = registry.environment.now()
            return try metricsAPI.answer(
                call.withoutProtobuf(),
                now: Timestamp(seconds: now.seconds, nanoseconds: Int32(now.nanoseconds)))
        }
        guard
            let resource = registry.resources.resource(
                group: info.group, version: info.version, plural: info.resource)
        else {
            if registry.resources.group(info.group) == nil {
                return notFoundPage(call.exchange)
            }
            throw .unknownResource
        }
        if resource.isNamespaced, info.namespace.isEmpty, !info.name.isEmpty || info.verb == "create" {
            throw .unknownResource
        }
        if !resource.isNamespaced, !info.namespace.isEmpty, info.resource != "namespaces" {
            throw .unknownResource
        }
        let call = resource.isCustom ? try call.withoutProtobuf() : call
        if !info.subresource.isEmpty { return try routeSubresource(call, resource) }
        if try review(call, resource) { return }
        guard resource.verbs.contains(info.verb) else { throw .methodNotAllowed() }
        if info.name.isEmpty, info.verb == "update" || info.verb == "patch" { throw .methodNotAllowed() }
        switch info.verb {
        case "get": try get(call, resource)
        case "list": try list(call, resource)
        case "watch": try watch(call, resource)
        case "create": try create(call, resource)
        case "update": try update(call, resource)
        case "patch": try patch(call, resource)
        case "delete": try delete(call, resource)
        case "deletecollection": try deleteCollection(call, resource)
        default: throw .methodNotAllowed()
        }
    }

    func notFoundPage(_ exchange: HTTPExchange) {
        exchange.respond(
            ResponseHead(status: 404, contentType: "text/plain; charset=utf-8"),
            body: Array("404 page not found\n".utf8))
    }

    private func watch(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let options = try ListOptions(call, resource)
        guard call.representation.format != .yaml else {
            throw .notAcceptable(Representation.streamMediaTypes)
        }
        guard openWatches.add(1, ordering: .relaxed).newValue <= Self.maximumWatches else {
            openWatches.subtract(1, ordering: .relaxed)
            throw .tooManyRequests("too many watches are open, please try again later", retryAfter: 1)
        }
        let previous = call.exchange.onFinish
        call.exchange.onFinish = { [self] exchange in
            openWatches.subtract(1, ordering: .relaxed)
            previous?(exchange)
        }
        do {
            try WatchSession(call, resource, options).start()
        } catch {
            guard error.code == 410 else { throw error }
            // Upstream begins the stream and tells it there.
            let format = call.representation.format
            call.exchange.respond(
                ResponseHead(contentType: Encoding.streamType(format)),
                body: try Encoding.event("ERROR", error.json, format))
        }
    }

    private func deleteCollection(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let options = try ListOptions(call, resource)
        var request = try call.request(resource)
        let deleteOptions = try deleteOptions(call, &request)
        let asks = registry.asksConversion(resource)
        let page = try page(call, resource, asks ? options.unselective : options)
        let startsWaiting = registry.asksWebhooks(for: resource)
        try perform(call, startsWaiting: startsWaiting) { [registry, request] mayWait throws(APIStatus) in
            var items: [JSON] = []
            var revision: UInt64?
            let shown = asks ? try registry.shown(page.objects, as: resource) : page.objects.map(\.value)
            for (object, value) in zip(page.objects, shown) where !asks || options.matches(value) {
                var one = request
                one.mayWait = mayWait
                one.namespace = object.namespace
                one.name = object.name
                do throws(APIStatus) {
                    switch try registry.delete(&one, deleteOptions) {
                    case .deleted(let written):
                        items.append(value)
                        revision = written.revision ?? revision
                    case .pending(let written):
                        items.append(written.value)
                        revision = written.revision ?? revision
                    }
                } catch {
                    // Somebody else deleted it in between: that is what was wanted.
                    if error.reason != "NotFound" { throw error }
                }
            }
            return (items, revision)
        } then: { [self] items, revision in
            let list = deleted(items, page.metadata, resource)
            whenDurable(revision, on: call.exchange) { call.respond(list) }
        }
    }

    private func deleted(_ items: [JSON], _ metadata: JSON, _ resource: ResourceInfo) -> JSON {
        [
            "kind": .string(resource.listKind), "apiVersion": .string(resource.apiVersion),
            "metadata": metadata,
            "items": .array(
                items.map { item in
                    var item = item
                    if !resource.isCustom {
                        item["kind"] = nil
                        item["apiVersion"] = nil
                    }
                    return item
                }),
        ]
    }

    private func observe(_ exchange: HTTPExchange, _ info: RequestInfo) {
        let start = NIODeadline.now()
        let given = exchange.headers.first("audit-id") ?? ""
        exchange.auditID = given.isEmpty || given.utf8.count > 64 ? registry.environment.uuid() : given
        if audit != nil { exchange.audit = auditEvent(exchange, info) }
        exchange.onFinish = { [self] exchange in
            metrics.count(info, status: exchange.status, seconds: NIODeadline.now() - start)
            guard let audit, var event = exchange.audit else { return }
            event.responseCode = exchange.status
            event.staged = microseconds()
            audit.append(event)
        }
    }

    private func microseconds() -> Int64 {
        let now = registry.environment.now()
        return now.seconds * 1_000_000 + Int64(now.nanoseconds / 1_000)
    }

    private func auditEvent(_ exchange: HTTPExchange, _ info: RequestInfo) -> AuditEvent {
        let now = microseconds()
        return AuditEvent(
            id: exchange.auditID, stage: .responseComplete, requestURI: exchange.uri, verb: info.verb,
            user: .anonymous, received: now, staged: now, sourceIPs: [exchange.connection.remoteAddress],
            userAgent: exchange.headers.first("user-agent") ?? "",
            object: info.isResourceRequest
                ? AuditEvent.ObjectReference(
                    resource: info.resource, subresource: info.subresource, namespace: info.namespace,
                    name: info.name, apiGroup: info.group, apiVersion: info.version) : nil)
    }
}
