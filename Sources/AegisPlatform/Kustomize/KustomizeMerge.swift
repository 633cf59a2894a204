import KubeAPI
import KubeJSON

/// Strategic merge as kustomize does it. It differs from the API server's: what is new in a list comes
/// before what was there, `retainKeys` and `$setElementOrder` are unknown, and an object whose kind has no
/// schema has its lists replaced.
struct KustomizeMerge {
    /// The schema of a list's place in an object.
    private struct Place {
        var schema: Schema?
        /// How lists here are merged; nil where they are replaced. Empty keys mean a list of scalars.
        var keys: [String]?

        func field(_ name: String) -> Place {
            guard let schema else { return Place() }
            if schema.shape == .map { return Place(schema: schema.element) }
            guard let field = schema.field(name) else { return Place() }
            guard field.patchMerge else { return Place(schema: field.schema) }
            if case .map(let keys) = field.schema.listType { return Place(schema: field.schema, keys: keys) }
            return Place(schema: field.schema, keys: field.patchMergeKey.map { [$0] } ?? [])
        }

        var element: Place { Place(schema: schema?.element) }
    }

    /// Changes an object.
    /// - Returns: false when the patch deletes it.
    static func apply(_ patch: KustomizeNode, to object: KustomizeNode) throws(ManifestProblem) -> Bool {
        func kind(_ node: KustomizeNode) -> KustomizeKind? {
            guard let version = node.text(at: "apiVersion"), let kind = node.text(at: "kind") else {
                return nil
            }
            return KustomizeKind(apiVersion: version, kind: kind)
        }
        let schema = (kind(object) ?? kind(patch)).flatMap { kind in
            Catalogue.builtin.schema(
                for: GroupVersionKind(kind.group, kind.version, kind.kind))
        }
        let merged = try KustomizeMerge().merge(object, patch.copy(), Place(schema: schema))
        guard let merged else { return false }
        if merged !== object { object.become(merged) }
        return true
    }

    private enum Directive: String {
        case merge, replace, delete
    }

    /// - Returns: nil where nothing is left.
    private func merge(
        _ old: KustomizeNode?, _ patch: KustomizeNode?, _ place: Place
    ) throws(ManifestProblem) -> KustomizeNode? {
        let present = [old, patch].compactMap { $0 }.filter { !$0.isNull }
        guard let kind = present.first?.kind else {
            // Null stays where the patch says nothing of it.
            return patch == nil ? old : nil
        }
        if let other = present.first(where: { $0.kind != kind }) {
            throw ManifestProblem(
                file: other.file, line: other.line,
                message: "a patch cannot put \(other.kind.article) where \(kind.article) is")
        }
        switch kind {
        case .scalar: return patch ?? old
        case .mapping: return try mergeMaps(old, patch, place)
        case .sequence:
            guard let keys = place.keys else { return patch ?? old }
            return try mergeLists(old, patch, place, keys)
        }
    }

    private func mergeMaps(
        _ old: KustomizeNode?, _ patch: KustomizeNode?, _ place: Place
    ) throws(ManifestProblem) -> KustomizeNode? {
        if let patch, patch.isNull { return nil }
        let directive = try takeDirective(of: patch)
        guard let old, !old.isNull else {
            guard let patch, directive != .delete else { return nil }
            // What it says of deleting concerns nothing here, and goes.
            try mergeFields(of: patch, with: patch, place)
            return patch
        }
        switch directive {
        case .delete: return nil
        case .replace:
            if let patch { try mergeFields(of: patch, with: patch, place) }
            return patch
        case .merge:
            try mergeFields(of: old, with: patch, place)
            return old
        }
    }

    private func mergeFields(
        of node: KustomizeNode, with patch: KustomizeNode?, _ place: Place
    ) throws(ManifestProblem) {
        let names = Set(node.fields.map(\.key) + (patch?.fields.map(\.key) ?? [])).sorted(by: utf8Less)
        for name in names {
            let old = node[name]
            let merged = try merge(old, patch?[name], place.field(name))
            if let merged, merged === old { continue }
            node.set(name, merged)
        }
    }

    private func takeDirective(of patch: KustomizeNode?) throws(ManifestProblem) -> Directive {
        guard let patch, let node = patch["$patch"] else { return .merge }
        patch.remove("$patch")
        return try directive(node)
    }

    private func directive(_ node: KustomizeNode) throws(ManifestProblem) -> Directive {
        guard let directive = Directive(rawValue: node.text) else {
            throw ManifestProblem(
                file: node.file, line: node.line,
                message: "$patch must be merge, replace or delete, and is \"\(node.text)\"")
        }
        return directive
    }

    // MARK: Lists

