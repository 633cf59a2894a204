/// JSON Merge Patch (RFC 7386), as kube-apiserver applies it.
public enum MergePatch {
    /// The value with the patch merged in. Null members of the patch remove; anything that is not an
    /// object replaces.
    ///
    /// As kube-apiserver has it and RFC 7386 leaves open, objects inside a list that is put in place of
    /// something else also lose their null members; null elements of lists stay.
    public static func apply(_ patch: JSON, to value: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        guard case .object(var object) = value else { return pruned(patch) }
        object.removeMembers(nullIn: changes)
        for change in changes.members where !change.value.isNull {
            // In place, so that what is not touched is not copied.
            if let position = object.position(of: change.key) {
                merge(change.value, into: &object.members[position].value)
            } else {
                object.append(change.key, pruned(change.value))
            }
        }
        return .object(object)
    }

    /// What `apply` needs to turn one value into the other. A merge patch cannot say "set to null", so
    /// that null members of `modified` come out as removals.
    public static func diff(from original: JSON, to modified: JSON) -> JSON {
        guard case .object(let old) = original, case .object(let new) = modified else { return modified }
        var patch = JSONObject()
        for member in new.members {
            guard let present = old[member.key] else {
                if !member.value.isNull { patch.append(member.key, member.value) }
                continue
            }
            if present == member.value { continue }
            if case .object = present, case .object = member.value {
                patch.append(member.key, diff(from: present, to: member.value))
            } else {
                patch.append(member.key, member.value)
            }
        }
        for member in old.members where !new.contains(member.key) { patch.append(member.key, .null) }
        return .object(patch)
    }

    /// Refuses what kube-apiserver refuses as the body of a merge patch: anything but an object.
    public static func validate(_ patch: JSON) throws(PatchError) {
        switch patch {
        case .object: return
        case .null: throw PatchError(.malformed, "Invalid JSON Patch")
        default:
            throw PatchError(
                .malformed,
                "error decoding patch: json: cannot unmarshal \(patch.typeName) into Go value of type "
                    + "map[string]interface {}")
        }
    }

    private static func merge(_ patch: JSON, into value: inout JSON) {
        if case .object = value {
            let present = value
            value = .null
            value = apply(patch, to: present)
        } else {
            value = pruned(patch)
        }
    }

    /// The value without the null members of its objects.
    private static func pruned(_ value: JSON) -> JSON {
        switch value {
        case .object(let object):
            var kept = JSONObject()
            kept.reserveCapacity(object.count)
            for member in object.members where !member.value.isNull {
                kept.append(member.key, pruned(member.value))
            }
            return .object(kept)
        case .array(let values): return .array(values.map(pruned))
        default: return value
        }
    }
}
