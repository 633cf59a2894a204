import KubeJSON

/// Who makes a request, as upstream's `user.Info`.
public struct UserInfo: Hashable, Sendable {
    public var name: String
    public var uid: String
    public var groups: [String]
    /// Further facts from the authenticator, by key; the order of values counts, that of keys does not.
    public var extra: [String: [String]]

    public init(name: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.name = name
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// The same user with the group that every authenticated user has.
    public var authenticated: UserInfo { joining(Group.authenticated) }

    /// A request without credentials.
    public static let anonymous = UserInfo(name: "system:anonymous", groups: [Group.unauthenticated])

    /// The same user, in a group that it may already be in.
    public func joining(_ group: String) -> UserInfo {
        if groups.contains(group) { return self }
        var copy = self
        copy.groups.append(group)
        return copy
    }

    /// `authentication.k8s.io` UserInfo, as TokenReview, SelfSubjectReview and admission reviews carry it.
    public var json: JSON {
        var value = JSONObject()
        if !name.isEmpty { value["username"] = .string(name) }
        if !uid.isEmpty { value["uid"] = .string(uid) }
        if !groups.isEmpty { value["groups"] = .array(groups.map(JSON.string)) }
        if !extra.isEmpty {
            var members = JSONObject()
            for key in extra.keys.sorted(by: utf8Less) {
                members[key] = .array((extra[key] ?? []).map(JSON.string))
            }
            value["extra"] = .object(members)
        }
        return .object(value)
    }
}

/// Names of the groups that the system gives meaning to.
public enum Group {
    public static let masters = "system:masters"
    public static let authenticated = "system:authenticated"
    public static let unauthenticated = "system:unauthenticated"
    public static let nodes = "system:nodes"
    public static let monitoring = "system:monitoring"
    public static let serviceAccounts = "system:serviceaccounts"
    public static func serviceAccounts(in namespace: String) -> String {
        "system:serviceaccounts:" + namespace
    }
}

/// Keys of `UserInfo.extra` that authenticators set.
public enum ExtraKey {
    public static let credentialID = "authentication.kubernetes.io/credential-id"
    public static let podName = "authentication.kubernetes.io/pod-name"
    public static let podUID = "authentication.kubernetes.io/pod-uid"
    public static let nodeName = "authentication.kubernetes.io/node-name"
    public static let nodeUID = "authentication.kubernetes.io/node-uid"
}

/// The user names of service accounts: `system:serviceaccount:NAMESPACE:NAME`.
public enum ServiceAccountUser {
    static let prefix = "system:serviceaccount:"

    public static func name(namespace: String, name: String) -> String { prefix + namespace + ":" + name }

    public static func groups(namespace: String) -> [String] {
        [Group.serviceAccounts, Group.serviceAccounts(in: namespace)]
    }

    /// Namespace and name when this is the user name of a service account with valid names.
    public static func split(_ username: String) -> (namespace: String, name: String)? {
        guard username.hasPrefix(prefix) else { return nil }
        let parts = username.dropFirst(prefix.count).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, Names.isLabel(parts[0]), Names.isSubdomain(parts[1]) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }
}

/// Name tests that authorisation itself depends on; only yes or no, messages are validation's.
enum Names {
    /// RFC 1123 label, at most 63 bytes.
    static func isLabel(_ text: Substring) -> Bool { text.utf8.count <= 63 && isLabelText(text.utf8) }

    /// RFC 1123 subdomain, at most 253 bytes.
    static func isSubdomain(_ text: Substring) -> Bool {
        guard text.utf8.count <= 253 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { isLabelText($0) }
    }

    private static func isLabelText(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
        }
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
