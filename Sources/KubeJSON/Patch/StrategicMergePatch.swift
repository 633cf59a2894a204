/// Strategic merge patch: a merge patch that knows from the schema which lists are merged by a key, with
/// directives (`$patch`, `$retainKeys`, `$deleteFromPrimitiveList/x`, `$setElementOrder/x`).
///
/// Behaves as `k8s.io/apimachinery/pkg/util/strategicpatch` on the server's side, errors included. Where
/// the schema says nothing of a value's type (`any`, preserved unknown fields), what is there is replaced.
public enum StrategicMergePatch {
    /// The value with the patch merged in; both are objects of the type that the schema describes.
    ///
    /// - Throws: `malformed` or `unprocessable` for directives that are wrong in form, `failed` for what
    ///   kube-apiserver reports as an internal error.
    public static func apply(
        _ patch: JSON, to value: JSON, schema: Schema
    ) throws(PatchError) -> JSON {
        guard case .object(let changes) = patch else {
            throw PatchError(
                .malformed,
                "json: cannot unmarshal \(patch.typeName) into Go value of type map[string]interface {}")
        }
        return .object(try merge(changes, into: value.object ?? JSONObject(), schema))
    }

    private enum Directive {
        static let patch = "$patch"
        static let retainKeys = "$retainKeys"
        static let delete = "$deleteFromPrimitiveList"
        static let order = "$setElementOrder"
    }

    // MARK: - Maps

    private static func merge(
        _ patch: JSONObject, into original: JSONObject, _ schema: Schema?
    ) throws(PatchError) -> JSONObject {
        if let directive = patch[Directive.patch] {
            switch directive.string {
            case "replace":
                var replacement = patch
                replacement.removeValue(forKey: Directive.patch)
                return replacement
            case "delete": return JSONObject()
            default: throw unknownPatchType(directive, patch)
            }
        }
        var result = original
        var patch = patch
        try retainKeys(of: &result, &patch)
        try mergeOrdered(&patch, into: &result, schema)

        result.removeMembers(nullIn: patch)
        for change in patch.members {
            var key = change.key
            let isDeletion = key.hasPrefix(Directive.delete)
            if isDeletion {
                let target = try suffix(of: key, Directive.delete, PatchError.primitiveList)
                if !target.isEmpty { key = target }
            }
            if change.value.isNull {
                result.removeValue(forKey: key)
                continue
            }
            guard let position = result.position(of: key) else {
                if !isDeletion, let value = withoutDirectives(withoutNulls(change.value)) {
                    result.append(key, value)
                }
                continue
            }
            switch (result.members[position].value, change.value) {
            case (.object(let present), .object(let changes)):
                let field = try lookUp(key, in: schema)
                result.members[position].value = .null
                result.members[position].value = .object(
                    field.isTyped ? try merge(changes, into: present, field.schema) : changes)
            case (.array(let present), .array(let changes)):
                let field = try lookUpList(key, in: schema)
                result.members[position].value = .null
                result.members[position].value = .array(
                    try mergeList(changes, into: present, field, isDeletion: isDeletion))
            case (let present, let changed):
                // A deletion list for something else than a list changes nothing.
                if isDeletion, !present.isSameGoType(as: changed) { continue }
                let kept = present.isSameGoType(as: changed) ? changed : withoutNulls(changed)
                if let value = withoutDirectives(kept) {
                    result.members[position].value = value
                } else {
                    result.removeValue(forKey: key)
                }
            }
        }
        return result
    }

    private static func retainKeys(
        of original: inout JSONObject, _ patch: inout JSONObject
    ) throws(PatchError) {
        guard let directive = patch.removeValue(forKey: Directive.retainKeys) else { return }
        guard case .array(let items) = directive else { throw .retainKeys }
        let retained = Set(items.compactMap(\.string))
        for change in patch.members {
            if change.value.isNull || change.key.hasPrefix(Directive.delete)
                || change.key.hasPrefix(Directive.order)
            {
                continue
            }
            guard retained.contains(change.key) else { throw .retainKeys }
        }
        original.keep { (member: JSONObject.Member) in retained.contains(member.key) }
    }

