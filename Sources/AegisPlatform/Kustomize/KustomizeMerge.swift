import KubeAPI
import KubeJSON

/// The strategic merge that kustomize does. It differs from the API server's (`StrategicMergePatch`): what a
/// patch says of a list comes first, ports are told apart by protocol too, empty values that stand for
/// nothing are dropped from all of the resource, and of the directives only `$patch` is known.
enum KustomizeMerge {
    private static let directiveKey = "$patch"

    /// The resource with the patch merged in; nil when the patch deletes it.
    static func apply(_ patch: YAMLNode, to resource: YAMLNode) throws(KustomizeFailure) -> YAMLNode? {
        try merge(resource, patch, Place(), path: "").value
    }

    /// What the schema says of a value: its type, and for a list by which keys it is merged.
    private struct Place {
        var schema: Schema?
        /// nil: a list is replaced as a whole. Empty: a list of scalars that is a set.
        var mergeKeys: [String]?

        init(schema: Schema? = nil, mergeKeys: [String]? = nil) {
            self.schema = schema
            self.mergeKeys = mergeKeys
        }

        func field(_ name: String) -> Place {
            guard let schema else { return Place() }
            guard let field = schema.field(name) else {
                return schema.shape.isMap ? Place(schema: schema.element) : Place()
            }
            guard field.patchMerge else { return Place(schema: field.schema) }
            if case .map(let keys) = field.schema.listType {
                return Place(schema: field.schema, mergeKeys: keys)
            }
            return Place(schema: field.schema, mergeKeys: field.patchMergeKey.map { [$0] } ?? [])
        }

        var element: Place { Place(schema: schema?.element) }
    }

    /// A merged value: nil when there is none any more. `isReplaced`: it is the patch's, whatever was there.
    private struct Merged {
        var value: YAMLNode?
        var isReplaced = false
    }

    private static func merge(
        _ present: YAMLNode?, _ patch: YAMLNode?, _ place: Place, path: String
    ) throws(KustomizeFailure) -> Merged {
        var place = place
        if place.schema == nil, place.mergeKeys == nil {
            place.schema = schema(of: present) ?? schema(of: patch)
        }
        let leading = present?.isNull == false ? present : patch?.isNull == false ? patch : nil
        switch leading {
        case .mapping?, nil:
            for value in [present, patch] {
                if let value, !value.isNull, value.mapping == nil { throw mismatch(path, "a mapping") }
            }
            return try mergeMappings(present, patch, place, path: path)
        case .sequence?:
            for value in [present, patch] {
                if let value, !value.isNull, value.sequence == nil { throw mismatch(path, "a list") }
            }
            guard let keys = place.mergeKeys else { return Merged(value: patch ?? present) }
            return try mergeLists(present, patch, keys, place, path: path)
        case .scalar?:
            for value in [present, patch] {
                if let value, value.text == nil { throw mismatch(path, "a scalar") }
            }
            return Merged(value: patch ?? present)
        }
    }

    private static func schema(of value: YAMLNode?) -> Schema? {
        guard let kind = value?["kind"]?.text, let apiVersion = value?["apiVersion"]?.text else { return nil }
        let id = KindID(apiVersion: apiVersion, kind: kind)
        return Catalogue.builtin.schema(for: GroupVersionKind(id.group, id.version, id.kind))
    }

    private static func mismatch(_ path: String, _ expected: String) -> KustomizeFailure {
        KustomizeFailure("\(path.isEmpty ? "the patch" : path): expected \(expected) on both sides")
    }

    private enum Directive { case merge, replace, delete }

    /// What `$patch` says, and the value without it.
    private static func directive(
        of patch: YAMLNode?
    ) throws(KustomizeFailure) -> (directive: Directive, rest: YAMLNode?) {
        let word: String
        let rest: YAMLNode
        switch patch {
        case .mapping(var mapping)?:
            guard let text = mapping[directiveKey]?.text else { return (.merge, patch) }
            mapping[directiveKey] = nil
            (word, rest) = (text, .mapping(mapping))
        case .sequence(var items)?:
            let position = items.firstIndex {
                $0.mapping?.members.count == 1 && $0[directiveKey] != nil
            }
            guard let position, let text = items[position][directiveKey]?.text else { return (.merge, patch) }
            items.remove(at: position)
            (word, rest) = (text, .sequence(items))
        default: return (.merge, patch)
        }
        switch word {
        case "merge": return (.merge, rest)
        case "replace": return (.replace, rest)
        case "delete": return (.delete, rest)
        default: throw KustomizeFailure("unknown patch strategy '\(word)'")
        }
    }

    // MARK: - Mappings

    private static func mergeMappings(
        _ present: YAMLNode?, _ given: YAMLNode?, _ place: Place, path: String
    ) throws(KustomizeFailure) -> Merged {
        let (directive, patch) = try directive(of: given)
        var result: YAMLNode
        var isReplaced = false
        if present?.isNull != false {
            if directive == .delete { return Merged() }
            // A null that is written out stays, an empty field does not.
            if patch == nil, let text = present?.text { return Merged(value: text.isEmpty ? nil : present) }
            guard let patch, !patch.isNull else { return Merged() }
            result = patch
        } else {
            if patch?.isNull == true { return Merged() }
            switch directive {
            case .delete: return Merged()
            case .replace:
                guard let patch else { return Merged() }
                result = patch
                isReplaced = true
            case .merge:
                guard let present else { return Merged() }
                result = present
                result[directiveKey] = nil
            }
        }
        guard var mapping = result.mapping else { return Merged(value: result) }
        let changes = patch?.mapping ?? YAMLMapping()
        for key in Set(mapping.keys + changes.keys).sorted(by: utf8Less) {
            let value = try merge(
                mapping[key], changes[key], place.field(key), path: path.isEmpty ? key : "\(path).\(key)")
            // An explicit null of the resource survives; one of the patch deletes.
            let isKept = changes[key] == nil
            mapping[key] = value.value.flatMap { $0.isNull && !isKept ? nil : $0 }
        }
        return Merged(value: .mapping(mapping), isReplaced: isReplaced)
    }

