import KubeCEL
import KubeJSON

/// One expression of an admission policy, compiled.
public struct PolicyExpression: Sendable {
    public let text: String
    public let program: Program?
    /// Why there is no program, in upstream's words.
    public let problem: String?

    /// - Parameter wanted: whether a type of value is what is asked for, and how messages name it.
    init(_ text: String, _ environment: Environment, wanted: (accepts: (CELType) -> Bool, name: String)?) {
        self.text = text.trimmed
        do {
            let program = try Program(self.text, in: environment)
            if let wanted, !wanted.accepts(program.type) {
                (self.program, problem) = (nil, "must evaluate to \(wanted.name)")
            } else {
                (self.program, problem) = (program, nil)
            }
        } catch {
            (program, problem) = (nil, "compilation failed: \(error.description)")
        }
    }
}

/// What expressions of admission policies may refer to, and at which slot of an evaluation it is
/// (k8s.io/apiserver/pkg/admission/plugin/cel).
public enum PolicyScope {
    public static let object = 0
    public static let oldObject = 1
    public static let namespaceObject = 2
    public static let request = 3
    public static let params = 4
    public static let authorizer = 5
    public static let requestResource = 6

    static func environment(hasParams: Bool, hasAuthorizer: Bool, isMutating: Bool) -> Environment {
        var environment = Environment()
        environment.declare("object", .dyn)
        environment.declare("oldObject", .dyn)
        environment.declare("namespaceObject", .object(namespaceType))
        environment.declare("request", .object(requestType))
        // Slots are the same whether a name may be used or not.
        environment.declare(hasParams ? "params" : "", .dyn)
        environment.declare(
            hasAuthorizer ? "authorizer" : " ", .opaque("kubernetes.authorization.Authorizer"))
        environment.declare(
            hasAuthorizer ? "authorizer.requestResource" : "  ",
            .opaque("kubernetes.authorization.ResourceCheck"))
        if isMutating {
            environment.messages = { name in
                if name == "JSONPatch" {
                    return .fields(["op": .string, "path": .string, "from": .string, "value": .dyn])
                }
                return name == "Object" || name.hasPrefix("Object.") ? .open : nil
            }
        }
        return environment
    }

    private static let kindType = ObjectType(
        "kubernetes.GroupVersionKind", [("group", .string), ("version", .string), ("kind", .string)])
    private static let resourceType = ObjectType(
        "kubernetes.GroupVersionResource",
        [("group", .string), ("version", .string), ("resource", .string)])
    private static let userType = ObjectType(
        "kubernetes.UserInfo",
        [
            ("username", .string), ("uid", .string), ("groups", .list(.string)),
            ("extra", .map(.list(.string))),
        ])

    /// `request`: what an AdmissionReview says of a request, without the objects.
    public static let requestType = ObjectType(
        "kubernetes.AdmissionRequest",
        [
            ("kind", .object(kindType)), ("resource", .object(resourceType)), ("subResource", .string),
            ("requestKind", .object(kindType)), ("requestResource", .object(resourceType)),
            ("requestSubResource", .string), ("name", .string), ("namespace", .string),
            ("operation", .string), ("userInfo", .object(userType)), ("dryRun", .bool), ("options", .dyn),
        ])

    /// `namespaceObject`: the namespace without what its finalizers and writers keep in it.
    public static let namespaceType = ObjectType(
        "kubernetes.Namespace",
        [
            (
                "metadata",
                .object(
                    ObjectType(
                        "kubernetes.NamespaceMetadata",
                        [
                            ("name", .string), ("generateName", .string), ("namespace", .string),
                            ("labels", .map(.string)), ("annotations", .map(.string)), ("UID", .string),
                            ("uid", .string), ("creationTimestamp", .timestamp),
                            ("deletionGracePeriodSeconds", .int), ("deletionTimestamp", .timestamp),
                            ("generation", .int), ("resourceVersion", .string),
                            ("finalizers", .list(.string)),
                        ]))
            ),
            ("spec", .object(ObjectType("kubernetes.NamespaceSpec", [("finalizers", .list(.string))]))),
            (
                "status",
                .object(
                    ObjectType(
                        "kubernetes.NamespaceStatus",
                        [
                            (
                                "conditions",
                                .list(
                                    .object(
                                        ObjectType(
                                            "kubernetes.NamespaceCondition",
                                            [
                                                ("status", .string), ("type", .string),
                                                ("lastTransitionTime", .timestamp), ("message", .string),
                                                ("reason", .string),
                                            ])))
                            ), ("phase", .string),
                        ]))
            ),
        ])
}

/// The expressions of a ValidatingAdmissionPolicy or MutatingAdmissionPolicy, compiled.
public struct CompiledAdmissionPolicy: Sendable {
    public struct Condition: Sendable {
        public let name: String
        public let expression: PolicyExpression
    }

    public struct Validation: Sendable {
        public let expression: PolicyExpression
        public let message: String
        public let messageExpression: PolicyExpression?
        /// `Invalid` where none is given.
        public let reason: String
    }

    public struct Mutation: Sendable {
        public let isJSONPatch: Bool
        public let expression: PolicyExpression
    }

    public let policy: JSON
    /// For the slots of an evaluation.
    public let environment: Environment
    public let matchConditions: [Condition]
    public let variables: [PolicyExpression]
    public let validations: [Validation]
    public let auditAnnotations: [(key: String, expression: PolicyExpression)]
    public let mutations: [Mutation]

