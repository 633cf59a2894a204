import KubeJSON

/// Rules for addresses and networks in fields (k8s.io/apimachinery/pkg/util/validation/ip.go).
public enum IPRules {
    /// An address in a field of old: any spelling but leading zeros and IPv4-mapped IPv6. `allowed` are the
    /// values that the old object had, which pass as they are.
    public static func legacyIP(_ text: String, _ path: FieldPath, allowed: [String] = []) -> [FieldError] {
        if allowed.contains(text) { return [] }
        guard let address = IPAddress(text) else {
            return [
                .invalid(
                    path, .string(text), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
            ]
        }
        if address.hasLeadingZeros { return [.invalid(path, .string(text), "must not have leading 0s")] }
        if address.isMapped {
            return [.invalid(path, .string(text), "must not be an IPv4-mapped IPv6 address")]
        }
        return []
    }

    /// An address in a newer field: in canonical form only.
    public static func ip(_ text: String, _ path: FieldPath) -> [FieldError] {
        let errors = legacyIP(text, path)
        guard errors.isEmpty, let address = IPAddress(text), address.description != text else {
            return errors
        }
        return [.invalid(path, .string(text), "must be in canonical form (\"\(address)\")")]
    }

    /// A network in a field of old, as ``legacyIP(_:_:allowed:)``.
    public static func legacyCIDR(_ text: String, _ path: FieldPath, allowed: [String] = []) -> [FieldError] {
        if allowed.contains(text) { return [] }
        guard let cidr = CIDR(text) else {
            return [
                .invalid(
                    path, .string(text), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
            ]
        }
        if cidr.hasLeadingZeros {
            return [.invalid(path, .string(text), "must not have leading 0s in IP or prefix length")]
        }
        if cidr.address.isMapped {
            return [.invalid(path, .string(text), "must not have an IPv4-mapped IPv6 address")]
        }
        if cidr.hasHostBits {
            return [.invalid(path, .string(text), "must not have bits set beyond the prefix length")]
        }
        return []
    }

    /// A network in a newer field: in canonical form only.
    public static func cidr(_ text: String, _ path: FieldPath) -> [FieldError] {
        let errors = legacyCIDR(text, path)
        guard errors.isEmpty, let cidr = CIDR(text), cidr.description != text else { return errors }
        return [.invalid(path, .string(text), "must be in canonical form (\"\(cidr)\")")]
    }
}
