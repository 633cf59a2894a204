import KubeAPI
import KubeCEL
import KubeJSON

/// MutatingAdmissionPolicies (k8s.io/apiserver/pkg/admission/plugin/policy/mutating): each mutation sees what
/// those before it made of the object.
struct MutatingPolicyAdmission: AdmissionPlugin {
    private struct Invocation {
        let policy: CompiledAdmissionPolicy
        let binding: JSON
        let params: JSON?
        let matched: ResourceInfo

        var id: String {
            "\(policy.policy.name)/\(binding.name)/\(params?.namespace ?? "")/\(params?.name ?? "")"
        }
    }

    private struct Problem: Error {
        let policy: String
        let binding: String?
        let message: String

        var shown: String {
            guard let binding else { return "policy \"\(policy)\" denied request: \(message)" }
            return "policy '\(policy)' with binding '\(binding)' denied request: \(message)"
        }
    }

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard registry.hasOwnRules.load(ordering: .relaxed) else { return }
        let entries = registry.mutatingPolicies.entries(in: registry.store)
        if entries.isEmpty || attributes.isPolicyItself || attributes.operation == .delete { return }
        var problems: [Problem] = []
        let matcher = PolicyMatcher(registry: registry, attributes: attributes, object: object)
        var invocations: [Invocation] = []
        for entry in entries {
            try registry.waitForParameters(entry.policy.policy, attributes)
            collect(entry, matcher, &invocations, &problems)
        }
        let notes = attributes.notes
        let isAgain = notes.isReinvocation
        if isAgain { notes.policies { [object] in $0.notice(object) } }
        defer { notes.policies { [object] in $0.output = object } }
        for invocation in invocations {
            if isAgain, !notes.policies({ $0.again.contains(invocation.id) }) { continue }
            let before = object
            try run(invocation, &object, attributes, registry, &problems)
            if object != before { notes.requireReinvocationByPolicy() }
            if invocation.policy.policy["spec"]?["reinvocationPolicy"]?.string == "IfNeeded" {
                notes.policies { _ = $0.previous.insert(invocation.id) }
            }
        }
        if let first = problems.first {
            var status = APIStatus.forbidden(attributes.resource.groupResource, attributes.name, "")
            status.message = first.shown
            status.reason = "Invalid"
            for problem in problems { status.addCause(problem.shown) }
            throw status
        }
    }

    private func collect(
        _ entry: PolicyCache.Entry, _ matcher: PolicyMatcher, _ invocations: inout [Invocation],
        _ problems: inout [Problem]
    ) {
        let policy = entry.policy.policy
        let ignoresErrors = policy["spec"]?["failurePolicy"]?.string == "Ignore"
        guard let matched = matcher.match(policy["spec"]?["matchConstraints"]) else { return }
        if let kind = policy["spec"]?["paramKind"], !kind.isNull,
            matcher.registry.parameterResource(kind) == nil
        {
            let shown = "\(kind["apiVersion"]?.string ?? ""), Kind=\(kind["kind"]?.string ?? "")"
            if ignoresErrors { return }
            problems.append(
                Problem(
                    policy: policy.name, binding: nil,
                    message:
                        "failed to configure policy: failed to find resource referenced by paramKind: '\(shown)'"
                ))
            return
        }
        for binding in entry.bindings where matcher.match(binding["spec"]?["matchResources"]) != nil {
            do {
                let namespace = matcher.attributes.namespace
                for params in try matcher.registry.parameters(policy, binding, namespace: namespace) {
                    invocations.append(
                        Invocation(policy: entry.policy, binding: binding, params: params, matched: matched))
                }
            } catch {
                if ignoresErrors { continue }
                problems.append(
                    Problem(
                        policy: policy.name, binding: binding.name,
                        message: "failed to configure binding: \(error.message)"))
            }
        }
    }

    private func run(
        _ invocation: Invocation, _ object: inout JSON, _ attributes: AdmissionAttributes,
        _ registry: Registry, _ problems: inout [Problem]
    ) throws(APIStatus) {
        let resource = invocation.matched
        let (converted, shown) = try registry.converted(object, attributes, to: resource)
        var current = converted ?? object
        let context = PolicyContext(shown, as: resource, in: registry)
        let isOther = resource.groupVersionKind != attributes.resource.groupVersionKind
        do throws(PolicyConfigurationError) {
            var matching = PolicyEvaluation(
                invocation.policy, context, object: current, params: invocation.params)
            guard try matching.matches() else { return }
            for mutation in invocation.policy.mutations {
                // Variables are computed anew from what the mutation before made.
                var evaluation = PolicyEvaluation(
                    invocation.policy, context, object: current, params: invocation.params)
                let value: Value
                switch try evaluation.run(mutation.expression) {
                case .success(let result): value = result
                case .failure(let problem): throw problem
                }
                let changed =
                    mutation.isJSONPatch
                    ? try PolicyPatch.apply(patch: value, to: current)
                    : try PolicyPatch.merge(value, into: current, schema: resource.schema)
                current = registry.normalized(changed, resource)
            }
        } catch {
            if invocation.policy.policy["spec"]?["failurePolicy"]?.string == "Ignore" { return }
            problems.append(
                Problem(
                    policy: invocation.policy.policy.name, binding: invocation.binding.name,
                    message: error.message))
            return
        }
        object =
            isOther ? try registry.converted(current, shown, to: attributes.resource).0 ?? object : current
    }
}

