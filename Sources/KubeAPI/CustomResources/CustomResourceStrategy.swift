import KubeJSON

/// The strategy of custom resources (k8s.io/apiextensions-apiserver/pkg/registry/customresource).
enum CustomResourceStrategy {
    static func make(
        _ schema: StructuralSchema, hasStatus: Bool, scale: ScalePaths?, deprecation: String?
    ) -> Strategy {
        let expressionRules = LazySchemaRules(schema.document)
        return Strategy { strategy in
            strategy.hasGeneration = true
            strategy.generationCountsStatus = !hasStatus
            strategy.allowsUnconditionalUpdate = false
            strategy.validateName = { name, isPrefix in NameRules.dns1123Subdomain(name, isPrefix: isPrefix) }
            if hasStatus {
                strategy.prepareForCreate = { $0["status"] = nil }
                strategy.prepareForUpdate = { object, old in object["status"] = old["status"] }
                strategy.prepareForStatusUpdate = { object, old in
                    var next = old
                    next["status"] = object["status"]
                    if let fields = object["metadata"]?["managedFields"] {
                        next.setMetadata("managedFields", fields)
                    }
                    object = next
                }
            }
            strategy.validate = { object in
                let errors =
                    schema.validate(object) + replicas(object, scale, of: \.specReplicas)
                    + replicas(object, scale, of: \.statusReplicas) + embedded(object, schema, .root)
                    + schema.duplicates(in: object)
                return errors + expressions(expressionRules, object, nil, after: errors)
            }
            strategy.validateUpdate = { object, old in
                var errors =
                    schema.validate(object, old: old) + replicas(object, scale, of: \.specReplicas)
                    + replicas(object, scale, of: \.statusReplicas) + embedded(object, schema, .root)
                // Repeated items that were there before are let be.
                if schema.duplicates(in: old).isEmpty { errors += schema.duplicates(in: object) }
                return errors + expressions(expressionRules, object, old, after: errors)
            }
            strategy.validateStatusUpdate = { object, old in
                guard let status = object["status"] else {
                    return expressions(expressionRules, object, old, after: [])
                }
                let rules = schema.property("status")
                var errors = rules?.validate(status, old: old["status"], path: "status") ?? []
                errors += replicas(object, scale, of: \.statusReplicas)
                if schema.duplicates(in: old).isEmpty { errors += schema.duplicates(in: object) }
                return errors + expressions(expressionRules, object, old, after: errors)
            }
            strategy.warnings = { object, old in
                let before = Set(old?.finalizers ?? [])
                return (deprecation.map { [$0] } ?? [])
                    + object.finalizers.filter { !before.contains($0) }.sorted(by: utf8Less)
                    .flatMap(finalizerWarnings)
            }
        }
    }

    /// The schema's rules, which are asked when nothing is wrong that they might stumble over.
    private static func expressions(
        _ rules: LazySchemaRules, _ object: JSON, _ old: JSON?, after errors: [FieldError]
    ) -> [FieldError] {
        guard let rules = rules.rules else { return [] }
        let blocking: Set<FieldError.Kind> = [.notSupported, .required, .tooLong, .tooMany, .typeInvalid]
        if errors.contains(where: { blocking.contains($0.kind) }) {
            return [
                .invalid(
                    FieldPath("<nil>"), .null,
                    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
                )
            ]
        }
        return rules.validate(object, old: old)
    }

    private static func finalizerWarnings(_ name: String) -> [String] {
        let quoted = JSONWriter.string(.string(name))
        var warnings = NameRules.qualifiedName(name).map { "metadata.finalizers: \(quoted): \($0)" }
        if !name.contains("/"), !["orphan", "foregroundDeletion", "kubernetes"].contains(name) {
            let path = name.contains(".") ? " including a path (/)" : ""
            warnings.append(
                "metadata.finalizers: \(quoted): prefer a domain-qualified finalizer name\(path) to avoid accidental conflicts with other finalizer writers"
            )
        }
        return warnings
    }

    /// The replicas that the scale subresource shows are counts.
    private static func replicas(
        _ object: JSON, _ scale: ScalePaths?, of path: KeyPath<ScalePaths, [String]>
    ) -> [FieldError] {
        guard let names = scale?[keyPath: path], let value = object.at(names) else { return [] }
        let text = names.map { "." + $0 }.joined()
        let field = FieldPath(text)
        guard let count = value.integer else {
            let found =
                switch value {
                case .string: "string"
                case .bool: "bool"
                case .double: "float64"
                case .array: "[]interface {}"
                case .object: "map[string]interface {}"
                default: "<nil>"
                }
            let shown = value.string ?? JSONWriter.string(value)
            return [
                .invalid(
                    field, 0, "\(text) accessor error: \(shown) is of the type \(found), expected int64")
            ]
        }
        if count < 0 { return [.invalid(field, value, "should be a non-negative integer")] }
        if count > Int64(Int32.max) {
            return [.invalid(field, value, "should be less than or equal to \(Int32.max)")]
        }
        return []
    }

    /// Objects inside the object are objects: with a kind, an apiVersion and sound metadata.
    private static func embedded(_ value: JSON, _ schema: StructuralSchema?, _ path: FieldPath)
        -> [FieldError]
    {
        guard let schema else { return [] }
        switch value {
        case .object(let object):
            var errors: [FieldError] = []
            if schema.isEmbeddedResource {
                for field in ["apiVersion", "kind"] where (value[field]?.string ?? "").isEmpty {
                    errors.append(.required(path.child(field), "must not be empty"))
                }
            }
            for (key, member) in object {
                guard let next = schema.member(key) else { continue }
                errors += embedded(member, next, path.child(key))
            }
            return errors
        case .array(let array):
            guard let items = schema.items else { return [] }
            return array.enumerated().flatMap { embedded($0.element, items, path.index($0.offset)) }
        default: return []
        }
    }
}
