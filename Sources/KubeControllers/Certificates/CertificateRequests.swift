import Foundation
import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import KubeStore

/// What the controllers of certificates.k8s.io read of a CertificateSigningRequest.
enum CertificateRequests {
    static let collection = CollectionID(
        group: "certificates.k8s.io", resource: "certificatesigningrequests")

    static func conditions(_ request: JSON) -> [JSON] { request["status"]?["conditions"]?.array ?? [] }

    static func has(_ type: String, _ request: JSON) -> Bool {
        conditions(request).contains { $0["type"]?.string == type && $0["status"]?.string != "False" }
    }

    static func isIssued(_ request: JSON) -> Bool {
        !(request["status"]?["certificate"]?.string ?? "").isEmpty
    }

    /// The PKCS #10 request in PEM; nil when it is not text.
    static func pem(_ request: JSON) -> String? {
        request["spec"]?["request"]?.string.flatMap { Data(base64Encoded: $0) }
            .flatMap { String(data: $0, encoding: .utf8) }
    }

    static func usages(_ request: JSON) -> [String] {
        (request["spec"]?["usages"]?.array ?? []).compactMap(\.string)
    }

    /// Who asked, as the API server saw it.
    static func user(_ request: JSON) -> UserInfo {
        let spec = request["spec"]
        var extra: [String: [String]] = [:]
        for (key, values) in spec?["extra"]?.object ?? [:] {
            extra[key] = (values.array ?? []).compactMap(\.string)
        }
        return UserInfo(
            name: spec?["username"]?.string ?? "", uid: spec?["uid"]?.string ?? "",
            groups: (spec?["groups"]?.array ?? []).compactMap(\.string), extra: extra)
    }
}
