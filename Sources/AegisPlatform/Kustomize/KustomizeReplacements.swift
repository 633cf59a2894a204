import KubeCEL
import KubeJSON

/// Copies values from a field of one object to fields of others.
struct KustomizeReplacements {
    let objects: [KustomizeObject]

    func apply(_ entry: Located<Kustomization.Replacement>) throws(ManifestProblem) {
        let replacement = entry.value
        let value: KustomizeNode
        if let text = replacement.value {
            value = KustomizeNode(text: text)
        } else {
            value = try source(entry)
        }
        for target in replacement.targets { try write(value, target, entry) }
    }

    private func source(_ entry: Located<Kustomization.Replacement>) throws(ManifestProblem) -> KustomizeNode
    {
        let replacement = entry.value
        guard let selector = replacement.source else { return KustomizeNode(.scalar) }
        let found = objects.filter { object in
            object.allIDs.contains { id in
                (selector.name.isEmpty || selector.name == id.name)
                    && (selector.namespace.isEmpty || id.effectiveNamespace == selector.namespace)
                    && (selector.kind.group.isEmpty || selector.kind.group == id.kind.group)
                    && (selector.kind.version.isEmpty || selector.kind.version == id.kind.version)
                    && (selector.kind.kind.isEmpty || selector.kind.kind == id.kind.kind)
            }
        }
        guard let object = found.first else {
            throw entry.problem("the source of the replacement is not there")
        }
        guard found.count == 1 else {
            throw entry.problem(
                "the source of the replacement can be \(found.map(\.id.text).joined(separator: ", "))")
        }
        var node: KustomizeNode? = object.node
        for step in KustomizePath.steps(replacement.fieldPath) { node = node?.child(step) }
        guard let node, !node.isNullOrEmpty else {
            throw entry.problem("\(object.kind.kind) \(object.name) has no field \(replacement.fieldPath)")
        }
        let options = replacement.sourceOptions
        guard !options.delimiter.isEmpty else { return node }
        guard node.kind == .scalar else { throw entry.problem("a delimiter splits texts only") }
        let parts = KustomizePath.split(node.text, options.delimiter)
        guard parts.indices.contains(options.index) else {
            throw entry.problem("index \(options.index): \"\(node.text)\" has \(parts.count) parts")
        }
        let part = node.copy()
        part.text = parts[options.index]
        return part
    }

    private func write(
        _ value: KustomizeNode, _ target: Kustomization.ReplacementTarget,
        _ entry: Located<Kustomization.Replacement>
    ) throws(ManifestProblem) {
        let select: KustomizeSelector
        var rejects: [KustomizeSelector] = []
        do throws(KustomizeValueError) {
            select = try KustomizeSelector(target.select)
            for reject in target.reject { rejects.append(try KustomizeSelector(reject)) }
        } catch {
            throw entry.problem(error.message)
        }
        for object in objects {
            let ids = object.allIDs
            guard select.matchesSelectors(object), ids.contains(where: { select.matches($0) }) else {
                continue
            }
            let isRejected = rejects.contains { reject in
                reject.hasSelectors && reject.matchesSelectors(object)
                    || reject.hasIdentity && ids.contains { reject.matches($0) }
            }
            if isRejected { continue }
            for path in target.fieldPaths {
                var places: [KustomizeNode] = []
                do {
                    places = try KustomizePath.places(
                        in: object.node, KustomizePath.steps(path)[...],
                        creating: target.options.creates ? value.kind : nil)
                } catch {
                    throw entry.problem("\(object.kind.kind) \(object.name): \(path): \(error.message)")
                }
                guard !places.isEmpty else {
                    throw entry.problem("\(object.kind.kind) \(object.name) has no field \(path)")
                }
                for place in places { try set(place, value, target.options, entry) }
            }
        }
    }

    private func set(
        _ place: KustomizeNode, _ value: KustomizeNode, _ options: Kustomization.FieldOptions,
        _ entry: Located<Kustomization.Replacement>
    ) throws(ManifestProblem) {
        let value = value.copy()
        if !options.delimiter.isEmpty {
            guard place.kind == .scalar else { throw entry.problem("a delimiter splits texts only") }
            var parts = KustomizePath.split(place.text, options.delimiter)
            if options.index < 0 {
                parts.insert(value.text, at: 0)
            } else if options.index >= parts.count {
                parts.append(value.text)
            } else {
                parts[options.index] = value.text
            }
            value.text = parts.joined(separator: options.delimiter)
        }
        if place.kind == .scalar {
            // What it is stays: a number in the place of a text becomes a text.
            place.text = value.text
        } else {
            place.become(value)
        }
    }
}

/// Paths of fields in replacements: keys separated by dots, `[key=value]` for an element of a list, `*` for
/// all of them, numbers for their places.
enum KustomizePath {
    static func steps(_ path: String) -> [String] {
        let parts = FieldSpec.split(path, ".")
        var steps: [String] = []
        var index = 0
        while index < parts.count {
            var step = parts[index]
            index += 1
            if step.hasPrefix("["), !step.hasSuffix("]") {
                while index < parts.count {
                    step += "." + parts[index]
                    index += 1
                    if step.hasSuffix("]") { break }
                }
                if !step.contains("=") { step = step.filter { $0 != "[" && $0 != "]" } }
            }
            steps.append(step)
        }
        return steps
    }

