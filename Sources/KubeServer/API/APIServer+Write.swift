import KubeAPI
import KubeJSON
import KubeRegistry
import KubeStore
import NIOCore

/// create, update, patch and delete of resources.
extension APIServer {
    func create(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        if !call.info.name.isEmpty { throw .methodNotAllowed() }
        let body = try call.body(kind: resource.kind, duplicates: &request.duplicateKeys)
        guard Self.needsAccount(resource) || registry.asksWebhooks(for: resource) else {
            let written = try registry.create(&request, body: body)
            return answer(call, written, resource, request, status: 201)
        }
        try waitingForAccount(call, resource, body) { [self, request] tell throws(APIStatus) in
            try perform(call, orTell: tell) { [registry] mayWait throws(APIStatus) in
                var request = request
                request.mayWait = mayWait
                return (try registry.create(&request, body: body), request)
            } then: { [self] written, request in
                answer(call, written, resource, request, status: 201)
            }
        }
    }

    func update(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        let body = try call.body(kind: resource.kind, duplicates: &request.duplicateKeys)
        guard registry.asksWebhooks(for: resource) else {
            let written = try registry.update(&request, body: body)
            return answer(call, written, resource, request, status: written.isCreated ? 201 : 200)
        }
        try perform(call) { [registry, request] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            return (try registry.update(&request, body: body), request)
        } then: { [self] written, request in
            answer(call, written, resource, request, status: written.isCreated ? 201 : 200)
        }
    }

    func patch(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        let patch = try patchBody(call, &request, allowsStrategic: !resource.isCustom)
        guard Self.needsAccount(resource) || registry.asksWebhooks(for: resource) else {
            let written = try registry.patch(&request, patch)
            return answer(call, written, resource, request, status: written.isCreated ? 201 : 200)
        }
        try waitingForAccount(call, resource, nil) { [self, request] tell throws(APIStatus) in
            try perform(call, orTell: tell) { [registry] mayWait throws(APIStatus) in
                var request = request
                request.mayWait = mayWait
                return (try registry.patch(&request, patch), request)
            } then: { [self] written, request in
                answer(call, written, resource, request, status: written.isCreated ? 201 : 200)
            }
        }
    }

    func answer(
        _ call: Call, _ written: WrittenObject, _ resource: ResourceInfo, _ request: RegistryRequest,
        status: Int
    ) {
        call.exchange.audit?.annotations += request.auditAnnotations
        whenDurable(written.revision, on: call.exchange) {
            call.respond(written, status: status, resource: resource, warnings: request.warnings)
        }
    }

    /// Runs `body` on the exchange's loop once the write is as durable as was asked for.
    func whenDurable(
        _ revision: UInt64?, on exchange: HTTPExchange, _ body: @escaping () -> Void
    ) {
        guard let revision else { return body() }
        // The body runs on the exchange's loop only, whichever thread reports.
        nonisolated(unsafe) let body = body
        store.whenDurable(revision) { error in
            guard !exchange.eventLoop.inEventLoop || error != nil else { return body() }
            exchange.eventLoop.execute {
                if let error { exchange.respond(APIStatus.internalError("\(error)")) } else { body() }
            }
        }
    }

    /// The patch in the body, by its content type.
    func patchBody(
        _ call: Call, _ request: inout RegistryRequest, allowsStrategic: Bool
    ) throws(APIStatus) -> PatchBody {
        let type = call.exchange.headers.first("content-type").flatMap { MediaType($0) }?.type ?? ""
        let force = call.info.query.first("force").map { $0 == "true" || $0 == "1" }
        if type != "application/apply-patch+yaml", force == true {
            throw .invalid(
                GroupKind("meta.k8s.io", "PatchOptions"), "",
                [.forbidden(FieldPath("force"), "may not be specified for non-apply patch")])
        }
        switch type {
        case "application/json-patch+json":
            let body = try patchJSON(call, &request)
            do { return .json(try JSONPatch.parse(body)) } catch { throw Registry.status(of: error) }
        case "application/merge-patch+json":
            let body = try patchJSON(call, &request)
            do { try MergePatch.validate(body) } catch { throw Registry.status(of: error) }
            return .merge(body)
        case "application/strategic-merge-patch+json" where allowsStrategic:
            return .strategic(try patchJSON(call, &request))
        case "application/apply-patch+yaml":
            if call.info.query.first("fieldManager")?.isEmpty ?? true {
                throw .invalid(
                    GroupKind("meta.k8s.io", "PatchOptions"), "",
                    [.required(FieldPath("fieldManager"), "is required for apply patch")])
            }
            let bytes = Array(call.exchange.body.readableBytesView)
            var repeated: [String] = []
            let json = try? JSONParser.parse(bytes, duplicates: .keepLast, found: &repeated)
            // With repeated keys, YAML says which and where.
            if let json, repeated.isEmpty || request.fieldValidation != .strict {
                request.duplicateKeys = repeated
                return .apply(json, force: force ?? false)
            }
            do throws(YAMLError) {
                return .apply(try YAML.parse(bytes).first?.value ?? .null, force: force ?? false)
            } catch {
                let strict = error.repeated.isEmpty ? "" : "strict "
                throw .badRequest("error \(strict)decoding patch: \(error.conversionWords)")
            }
        default:
            throw APIStatus(
                code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type",
                details: [:])
        }
    }

