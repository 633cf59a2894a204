import KubeJSON

/// One thing of our table that has a name: what a transaction adds or removes.
enum TableObject: Hashable, Sendable {
    case chain(String)
    /// A set or a map.
    case set(String)
    case element(set: String, key: String)
}

/// What one object of the cluster puts into the table, by name. Contents are: of a chain its rules, one a line;
/// of a set `set …` or `map …` with its type; of an element its value, empty in a set.
struct Fragment: Sendable, Equatable {
    private(set) var contents: [TableObject: String] = [:]

    mutating func chain(_ name: String, _ rules: [String]) {
        contents[.chain(name)] = rules.joined(separator: "\n")
    }
    mutating func set(_ name: String, _ definition: String) { contents[.set(name)] = definition }
    mutating func element(_ set: String, _ key: String, _ value: String = "") {
        contents[.element(set: set, key: key)] = value
    }
}

/// The table as it should be, made of fragments that change one at a time; says what changed since it was
/// last asked, so that a transaction is as large as the change.
///
/// Several fragments may hold the same thing: it is there as long as one does, with the content of the first
/// by order of owner. That is how things in common are counted (a set for a selector that two policies use),
/// and how conflicts are settled alike in whatever order they came (two Services with one external address).
/// The content of a set must not differ between its holders, nor change: its name has to say its type.
struct Ruleset: Sendable {
    /// Who has one thing in the table. Most have one holder; what thousands of Services share has thousands, and
    /// one more or less must not cost a look at all of them.
    private enum Holders: Sendable {
        case one(owner: String, content: String)
        case many(Shared)

        struct Shared: Sendable {
            var contents: [String: String]
            /// How many holders each content has.
            var counts: [String: Int]
            /// Only looked for when holders disagree, of whom there are few.
            var winner: String

            mutating func settle() {
                if counts.count == 1 {
                    winner = counts.first?.key ?? ""
                } else if let first = contents.keys.min(by: { utf8Less($0, $1) }) {
                    winner = contents[first] ?? ""
                }
            }
        }

        var content: String {
            switch self {
            case .one(_, let content): content
            case .many(let shared): shared.winner
            }
        }
    }

    private var fragments: [String: Fragment] = [:]
    private var holders: [TableObject: Holders] = [:]
    /// What was touched since the last commit, with its content then.
    private var committed: [TableObject: String?] = [:]
    /// Chains that are empty and used by nothing, until they are swept. Kernels before 6.2 refuse to delete a
    /// chain in the transaction that removes the map element which led to it, and for a while after.
    private(set) var staleChains: Set<String> = []

    subscript(owner: String) -> Fragment? { fragments[owner] }

    func content(_ object: TableObject) -> String? { holders[object]?.content }

    mutating func replace(_ owner: String, with fragment: Fragment?) {
        let old = fragments[owner]
        guard old != fragment else { return }
        fragments[owner] = fragment
        for (object, content) in old?.contents ?? [:] where fragment?.contents[object] != content {
            release(object, owner)
        }
        for (object, content) in fragment?.contents ?? [:] where old?.contents[object] != content {
            hold(object, owner, content)
        }
    }

    private mutating func note(_ object: TableObject) {
        if !committed.keys.contains(object) { committed.updateValue(content(object), forKey: object) }
    }

    private mutating func release(_ object: TableObject, _ owner: String) {
        note(object)
        // Taken out and put back, so that what is shared is changed in its place.
        guard case .many(var shared) = holders.removeValue(forKey: object) else { return }
        if let content = shared.contents.removeValue(forKey: owner) {
            shared.counts[content, default: 1] -= 1
            if shared.counts[content] == 0 { shared.counts.removeValue(forKey: content) }
        }
        if shared.contents.isEmpty { return }
        shared.settle()
        holders[object] = .many(shared)
    }

    private mutating func hold(_ object: TableObject, _ owner: String, _ content: String) {
        note(object)
        switch holders.removeValue(forKey: object) {
        case nil: holders[object] = .one(owner: owner, content: content)
        case .one(let first, let own):
            var shared = Holders.Shared(
                contents: [first: own, owner: content], counts: [own: 1], winner: own)
            shared.counts[content, default: 0] += 1
            shared.settle()
            holders[object] = .many(shared)
        case .many(var shared):
            shared.contents[owner] = content
            shared.counts[content, default: 0] += 1
            shared.settle()
            holders[object] = .many(shared)
        }
    }

