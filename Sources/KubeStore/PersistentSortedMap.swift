/// A map from strings, ordered by their UTF-8 bytes, whose copies cost nothing.
///
/// A B+tree with subtree counts. A copy shares the root; a change copies the nodes on its path that are
/// shared and edits in place those that are not, so a snapshot stays as it was.
///
/// Beside each value stands a tag of 64 bits, in an array of its own: who looks for values that have certain
/// bits walks over those without them at eight bytes each, and touches neither key nor value.
public struct PersistentSortedMap<Value: Sendable>: Sendable {
    private var root = Node(keys: [], values: [], tags: [], children: [])

    private static var maximum: Int { 64 }
    private static var minimum: Int { 16 }

    public init() {}

    public var count: Int { root.size }
    public var isEmpty: Bool { root.size == 0 }

    public subscript(key: String) -> Value? {
        var node = root
        while !node.children.isEmpty { node = node.children[node.child(for: key)] }
        let (position, found) = node.position(of: key)
        return found ? node.values[position] : nil
    }

    /// Adds or replaces, and gives the value that was there.
    @discardableResult
    public mutating func insert(_ value: Value, for key: String, tag: UInt64 = .max) -> Value? {
        if !isKnownUniquelyReferenced(&root) { root = root.copy() }
        let old = root.insert(value, key, tag, maximum: Self.maximum)
        if root.keys.count > Self.maximum {
            let left = root
            let (separator, right) = left.split()
            root = Node(keys: [left.keys[0], separator], values: [], tags: [], children: [left, right])
        }
        return old
    }

    /// Removes, and gives the value that was there.
    @discardableResult
    public mutating func removeValue(for key: String) -> Value? {
        guard self[key] != nil else { return nil }
        if !isKnownUniquelyReferenced(&root) { root = root.copy() }
        let old = root.remove(key, minimum: Self.minimum, maximum: Self.maximum)
        while root.children.count == 1 { root = root.children[0] }
        return old
    }

    /// How many keys sort before this one. O(log n).
    public func rank(of key: String) -> Int {
        var node = root
        var rank = 0
        while !node.children.isEmpty {
            let position = node.child(for: key)
            for sibling in 0..<position { rank += node.children[sibling].size }
            node = node.children[position]
        }
        return rank + node.position(of: key).0
    }

    /// Calls the body with keys from the given one on, in order, until it says false.
    /// - Parameter bits: leaves out values whose tag lacks one of these.
    public func forEach(
        from start: String = "", tagged bits: UInt64 = 0, _ body: (String, Value) -> Bool
    ) {
        _ = root.visit(from: start, bits, body)
    }

    private final class Node: @unchecked Sendable {
        // Leaf: keys beside values. Inner: keys[i] is a lower bound of children[i]; keys[0] bounds nothing.
        var keys: [String]
        var values: [Value]
        var tags: [UInt64]
        var children: [Node]
        var size: Int

        init(keys: [String], values: [Value], tags: [UInt64], children: [Node]) {
            self.keys = keys
            self.values = values
            self.tags = tags
            self.children = children
            size = children.isEmpty ? values.count : children.reduce(0) { $0 + $1.size }
        }

        func copy() -> Node { Node(keys: keys, values: values, tags: tags, children: children) }

        /// The first position whose key is not less, and whether it is equal.
        func position(of key: String) -> (Int, Bool) {
            var low = 0
            var high = keys.count
            while low < high {
                let middle = (low + high) / 2
                let order = compareUTF8(keys[middle], key)
                if order == 0 { return (middle, true) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return (low, false)
        }

        func child(for key: String) -> Int {
            let (position, found) = position(of: key)
            return found ? position : max(0, position - 1)
        }

        func makeUnique(_ position: Int) {
            if !isKnownUniquelyReferenced(&children[position]) {
                children[position] = children[position].copy()
            }
        }

        func insert(_ value: Value, _ key: String, _ tag: UInt64, maximum: Int) -> Value? {
            if children.isEmpty {
                let (position, found) = position(of: key)
                if found {
                    let old = values[position]
                    values[position] = value
                    tags[position] = tag
                    return old
                }
                keys.insert(key, at: position)
                values.insert(value, at: position)
                tags.insert(tag, at: position)
                size += 1
                return nil
            }
            let position = child(for: key)
            makeUnique(position)
            let old = children[position].insert(value, key, tag, maximum: maximum)
            if old == nil { size += 1 }
            if children[position].keys.count > maximum {
                let (separator, right) = children[position].split()
                keys.insert(separator, at: position + 1)
                children.insert(right, at: position + 1)
            }
            return old
        }

        func split() -> (String, Node) {
            let half = keys.count / 2
            let right = Node(
                keys: Array(keys[half...]),
                values: values.isEmpty ? [] : Array(values[half...]),
                tags: tags.isEmpty ? [] : Array(tags[half...]),
                children: children.isEmpty ? [] : Array(children[half...]))
            keys.removeSubrange(half...)
            if !values.isEmpty { values.removeSubrange(half...) }
            if !tags.isEmpty { tags.removeSubrange(half...) }
            if !children.isEmpty { children.removeSubrange(half...) }
            size -= right.size
            return (right.keys[0], right)
        }

        func remove(_ key: String, minimum: Int, maximum: Int) -> Value? {
            if children.isEmpty {
                let (position, found) = position(of: key)
                guard found else { return nil }
                keys.remove(at: position)
                tags.remove(at: position)
                size -= 1
                return values.remove(at: position)
            }
            let position = child(for: key)
            makeUnique(position)
            let old = children[position].remove(key, minimum: minimum, maximum: maximum)
            if old != nil { size -= 1 }
            if children[position].keys.count < minimum, children.count > 1 {
                let left = position == 0 ? 0 : position - 1
                merge(left, maximum: maximum)
            }
            return old
        }

        /// Joins a child with its right neighbour, and splits the result again where it is too large.
        private func merge(_ left: Int, maximum: Int) {
            makeUnique(left)
            let right = children[left + 1]
            let node = children[left]
            var rightKeys = right.keys
            // The first key of an inner node may lie below what it holds; the parent's separator is exact.
            if !right.children.isEmpty { rightKeys[0] = keys[left + 1] }
            node.keys += rightKeys
            node.values += right.values
            node.tags += right.tags
            node.children += right.children
            node.size += right.size
            if node.keys.count > maximum {
                let (separator, rest) = node.split()
                keys[left + 1] = separator
                children[left + 1] = rest
            } else {
                keys.remove(at: left + 1)
                children.remove(at: left + 1)
            }
        }

        func visit(from start: String, _ bits: UInt64, _ body: (String, Value) -> Bool) -> Bool {
            if children.isEmpty {
                // Copies, which nothing changes meanwhile: no count of references is touched for what is
                // passed over.
                let (keys, values) = (keys, values)
                let first = start.isEmpty ? 0 : self.position(of: start).0
                return tags.withUnsafeBufferPointer { tags in
                    for position in first..<tags.count where tags[position] & bits == bits {
                        if !body(keys[position], values[position]) { return false }
                    }
                    return true
                }
            }
            // Only the first child can have keys before the start.
            let children = children
            let first = start.isEmpty ? 0 : child(for: start)
            for position in first..<children.count {
                if !children[position].visit(from: position == first ? start : "", bits, body) {
                    return false
                }
            }
            return true
        }
    }
}
