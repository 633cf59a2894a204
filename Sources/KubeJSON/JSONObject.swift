/// The members of a JSON object, in the order in which they were added.
///
/// Small objects are searched in place, which for the handful of keys that most have is faster than any
/// hash; from `indexThreshold` members on an index is kept beside them.
public struct JSONObject: Sendable {
    public struct Member: Sendable, Hashable {
        public let key: String
        public var value: JSON

        @inlinable public init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    @usableFromInline static let indexThreshold = 24

    @usableFromInline var members: [Member]
    @usableFromInline var index: KeyIndex?

    @inlinable public init() {
        members = []
    }

    /// Later members of the same key replace earlier ones.
    public init(_ pairs: some Sequence<(String, JSON)>) {
        members = []
        for (key, value) in pairs { self[key] = value }
    }

    /// Takes members that are known to have distinct keys.
    @inlinable init(distinct members: [Member]) {
        self.members = members
        if members.count > Self.indexThreshold { index = KeyIndex(members) }
    }

    @inlinable public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

    @inlinable func position(of key: String) -> Int? {
        if let index { return index.positions[key] }
        for position in members.indices where members[position].key == key { return position }
        return nil
    }

    @inlinable public subscript(key: String) -> JSON? {
        get {
            guard let position = position(of: key) else { return nil }
            return members[position].value
        }
        _modify {
            if let position = position(of: key) {
                var value: JSON? = members[position].value
                members[position].value = .null
                defer {
                    if let value { members[position].value = value } else { remove(at: position) }
                }
                yield &value
            } else {
                var value: JSON?
                defer { if let value { append(key, value) } }
                yield &value
            }
        }
    }

    @inlinable public func contains(_ key: String) -> Bool { position(of: key) != nil }

    /// Adds a member whose key is known to be absent.
    @inlinable mutating func append(_ key: String, _ value: JSON) {
        members.append(Member(key: key, value: value))
        guard members.count > Self.indexThreshold else { return }
        if index == nil {
            index = KeyIndex(members)
        } else {
            uniqueIndex().positions[key] = members.count - 1
        }
    }

    @usableFromInline mutating func remove(at position: Int) {
        members.remove(at: position)
        index = members.count > Self.indexThreshold ? KeyIndex(members) : nil
    }

    @usableFromInline mutating func uniqueIndex() -> KeyIndex {
        if !isKnownUniquelyReferenced(&index), let shared = index { index = KeyIndex(shared.positions) }
        return index ?? KeyIndex(members)
    }

    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSON? {
        guard let position = position(of: key) else { return nil }
        let value = members[position].value
        remove(at: position)
        return value
    }

    /// Keeps the members for which the test holds.
    public mutating func filter(_ keep: (Member) throws -> Bool) rethrows {
        try members.removeAll { try !keep($0) }
        index = members.count > Self.indexThreshold ? KeyIndex(members) : nil
    }

    /// The same keys with other values.
    @inlinable public func mapValues(_ transform: (JSON) throws -> JSON) rethrows -> JSONObject {
        var copy = self
        for position in copy.members.indices {
            copy.members[position].value = try transform(copy.members[position].value)
        }
        return copy
    }

    @inlinable public var keys: some Sequence<String> { members.lazy.map(\.key) }
    public var sortedKeys: [String] { members.map(\.key).sorted(by: utf8Less) }

    /// Where keys are, for objects of many members. Replaced, never changed, while it is shared.
    @usableFromInline final class KeyIndex: @unchecked Sendable {
        @usableFromInline var positions: [String: Int]

        @usableFromInline init(_ positions: [String: Int]) { self.positions = positions }
        @usableFromInline init(_ members: [Member]) {
            positions = Dictionary(minimumCapacity: members.count)
            for (position, member) in members.enumerated() { positions[member.key] = position }
        }
    }
}

/// Orders strings by their UTF-8 bytes, as Go and etcd do.
@inlinable public func utf8Less(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}

extension JSONObject: RandomAccessCollection {
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { members.count }
    @inlinable public var count: Int { members.count }
    @inlinable public var isEmpty: Bool { members.isEmpty }
    @inlinable public subscript(position: Int) -> (key: String, value: JSON) {
        (members[position].key, members[position].value)
    }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.members.count == right.members.count else { return false }
        // Copies of one object share their members: then there is nothing to compare.
        let isShared = left.members.withUnsafeBufferPointer { a in
            right.members.withUnsafeBufferPointer { b in a.baseAddress == b.baseAddress }
        }
        if isShared { return true }
        var ordered = true
        for position in left.members.indices {
            let member = left.members[position]
            if ordered, right.members[position].key == member.key {
                if right.members[position].value != member.value { return false }
            } else {
                ordered = false
                guard let other = right[member.key], other == member.value else { return false }
            }
        }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        // Independent of order: members are hashed apart and summed.
        var sum = 0
        for member in members { sum &+= member.hashValue }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
