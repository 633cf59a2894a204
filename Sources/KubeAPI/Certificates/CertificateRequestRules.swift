import KubeJSON

/// What a CertificateSigningRequest must be (pkg/apis/certificates/validation). An update tolerates what
/// the old object did wrong already.
struct CertificateRequestRules {
    /// Through `approval`: conditions Approved and Denied may be added.
    var mayDecide = false
    /// Through `status`: the certificate may be written, once.
    var maySetCertificate = false
    private var toleratesBothDecisions = false
    private var toleratesLegacySigner = false
    private var toleratesRepeatedConditions = false
    private var toleratesEmptyTypes = false
    private var toleratesAnyCertificate = false
    private var toleratesUnknownUsages = false
    private var toleratesRepeatedUsages = false

    private static let legacySigner = "kubernetes.io/legacy-unknown"
    private static let usages = [
        "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign",
        "data encipherment", "decipher only", "digital signature", "email protection", "encipher only",
        "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment",
        "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping",
    ]

    init() {}

    init(old: JSON, new: JSON) {
        let types = Self.conditions(old).map { $0.text("type") }
        toleratesBothDecisions = types.contains("Approved") && types.contains("Denied")
        toleratesRepeatedConditions = Set(types).count != types.count
        toleratesEmptyTypes = types.contains("")
        toleratesLegacySigner = old.at("spec", "signerName")?.string == Self.legacySigner
        let usages = (old["spec"] ?? [:]).texts("usages")
        toleratesUnknownUsages = !usages.allSatisfy(Self.usages.contains)
        toleratesRepeatedUsages = Set(usages).count != usages.count
        let before = Self.certificate(old)
        toleratesAnyCertificate =
            before == Self.certificate(new) || Self.problem(withCertificate: before) != nil
    }

    private static func conditions(_ request: JSON) -> [JSON] {
        request.at("status", "conditions")?.array ?? []
    }
    private static func certificate(_ request: JSON) -> String {
        request.at("status", "certificate")?.string ?? ""
    }

    func validate(_ request: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = request["spec"] ?? [:]
        let body = spec["request"] ?? .null
        if let words = Self.problem(withRequest: body.string ?? "") {
            errors.append(.invalid(path.child("request"), body, words))
        }
        let usages = spec.texts("usages")
        if usages.isEmpty { errors.append(.required(path.child("usages"), "usages must be provided")) }
        if !toleratesUnknownUsages {
            for (index, usage) in usages.enumerated() where !Self.usages.contains(usage) {
                errors.append(
                    .notSupported(path.child("usages").index(index), .string(usage), Self.usages))
            }
        }
        if !toleratesRepeatedUsages {
            var seen: Set<String> = []
            for (index, usage) in usages.enumerated() where !seen.insert(usage).inserted {
                errors.append(.duplicate(path.child("usages").index(index), .string(usage)))
            }
        }
        let signer = spec.text("signerName")
        if !toleratesLegacySigner, signer == Self.legacySigner {
            errors.append(
                .invalid(
                    path.child("signerName"), .string(signer),
                    "the legacy signerName is not allowed via this API version"))
        } else {
            errors += SignerName.validate(signer, path.child("signerName"))
        }
        if let seconds = spec["expirationSeconds"]?.integer, seconds < 600 {
            errors.append(
                .invalid(
                    path.child("expirationSeconds"), .integer(seconds),
                    "may not specify a duration less than 600 seconds (10 minutes)"))
        }
        conditions(Self.conditions(request), &errors)
        if !toleratesAnyCertificate, let words = Self.problem(withCertificate: Self.certificate(request)) {
            errors.append(.invalid(FieldPath("status", "certificate"), "<certificate data>", words))
        }
        return errors
    }

