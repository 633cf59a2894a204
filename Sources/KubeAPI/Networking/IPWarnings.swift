/// Warnings about addresses and networks that are taken but not written well
/// (k8s.io/apimachinery/pkg/util/validation/ip.go).
enum IPWarnings {
    @Sendable static func cidr(_ path: FieldPath, _ text: String) -> [String] {
        guard let cidr = CIDR(text) else { return [] }
        var warnings: [String] = []
        if cidr.hasHostBits {
            let single = "\(cidr.address)/\(cidr.address.isIPv4 ? 32 : 128)"
            warnings.append(
                "\(path): CIDR value \"\(text)\" is ambiguous in this context (should be \"\(cidr)\" or "
                    + "\"\(single)\"?)")
        }
        if cidr.hasLeadingZeros || cidr.address.isMapped {
            warnings.append(
                "\(path): non-standard CIDR value \"\(text)\" is invalid: use \"\(cidr)\"")
        }
        if warnings.isEmpty, !cidr.address.isIPv4, cidr.description != text {
            warnings.append(
                "\(path): IPv6 CIDR value \"\(text)\" should be in RFC 5952 canonical format (\"\(cidr)\")")
        }
        return warnings
    }
}
