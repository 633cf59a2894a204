import Foundation
import KubeRegistry

/// A bearer token among the protocols that a WebSocket client offers: browsers can send no header of their own
/// (k8s.io/apiserver pkg/authentication/request/websocket).
enum WebSocketToken {
    static let prefix = "base64url.bearer.authorization.k8s.io."

    struct Malformed: Error, Equatable { var description: String }

    /// - Parameter offered: the values of the request's `Sec-WebSocket-Protocol` headers.
    /// - Returns: nil where none of them is a token.
    /// - Throws: `Malformed` for two tokens, for one that is no text, and for one beside which nothing is
    ///   offered that could be chosen.
    static func token(among offered: [String]) throws(Malformed) -> String? {
        let names = offered.flatMap { $0.split(separator: ",").map(\.trimmed) }
        let tokens = names.filter { $0.hasPrefix(prefix) }
        guard let encoded = tokens.first?.dropFirst(prefix.count) else { return nil }
        guard tokens.count == 1 else {
            throw Malformed(description: "multiple base64.bearer.authorization tokens specified")
        }
        guard let token = decoded(encoded) else {
            throw Malformed(description: "invalid base64.bearer.authorization token encoding")
        }
        if token.isEmpty { return nil }
        guard names.count > 1 else { throw Malformed(description: "missing additional subprotocol") }
        return token
    }

    /// Base64 for URLs, without padding.
    private static func decoded(_ text: Substring) -> String? {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        var plain = text.replacing("-", with: "+").replacing("_", with: "/")
        plain += String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: String(plain)).flatMap { String(data: $0, encoding: .utf8) }
    }
}
