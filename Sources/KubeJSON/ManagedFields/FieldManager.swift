/// Keeps `metadata.managedFields` of the objects of one kind and version, and does server-side apply.
///
/// Behaves as k8s.io/apimachinery/pkg/util/managedfields. Make one for each kind, version and subresource
/// and keep it: it remembers what an empty object of the kind looks like.
///
/// Objects are in the form in which they are stored, decoded and defaulted; a create or update is to be
/// tracked before admission and before the strategy sets what clients may not set, as upstream does.
public struct FieldManager: Sendable {
    /// Gives an object in another version of its kind; nil when that version does not exist (any more).
    public typealias VersionConverter = @Sendable (_ object: JSON, _ apiVersion: String) -> TypedValue?

    public let schema: Schema
    /// The version in which objects are handed in, such as `apps/v1`.
    public let apiVersion: String
    public let kind: String
    /// Empty for the main resource.
    public let subresource: String
    /// Fields that a write through this (sub)resource does not change, and so cannot come to own.
    public let resetFields: FieldSet
    let convert: VersionConverter
    /// The object as Go makes it from nothing: what a create is compared with.
    let emptyObject: JSON

    public init(
        schema: Schema, apiVersion: String, kind: String, subresource: String = "",
        resetFields: FieldSet = FieldSet(), convert: @escaping VersionConverter = { _, _ in nil }
    ) {
        self.schema = schema
        self.apiVersion = apiVersion
        self.kind = kind
        self.subresource = subresource
        self.resetFields = resetFields
        self.convert = convert
        var empty: JSONObject = ["kind": .string(kind), "apiVersion": .string(apiVersion)]
        for member in Self.zeroValue(schema)?.object ?? [:] where !empty.contains(member.key) {
            empty[member.key] = member.value
        }
        emptyObject = .object(empty)
    }

    private static func zeroValue(_ schema: Schema) -> JSON? {
        switch schema.shape {
        case .structure:
            var object: JSONObject = [:]
            for field in schema.fields where field.presence == .always {
                if let value = zeroValue(field.schema) { object[field.name] = value }
            }
            return .object(object)
        case .map, .list, .any, .time, .bytes: return .null
        case .string: return ""
        case .integer, .number, .intOrString: return 0
        case .quantity: return "0"
        case .boolean: return false
        }
    }

    /// Fields that nobody owns.
    private static let strippedFields = FieldSet(fields: [
        ["apiVersion"], ["kind"], ["metadata"], ["metadata", "name"], ["metadata", "namespace"],
        ["metadata", "creationTimestamp"], ["metadata", "selfLink"], ["metadata", "uid"],
        ["metadata", "clusterName"], ["metadata", "generation"], ["metadata", "managedFields"],
        ["metadata", "resourceVersion"],
    ])

    static func withoutManagedFields(_ object: JSON) -> JSON {
        guard object.at("metadata", "managedFields") != nil else { return object }
        var copy = object
        copy.set(nil, at: "metadata", "managedFields")
        return copy
    }

    private func identity(_ manager: String, isApply: Bool) -> ManagedEntry.Identity {
        ManagedEntry.Identity(
            manager: manager.isEmpty ? "unknown" : manager, isApply: isApply, apiVersion: apiVersion,
            subresource: subresource)
    }

    private func typed(_ object: JSON) -> TypedValue { TypedValue(object, schema) }
}

// MARK: - Create, update, patch

extension FieldManager {
    /// Records who changed what in a create, update or patch.
    ///
    /// - Parameters:
    ///   - live: the stored object; nil for a create.
    ///   - new: the object to be stored. The managed fields in it are taken as the client's wish: an
    ///     empty list (or one empty entry) resets them, invalid or absent ones mean those of `live`.
    ///   - manager: the field manager; empty becomes `unknown`.
    ///   - now: the time of the write, RFC 3339 in whole seconds and UTC.
    /// - Returns: `new` with its managed fields; no time changes where no field changed hands.
    public func update(live: JSON?, new: JSON, manager: String, now: String) -> JSON {
        let liveFields = live?.at("metadata", "managedFields")
        let newFields = new.at("metadata", "managedFields")
        var managed = ManagedEntries()
        if !subresource.isEmpty || newFields == nil || newFields?.isNull == true || newFields == liveFields {
            managed = (try? ManagedEntries(liveFields, isTrusted: true)) ?? ManagedEntries()
        } else if let newFields, !Self.isReset(newFields) {
            if let read = try? ManagedEntries(newFields, isTrusted: false), !read.isEmpty {
                managed = read
            } else {
                managed = (try? ManagedEntries(liveFields, isTrusted: true)) ?? ManagedEntries()
            }
        }
        // An object that was never tracked stays so until somebody applies it.
        if managed.isEmpty, let live, live.at("metadata", "uid")?.string?.isEmpty == false {
            return Self.withoutManagedFields(new)
        }
        track(
            live: live.map(Self.withoutManagedFields) ?? emptyObject, new: Self.withoutManagedFields(new),
            manager: manager, now: now, &managed)
        return Self.setting(managed, on: new)
    }

