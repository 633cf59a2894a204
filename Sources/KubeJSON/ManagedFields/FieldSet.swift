/// A set of paths into an object: who owns what is a set per manager.
///
/// A trie of sorted steps. A step may be a member itself (FieldsV1's `.`), have members below it, or
/// both; a step that is neither is never kept.
public struct FieldSet: Sendable, Hashable {
    struct Node: Sendable, Hashable {
        let element: PathElement
        var isMember: Bool
        var children: FieldSet

        init(_ element: PathElement, isMember: Bool, children: FieldSet = FieldSet()) {
            self.element = element
            self.isMember = isMember
            self.children = children
        }
    }

    /// Sorted by element, without duplicates.
    var nodes: [Node] = []

    public init() {}

    init(sorted nodes: [Node]) { self.nodes = nodes }

    /// Takes nodes of distinct elements in any order.
    init(distinct nodes: [Node]) {
        self.nodes = nodes
        for position in nodes.indices.dropFirst() where nodes[position].element < nodes[position - 1].element
        {
            self.nodes.sort { $0.element < $1.element }
            return
        }
    }

    /// A set of paths of field names, such as `["spec", "replicas"]`.
    public init(fields paths: [[String]]) {
        for path in paths { insert(path.map { PathElement.field($0) }) }
    }

    public var isEmpty: Bool { nodes.isEmpty }

    /// How many paths are members.
    public var count: Int { nodes.reduce(0) { $0 + ($1.isMember ? 1 : 0) + $1.children.count } }

    func position(of element: PathElement) -> (index: Int, found: Bool) {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle].element == element { return (middle, true) }
            if nodes[middle].element < element { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    func node(_ element: PathElement) -> Node? {
        let (index, found) = position(of: element)
        return found ? nodes[index] : nil
    }

    /// The members below a step.
    public subscript(below element: PathElement) -> FieldSet { node(element)?.children ?? FieldSet() }

    public func contains(_ path: some Collection<PathElement>) -> Bool {
        guard let first = path.first, let node = node(first) else { return false }
        let rest = path.dropFirst()
        return rest.isEmpty ? node.isMember : node.children.contains(Array(rest))
    }

    public mutating func insert(_ path: some Collection<PathElement>) {
        guard let first = path.first else { return }
        let rest = Array(path.dropFirst())
        let (index, found) = position(of: first)
        if !found { nodes.insert(Node(first, isMember: false), at: index) }
        if rest.isEmpty { nodes[index].isMember = true } else { nodes[index].children.insert(rest) }
    }

    /// Every member, in upstream's order: the members of a level first, then what is below them.
    public var paths: [[PathElement]] {
        var result: [[PathElement]] = []
        appendPaths(prefix: [], to: &result)
        return result
    }

    private func appendPaths(prefix: [PathElement], to result: inout [[PathElement]]) {
        for node in nodes where node.isMember { result.append(prefix + [node.element]) }
        for node in nodes where !node.children.isEmpty {
            node.children.appendPaths(prefix: prefix + [node.element], to: &result)
        }
    }
}

// MARK: - Algebra

extension FieldSet {
    /// Walks two sets in step and keeps the nodes that `combine` makes.
    @inline(__always)
    private func zip(
        _ other: FieldSet, left: (Node) -> Node?, right: (Node) -> Node?, both: (Node, Node) -> Node?
    ) -> FieldSet {
        var result: [Node] = []
        var i = 0
        var j = 0
        while i < nodes.count, j < other.nodes.count {
            if nodes[i].element == other.nodes[j].element {
                if let node = both(nodes[i], other.nodes[j]) { result.append(node) }
                i += 1
                j += 1
            } else if nodes[i].element < other.nodes[j].element {
                if let node = left(nodes[i]) { result.append(node) }
                i += 1
            } else {
                if let node = right(other.nodes[j]) { result.append(node) }
                j += 1
            }
        }
        while i < nodes.count {
            if let node = left(nodes[i]) { result.append(node) }
            i += 1
        }
        while j < other.nodes.count {
            if let node = right(other.nodes[j]) { result.append(node) }
            j += 1
        }
        return FieldSet(sorted: result)
    }

    private static func kept(_ element: PathElement, _ isMember: Bool, _ children: FieldSet) -> Node? {
        isMember || !children.isEmpty ? Node(element, isMember: isMember, children: children) : nil
    }

    public func union(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        if isEmpty { return other }
        return zip(other, left: { $0 }, right: { $0 }) { a, b in
            Node(a.element, isMember: a.isMember || b.isMember, children: a.children.union(b.children))
        }
    }

    public func intersection(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return FieldSet() }
        return zip(other, left: { _ in nil }, right: { _ in nil }) { a, b in
            Self.kept(a.element, a.isMember && b.isMember, a.children.intersection(b.children))
        }
    }

    /// The members that are not members of the other; what is below a removed member stays.
    public func difference(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return zip(other, left: { $0 }, right: { _ in nil }) { a, b in
            Self.kept(a.element, a.isMember && !b.isMember, a.children.difference(b.children))
        }
    }

    /// The members that neither are members of the other nor lie below one.
    public func recursiveDifference(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return zip(other, left: { $0 }, right: { _ in nil }) { a, b in
            b.isMember ? nil : Self.kept(a.element, a.isMember, a.children.recursiveDifference(b.children))
        }
    }

    /// The members with no member below them.
    public var leaves: FieldSet {
        FieldSet(
            sorted: nodes.map {
                Node($0.element, isMember: $0.isMember && $0.children.isEmpty, children: $0.children.leaves)
            })
    }