    private func patchJSON(_ call: Call, _ request: inout RegistryRequest) throws(APIStatus) -> JSON {
        do throws(JSONParseError) {
            return try call.exchange.body.parseJSON(duplicates: &request.duplicateKeys)
        } catch {
            throw .badRequest("error decoding patch: \(error.reason)")
        }
    }

    // MARK: Delete

    func delete(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        let options = try deleteOptions(call, &request)
        guard registry.asksWebhooks(for: resource) else {
            return answer(call, try registry.delete(&request, options), resource, request)
        }
        try perform(call) { [registry, request] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            return (try registry.delete(&request, options), request)
        } then: { [self] outcome, request in
            answer(call, outcome, resource, request)
        }
    }

    private func answer(
        _ call: Call, _ outcome: DeleteOutcome, _ resource: ResourceInfo, _ request: RegistryRequest
    ) {
        switch outcome {
        case .pending(let object):
            answer(call, object, resource, request, status: 200)
        case .deleted(let object):
            if Self.returnsDeleted.contains(resource.groupResource) {
                answer(call, object, resource, request, status: 200)
            } else {
                let status = Self.success(resource, object.value)
                whenDurable(object.revision, on: call.exchange) { call.respond(status) }
            }
        }
    }

    /// Kinds whose deletion is answered by the object; the others are answered by a Status.
    static let returnsDeleted: Set<GroupResource> = [
        GroupResource("", "pods"), GroupResource("", "services"), GroupResource("", "serviceaccounts"),
        GroupResource("", "persistentvolumes"), GroupResource("", "persistentvolumeclaims"),
        GroupResource("", "podtemplates"), GroupResource("", "resourcequotas"),
        GroupResource("storage.k8s.io", "storageclasses"),
        GroupResource("storage.k8s.io", "volumeattachments"), GroupResource("storage.k8s.io", "csinodes"),
        GroupResource("storage.k8s.io", "csidrivers"),
        GroupResource("storage.k8s.io", "csistoragecapacities"),
        GroupResource("storage.k8s.io", "volumeattributesclasses"),
        GroupResource("resource.k8s.io", "resourceclaims"),
        GroupResource("resource.k8s.io", "resourceclaimtemplates"),
        GroupResource("resource.k8s.io", "resourceslices"), GroupResource("resource.k8s.io", "deviceclasses"),
    ]

    private static func success(_ resource: ResourceInfo, _ object: JSON) -> JSON {
        var details: JSON = ["name": .string(object.name)]
        if !resource.group.isEmpty { details["group"] = .string(resource.group) }
        details["kind"] = .string(resource.plural)
        details["uid"] = .string(object.uid)
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details,
        ]
    }

    /// DeleteOptions from the body, else from the query.
    func deleteOptions(_ call: Call, _ request: inout RegistryRequest) throws(APIStatus) -> DeleteOptions {
        var options = DeleteOptions()
        let query = call.info.query
        if let text = query.first("gracePeriodSeconds") {
            guard let seconds = Int(text) else {
                throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            options.gracePeriodSeconds = seconds
        }
        options.propagationPolicy = query.first("propagationPolicy")
        var orphan = query.first("orphanDependents").map { $0 == "true" || $0 == "1" }
        var dryRun: [String] = []
        if call.exchange.body.readableBytes > 0 {
            var duplicates: [String] = []
            let body = try call.body(kind: "DeleteOptions", duplicates: &duplicates)
            if let kind = body["kind"]?.string, kind != "DeleteOptions" {
                throw .badRequest("decoded object cannot be converted to DeleteOptions")
            }
            if let seconds = body["gracePeriodSeconds"]?.int { options.gracePeriodSeconds = seconds }
            if let policy = body["propagationPolicy"]?.string { options.propagationPolicy = policy }
            if let flag = body["orphanDependents"]?.bool { orphan = flag }
            options.preconditionUID = body["preconditions"]?["uid"]?.string
            options.preconditionResourceVersion = body["preconditions"]?["resourceVersion"]?.string
            dryRun = (body["dryRun"]?.array ?? []).compactMap(\.string)
        }
        let errors = DeleteOptionsRules.errors(
            propagationPolicy: options.propagationPolicy, orphanDependents: orphan, dryRun: dryRun)
        guard errors.isEmpty else {
            throw .invalid(GroupKind("meta.k8s.io", "DeleteOptions"), "", errors)
        }
        if !dryRun.isEmpty { request.dryRun = true }
        if let orphan {
            options.propagationPolicy = orphan ? "Orphan" : "Background"
        }
        return options
    }
}
