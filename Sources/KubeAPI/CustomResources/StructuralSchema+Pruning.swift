import KubeJSON

extension StructuralSchema {
    /// The object without fields that the schema does not know.
    ///
    /// `unknown` receives the path of each field that was dropped, such as `spec.list[0].foo`.
    public func pruned(_ object: JSON, unknown: inout [String]) -> JSON {
        var pruner = Pruner()
        let result = pruner.prune(object, self, path: "", isResource: true) ?? object
        unknown += pruner.unknown
        return result
    }

    /// Whether a value that is no whole object has fields that would be dropped.
    func hasUnknownFields(_ value: JSON) -> Bool {
        var pruner = Pruner()
        return pruner.prune(value, self, path: "", isResource: isEmbeddedResource) != nil
    }

    private struct Pruner {
        var unknown: [String] = []

        /// The value without unknown fields; nil when it is the same.
        mutating func prune(_ value: JSON, _ schema: StructuralSchema?, path: String, isResource: Bool)
            -> JSON?
        {
            switch value {
            case .object(let object):
                let keeps = schema?.preservesUnknownFields ?? false
                var result: JSONObject?
                for (key, member) in object {
                    if isResource, resourceFields.contains(key) { continue }
                    let here = path.isEmpty ? key : "\(path).\(key)"
                    let next: StructuralSchema?
                    if let property = schema?.property(key) {
                        next = property
                    } else if schema?.allowsAdditionalProperties == true {
                        next = schema?.additionalProperties
                    } else {
                        if keeps { continue }
                        unknown.append(here)
                        var copy = result ?? object
                        copy.removeValue(forKey: key)
                        result = copy
                        continue
                    }
                    if next == nil, keeps { continue }
                    if let changed = prune(
                        member, next, path: here, isResource: next?.isEmbeddedResource ?? false)
                    {
                        var copy = result ?? object
                        copy[key] = changed
                        result = copy
                    }
                }
                return result.map { .object($0) }
            case .array(let array):
                // Nothing is said of the items where unknown fields are kept: so are theirs.
                if schema?.items == nil, schema?.preservesUnknownFields == true { return nil }
                var result: [JSON]?
                for (index, item) in array.enumerated() {
                    let schema = schema?.items
                    if let changed = prune(
                        item, schema, path: "\(path)[\(index)]",
                        isResource: schema?.isEmbeddedResource ?? false)
                    {
                        if result == nil { result = array }
                        result?[index] = changed
                    }
                }
                return result.map { .array($0) }
            default: return nil
            }
        }
    }

    /// The value with what the schema fills in, at every depth, and without nulls that may not be null: a
    /// null is replaced by the default where there is one.
    public func defaulted(_ value: JSON) -> JSON { filled(value, isRoot: true) ?? value }

    private func filled(_ value: JSON, isRoot: Bool = false) -> JSON? {
        switch value {
        case .object(let object):
            var result: JSONObject?
            for (key, member) in object {
                guard let schema = self.member(key) else { continue }
                if isRoot, Self.resourceFields.contains(key) { continue }
                if case .null = member, !schema.isNullable {
                    var copy = result ?? object
                    if let value = schema.defaultValue {
                        copy[key] = schema.filled(value) ?? value
                    } else {
                        copy.removeValue(forKey: key)
                    }
                    result = copy
                } else if let changed = schema.filled(member) {
                    var copy = result ?? object
                    copy[key] = changed
                    result = copy
                }
            }
            for (name, schema) in properties {
                guard let value = schema.defaultValue, !object.contains(name) else { continue }
                var copy = result ?? object
                copy[name] = schema.filled(value) ?? value
                result = copy
            }
            return result.map { .object($0) }
        case .array(let array):
            guard let items else { return nil }
            var result: [JSON]?
            for (index, item) in array.enumerated() {
                var changed: JSON?
                if case .null = item, !items.isNullable, let value = items.defaultValue {
                    changed = items.filled(value) ?? value
                } else {
                    changed = items.filled(item)
                }
                if let changed {
                    if result == nil { result = array }
                    result?[index] = changed
                }
            }
            return result.map { .array($0) }
        default: return nil
        }
    }

    /// The type tree that server-side apply works on. `isRoot` adds the fields that every object has.
    public func typeTree(isRoot: Bool = false) -> Schema {
        if isIntOrString { return Schema(.intOrString) }
        switch type {
        case "object": return objectTree(isRoot: isRoot)
        case "array":
            let element = items?.typeTree() ?? .any
            switch listType {
            case .set: return Schema(.list, element: element, listType: .set)
            case .map(let keys): return Schema(.list, element: element, listType: .map(keys: keys))
            default: return Schema(.list, element: element)
            }
        case "string": return Schema(.string)
        case "integer": return Schema(.integer, format: format)
        case "number": return Schema(.number)
        case "boolean": return Schema(.boolean)
        default: return isRoot ? objectTree(isRoot: true) : .any
        }
    }

    private func objectTree(isRoot: Bool) -> Schema {
        var fields: [Schema.Field] = []
        if isRoot || isEmbeddedResource {
            fields = [
                Schema.Field(name: "apiVersion", schema: Schema(.string)),
                Schema.Field(name: "kind", schema: Schema(.string)),
                Schema.Field(
                    name: "metadata",
                    schema: Catalogue.builtin.schema(named: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
                        ?? .any),
            ]
        }
        let given = fields.isEmpty ? [] : Self.resourceFields
        for (name, schema) in properties where !given.contains(name) {
            fields.append(
                Schema.Field(
                    name: name, schema: schema.typeTree(), presence: .pointer,
                    isRequired: values.required.contains(name), defaultValue: schema.defaultValue))
        }
        if fields.isEmpty {
            if allowsAdditionalProperties {
                return Schema(
                    .map, element: additionalProperties?.typeTree() ?? .any, isAtomic: isAtomicMap)
            }
            if preservesUnknownFields, !isAtomicMap { return .any }
        }
        return Schema(
            .structure, isAtomic: isAtomicMap, preservesUnknown: preservesUnknownFields, fields: fields)
    }
}