    /// Merges the lists for which the patch gives an order, and takes them out of the patch.
    private static func mergeOrdered(
        _ patch: inout JSONObject, into original: inout JSONObject, _ schema: Schema?
    ) throws(PatchError) {
        guard patch.members.contains(where: { $0.key.hasPrefix(Directive.order) }) else { return }
        for directive in patch.members where directive.key.hasPrefix(Directive.order) {
            patch.removeValue(forKey: directive.key)
            guard case .array(let order) = directive.value else { throw .argument("array", directive.value) }
            let key = try suffix(of: directive.key, Directive.order, PatchError.elementOrder)
            let present = try list(original[key])
            let changes = try list(patch[key])
            let field = try lookUpList(key, in: schema)
            try ElementOrder.check(changes ?? [], against: order, field.mergeKey)

            let merged: [JSON]
            switch (present, changes) {
            case (let present?, let changes?):
                merged = try mergeList(changes, into: present, field, isDeletion: false)
            case (let present?, nil): merged = present
            case (nil, let changes?): merged = changes.compactMap(withoutDirectives)
            case (nil, nil): continue
            }
            let parts = try ElementOrder.partition(merged, by: order, field.mergeKey)
            let isMaps = try elementsAreMaps(present ?? [], changes ?? [])
            original[key] = .array(
                try ElementOrder.arrange(
                    patch: parts.listed, serverOnly: parts.others, patchOrder: order,
                    serverOrder: present ?? [], mergeKey: field.mergeKey, isMaps: isMaps))
            patch.removeValue(forKey: key)
        }
    }

    private static func list(_ value: JSON?) throws(PatchError) -> [JSON]? {
        guard let value else { return nil }
        guard case .array(let items) = value else { throw .argument("array", value) }
        return items
    }

    /// What follows the slash of a directive's key.
    private static func suffix(
        of key: String, _ prefix: String, _ error: PatchError
    ) throws(PatchError) -> String {
        let rest = key.utf8.dropFirst(prefix.utf8.count)
        guard rest.first == UInt8(ascii: "/"), let name = String(rest.dropFirst()) else { throw error }
        return name
    }

    // MARK: - Lists

    private static func mergeList(
        _ patch: [JSON], into original: [JSON], _ field: Field, isDeletion: Bool
    ) throws(PatchError) -> [JSON] {
        guard field.merges || isDeletion else { return patch }
        if original.isEmpty, patch.isEmpty { return original }
        let isMaps = try elementsAreMaps(original, patch)
        var original = original
        var patch = patch
        let merged: [JSON]
        if isMaps {
            guard !field.mergeKey.isEmpty else {
                throw PatchError(
                    .failed, "cannot merge lists without merge key for \(field.schema.goKind)")
            }
            try handleDirectives(of: &patch, on: &original, field.mergeKey)
            merged = try mergeElements(patch, into: original, field)
        } else if isDeletion {
            let unwanted = Set(patch)
            return original.filter { !unwanted.contains($0) }
        } else {
            var seen = Set<JSON>()
            merged = (original + patch).filter { seen.insert($0).inserted }
        }
        let parts = try ElementOrder.partition(merged, by: patch, field.mergeKey)
        return try ElementOrder.arrange(
            patch: parts.listed, serverOnly: parts.others, patchOrder: patch, serverOrder: original,
            mergeKey: field.mergeKey, isMaps: isMaps)
    }

    /// Does what elements with `$patch` ask for, and takes them out of the patch.
    private static func handleDirectives(
        of patch: inout [JSON], on original: inout [JSON], _ mergeKey: String
    ) throws(PatchError) {
        guard patch.contains(where: { $0[Directive.patch] != nil }) else { return }
        var plain: [JSON] = []
        var deleted = Set<JSON>()
        var replaces = false
        for item in patch {
            guard case .object(let object) = item, let directive = object[Directive.patch] else {
                plain.append(item)
                continue
            }
            switch directive.string {
            case "delete":
                guard let key = object[mergeKey] else { throw .noMergeKey(object, mergeKey) }
                deleted.insert(key)
            case "replace": replaces = true
            case "merge":
                throw PatchError(.failed, "merging lists cannot yet be specified in the patch")
            default: throw unknownPatchType(directive, object)
            }
        }
        if replaces {
            original = plain
            patch = []
            return
        }
        if !deleted.isEmpty {
            original.removeAll { item in item[mergeKey].map(deleted.contains) ?? false }
        }
        patch = plain
    }

    private static func mergeElements(
        _ patch: [JSON], into original: [JSON], _ field: Field
    ) throws(PatchError) -> [JSON] {
        var merged = original
        var positions: [JSON: Int] = [:]
        for (position, item) in merged.enumerated() {
            guard let key = item[field.mergeKey], positions[key] == nil else { continue }
            positions[key] = position
        }
        for item in patch {
            guard case .object(let changes) = item else { continue }
            guard let key = changes[field.mergeKey] else { throw .noMergeKey(changes, field.mergeKey) }
            if let position = positions[key], case .object(let present) = merged[position] {
                merged[position] = .object(try merge(changes, into: present, field.schema))
            } else {
                positions[key] = merged.count
                merged.append(item)
            }
        }
        return merged
    }

