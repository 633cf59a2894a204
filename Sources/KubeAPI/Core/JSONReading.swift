import KubeJSON

/// Reading fields as Go's zero values have them: absent text is empty, an absent list has no items.
extension JSON {
    @inline(__always) func text(_ key: String) -> String { self[key]?.string ?? "" }
    @inline(__always) func items(_ key: String) -> [JSON] { self[key]?.array ?? [] }
    @inline(__always) func number(_ key: String) -> Int64 { self[key]?.integer ?? 0 }
    @inline(__always) func flag(_ key: String) -> Bool { self[key]?.bool ?? false }
    func texts(_ key: String) -> [String] { items(key).compactMap(\.string) }

    /// Sets a field that is absent or empty text.
    mutating func fill(_ key: String, _ value: JSON) {
        switch self[key] {
        case nil, .some(.string("")): self[key] = value
        default: break
        }
    }

    /// Takes a member out. Not inlined: Swift 6.3.1's optimiser fails on `self[key] = nil` in closures.
    @inline(never) mutating func drop(_ key: String) {
        guard case .object(var object) = self else { return }
        self = .null
        object.removeValue(forKey: key)
        self = .object(object)
    }

    /// Changes a member in place, when it is there.
    mutating func change(_ key: String, _ body: (inout JSON) -> Void) {
        guard self[key] != nil else { return }
        var value = self[key] ?? .null
        self[key] = .null
        body(&value)
        self[key] = value
    }

    /// Changes each item of a list in place, when it is there.
    mutating func changeItems(_ key: String, _ body: (inout JSON) -> Void) {
        change(key) { list in
            guard case .array(var items) = list else { return }
            list = .null
            for index in items.indices { body(&items[index]) }
            list = .array(items)
        }
    }
}

/// Collects errors; a rule adds to it only what is wrong.
typealias Errors = [FieldError]

extension Errors {
    mutating func check(_ text: String, _ path: @autoclosure () -> FieldPath, _ rule: (String) -> [String]) {
        let words = rule(text)
        if words.isEmpty { return }
        let path = path()
        for word in words { append(.invalid(path, .string(text), word)) }
    }
    mutating func label(_ text: String, _ path: @autoclosure () -> FieldPath) {
        check(text, path()) { NameRules.dns1123Label($0) }
    }
    mutating func subdomain(_ text: String, _ path: @autoclosure () -> FieldPath) {
        check(text, path()) { NameRules.dns1123Subdomain($0) }
    }
    mutating func nonnegative(_ value: JSON?, _ path: @autoclosure () -> FieldPath) {
        guard let number = value?.integer, number < 0 else { return }
        append(.invalid(path(), .integer(number), FieldRules.negativeWords))
    }
    /// `required` when the text is empty, `not supported` when it is none of the given.
    mutating func oneOf(_ text: String, _ path: @autoclosure () -> FieldPath, _ supported: [String]) {
        if supported.contains(text) { return }
        append(text.isEmpty ? .required(path()) : .notSupported(path(), .string(text), supported))
    }
    /// `not supported` when an optional field is there with another value.
    mutating func optionalOneOf(_ value: JSON?, _ path: @autoclosure () -> FieldPath, _ supported: [String]) {
        guard let text = value?.string, !supported.contains(text) else { return }
        append(.notSupported(path(), .string(text), supported))
    }
    mutating func range(_ value: JSON?, _ path: @autoclosure () -> FieldPath, _ low: Int, _ high: Int) {
        guard let number = value?.int, number < low || number > high else { return }
        append(.invalid(path(), .integer(Int64(number)), NameRules.inclusiveRange(low, high)))
    }
    /// A port by number or by name.
    mutating func port(_ value: JSON?, _ path: @autoclosure () -> FieldPath) {
        if case .string(let name) = value {
            check(name, path(), NameRules.portName)
        } else {
            range(value ?? 0, path(), 1, 65535)
        }
    }
}
