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

    public final class Field: Sendable {
        public let name: String
        public let schema: Schema
        public let presence: Presence
        public let isRequired: Bool
        /// Strategic merge patch: `merge`, `retainKeys`, or none of them (replace).
        public let patchMerge: Bool
        public let patchRetainKeys: Bool
        public let patchMergeKey: String?
        /// What the published schema declares as default: needed where the field is a list-map key that
        /// may be left out, such as the protocol of a port.
        public let defaultValue: JSON?
        /// The field as a step of a managed-fields path, made once because it is asked for so often.
        let element: PathElement

        public init(
            name: String, schema: Schema, presence: Presence = .omitEmpty, isRequired: Bool = false,
            patchMerge: Bool = false, patchRetainKeys: Bool = false, patchMergeKey: String? = nil,
            defaultValue: JSON? = nil
        ) {
            element = .field(name)
            self.defaultValue = defaultValue
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
    /// Positions of fields by a cheap hash of the name, -1 where there is none; a power of two long.
    private var slots: [Int16] = [-1]

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
        var size = 1
        while size < fields.count * 3 { size *= 2 }
        slots = [Int16](repeating: -1, count: size)
        for (position, field) in fields.enumerated() {
            var slot = Self.hash(field.name) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int16(position)
        }
    }

    /// Completes a list or map whose element was made after it. Builders only.
    public func setElement(_ element: Schema) { self.element = element }

    public func field(_ name: String) -> Field? { position(ofField: name).map { fields[$0] } }

    /// Where a field is in `fields`.
    func position(ofField name: String) -> Int? {
        let mask = slots.count - 1
        var slot = Self.hash(name) & mask
        while case let position = Int(slots[slot]), position >= 0 {
            if fields[position].name.utf8Equal(name) { return position }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Length and three bytes tell the few names of one structure apart well enough, and cost a fraction of
    /// a hash of the whole name.
    private static func hash(_ name: String) -> Int {
        name.utf8.withContiguousStorageIfAvailable { bytes in
            guard let first = bytes.first, let last = bytes.last else { return 0 }
            return bytes.count &* 7 &+ Int(first) &* 31 &+ Int(bytes[bytes.count / 2]) &* 131 &+ Int(last)
                &* 1_031
        } ?? name.utf8.count
    }

    public static let any = Schema(.any, preservesUnknown: true)
}
