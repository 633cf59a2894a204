import KubeJSON

/// Fields that a transformation changes: a path in resources of some kinds.
struct FieldSpec: Sendable {
    var kind: KindID
    /// Steps are separated by `/`, which `\/` escapes; lists on the way are gone through.
    var path: String
    var creates: Bool

    init(_ path: String, kind: KindID = KindID(), creates: Bool = false) {
        self.path = path
        self.kind = kind
        self.creates = creates
    }

    enum Missing: Sendable { case scalar, mapping }

    /// Changes the field wherever the resource has it, or may be given it.
    func apply(
        to resource: inout KustomizeResource, missing: Missing? = nil,
        _ change: (inout YAMLNode) throws(KustomizeFailure) -> Void
    ) throws(KustomizeFailure) {
        guard resource.kind.isSelected(by: kind) else { return }
        try walk(&resource.node, Self.steps(path)[...], missing: missing, change)
    }

    static func steps(_ path: String, separator: Character = "/") -> [String] {
        var parts = path.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, parts[0].isEmpty { parts.removeFirst() }
        var steps: [String] = []
        for part in parts {
            if let last = steps.last, last.hasSuffix("\\") {
                steps[steps.count - 1] = last.dropLast() + String(separator) + part
            } else {
                steps.append(part)
            }
        }
        return steps
    }

    private func walk(
        _ node: inout YAMLNode, _ steps: ArraySlice<String>, missing: Missing?,
        _ change: (inout YAMLNode) throws(KustomizeFailure) -> Void
    ) throws(KustomizeFailure) {
        guard let step = steps.first else { return try change(&node) }
        if node.isNull { return }
        switch node {
        case .sequence(var items):
            for position in items.indices {
                try walk(&items[position], steps, missing: missing, change)
            }
            node = .sequence(items)
        case .mapping(var mapping):
            let isList = step.hasSuffix("[]")
            let name = isList ? String(step.dropLast(2)) : step
            let mayCreate = creates && missing != nil && !isList
            let isLast = steps.count == 1
            let made: YAMLNode = isLast && missing == .scalar ? .plain("") : .emptyMapping
            var value: YAMLNode
            if let present = mapping[name] {
                value = present.isNull && mayCreate ? made : present
            } else {
                guard mayCreate else { return }
                value = made
            }
            try walk(&value, steps.dropFirst(), missing: missing, change)
            mapping[name] = value
            node = .mapping(mapping)
        case .scalar:
            throw KustomizeFailure("\(path): expected a list or a mapping where there is a scalar")
        }
    }
}
