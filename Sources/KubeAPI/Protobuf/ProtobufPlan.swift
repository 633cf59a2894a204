import KubeJSON

/// What the encoder needs of all messages: their fields in the order in which Go writes them, in one piece of
/// memory that is never changed. Made on the first answer in protobuf.
final class ProtobufPlan: Sendable {
    /// How a value that stands once in a field is written.
    enum Shape {
        case string
        case integer
        case bool
        case bytes
        case double
        case message(Int)
        case quantity
        case intOrString
        case time
        case microTime
        case duration
        /// JSON text, as bytes of the first field.
        case text
        /// A list of strings with a name of its own in Go.
        case strings(Int)
        case schemaOrBool(Int)
        case schemaOrArray(Int)
        case schemaOrStrings(Int)
    }
    enum Presence {
        /// Written even when it is zero.
        case always
        /// A pointer in Go.
        case unlessNull
        case repeated
        case map
        /// A message whose fields are in JSON its parent's.
        case inline
    }
    struct Field {
        let name: String
        /// Number and wire type, as they stand before each value.
        let tag: UInt64
        let shape: Shape
        let presence: Presence
    }

    static let shared = ProtobufPlan()

    /// Of each message, in the catalogue's order.
    private let messages: [[Field]]

    private init() {
        let catalogue = ProtobufCatalogue.shared
        messages = catalogue.messages.map { message in
            message.fields.sorted { $0.key < $1.key }.map { number, field in
                let shape = Self.shape(field.kind, catalogue)
                let presence: Presence =
                    if field.isRepeated { .repeated } else if field.isMap { .map } else if field.isInline {
                        .inline
                    } else { field.isOptional ? .unlessNull : .always }
                return Field(
                    name: field.name, tag: UInt64(number) << 3 | Self.wireType(shape, presence), shape: shape,
                    presence: presence)
            }
        }
    }

    func fields(of message: Int) -> [Field] { messages[message] }

    static func wireType(_ shape: Shape, _ presence: Presence = .always) -> UInt64 {
        if case .map = presence { return 2 }
        switch shape {
        case .integer, .bool: return 0
        case .double: return 1
        default: return 2
        }
    }

    private static func shape(_ kind: ProtobufCatalogue.Kind, _ catalogue: ProtobufCatalogue) -> Shape {
        switch kind {
        case .string: return .string
        case .integer: return .integer
        case .bool: return .bool
        case .bytes: return .bytes
        case .double: return .double
        case .message(let position):
            switch catalogue.messages[position].name.split(separator: ".").last {
            case "Quantity": return .quantity
            case "IntOrString": return .intOrString
            case "Time": return .time
            case "MicroTime": return .microTime
            case "Duration": return .duration
            case "RawExtension", "FieldsV1", "JSON": return .text
            case "ExtraValue", "Verbs", "AttestationValue": return .strings(position)
            case "JSONSchemaPropsOrBool": return .schemaOrBool(position)
            case "JSONSchemaPropsOrArray": return .schemaOrArray(position)
            case "JSONSchemaPropsOrStringArray": return .schemaOrStrings(position)
            default: return .message(position)
            }
        }
    }
}

/// A message that whole objects are written as.
public struct ProtobufType: Sendable {
    let position: Int

    /// The message of a kind; nil for kinds that have none, as `Table` and what is not built in.
    public init?(_ kind: GroupVersionKind) {
        let positions = ProtobufCatalogue.shared.positions
        let meta = "io.k8s.apimachinery.pkg.apis.meta.v1"
        func published() -> Int? {
            if let name = Catalogue.builtin.schema(for: kind)?.name, let found = positions[name] {
                return found
            }
            guard kind.kind.hasSuffix("List"),
                let item = Catalogue.builtin.schema(
                    for: GroupVersionKind(kind.group, kind.version, String(kind.kind.dropLast(4))))?.name
            else { return nil }
            return positions[item + "List"]
        }
        let found: Int? =
            switch (kind.group, kind.kind) {
            case ("meta.k8s.io", "PartialObjectMetadata"): positions[meta + ".PartialObjectMetadata"]
            case ("meta.k8s.io", "PartialObjectMetadataList"):
                positions[(kind.version == "v1" ? meta : meta + "beta1") + ".PartialObjectMetadataList"]
            case ("", "APIVersions"), ("", "APIGroupList"), ("", "APIGroup"), ("", "APIResourceList"):
                positions["\(meta).\(kind.kind)"]
            case ("apidiscovery.k8s.io", _): positions["io.k8s.api.apidiscovery.\(kind.version).\(kind.kind)"]
            default: published()
            }
        guard let found else { return nil }
        position = found
    }
}
