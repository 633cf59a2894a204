import Foundation
import KubeAPI
import KubeJSON

/// The question that a webhook is asked and its answer (admission.k8s.io/v1 AdmissionReview;
/// k8s.io/apiserver/pkg/admission/plugin/webhook/request).
struct AdmissionReview {
    let uid: String
    let version: String
    let body: [UInt8]

    /// - Parameters:
    ///   - object: as the version that the webhook asked for shows it; nil on delete.
    ///   - attributes: of the same version.
    init(
        _ version: String, uid: String, object: JSON?, _ attributes: AdmissionAttributes,
        as matched: ResourceInfo, requested: AdmissionAttributes
    ) {
        self.version = version
        self.uid = uid
        var request: JSON = ["uid": .string(uid)]
        if case .object(let fields) = PolicyContext.request(requested, matched) {
            for (key, value) in fields { request[key] = value }
        }
        if requested.operation == .connect, let kind = object?["kind"] {
            let shown: JSON = ["group": "", "version": "v1", "kind": kind]
            request["kind"] = shown
            request["requestKind"] = shown
        }
        request["object"] = Self.typed(object, matched, requested) ?? .null
        request["oldObject"] = Self.typed(attributes.old, matched, requested) ?? .null
        request["options"] = Self.options(requested)
        body = JSONWriter.bytes([
            "kind": "AdmissionReview", "apiVersion": .string("admission.k8s.io/\(version)"),
            "request": request,
        ])
    }

    private static func typed(
        _ object: JSON?, _ resource: ResourceInfo, _ attributes: AdmissionAttributes
    ) -> JSON? {
        guard case .object(let fields)? = object else { return nil }
        // Options of a connection say themselves what they are.
        if attributes.operation == .connect { return object }
        var typed: JSONObject = ["kind": .string(resource.kind), "apiVersion": .string(resource.apiVersion)]
        for (key, value) in fields where key != "kind" && key != "apiVersion" { typed[key] = value }
        return .object(typed)
    }

    private static func options(_ attributes: AdmissionAttributes) -> JSON {
        let kind =
            switch attributes.operation {
            case .create: "CreateOptions"
            case .update: "UpdateOptions"
            case .delete: "DeleteOptions"
            case .connect: ""
            }
        if kind.isEmpty { return .null }
        var options: JSON = ["kind": .string(kind), "apiVersion": "meta.k8s.io/v1"]
        if attributes.dryRun { options["dryRun"] = ["All"] }
        return options
    }

    struct Answer {
        var isAllowed: Bool
        /// JSON Patch; nil for none.
        var patch: JSON?
        var status: JSON?
        var warnings: [String]
        var auditAnnotations: [(key: String, value: String)]
    }

    /// - Throws: why the answer is none, in upstream's words.
    func answer(_ bytes: [UInt8], isMutating: Bool) throws(WebhookCallFailure) -> Answer {
        let document: JSON
        do { document = try JSONParser.parse(bytes) } catch {
            throw WebhookCallFailure(
                "failed to call webhook: couldn't get version/kind; json parse error: \(error)")
        }
        func invalid(_ words: String) -> WebhookCallFailure {
            WebhookCallFailure("received invalid webhook response: \(words)")
        }
        guard let response = document["response"], response.object != nil else {
            throw invalid("webhook response was absent")
        }
        let patch = response["patch"]?.string ?? ""
        let type = response["patchType"]?.string
        if version == "v1" {
            let given = response["uid"]?.string ?? ""
            if given != uid { throw invalid("expected response.uid=\"\(uid)\", got \"\(given)\"") }
            let apiVersion = document["apiVersion"]?.string ?? ""
            let kind = document["kind"]?.string ?? ""
            if apiVersion != "admission.k8s.io/v1" || kind != "AdmissionReview" {
                let shown = "\(apiVersion.contains("/") ? apiVersion : "/" + apiVersion), Kind=\(kind)"
                throw invalid(
                    "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got \(shown)")
            }
            if isMutating {
                if !patch.isEmpty, type == nil {
                    throw invalid("webhook returned response.patch but not response.patchType")
                }
                if patch.isEmpty, type != nil {
                    throw invalid("webhook returned response.patchType but not response.patch")
                }
                if type == "" { throw invalid("webhook returned invalid response.patchType of \"\"") }
            } else {
                if !patch.isEmpty { throw invalid("validating webhook may not return response.patch") }
                if type != nil { throw invalid("validating webhook may not return response.patchType") }
            }
        }
        var operations: JSON?
        if isMutating, !patch.isEmpty {
            if version == "v1", type != "JSONPatch" {
                throw WebhookCallFailure("unsupported patch type \"\(type ?? "")\"")
            }
            guard let decoded = Data(base64Encoded: patch), let list = try? JSONParser.parse(Array(decoded)),
                list.array != nil
            else { throw WebhookCallFailure("received undecodable patch in webhook response: \(patch)") }
            operations = list
        }
        return Answer(
            isAllowed: response["allowed"]?.bool ?? false, patch: operations, status: response["status"],
            warnings: (response["warnings"]?.array ?? []).compactMap(\.string),
            auditAnnotations: (response["auditAnnotations"]?.object ?? [:]).map {
                ($0.key, $0.value.string ?? "")
            })
    }
}

extension APIStatus {
    /// A refusal, in the words and with the code that the webhook gave.
    static func denied(by webhook: String, _ status: JSON?) -> APIStatus {
        let denial = "admission webhook \"\(webhook)\" denied the request"
        let message = status?["message"]?.string ?? ""
        let reason = status?["reason"]?.string ?? ""
        let words =
            !message.isEmpty
            ? "\(denial): \(message)"
            : !reason.isEmpty ? "\(denial): \(reason)" : "\(denial) without explanation"
        var result = APIStatus.badRequest(words)
        result.code = max(status?["code"]?.int ?? 0, 400)
        result.reason = reason
        result.details = status?["details"]
        return result
    }

    static func webhookFailed(_ webhook: String, _ failure: WebhookCallFailure) -> APIStatus {
        .internalError("failed calling webhook \"\(webhook)\": \(failure.message)")
    }

    static func dryRunUnsupported(_ webhook: String) -> APIStatus {
        .badRequest("admission webhook \"\(webhook)\" does not support dry run")
    }
}
