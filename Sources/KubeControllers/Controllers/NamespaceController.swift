import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Empties a namespace that is being deleted, then lets it go (pkg/controller/namespace/deletion): first
/// its pods, then every other object of every resource that is served; what has finalizers is waited for.
public struct NamespaceController: Controller {
    public let name = "namespace-controller"
    public let alias = "namespace"
    public let account = "namespace-controller"
    private static let finalizer = "kubernetes"
    /// Objects deleted at one go, so that a large namespace does not keep the other controllers waiting.
    private static let most = 500
    /// Seconds after which a namespace that waits is looked at again even if nothing changed in it.
    private static let patience = 15.0
    /// The same of one that other servers have objects of: nobody tells of those.
    private static let remotePatience = 5.0
    private let others: (any AggregatedContent)?

    /// - Parameter others: what servers behind this one hold; nil where there are none.
    public init(others: (any AggregatedContent)? = nil) { self.others = others }

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        if event.collection == .namespaces {
            return event.kind != .deleted && event.object.value.deletionTimestamp != nil
                ? [event.object.key] : []
        }
        // An object came, went or changed in a namespace that is going.
        let namespace = event.object.namespace
        guard !namespace.isEmpty,
            view.object(.namespaces, namespace)?.deletionTimestamp != nil
        else { return [] }
        return [namespace]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let namespace = view.object(.namespaces, key), namespace.deletionTimestamp != nil else {
            return .nothing
        }
        let finalizers = namespace["spec"]?["finalizers"]?.array ?? []
        guard finalizers.contains(.string(Self.finalizer)) else { return .nothing }

