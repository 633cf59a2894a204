/// The shape of a value: a type tree with what the patch formats, server-side apply and decoding need.
///
/// A schema knows nothing of any particular Kubernetes kind. It is built once (see ``SchemaBuilder`` users:
/// the built-in catalogue and CustomResourceDefinitions) and not changed after it is shared, which is what
/// makes it safe to read from every thread; the setters exist for builders, because types refer to
/// themselves (JSONSchemaProps).
public final class Schema: @unchecked Sendable {
    public enum Shape: Sendable {
        /// Named fields; unknown ones are dropped or, with `preservesUnknown`, kept.
        case structure
        /// Any keys, all of one type (`element`).
        case map
        case list
        case string
        /// `format` is int32 or int64.
        case integer
        case number
        case boolean
        /// A string or an integer, as IntOrString.
        case intOrString
        /// A resource quantity: read from a string or a number, written in canonical form.
        case quantity
        /// An instant, RFC 3339; `format` is "date-time" (seconds) or "micro-time".
        case time
        /// Base64 text.
        case bytes
        /// Anything at all (RawExtension, JSON, FieldsV1, unstructured content).
        case any
    }

    public enum ListType: Sendable, Equatable {
        case atomic
        case set
        case map(keys: [String])
    }

    /// What becomes of a field's empty value when an object is written, as Go's tags have it.
    public enum Presence: Sendable {
        /// Left out when zero (`""`, 0, false, `[]`, `{}`).
        case omitEmpty
        /// A pointer: an explicit zero is kept, absence stays absence.
        case pointer
        /// A pointer without `omitempty`: null is written when it is absent.
        case nullable
        /// Always written: the zero value (`""`, 0, false, null for lists and maps, `{}`) when absent.
        case always
    }

    public struct Field: Sendable {
        public let name: String
        public let schema: Schema
        public let presence: Presence
        public let isRequired: Bool
        /// Strategic merge patch: `merge`, `retainKeys`, or none of them (replace).
        public let patchMerge: Bool
        public let patchRetainKeys: Bool
        public let patchMergeKey: String?

        public init(
            name: String, schema: Schema, presence: Presence = .omitEmpty, isRequired: Bool = false,
            patchMerge: Bool = false, patchRetainKeys: Bool = false, patchMergeKey: String? = nil
        ) {
            self.name = name
            self.schema = schema
            self.presence = presence
            self.isRequired = isRequired
            self.patchMerge = patchMerge
            self.patchRetainKeys = patchRetainKeys
            self.patchMergeKey = patchMergeKey
        }
    }

    public let shape: Shape
    /// The published name of a structure, such as `io.k8s.api.core.v1.PodSpec`; empty for the unnamed.
    public let name: String
    public let format: String
    public internal(set) var fields: [Field] = []
    public internal(set) var element: Schema?
    public internal(set) var listType: ListType
    /// For structures and maps: replaced as a whole by server-side apply.
    public internal(set) var isAtomic: Bool
    public internal(set) var preservesUnknown: Bool
    /// The fields that are written even when they are absent.
    public private(set) var writtenFields: [Field] = []
    private var positions: [String: Int] = [:]

    public init(
        _ shape: Shape, name: String = "", format: String = "", element: Schema? = nil,
        listType: ListType = .atomic, isAtomic: Bool = false, preservesUnknown: Bool = false,
        fields: [Field] = []
    ) {
        self.shape = shape
        self.name = name
        self.format = format
        self.element = element
        self.listType = listType
        self.isAtomic = isAtomic
        self.preservesUnknown = preservesUnknown
        setFields(fields)
    }

    /// Completes a structure whose fields refer to types that were made after it. Builders only.
    public func setFields(_ fields: [Field]) {
        self.fields = fields
        writtenFields = fields.filter { $0.presence == .always || $0.presence == .nullable }
        positions = Dictionary(minimumCapacity: fields.count)
        for (position, field) in fields.enumerated() { positions[field.name] = position }
    }

    /// Completes a list or map whose element was made after it. Builders only.
    public func setElement(_ element: Schema) { self.element = element }

    public func field(_ name: String) -> Field? { positions[name].map { fields[$0] } }

    public static let any = Schema(.any, preservesUnknown: true)
}
