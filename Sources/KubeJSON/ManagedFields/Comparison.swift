/// What changed between two values of one schema: three disjoint sets.
public struct Comparison: Sendable, Equatable {
    public var added = FieldSet()
    public var modified = FieldSet()
    public var removed = FieldSet()

    public init() {}

    public var isSame: Bool { added.isEmpty && modified.isEmpty && removed.isEmpty }

    /// The comparison without the given fields and all that is below them.
    public func excluding(_ fields: FieldSet) -> Comparison {
        if fields.isEmpty { return self }
        var copy = self
        copy.added = added.recursiveDifference(fields)
        copy.modified = modified.recursiveDifference(fields)
        copy.removed = removed.recursiveDifference(fields)
        return copy
    }
}

extension TypedValue {
    /// The fields that the other value adds, changes and leaves out.
    public func compare(to other: TypedValue) -> Comparison {
        var walk = ComparisonWalk()
        walk.node(value, other.value, schema)
        return walk.below
    }
}

/// Compares one node, bottom up: sets are made only where something differs, and subtrees that share
/// their storage are not entered.
private struct ComparisonWalk {
    var isAdded = false
    var isModified = false
    var isRemoved = false
    var below = Comparison()

    @inline(__always)
    static func sharesStorage<T>(_ left: [T], _ right: [T]) -> Bool {
        left.count == right.count
            && left.withUnsafeBufferPointer { a in
                right.withUnsafeBufferPointer { b in a.baseAddress == b.baseAddress }
            }
    }

    /// Whether two values are seen to be equal without a walk.
    @inline(__always)
    static func areClearlyEqual(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.object(let a), .object(let b)): sharesStorage(a.members, b.members)
        case (.array(let a), .array(let b)): sharesStorage(a, b)
        case (.string(let a), .string(let b)): a.utf8Equal(b)
        case (.integer(let a), .integer(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        default: false
        }
    }

    mutating func node(_ left: JSON?, _ right: JSON?, _ schema: Schema) {
        switch (left, right) {
        case (nil, nil): return
        case (nil, let right?):
            isAdded = true
            visit(nil, right, schema, Handling(schema, right))
        case (let left?, nil):
            isRemoved = true
            visit(left, nil, schema, Handling(schema, left))
        case (let left?, let right?):
            if Self.areClearlyEqual(left, right) { return }
            let (before, after) = (Handling(schema, left), Handling(schema, right))
            // Content without a shape may change its form: then both forms have changed.
            if before != after, !left.isNull, !right.isNull { visit(left, right, schema, before) }
            visit(left, right, schema, left.isNull || before == after ? after : right.isNull ? before : after)
        }
    }

    private mutating func visit(_ left: JSON?, _ right: JSON?, _ schema: Schema, _ handling: Handling) {
        switch handling {
        case .leaf:
            if let left, let right, left != right { isModified = true }
        case .list:
            let a = left?.array ?? []
            let b = right?.array ?? []
            if a.isEmpty, b.isEmpty { visit(left, right, schema, .leaf) } else { lists(a, b, schema) }
        case .map:
            let a = left?.object ?? [:]
            let b = right?.object ?? [:]
            if a.isEmpty, b.isEmpty { visit(left, right, schema, .leaf) } else { maps(a, b, schema) }
        }
    }

    private mutating func maps(_ left: JSONObject, _ right: JSONObject, _ schema: Schema) {
        var changes = Changes()
        var matched = 0
        for position in left.members.indices {
            let key = left.members[position].key
            let other: JSON?
            if position < right.members.count, right.members[position].key == key {
                other = right.members[position].value
            } else {
                other = right[key]
            }
            if let other {
                matched += 1
                if Self.areClearlyEqual(left.members[position].value, other) { continue }
            }
            changes.compare(left.members[position].value, other, schema.child(key) ?? .any) {
                schema.pathElement(key)
            }
        }
        if matched < right.members.count {
            for member in right.members where !left.contains(member.key) {
                changes.compare(nil, member.value, schema.child(member.key) ?? .any) {
                    schema.pathElement(member.key)
                }
            }
        }
        merge(changes)
    }

    private mutating func lists(_ left: [JSON], _ right: [JSON], _ schema: Schema) {
        let item = schema.element ?? .any
        var changes = Changes()
        if left.count == right.count,
            Swift.zip(left, right).allSatisfy({ schema.isSameItem($0, $1) }),
            !schema.hasDuplicates(left)
        {
            for position in left.indices {
                let value = left[position]
                changes.compare(value, right[position], item) {
                    if case .success(let element) = schema.itemElement(value) {
                        element
                    } else {
                        .index(position)
                    }
                }
            }
            merge(changes)
            return
        }
        var order: [PathElement] = []
        var positions: [PathElement: (left: [Int], right: [Int])] = [:]
        for (position, value) in left.enumerated() {
            guard case .success(let element) = schema.itemElement(value) else { continue }
            if positions[element] == nil { order.append(element) }
            positions[element, default: ([], [])].left.append(position)
        }
        for (position, value) in right.enumerated() {
            guard case .success(let element) = schema.itemElement(value) else { continue }
            if positions[element] == nil { order.append(element) }
            positions[element, default: ([], [])].right.append(position)
        }
        for element in order {
            guard let found = positions[element] else { continue }
            let a = found.left.map { left[$0] }
            let b = found.right.map { right[$0] }
            switch (a.count, b.count) {
            case (...1, ...1): changes.compare(a.first, b.first, item) { element }
            case (2..., 2...):
                if a != b { changes.modified.append(FieldSet.Node(element, isMember: true)) }
            case (2..., _):
                if let value = b.first { changes.compare(nil, value, item) { element } }
                changes.removed.append(FieldSet.Node(element, isMember: true))
            default:
                if let value = a.first { changes.compare(value, nil, item) { element } }
                changes.added.append(FieldSet.Node(element, isMember: true))
            }
        }
        merge(changes)
    }

    /// Takes what was found below; a value that changed its form is walked twice.
    private mutating func merge(_ changes: Changes) {
        if !changes.added.isEmpty { below.added = below.added.union(FieldSet(distinct: changes.added)) }
        if !changes.modified.isEmpty {
            below.modified = below.modified.union(FieldSet(distinct: changes.modified))
        }
        if !changes.removed.isEmpty {
            below.removed = below.removed.union(FieldSet(distinct: changes.removed))
        }
    }

    /// The nodes of one level, in the order in which they were met.
    private struct Changes {
        var added: [FieldSet.Node] = []
        var modified: [FieldSet.Node] = []
        var removed: [FieldSet.Node] = []

        mutating func compare(_ left: JSON?, _ right: JSON?, _ schema: Schema, element: () -> PathElement) {
            var walk = ComparisonWalk()
            walk.node(left, right, schema)
            let below = walk.below
            if walk.isAdded || !below.added.isEmpty {
                added.append(FieldSet.Node(element(), isMember: walk.isAdded, children: below.added))
            }
            if walk.isModified || !below.modified.isEmpty {
                modified.append(FieldSet.Node(element(), isMember: walk.isModified, children: below.modified))
            }
            if walk.isRemoved || !below.removed.isEmpty {
                removed.append(FieldSet.Node(element(), isMember: walk.isRemoved, children: below.removed))
            }
        }
    }
}