/// What the values of mutations do to an object.
enum PolicyPatch {
    /// Server-side apply's merge, which may not replace what is atomic.
    static func merge(
        _ value: Value, into object: JSON, schema: Schema
    ) throws(PolicyConfigurationError) -> JSON {
        guard case .message(let name, _) = value else {
            throw PolicyConfigurationError(
                message: "unsupported return type from ApplyConfiguration expression: \(value.typeName)")
        }
        try checkNames(value, expected: name)
        var patch = try json(value)
        patch["apiVersion"] = object["apiVersion"]
        patch["kind"] = object["kind"]
        let typed = TypedValue(patch, schema)
        do { try typed.validate() } catch {
            throw PolicyConfigurationError(
                message:
                    "error applying patch: failed to convert patch object to typed object: \(error)")
        }
        var atomics: [String] = []
        findAtomics(patch, schema, "", &atomics)
        if !atomics.isEmpty {
            throw PolicyConfigurationError(
                message:
                    "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: \(atomics.joined(separator: ", "))"
            )
        }
        return TypedValue(object, schema).merging(patch)
    }

    private static func json(_ value: Value) throws(PolicyConfigurationError) -> JSON {
        do { return try value.json() } catch { throw PolicyConfigurationError(message: error.message) }
    }

    /// `Object.spec.template{}` may only stand at `spec.template`.
    private static func checkNames(_ value: Value, expected: String) throws(PolicyConfigurationError) {
        guard let (name, fields) = value.messageFields else {
            for item in value.listValues { try checkNames(item, expected: expected) }
            return
        }
        if name != expected {
            throw PolicyConfigurationError(
                message:
                    "type mismatch: unexpected type name \"\(name)\", expected \"\(expected)\", which matches field name path from root Object type"
            )
        }
        for (field, inner) in fields { try checkNames(inner, expected: "\(expected).\(field)") }
    }

    private static func findAtomics(_ value: JSON, _ schema: Schema, _ path: String, _ found: inout [String])
    {
        switch value {
        case .object(let object):
            if schema.isAtomic, schema.shape == .structure || schema.shape == .map { found.append(path) }
            for (key, member) in object {
                guard let field = schema.fields.first(where: { $0.name == key })?.schema else { continue }
                findAtomics(member, field, path + "." + key, &found)
            }
        case .array(let array):
            guard schema.shape == .list, let element = schema.element else { return }
            if schema.listType == .atomic { found.append(path) }
            for (index, item) in array.enumerated() {
                findAtomics(item, element, "\(path)[\(index)]", &found)
            }
        default: break
        }
    }

    static func apply(patch value: Value, to object: JSON) throws(PolicyConfigurationError) -> JSON {
        guard case .list = value else {
            throw PolicyConfigurationError(
                message: "type mismatch: JSONPatchType.expression should evaluate to array")
        }
        for item in value.listValues {
            if let fields = item.messageFields?.fields,
                let inner = fields.first(where: { $0.0 == "value" })?.1,
                let name = inner.messageFields?.name
            {
                try checkNames(inner, expected: name)
            }
        }
        let operations = try json(value)
        do {
            return try JSONPatch.parse(operations).apply(to: object)
        } catch {
            // A test that fails means: not this one.
            if "\(error)".contains("test failed") || "\(error)".contains("testing value") { return object }
            throw PolicyConfigurationError(message: "JSON Patch: \(error)")
        }
    }
}

extension Registry {
    /// An object that a policy changed, with what the schema does not know dropped and defaults filled in.
    func normalized(_ object: JSON, _ resource: ResourceInfo) -> JSON {
        var result = object
        if resource.isCustom {
            if let custom = resource.custom, let decoded = try? custom.decode(object) { result = decoded.0 }
        } else if let decoded = try? ObjectDecoder.decode(object, as: resource.schema).0 {
            result = decoded
        }
        strategy(for: resource).setDefaults(&result)
        return result
    }
}
