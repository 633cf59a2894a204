/// The field numbers of Kubernetes' protobuf messages. Read on the first request that comes in protobuf or asks
/// for it.
struct ProtobufCatalogue: Sendable {
    enum Kind: Sendable {
        case string
        case integer
        case bool
        case bytes
        case double
        case message(Int)
    }
    struct Field: Sendable {
        let name: String
        let kind: Kind
        let isRepeated: Bool
        let isMap: Bool
        /// The message's fields stand in its parent, as Go embeds it.
        let isInline: Bool
        /// A pointer in Go: not written when it is nil. Others are written even when they are zero.
        let isOptional: Bool
    }
    struct Message: Sendable {
        let name: String
        var fields: [Int: Field] = [:]
    }

    private(set) var messages: [Message] = []
    private(set) var positions: [String: Int] = [:]

    static let shared = ProtobufCatalogue()

    private init() {
        let text = UnsafeBufferPointer(
            start: ProtobufText.messages.utf8Start, count: ProtobufText.messages.utf8CodeUnitCount)
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let columns = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if columns.count == 2, columns[0] == "M" {
                positions[columns[1]] = messages.count
                messages.append(Message(name: columns[1]))
            } else if columns.count == 5, let number = Int(columns[1]), !messages.isEmpty {
                let kind: Kind
                switch columns[3] {
                case "s": kind = .string
                case "i": kind = .integer
                case "b": kind = .bool
                case "y": kind = .bytes
                case "d": kind = .double
                default:
                    guard let target = Int(columns[3]) else { continue }
                    kind = .message(target)
                }
                messages[messages.count - 1].fields[number] = Field(
                    name: columns[2], kind: kind, isRepeated: columns[4] == "r", isMap: columns[4] == "m",
                    isInline: columns[4] == "n", isOptional: columns[4] == "o")
            }
        }
    }
}
