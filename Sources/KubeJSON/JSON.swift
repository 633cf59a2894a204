/// A JSON value (RFC 8259): immutable in use, cheap to copy, and sharing structure between copies.
///
/// Integers that fit 64 bits are kept apart from doubles, as Kubernetes does. Objects keep the order in
/// which their keys were added; equality and hashing do not depend on it.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON: Hashable {
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        // 1 and 1.0 are the same JSON number; 2^53 + 1 and the double nearest to it are not.
        case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)): Int64(exactly: b) == a
        case (.string(let a), .string(let b)): a.utf8Equal(b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(Double(value))
        case .double(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let values): hasher.combine(values)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension String {
    /// Equality of the UTF-8 bytes: keys and values in Kubernetes are compared as bytes, so that two
    /// spellings that Unicode calls equivalent stay two names.
    @inlinable
    func utf8Equal(_ other: String) -> Bool {
        // Strings of the same bytes are equal to String too, which finds most differences at once.
        guard utf8.count == other.utf8.count, self == other else { return false }
        let same = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in sameBytes(left, right) }
        }
        return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

// MARK: - Access

extension JSON {
    @inlinable public var isNull: Bool {
        if case .null = self { true } else { false }
    }
    @inlinable public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    /// The value as an integer; a double with no fraction counts.
    @inlinable public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }
    @inlinable public var int: Int? { integer.map(Int.init) }
    @inlinable public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
    @inlinable public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }
    @inlinable public var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }
    @inlinable public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of an object; nil when this is no object or has no such key. Setting turns anything
    /// that is not an object into one, and nil removes the key.
    public subscript(key: String) -> JSON? {
        @inlinable get {
            if case .object(let object) = self { object[key] } else { nil }
        }
        // Assignments go through `set`, so that what they inline into holds no coroutine: the optimiser
        // of Swift 6.3.1 fails on some closures in which it inlined `_modify` for `value[key] = nil`.
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            guard case .object(var object) = self else {
                self = .object([key: newValue])
                return
            }
            self = .null
            object[key] = newValue
            self = .object(object)
        }
        // Changes inside a member are made in place.
        @inline(never) _modify {
            var object: JSONObject
            if case .object(let present) = self { object = present } else { object = JSONObject() }
            self = .null
            defer { self = .object(object) }
            yield &object[key]
        }
    }

    /// Takes a member out of an object and returns it; nil, and no change, where there is none.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSON? {
        guard case .object(var object) = self, object.contains(key) else { return nil }
        self = .null
        let removed = object.removeValue(forKey: key)
        self = .object(object)
        return removed
    }

    /// The element of an array; nil when this is no array or is shorter.
    @inlinable public subscript(index: Int) -> JSON? {
        if case .array(let array) = self, array.indices.contains(index) { array[index] } else { nil }
    }

    /// The value at a path of object keys.
    @inlinable public func at(_ path: String...) -> JSON? { at(path) }

    /// The value at a path of object keys.
    @inlinable public func at(_ path: [String]) -> JSON? {
        var value = self
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }

    /// Sets the value at a path of object keys, making the objects on the way; nil removes the last key
    /// (and makes nothing on the way).
    public mutating func set(_ value: JSON?, at path: String...) { set(value, at: path[...]) }

    public mutating func set(_ value: JSON?, at path: ArraySlice<String>) {
        guard let key = path.first else {
            self = value ?? .null
            return
        }
        if path.count == 1 {
            self[key] = value
        } else if value == nil {
            guard var child = self[key] else { return }
            self[key] = .null
            child.set(nil, at: path.dropFirst())
            self[key] = child
        } else {
            var child = self[key] ?? .object([:])
            self[key] = .null
            child.set(value, at: path.dropFirst())
            self[key] = child
        }
    }

    /// What this value is, in the words of JSON: "object", "array", "string", "number", "bool", "null".
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    @inlinable public init(stringLiteral value: String) { self = .string(value) }
}
extension JSON: ExpressibleByIntegerLiteral {
    @inlinable public init(integerLiteral value: Int64) { self = .integer(value) }
}
extension JSON: ExpressibleByBooleanLiteral {
    @inlinable public init(booleanLiteral value: Bool) { self = .bool(value) }
}
extension JSON: ExpressibleByFloatLiteral {
    @inlinable public init(floatLiteral value: Double) { self = .double(value) }
}
extension JSON: ExpressibleByArrayLiteral {
    @inlinable public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}
extension JSON: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
}
extension JSON: CustomStringConvertible {
    public var description: String { JSONWriter.string(self) }
}