    private static func isReset(_ fields: JSON) -> Bool {
        guard let array = fields.array else { return false }
        if array.isEmpty { return true }
        guard array.count == 1, let entry = array[0].object else { return false }
        return entry.allSatisfy { $0.value.isNull || $0.value.string?.isEmpty == true }
    }

    static func setting(_ managed: ManagedEntries, on object: JSON) -> JSON {
        let json = managed.json
        if json == object.at("metadata", "managedFields") { return object }
        var copy = object
        copy.set(json, at: "metadata", "managedFields")
        return copy
    }

    /// The update itself, on objects without managed fields.
    private func track(live: JSON, new: JSON, manager: String, now: String, _ managed: inout ManagedEntries) {
        let change = typed(live).compare(to: typed(new)).excluding(resetFields)
        if change.isSame, managed.entries.allSatisfy({ $0.apiVersion == apiVersion }) { return }
        let touched = change.added.union(change.modified)
        take(touched, removed: change.removed, live: live, new: new, except: nil, &managed)
        let own = touched.difference(Self.strippedFields)
        if !own.isEmpty {
            let identity = identity(manager, isApply: false)
            if let position = managed.position(of: identity) {
                managed.entries[position].set = managed.entries[position].set.union(own)
                managed.entries[position].time = now
            } else {
                managed.entries.append(
                    ManagedEntry(identity: identity, apiVersion: apiVersion, set: own, time: now))
            }
        }
        managed.capUpdaters()
    }

    /// What a change does to the others: they lose what was touched and what is gone.
    ///
    /// Entries in versions that no longer exist are dropped.
    private func take(
        _ touched: FieldSet, removed: FieldSet, live: JSON, new: JSON, except own: ManagedEntry.Identity?,
        _ managed: inout ManagedEntries
    ) {
        var kept: [ManagedEntry] = []
        kept.reserveCapacity(managed.entries.count + 1)
        var others: [String: Comparison?] = [:]
        for var entry in managed.entries {
            if entry.identity == own {
                kept.append(entry)
                continue
            }
            var (lost, gone) = (touched, removed)
            if entry.apiVersion != apiVersion {
                guard let change = comparison(live, new, at: entry.apiVersion, &others) else { continue }
                lost = change.added.union(change.modified)
                gone = change.removed
            }
            let before = entry.set
            if !before.isDisjoint(with: lost) || !before.isDisjoint(with: gone) {
                entry.set = before.difference(lost).difference(gone)
            }
            if !entry.set.isEmpty { kept.append(entry) }
        }
        managed.entries = kept
    }

    /// The comparison in another version, made once; nil when the version does not exist.
    private func comparison(
        _ live: JSON, _ new: JSON, at version: String, _ cache: inout [String: Comparison?]
    ) -> Comparison? {
        if let known = cache[version] { return known }
        var result: Comparison?
        if let before = convert(live, version), let after = convert(new, version) {
            result = before.compare(to: after).excluding(resetFields)
        }
        cache.updateValue(result, forKey: version)
        return result
    }
}

// MARK: - Apply

extension FieldManager {
    /// Server-side apply: lays a configuration over the live object, takes away what the manager applied
    /// before and now leaves out and nobody else owns, and records the ownership.
    ///
    /// - Parameters:
    ///   - live: the stored object; nil when the apply creates it.
    ///   - patch: the configuration as parsed, not defaulted.
    ///   - force: take fields that others own.
    /// - Returns: the object to be decoded, defaulted and stored; `live` itself when nothing changes at
    ///   all. Nulls may stand where lists and maps became empty; decoding drops them.
    public func apply(
        live: JSON?, patch: JSON, manager: String, force: Bool, now: String
    ) throws(ApplyError) -> JSON {
        var managed: ManagedEntries
        do {
            managed = try ManagedEntries(live?.at("metadata", "managedFields"), isTrusted: true)
        } catch {
            throw .failed("failed to decode managed fields: \(error.message)")
        }
        let bare = live.map(Self.withoutManagedFields) ?? emptyObject
        let version = patch["apiVersion"]?.string ?? ""
        let patchKind = patch["kind"]?.string ?? ""
        guard version == apiVersion, patchKind == kind else {
            throw .badRequest("invalid object type: \(Self.groupVersion(version)), Kind=\(patchKind)")
        }
        if managed.isEmpty {
            track(live: emptyObject, new: bare, manager: "before-first-apply", now: now, &managed)
        }
        let fresh = managed
        var outcome = try applying(bare, patch, manager, force, &managed)
        if case .conflicts(let conflicts) = outcome {
            var remaining = conflicts
            if manager == "kubectl", let allowed = fieldsOfLastApplied(bare) {
                remaining = conflicts.filter { !allowed.contains($0.path) }
            }
            if !remaining.isEmpty { throw .conflict(ApplyConflict(conflicts: remaining)) }
            managed = fresh
            outcome = try applying(bare, patch, manager, true, &managed)
        }
        var result = bare
        if case .changed(let object) = outcome {
            result = object
            if let position = managed.position(of: identity(manager, isApply: true)) {
                managed.entries[position].time = now
            }
        }
        if manager == "kubectl" { updateLastApplied(&result, patch) }
        if case .unchanged = outcome, let live, result == bare { return Self.setting(managed, on: live) }
        return Self.setting(managed, on: result)
    }

