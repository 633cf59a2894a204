import Crypto

/// Who an API server is among those of a cluster: its Lease in `kube-system` is named after it
/// (k8s.io/apiserver/pkg/server/config.go).
public struct ServerIdentity: Sendable, Equatable {
    /// `apiserver-` and a hash of the machine's name: the same at every start.
    public let name: String
    /// The name with an id that is another at every start.
    public let holder: String
    public let hostname: String

    /// - Parameter run: tells this run of the server from every other one: a UUID.
    public init(hostname: String, run: String) {
        let digest = SHA256.hash(data: Self.framed(hostname) + Self.framed("kube-apiserver"))
        name = "apiserver-" + Self.base32(digest.prefix(16))
        holder = "\(name)_\(run)"
        self.hostname = hostname
    }

    /// A text behind its length in two bytes.
    private static func framed(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(Int(UInt16.max)))
        return [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }

    /// RFC 4648 without padding, in lower case.
    private static func base32(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        var (bits, count) = (0, 0)
        for byte in bytes {
            bits = (bits & 31) << 8 | Int(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[bits >> count & 31])
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }
}
