/// One entry of `metadata.managedFields`: what a manager owns, and how it came to own it.
///
/// The set is read from its stored form only when it is asked for, and an entry that does not change is
/// written back as it was.
struct ManagedEntry: Sendable {
    /// What makes an entry one entry: appliers are the same in every version of a kind.
    struct Identity: Sendable, Hashable {
        var manager: String
        var isApply: Bool
        /// Empty for appliers.
        var apiVersion: String
        var subresource: String

        init(manager: String, isApply: Bool, apiVersion: String, subresource: String) {
            self.manager = manager
            self.isApply = isApply
            self.apiVersion = isApply ? "" : apiVersion
            self.subresource = subresource
        }

        /// Upstream's manager identifier: the order in which conflicts are listed and ties are broken.
        var sortKey: String {
            var object: JSONObject = [:]
            if !manager.isEmpty { object["manager"] = .string(manager) }
            object["operation"] = isApply ? "Apply" : "Update"
            if !apiVersion.isEmpty { object["apiVersion"] = .string(apiVersion) }
            if !subresource.isEmpty { object["subresource"] = .string(subresource) }
            return JSONWriter.string(.object(object))
        }
    }

    let identity: Identity
    /// The version in which the fields are written.
    private(set) var apiVersion: String
    var time: String? { didSet { stored = nil } }
    private var fields: FieldSet?
    private var fieldsV1: JSON
    private var stored: JSON?

    init(identity: Identity, apiVersion: String, set: FieldSet, time: String?) {
        self.identity = identity
        self.apiVersion = apiVersion
        self.time = time
        fields = set
        fieldsV1 = .null
    }

    struct InvalidEntry: Error {
        let message: String
    }

    /// Reads one entry; the fields themselves are read later.
    init(_ json: JSON, position: Int) throws(InvalidEntry) {
        var manager = ""
        var operation = ""
        var version = ""
        var subresource = ""
        var fieldsType = ""
        fieldsV1 = .null
        guard case .object(let object) = json else { throw InvalidEntry(message: "expected a map") }
        for member in object.members {
            switch member.key {
            case "manager": manager = member.value.string ?? ""
            case "operation": operation = member.value.string ?? ""
            case "apiVersion": version = member.value.string ?? ""
            case "time": time = member.value.string
            case "fieldsType": fieldsType = member.value.string ?? ""
            case "fieldsV1": fieldsV1 = member.value
            case "subresource": subresource = member.value.string ?? ""
            default: break
            }
        }
        guard operation == "Apply" || operation == "Update" else {
            throw InvalidEntry(message: "operation must be `Apply` or `Update`")
        }
        if version.isEmpty { throw InvalidEntry(message: "apiVersion must not be empty") }
        if fieldsType.isEmpty {
            throw InvalidEntry(message: "missing fieldsType in managed fields entry \(position)")
        }
        if fieldsType != "FieldsV1" {
            throw InvalidEntry(
                message: "invalid fieldsType \(GoText.quoted(fieldsType)) in managed fields entry \(position)"
            )
        }
        identity = Identity(
            manager: manager, isApply: operation == "Apply", apiVersion: version, subresource: subresource)
        apiVersion = version
        stored = json
    }

    /// The fields owned. What a client wrote has been checked and made canonical by ``check()``.
    var set: FieldSet {
        mutating get {
            if let fields { return fields }
            let read = fieldsV1.isNull ? FieldSet() : (try? FieldSet(canonical: fieldsV1)) ?? FieldSet()
            fields = read
            return read
        }
        set {
            fields = newValue
            stored = nil
        }
    }

    /// Reads fields that a client wrote; they are stored in canonical form from then on.
    mutating func check() throws(InvalidEntry) {
        if fieldsV1.isNull { return }
        do {
            fields = try FieldSet(fieldsV1: fieldsV1)
        } catch {
            throw InvalidEntry(message: error.message)
        }
        stored = nil
    }

    mutating func own(_ set: FieldSet, apiVersion: String) {
        fields = set
        self.apiVersion = apiVersion
        stored = nil
    }