    private func mergeLists(
        _ old: KustomizeNode?, _ patch: KustomizeNode?, _ place: Place, _ keys: [String]
    ) throws(ManifestProblem) -> KustomizeNode? {
        var list = old
        if list == nil || list?.isNull == true {
            list = patch
        } else if let patch {
            if patch.isNull { return nil }
            if let position = patch.items.firstIndex(where: { $0.fields.count == 1 && $0["$patch"] != nil }),
                let node = patch.items[position]["$patch"]
            {
                patch.items.remove(at: position)
                switch try directive(node) {
                case .delete: return nil
                case .replace: list = patch
                case .merge: break
                }
            }
        }
        guard let list else { return nil }
        return keys.isEmpty
            ? mergeScalars(list, patch) : try mergeElements(list, patch, place, keys)
    }

    private func mergeScalars(_ list: KustomizeNode, _ patch: KustomizeNode?) -> KustomizeNode? {
        var seen: Set<String> = []
        list.items = ((patch?.items ?? []) + list.items).filter { seen.insert($0.text).inserted }
        return list
    }

    private func mergeElements(
        _ list: KustomizeNode, _ patch: KustomizeNode?, _ place: Place, _ keys: [String]
    ) throws(ManifestProblem) -> KustomizeNode? {
        var identities: [[String]] = []
        for item in (patch?.items ?? []) + list.items {
            let identity = keys.map { item[$0].map { $0.isNullOrEmpty ? "" : $0.text } ?? "" }
            if !identities.contains(identity) { identities.append(identity) }
        }
        if identities.isEmpty { return list }
        if keys.count > 1 { Self.complete(&identities) }
        // Keys that no element has do not count.
        var used = keys.indices.filter { index in identities.contains { !$0[index].isEmpty } }
        if used.isEmpty { used = Array(keys.indices) }
        let usedKeys = used.map { keys[$0] }
        let result = KustomizeNode(.sequence)
        result.file = list.file
        result.line = list.line
        for identity in identities {
            let values = used.map { identity[$0] }
            let merged = try merge(
                Self.element(list, usedKeys, values),
                patch.flatMap { Self.element($0, usedKeys, values) }, place.element)
            guard let merged, !merged.isNullOrEmpty else {
                Self.put(nil, in: list, usedKeys, values)
                continue
            }
            for (key, value) in zip(usedKeys, values) where merged[key] == nil && !value.isEmpty {
                merged.set(key, KustomizeNode(text: value))
            }
            Self.put(merged, in: result, usedKeys, values)
        }
        for item in list.items { Self.append(item, to: result, usedKeys) }
        return result
    }

    /// An element that leaves a key out is the one that has all other keys alike.
    private static func complete(_ identities: inout [[String]]) {
        for left in identities.indices {
            for right in identities.indices {
                let pairs = zip(identities[left], identities[right])
                guard pairs.contains(where: { $0 == $1 }),
                    pairs.allSatisfy({ $0 == $1 || $0.isEmpty || $1.isEmpty })
                else { continue }
                let whole = pairs.map { $0.isEmpty ? $1 : $0 }
                identities[left] = whole
                identities[right] = whole
            }
        }
    }

    /// The element of a list; keys without a value do not count.
    private static func element(
        _ list: KustomizeNode, _ keys: [String], _ values: [String]
    ) -> KustomizeNode? {
        let given = zip(keys, values).filter { !$0.1.isEmpty }
        let pairs = given.isEmpty ? Array(zip(keys, values)) : given
        return list.items.first { item in
            pairs.allSatisfy { key, value in
                guard let field = item[key] else { return value.isEmpty }
                return value.isEmpty || field.text == value
            }
        }
    }

    /// Puts an element where its like is, or at the end; nil takes its like away.
    private static func put(
        _ element: KustomizeNode?, in list: KustomizeNode, _ keys: [String], _ values: [String]
    ) {
        var isFound = false
        var items: [KustomizeNode] = []
        for item in list.items where !item.isNullOrEmpty {
            let isLike =
                item.kind == .mapping
                && zip(keys, values).allSatisfy { key, value in
                    item[key].map { value.isEmpty || $0.text == value } ?? false
                }
            if !isLike {
                items.append(item)
            } else {
                isFound = true
                if let element { items.append(element) }
            }
        }
        if !isFound, let element { items.append(element) }
        list.items = items
    }

    private static func append(_ item: KustomizeNode, to list: KustomizeNode, _ keys: [String]) {
        var values: [String] = []
        var given: [String] = []
        for key in keys {
            guard let field = item[key] else { continue }
            given.append(key)
            values.append(field.text)
        }
        if given.isEmpty {
            if !list.items.contains(where: { $0 === item }) { list.items.append(item) }
            return
        }
        // With several keys kustomize moves what was there to the end.
        if keys.count > 1 { put(nil, in: list, given, values) }
        put(item, in: list, given, values)
    }
}

extension KustomizeNode.Kind {
    fileprivate var article: String {
        switch self {
        case .scalar: "a scalar"
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }
}
