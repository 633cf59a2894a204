/// Why a value does not have the shape of its schema, in the words of structured-merge-diff.
public struct TypedValidationError: Error, Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public var path: String
        public let message: String
    }

    public var items: [Item]

    public var message: String {
        func line(_ item: Item) -> String {
            item.path.isEmpty ? item.message : "\(item.path): \(item.message)"
        }
        if items.count == 1 { return line(items[0]) }
        return (["errors:"] + items.map { "  " + line($0) }).joined(separator: "\n")
    }
}

extension TypedValue {
    /// Checks an applied configuration: only declared fields, each of its type, and every item of a
    /// set or list-map once and with a key.
    public func validate(allowsDuplicates: Bool = false) throws(TypedValidationError) {
        var walk = ValidationWalk(allowsDuplicates: allowsDuplicates)
        walk.visit(value, schema)
        if !walk.errors.isEmpty { throw TypedValidationError(items: walk.errors) }
    }
}

private struct ValidationWalk {
    let allowsDuplicates: Bool
    var errors: [TypedValidationError.Item] = []

    mutating func fail(_ message: String) {
        errors.append(TypedValidationError.Item(path: "", message: message))
    }

    /// Visits a child and puts its step before the paths of the errors found in it.
    mutating func visit(_ value: JSON, _ schema: Schema, below element: () -> PathElement) {
        let before = errors.count
        visit(value, schema)
        guard errors.count > before else { return }
        let prefix = element().description
        for position in before..<errors.count { errors[position].path = prefix + errors[position].path }
    }

    mutating func visit(_ value: JSON, _ schema: Schema) {
        if value.isNull { return }
        switch schema.shape {
        case .structure, .map:
            guard case .object(let object) = value else {
                return fail("expected map, got &{\(goText(value))}")
            }
            for member in object.members {
                guard let child = schema.child(member.key) else {
                    errors.append(
                        TypedValidationError.Item(
                            path: "." + member.key, message: "field not declared in schema"))
                    return
                }
                visit(member.value, child) { schema.pathElement(member.key) }
            }
        case .list:
            guard case .array(let items) = value else {
                return fail("expected list, got &{\(goText(value))}")
            }
            list(items, schema)
        case .integer, .number:
            if value.double == nil { fail("expected numeric (int or float), got \(goType(value))") }
        case .string, .bytes:
            if value.string == nil {
                fail("expected string, got &value.valueUnstructured{Value:\(goSyntax(value))}")
            }
        case .boolean:
            if value.bool == nil { fail("expected boolean, got &{\(goText(value))}") }
        case .intOrString, .quantity, .time:
            switch value {
            case .object, .array: fail("expected any scalar, got &{\(goText(value))}")
            default: break
            }
        case .any: break
        }
    }

    private mutating func list(_ items: [JSON], _ schema: Schema) {
        let child = schema.element ?? .any
        if schema.listType == .atomic {
            for (position, item) in items.enumerated() { visit(item, child) { .index(position) } }
            return
        }
        var seen: Set<PathElement> = []
        for (position, item) in items.enumerated() {
            switch schema.itemElement(item) {
            case .failure(let error):
                fail("element \(position): \(error.message)")
                return
            case .success(let element):
                if !seen.insert(element).inserted, !allowsDuplicates {
                    fail("duplicate entries for key \(element)")
                }
                visit(item, child) { element }
            }
        }
    }

    /// A value as Go's %v prints it.
    private func goText(_ value: JSON) -> String {
        switch value {
        case .null: "<nil>"
        case .string(let string): string
        case .array(let items): "[" + items.map(goText).joined(separator: " ") + "]"
        case .object(let object):
            "map[" + object.sortedKeys.map { "\($0):\(goText(object[$0] ?? .null))" }.joined(separator: " ")
                + "]"
        default: JSONWriter.string(value)
        }
    }

    private func goType(_ value: JSON) -> String {
        switch value {
        case .null: "<nil>"
        case .bool: "bool"
        case .integer: "int64"
        case .double: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }

    /// A value as Go's %#v prints it.
    private func goSyntax(_ value: JSON) -> String {
        switch value {
        case .null: "interface {}(nil)"
        case .string(let string): GoText.quoted(string)
        case .array(let items): "[]interface {}{" + items.map(goSyntax).joined(separator: ", ") + "}"
        case .object(let object):
            "map[string]interface {}{"
                + object.sortedKeys.map { "\(GoText.quoted($0)):\(goSyntax(object[$0] ?? .null))" }
                .joined(separator: ", ") + "}"
        default: JSONWriter.string(value)
        }
    }
}