    /// The entry as it is stored, members in the order of Go's struct.
    var json: JSON {
        if let stored { return stored }
        var members: [JSONObject.Member] = []
        members.reserveCapacity(7)
        func add(_ key: String, _ value: JSON) { members.append(JSONObject.Member(key: key, value: value)) }
        if !identity.manager.isEmpty { add("manager", .string(identity.manager)) }
        add("operation", identity.isApply ? "Apply" : "Update")
        add("apiVersion", .string(apiVersion))
        if let time { add("time", .string(time)) }
        add("fieldsType", "FieldsV1")
        add("fieldsV1", fields?.fieldsV1 ?? (fieldsV1.isNull ? .object([:]) : fieldsV1))
        if !identity.subresource.isEmpty { add("subresource", .string(identity.subresource)) }
        return .object(JSONObject(distinct: members))
    }
}

// MARK: - All entries of an object

/// The entries of one object, as upstream's Managed: one for each identity.
struct ManagedEntries: Sendable {
    var entries: [ManagedEntry] = []

    init() {}

    /// - Parameter isTrusted: whether the fields are known to be readable, having been written by us.
    init(_ json: JSON?, isTrusted: Bool) throws(ManagedEntry.InvalidEntry) {
        guard let array = json?.array else { return }
        entries.reserveCapacity(array.count + 1)
        for (position, value) in array.enumerated() {
            var entry = try ManagedEntry(value, position: position)
            if !isTrusted { try entry.check() }
            if let present = entries.firstIndex(where: { $0.identity == entry.identity }) {
                entries[present] = entry
            } else {
                entries.append(entry)
            }
        }
    }

    func position(of identity: ManagedEntry.Identity) -> Int? {
        entries.firstIndex { $0.identity == identity }
    }

    var isEmpty: Bool { entries.isEmpty }

    mutating func remove(_ identity: ManagedEntry.Identity) { entries.removeAll { $0.identity == identity } }

    /// The entries in stored form: appliers before updaters, then by time, manager, version, subresource.
    var json: JSON? {
        if entries.isEmpty { return nil }
        func precedes(_ a: ManagedEntry, _ b: ManagedEntry) -> Bool {
            if a.identity.isApply != b.identity.isApply { return a.identity.isApply }
            let (x, y) = (a.time ?? "", b.time ?? "")
            if x != y { return x < y }
            if a.identity.manager != b.identity.manager {
                return utf8Less(a.identity.manager, b.identity.manager)
            }
            if a.apiVersion != b.apiVersion { return utf8Less(a.apiVersion, b.apiVersion) }
            return utf8Less(a.identity.subresource, b.identity.subresource)
        }
        return .array((entries.count < 2 ? entries : entries.sorted(by: precedes)).map(\.json))
    }

    /// The most updaters that an object lists.
    static let maximumUpdaters = 10

    /// Joins the oldest updaters of each version into one, until there are no more than the maximum.
    mutating func capUpdaters() {
        var excess = entries.reduce(0) { $0 + ($1.identity.isApply ? 0 : 1) } - Self.maximumUpdaters
        guard excess > 0 else { return }
        let oldestFirst = entries.filter { !$0.identity.isApply }.sorted {
            let (x, y) = ($0.time ?? "", $1.time ?? "")
            return x != y ? x < y : utf8Less($0.identity.sortKey, $1.identity.sortKey)
        }
        var firstOfVersion: [String: ManagedEntry.Identity] = [:]
        for var old in oldestFirst where excess > 0 {
            guard let first = firstOfVersion[old.apiVersion] else {
                firstOfVersion[old.apiVersion] = old.identity
                continue
            }
            let bucket = ManagedEntry.Identity(
                manager: "ancient-changes", isApply: false, apiVersion: old.apiVersion, subresource: "")
            if position(of: bucket) == nil, let source = position(of: first) {
                let set = entries[source].set
                entries.remove(at: source)
                entries.append(
                    ManagedEntry(identity: bucket, apiVersion: old.apiVersion, set: set, time: old.time))
            }
            guard old.identity != bucket, let target = position(of: bucket) else { continue }
            entries[target].set = entries[target].set.union(old.set)
            entries[target].time = old.time
            remove(old.identity)
            excess -= 1
        }
    }
}