    /// `group/version` as Go prints it: the core group is empty.
    private static func groupVersion(_ apiVersion: String) -> String {
        apiVersion.utf8.contains(UInt8(ascii: "/")) ? apiVersion : "/" + apiVersion
    }

    private enum Outcome {
        case unchanged
        case changed(JSON)
        case conflicts([ApplyConflict.Conflict])
    }

    private func applying(
        _ live: JSON, _ patch: JSON, _ manager: String, _ force: Bool, _ managed: inout ManagedEntries
    ) throws(ApplyError) -> Outcome {
        if patch.at("metadata", "managedFields")?.array?.isEmpty == false {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let configuration = typed(patch)
        do {
            try configuration.validate()
        } catch {
            let namespace = patch.at("metadata", "namespace")?.string ?? ""
            let name = patch.at("metadata", "name")?.string ?? ""
            throw .failed(
                "failed to create typed patch object (\(namespace)/\(name); "
                    + "\(Self.groupVersion(apiVersion)), Kind=\(kind)): \(error.message)")
        }
        let before = typed(live)
        var merged = before.merging(patch)
        let applied = configuration.fieldSet.recursiveDifference(resetFields)
        let identity = identity(manager, isApply: true)
        var last: (set: FieldSet, apiVersion: String)?
        if let position = managed.position(of: identity) {
            last = (
                managed.entries[position].set.reconciled(with: schema), managed.entries[position].apiVersion
            )
            if last?.set != applied.difference(Self.strippedFields) || last?.apiVersion != apiVersion {
                managed.entries[position].own(applied, apiVersion: apiVersion)
            }
        } else {
            managed.entries.append(
                ManagedEntry(identity: identity, apiVersion: apiVersion, set: applied, time: nil))
        }
        if let last, !(last.apiVersion == apiVersion && last.set.isSubset(of: applied)) {
            merged = prune(merged, last.set, last.apiVersion, &managed)
        }
        let change = before.compare(to: typed(merged)).excluding(resetFields)
        if !change.isSame || managed.entries.contains(where: { $0.apiVersion != apiVersion }) {
            let conflicts = conflicts(change, live, merged, identity, &managed)
            if !force, !conflicts.isEmpty { return .conflicts(conflicts) }
            take(
                change.added.union(change.modified), removed: change.removed, live: live, new: merged,
                except: identity, &managed)
        }
        if let position = managed.position(of: identity) {
            let set = managed.entries[position].set
            let stripped = set.difference(Self.strippedFields)
            if stripped.isEmpty {
                managed.entries.remove(at: position)
            } else if stripped != set {
                managed.entries[position].set = stripped
            }
        }
        return merged == live ? .unchanged : .changed(merged)
    }

    private func conflicts(
        _ change: Comparison, _ live: JSON, _ merged: JSON, _ own: ManagedEntry.Identity,
        _ managed: inout ManagedEntries
    ) -> [ApplyConflict.Conflict] {
        var found: [(key: String, conflicts: [ApplyConflict.Conflict])] = []
        var others: [String: Comparison?] = [:]
        let touched = change.added.union(change.modified)
        for position in managed.entries.indices where managed.entries[position].identity != own {
            let entry = managed.entries[position]
            var wanted = touched
            if entry.apiVersion != apiVersion {
                guard let other = comparison(live, merged, at: entry.apiVersion, &others) else { continue }
                wanted = other.added.union(other.modified)
            } else {
                let set = managed.entries[position].set
                let reconciled = set.reconciled(with: schema)
                if reconciled != set { managed.entries[position].set = reconciled }
            }
            let both = managed.entries[position].set.intersection(wanted)
            if both.isEmpty { continue }
            found.append(
                (
                    entry.identity.sortKey,
                    both.paths.map { ApplyConflict.Conflict(manager: entry.identity, path: $0) }
                ))
        }
        return found.sorted { utf8Less($0.key, $1.key) }.flatMap(\.conflicts)
    }
}
