/// One step of a path in a ``FieldSet``, kept in the form in which FieldsV1 stores it.
///
/// `f:name` is a field or map key, `k:{…}` the item of a list-map with those key values, `v:value` the
/// item of a set, `i:0` a position. Keeping the stored form means that reading and writing FieldsV1 makes
/// no new strings; key objects are held with sorted names, so equal steps have equal text.
public struct PathElement: Sendable, Hashable {
    public let text: String

    /// Takes text that is known to be in canonical form.
    @inlinable init(canonical text: String) { self.text = text }

    /// Reads a step as stored; nil when the text is not one of the four forms.
    ///
    /// - Returns: the step with its key names sorted.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes[bytes.index(after: bytes.startIndex)] == UInt8(ascii: ":") else {
            return nil
        }
        let body = bytes.dropFirst(2)
        switch bytes.first {
        case UInt8(ascii: "f"): self.init(canonical: text)
        case UInt8(ascii: "i"):
            guard let position = Int(String(text.dropFirst(2))) else { return nil }
            self.init(canonical: "i:\(position)")
        case UInt8(ascii: "v"):
            guard let value = try? JSONParser.parse(Array(body)) else { return nil }
            self.init(canonical: "v:" + JSONWriter.string(value))
        case UInt8(ascii: "k"):
            guard let value = try? JSONParser.parse(Array(body)), let object = value.object else {
                return nil
            }
            let pairs = object.map { ($0.key, $0.value) }
            self = .key(pairs)
        default: return nil
        }
    }

    public static func field(_ name: String) -> PathElement { PathElement(canonical: "f:" + name) }
    public static func value(_ value: JSON) -> PathElement {
        PathElement(canonical: "v:" + JSONWriter.string(value))
    }
    public static func index(_ position: Int) -> PathElement { PathElement(canonical: "i:\(position)") }

    /// The step to the list item whose key fields have these values, given in any order.
    public static func key(_ pairs: [(String, JSON)]) -> PathElement {
        var bytes: [UInt8] = [UInt8(ascii: "k"), UInt8(ascii: ":"), UInt8(ascii: "{")]
        bytes.reserveCapacity(48)
        let sorted = pairs.count < 2 ? pairs : pairs.sorted { utf8Less($0.0, $1.0) }
        for (position, pair) in sorted.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONWriter.write(pair.0, into: &bytes)
            bytes.append(UInt8(ascii: ":"))
            JSONWriter.write(pair.1, into: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return PathElement(canonical: String(decoding: bytes, as: UTF8.self))
    }

    @inlinable var form: UInt8 { text.utf8.first ?? 0 }

    /// The name, when this is a field.
    public var fieldName: String? { form == UInt8(ascii: "f") ? String(text.dropFirst(2)) : nil }
    public var isField: Bool { form == UInt8(ascii: "f") }
    public var isKey: Bool { form == UInt8(ascii: "k") }

    /// The names and values of a key step, sorted by name; empty for the other forms.
    public var keyFields: [(String, JSON)] {
        guard isKey, let object = try? JSONParser.parse(Array(text.utf8.dropFirst(2))).object else {
            return []
        }
        return object.map { ($0.key, $0.value) }
    }

    public static func == (left: PathElement, right: PathElement) -> Bool { left.text.utf8Equal(right.text) }
}

// MARK: - Order

extension PathElement: Comparable {
    /// Fields, then keys, then values, then positions; each by content (numbers as numbers).
    public static func < (left: PathElement, right: PathElement) -> Bool {
        let form = left.form
        guard form == right.form else { return rank(form) < rank(right.form) }
        if form == UInt8(ascii: "f") { return left.text < right.text }
        return contentLess(left.text, right.text)
    }

    private static func rank(_ form: UInt8) -> Int {
        switch form {
        case UInt8(ascii: "f"): 0
        case UInt8(ascii: "k"): 1
        case UInt8(ascii: "v"): 2
        default: 3
        }
    }

    /// Compares two JSON texts where they first differ: by magnitude inside a number, by bytes inside a
    /// string, and what ends first is less.
    private static func contentLess(_ left: String, _ right: String) -> Bool {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        var position = 0
        var inString = false
        while position < a.count, position < b.count, a[position] == b[position] {
            if a[position] == UInt8(ascii: "\\"), inString, position + 1 < a.count, position + 1 < b.count,
                a[position + 1] == b[position + 1]
            {
                position += 1
            } else if a[position] == UInt8(ascii: "\"") {
                inString.toggle()
            }
            position += 1
        }
        guard position < a.count, position < b.count else { return a.count < b.count }
        if inString {
            if a[position] == UInt8(ascii: "\"") { return true }
            if b[position] == UInt8(ascii: "\"") { return false }
            return a[position] < b[position]
        }
        func digits(_ bytes: [UInt8]) -> Int {
            var end = position
            while end < bytes.count, bytes[end] >= 0x30, bytes[end] <= 0x39 { end += 1 }
            return end - position
        }
        let (leftDigits, rightDigits) = (digits(a), digits(b))
        if leftDigits != rightDigits { return leftDigits < rightDigits }
        if a[position] == UInt8(ascii: "}") { return true }
        if b[position] == UInt8(ascii: "}") { return false }
        return a[position] < b[position]
    }
}

// MARK: - Text for people

extension PathElement: CustomStringConvertible {
    /// The step in the words of conflict messages: `.name`, `[name="a",port=80]`, `[="v"]`, `[0]`.
    public var description: String {
        switch form {
        case UInt8(ascii: "f"): "." + text.dropFirst(2)
        case UInt8(ascii: "k"):
            "[" + keyFields.map { "\($0.0)=\(Self.literal($0.1))" }.joined(separator: ",") + "]"
        case UInt8(ascii: "v"):
            "[=" + Self.literal((try? JSONParser.parse(Array(text.utf8.dropFirst(2)))) ?? .null) + "]"
        default: "[" + text.dropFirst(2) + "]"
        }
    }

    private static func literal(_ value: JSON) -> String {
        if let string = value.string { GoText.quoted(string) } else { JSONWriter.string(value) }
    }
}
