import KubeCEL
import KubeJSON
import Synchronization

/// The rules of a schema in the shape of the schema, where there are any.
final class SchemaRules: Sendable {
    private let rules: [SchemaRule]
    private let shape: Shape
    private let typeName: String
    private let listKeys: [String]?
    private let items: SchemaRules?
    private let properties: [String: SchemaRules]
    private let values: SchemaRules?
    private let alternatives: [SchemaRules]

    /// What all rules of an object may cost together (k8s.io/apiserver/pkg/apis/cel).
    private static let budget: UInt64 = 10_000_000

    /// Nil where there are no rules.
    static func make(_ schema: JSON) -> SchemaRules? {
        guard hasRules(schema) else { return nil }
        return make(
            schema, name: "self", type: .make(schema, name: "self", isResource: true), isResource: true)
    }

    private static func hasRules(_ schema: JSON) -> Bool {
        if schema["x-kubernetes-validations"]?.array?.isEmpty == false { return true }
        for (_, property) in schema["properties"]?.object ?? [:] where hasRules(property) { return true }
        for key in ["items", "additionalProperties"] {
            if let inner = schema[key], inner.object != nil, hasRules(inner) { return true }
        }
        return (schema["allOf"]?.array ?? []).contains(where: hasRules)
    }

    private static func make(
        _ schema: JSON, name: String, type: DeclaredType?, isResource: Bool, rulesOf: JSON? = nil
    ) -> SchemaRules? {
        // `rulesOf` is the part of an alternative that says more of the same values.
        let written = rulesOf ?? schema
        guard let type, hasRules(written) else { return nil }
        func child(_ inner: JSON?, _ written: JSON?, _ name: String) -> SchemaRules? {
            guard let inner, inner.object != nil, let written, written.object != nil else { return nil }
            let isResource = inner["x-kubernetes-embedded-resource"]?.bool ?? false
            let type = DeclaredType.make(inner, name: name, isResource: isResource)
            return make(inner, name: name, type: type, isResource: isResource, rulesOf: written)
        }
        var properties: [String: SchemaRules] = [:]
        for (key, property) in written["properties"]?.object ?? [:] {
            properties[key] = child(schema["properties"]?[key], property, name + "." + key)
        }
        return SchemaRules(
            schema, written, type,
            items: child(schema["items"], written["items"], name + ".@idx"), properties: properties,
            values: child(
                schema["additionalProperties"], written["additionalProperties"], name + ".@elem"),
            alternatives: (written["allOf"]?.array ?? []).compactMap {
                make(schema, name: name, type: type, isResource: isResource, rulesOf: $0)
            })
    }

    private init(
        _ schema: JSON, _ written: JSON, _ type: DeclaredType, items: SchemaRules?,
        properties: [String: SchemaRules], values: SchemaRules?, alternatives: [SchemaRules]
    ) {
        rules = (written["x-kubernetes-validations"]?.array ?? []).map {
            SchemaRule($0, schema: schema, type: type)
        }
        shape = type.shape
        typeName = schema["type"]?.string ?? ""
        listKeys =
            schema["x-kubernetes-list-type"]?.string == "map"
            ? (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string) : nil
        (self.items, self.properties, self.values) = (items, properties, values)
        self.alternatives = alternatives
    }

    // MARK: Evaluation

    /// What the object breaks.
    /// - Parameter old: the object before an update. Rules on values that did not change are let be unless
    ///   they speak of the old value.
    func validate(_ object: JSON, old: JSON?) -> [FieldError] {
        var run = Run(left: Self.budget)
        check(object, old: old, path: .root, isSame: old == object, &run)
        return run.errors
    }

    private struct Run {
        var left: UInt64
        var isOver = false
        var errors: [FieldError] = []
    }

    private func check(_ value: JSON, old: JSON?, path: FieldPath, isSame: Bool, _ run: inout Run) {
        if value.isNull || run.isOver { return }
        evaluate(value, old: old, path: path, isSame: isSame, &run)
        for alternative in alternatives where !run.isOver {
            alternative.check(value, old: old, path: path, isSame: false, &run)
        }
        switch value {
        case .object(let object):
            for (key, member) in object {
                if let rules = properties[key] {
                    let before = old?[key]
                    // Of a part that cannot be told from others the whole decides.
                    rules.check(
                        member, old: before, path: path.child(key), isSame: isSame || before == member, &run)
                } else if let values {
                    let before = old?[key]
                    values.check(
                        member, old: before, path: path.key(key), isSame: isSame || before == member, &run)
                }
                if run.isOver { return }
            }
        case .array(let array):
            guard let items else { return }
            for (index, item) in array.enumerated() {
                var before: JSON?
                if let listKeys {
                    before = old?.array?.first { other in listKeys.allSatisfy { other[$0] == item[$0] } }
                }
                items.check(
                    item, old: before, path: path.index(index), isSame: isSame || before == item, &run)
                if run.isOver { return }
            }
        default: break
        }
    }

