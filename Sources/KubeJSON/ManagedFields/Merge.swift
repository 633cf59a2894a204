extension TypedValue {
    /// This value with an applied configuration laid over it. Nothing is removed: leaves of the
    /// configuration win, maps and associative lists are joined.
    ///
    /// Lists keep this value's order where the configuration does not touch them, and otherwise take the
    /// order of the configuration with the other items in between.
    public func merging(_ configuration: JSON) -> JSON {
        Self.change(value, configuration, schema) ?? value
    }

    private static func merge(_ left: JSON, _ right: JSON, _ schema: Schema) -> JSON {
        change(left, right, schema) ?? left
    }

    /// The merged value; nil when it is the left one, so that what does not change keeps its storage.
    private static func change(_ left: JSON, _ right: JSON, _ schema: Schema) -> JSON? {
        let (before, after) = (Handling(schema, left), Handling(schema, right))
        let handling = left.isNull || before == after ? after : right.isNull ? before : after
        switch handling {
        case .leaf: return left == right ? nil : right
        case .map:
            let b = right.object ?? [:]
            guard case .object(let a) = left, !a.isEmpty else { return left == right ? nil : right }
            // Neither a null nor an empty map in the configuration empties a map.
            var object: JSONObject?
            for member in b.members {
                if let present = a[member.key] {
                    guard let merged = change(present, member.value, schema.child(member.key) ?? .any) else {
                        continue
                    }
                    if object == nil { object = a }
                    object?[member.key] = merged
                } else {
                    if object == nil { object = a }
                    object?.append(member.key, member.value)
                }
            }
            return object.map(JSON.object)
        case .list:
            let a = left.array ?? []
            let b = right.array ?? []
            if a.isEmpty { return left == right ? nil : right }
            if b.isEmpty { return nil }
            return list(a, b, schema)
        }
    }

    private static func list(_ left: [JSON], _ right: [JSON], _ schema: Schema) -> JSON? {
        let item = schema.element ?? .any
        if left.count == right.count, Swift.zip(left, right).allSatisfy({ schema.isSameItem($0, $1) }),
            !schema.hasDuplicates(left)
        {
            var result: [JSON]?
            for position in left.indices {
                guard let merged = change(left[position], right[position], item) else { continue }
                if result == nil { result = left }
                result?[position] = merged
            }
            return result.map(JSON.array)
        }
        func elements(_ items: [JSON]) -> [(element: PathElement, value: JSON)] {
            items.compactMap { value in
                if case .success(let element) = schema.itemElement(value) { (element, value) } else { nil }
            }
        }
        let a = elements(left)
        let b = elements(right)
        var inLeft: [PathElement: JSON?] = [:]
        for entry in a {
            // Items of one key are not merged with what is applied.
            inLeft.updateValue(inLeft[entry.element] == nil ? entry.value : nil, forKey: entry.element)
        }
        let inRight = Set(b.map(\.element))
        func merged(_ entry: (element: PathElement, value: JSON)) -> JSON {
            if let present = inLeft[entry.element], let value = present {
                merge(value, entry.value, item)
            } else {
                entry.value
            }
        }
        var shared = b.lazy.filter { inLeft[$0.element] != nil }.map(\.element)[...]
        var done: Set<PathElement> = []
        var result: [JSON] = []
        result.reserveCapacity(a.count + b.count)
        var i = 0
        var j = 0
        while i < a.count || j < b.count {
            if i < a.count, j < b.count {
                let element = a[i].element
                if element == b[j].element {
                    done.insert(element)
                    result.append(merged(b[j]))
                    i += 1
                    j += 1
                    shared = shared.dropFirst()
                    continue
                }
                // A shared item whose turn it is not: it comes where the configuration has it.
                if inRight.contains(element), let next = shared.first, next != element {
                    i += 1
                    continue
                }
            }
            if i < a.count {
                let element = a[i].element
                if !inRight.contains(element) {
                    result.append(a[i].value)
                    i += 1
                    continue
                }
                if done.contains(element) { i += 1 }
            }
            if j < b.count {
                let element = b[j].element
                done.insert(element)
                result.append(merged(b[j]))
                j += 1
                if shared.first == element { shared = shared.dropFirst() }
            }
        }
        return .array(result)
    }
}
