/// Carries the ownership of `spec.replicas` between a resource and its `scale` subresource.
///
/// A Scale has managed fields of its own making: those entries of its parent that own the replicas, with
/// the path and version of a Scale. After the Scale has been updated they are put back into the parent's.
public struct ScaleFields: Sendable {
    /// Where the replicas are in each version of the parent, such as `apps/v1`: `["spec", "replicas"]`.
    /// A version without replicas has an empty path; versions that are not listed are dropped.
    public let replicas: [String: [String]]
    public let parentVersion: String

    static let scaleVersion = "autoscaling/v1"
    private static let scalePath = [PathElement.field("spec"), PathElement.field("replicas")]

    public init(parentVersion: String, replicas: [String: [String]]) {
        self.parentVersion = parentVersion
        self.replicas = replicas
    }

    private func path(_ version: String) -> [PathElement]? {
        replicas[version]?.map { PathElement.field($0) }
    }

    /// The managed fields of the Scale of a parent; nil when nobody owns the replicas.
    public func entriesOfScale(parent fields: JSON?) -> JSON? {
        guard let parent = try? ManagedEntries(fields, isTrusted: true) else { return nil }
        var scale = ManagedEntries()
        for var entry in parent.entries {
            guard let path = path(entry.apiVersion), !path.isEmpty, entry.set.contains(path) else { continue }
            var set = FieldSet()
            set.insert(Self.scalePath)
            scale.entries.append(
                ManagedEntry(
                    identity: entry.identity, apiVersion: Self.scaleVersion, set: set, time: entry.time))
        }
        return scale.json
    }

    /// The parent's managed fields after its Scale was written with these.
    public func entriesOfParent(parent fields: JSON?, scale scaleFields: JSON?) -> JSON? {
        guard let parent = try? ManagedEntries(fields, isTrusted: true),
            let scale = try? ManagedEntries(scaleFields, isTrusted: true)
        else { return fields }
        var left = scale.entries
        var result = ManagedEntries()
        for var entry in parent.entries {
            guard let path = path(entry.apiVersion) else { continue }
            if !path.isEmpty, entry.set.contains(path) {
                // Upstream compares with the version: an updater of the parent never is one of the Scale.
                let same = left.firstIndex { $0.identity == entry.identity }
                if let same {
                    left.remove(at: same)
                } else {
                    var lost = FieldSet()
                    lost.insert(path)
                    let kept = entry.set.difference(lost)
                    if kept.isEmpty { continue }
                    entry.set = kept
                }
            }
            result.entries.append(entry)
        }
        for var entry in left {
            guard let path = path(parentVersion), entry.set.contains(Self.scalePath) else { continue }
            var set = FieldSet()
            set.insert(path)
            // Times come from the parent, so that one who is new to it has none.
            let known = parent.position(of: entry.identity)
            result.entries.append(
                ManagedEntry(
                    identity: entry.identity, apiVersion: parentVersion, set: set,
                    time: known.flatMap { parent.entries[$0].time }))
        }
        return result.json
    }
}
