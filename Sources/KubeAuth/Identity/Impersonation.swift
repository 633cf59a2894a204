import KubeJSON

/// Acting as somebody else: what the `Impersonate-…` headers ask for, which questions the authoriser has to
/// allow first, and who the request then is.
///
/// v1.36 tries constrained impersonation (KEP-5284) before the original, all-or-nothing `impersonate` verb.
/// Each is a `Mode`; the first whose questions are all allowed is taken.
public struct Impersonation: Hashable, Sendable {
    /// What the headers name, as they name it.
    public let wanted: UserInfo

    /// One way in which the impersonation may be allowed.
    public struct Mode: Sendable {
        /// The verb that allowed it, for the audit log; empty for the original mode.
        public let constraint: String
        /// All have to be allowed, asked in this order; the first that is not is what the 403 is about.
        public let questions: [Attributes]
        /// Who the request is once it is allowed.
        public let identity: UserInfo
        /// Why this mode cannot be used whatever the authoriser says, with the question to refuse.
        public let refusal: String?
    }

    public struct BadRequest: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Reads header names (any case) and values. Nil when no impersonation is asked for.
    public init?(headers: some Sequence<(name: String, value: String)>) throws(BadRequest) {
        var wanted = UserInfo(name: "")
        var isAsked = false
        for (name, value) in headers {
            let name = name.lowercased()
            guard name.hasPrefix("impersonate-") else { continue }
            switch name {
            case "impersonate-user": if wanted.name.isEmpty { wanted.name = value }
            case "impersonate-uid":
                if wanted.uid.isEmpty { wanted.uid = value }
                if !value.isEmpty { isAsked = true }
            case "impersonate-group":
                wanted.groups.append(value)
                isAsked = true
            default:
                guard name.hasPrefix(Self.extraPrefix) else { continue }
                wanted.extra[Self.unescaped(name.dropFirst(Self.extraPrefix.count)), default: []].append(
                    value)
                isAsked = true
            }
        }
        if wanted.name.isEmpty {
            guard isAsked else { return nil }
            throw BadRequest(
                description: "requested \(Self.described(wanted)) without impersonating a user name")
        }
        self.wanted = wanted
    }

    /// A user as Go prints its structure: that is what clients of upstream see.
    private static func described(_ user: UserInfo) -> String {
        func list(_ values: [String]) -> String {
            "[]string{" + values.map(JSONWriter.quoted).joined(separator: ", ") + "}"
        }
        let groups = user.groups.isEmpty ? "[]string(nil)" : list(user.groups)
        let members = user.extra.keys.sorted(by: utf8Less).map {
            "\(JSONWriter.quoted($0)):\(list(user.extra[$0] ?? []))"
        }
        let extra = members.isEmpty ? "(nil)" : "{\(members.joined(separator: ", "))}"
        return "&user.DefaultInfo{Name:\"\", UID:\(JSONWriter.quoted(user.uid)), Groups:\(groups),"
            + " Extra:map[string][]string\(extra)}"
    }

    static let extraPrefix = "impersonate-extra-"

    /// The modes that apply to this request, in the order in which to try them. `request` is what the
    /// requester wants to do as the other user, with the requester as its user.
    ///
    /// When none succeeds, the answer is a 403 about the first failed question of the first mode.
    public func modes(for request: Attributes) -> [Mode] {
        var modes: [Mode] = []
        let onlyName = wanted.uid.isEmpty && wanted.groups.isEmpty && wanted.extra.isEmpty
        let node = Self.node(wanted.name)
        let account = ServiceAccountUser.split(wanted.name)
        if let node {
            if onlyName {
                if request.user.extra[ExtraKey.nodeName] == [node],
                    ServiceAccountUser.split(request.user.name) != nil
                {
                    modes.append(constrained("associated-node", request, resource: "nodes", name: "*"))
                }
                modes.append(constrained("arbitrary-node", request, resource: "nodes", name: node))
            }
        } else if let account {
            if onlyName {
                modes.append(
                    constrained(
                        "serviceaccount", request, resource: "serviceaccounts", namespace: account.namespace,
                        name: account.name))
            }
        } else {
            modes.append(constrained("user-info", request, resource: "users", name: wanted.name))
        }
        modes.append(original(request))
        return modes
    }

