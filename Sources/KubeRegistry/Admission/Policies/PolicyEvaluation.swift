import KubeAPI
import KubeAuth
import KubeCEL
import KubeJSON

/// One policy's expressions over one request and one parameter object.
struct PolicyEvaluation {
    /// Upstream's limits for all expressions together, and for match conditions.
    private static let budget: UInt64 = 10_000_000
    private static let conditionBudget: UInt64 = 2_500_000

    private let policy: CompiledAdmissionPolicy
    private var evaluation: Evaluation
    private var left = budget

    init(_ policy: CompiledAdmissionPolicy, _ context: PolicyContext, object: JSON?, params: JSON?) {
        self.policy = policy
        evaluation = Evaluation(policy.environment)
        evaluation.set(PolicyScope.object, PolicyContext.value(object))
        evaluation.set(PolicyScope.oldObject, context.oldObject)
        evaluation.set(PolicyScope.namespaceObject, context.namespaceObject)
        evaluation.set(PolicyScope.request, context.request)
        evaluation.set(PolicyScope.params, PolicyContext.value(params))
        evaluation.set(PolicyScope.authorizer, .opaque(.authorizer(context.authorizer)))
        evaluation.set(PolicyScope.requestResource, context.requestResource)
    }

    /// Whether the request meets the conditions.
    mutating func matches() throws(PolicyConfigurationError) -> Bool {
        var left = Self.conditionBudget
        var problems: [String] = []
        for condition in policy.matchConditions {
            switch try evaluate(condition.expression, left: &left) {
            case .success(.bool(false)): return false
            case .success: break
            case .failure(let problem): problems.append(problem.message)
            }
        }
        if problems.isEmpty { return true }
        if policy.policy["spec"]?["failurePolicy"]?.string == "Ignore" { return false }
        throw PolicyConfigurationError(
            message: problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]")
    }

    mutating func run(
        _ expression: PolicyExpression
    ) throws(PolicyConfigurationError) -> Result<Value, PolicyConfigurationError> {
        var left = left
        defer { self.left = left }
        return try evaluate(expression, left: &left)
    }

    /// - Throws: when all that may be spent is spent, which ends the whole evaluation.
    private mutating func evaluate(
        _ expression: PolicyExpression, left: inout UInt64
    ) throws(PolicyConfigurationError) -> Result<Value, PolicyConfigurationError> {
        guard let program = expression.program else {
            return .failure(
                PolicyConfigurationError(message: "compilation error: \(expression.problem ?? "")"))
        }
        let (result, cost) = evaluation.run(program)
        if cost > left {
            throw PolicyConfigurationError(
                message:
                    "validation failed due to running out of cost budget, no further validation rules will be run"
            )
        }
        left -= cost
        return result.mapError {
            PolicyConfigurationError(
                message: "expression '\(expression.text)' resulted in error: \($0.message)")
        }
    }
}

/// What is the same for all policies that judge a request.
struct PolicyContext {
    let oldObject: Value
    let namespaceObject: Value
    let request: Value
    let authorizer: any Authorizer
    let requestResource: Value

    init(_ attributes: AdmissionAttributes, as matched: ResourceInfo, in registry: Registry) {
        oldObject = Self.value(attributes.old)
        let resource = attributes.resource
        let isNamespace = resource.group.isEmpty && resource.plural == "namespaces"
        let namespace =
            attributes.namespace.isEmpty || isNamespace
            ? nil : registry.lookup("", "namespaces", attributes.namespace)
        namespaceObject = (try? Value(namespace ?? .null, as: .object(PolicyScope.namespaceType))) ?? .null
        request =
            (try? Value(Self.request(attributes, matched), as: .object(PolicyScope.requestType))) ?? .null
        let authorizer = PolicyAuthorizer(registry: registry, user: attributes.user)
        self.authorizer = authorizer
        requestResource = .opaque(
            .authorizerCheck(
                authorizer,
                AuthorizerQuestion(
                    group: resource.group, resource: resource.plural, subresource: attributes.subresource,
                    namespace: attributes.namespace, name: attributes.name)))
    }

    static func value(_ json: JSON?) -> Value {
        (try? Value(json ?? .null, as: .dyn)) ?? .null
    }

    static func request(_ attributes: AdmissionAttributes, _ matched: ResourceInfo) -> JSON {
        func kind(_ info: ResourceInfo) -> JSON {
            let kind = attributes.kind(of: info)
            return [
                "group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind),
            ]
        }
        func resource(_ info: ResourceInfo) -> JSON {
            [
                "group": .string(info.group), "version": .string(info.version),
                "resource": .string(info.plural),
            ]
        }
        let user = attributes.user
        var extra = JSONObject()
        for (key, values) in user.extra.sorted(by: { utf8Less($0.key, $1.key) }) {
            extra[key] = .array(values.map { .string($0) })
        }
        var info: JSON = [
            "username": .string(user.name), "groups": .array(user.groups.map { .string($0) }),
        ]
        if !user.uid.isEmpty { info["uid"] = .string(user.uid) }
        if !extra.isEmpty { info["extra"] = .object(extra) }
        var request: JSON = [
            "kind": kind(matched), "resource": resource(matched), "requestKind": kind(attributes.resource),
            "requestResource": resource(attributes.resource),
            "operation": .string(attributes.operation.rawValue),
            "userInfo": info, "dryRun": .bool(attributes.dryRun),
        ]
        if !attributes.subresource.isEmpty {
            request["subResource"] = .string(attributes.subresource)
            request["requestSubResource"] = .string(attributes.subresource)
        }
        if !attributes.name.isEmpty { request["name"] = .string(attributes.name) }
        if !attributes.namespace.isEmpty { request["namespace"] = .string(attributes.namespace) }
        return request
    }
}

/// Answers what expressions ask of the authorizer, as the user of the request or as a service account.
struct PolicyAuthorizer: Authorizer {
    let registry: Registry
    let user: UserInfo

    func decide(_ question: AuthorizerQuestion) -> AuthorizerDecision {
        let attributes =
            if let path = question.path {
                Attributes(user: user, verb: question.verb, path: path)
            } else {
                Attributes(
                    user: user, verb: question.verb, apiGroup: question.group, resource: question.resource,
                    subresource: question.subresource, namespace: question.namespace, name: question.name)
            }
        let decision = registry.authorizer(attributes)
        return AuthorizerDecision(isAllowed: decision.isAllowed, reason: decision.reason)
    }

    func acting(asServiceAccount name: String, in namespace: String) -> any Authorizer {
        PolicyAuthorizer(
            registry: registry,
            user: UserInfo(
                name: "system:serviceaccount:\(namespace):\(name)",
                groups: [
                    "system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated",
                ]))
    }
}
