import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry

/// Resources that answer a question and store nothing: reviews of tokens, of access and of oneself.
extension APIServer {
    /// Answers a review; false when the resource is not one.
    func review(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) -> Bool {
        if resource.group == "", resource.plural == "bindings", call.info.verb == "create" {
            try bind(call, resource)
            return true
        }
        if resource.group == "", resource.plural == "componentstatuses" {
            try componentStatuses(call, resource)
            return true
        }
        guard call.info.verb == "create" else { return false }
        let answer: (JSON, JSON) throws(APIStatus) -> JSON
        switch (resource.group, resource.plural) {
        case ("authentication.k8s.io", "tokenreviews"): answer = tokenReview
        case ("authentication.k8s.io", "selfsubjectreviews"):
            answer = { _, _ in ["userInfo": call.user.json] }
        case ("authorization.k8s.io", "subjectaccessreviews"):
            answer = { [self] spec, _ throws(APIStatus) in try accessReview(spec, user: Self.subject(spec)) }
        case ("authorization.k8s.io", "localsubjectaccessreviews"):
            answer = { [self] spec, _ throws(APIStatus) in
                let namespace = spec["resourceAttributes"]?["namespace"]?.string ?? ""
                if namespace != call.info.namespace {
                    throw .badRequest(
                        "spec.resourceAttributes.namespace must match namespace: \(call.info.namespace)")
                }
                return try accessReview(spec, user: Self.subject(spec))
            }
        case ("authorization.k8s.io", "selfsubjectaccessreviews"):
            answer = { [self] spec, _ throws(APIStatus) in try accessReview(spec, user: call.user) }
        case ("authorization.k8s.io", "selfsubjectrulesreviews"):
            answer = { [self] spec, _ throws(APIStatus) in
                let namespace = spec["namespace"]?.string ?? ""
                if namespace.isEmpty { throw .badRequest("no namespace on request") }
                return authorizer.policy.rulesReviewStatus(for: call.user, namespace: namespace)
            }
        default: return false
        }
        try call.refuseTable()
        var request = try call.request(resource)
        let body = try call.body(kind: resource.kind, duplicates: &request.duplicateKeys)
        let decoded = try registry.decodeReview(body, &request)
        let errors = registry.strategy(for: resource).validate(decoded)
        if !errors.isEmpty { throw .invalid(resource.groupKind, "", errors) }
        var review = decoded
        review["status"] = try answer(decoded["spec"] ?? [:], decoded)
        if resource.plural == "selfsubjectreviews" {
            review.setMetadata(
                "creationTimestamp", .string(Timestamp(seconds: registry.environment.now().seconds).rfc3339))
        }
        call.respond(review, status: 201, warnings: request.warnings)
        return true
    }

    private func tokenReview(_ spec: JSON, _ review: JSON) throws(APIStatus) -> JSON {
        let token = spec["token"]?.string ?? ""
        if token.isEmpty { throw .badRequest("token is required for TokenReview in authentication") }
        let audiences = spec["audiences"]?.array?.compactMap(\.string) ?? []
        do {
            let verified = try authenticator.verify(
                token, audiences: audiences.isEmpty ? [authenticator.signer.issuer] : audiences)
            var status: JSON = ["authenticated": true, "user": verified.user.authenticated.json]
            status["audiences"] = .array(verified.audiences.map { .string($0) })
            return status
        } catch {
            return ["user": [:], "error": .string("[invalid bearer token, \(error)]")]
        }
    }

    private static func subject(_ spec: JSON) -> UserInfo {
        var extra: [String: [String]] = [:]
        for (key, values) in spec["extra"]?.object ?? [:] {
            extra[key] = values.array?.compactMap(\.string) ?? []
        }
        return UserInfo(
            name: spec["user"]?.string ?? "", uid: spec["uid"]?.string ?? "",
            groups: spec["groups"]?.array?.compactMap(\.string) ?? [], extra: extra)
    }

    private func accessReview(_ spec: JSON, user: UserInfo) throws(APIStatus) -> JSON {
        let attributes: Attributes
        if let asked = spec["resourceAttributes"] {
            attributes = Attributes(
                user: user, verb: asked["verb"]?.string ?? "", apiGroup: asked["group"]?.string ?? "",
                apiVersion: asked["version"]?.string ?? "", resource: asked["resource"]?.string ?? "",
                subresource: asked["subresource"]?.string ?? "", namespace: asked["namespace"]?.string ?? "",
                name: asked["name"]?.string ?? "")
        } else {
            let asked = spec["nonResourceAttributes"]
            attributes = Attributes(
                user: user, verb: asked?["verb"]?.string ?? "", path: asked?["path"]?.string ?? "")
        }
        let decision = authorizer.authorize(attributes)
        var status: JSON = ["allowed": .bool(decision.isAllowed)]
        let reason = decision.reason
        if !reason.isEmpty { status["reason"] = .string(reason) }
        return status
    }

    /// The health of the parts of the control plane, which here are one process with the server.
    private func componentStatuses(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        func component(_ name: String) -> JSON {
            [
                "metadata": ["name": .string(name)],
                "conditions": [["type": "Healthy", "status": "True", "message": "ok"]],
            ]
        }
        let names = ["controller-manager", "etcd-0", "scheduler"]
        if call.info.verb == "get" {
            guard names.contains(call.info.name) else {
                throw .notFound(resource.groupResource, call.info.name)
            }
            var object = component(call.info.name)
            object["kind"] = "ComponentStatus"
            object["apiVersion"] = "v1"
            if case .table(let version) = call.representation.transform {
                object = table(of: [object], resource: resource, call: call, version: version, metadata: [:])
            }
            return call.respond(object)
        }
        if case .table(let version) = call.representation.transform {
            let all = table(
                of: names.map(component), resource: resource, call: call, version: version, metadata: [:])
            return call.respond(all, warnings: ["v1 ComponentStatus is deprecated in v1.19+"])
        }
        call.respond(
            [
                "kind": "ComponentStatusList", "apiVersion": "v1", "metadata": [:],
                "items": .array(names.map(component)),
            ],
            warnings: ["v1 ComponentStatus is deprecated in v1.19+"])
    }
}
