import KubeAuth

/// Whom a front proxy says it asks for (k8s.io/apiserver's request/headerrequest).
enum RemoteIdentity {
    /// - Returns: nil where the headers name nobody.
    static func user(_ headers: RequestHeaders) -> UserInfo? {
        guard let name = headers.first(AuthenticationTrust.userHeader), !name.isEmpty else { return nil }
        var extra: [String: [String]] = [:]
        let prefix = AuthenticationTrust.extraHeaderPrefix.lowercased()
        headers.forEach { header, value in
            let lower = header.lowercased()
            guard lower.hasPrefix(prefix) else { return }
            extra[unescaped(String(lower.dropFirst(prefix.count))), default: []].append(value)
        }
        return UserInfo(
            name: name, uid: headers.first(AuthenticationTrust.uidHeader) ?? "",
            groups: headers.all(AuthenticationTrust.groupHeader).filter { !$0.isEmpty }, extra: extra
        ).authenticated
    }

    /// With percent-encoded bytes decoded; as it is where that makes no sense.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(validating: rest.prefix(2), as: UTF8.self), digits.utf8.count == 2,
                !digits.hasPrefix("+"), !digits.hasPrefix("-"), let decoded = UInt8(digits, radix: 16)
            else { return text }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self) ?? text
    }
}
