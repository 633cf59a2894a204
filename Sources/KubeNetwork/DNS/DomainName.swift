/// A domain name as it goes over the wire, uncompressed: each label behind its length, and a zero at the end (RFC
/// 1035, 3.1). Upper and lower case are kept, because resolvers check that their spelling comes back.
public struct DomainName: Hashable, Sendable, CustomStringConvertible {
    /// At most 255 bytes, of labels of at most 63.
    public let wire: [UInt8]

    public static let root = DomainName(trusted: [0])

    init(trusted wire: [UInt8]) { self.wire = wire }

    /// Reads a name as master files write it: `\.` is a dot in a label, `\ddd` the byte of that number. A dot at
    /// the end is not needed.
    public init?(_ text: some StringProtocol) {
        var wire: [UInt8] = []
        var label: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        if source == [0x2E] { index = 1 }
        while index < source.count {
            let byte = source[index]
            index += 1
            if byte == 0x2E {
                guard !label.isEmpty, label.count <= 63 else { return nil }
                wire.append(UInt8(label.count))
                wire += label
                label = []
            } else if byte == 0x5C {
                guard index < source.count else { return nil }
                if source[index] >= 0x30, source[index] <= 0x39 {
                    guard index + 3 <= source.count,
                        let value = UInt8(String(decoding: source[index..<index + 3], as: UTF8.self))
                    else { return nil }
                    label.append(value)
                    index += 3
                } else {
                    label.append(source[index])
                    index += 1
                }
            } else {
                label.append(byte)
            }
        }
        if !label.isEmpty {
            guard label.count <= 63 else { return nil }
            wire.append(UInt8(label.count))
            wire += label
        }
        wire.append(0)
        guard wire.count <= 255 else { return nil }
        self.wire = wire
    }

    /// The labels put before a name; nil when they or the whole are too long.
    init?(_ labels: [String], before rest: DomainName) {
        var wire: [UInt8] = []
        for label in labels {
            let bytes = Array(label.utf8)
            guard !bytes.isEmpty, bytes.count <= 63 else { return nil }
            wire.append(UInt8(bytes.count))
            wire += bytes
        }
        wire += rest.wire
        guard wire.count <= 255 else { return nil }
        self.wire = wire
    }

    /// In lower case: names that differ in case alone are the same name. The lengths are no letters, because
    /// they are below 64.
    public var folded: DomainName { DomainName(trusted: wire.map(Self.folded)) }

    static func folded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    /// The labels from the left, without the root's.
    var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var index = 0
        while index < wire.count, wire[index] > 0 {
            let end = index + 1 + Int(wire[index])
            guard end < wire.count else { break }
            labels.append(wire[index + 1..<end])
            index = end
        }
        return labels
    }

    /// The labels to the left of a zone's, in lower case and as text; nil when the name is not in the zone. A
    /// label with a byte that is no ASCII is none of ours and comes as a question mark.
    func labels(below zone: DomainName) -> [String]? {
        let own = folded.labels
        let others = zone.folded.labels
        guard own.count >= others.count, own.suffix(others.count).elementsEqual(others, by: { $0 == $1 })
        else {
            return nil
        }
        return own.dropLast(others.count).map { label in
            label.allSatisfy { $0 < 0x80 } ? String(decoding: label, as: UTF8.self) : "?"
        }
    }

    public func isWithin(_ zone: DomainName) -> Bool { labels(below: zone) != nil }

    /// As master files write it, with the dot at the end.
    public var description: String {
        var text = ""
        for label in labels {
            for byte in label {
                switch byte {
                case 0x2E, 0x5C: text += "\\" + String(UnicodeScalar(byte))
                case 0x21...0x7E: text += String(UnicodeScalar(byte))
                default:
                    let digits = String(byte)
                    text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
                }
            }
            text += "."
        }
        return text.isEmpty ? "." : text
    }
}