    private func conditions(_ conditions: [JSON], _ errors: inout Errors) {
        let path = FieldPath("status", "conditions")
        var seen: Set<String> = []
        for (index, condition) in conditions.enumerated() {
            let path = path.index(index)
            let type = condition.text("type")
            if type.isEmpty, !toleratesEmptyTypes { errors.append(.required(path.child("type"))) }
            let onlyTrue = ["Approved", "Denied", "Failed"].contains(type)
            errors.oneOf(
                condition.text("status"), path.child("status"),
                onlyTrue ? ["True"] : ["False", "True", "Unknown"])
            let opposite = ["Approved": "Denied", "Denied": "Approved"][type]
            if !toleratesBothDecisions, let opposite, seen.contains(opposite) {
                errors.append(
                    .invalid(
                        path.child("type"), .string(type),
                        "Approved and Denied conditions are mutually exclusive"))
            }
            let isNew = seen.insert(type).inserted
            if !toleratesRepeatedConditions, !isNew {
                errors.append(.duplicate(path.child("type"), .string(type)))
            }
        }
    }

    func validateUpdate(_ request: JSON, old: JSON) -> Errors {
        var errors = validate(request)
        let path = FieldPath("status", "conditions")
        func found(_ object: JSON, _ type: String) -> [JSON] {
            Self.conditions(object).filter { $0.text("type") == type }
        }
        for type in ["Approved", "Denied", "Failed"]
        where found(request, type).count < found(old, type).count {
            errors.append(.forbidden(path, "updates may not remove a condition of type \"\(type)\""))
        }
        if !mayDecide {
            for type in ["Approved", "Denied"] {
                let (now, before) = (found(request, type), found(old, type))
                if now.count > before.count {
                    errors.append(.forbidden(path, "updates may not add a condition of type \"\(type)\""))
                } else if now.count == before.count, now != before {
                    errors.append(
                        .forbidden(path, "updates may not modify a condition of type \"\(type)\""))
                }
            }
        }
        let before = Self.certificate(old)
        if Self.certificate(request) != before {
            let path = FieldPath("status", "certificate")
            if !maySetCertificate {
                errors.append(.forbidden(path, "updates may not set certificate content"))
            } else if !before.isEmpty {
                errors.append(.forbidden(path, "updates may not modify existing certificate content"))
            }
        }
        return errors
    }

    // MARK: - PEM

    private static func problem(withRequest base64: String) -> String? {
        guard let block = PEMBlocks(base64).first, block.type == "CERTIFICATE REQUEST" else {
            return "PEM block type must be CERTIFICATE REQUEST"
        }
        return DERForm.problem(block.bytes)
    }

    private static func problem(withCertificate base64: String) -> String? {
        if base64.isEmpty { return nil }
        let blocks = PEMBlocks(base64)
        for block in blocks {
            if block.type != "CERTIFICATE" {
                return "only CERTIFICATE PEM blocks are allowed, found \(GoText.quoted(block.type))"
            }
            if block.hasHeaders { return "no PEM block headers are permitted" }
            if block.bytes.isEmpty { return "found CERTIFICATE PEM block containing 0 certificates" }
            if let words = DERForm.problem(block.bytes) { return words }
        }
        return blocks.isEmpty ? "must contain at least one CERTIFICATE PEM block" : nil
    }
}

/// Names of signers: `domain/path`, each of DNS labels.
enum SignerName {
    static func validate(_ name: String, _ path: FieldPath) -> Errors {
        if name.isEmpty { return [.required(path, "signerName must be provided")] }
        var errors: Errors = []
        let segments = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard segments.count == 2 else {
            return [
                .invalid(
                    path, .string(name),
                    "must be a fully qualified domain and path of the form 'example.com/signer-name'")
            ]
        }
        if segments[0].utf8.count > 253 { errors.append(.tooLong(path, 253)) }
        let labels = segments[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        firstProblem(labels, of: segments[0], path, &errors) { NameRules.dns1123Label($0) }
        if labels.count < 2 {
            errors.append(
                .invalid(
                    path, .string(segments[0]),
                    "should be a domain with at least two segments separated by dots"))
        }
        let parts = segments[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        firstProblem(parts, of: segments[1], path, &errors) { NameRules.dns1123Subdomain($0) }
        if name.utf8.count > 571 { errors.append(.tooLong(path, 571)) }
        return errors
    }

    private static func firstProblem(
        _ labels: [String], of segment: String, _ path: FieldPath, _ errors: inout Errors,
        _ rule: (String) -> [String]
    ) {
        for label in labels {
            let words = rule(label)
            if words.isEmpty { continue }
            for word in words {
                errors.append(
                    .invalid(
                        path, .string(segment), "validating label \(GoText.quoted(label)): \(word)"))
            }
            return
        }
    }
}
