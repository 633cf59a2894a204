extension TypedValue {
    /// The value without the items of a set. A map or list of which nothing is left becomes null, as
    /// upstream leaves it: decoding the object afterwards drops it.
    public func removing(_ items: FieldSet) -> JSON {
        items.isEmpty ? value : Self.remove(value, items, schema)
    }

    /// Only the items of a set, each with what is below it.
    public func extracting(_ items: FieldSet) -> JSON { Self.extract(value, items, schema) }

    private static func remove(_ value: JSON, _ items: FieldSet, _ schema: Schema) -> JSON {
        switch (Handling(schema, value), value) {
        case (.map, .object(let object)):
            var members: [JSONObject.Member] = []
            members.reserveCapacity(object.count)
            for member in object.members {
                guard let node = items.node(schema.pathElement(member.key)) else {
                    members.append(member)
                    continue
                }
                if node.isMember { continue }
                members.append(
                    JSONObject.Member(
                        key: member.key,
                        value: remove(member.value, node.children, schema.child(member.key) ?? .any)))
            }
            return members.isEmpty ? .null : .object(JSONObject(distinct: members))
        case (.list, .array(let array)):
            var result: [JSON] = []
            result.reserveCapacity(array.count)
            for item in array {
                guard case .success(let element) = schema.itemElement(item), let node = items.node(element)
                else {
                    result.append(item)
                    continue
                }
                if !node.isMember { result.append(remove(item, node.children, schema.element ?? .any)) }
            }
            return result.isEmpty ? .null : .array(result)
        case (.leaf, _):
            // Upstream cannot take parts of an atomic value: asked to, it drops all of it.
            switch (schema.shape, value) {
            case (.structure, _), (.map, _), (.list, _), (.any, .object), (.any, .array): return .null
            default: return value
            }
        default: return .null
        }
    }

    private static func extract(_ value: JSON, _ items: FieldSet, _ schema: Schema) -> JSON {
        switch (Handling(schema, value), value) {
        case (.map, .object(let object)) where !object.isEmpty:
            var members: [JSONObject.Member] = []
            for member in object.members {
                guard let node = items.node(schema.pathElement(member.key)) else { continue }
                // A member is taken by the set of its own level, as upstream does.
                let below = node.isMember ? items : node.children
                members.append(
                    JSONObject.Member(
                        key: member.key, value: extract(member.value, below, schema.child(member.key) ?? .any)
                    ))
            }
            return members.isEmpty ? .null : .object(JSONObject(distinct: members))
        case (.list, .array(let array)) where !array.isEmpty:
            var result: [JSON] = []
            for item in array {
                guard case .success(let element) = schema.itemElement(item), let node = items.node(element)
                else {
                    continue
                }
                result.append(
                    node.children.isEmpty ? item : extract(item, node.children, schema.element ?? .any))
            }
            return result.isEmpty ? .null : .array(result)
        default: return value
        }
    }
}
