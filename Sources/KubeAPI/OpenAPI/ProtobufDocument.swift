import KubeJSON

/// An OpenAPI v2 document in protobuf, as gnostic's `openapi.v2.Document`: what kubectl reads when it validates
/// a List by itself. It has the definitions; of the paths, which nobody reads in this form, none.
public enum ProtobufDocument {
    public static func encode(_ document: JSON) -> [UInt8] {
        var message = Message()
        message.put(1, document["swagger"]?.string ?? "2.0")
        var info = Message()
        info.put(1, document["info"]?["title"]?.string ?? "")
        info.put(2, document["info"]?["version"]?.string ?? "")
        message.put(2, info)
        message.put(8, Message())
        message.put(9, named(document["definitions"]?.object ?? [:]))
        return message.bytes
    }

    /// Schemas by name: both `Definitions` and `Properties` are such lists.
    private static func named(_ schemas: JSONObject) -> Message {
        var message = Message()
        for (name, schema) in schemas {
            var entry = Message()
            entry.put(1, name)
            entry.put(2, self.schema(schema))
            message.put(1, entry)
        }
        return message
    }

    private static func schema(_ value: JSON) -> Message {
        var message = Message()
        for (key, member) in value.object ?? [:] {
            switch (key, member) {
            case ("$ref", .string(let text)): message.put(1, text)
            case ("format", .string(let text)): message.put(2, text)
            case ("title", .string(let text)): message.put(3, text)
            case ("description", .string(let text)): message.put(4, text)
            case ("default", _): message.put(5, any(member))
            case ("required", .array(let names)):
                for name in names { message.put(19, name.string ?? "") }
            case ("enum", .array(let values)):
                for value in values { message.put(20, any(value)) }
            case ("additionalProperties", .bool(let isAllowed)):
                var item = Message()
                item.put(2, isAllowed)
                message.put(21, item)
            case ("additionalProperties", _):
                var item = Message()
                item.put(1, schema(member))
                message.put(21, item)
            case ("type", .string(let text)):
                var type = Message()
                type.put(1, text)
                message.put(22, type)
            case ("items", _):
                var items = Message()
                items.put(1, schema(member))
                message.put(23, items)
            case ("allOf", .array(let schemas)):
                for one in schemas { message.put(24, schema(one)) }
            case ("properties", .object(let properties)): message.put(25, named(properties))
            default:
                guard key.hasPrefix("x-") else { continue }
                var extra = Message()
                extra.put(1, key)
                extra.put(2, any(member))
                message.put(31, extra)
            }
        }
        return message
    }

    /// A value of any kind as YAML, of which JSON is a part.
    private static func any(_ value: JSON) -> Message {
        var message = Message()
        message.put(2, JSONWriter.string(value))
        return message
    }

    /// The fields of one message as they go over the wire.
    private struct Message {
        var bytes: [UInt8] = []

        mutating func put(_ field: UInt64, _ text: String) { put(field, Array(text.utf8)) }
        mutating func put(_ field: UInt64, _ message: Message) { put(field, message.bytes) }
        mutating func put(_ field: UInt64, _ flag: Bool) {
            varint(field << 3)
            varint(flag ? 1 : 0)
        }

        private mutating func put(_ field: UInt64, _ content: [UInt8]) {
            varint(field << 3 | 2)
            varint(UInt64(content.count))
            bytes += content
        }

        private mutating func varint(_ value: UInt64) {
            var rest = value
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
    }
}
