/// A type as the checker knows it (cel-spec's language definition, "Values").
public indirect enum CELType: Sendable, Equatable {
    case dyn
    /// The type of what could not be checked; it takes part in no further complaint.
    case error
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case duration
    case timestamp
    case list(CELType)
    case map(CELType, CELType)
    case object(ObjectType)
    case optional(CELType)
    case type(CELType)
    /// A type of a library: `kubernetes.Quantity`, `net.IP`.
    case opaque(String)
    /// A parameter of an overload's declaration.
    case parameter(String)
    /// A type that is still to be found out.
    case variable(Int)

    /// The name as messages show it.
    public var name: String {
        switch self {
        case .dyn: "dyn"
        case .error: "!error!"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .duration: "google.protobuf.Duration"
        case .timestamp: "google.protobuf.Timestamp"
        case .list(let element): "list(\(element.name))"
        case .map(let key, let value): "map(\(key.name), \(value.name))"
        case .object(let type): type.name
        case .optional(let value): "optional_type(\(value.name))"
        case .type(let type): "type(\(type.name))"
        case .opaque(let name), .parameter(let name): name
        case .variable(let index): "_var\(index)"
        }
    }

    /// The name that `type(x)` prints.
    var runtimeName: String {
        switch self {
        case .null: "null_type"
        case .list: "list"
        case .map: "map"
        case .optional: "optional_type"
        case .type: "type"
        default: name
        }
    }

    var isDynOrError: Bool {
        switch self {
        case .dyn, .error: true
        default: false
        }
    }
}

/// A message: named fields with types. Two are the same when their names are.
public final class ObjectType: Sendable, Equatable {
    public struct Field: Sendable {
        /// The key in the JSON object, which the name in expressions escapes.
        public let key: String
        public let shape: Shape

        public init(key: String, shape: Shape) {
            self.key = key
            self.shape = shape
        }
    }

    public let name: String
    /// By the name that expressions use.
    public let fields: [String: Field]

    public init(name: String, fields: [String: Field]) {
        self.name = name
        self.fields = fields
    }

    /// Fields whose names need no escaping.
    public convenience init(_ name: String, _ fields: [(String, Shape)]) {
        let pairs = fields.map { ($0.0, Field(key: $0.0, shape: $0.1)) }
        self.init(name: name, fields: Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }

    public static func == (left: ObjectType, right: ObjectType) -> Bool {
        left === right || left.name == right.name
    }
}

/// How a JSON value is seen by expressions: what its type is and, for lists, how two are compared and added.
public indirect enum Shape: Sendable {
    case dyn
    case null
    case bool
    case int
    case double
    case string
    /// A string of base64 digits, seen as bytes.
    case bytes
    /// A string seen as a duration (`1h30m`).
    case duration
    /// A string of RFC 3339, seen as a point in time.
    case timestamp
    /// A string `YYYY-MM-DD`, seen as a point in time.
    case date
    case list(Shape, ListKind = .atomic)
    case map(Shape)
    case object(ObjectType)

    /// What makes two lists equal (`x-kubernetes-list-type`).
    public enum ListKind: Sendable, Equatable {
        /// The same elements in the same order.
        case atomic
        /// The same elements in any order.
        case set
        /// Elements found by these fields, in any order.
        case map(keys: [String])
    }

    public var type: CELType {
        switch self {
        case .dyn: .dyn
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .duration: .duration
        case .timestamp, .date: .timestamp
        case .list(let element, _): .list(element.type)
        case .map(let value): .map(.string, value.type)
        case .object(let type): .object(type)
        }
    }
}