        let content = Self.content(of: key, view)
        let deletes = Self.deletes(content)
        if !deletes.isEmpty, view.lastFailure == nil {
            // What is left after these is seen when they are done.
            return Reconciliation(writes: deletes, requeueAfter: 0)
        }
        var remains = AggregatedRemains()
        if let others, content.first?.isPods != true {
            guard let found = others.empty(key, uid: namespace.uid, for: name) else {
                return Reconciliation(writes: deletes, requeueAfter: deletes.isEmpty ? nil : Self.patience)
            }
            remains = found
        }
        var writes: [ControllerWrite] = []
        let failures = (deletes.isEmpty ? [] : [view.lastFailure].compactMap { $0 }) + remains.failures
        if let status = Self.status(namespace, content, remains, failures, now) {
            writes.append(
                ControllerWrite(
                    group: "", version: "v1", plural: "namespaces", name: key, subresource: "status",
                    .patch(["status": ["conditions": .array(status)]])))
        }
        if content.isEmpty, remains.isEmpty {
            let kept = finalizers.filter { $0.string != Self.finalizer }
            writes.append(
                ControllerWrite(
                    group: "", version: "v1", plural: "namespaces", name: key, subresource: "finalize",
                    .patch(["spec": ["finalizers": .array(kept)]])))
            return Reconciliation(writes: writes)
        }
        return Reconciliation(
            writes: writes + deletes,
            requeueAfter: remains.isEmpty ? Self.patience : Self.remotePatience)
    }

    /// The objects of one resource.
    private struct Content {
        let resource: ResourceInfo
        let objects: [StoredObject]

        var isPods: Bool { StorageLocation(resource).collection == .pods }
    }

    /// What there is to delete now: the pods while there are any, then all the rest.
    private static func content(of namespace: String, _ view: ClusterView) -> [Content] {
        var seen = Set<CollectionID>()
        var all: [Content] = []
        for resource in view.resources.resources
        where resource.isNamespaced && resource.verbs.contains("delete") {
            let collection = StorageLocation(resource).collection
            guard seen.insert(collection).inserted, !view.isEmpty(collection) else { continue }
            let objects = view.objects(collection, in: namespace)
            if objects.isEmpty { continue }
            if collection == .pods { return [Content(resource: resource, objects: objects)] }
            all.append(Content(resource: resource, objects: objects))
        }
        return all
    }

    private static func deletes(_ content: [Content]) -> [ControllerWrite] {
        var writes: [ControllerWrite] = []
        for part in content {
            for object in part.objects where object.value.deletionTimestamp == nil {
                if writes.count == most { return writes }
                var options = DeleteOptions()
                options.propagationPolicy = "Background"
                options.preconditionUID = object.value.uid
                var write = ControllerWrite(
                    part.resource, namespace: object.namespace, name: object.name, .delete(options))
                write.letsOthersGoOn = true
                writes.append(write)
            }
        }
        return writes
    }

    // MARK: Conditions

    /// The conditions as they ought to be; nil when they are so already.
    private static func status(
        _ namespace: JSON, _ content: [Content], _ remains: AggregatedRemains, _ failures: [String],
        _ now: Timestamp
    ) -> [JSON]? {
        var changed = namespace
        for condition in conditions(content, remains, failures) {
            var condition = condition
            let old = namespace["status"]?["conditions"]?.array?
                .first { $0["type"] == condition["type"] }
            if let old, ["status", "reason", "message"].allSatisfy({ old[$0] == condition[$0] }) { continue }
            condition["lastTransitionTime"] = .string(Timestamp(seconds: now.seconds).rfc3339)
            changed.setCondition(condition)
        }
        return changed == namespace ? nil : changed["status"]?["conditions"]?.array
    }

    private static func conditions(
        _ content: [Content], _ remains: AggregatedRemains, _ failures: [String]
    ) -> [JSON] {
        var remaining = remains.objects.map { "\($0.key) has \($0.value) resource instances" }
        var finalizers = remains.finalizers
        for part in content {
            remaining.append(
                "\(part.resource.plural).\(part.resource.group) has \(part.objects.count) resource instances")
            for object in part.objects {
                for finalizer in object.value.finalizers { finalizers[finalizer, default: 0] += 1 }
            }
        }
        let waits = finalizers.map { "\($0.key) in \($0.value) resource instances" }
        func list(_ texts: [String]) -> String { texts.sorted(by: utf8Less).joined(separator: ", ") }
        return [
            condition(
                "NamespaceDeletionDiscoveryFailure",
                remains.unknown.isEmpty
                    ? nil
                    : (
                        "DiscoveryFailed",
                        "Discovery failed for some groups, \(remains.unknown.count) failing: unable to "
                            + "retrieve the complete list of server APIs: "
                            + list(remains.unknown.map { "\($0.key): \($0.value)" })
                    ),
                "ResourcesDiscovered", "All resources successfully discovered"),
            condition(
                "NamespaceDeletionGroupVersionParsingFailure", nil, "ParsedGroupVersions",
                "All legacy kube types successfully parsed"),
            condition(
                "NamespaceDeletionContentFailure",
                failures.isEmpty
                    ? nil
                    : (
                        "ContentDeletionFailed",
                        "Failed to delete all resource types, \(failures.count) remaining: "
                            + (failures.count == 1 ? failures[0] : "[\(list(failures))]")
                    ),
                "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            condition(
                "NamespaceContentRemaining",
                remaining.isEmpty
                    ? nil : ("SomeResourcesRemain", "Some resources are remaining: \(list(remaining))"),
                "ContentRemoved", "All content successfully removed"),
            condition(
                "NamespaceFinalizersRemaining",
                waits.isEmpty
                    ? nil
                    : (
                        "SomeFinalizersRemain",
                        "Some content in the namespace has finalizers remaining: \(list(waits))"
                    ),
                "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        ]
    }

    private static func condition(
        _ type: String, _ problem: (reason: String, message: String)?, _ reason: String, _ message: String
    ) -> JSON {
        [
            "type": .string(type), "status": problem == nil ? "False" : "True",
            "reason": .string(problem?.reason ?? reason), "message": .string(problem?.message ?? message),
        ]
    }
}