    private func evaluate(_ value: JSON, old: JSON?, path: FieldPath, isSame: Bool, _ run: inout Run) {
        if rules.isEmpty { return }
        let old = old.flatMap { $0.isNull ? nil : $0 }
        let typed = JSON.string(typeName)
        // Upstream's name of the path that has no parts.
        let shownPath = path.description.isEmpty ? FieldPath("<nil>") : path
        func invalid(_ detail: String) -> FieldError { .invalid(shownPath, typed, detail) }
        let current: Value
        var before: Value?
        do {
            current = try Value(value, as: shape)
            if let old { before = try Value(old, as: shape) }
        } catch {
            run.errors.append(invalid(error.message))
            return
        }
        for rule in rules {
            if let problem = rule.problem {
                run.errors.append(invalid("rule compile error: \(problem)"))
                continue
            }
            guard let program = rule.program else { continue }
            if rule.usesOldSelf, before == nil, !rule.isOldSelfOptional { continue }
            // A rule that does not hold for what was there before is not held against it.
            if isSame, !rule.usesOldSelf { continue }
            var evaluation = Evaluation(rule.environment)
            evaluation.set(SchemaRule.selfSlot, current)
            if rule.isOldSelfOptional {
                evaluation.set(SchemaRule.oldSelfSlot, .optional(before))
            } else if let before {
                evaluation.set(SchemaRule.oldSelfSlot, before)
            }
            let (result, cost) = evaluation.run(program)
            if cost > run.left {
                run.errors.append(
                    invalid(
                        "validation failed due to running out of cost budget, no further validation rules will be run"
                    ))
                run.isOver = true
                return
            }
            run.left -= cost
            switch result {
            case .success(.bool(true)): continue
            case .success:
                let here = rule.fieldPath.map { Self.join(path, $0) } ?? shownPath
                let shown = typeName == "object" || typeName == "array" ? nil : value
                let detail = message(rule, &evaluation, &run) ?? rule.defaultMessage
                run.errors.append(rule.error(here, shown, detail))
            case .failure(let error):
                if error.isCancelled {
                    run.errors.append(
                        invalid(
                            "'\(error.message)': no further validation rules will be run due to call cost exceeds limit for rule: \(rule.shown)"
                        ))
                    run.isOver = true
                    return
                }
                run.errors.append(
                    invalid(
                        error.message.hasPrefix("no such overload")
                            ? "'\(error.message)': call arguments did not match a supported operator, function or macro signature for rule: \(rule.shown)"
                            : "\(error.message) evaluating rule: \(rule.shown)"))
            }
        }
    }

    private static func join(_ path: FieldPath, _ rest: FieldPath) -> FieldPath {
        let start = path.description
        return start.isEmpty ? rest : FieldPath("\(start).\(rest)")
    }

    private func message(_ rule: SchemaRule, _ evaluation: inout Evaluation, _ run: inout Run) -> String? {
        guard let program = rule.messageProgram else { return nil }
        let (result, cost) = evaluation.run(program)
        run.left -= min(cost, run.left)
        return RuleMessage.accept(result)
    }
}

/// What an expression that words a message may give.
public enum RuleMessage {
    private static let limit = 5 * 1024

    /// Nil for what is no message of one line.
    public static func accept(_ result: Result<Value, EvaluationError>) -> String? {
        guard case .success(.string(let text)) = result else { return nil }
        let trimmed = text.trimmed
        if trimmed.isEmpty || trimmed.utf8.count > limit || trimmed.utf8.contains(0x0a) { return nil }
        return trimmed
    }
}

/// The rules of a schema, compiled when an object is first validated: a definition may come long before.
final class LazySchemaRules: Sendable {
    private let schema: JSON
    private let state = Mutex<SchemaRules??>(nil)

    init(_ schema: JSON) { self.schema = schema }

    var rules: SchemaRules? {
        state.withLock { state in
            if let known = state { return known }
            let made = SchemaRules.make(schema)
            state = .some(made)
            return made
        }
    }
}
