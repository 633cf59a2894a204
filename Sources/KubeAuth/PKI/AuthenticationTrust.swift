import Foundation
import KubeJSON
import SwiftASN1
import X509

/// What servers behind this one have to know to believe what it says of who asks: the ConfigMap
/// `extension-apiserver-authentication` (pkg/controlplane/controller/clusterauthenticationtrust).
public struct AuthenticationTrust: Sendable, Equatable {
    /// Whom the front proxy's certificate names.
    public static let frontProxyName = "front-proxy-client"
    public static let userHeader = "X-Remote-User"
    public static let uidHeader = "X-Remote-Uid"
    public static let groupHeader = "X-Remote-Group"
    public static let extraHeaderPrefix = "X-Remote-Extra-"

    /// Of those who sign clients' certificates, PEM.
    public var clientCA: String
    /// Of those who sign the front proxy's, PEM.
    public var frontProxyCA: String

    public init(clientCA: String, frontProxyCA: String) {
        (self.clientCA, self.frontProxyCA) = (clientCA, frontProxyCA)
    }

    /// What is wrong with the data that are there.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    private var lists: [(key: String, value: String)] {
        [
            ("requestheader-username-headers", Self.userHeader),
            ("requestheader-uid-headers", Self.uidHeader),
            ("requestheader-group-headers", Self.groupHeader),
            ("requestheader-extra-headers-prefix", Self.extraHeaderPrefix),
            ("requestheader-allowed-names", Self.frontProxyName),
        ]
    }

    /// The ConfigMap's data with what another server published kept in them: authorities that are not over,
    /// and names of headers.
    public func data(keeping present: JSON?, now: Date) throws(Failure) -> JSON {
        var data: JSONObject = [:]
        for (key, bundle) in [("client-ca-file", clientCA), ("requestheader-client-ca-file", frontProxyCA)] {
            let combined = try Self.combined(present?[key]?.string ?? "", bundle, key, now: now)
            if !combined.isEmpty { data[key] = .string(combined) }
        }
        for (key, value) in lists {
            var values = try Self.list(present?[key]?.string ?? "", key)
            if !values.contains(value) { values.append(value) }
            data[key] = .string(JSONWriter.string(.array(values.map { .string($0) })))
        }
        let sorted = data.sorted { utf8Less($0.key, $1.key) }
        return .object(JSONObject(sorted.map { ($0.key, $0.value) }))
    }

    private static func list(_ text: String, _ key: String) throws(Failure) -> [String] {
        if text.isEmpty { return [] }
        do {
            var seen = Set<String>()
            return (try JSONParser.parse(text).array ?? []).compactMap(\.string)
                .filter { seen.insert($0).inserted }
        } catch {
            throw Failure(description: "\(key): \(error)")
        }
    }

    /// The certificates of two bundles, each once, without those that were over five minutes ago.
    private static func combined(
        _ present: String, _ required: String, _ key: String, now: Date
    ) throws(Failure) -> String {
        var seen = Set<[UInt8]>()
        var text = ""
        for bundle in [present, required] where !bundle.isEmpty {
            do {
                for document in try PEMDocument.parseMultiple(pemString: bundle) {
                    let certificate = try Certificate(pemDocument: document)
                    guard certificate.notValidAfter > now - 300, seen.insert(document.derBytes).inserted
                    else { continue }
                    text += try certificate.pem()
                }
            } catch {
                throw Failure(description: "\(key): \(error)")
            }
        }
        return text
    }
}
