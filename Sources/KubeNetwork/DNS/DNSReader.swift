/// Why bytes are no message.
public enum DNSFormatError: Error, Sendable, Equatable {
    /// Fewer bytes than a header, or than the message says.
    case short
    /// A name that is too long, has a label of an unknown kind, or a pointer that does not point backwards.
    case name
    /// A record whose data are not what its type demands.
    case data
    /// More than one extension record, or one where none may be.
    case extensions
}

extension DNSMessage {
    /// Reads a message. Bytes after its end are not looked at. Takes any bytes at all; the work is bounded by their
    /// number, since a pointer leads only backwards and a name has at most 255 bytes.
    public init(parsing bytes: [UInt8]) throws(DNSFormatError) {
        var reader = DNSReader(bytes)
        self.init(id: try reader.number())
        let flags = try reader.number()
        isResponse = flags & 0x8000 != 0
        opcode = UInt8(flags >> 11 & 0xF)
        isAuthoritative = flags & 0x0400 != 0
        isTruncated = flags & 0x0200 != 0
        isRecursionDesired = flags & 0x0100 != 0
        isRecursionAvailable = flags & 0x0080 != 0
        isAuthenticated = flags & 0x0020 != 0
        isCheckingDisabled = flags & 0x0010 != 0
        code = DNSCode(rawValue: flags & 0xF)
        let counts = (try reader.number(), try reader.number(), try reader.number(), try reader.number())
        for _ in 0..<counts.0 {
            let name = try reader.name()
            questions.append(
                DNSQuestion(name, DNSType(rawValue: try reader.number()), recordClass: try reader.number()))
        }
        for _ in 0..<counts.1 { if let record = try record(&reader, .answers) { answers.append(record) } }
        for _ in 0..<counts.2 {
            if let record = try record(&reader, .authorities) { authorities.append(record) }
        }
        for _ in 0..<counts.3 {
            if let record = try record(&reader, .additionals) { additionals.append(record) }
        }
    }

    private enum Section { case answers, authorities, additionals }

    private mutating func record(_ reader: inout DNSReader, _ section: Section) throws(DNSFormatError)
        -> DNSRecord?
    {
        let name = try reader.name()
        let type = DNSType(rawValue: try reader.number())
        let recordClass = try reader.number()
        let high = try reader.number()
        let low = try reader.number()
        let length = Int(try reader.number())
        guard reader.index + length <= reader.bytes.count else { throw .short }
        if type == .opt {
            guard section == .additionals, extensions == nil, name == .root else { throw .extensions }
            extensions = DNSExtensions(
                payload: recordClass, version: UInt8(high & 0xFF), isSecurityWanted: low & 0x8000 != 0,
                flags: low, options: Array(reader.bytes[reader.index..<reader.index + length]))
            code.rawValue |= (high >> 8) << 4
            reader.index += length
            return nil
        }
        return DNSRecord(
            name, ttl: UInt32(high) << 16 | UInt32(low), try reader.data(type, length),
            recordClass: recordClass)
    }
}

struct DNSReader {
    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() throws(DNSFormatError) -> UInt8 {
        guard index < bytes.count else { throw .short }
        defer { index += 1 }
        return bytes[index]
    }

    mutating func number() throws(DNSFormatError) -> UInt16 { UInt16(try byte()) << 8 | UInt16(try byte()) }

    mutating func longNumber() throws(DNSFormatError) -> UInt32 {
        UInt32(try number()) << 16 | UInt32(try number())
    }

    mutating func name() throws(DNSFormatError) -> DomainName {
        var wire: [UInt8] = []
        var position = index
        /// Where the name that is read now started: a pointer must lead before it, so that there are no circles.
        var start = index
        var end: Int?
        while true {
            guard position < bytes.count else { throw .short }
            let length = Int(bytes[position])
            switch length & 0xC0 {
            case 0:
                guard position + 1 + length <= bytes.count else { throw .short }
                wire += bytes[position..<position + 1 + length]
                guard wire.count <= 255 else { throw .name }
                position += 1 + length
                if length == 0 {
                    index = end ?? position
                    return DomainName(trusted: wire)
                }
            case 0xC0:
                guard position + 1 < bytes.count else { throw .short }
                let target = (length & 0x3F) << 8 | Int(bytes[position + 1])
                guard target < start else { throw .name }
                if end == nil { end = position + 2 }
                position = target
                start = target
            default: throw .name
            }
        }
    }

    mutating func data(_ type: DNSType, _ length: Int) throws(DNSFormatError) -> DNSData {
        let end = index + length
        let data = try uncheckedData(type, end)
        guard index == end else { throw .data }
        return data
    }

    private mutating func uncheckedData(_ type: DNSType, _ end: Int) throws(DNSFormatError) -> DNSData {
        switch type {
        case .a where end - index == 4: return .a(rest(end))
        case .aaaa where end - index == 16: return .aaaa(rest(end))
        case .a, .aaaa: throw .data
        case .ns: return .ns(try name())
        case .cname: return .cname(try name())
        case .ptr: return .ptr(try name())
        case .mx: return .mx(preference: try number(), try name())
        case .srv:
            return .srv(priority: try number(), weight: try number(), port: try number(), try name())
        case .txt:
            var strings: [[UInt8]] = []
            while index < end {
                let length = Int(try byte())
                guard index + length <= end else { throw .data }
                strings.append(rest(index + length))
            }
            if strings.isEmpty { throw .data }
            return .txt(strings)
        case .soa:
            return .soa(
                DNSAuthority(
                    server: try name(), mailbox: try name(), serial: try longNumber(),
                    refresh: try longNumber(),
                    retry: try longNumber(), expire: try longNumber(), minimum: try longNumber()))
        default: return .other(type, try otherData(type, end))
        }
    }

    private mutating func rest(_ end: Int) -> [UInt8] {
        defer { index = end }
        return Array(bytes[index..<end])
    }

    /// What may stand in data of a type whose names may be compressed (RFC 3597, 4).
    private enum Part {
        case bytes(Int)
        case name
        case string
    }

    private static func layout(_ type: DNSType) -> [Part]? {
        switch type.rawValue {
        case 3, 4, 7, 8, 9, 39: [.name]
        case 14, 17: [.name, .name]
        case 18, 21, 36: [.bytes(2), .name]
        case 24: [.bytes(18), .name]
        case 26: [.bytes(2), .name, .name]
        case 30: [.name]
        case 35: [.bytes(4), .string, .string, .string, .name]
        default: nil
        }
    }

    private mutating func otherData(_ type: DNSType, _ end: Int) throws(DNSFormatError) -> [UInt8] {
        // Empty data are those of updates (RFC 2136), not ours to judge.
        guard let layout = Self.layout(type), index < end else { return rest(end) }
        var result: [UInt8] = []
        for part in layout {
            switch part {
            case .name: result += try name().wire
            case .bytes(let count):
                guard index + count <= end else { throw .data }
                result += rest(index + count)
            case .string:
                guard index < end, index + 1 + Int(bytes[index]) <= end else { throw .data }
                result += rest(index + 1 + Int(bytes[index]))
            }
            guard index <= end else { throw .data }
        }
        return result + rest(end)
    }
}
