import KubeJSON

/// A value of an expression. What comes from JSON is kept as JSON and looked at when asked for.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list(ListValue)
    case map(MapValue)
    /// A JSON object of which the fields are known.
    case object(JSONObject, ObjectType)
    /// A message that the expression wrote: its name and fields.
    case message(String, MapEntries)
    /// In nanoseconds.
    case duration(Int64)
    case timestamp(Timestamp)
    case type(CELType)
    indirect case optional(Value?)
    case opaque(Opaque)

    /// What `type(x)` gives.
    var type: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .object(_, let type): .object(type)
        case .message(let name, _): .opaque(name)
        case .duration: .duration
        case .timestamp: .timestamp
        case .type: .type(.dyn)
        case .optional: .optional(.dyn)
        case .opaque(let value): .opaque(value.typeName)
        }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number of elements, of code points, of bytes; nil for what has no size.
    var size: Int? {
        switch self {
        case .string(let text): text.unicodeScalars.count
        case .bytes(let bytes): bytes.count
        case .list(let list): list.count
        case .map(let map): map.count
        default: nil
        }
    }

    /// What the costs of calls go by. Texts count in bytes here: counting code points would cost more than
    /// the call.
    var weight: UInt64 {
        switch self {
        case .string(let text): UInt64(text.utf8.count)
        case .optional(.some(let value)): value.weight
        case .opaque(.pattern(let pattern)): UInt64(pattern.text.utf8.count)
        default: UInt64(size ?? 1)
        }
    }
}

extension Value {
    /// The scalars inside it, texts by a tenth of their length.
    var depthWeight: UInt64 {
        switch self {
        case .string(let text): return UInt64(text.utf8.count / 10)
        case .bytes(let bytes): return UInt64(bytes.count / 10)
        case .list(let list):
            var total: UInt64 = 0
            for index in 0..<list.count { total &+= (try? list.element(index))?.depthWeight ?? 1 }
            return total
        case .map(let map):
            var total: UInt64 = 0
            for index in 0..<map.count {
                total &+= map.key(index).depthWeight &+ ((try? map.value(index))?.depthWeight ?? 1)
            }
            return total
        default: return 1
        }
    }
}

/// A point in time; between the years 1 and 9999.
public struct Timestamp: Sendable, Hashable {
    /// Since 1970, UTC.
    public let seconds: Int64
    /// 0 to 999,999,999.
    public let nanoseconds: Int32

    public init(seconds: Int64, nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

public enum ListValue: Sendable {
    case values([Value])
    case json([JSON], Shape, Shape.ListKind)

    var count: Int {
        switch self {
        case .values(let values): values.count
        case .json(let array, _, _): array.count
        }
    }

    /// The element at an index that is there.
    func element(_ index: Int) throws(EvaluationError) -> Value {
        switch self {
        case .values(let values): return values[index]
        case .json(let array, let shape, _): return try Value(array[index], as: shape)
        }
    }

    func all() throws(EvaluationError) -> [Value] {
        switch self {
        case .values(let values): return values
        case .json(let array, let shape, _):
            var values: [Value] = []
            values.reserveCapacity(array.count)
            for item in array { values.append(try Value(item, as: shape)) }
            return values
        }
    }

    var kind: Shape.ListKind {
        if case .json(_, _, let kind) = self { kind } else { .atomic }
    }
}

public enum MapValue: Sendable {
    case values(MapEntries)
    case json(JSONObject, Shape)

    var count: Int {
        switch self {
        case .values(let entries): entries.count
        case .json(let object, _): object.count
        }
    }

    func find(_ key: Value) throws(EvaluationError) -> Value? {
        switch self {
        case .values(let entries): return entries[key]
        case .json(let object, let shape):
            guard case .string(let name) = key, let found = object[name] else { return nil }
            return try Value(found, as: shape)
        }
    }

    func contains(_ key: Value) -> Bool {
        switch self {
        case .values(let entries): return entries[key] != nil
        case .json(let object, _):
            guard case .string(let name) = key else { return false }
            return object.contains(name)
        }
    }

    func key(_ index: Int) -> Value {
        switch self {
        case .values(let entries): entries.keys[index]
        case .json(let object, _): .string(object[index].key)
        }
    }

    func value(_ index: Int) throws(EvaluationError) -> Value {
        switch self {
        case .values(let entries): return entries.values[index]
        case .json(let object, let shape): return try Value(object[index].value, as: shape)
        }
    }
}

/// The entries of a map that an expression made, in the order in which it did.
public struct MapEntries: Sendable {
    private(set) var keys: [Value] = []
    private(set) var values: [Value] = []
    private var positions: [MapKey: Int] = [:]

    var count: Int { keys.count }

    subscript(key: Value) -> Value? {
        MapKey(key).flatMap { positions[$0] }.map { values[$0] }
    }

    /// - Returns: false, and nothing is changed, where the key is there already.
    mutating func insert(_ key: Value, _ value: Value) throws(EvaluationError) -> Bool {
        guard let hashed = MapKey(key) else {
            throw .failure("unsupported key type: \(key.type.runtimeName)")
        }
        guard positions[hashed] == nil else { return false }
        positions[hashed] = keys.count
        keys.append(key)
        values.append(value)
        return true
    }
}

/// A key of a map, or a member of a set: numbers are the same whatever their type.
enum MapKey: Hashable {
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case text(String)

    init?(_ value: Value) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = Int64(exactly: value).map(MapKey.int) ?? .uint(value)
        case .double(let value):
            self =
                Int64(exactly: value).map(MapKey.int) ?? UInt64(exactly: value).map(MapKey.uint)
                ?? .double(value)
        case .string(let value): self = .text(value)
        default: return nil
        }
    }

    static func == (left: MapKey, right: MapKey) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.text(let a), .text(let b)): sameText(a, b)
        default: false
        }
    }
}

/// Whether two texts are the same code points; String's own `==` also equates what Unicode calls equivalent.
func sameText(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left == right && left.utf8.elementsEqual(right.utf8)
}
