/// The PEM blocks of a text that is itself written in base64, as JSON has bytes.
struct PEMBlocks: Sequence {
    struct Block {
        let type: String
        let hasHeaders: Bool
        let bytes: [UInt8]
    }

    private(set) var blocks: [Block] = []
    var isEmpty: Bool { blocks.isEmpty }
    var first: Block? { blocks.first }

    func makeIterator() -> IndexingIterator<[Block]> { blocks.makeIterator() }

    init(_ base64: String) {
        guard let text = Self.decode(base64.utf8) else { return }
        var type: String?
        var body: [UInt8] = []
        var hasHeaders = false
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = String(decoding: line, as: UTF8.self).trimmingTrailingSpace
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----"), line.utf8.count > 16 {
                type = String(line.dropFirst(11).dropLast(5))
                (body, hasHeaders) = ([], false)
            } else if let open = type, line.hasPrefix("-----END ") {
                type = nil
                guard line == "-----END \(open)-----", let bytes = Self.decode(body) else { continue }
                blocks.append(Block(type: open, hasHeaders: hasHeaders, bytes: bytes))
            } else if type != nil {
                if line.contains(":") { hasHeaders = true } else { body += line.utf8 }
            }
        }
    }

    /// Standard base64 with padding; nil when it is not.
    private static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var (bits, count): (UInt32, Int) = (0, 0)
        var padding = 0
        for byte in text {
            let digit: UInt32
            switch byte {
            case 0x41...0x5A: digit = UInt32(byte) - 0x41
            case 0x61...0x7A: digit = UInt32(byte) - 0x61 + 26
            case 0x30...0x39: digit = UInt32(byte) - 0x30 + 52
            case 0x2B: digit = 62
            case 0x2F: digit = 63
            case 0x3D:
                padding += 1
                continue
            default: return nil
            }
            if padding > 0 { return nil }
            bits = bits << 6 | digit
            count += 1
            if count % 4 == 0 {
                bytes += [UInt8(bits >> 16 & 0xFF), UInt8(bits >> 8 & 0xFF), UInt8(bits & 0xFF)]
                bits = 0
            }
        }
        switch (count % 4, padding) {
        case (0, 0): break
        case (2, 2): bytes.append(UInt8(bits >> 4 & 0xFF))
        case (3, 1): bytes += [UInt8(bits >> 10 & 0xFF), UInt8(bits >> 2 & 0xFF)]
        default: return nil
        }
        return bytes
    }
}

extension String {
    fileprivate var trimmingTrailingSpace: String {
        var text = self[...]
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// Whether bytes can be one ASN.1 structure at all: that it begins as one and is as long as it says.
enum DERForm {
    static func problem(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 2 else { return "asn1: syntax error: truncated tag or length" }
        guard bytes[0] == 0x30 else { return "asn1: structure error: sequence tag mismatch" }
        var length = Int(bytes[1])
        var start = 2
        if length >= 0x80 {
            let width = length & 0x7F
            guard (1...4).contains(width), bytes.count >= 2 + width else {
                return "asn1: syntax error: truncated tag or length"
            }
            length = bytes[2..<2 + width].reduce(0) { $0 << 8 | Int($1) }
            start += width
        }
        if bytes.count < start + length { return "asn1: syntax error: data truncated" }
        if bytes.count > start + length { return "asn1: syntax error: trailing data" }
        return nil
    }
}