    // MARK: - Lists that are merged

    private static func mergeLists(
        _ present: YAMLNode?, _ given: YAMLNode?, _ keys: [String], _ place: Place, path: String
    ) throws(KustomizeFailure) -> Merged {
        var existing: [YAMLNode]
        var patch = given
        if present?.isNull != false {
            // As upstream: a directive in what is only added stays part of it until elements are merged.
            guard let items = given?.sequence else { return Merged() }
            existing = items
        } else {
            if given?.isNull == true { return Merged() }
            let found = try directive(of: given)
            patch = found.rest
            switch found.directive {
            case .delete: return Merged()
            case .replace: existing = found.rest?.sequence ?? []
            case .merge: existing = present?.sequence ?? []
            }
        }
        let changes = patch?.sequence
        let merged =
            keys.isEmpty
            ? scalars(existing, changes ?? [])
            : try elements(&existing, changes, keys, place.element, path: path)
        return Merged(value: .sequence(merged))
    }

    private static func scalars(_ existing: [YAMLNode], _ changes: [YAMLNode]) -> [YAMLNode] {
        var seen: Set<String> = []
        return (changes + existing).filter { seen.insert($0.text ?? "").inserted }
    }

    private static func elements(
        _ existing: inout [YAMLNode], _ changes: [YAMLNode]?, _ keys: [String], _ place: Place, path: String
    ) throws(KustomizeFailure) -> [YAMLNode] {
        var identities: [[String]] = []
        for item in (changes ?? []) + existing {
            let values = keys.map { item[$0]?.text ?? "" }
            if !identities.contains(values) { identities.append(values) }
        }
        if keys.count > 1 { unify(&identities) }
        var added: [YAMLNode] = []
        var usedKeys = keys
        for identity in identities {
            // Keys that no element has do not count.
            let used = keys.indices.filter { key in identities.contains { !$0[key].isEmpty } }
            usedKeys = used.isEmpty ? keys : used.map { keys[$0] }
            let values = used.isEmpty ? identity : used.map { identity[$0] }
            let match = Match(keys: usedKeys, values: values)
            // An element is looked for by the keys that it has.
            let given = match.given
            let position = existing.firstIndex(where: given.matches)
            let value = try merge(
                position.map { existing[$0] }, changes?.first(where: given.matches), place,
                path: "\(path)[\(values.joined(separator: ","))]")
            guard var element = value.value, !element.isNull, element.mapping?.isEmpty != true else {
                existing = match.setting(nil, in: existing)
                continue
            }
            for (key, text) in zip(usedKeys, values) where element[key] == nil && !text.isEmpty {
                element[key] = .plain(text)
            }
            if let position, !value.isReplaced { existing[position] = element }
            added = match.setting(element, in: added)
        }
        for item in existing {
            let values = usedKeys.compactMap { item[$0].flatMap { $0.isNull ? nil : $0.text } }
            let match = Match(keys: usedKeys, values: values)
            if values.count < usedKeys.count {
                added.append(item)
                if values.isEmpty { continue }
            }
            if usedKeys.count > 1 { added = match.setting(nil, in: added) }
            added = match.setting(item, in: added)
        }
        return added
    }

    /// Elements that leave out a key are those that agree in the keys that both have.
    private static func unify(_ identities: inout [[String]]) {
        for first in identities.indices {
            for second in identities.indices {
                let (a, b) = (identities[first], identities[second])
                var both: [String] = []
                var haveOneInCommon = false
                var disagree = false
                for (left, right) in zip(a, b) {
                    if left == right { haveOneInCommon = true }
                    if left != right, !left.isEmpty, !right.isEmpty { disagree = true }
                    both.append(left.isEmpty ? right : left)
                }
                guard haveOneInCommon, !disagree else { continue }
                identities[first] = both
                identities[second] = both
            }
        }
    }

    /// Elements of a list by the texts of their keys; keys beyond the values count as equal.
    private struct Match {
        let keys: [String]
        let values: [String]

        func matches(_ item: YAMLNode) -> Bool {
            zip(keys, values).allSatisfy { key, value in
                guard let field = item[key], !field.isNull || value.isEmpty else { return false }
                return value.isEmpty || field.text == value
            }
        }

        /// The same without the keys that have no value.
        var given: Match {
            let used = values.indices.filter { !values[$0].isEmpty && $0 < keys.count }
            return used.isEmpty ? self : Match(keys: used.map { keys[$0] }, values: used.map { values[$0] })
        }

        /// The list with the matching elements replaced, or the new one appended; nil takes them out.
        func setting(_ element: YAMLNode?, in items: [YAMLNode]) -> [YAMLNode] {
            var result: [YAMLNode] = []
            var isFound = false
            for item in items where !item.isNull && item.mapping?.isEmpty != true {
                guard item.mapping != nil, matches(item) else {
                    result.append(item)
                    continue
                }
                isFound = true
                if let element { result.append(element) }
            }
            if !isFound, let element { result.append(element) }
            return result
        }
    }
}

extension Schema.Shape {
    fileprivate var isMap: Bool { if case .map = self { true } else { false } }
}
