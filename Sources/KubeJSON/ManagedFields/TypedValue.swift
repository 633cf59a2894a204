/// A value together with its shape: what sets are computed from, and what is compared and merged.
///
/// The operations follow sigs.k8s.io/structured-merge-diff/v6's `typed` package. Content without a shape
/// (`any`) is treated as upstream's deduced type: maps are granular, lists are atomic.
public struct TypedValue: Sendable {
    public let value: JSON
    public let schema: Schema

    public init(_ value: JSON, _ schema: Schema) {
        self.value = value
        self.schema = schema
    }
}

/// How a value is handled: descended into, or owned as a whole.
enum Handling: Equatable {
    case leaf
    case list
    case map

    /// The handling that a schema gives to a value of that form.
    @inline(__always)
    init(_ schema: Schema, _ value: JSON) {
        switch schema.shape {
        case .structure, .map: self = schema.isAtomic ? .leaf : .map
        case .list: self = schema.listType == .atomic ? .leaf : .list
        case .any:
            if schema.isAtomic {
                self = .leaf
            } else {
                switch value {
                // Null may be any of the three, and a map is what upstream tries first.
                case .object, .null: self = .map
                default: self = .leaf
                }
            }
        default: self = .leaf
        }
    }
}

extension Schema {
    /// The schema of a key of a structure or map; nil for a field that is not declared.
    @inline(__always)
    func child(_ key: String) -> Schema? {
        switch shape {
        case .structure:
            if let position = position(ofField: key) { return fields[position].schema }
            return preservesUnknown ? element ?? .any : nil
        case .map: return element ?? .any
        case .any: return element ?? .any
        default: return nil
        }
    }

    /// Whether a member of a structure is declared; map keys never are.
    func declares(_ key: String) -> Bool { shape == .structure && position(ofField: key) != nil }

    func pathElement(_ key: String) -> PathElement {
        if let position = position(ofField: key) { return fields[position].element }
        return .field(key)
    }

    /// The value that a missing list-map key stands for: the declared default, or the zero value of a
    /// field that Go always writes (the published schema declares that as its default).
    func keyDefault(_ key: String) -> JSON? {
        guard let field = field(key) else { return nil }
        if let value = field.defaultValue { return value }
        guard field.presence == .always else { return nil }
        return switch field.schema.shape {
        case .string: ""
        case .integer, .number: 0
        case .boolean: false
        default: nil
        }
    }
}

// MARK: - List items

extension Schema {
    /// The step to an item of a set or list-map, or why there is none.
    func itemElement(_ item: JSON) -> Result<PathElement, ItemError> {
        switch listType {
        case .atomic: return .failure(ItemError("invalid indexing of non-associative list"))
        case .set:
            switch item {
            case .object:
                return .failure(ItemError("associative list without keys has an element that's a map type"))
            case .array:
                return .failure(ItemError("not supported: associative list with lists as elements"))
            case .null:
                return .failure(
                    ItemError("associative list without keys has an element that's an explicit null"))
            default: return .success(.value(item))
            }
        case .map(let keys):
            guard case .object(let object) = item else {
                return .failure(
                    ItemError(
                        item.isNull
                            ? "associative list with keys may not have a null element"
                            : "associative list with keys may not have non-map elements"))
            }
            var pairs: [(String, JSON)] = []
            for key in keys {
                if let value = object[key] ?? element?.keyDefault(key) { pairs.append((key, value)) }
            }
            if pairs.isEmpty {
                let names = "[" + keys.map(GoText.quoted).joined(separator: " ") + "]"
                return .failure(
                    ItemError(
                        "associative list with keys has an element that omits all key fields "
                            + "\(names) (and doesn't have default values for any key fields)"))
            }
            return .success(.key(pairs))
        }
    }

    struct ItemError: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    /// Whether two items of a set or list-map are the same item; cheaper than making their steps.
    func isSameItem(_ left: JSON, _ right: JSON) -> Bool {
        switch listType {
        case .map(let keys):
            guard case .object(let a) = left, case .object(let b) = right else { return false }
            for key in keys {
                let (x, y) = (a[key], b[key])
                if x == nil || y == nil {
                    guard (x ?? element?.keyDefault(key)) == (y ?? element?.keyDefault(key)) else {
                        return false
                    }
                } else if x != y {
                    return false
                }
            }
            return true
        default: return left == right
        }
    }

    func hasDuplicates(_ items: [JSON]) -> Bool {
        guard items.count > 1 else { return false }
        if items.count > 24 {
            var seen: Set<PathElement> = []
            for item in items {
                if case .success(let element) = itemElement(item), !seen.insert(element).inserted {
                    return true
                }
            }
            return false
        }
        for i in 1..<items.count {
            for j in 0..<i where isSameItem(items[i], items[j]) { return true }
        }
        return false
    }
}

// MARK: - The set of an object

extension TypedValue {
    /// Every leaf, every list item and every map entry that the value mentions.
    public var fieldSet: FieldSet { Self.fieldSet(value, schema).children }

    private static func fieldSet(_ value: JSON, _ schema: Schema) -> (isMember: Bool, children: FieldSet) {
        switch Handling(schema, value) {
        case .leaf: return (true, FieldSet())
        case .list:
            guard case .array(let items) = value else { return (false, FieldSet()) }
            return (false, fieldSet(items, schema))
        case .map:
            guard case .object(let object) = value else { return (false, FieldSet()) }
            var nodes: [FieldSet.Node] = []
            nodes.reserveCapacity(object.members.count)
            for member in object.members {
                let field = schema.shape == .structure ? schema.position(ofField: member.key) : nil
                let below = field.map { schema.fields[$0].schema } ?? schema.child(member.key) ?? .any
                let child = fieldSet(member.value, below)
                // Map entries are members always; of the named fields those with nothing below.
                let isEmpty =
                    switch member.value {
                    case .null: true
                    case .object(let below): below.isEmpty
                    default: false
                    }
                let isMember = child.isMember || field == nil || isEmpty
                if isMember || !child.children.isEmpty {
                    nodes.append(
                        FieldSet.Node(
                            field.map { schema.fields[$0].element } ?? .field(member.key), isMember: isMember,
                            children: child.children
                        ))
                }
            }
            return (false, FieldSet(distinct: nodes))
        }
    }

    private static func fieldSet(_ items: [JSON], _ schema: Schema) -> FieldSet {
        let duplicated = schema.hasDuplicates(items)
        var result = FieldSet()
        var nodes: [FieldSet.Node] = []
        var counts: [PathElement: Int] = [:]
        if duplicated {
            for item in items {
                if case .success(let element) = schema.itemElement(item) { counts[element, default: 0] += 1 }
            }
        }
        for item in items {
            guard case .success(let element) = schema.itemElement(item) else { continue }
            if duplicated, counts[element] ?? 0 > 1 {
                // Items of one key cannot be told apart: they are owned together.
                result.insert([element])
            } else {
                let child = fieldSet(item, schema.element ?? .any)
                nodes.append(FieldSet.Node(element, isMember: true, children: child.children))
            }
        }
        return result.union(FieldSet(distinct: nodes))
    }
}