    public func isSubset(of other: FieldSet) -> Bool {
        if nodes.count > other.nodes.count { return false }
        var j = 0
        for node in nodes {
            while j < other.nodes.count, other.nodes[j].element != node.element { j += 1 }
            guard j < other.nodes.count else { return false }
            if node.isMember, !other.nodes[j].isMember { return false }
            if !node.children.isSubset(of: other.nodes[j].children) { return false }
            j += 1
        }
        return true
    }

    public func isDisjoint(with other: FieldSet) -> Bool {
        var i = 0
        var j = 0
        while i < nodes.count, j < other.nodes.count {
            if nodes[i].element == other.nodes[j].element {
                if nodes[i].isMember, other.nodes[j].isMember { return false }
                if !nodes[i].children.isDisjoint(with: other.nodes[j].children) { return false }
                i += 1
                j += 1
            } else if nodes[i].element < other.nodes[j].element {
                i += 1
            } else {
                j += 1
            }
        }
        return true
    }

    /// Adds, as members, the structures on the way to members (upstream's EnsureNamedFieldsAreMembers):
    /// a set of `a.b.c` comes to own `a` where that is a named field, but not where it is a map key.
    func withNamedFields(_ schema: Schema?) -> FieldSet {
        FieldSet(
            sorted: nodes.map { node in
                guard !node.children.isEmpty else { return node }
                var child: Schema?
                var isNamed = false
                if let name = node.element.fieldName {
                    child = schema?.child(name)
                    isNamed = schema?.declares(name) == true
                } else if node.element.isKey {
                    child = schema?.element
                }
                return Node(
                    node.element, isMember: node.isMember || isNamed,
                    children: node.children.withNamedFields(child))
            })
    }
}

// MARK: - FieldsV1

extension FieldSet {
    public struct FormatError: Error, Equatable {
        public let message: String
    }

    /// Reads FieldsV1. Steps of forms that do not exist yet are ignored, as upstream ignores them.
    ///
    /// - Throws: ``FormatError`` when the value is not a trie of objects or a step cannot be read.
    public init(fieldsV1: JSON) throws(FormatError) {
        guard case .object(let object) = fieldsV1 else {
            throw FormatError(message: "expected a map of path elements")
        }
        self = try Self.read(object, isCanonical: false).set
    }

    /// Reads FieldsV1 that ``fieldsV1`` wrote, whose steps are canonical already.
    init(canonical fieldsV1: JSON) throws(FormatError) {
        guard case .object(let object) = fieldsV1 else {
            throw FormatError(message: "expected a map of path elements")
        }
        self = try Self.read(object, isCanonical: true).set
    }

    private static func read(
        _ object: JSONObject, isCanonical: Bool
    ) throws(FormatError) -> (set: FieldSet, isMember: Bool) {
        var nodes: [Node] = []
        nodes.reserveCapacity(object.members.count)
        var isMember = false
        for member in object.members {
            let text = member.key
            if text == "." {
                isMember = true
                continue
            }
            guard let element = isCanonical ? PathElement(canonical: text) : try step(text) else { continue }
            guard case .object(let below) = member.value else {
                throw FormatError(message: "expected a map of path elements")
            }
            if below.members.isEmpty {
                nodes.append(Node(element, isMember: true))
            } else {
                let child = try read(below, isCanonical: isCanonical)
                nodes.append(Node(element, isMember: child.isMember, children: child.set))
            }
        }
        // Nothing (known) below means that the step itself is meant.
        return (FieldSet(merging: nodes), isMember || nodes.isEmpty)
    }

    /// Nodes that should be sorted and distinct, but come from a client.
    private init(merging nodes: [Node]) {
        var ordered = true
        for position in nodes.indices.dropFirst()
        where !(nodes[position - 1].element < nodes[position].element) {
            ordered = false
            break
        }
        if ordered {
            self.nodes = nodes
        } else {
            for node in nodes { self = union(FieldSet(sorted: [node])) }
        }
    }

    private static func step(_ text: String) throws(FormatError) -> PathElement? {
        let bytes = text.utf8
        guard bytes.count >= 2 else { throw FormatError(message: "key must be 2 characters long:") }
        guard bytes[bytes.index(after: bytes.startIndex)] == UInt8(ascii: ":") else {
            throw FormatError(message: "missing colon: \(text)")
        }
        switch bytes.first {
        case UInt8(ascii: "f"): return PathElement(canonical: text)
        case UInt8(ascii: "k"), UInt8(ascii: "v"), UInt8(ascii: "i"):
            guard let element = PathElement(text) else {
                throw FormatError(message: "parsing key as path element: \(text)")
            }
            return element
        default: return nil
        }
    }

    private static let member = JSON.object(JSONObject())

    /// The set as FieldsV1 stores it.
    public var fieldsV1: JSON { .object(object(isMember: false)) }

    private func object(isMember: Bool) -> JSONObject {
        var members: [JSONObject.Member] = []
        members.reserveCapacity(nodes.count + (isMember ? 1 : 0))
        if isMember { members.append(JSONObject.Member(key: ".", value: Self.member)) }
        for node in nodes {
            members.append(
                JSONObject.Member(
                    key: node.element.text,
                    value: node.children.isEmpty
                        ? Self.member : .object(node.children.object(isMember: node.isMember))))
        }
        return JSONObject(distinct: members)
    }
}
