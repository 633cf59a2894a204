import KubeJSON

/// Which FlowSchema and which priority level a request belongs to (pkg/util/flowcontrol/rule.go).
public struct FlowClassifier: Sendable {
    /// What a request is, as far as FlowSchemas ask.
    public struct Request: Sendable {
        public var user: String
        public var groups: [String]
        public var verb: String
        /// Of a request for a resource; nil for any other.
        public var target: Target?
        public var path: String

        public init(user: String, groups: [String], verb: String, target: Target?, path: String) {
            self.user = user
            self.groups = groups
            self.verb = verb
            self.target = target
            self.path = path
        }
    }

    public struct Target: Sendable {
        public var group: String
        /// With the subresource: `pods/status`.
        public var resource: String
        public var namespace: String

        public init(group: String, resource: String, namespace: String) {
            self.group = group
            self.resource = resource
            self.namespace = namespace
        }
    }

    public struct Flow: Sendable, Equatable {
        public let schema: String
        public let schemaUID: String
        public let level: String
        public let levelUID: String
    }

    private let schemas: [Schema]

    /// - Parameters:
    ///   - schemas: FlowSchemas in any order; those whose priority level is not among `levels` take no request.
    ///   - levels: PriorityLevelConfigurations.
    public init(schemas: [JSON], levels: [JSON]) {
        var uids: [String: String] = [:]
        for level in levels { uids[level.name] = level.uid }
        self.schemas =
            schemas
            .compactMap { schema in
                let level = schema.at("spec", "priorityLevelConfiguration", "name")?.string ?? ""
                guard let uid = uids[level] else { return nil }
                return Schema(
                    precedence: schema["spec"]?["matchingPrecedence"]?.integer ?? 0,
                    flow: Flow(schema: schema.name, schemaUID: schema.uid, level: level, levelUID: uid),
                    rules: (schema["spec"]?["rules"]?.array ?? []).map(Rule.init))
            }
            .sorted {
                $0.precedence == $1.precedence
                    ? utf8Less($0.flow.schema, $1.flow.schema) : $0.precedence < $1.precedence
            }
    }

    /// The flow of the first schema that matches; what none matches goes with `catch-all`.
    public func flow(of request: Request) -> Flow? {
        for schema in schemas where schema.rules.contains(where: { $0.matches(request) }) {
            return schema.flow
        }
        return schemas.first { $0.flow.schema == "catch-all" }?.flow
    }
}

extension FlowClassifier {
    private struct Schema: Sendable {
        let precedence: Int64
        let flow: Flow
        let rules: [Rule]
    }

    /// Texts of which one must be equal, unless `*` stands for all.
    private struct Choice: Sendable {
        let isAny: Bool
        let values: [String]

        init(_ list: JSON?) {
            values = (list?.array ?? []).compactMap(\.string)
            isAny = values == ["*"]
        }

        func takes(_ value: String) -> Bool { isAny || values.contains(value) }
    }

    private enum Subject: Sendable {
        case user(String)
        case group(String)
        /// The prefix of the names of all accounts of a namespace.
        case accounts(String)

        init?(_ value: JSON) {
            switch value["kind"]?.string {
            case "User":
                guard let name = value.at("user", "name")?.string else { return nil }
                self = .user(name)
            case "Group":
                guard let name = value.at("group", "name")?.string else { return nil }
                self = .group(name)
            case "ServiceAccount":
                guard let account = value["serviceAccount"] else { return nil }
                let prefix = "system:serviceaccount:\(account["namespace"]?.string ?? ""):"
                let name = account["name"]?.string ?? ""
                self = name == "*" ? .accounts(prefix) : .user(prefix + name)
            default: return nil
            }
        }

        func takes(_ request: Request) -> Bool {
            switch self {
            case .user(let name): name == "*" || name == request.user
            case .group(let name): name == "*" || request.groups.contains(name)
            case .accounts(let prefix): request.user.utf8.starts(with: prefix.utf8)
            }
        }
    }

    private struct ResourceRule: Sendable {
        let verbs: Choice
        let groups: Choice
        let resources: Choice
        let namespaces: Choice
        let isForCluster: Bool

        init(_ rule: JSON) {
            verbs = Choice(rule["verbs"])
            groups = Choice(rule["apiGroups"])
            resources = Choice(rule["resources"])
            namespaces = Choice(rule["namespaces"])
            isForCluster = rule["clusterScope"]?.bool ?? false
        }

        func matches(_ verb: String, _ target: Target) -> Bool {
            guard verbs.takes(verb), resources.takes(target.resource), groups.takes(target.group) else {
                return false
            }
            return target.namespace.isEmpty ? isForCluster : namespaces.takes(target.namespace)
        }
    }

    private struct PathRule: Sendable {
        let verbs: Choice
        let paths: [String]

        init(_ rule: JSON) {
            verbs = Choice(rule["verbs"])
            paths = (rule["nonResourceURLs"]?.array ?? []).compactMap(\.string)
        }

        func matches(_ verb: String, _ path: String) -> Bool {
            guard verbs.takes(verb) else { return false }
            return paths.contains { rule in
                if rule == "*" || rule == path { return true }
                var prefix = Substring(rule)
                if prefix.utf8.last == UInt8(ascii: "*") { prefix.removeLast() }
                if prefix.utf8.last != UInt8(ascii: "/") { prefix += "/" }
                return path.utf8.starts(with: prefix.utf8)
            }
        }
    }

    private struct Rule: Sendable {
        let subjects: [Subject]
        let resources: [ResourceRule]
        let paths: [PathRule]

        init(_ rule: JSON) {
            subjects = (rule["subjects"]?.array ?? []).compactMap(Subject.init)
            resources = (rule["resourceRules"]?.array ?? []).map(ResourceRule.init)
            paths = (rule["nonResourceRules"]?.array ?? []).map(PathRule.init)
        }

        func matches(_ request: Request) -> Bool {
            guard subjects.contains(where: { $0.takes(request) }) else { return false }
            if let target = request.target {
                return resources.contains { $0.matches(request.verb, target) }
            }
            return paths.contains { $0.matches(request.verb, request.path) }
        }
    }
}
