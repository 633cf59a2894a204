import KubeJSON

/// Writes objects in `application/vnd.kubernetes.protobuf`: what ``ProtobufDecoder`` reads, in the bytes that
/// upstream's serializer gives for the same object.
public enum ProtobufEncoder {
    /// An object with magic and envelope; the kind is the object's own.
    ///
    /// Throws for a kind that has no message, and for a value that does not fit its field.
    public static func object(_ value: JSON) throws(ProtobufError) -> [UInt8] {
        let (kind, apiVersion) = (value["kind"]?.string ?? "", value["apiVersion"]?.string ?? "")
        let type = try type(of: GroupVersionKind(apiVersion: apiVersion, kind: kind))
        var writer = ProtobufWriter(capacity: 4_096)
        begin(&writer)
        let before = writer.count
        try write(value, type, &writer)
        writer.close(before, 2 << 3 | 2)
        end(&writer, kind: kind, apiVersion: apiVersion)
        return writer.bytes
    }

    /// The message of a kind; throws where there is none.
    public static func type(of kind: GroupVersionKind) throws(ProtobufError) -> ProtobufType {
        if let type = ProtobufType(kind) { return type }
        throw ProtobufError(
            description:
                "object \(kind.kind) does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message",
            isOfKind: true)
    }

    /// An object's message, without kind and apiVersion.
    public static func message(_ value: JSON, as type: ProtobufType) throws(ProtobufError) -> [UInt8] {
        var writer = ProtobufWriter(capacity: 4_096)
        try write(value, type, &writer)
        return writer.bytes
    }

    /// A message with magic and envelope.
    public static func object(kind: String, apiVersion: String, message: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter(capacity: message.count + 128)
        begin(&writer)
        writer.raw(message)
        writer.close(writer.count - message.count, 2 << 3 | 2)
        end(&writer, kind: kind, apiVersion: apiVersion)
        return writer.bytes
    }

    /// What stands around the messages of a list's items. Every list has its metadata in the first field and its
    /// items in the second.
    public struct List: Sendable {
        /// Before the first item.
        public let head: [UInt8]
        /// After the last item.
        public static let tail: [UInt8] = [3 << 3 | 2, 0, 4 << 3 | 2, 0]

        public init(
            kind: String, apiVersion: String, metadata: JSON, itemSizes: some Sequence<Int>
        ) throws(ProtobufError) {
            guard let meta = ProtobufCatalogue.shared.positions[Self.metaName] else {
                throw ProtobufError(description: "no message \(Self.metaName)")
            }
            var writer = ProtobufWriter(capacity: 512)
            writer.message(metadata.object ?? [:], meta)
            writer.close(0, 1 << 3 | 2)
            var size = writer.count
            for item in itemSizes { size += 1 + varintSize(item) + item }
            writer.varint(UInt64(size))
            writer.varint(2 << 3 | 2)
            end(&writer, kind: kind, apiVersion: apiVersion)
            head = writer.bytes
        }

        private static let metaName = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"

        /// What stands before an item.
        public static func itemHead(_ size: Int) -> [UInt8] {
            var writer = ProtobufWriter(capacity: 16)
            writer.varint(UInt64(size))
            writer.varint(2 << 3 | 2)
            return writer.bytes
        }
    }

    /// An event of a watch, in a frame: four bytes of length, then a WatchEvent without envelope that holds an
    /// object with one.
    public static func frame(_ type: String, _ object: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter(capacity: object.count + 64)
        writer.raw(object)
        writer.close(0, 1 << 3 | 2)
        writer.close(0, 2 << 3 | 2)
        writer.string(type)
        writer.varint(1 << 3 | 2)
        let size = UInt32(writer.count)
        withUnsafeBytes(of: size.bigEndian) { writer.raw(Array($0)) }
        return writer.bytes
    }

    // MARK: Parts

    private static func write(
        _ value: JSON, _ type: ProtobufType, _ writer: inout ProtobufWriter
    ) throws(ProtobufError) {
        guard let object = value.object else { throw ProtobufError(description: "proto: not an object") }
        writer.message(object, type.position)
        if let fault = writer.fault {
            throw ProtobufError(description: "proto: the value of \(fault) does not fit its field")
        }
    }

    /// The last fields of the envelope: content encoding and content type, which are empty.
    private static func begin(_ writer: inout ProtobufWriter) { writer.raw(List.tail) }

    /// The envelope's first field, and the magic.
    private static func end(_ writer: inout ProtobufWriter, kind: String, apiVersion: String) {
        let before = writer.count
        writer.string(kind)
        writer.varint(2 << 3 | 2)
        writer.string(apiVersion)
        writer.varint(1 << 3 | 2)
        writer.close(before, 1 << 3 | 2)
        writer.raw(ProtobufDecoder.magic)
    }

    static func varintSize(_ value: Int) -> Int {
        value < 0x80 ? 1 : (63 - value.leadingZeroBitCount) / 7 + 1
    }
}
