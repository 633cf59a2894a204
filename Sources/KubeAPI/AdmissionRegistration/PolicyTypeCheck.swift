import KubeCEL
import KubeJSON

/// What the types of the resources that a policy is about say of its expressions: warnings, because an
/// expression may be right for one of them only (pkg/admission/plugin/policy/validating/typechecking.go).
public struct PolicyTypeCheck {
    /// Upstream's limit for one rule.
    private static let maximumTypes = 10

    private let policy: JSON
    private let resources: ResourceCatalogue

    /// - Parameter resources: those that are served.
    public init(_ policy: JSON, _ resources: ResourceCatalogue) {
        self.policy = policy
        self.resources = resources
    }

    /// What is wrong and where, such as `spec.validations[0].expression`.
    public func warnings() -> [(fieldRef: String, warning: String)] {
        var warnings: [(fieldRef: String, warning: String)] = []
        let kinds = kinds()
        for (index, validation) in (policy["spec"] ?? [:]).items("validations").enumerated() {
            for key in ["expression", "messageExpression"] {
                let text = validation.text(key)
                if text.isEmpty { continue }
                let found = kinds.compactMap { issue(text, $0) }
                if found.isEmpty { continue }
                warnings.append(("spec.validations[\(index)].\(key)", found.joined(separator: "\n")))
            }
        }
        return warnings
    }

    /// The kinds that the rules name; what is named by a wildcard is not looked at.
    private func kinds() -> [ResourceInfo] {
        var found: [String: ResourceInfo] = [:]
        let match = (policy["spec"] ?? [:])["matchConstraints"] ?? [:]
        for rule in match.items("resourceRules") {
            func names(_ key: String) -> [String] {
                let names = rule.texts(key)
                return names.contains("*") ? [] : names.sorted(by: utf8Less)
            }
            var count = 0
            for group in names("apiGroups") {
                for version in names("apiVersions") {
                    for plural in names("resources") where !plural.contains("/") && !plural.contains("*") {
                        guard count < Self.maximumTypes,
                            let info = resources.resource(group: group, version: version, plural: plural)
                        else { continue }
                        found[Self.shown(info)] = info
                        count += 1
                    }
                }
            }
        }
        return found.sorted { utf8Less($0.key, $1.key) }.map(\.value)
    }

    private static func shown(_ info: ResourceInfo) -> String { "\(info.apiVersion), Kind=\(info.kind)" }

    private func issue(_ text: String, _ info: ResourceInfo) -> String? {
        guard let object = SchemaShape.shape(of: info) else { return nil }
        let spec = policy["spec"] ?? [:]
        let hasParams = spec["paramKind"].map { !$0.isNull } ?? false
        var environment = PolicyScope.environment(
            hasParams: hasParams, hasAuthorizer: true, isMutating: false)
        environment.declare("object", object.type)
        environment.declare("oldObject", object.type)
        environment.declare("variables", .object(ObjectType("kubernetes.variables", [])))
        for variable in spec.items("variables") {
            let name = "variables." + variable.text("name")
            do {
                environment.declare(
                    name, computedBy: try Program(variable.text("expression").trimmed, in: environment))
            } catch {
                environment.declare(name, .dyn)
            }
        }
        do {
            _ = try Program(text.trimmed, in: environment)
            return nil
        } catch {
            return "\(Self.shown(info)): compilation failed: \(error.description)\n"
        }
    }
}

/// What expressions see of the objects of a resource.
enum SchemaShape {
    static func shape(of info: ResourceInfo) -> Shape? {
        if let custom = info.custom {
            return DeclaredType.make(custom.structural.document, name: info.kind, isResource: true)?.shape
        }
        var open: [ObjectIdentifier] = []
        return shape(info.schema, info.kind, &open)
    }

    private static func shape(
        _ schema: Schema, _ name: String, _ open: inout [ObjectIdentifier]
    ) -> Shape {
        switch schema.shape {
        case .structure:
            // Types that hold themselves are left open where they begin again.
            if open.contains(ObjectIdentifier(schema)) || schema.preservesUnknown { return .dyn }
            open.append(ObjectIdentifier(schema))
            defer { open.removeLast() }
            var fields: [String: ObjectType.Field] = [:]
            for field in schema.fields {
                guard let escaped = FieldName.escape(field.name) else { continue }
                let inner = shape(field.schema, name + "." + field.name, &open)
                fields[escaped] = ObjectType.Field(key: field.name, shape: inner)
            }
            return .object(ObjectType(name: name, fields: fields))
        case .map: return .map(schema.element.map { shape($0, name + ".@elem", &open) } ?? .dyn)
        case .list: return .list(schema.element.map { shape($0, name + ".@idx", &open) } ?? .dyn)
        case .string, .quantity: return .string
        case .integer: return .int
        case .number: return .double
        case .boolean: return .bool
        case .time: return .timestamp
        case .bytes: return .bytes
        case .intOrString, .any: return .dyn
        }
    }
}
