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

        public static func == (left: Member, right: Member) -> Bool {
            left.key.utf8Equal(right.key) && left.value == right.value
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
    @inlinable init(distinct members: [Member], index: KeyIndex? = nil) {
        self.members = members
        if members.count > Self.indexThreshold { self.index = index ?? KeyIndex(members) }
    }

    @inlinable public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

    @inlinable func position(of key: String) -> Int? {
        if let index { return index.positions[KeyIndex.Key(key)] }
        for position in members.indices where members[position].key.utf8Equal(key) { return position }
        return nil
    }

    public subscript(key: String) -> JSON? {
        @inlinable get {
            guard let position = position(of: key) else { return nil }
            return members[position].value
        }
        // `set` beside `_modify` for the same reason as in JSON's subscript.
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
        @inline(never) _modify {
            let position = position(of: key)
            var value: JSON?
            if let position {
                value = members[position].value
                members[position].value = .null
            }
            defer {
                switch (position, value) {
                case (let position?, let value?): members[position].value = value
                case (let position?, nil): remove(at: position)
                case (nil, let value?): append(key, value)
                case (nil, nil): break
                }
            }
            yield &value
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
            uniqueIndex().positions[KeyIndex.Key(key)] = members.count - 1
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
    public mutating func keep(where keep: (Member) throws -> Bool) rethrows {
        try members.removeAll { try !keep($0) }
        index = members.count > Self.indexThreshold ? KeyIndex(members) : nil
    }

    /// Takes out what is null in another object, in one pass: one by one, taking many members out of a
    /// large object costs their square.
    mutating func removeMembers(nullIn other: JSONObject) {
        guard other.members.contains(where: { $0.value.isNull && contains($0.key) }) else { return }
        keep { other[$0.key]?.isNull != true }
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
        /// A key that is compared by its bytes.
        @usableFromInline struct Key: Hashable {
            let text: String

            @usableFromInline init(_ text: String) { self.text = text }
            @usableFromInline static func == (left: Key, right: Key) -> Bool {
                left.text.utf8Equal(right.text)
            }
            // Strings of the same bytes have the same hash; equivalent ones may too, which does no harm.
            @usableFromInline func hash(into hasher: inout Hasher) { hasher.combine(text) }
        }

        @usableFromInline var positions: [Key: Int]

        @usableFromInline init(_ positions: [Key: Int]) { self.positions = positions }
        @usableFromInline init(_ members: some Collection<Member>) {
            positions = Dictionary(minimumCapacity: members.count)
            for (position, member) in members.enumerated() { positions[Key(member.key)] = position }
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
            if ordered, right.members[position].key.utf8Equal(member.key) {
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
