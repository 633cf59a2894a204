import KubeCEL
import KubeJSON

/// What the rules of `x-kubernetes-validations` in a CustomResourceDefinition must be: sound expressions that
/// cannot cost too much (pkg/apis/apiextensions/validation).
struct DefinitionExpressionRules {
    /// Upstream's limits for the estimated cost of one rule and of all rules of a schema.
    private static let ruleLimit: UInt64 = 10_000_000
    private static let totalLimit: UInt64 = 100_000_000

    private var errors: [FieldError] = []
    private var total: UInt64 = 0
    private var costliest: [(path: FieldPath, cost: UInt64)] = []

    static func validate(_ schema: JSON, _ path: FieldPath) -> [FieldError] {
        var rules = DefinitionExpressionRules()
        rules.syntax(schema, path)
        if !rules.errors.isEmpty { return rules.errors }
        rules.visit(schema, path, name: "self", isResource: true, cardinality: 1, uncorrelatable: nil)
        if rules.total > totalLimit {
            for (path, _) in rules.costliest {
                rules.errors.append(
                    .forbidden(
                        path,
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"
                    ))
            }
            rules.errors.append(
                .forbidden(
                    path,
                    exceeded(
                        "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                        rules.total, totalLimit)))
        }
        return rules.errors
    }

    // MARK: What needs no types

    private static func hasNewline(_ text: String) -> Bool { text.utf8.contains { $0 == 0x0a || $0 == 0x0d } }

    private mutating func syntax(_ schema: JSON, _ path: FieldPath) {
        for (key, property) in schema["properties"]?.object ?? [:] {
            syntax(property, path.child("properties").key(key))
        }
        for key in ["items", "additionalProperties"] {
            if let inner = schema[key], inner.object != nil { syntax(inner, path.child(key)) }
        }
        for (index, rule) in (schema["x-kubernetes-validations"]?.array ?? []).enumerated() {
            syntax(rule, schema, path.child("x-kubernetes-validations").index(index))
        }
    }

    private static let reasons = [
        "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired",
    ]

    private mutating func syntax(_ rule: JSON, _ schema: JSON, _ path: FieldPath) {
        let text = rule["rule"]?.string?.trimmed ?? ""
        let message = rule["message"]?.string ?? ""
        if text.isEmpty {
            errors.append(.required(path.child("rule"), "rule is not specified"))
        } else if !message.isEmpty, message.trimmed.isEmpty {
            errors.append(
                .invalid(path.child("message"), .string(message), "must be non-empty if specified"))
        } else if Self.hasNewline(message.trimmed) {
            errors.append(.invalid(path.child("message"), .string(message), "must not contain line breaks"))
        } else if Self.hasNewline(text), message.trimmed.isEmpty {
            errors.append(
                .required(
                    path.child("message"), "message must be specified if rule contains line breaks"))
        }
        if let expression = rule["messageExpression"]?.string, !expression.isEmpty, expression.trimmed.isEmpty
        {
            errors.append(
                .required(
                    path.child("messageExpression"), "messageExpression must be non-empty if specified"))
        }
        if let reason = rule["reason"]?.string, !Self.reasons.contains(reason) {
            errors.append(.notSupported(path.child("reason"), .string(reason), Self.reasons))
        }
        guard let field = rule["fieldPath"]?.string, !field.isEmpty else { return }
        let here = path.child("fieldPath")
        if field.trimmed.isEmpty {
            errors.append(.invalid(here, .string(field), "must be non-empty if specified"))
        }
        if Self.hasNewline(field) {
            errors.append(.invalid(here, .string(field), "must not contain line breaks"))
        }
        if SchemaPath.resolve(field, in: schema) == nil {
            errors.append(.invalid(here, .string(field), "must be a valid path"))
        }
    }

    // MARK: Expressions

    /// - Parameters:
    ///   - cardinality: how often at most the value is in an object; nil when nothing bounds it.
    ///   - uncorrelatable: the list below which old values cannot be found.
    private mutating func visit(
        _ schema: JSON, _ path: FieldPath, name: String, isResource: Bool, cardinality: UInt64?,
        uncorrelatable: FieldPath?
    ) {
        let isMap = schema["type"] == "object" && schema["additionalProperties"] != nil
        var factor: UInt64? = 1
        if isMap { factor = schema["maxProperties"]?.int.map { UInt64(max($0, 0)) } }
        if schema["type"] == "array" { factor = schema["maxItems"]?.int.map { UInt64(max($0, 0)) } }
        let inner = cardinality.flatMap { outer in factor.map { outer.times($0) } }
        func isEmbedded(_ schema: JSON) -> Bool { schema["x-kubernetes-embedded-resource"]?.bool ?? false }
        for (key, property) in schema["properties"]?.object ?? [:] {
            visit(
                property, path.child("properties").key(key), name: name + "." + key,
                isResource: isEmbedded(property), cardinality: inner, uncorrelatable: uncorrelatable)
        }
        if let items = schema["items"], items.object != nil {
            let isMapList = schema["x-kubernetes-list-type"] == "map"
            visit(
                items, path.child("items"), name: name + ".@idx", isResource: isEmbedded(items),
                cardinality: inner, uncorrelatable: uncorrelatable ?? (isMapList ? nil : path))
        }
        if let values = schema["additionalProperties"], values.object != nil {
            visit(
                values, path.child("additionalProperties"), name: name + ".@elem",
                isResource: isEmbedded(values), cardinality: inner, uncorrelatable: uncorrelatable)
        }
        guard let rules = schema["x-kubernetes-validations"]?.array, !rules.isEmpty else { return }
        let here = path.child("x-kubernetes-validations")
        guard let type = DeclaredType.make(schema, name: name, isResource: isResource) else {
            errors.append(
                .internalError(
                    here,
                    "internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations"
                ))
            return
        }
        for (index, document) in rules.enumerated() {
            judge(
                SchemaRule(document, schema: schema, type: type), type, here.index(index),
                cardinality: cardinality ?? type.maxCardinality, uncorrelatable)
        }
    }

    private mutating func judge(
        _ rule: SchemaRule, _ type: DeclaredType, _ path: FieldPath, cardinality: UInt64,
        _ uncorrelatable: FieldPath?
    ) {
        var variables = [SchemaRule.selfSlot: type]
        if !rule.isOldSelfOptional { variables[SchemaRule.oldSelfSlot] = type }
        if let program = rule.program {
            let cost = program.estimatedCost(variables: variables).times(cardinality)
            observe(cost, path.child("rule"), "estimated rule cost")
        }
        if let problem = rule.problem {
            errors.append(.invalid(path.child("rule"), Self.shown(rule.document), problem))
        }
        if let problem = rule.messageProblem {
            errors.append(.invalid(path.child("messageExpression"), Self.shown(rule.document), problem))
        } else if let program = rule.messageProgram {
            observe(
                program.estimatedCost(variables: variables), path.child("messageExpression"),
                "estimated messageExpression cost")
        }
        if rule.usesOldSelf {
            if let uncorrelatable {
                errors.append(
                    .invalid(
                        path.child("rule"), .string(rule.rule),
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within \(uncorrelatable)"
                    ))
            }
        } else if let flag = rule.document["optionalOldSelf"], !flag.isNull {
            errors.append(
                .invalid(
                    path.child("optionalOldSelf"), flag, "may not be set if oldSelf is not used in rule"))
        }
    }

    private mutating func observe(_ cost: UInt64, _ path: FieldPath, _ what: String) {
        if cost > Self.ruleLimit {
            errors.append(.forbidden(path, Self.exceeded(what, cost, Self.ruleLimit)))
        }
        let (sum, overflow) = total.addingReportingOverflow(cost)
        total = overflow ? .max : sum
        // Only what is a hundredth of the whole is named, and of that the four costliest.
        guard cost >= Self.totalLimit / 100 else { return }
        let place = costliest.firstIndex { $0.cost < cost } ?? costliest.count
        costliest.insert((path, cost), at: place)
        if costliest.count > 4 { costliest.removeLast() }
    }

    private static func exceeded(_ what: String, _ cost: UInt64, _ limit: UInt64) -> String {
        let ratio = Double(cost) / Double(limit)
        let factor: String
        if ratio > 100 {
            factor = "more than 100x"
        } else {
            factor = decimal(ratio, digits: ratio < 1.5 ? 6 : 1) + "x"
        }
        return
            "\(what) exceeds budget by factor of \(factor) (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
    }

    private static func decimal(_ value: Double, digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let rest = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }

    /// As Go prints the internal form of a rule.
    private static func shown(_ rule: JSON) -> JSON {
        .object(
            JSONObject([
                ("Rule", rule["rule"] ?? ""), ("Message", rule["message"] ?? ""),
                ("MessageExpression", rule["messageExpression"] ?? ""), ("Reason", rule["reason"] ?? .null),
                ("FieldPath", rule["fieldPath"] ?? ""), ("OptionalOldSelf", rule["optionalOldSelf"] ?? .null),
            ]))
    }
}
