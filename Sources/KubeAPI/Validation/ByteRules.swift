/// Classes of ASCII bytes and the few shapes that names are made of, decided without a regular expression.
enum ByteRules {
    typealias Bytes = Substring.UTF8View

    @inline(__always) static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
    @inline(__always) static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    @inline(__always) static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        isLower(byte) || isDigit(byte)
    }
    @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLower(byte) || isUpper(byte) || isDigit(byte)
    }

    /// Labels joined by dots, each of lower-case letters and digits with dashes inside.
    static func isSubdomain(_ text: some Collection<UInt8>, underscore: Bool = false, dots: Bool = true)
        -> Bool
    {
        var previous: UInt8 = 0x2E  // as after a dot
        for byte in text {
            if isLowerAlphanumeric(byte) {
                previous = byte
                continue
            }
            let afterStart = previous == 0x2E
            switch byte {
            case 0x2D:  // dash
                if afterStart { return false }
                // "_-" at the start of a label: the one leading underscore must be followed by a letter.
                if previous == 0x01 { return false }
                previous = byte
            case 0x2E:
                guard dots, isLowerAlphanumeric(previous) else { return false }
                previous = byte
            case 0x5F where underscore:
                if previous == 0x01 { return false }
                // 0x01 marks an underscore that opens a label.
                previous = afterStart ? 0x01 : 0x5F
            default: return false
            }
        }
        return isLowerAlphanumeric(previous)
    }

    /// Letters and digits at both ends, and dashes, underscores and dots inside; not empty.
    static func isLabelName(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        guard let first = text.first, let last = text.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return text.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }
}
