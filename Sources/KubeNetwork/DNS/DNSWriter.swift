extension DNSMessage {
    /// The message's bytes, with names compressed where RFC 1035 allows it.
    ///
    /// - Parameter limit: the most bytes. Additional records that do not fit are left out; when an answer or an
    ///   authority does not fit, it and all after it are left out and the message says that it is cut (RFC 2181, 9).
    public func bytes(limit: Int = 65_535) -> [UInt8] {
        let extensionsLength = extensions.map { 11 + $0.options.count } ?? 0
        var writer = DNSWriter(limit: limit - extensionsLength)
        writer.bytes = [UInt8](repeating: 0, count: 12)
        var counts: [Int] = [0, 0, 0, 0]
        var isCut = isTruncated
        for question in questions {
            let isIn = writer.attempt {
                $0.name(question.name)
                $0.number(question.type.rawValue)
                $0.number(question.recordClass)
            }
            if !isIn { isCut = true }
            if isIn { counts[0] += 1 }
        }
        for (section, records) in [answers, authorities].enumerated() where !isCut || isTruncated {
            for record in records {
                guard writer.attempt({ $0.record(record) }) else {
                    isCut = true
                    break
                }
                counts[section + 1] += 1
            }
        }
        if !isCut || isTruncated {
            for record in additionals {
                guard writer.attempt({ $0.record(record) }) else { break }
                counts[3] += 1
            }
        }
        if let extensions, 12 + extensionsLength <= limit {
            writer.bytes.append(0)
            writer.number(DNSType.opt.rawValue)
            writer.number(extensions.payload)
            writer.number((code.rawValue >> 4) << 8 | UInt16(extensions.version))
            writer.number((extensions.isSecurityWanted ? 0x8000 : 0) | extensions.flags & 0x7FFF)
            writer.number(UInt16(truncatingIfNeeded: extensions.options.count))
            writer.bytes += extensions.options
            counts[3] += 1
        }
        var flags = UInt16(opcode & 0xF) << 11 | code.rawValue & 0xF
        if isResponse { flags |= 0x8000 }
        if isAuthoritative { flags |= 0x0400 }
        if isCut { flags |= 0x0200 }
        if isRecursionDesired { flags |= 0x0100 }
        if isRecursionAvailable { flags |= 0x0080 }
        if isAuthenticated { flags |= 0x0020 }
        if isCheckingDisabled { flags |= 0x0010 }
        writer.set(id, at: 0)
        writer.set(flags, at: 2)
        for (index, count) in counts.enumerated() {
            writer.set(UInt16(truncatingIfNeeded: count), at: 4 + 2 * index)
        }
        return writer.bytes
    }
}

struct DNSWriter {
    var bytes: [UInt8] = []
    let limit: Int
    /// Where each name that was written, and each end of one, stands. By spelling, so that no case changes.
    private var places: [ArraySlice<UInt8>: UInt16] = [:]

    init(limit: Int) { self.limit = limit }

    /// Writes something whole or not at all.
    mutating func attempt(_ write: (inout DNSWriter) -> Void) -> Bool {
        let length = bytes.count
        write(&self)
        if bytes.count <= limit { return true }
        bytes.removeLast(bytes.count - length)
        places = places.filter { Int($0.value) < length }
        return false
    }

    mutating func number(_ number: UInt16) {
        bytes.append(UInt8(number >> 8))
        bytes.append(UInt8(number & 0xFF))
    }

    mutating func longNumber(_ value: UInt32) {
        number(UInt16(value >> 16))
        number(UInt16(value & 0xFFFF))
    }

    mutating func set(_ number: UInt16, at index: Int) {
        bytes[index] = UInt8(number >> 8)
        bytes[index + 1] = UInt8(number & 0xFF)
    }

    mutating func name(_ name: DomainName, isCompressed: Bool = true) {
        let wire = name.wire
        var index = 0
        while index < wire.count, wire[index] > 0 {
            let rest = wire[index...]
            if isCompressed, let place = places[rest] {
                number(0xC000 | place)
                return
            }
            if bytes.count < 0x4000 { places[rest] = UInt16(bytes.count) }
            let end = min(index + 1 + Int(wire[index]), wire.count)
            bytes += wire[index..<end]
            index = end
        }
        bytes.append(0)
    }

    mutating func record(_ record: DNSRecord) {
        name(record.name)
        number(record.type.rawValue)
        number(record.recordClass)
        longNumber(record.ttl)
        let start = bytes.count
        number(0)
        switch record.data {
        case .a(let address), .aaaa(let address): bytes += address
        case .ns(let target), .cname(let target), .ptr(let target): name(target)
        case .mx(let preference, let target):
            number(preference)
            name(target)
        case .srv(let priority, let weight, let port, let target):
            number(priority)
            number(weight)
            number(port)
            // RFC 2782 forbids compression here.
            name(target, isCompressed: false)
        case .txt(let strings):
            for string in strings {
                bytes.append(UInt8(min(string.count, 255)))
                bytes += string.prefix(255)
            }
        case .soa(let authority):
            name(authority.server)
            name(authority.mailbox)
            longNumber(authority.serial)
            longNumber(authority.refresh)
            longNumber(authority.retry)
            longNumber(authority.expire)
            longNumber(authority.minimum)
        case .other(_, let data): bytes += data
        }
        set(UInt16(truncatingIfNeeded: bytes.count - start - 2), at: start)
    }
}
