import KubeJSON

/// Reads objects in `application/vnd.kubernetes.protobuf` into the JSON that says the same, so that clients
/// which write protobuf (kubectl, controllers built on client-go) are served. The form is that of
/// k8s.io/apimachinery/pkg/runtime/serializer/protobuf: four bytes of magic, then a runtime.Unknown.
public enum ProtobufDecoder {
    static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]
    private static let depthLimit = 100

    /// The object, with the kind and apiVersion of its envelope.
    ///
    /// - Parameter schemaName: finds the published name of the type of a kind.
    public static func decode(
        _ bytes: [UInt8], schemaName: (GroupVersionKind) -> String?
    ) throws(ProtobufError) -> JSON {
        guard bytes.starts(with: magic) else {
            throw ProtobufError(
                description:
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
        }
        var kind = ""
        var apiVersion = ""
        var raw = ArraySlice<UInt8>()
        var envelope = ProtobufReader(bytes[magic.count...])
        while let (number, value) = try envelope.next() {
            guard case .bytes(let content) = value else { continue }
            switch number {
            case 1:
                var type = ProtobufReader(content)
                while let (number, value) = try type.next() {
                    guard case .bytes(let text) = value else { continue }
                    if number == 1 { apiVersion = try string(text) }
                    if number == 2 { kind = try string(text) }
                }
            case 2: raw = content
            default: break
            }
        }
        let parts = apiVersion.split(separator: "/", maxSplits: 1).map(String.init)
        let type =
            parts.count == 2
            ? GroupVersionKind(parts[0], parts[1], kind) : GroupVersionKind("", apiVersion, kind)
        guard let name = schemaName(type), let position = ProtobufCatalogue.shared.positions[name] else {
            throw ProtobufError(
                description:
                    "no kind \"\(kind)\" is registered for version \"\(apiVersion)\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
            )
        }
        var object: JSONObject = ["kind": .string(kind), "apiVersion": .string(apiVersion)]
        try read(raw, as: position, into: &object, depth: 0)
        return .object(object)
    }

    private static func string(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ProtobufReader.malformed("a string is not UTF-8")
        }
        return text
    }

    /// Reads the fields of a message into an object.
    private static func read(
        _ bytes: ArraySlice<UInt8>, as position: Int, into object: inout JSONObject, depth: Int
    ) throws(ProtobufError) {
        guard depth < depthLimit else { throw ProtobufReader.malformed("exceeded max depth") }
        let message = ProtobufCatalogue.shared.messages[position]
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() {
            // Fields that this version does not know are passed over, as upstream does.
            guard let field = message.fields[number] else { continue }
            if field.isMap {
                let (key, element) = try entry(value, field, depth)
                var map = object[field.name]?.object ?? [:]
                object[field.name] = .null
                map[key] = element
                object[field.name] = .object(map)
            } else if field.isInline, case .message(let target) = field.kind, case .bytes(let content) = value
            {
                try read(content, as: target, into: &object, depth: depth + 1)
            } else if field.isRepeated {
                var list = object[field.name]?.array ?? []
                object[field.name] = .null
                if case .bytes(let packed) = value, case .integer = field.kind {
                    list += try unpacked(packed)
                } else {
                    list.append(try single(value, field.kind, depth))
                }
                object[field.name] = .array(list)
            } else {
                object[field.name] = try single(value, field.kind, depth)
            }
        }
    }

    private static func unpacked(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> [JSON] {
        // Each varint reads as a field would after a tag of its own: put one before each.
        var values: [JSON] = []
        var start = bytes.startIndex
        for index in bytes.indices where bytes[index] & 0x80 == 0 {
            var reader = ProtobufReader([0x08] + bytes[start...index])
            if let (_, value) = try reader.next() { values.append(.integer(value.integer)) }
            start = bytes.index(after: index)
        }
        return values
    }

    private static func entry(
        _ value: ProtobufReader.Value, _ field: ProtobufCatalogue.Field, _ depth: Int
    ) throws(ProtobufError) -> (String, JSON) {
        guard case .bytes(let content) = value else {
            throw ProtobufReader.malformed("a map entry is no message")
        }
        var key = ""
        var element: JSON?
        var reader = ProtobufReader(content)
        while let (number, value) = try reader.next() {
            if number == 1, case .bytes(let text) = value { key = try string(text) }
            if number == 2 { element = try single(value, field.kind, depth) }
        }
        if let element { return (key, element) }
        return (key, try single(.bytes([]), field.kind, depth))
    }

    private static func single(
        _ value: ProtobufReader.Value, _ kind: ProtobufCatalogue.Kind, _ depth: Int
    ) throws(ProtobufError) -> JSON {
        switch (kind, value) {
        case (.string, .bytes(let bytes)): return .string(try string(bytes))
        case (.bytes, .bytes(let bytes)): return .string(Base64.encode(Array(bytes)))
        case (.bool, let value): return .bool(value.integer != 0)
        case (.integer, let value): return .integer(value.integer)
        case (.double, .fixed64(let bits)): return .double(Double(bitPattern: bits))
        case (.double, .fixed32(let bits)): return .double(Double(Float(bitPattern: bits)))
        case (.message(let position), .bytes(let bytes)):
            let name = ProtobufCatalogue.shared.messages[position].name
            if let special = try special(name, bytes, depth) { return special }
            var object = JSONObject()
            try read(bytes, as: position, into: &object, depth: depth + 1)
            if name.hasSuffix(".JSONSchemaProps") {
                for (key, value) in object where isUnset(key, value) { object.removeValue(forKey: key) }
            }
            return .object(object)
        default: throw ProtobufReader.malformed("a field has another wire type than its own")
        }
    }

    /// Types whose JSON is not an object of their fields.
    private static func special(
        _ name: String, _ bytes: ArraySlice<UInt8>, _ depth: Int
    ) throws(ProtobufError) -> JSON? {
        guard let type = name.split(separator: ".").last else { return nil }
        switch type {
        case "Quantity":
            guard let value = try field(1, of: bytes) else { return "0" }
            return .string(try text(value))
        case "IntOrString":
            if try field(1, of: bytes)?.integer == 1 {
                guard let value = try field(3, of: bytes) else { return "" }
                return .string(try text(value))
            }
            return .integer(Int64(Int32(truncatingIfNeeded: try field(2, of: bytes)?.integer ?? 0)))
        case "Time", "MicroTime":
            let seconds = try field(1, of: bytes)?.integer
            let nanoseconds = try field(2, of: bytes)?.integer
            if seconds == nil, nanoseconds == nil { return .null }
            let time = Timestamp(
                seconds: seconds ?? 0, nanoseconds: Int32(truncatingIfNeeded: nanoseconds ?? 0))
            return .string(type == "Time" ? time.rfc3339 : time.rfc3339Micro)
        case "Duration":
            return .string(GoDuration(nanoseconds: try field(1, of: bytes)?.integer ?? 0).description)
        case "RawExtension", "FieldsV1", "JSON":
            guard case .bytes(let raw)? = try field(1, of: bytes), !raw.isEmpty else { return .null }
            do throws(JSONParseError) { return try JSONParser.parse(raw) } catch {
                throw ProtobufError(description: error.reason)
            }
        case "ExtraValue", "Verbs", "AttestationValue":
            var reader = ProtobufReader(bytes)
            var items: [JSON] = []
            while let (number, value) = try reader.next() {
                if number == 1 { items.append(.string(try text(value))) }
            }
            return .array(items)
        default: return try schemaAlternative(type, name, bytes, depth)
        }
    }

    /// Of a schema, which nobody reads by its Go type later: Go writes fields that are not set, too.
    private static func isUnset(_ key: String, _ value: JSON) -> Bool {
        switch value {
        case .string(let text): text.isEmpty
        case .bool(let flag): !flag && key != "x-kubernetes-preserve-unknown-fields"
        default: false
        }
    }

    /// The places in a CRD's schema where JSON has one of two types.
    private static func schemaAlternative(
        _ type: Substring, _ name: String, _ bytes: ArraySlice<UInt8>, _ depth: Int
    ) throws(ProtobufError) -> JSON? {
        guard type.hasPrefix("JSONSchemaPropsOr"), let position = ProtobufCatalogue.shared.positions[name]
        else {
            return nil
        }
        var object = JSONObject()
        try read(bytes, as: position, into: &object, depth: depth + 1)
        switch type {
        case "JSONSchemaPropsOrBool": return object["schema"] ?? object["allows"] ?? false
        case "JSONSchemaPropsOrArray": return object["schema"] ?? object["jSONSchemas"] ?? .null
        default: return object["schema"] ?? object["property"] ?? .null
        }
    }

    private static func field(
        _ wanted: Int, of bytes: ArraySlice<UInt8>
    ) throws(ProtobufError) -> ProtobufReader.Value? {
        var reader = ProtobufReader(bytes)
        while let (number, value) = try reader.next() { if number == wanted { return value } }
        return nil
    }

    private static func text(_ value: ProtobufReader.Value) throws(ProtobufError) -> String {
        guard case .bytes(let bytes) = value else {
            throw ProtobufReader.malformed("a string has another wire type")
        }
        return try string(bytes)
    }
}
