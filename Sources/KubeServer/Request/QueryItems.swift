/// The query of a request URI, decoded as Go's url.ParseQuery: `+` is a space, `;` separates nothing.
struct QueryItems: Sendable {
    private(set) var items: [(name: String, value: String)] = []

    init() {}

    init(_ text: Substring) {
        for part in text.utf8.split(separator: UInt8(ascii: "&")) {
            let split = part.firstIndex(of: UInt8(ascii: "="))
            let name = part[..<(split ?? part.endIndex)]
            let value = split.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            items.append(
                (
                    Self.decode(Substring(name), plusIsSpace: true),
                    Self.decode(Substring(value), plusIsSpace: true)
                ))
        }
    }

    var isEmpty: Bool { items.isEmpty }

    func first(_ name: String) -> String? {
        for item in items where item.name == name { return item.value }
        return nil
    }

    func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// True for `1`, `true` and a bare `?name`, as upstream's conversion of query booleans.
    func flag(_ name: String) -> Bool {
        guard let value = first(name) else { return false }
        return !(value == "false" || value == "0")
    }

    /// Percent-decodes; an escape that is not one stays as it is.
    static func decode(_ text: Substring, plusIsSpace: Bool) -> String {
        if !text.utf8.contains(where: { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) })
        {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+"), plusIsSpace {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(hex),
                let low = rest.dropFirst().first.flatMap(hex)
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
