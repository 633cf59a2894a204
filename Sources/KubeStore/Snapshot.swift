/// A collection as it was at one revision. Reading it takes no lock.
public struct Snapshot: Sendable {
    public let revision: UInt64
    public let objects: PersistentSortedMap<StoredObject>

    public init(revision: UInt64, objects: PersistentSortedMap<StoredObject>) {
        self.revision = revision
        self.objects = objects
    }

    public struct Page: Sendable {
        public let items: [StoredObject]
        /// How many objects of the prefix come after the page.
        public let remaining: Int
        /// The key to continue after; nil at the end.
        public let lastKey: String?
    }

    public subscript(key: String) -> StoredObject? { objects[key] }

    /// Objects in order of key.
    /// - Parameters:
    ///   - prefix: "namespace/", or empty for all.
    ///   - after: the last key of the page before.
    ///   - limit: the most objects to give; 0 for all.
    public func page(prefix: String = "", after: String? = nil, limit: Int = 0) -> Page {
        // The least string above a key is the key and a zero byte.
        let start = after.map { $0 + "\0" } ?? prefix
        let first = compareUTF8(start, prefix) < 0 ? prefix : start
        let end = prefix.isEmpty ? objects.count : objects.rank(of: Self.successor(ofPrefix: prefix))
        let available = max(0, end - objects.rank(of: first))
        let wanted = limit > 0 ? min(limit, available) : available
        var items: [StoredObject] = []
        items.reserveCapacity(wanted)
        if wanted > 0 {
            objects.forEach(from: first) { _, object in
                items.append(object)
                return items.count < wanted
            }
        }
        let remaining = available - items.count
        return Page(items: items, remaining: remaining, lastKey: remaining > 0 ? items.last?.key : nil)
    }

    /// Objects that are selected, in order of key.
    /// - Parameters:
    ///   - labels: what the objects must have at least; narrows what is looked at.
    ///   - limit: the most objects to give; 0 for all.
    /// - Returns: the objects, and whether there are more.
    public func select(
        prefix: String = "", after: String? = nil, limit: Int = 0, labels: LabelBits,
        _ matches: (StoredObject) -> Bool
    ) -> (items: [StoredObject], hasMore: Bool) {
        let start = after.map { $0 + "\0" } ?? prefix
        var items: [StoredObject] = []
        var hasMore = false
        objects.forEach(
            from: compareUTF8(start, prefix) < 0 ? prefix : start, tagged: labels.bits
        ) { key, object in
            guard key.utf8.starts(with: prefix.utf8) else { return false }
            guard matches(object) else { return true }
            if limit > 0, items.count == limit {
                hasMore = true
                return false
            }
            items.append(object)
            return true
        }
        return (items, hasMore)
    }

    /// A prefix ends in "/", whose next character is "0"; any other is followed by the highest scalar.
    private static func successor(ofPrefix prefix: String) -> String {
        prefix.utf8.last == UInt8(ascii: "/") ? String(prefix.dropLast()) + "0" : prefix + "\u{10FFFF}"
    }
}
