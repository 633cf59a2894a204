extension FieldManager {
    /// Takes away what the manager applied last time and not this time, unless somebody owns it.
    ///
    /// Three passes, as upstream: everything last applied goes; what is owned (by anybody, this apply
    /// included) comes back; so does what the manager did not own itself, such as defaults beside it.
    func prune(
        _ merged: JSON, _ last: FieldSet, _ version: String, _ managed: inout ManagedEntries
    ) -> JSON {
        if last.isEmpty { return merged }
        guard let at = at(version, merged) else { return merged }
        let lastNamed = last.withNamedFields(at.schema)
        var whole = at
        var pruned = TypedValue(at.removing(lastNamed), at.schema)

        var ownedAt: [(version: String, set: FieldSet)] = []
        for position in managed.entries.indices {
            let entryVersion = managed.entries[position].apiVersion
            let set = managed.entries[position].set
            if let known = ownedAt.firstIndex(where: { $0.version == entryVersion }) {
                ownedAt[known].set = ownedAt[known].set.union(set)
            } else {
                ownedAt.append((entryVersion, set))
            }
        }
        // The version of what is removed comes first: other versions may need what it brings back.
        ownedAt.sort { $0.version == version && $1.version != version }
        for owned in ownedAt {
            guard let a = self.at(owned.version, whole.value), let b = self.at(owned.version, pruned.value)
            else {
                continue
            }
            let all = a.fieldSet.withNamedFields(a.schema)
            let present = b.fieldSet.withNamedFields(a.schema)
            whole = a
            pruned = TypedValue(
                a.removing(all.difference(present.union(owned.set.withNamedFields(a.schema)))), a.schema)
        }

        guard let left = self.at(version, pruned.value) else { return merged }
        let kept = left.fieldSet.withNamedFields(at.schema)
        let all = at.fieldSet.withNamedFields(at.schema)
        let result = at.removing(all.difference(kept).intersection(lastNamed))
        return self.at(apiVersion, result)?.value ?? result
    }

    /// An object in a version; as it is when it is in that version already.
    private func at(_ version: String, _ object: JSON) -> TypedValue? {
        if object["apiVersion"]?.string == version {
            return version == apiVersion ? TypedValue(object, schema) : convert(object, version)
        }
        return convert(object, version)
    }
}