    private func constrained(
        _ mode: String, _ request: Attributes, resource: String, namespace: String = "", name: String
    ) -> Mode {
        let verb = "impersonate:" + mode
        var on = request
        on.verb = "impersonate-on:\(mode):\(request.verb)"
        let group = "authentication.k8s.io"
        var questions = [
            on,
            Attributes(
                user: request.user, verb: verb, apiGroup: group, apiVersion: "v1", resource: resource,
                namespace: namespace, name: name),
        ]
        questions += details(request.user, verb, groupOfGroups: group)
        var identity = wanted
        if resource == "nodes" { identity.groups = [Group.nodes] }
        if resource == "serviceaccounts" { identity.groups = ServiceAccountUser.groups(namespace: namespace) }
        return Mode(
            constraint: verb, questions: questions, identity: completed(identity), refusal: constrainedRefusal
        )
    }

    private func original(_ request: Attributes) -> Mode {
        var identity = wanted
        var question = Attributes(
            user: request.user, verb: "impersonate", apiGroup: "", apiVersion: "v1", resource: "users",
            name: wanted.name)
        if let account = ServiceAccountUser.split(wanted.name) {
            question.resource = "serviceaccounts"
            question.namespace = account.namespace
            question.name = account.name
            if wanted.groups.isEmpty {
                identity.groups = ServiceAccountUser.groups(namespace: account.namespace)
            }
        }
        return Mode(
            constraint: "",
            questions: [question] + details(request.user, "impersonate", groupOfGroups: ""),
            identity: completed(identity), refusal: nil)
    }

    /// The questions about uid, groups and extra, in upstream's order.
    private func details(_ user: UserInfo, _ verb: String, groupOfGroups: String) -> [Attributes] {
        func question(_ group: String, _ resource: String, _ subresource: String, _ name: String)
            -> Attributes
        {
            Attributes(
                user: user, verb: verb, apiGroup: group, apiVersion: "v1", resource: resource,
                subresource: subresource, name: name)
        }
        var questions: [Attributes] = []
        if !wanted.uid.isEmpty { questions.append(question("authentication.k8s.io", "uids", "", wanted.uid)) }
        for group in wanted.groups { questions.append(question(groupOfGroups, "groups", "", group)) }
        for key in wanted.extra.keys.sorted(by: utf8Less) {
            for value in wanted.extra[key] ?? [] {
                questions.append(question("authentication.k8s.io", "userextras", key, value))
            }
        }
        return questions
    }

    /// What constrained modes never allow.
    private var constrainedRefusal: String? {
        if wanted.groups.contains("") { return "impersonating the empty string group is not allowed" }
        if wanted.groups.contains(Group.masters) {
            return "impersonating the system:masters group is not allowed"
        }
        if wanted.extra.keys.contains("") {
            return "impersonating the empty string key in extra is not allowed"
        }
        if wanted.extra.values.contains(where: { $0.contains("") }) {
            return "impersonating the empty string value in extra is not allowed"
        }
        return nil
    }

    private func completed(_ identity: UserInfo) -> UserInfo {
        if identity.name == UserInfo.anonymous.name { return identity.joining(Group.unauthenticated) }
        return identity.groups.contains(Group.unauthenticated) ? identity : identity.authenticated
    }

    /// The node whose user name this is.
    private static func node(_ username: String) -> String? {
        let prefix = "system:node:"
        guard username.hasPrefix(prefix) else { return nil }
        let name = username.dropFirst(prefix.count)
        return Names.isSubdomain(name) ? String(name) : nil
    }

    /// Undoes %-escapes; text that is not well escaped is taken as it is.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return String(text)
            }
            bytes.append(high << 4 | low)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