    static func split(_ text: String, _ delimiter: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(text)
        while let range = rest.range(of: delimiter) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }

    /// The parts of `[key=value]`.
    static func element(_ step: String) -> (key: String, value: String)? {
        guard step.hasPrefix("["), step.hasSuffix("]") else { return nil }
        let inside = step.dropFirst().dropLast()
        guard let sign = inside.firstIndex(of: "=") else { return nil }
        return (String(inside[..<sign]), String(inside[inside.index(after: sign)...]))
    }

    /// Every place that a path leads to, made where it is not there.
    /// - Parameter creating: what is made at the end of the path; nil makes nothing.
    static func places(
        in node: KustomizeNode, _ steps: ArraySlice<String>, creating: KustomizeNode.Kind?
    ) throws(KustomizeValueError) -> [KustomizeNode] {
        guard let step = steps.first else { return [node] }
        let rest = steps.dropFirst()
        if let index = Int(step), index >= 0 { return try indexed(in: node, index, rest, creating) }
        if let pair = element(step) { return try elements(in: node, pair, steps, creating) }
        if step == "*" {
            guard node.kind == .sequence else {
                throw KustomizeValueError(message: "* stands for elements of lists")
            }
            var places: [KustomizeNode] = []
            for item in node.items { places += try Self.places(in: item, rest, creating: creating) }
            return places
        }
        guard node.kind == .mapping else {
            throw KustomizeValueError(message: "there is no map for the key \(step)")
        }
        if let child = node[step] {
            if child.kind == .scalar, !rest.isEmpty {
                throw KustomizeValueError(message: "the text at \(step) is not looked into")
            }
            return try places(in: child, rest, creating: creating)
        }
        guard let creating else { return [] }
        let child = KustomizeNode(madeKind(rest.first, creating))
        node.fields.append((step, child))
        return try places(in: child, rest, creating: creating)
    }

    private static func indexed(
        in node: KustomizeNode, _ index: Int, _ rest: ArraySlice<String>, _ creating: KustomizeNode.Kind?
    ) throws(KustomizeValueError) -> [KustomizeNode] {
        guard node.kind == .sequence else {
            throw KustomizeValueError(message: "there is no list for \(index)")
        }
        if index == node.items.count, let creating {
            node.items.append(KustomizeNode(madeKind(rest.first, creating)))
        }
        guard node.items.indices.contains(index) else {
            throw KustomizeValueError(message: "index \(index), but there are \(node.items.count) elements")
        }
        return try places(in: node.items[index], rest, creating: creating)
    }

    private static func elements(
        in node: KustomizeNode, _ pair: (key: String, value: String), _ steps: ArraySlice<String>,
        _ creating: KustomizeNode.Kind?
    ) throws(KustomizeValueError) -> [KustomizeNode] {
        guard node.kind == .sequence else {
            throw KustomizeValueError(message: "there is no list for [\(pair.key)=\(pair.value)]")
        }
        // Upstream takes the value for a regular expression that may match a part.
        let pattern: Pattern
        do { pattern = try Pattern(parsing: pair.value) } catch {
            throw KustomizeValueError(message: error.description)
        }
        let rest = steps.dropFirst()
        var places: [KustomizeNode] = []
        for item in node.items {
            if pair.key.isEmpty {
                if item.kind == .scalar, pattern.matches(item.text) { places.append(item) }
            } else if let field = item[pair.key], field.kind == .scalar, pattern.matches(field.text) {
                places += try Self.places(in: item, rest, creating: creating)
            }
        }
        guard places.isEmpty, let creating else { return places }
        let made = KustomizeNode(text: pair.value)
        guard !pair.key.isEmpty else {
            node.items.append(made)
            return [made]
        }
        let item = KustomizeNode(.mapping)
        item.fields.append((pair.key, made))
        node.items.append(item)
        return try Self.places(in: item, rest, creating: creating)
    }

    private static func madeKind(_ next: String?, _ last: KustomizeNode.Kind) -> KustomizeNode.Kind {
        guard let next, !next.isEmpty else { return last }
        if Int(next) != nil || next == "*" || element(next) != nil { return .sequence }
        return .mapping
    }
}

extension KustomizeNode {
    /// The value at one step of a source's path.
    func child(_ step: String) -> KustomizeNode? {
        switch kind {
        case .mapping: return self[step]
        case .sequence:
            if let pair = KustomizePath.element(step) {
                return items.first {
                    pair.key.isEmpty ? $0.text == pair.value : $0[pair.key]?.text == pair.value
                }
            }
            if step == "-" { return items.last }
            guard let index = Int(step), items.indices.contains(index) else { return nil }
            return items[index]
        case .scalar: return nil
        }
    }
}