    public init(_ policy: JSON, isMutating: Bool) {
        self.policy = policy
        let spec = policy["spec"] ?? [:]
        let hasParams = spec["paramKind"].map { !$0.isNull } ?? false
        let bare = PolicyScope.environment(hasParams: hasParams, hasAuthorizer: true, isMutating: isMutating)
        var full = bare
        var messages = PolicyScope.environment(
            hasParams: hasParams, hasAuthorizer: false, isMutating: isMutating)
        // So that a name that is not declared is an unknown field and not an unknown variable.
        full.declare("variables", .object(ObjectType("kubernetes.variables", [])))
        messages.declare("variables", .object(ObjectType("kubernetes.variables", [])))
        let bool = (accepts: { (type: CELType) in type == .bool }, name: "bool")
        matchConditions = spec.items("matchConditions").map {
            Condition(
                name: $0.text("name"), expression: PolicyExpression($0.text("expression"), bare, wanted: bool)
            )
        }
        var variables: [PolicyExpression] = []
        for variable in spec.items("variables") {
            let expression = PolicyExpression(variable.text("expression"), full, wanted: nil)
            variables.append(expression)
            let name = "variables." + variable.text("name")
            if let program = expression.program {
                full.declare(name, computedBy: program)
                messages.declare(name, computedBy: program)
            } else {
                full.declare(name, .dyn)
                messages.declare(name, .dyn)
            }
        }
        self.variables = variables
        let environment = full
        let text = (accepts: { (type: CELType) in type == .string }, name: "string")
        let messageEnvironment = messages
        validations = spec.items("validations").map { validation in
            let message = validation.text("messageExpression")
            return Validation(
                expression: PolicyExpression(validation.text("expression"), environment, wanted: bool),
                message: validation.text("message"),
                messageExpression: message.isBlank
                    ? nil : PolicyExpression(message, messageEnvironment, wanted: text),
                reason: validation["reason"]?.string ?? "Invalid")
        }
        let value = (
            accepts: { (type: CELType) in type == .string || type == .null },
            name: "one of [string null_type]"
        )
        auditAnnotations = spec.items("auditAnnotations").map {
            ($0.text("key"), PolicyExpression($0.text("valueExpression"), environment, wanted: value))
        }
        mutations = spec.items("mutations").map { mutation in
            let isJSONPatch = mutation.text("patchType") == "JSONPatch"
            let body = mutation[isJSONPatch ? "jsonPatch" : "applyConfiguration"] ?? [:]
            let wanted: (accepts: (CELType) -> Bool, name: String) =
                isJSONPatch
                ? ({ $0 == .list(.object(ObjectType("JSONPatch", []))) }, "list(JSONPatch)")
                : ({ $0 == .object(ObjectType("Object", [])) }, "Object")
            return Mutation(
                isJSONPatch: isJSONPatch,
                expression: PolicyExpression(body.text("expression"), environment, wanted: wanted))
        }
        self.environment = environment
    }

    /// What is wrong with the expressions, those apart that the old policy had too.
    func problems(old: CompiledAdmissionPolicy?) -> [FieldError] {
        let path = FieldPath("spec")
        var known: Set<String> = []
        if let old { old.visit { known.insert($1.text) } }
        var errors: [FieldError] = []
        visit { place, expression in
            guard let problem = expression.problem, !known.contains(expression.text), !expression.text.isEmpty
            else { return }
            errors.append(
                .invalid(FieldPath("\(path).\(place)"), .string(expression.text), problem))
        }
        return errors
    }

    /// What is wrong with the expressions of a webhook's match conditions.
    static func problems(ofConditions conditions: [JSON], _ path: FieldPath) -> [FieldError] {
        if conditions.isEmpty { return [] }
        let environment = PolicyScope.environment(hasParams: false, hasAuthorizer: true, isMutating: false)
        return conditions.enumerated().compactMap { index, condition in
            let expression = PolicyExpression(
                condition.text("expression"), environment, wanted: ({ $0 == .bool }, "bool"))
            guard let problem = expression.problem, !expression.text.isEmpty else { return nil }
            return .invalid(
                path.index(index).child("expression"), .string(expression.text), problem)
        }
    }

    private func visit(_ body: (FieldPath, PolicyExpression) -> Void) {
        for (index, condition) in matchConditions.enumerated() {
            body(FieldPath("matchConditions").index(index).child("expression"), condition.expression)
        }
        for (index, variable) in variables.enumerated() {
            body(FieldPath("variables").index(index).child("expression"), variable)
        }
        for (index, validation) in validations.enumerated() {
            let path = FieldPath("validations").index(index)
            body(path.child("expression"), validation.expression)
            if let message = validation.messageExpression { body(path.child("messageExpression"), message) }
        }
        for (index, annotation) in auditAnnotations.enumerated() {
            body(
                FieldPath("auditAnnotations").index(index).child("valueExpression"), annotation.expression)
        }
        for (index, mutation) in mutations.enumerated() {
            body(
                FieldPath("mutations").index(index)
                    .child(mutation.isJSONPatch ? "jsonPatch" : "applyConfiguration", "expression"),
                mutation.expression)
        }
    }
}
