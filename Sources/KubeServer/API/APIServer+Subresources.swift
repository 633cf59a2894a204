import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore

/// Subresources: each by its own rule.
extension APIServer {
    func routeSubresource(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let info = call.info
        guard let subresource = resource.subresources.first(where: { $0.name == info.subresource }) else {
            throw .unknownResource
        }
        switch (resource.group, resource.plural, subresource.name) {
        case ("", "pods", "log"), ("", "pods", "exec"), ("", "pods", "attach"), ("", "pods", "portforward"):
            if subresource.name == "log" { return try connect(call, resource) }
            let kind = ["exec": "PodExecOptions", "attach": "PodAttachOptions"][subresource.name]
            return try admitConnection(call, resource, kind: kind ?? "PodPortForwardOptions") {
                [self] () throws(APIStatus) in try connect(call, resource)
            }
        case ("", "pods", "proxy"), ("", "services", "proxy"), ("", "nodes", "proxy"):
            let kinds = ["pods": "PodProxyOptions", "services": "ServiceProxyOptions"]
            return try admitConnection(call, resource, kind: kinds[resource.plural] ?? "NodeProxyOptions") {
                [self] () throws(APIStatus) in try proxy(call, resource)
            }
        default: break
        }
        guard subresource.verbs.contains(info.verb) else { throw .methodNotAllowed() }
        switch (resource.group, resource.plural, subresource.name) {
        case (_, _, "scale"): try scale(call, resource)
        case ("", "pods", "binding"): try bind(call, resource)
        case ("", "pods", "eviction"):
            try call.refuseTable()
            try evict(call, resource)
        case ("", "serviceaccounts", "token"):
            try call.refuseTable()
            try issueToken(call, resource)
        default:
            switch info.verb {
            case "get": try get(call, resource)
            case "update": try update(call, resource)
            case "patch": try patch(call, resource)
            default: throw .methodNotAllowed()
            }
        }
    }

    // MARK: scale

    private func scale(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        switch call.info.verb {
        case "get":
            try perform(call) { [registry, request] mayWait throws(APIStatus) in
                var request = request
                request.mayWait = mayWait
                return try registry.getScale(request, resource.scalePaths)
            } then: {
                call.respond($0)
            }
        case "update":
            let body = try call.body(kind: "Scale", duplicates: &request.duplicateKeys)
            try changeScale(call, resource, request, .replace(body))
        default:
            let patch = try patchBody(call, &request, allowsStrategic: true)
            try changeScale(call, resource, request, .patch(patch))
        }
    }

    private func changeScale(
        _ call: Call, _ resource: ResourceInfo, _ request: RegistryRequest, _ change: ScaleChange
    ) throws(APIStatus) {
        try perform(call) { [registry] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            return try registry.changeScale(&request, resource.scalePaths, change)
        } then: { [self] result in
            whenDurable(result.written.revision, on: call.exchange) { call.respond(result.scale) }
        }
    }

    // MARK: pods

    /// POST …/pods/NAME/binding, and POST …/bindings with the pod's name in the body.
    func bind(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        guard let pods = registry.resources.resource(group: "", version: "v1", plural: "pods") else {
            throw .unknownResource
        }
        try call.refuseTable()
        var request = try call.request(pods)
        let body = try call.body(kind: "Binding", duplicates: &request.duplicateKeys)
        if request.name.isEmpty { request.name = body.name }
        request.subresource = "binding"
        try perform(call) { [registry, request] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            return try registry.bind(&request, binding: body)
        } then: { [self] written in
            whenDurable(written.revision, on: call.exchange) { call.respond(Self.created, status: 201) }
        }
    }

    private func evict(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        request.subresource = ""
        let body = try call.body(kind: "Eviction", duplicates: &request.duplicateKeys)
        try perform(call) { [registry, request] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            return try registry.evict(&request, eviction: body)
        } then: { [self] written in
            whenDurable(written?.revision, on: call.exchange) { call.respond(Self.created, status: 201) }
        }
    }

    private static let created: JSON = [
        "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201,
    ]

    // MARK: serviceaccounts/token

    private func issueToken(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        var request = try call.request(resource)
        let body = try call.body(kind: "TokenRequest", duplicates: &request.duplicateKeys)
        try perform(call) { [registry, request] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            let account = try registry.get(request).value
            var body = body
            try registry.admit(&body, "token", &request)
            return TokenWish(body: body, account: account, warnings: request.warnings)
        } then: { [tokens, namespace = request.namespace] wish in
            do throws(APIStatus) {
                let answer = try tokens.issue(wish.body, for: wish.account, in: namespace)
                call.respond(answer, status: 201, warnings: wish.warnings)
            } catch { call.fail(error) }
        }
    }

    private struct TokenWish: Sendable {
        var body: JSON
        var account: JSON
        var warnings: [String]
    }
}
