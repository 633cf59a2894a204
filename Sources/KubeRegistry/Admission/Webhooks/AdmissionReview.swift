import KubeAPI
import KubeJSON

/// What a webhook is asked, and how its answer is read (k8s.io/apiserver/pkg/admission/plugin/webhook/request).
struct AdmissionReview {
    static let group = "admission.k8s.io"

    /// - Parameter version: `v1` or `v1beta1`; they differ in nothing that is sent.
    static func request(
        _ attributes: AdmissionAttributes, as resource: ResourceInfo, object: JSON?, old: JSON?, uid: String,
        version: String
    ) -> JSON {
        var request: JSON = ["uid": .string(uid)]
        let subresource = attributes.subresource
        let own = attributes.resource
        request["kind"] = kind(attributes.kind(of: resource))
        request["resource"] = name(resource)
        if !subresource.isEmpty { request["subResource"] = .string(subresource) }
        request["requestKind"] = kind(attributes.kind(of: own))
        request["requestResource"] = name(own)
        if !subresource.isEmpty { request["requestSubResource"] = .string(subresource) }
        if !attributes.name.isEmpty { request["name"] = .string(attributes.name) }
        let namespace = attributes.isNamespace ? attributes.name : attributes.namespace
        if !namespace.isEmpty { request["namespace"] = .string(namespace) }
        request["operation"] = .string(attributes.operation.rawValue)
        request["userInfo"] = attributes.user.json
        request["object"] = object ?? .null
        request["oldObject"] = old ?? .null
        request["dryRun"] = .bool(attributes.dryRun)
        request["options"] = options(attributes)
        return [
            "kind": "AdmissionReview", "apiVersion": .string("\(group)/\(version)"), "request": request,
        ]
    }

    private static func kind(_ kind: GroupVersionKind) -> JSON {
        ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)]
    }

    private static func name(_ info: ResourceInfo) -> JSON {
        ["group": .string(info.group), "version": .string(info.version), "resource": .string(info.plural)]
    }

    private static func options(_ attributes: AdmissionAttributes) -> JSON {
        let kind: String
        switch attributes.operation {
        case .create: kind = "CreateOptions"
        case .update: kind = "UpdateOptions"
        case .delete: kind = "DeleteOptions"
        case .connect: return .null
        }
        var options: JSONObject = ["kind": .string(kind), "apiVersion": "meta.k8s.io/v1"]
        for (key, value) in attributes.options { options[key] = value }
        if attributes.dryRun { options["dryRun"] = ["All"] }
        return .object(options)
    }
}

/// What a webhook said.
struct AdmissionAnswer {
    var isAllowed = false
    /// The text of a JSON Patch; empty for none.
    var patch: [UInt8] = []
    var patchType = ""
    /// A Status.
    var result: JSON?
    var warnings: [String] = []
    var annotations: [(key: String, value: String)] = []

    /// Why an answer is none.
    struct Problem: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    init(_ review: JSON, uid: String, version: String, isMutating: Bool) throws(Problem) {
        let isNew = version == "v1"
        guard let response = review["response"], response.object != nil else {
            throw Problem("webhook response was absent")
        }
        if isNew { try Self.checkIdentity(review, response, uid: uid) }
        isAllowed = response["allowed"]?.bool ?? false
        result = response["status"].flatMap { $0.isNull ? nil : $0 }
        warnings = (response["warnings"]?.array ?? []).compactMap(\.string)
        annotations = (response["auditAnnotations"]?.object ?? [:]).map { ($0.key, $0.value.string ?? "") }
        let text = response["patch"]?.string ?? ""
        guard let bytes = Base64.decode(text) else { throw Problem("webhook returned an undecodable patch") }
        let type = response["patchType"].flatMap { $0.isNull ? nil : $0 }
        if !isMutating {
            guard isNew else { return }
            if !bytes.isEmpty { throw Problem("validating webhook may not return response.patch") }
            if type != nil { throw Problem("validating webhook may not return response.patchType") }
            return
        }
        patch = bytes
        guard isNew else {
            patchType = "JSONPatch"
            return
        }
        if !bytes.isEmpty, type == nil {
            throw Problem("webhook returned response.patch but not response.patchType")
        }
        if bytes.isEmpty, type != nil {
            throw Problem("webhook returned response.patchType but not response.patch")
        }
        patchType = type?.string ?? ""
        if type != nil, patchType.isEmpty {
            throw Problem("webhook returned invalid response.patchType of \"\"")
        }
    }

    private static func checkIdentity(_ review: JSON, _ response: JSON, uid: String) throws(Problem) {
        let given = response["uid"]?.string ?? ""
        guard given == uid else { throw Problem("expected response.uid=\"\(uid)\", got \"\(given)\"") }
        let kind = review["kind"]?.string ?? ""
        let apiVersion = review["apiVersion"]?.string ?? ""
        let wanted = "\(AdmissionReview.group)/v1"
        guard kind == "AdmissionReview", apiVersion == wanted else {
            let shown = apiVersion.isEmpty ? "/" : apiVersion
            throw Problem(
                "expected webhook response of \(wanted), Kind=AdmissionReview, got \(shown), Kind=\(kind)")
        }
    }

    /// What the client is told when the answer is no.
    func refusal(by name: String) -> APIStatus {
        let code = result?["code"]?.int ?? 0
        let reason = result?["reason"]?.string ?? ""
        let message = result?["message"]?.string ?? ""
        let denied = "admission webhook \"\(name)\" denied the request"
        let words =
            !message.isEmpty
            ? "\(denied): \(message)"
            : !reason.isEmpty ? "\(denied): \(reason)" : "\(denied) without explanation"
        return APIStatus(
            code: code < 400 ? 400 : code, reason: reason, message: words, details: result?["details"])
    }
}