    // MARK: Changes

    /// What changed since the last call.
    mutating func commit() -> TableChanges {
        var changes = TableChanges()
        for (object, before) in committed {
            let after = content(object)
            if before == after { continue }
            switch object {
            case .chain(let name):
                if let after {
                    changes.chains[name] = after
                    if before == nil { changes.newChains.insert(name) }
                    staleChains.remove(name)
                } else {
                    changes.emptiedChains.insert(name)
                    staleChains.insert(name)
                }
            case .set(let name):
                if let after { changes.newSets[name] = after } else { changes.removedSets.insert(name) }
            case .element(let set, let key):
                if before != nil { changes.removedElements[set, default: []].insert(key) }
                if let after { changes.newElements[set, default: [:]][key] = after }
            }
        }
        // The elements of a set go with it.
        for name in changes.removedSets { changes.removedElements.removeValue(forKey: name) }
        committed = [:]
        return changes
    }

    /// All there is, as changes to a table that has nothing but its base. What was not committed yet counts as
    /// committed.
    mutating func commitAll() -> TableChanges {
        var changes = TableChanges()
        for (object, holders) in holders {
            let content = holders.content
            switch object {
            case .chain(let name):
                changes.chains[name] = content
                changes.newChains.insert(name)
            case .set(let name): changes.newSets[name] = content
            case .element(let set, let key): changes.newElements[set, default: [:]][key] = content
            }
        }
        committed = [:]
        staleChains = []
        return changes
    }

    /// The chains that nothing leads to any more were deleted, or are gone with the table.
    mutating func swept(_ chains: Set<String>) { staleChains.subtract(chains) }
}

/// The difference of two tables.
struct TableChanges: Sendable, Equatable {
    /// New and changed ones, with all their rules.
    var chains: [String: String] = [:]
    var newChains: Set<String> = []
    var emptiedChains: Set<String> = []
    var newSets: [String: String] = [:]
    var removedSets: Set<String> = []
    var newElements: [String: [String: String]] = [:]
    /// Those whose value changes are removed and added.
    var removedElements: [String: Set<String>] = [:]

    var isEmpty: Bool { self == TableChanges() }

    /// Commands for `nft -f`, in an order that the kernel takes: names before what refers to them, and what
    /// is no longer referred to last.
    func commands(table: String) -> String {
        var text = ""
        for name in newChains.sorted(by: utf8Less) { text += "add chain ip \(table) \(name)\n" }
        for (name, content) in newSets.sorted(by: { utf8Less($0.key, $1.key) }) {
            let isMap = content.hasPrefix("map ")
            text += "add \(isMap ? "map" : "set") ip \(table) \(name) { \(content.dropFirst(4)) }\n"
        }
        for (set, keys) in removedElements.sorted(by: { utf8Less($0.key, $1.key) }) {
            text += "delete element ip \(table) \(set) { "
            text += keys.sorted(by: utf8Less).joined(separator: ", ")
            text += " }\n"
        }
        for (name, rules) in chains.sorted(by: { utf8Less($0.key, $1.key) }) {
            text += "flush chain ip \(table) \(name)\n"
            for rule in rules.split(separator: "\n") { text += "add rule ip \(table) \(name) \(rule)\n" }
        }
        for (set, elements) in newElements.sorted(by: { utf8Less($0.key, $1.key) }) {
            text += "add element ip \(table) \(set) { "
            text += elements.sorted { utf8Less($0.key, $1.key) }
                .map { $0.value.isEmpty ? $0.key : "\($0.key) : \($0.value)" }.joined(separator: ", ")
            text += " }\n"
        }
        for name in emptiedChains.sorted(by: utf8Less) { text += "flush chain ip \(table) \(name)\n" }
        for name in removedSets.sorted(by: utf8Less) { text += "delete set ip \(table) \(name)\n" }
        return text
    }
}

/// Sixteen hexadecimal digits that are the same for the same text, in every process (FNV-1a).
func shortHash(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