    /// Whether the elements of both lists are objects. All have to be of one type, and none a list.
    private static func elementsAreMaps(_ left: [JSON], _ right: [JSON]) throws(PatchError) -> Bool {
        guard let first = left.first ?? right.first else {
            throw PatchError(.failed, "no elements in any of the given slices")
        }
        if case .array = first {
            throw PatchError(.unprocessable, "lists of lists are not supported")
        }
        let alike = { (item: JSON) in !item.isNull && item.isSameGoType(as: first) }
        guard left.allSatisfy(alike), right.allSatisfy(alike) else {
            let both = JSON.array([.array(left), .array(right)]).goText
            throw PatchError(.failed, "list element types are not identical: \(both)")
        }
        if case .object = first { return true }
        return false
    }

    // MARK: - Schema

    private struct Field {
        var schema: Schema?
        var merges = false
        var mergeKey = ""
        /// Whether anything is known of the value.
        var isTyped: Bool { schema != nil }
    }

    private static func lookUp(_ key: String, in schema: Schema?) throws(PatchError) -> Field {
        guard let schema, schema.shape != .any else { return Field() }
        guard schema.shape == .structure else {
            throw PatchError(
                .failed,
                "merging an object in json but data type is not struct, instead is: \(schema.goKind)")
        }
        guard let field = schema.field(key) else {
            if schema.preservesUnknown { return Field() }
            let name = schema.name.split(separator: ".").last ?? ""
            throw PatchError(
                .failed, "unable to find api field in struct \(name) for the json field \"\(key)\"")
        }
        if field.schema.shape == .any { return Field() }
        return Field(
            schema: field.schema, merges: field.patchMerge, mergeKey: field.patchMergeKey ?? "")
    }

    private static func lookUpList(_ key: String, in schema: Schema?) throws(PatchError) -> Field {
        var field = try lookUp(key, in: schema)
        guard let type = field.schema else { return field }
        switch type.shape {
        case .list:
            if type.element?.shape == .list { throw PatchError(.failed, "unexpected slice of slice") }
            field.schema = type.element
        case .bytes: field.schema = nil
        default:
            throw PatchError(.failed, "expected slice or array type, but got: \(schema.goKind)")
        }
        return field
    }

    private static func unknownPatchType(_ directive: JSON, _ object: JSONObject) -> PatchError {
        let word = directive.string ?? (directive.isNull ? "%!s(<nil>)" : directive.goText)
        return PatchError(.failed, "unknown patch type: \(word) in map: \(JSON.object(object).goText)")
    }

    // MARK: - Values that are only in the patch

    /// The value without the null members of its objects, at any depth; null elements of lists stay.
    private static func withoutNulls(_ value: JSON) -> JSON {
        switch value {
        case .object(var object):
            object.keep { (member: JSONObject.Member) in !member.value.isNull }
            return .object(object.mapValues(withoutNulls))
        case .array(let items): return .array(items.map(withoutNulls))
        default: return value
        }
    }

    /// The value without the objects that are `$patch` directives; nil when it is one itself.
    private static func withoutDirectives(_ value: JSON) -> JSON? {
        switch value {
        case .object(let object):
            if object.contains(Directive.patch) { return nil }
            var kept = JSONObject()
            kept.reserveCapacity(object.count)
            for member in object.members {
                if let value = withoutDirectives(member.value) { kept.append(member.key, value) }
            }
            return .object(kept)
        case .array(let items): return .array(items.compactMap(withoutDirectives))
        default: return value
        }
    }
}

extension PatchError {
    fileprivate static let primitiveList = PatchError(.malformed, "invalid patch format of primitive list")
    fileprivate static let retainKeys = PatchError(.malformed, "invalid patch format of retainKeys")
    static let elementOrder = PatchError(.malformed, "invalid patch format of setElementOrder list")

    static func noMergeKey(_ object: JSONObject, _ key: String) -> PatchError {
        PatchError(
            .failed, "map: \(JSON.object(object).goText) does not contain declared merge key: \(key)")
    }

    /// `expected` is "array" or "object".
    static func argument(_ expected: String, _ actual: JSON) -> PatchError {
        let type = expected == "array" ? "[]interface {}" : "map[string]interface {}"
        return PatchError(.failed, "expected a \(type), but received a \(actual.goType)")
    }
}

extension JSON {
    /// Whether Go's decoder gives both values the same type.
    func isSameGoType(as other: JSON) -> Bool {
        switch (self, other) {
        case (.null, .null), (.bool, .bool), (.integer, .integer), (.double, .double), (.string, .string),
            (.array, .array), (.object, .object):
            true
        default: false
        }
    }
}

extension Schema? {
    /// The kind of Go type that stands behind the schema.
    fileprivate var goKind: String {
        switch self?.shape {
        case .structure, .intOrString, .quantity, .time: "struct"
        case .map: "map"
        case .list, .bytes: "slice"
        case .string: "string"
        case .integer: self?.format == "int64" ? "int64" : "int32"
        case .number: "float64"
        case .boolean: "bool"
        case .any, nil: "interface"
        }
    }
}

extension Schema { fileprivate var goKind: String { Schema?.some(self).goKind } }
