import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Deletes what lost all its owners, and holds back owners whose deletion has to wait for what they own or
/// has to let it go first (pkg/controller/garbagecollector). A key is an object's locator.
public struct GarbageCollector: Controller {
    public let name = "garbage-collector-controller"
    public let alias = "garbagecollector"
    public let account = "generic-garbage-collector"
    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"

    public init() {}

    // MARK: What to look at

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        if Self.isIgnored(event.collection) { return [] }
        let object = event.object.value
        let before = event.previous?.value
        var keys: [ObjectLocator] = []
        let own = ObjectLocator(event.collection, event.object.key)
        let uid = object.uid
        if event.kind == .deleted {
            keys += view.dependents(of: uid)
            keys += Self.waitingOwners(of: object.ownerReferences, own, view)
            return keys.map(\.description)
        }
        let owners = object.ownerReferences
        let wasOwned = before?.ownerReferences ?? []
        if owners != wasOwned {
            if !owners.isEmpty { keys.append(own) }
            // An owner that waits may have been waiting for this reference.
            keys += Self.waitingOwners(of: wasOwned, own, view)
        }
        let waits = Self.waits(object)
        if waits || object.deletionTimestamp != nil && before?.deletionTimestamp == nil { keys.append(own) }
        if Self.isWaitingForDependents(object), before.map(Self.isWaitingForDependents) != true {
            keys += view.dependents(of: uid)
        }
        // Something else under a uid that was looked for.
        if before == nil || before?.uid != uid, let old = before?.uid { keys += view.dependents(of: old) }
        var seen = Set<ObjectLocator>()
        return keys.filter { seen.insert($0).inserted }.map(\.description)
    }

    /// Events come and go by themselves.
    private static func isIgnored(_ collection: CollectionID) -> Bool {
        collection.resource == "events" && (collection.group.isEmpty || collection.group == "events.k8s.io")
    }

    /// Whether the collector has to do something before an object that is being deleted can go.
    private static func waits(_ object: JSON) -> Bool {
        object.deletionTimestamp != nil
            && object.finalizers.contains { $0 == foreground || $0 == orphan }
    }

    static func isWaitingForDependents(_ object: JSON) -> Bool {
        object.deletionTimestamp != nil && object.finalizers.contains(foreground)
    }

    private static func waitingOwners(
        of references: [JSON], _ dependent: ObjectLocator, _ view: ClusterView
    ) -> [ObjectLocator] {
        references.compactMap { reference in
            guard case .present(let owner, let locator) = resolve(reference, dependent, view),
                isWaitingForDependents(owner)
            else { return nil }
            return locator
        }
    }

    // MARK: What to do

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let locator = ObjectLocator(key), let resource = view.resource(of: locator.collection),
            let object = view.object(locator.collection, locator.key)
        else { return .nothing }
        let item = Item(locator: locator, resource: resource, object: object)
        if object.deletionTimestamp != nil {
            if object.finalizers.contains(Self.orphan) { return orphanDependents(of: item, view) }
            if object.finalizers.contains(Self.foreground) { return finishForeground(item, view) }
            return .nothing
        }
        return try collect(item, view, now)
    }

    private struct Item {
        let locator: ObjectLocator
        let resource: ResourceInfo
        let object: JSON

        func write(_ operation: ControllerWrite.Operation) -> ControllerWrite {
            ControllerWrite(resource, namespace: locator.namespace, name: locator.name, operation)
        }

        /// Changes metadata if the object is still the one that was looked at.
        func patch(_ key: String, _ value: JSON) -> ControllerWrite {
            write(
                .patch([
                    "metadata": [
                        "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
                        key: value,
                    ]
                ]))
        }

        func removing(finalizer: String) -> ControllerWrite {
            let left = object.finalizers.filter { $0 != finalizer }
            return patch("finalizers", left.isEmpty ? .null : .array(left.map { .string($0) }))
        }

        func keeping(owners: [JSON]) -> ControllerWrite {
            patch("ownerReferences", owners.isEmpty ? .null : .array(owners))
        }

        func delete(_ policy: String) -> ControllerWrite {
            var options = DeleteOptions()
            options.propagationPolicy = policy
            options.preconditionUID = object.uid
            // Somebody may just have given it an owner that lives.
            options.preconditionResourceVersion = object.resourceVersion
            return write(.delete(options))
        }
    }

    private func item(_ locator: ObjectLocator, _ view: ClusterView) -> Item? {
        guard let resource = view.resource(of: locator.collection),
            let object = view.object(locator.collection, locator.key)
        else { return nil }
        return Item(locator: locator, resource: resource, object: object)
    }

    /// Takes the owner out of every dependent, and only then lets it go.
    private func orphanDependents(of owner: Item, _ view: ClusterView) -> Reconciliation {
        var writes = view.dependents(of: owner.object.uid).compactMap { locator in
            item(locator, view).map { dependent in
                dependent.keeping(
                    owners: dependent.object.ownerReferences.filter {
                        $0["uid"]?.string != owner.object.uid
                    })
            }
        }
        writes.append(owner.removing(finalizer: Self.orphan))
        return Reconciliation(writes: writes)
    }

    /// Lets the owner go when no dependent blocks it any more. The dependents have keys of their own.
    private func finishForeground(_ owner: Item, _ view: ClusterView) -> Reconciliation {
        let uid = owner.object.uid
        let blocks = view.dependents(of: uid).contains { locator in
            view.object(locator.collection, locator.key)?.ownerReferences.contains {
                $0["uid"]?.string == uid && $0["blockOwnerDeletion"]?.bool == true
            } ?? false
        }
        return blocks
            ? .nothing : Reconciliation(writes: [owner.removing(finalizer: Self.foreground)])
    }

    /// Deletes an object that no living owner wants (upstream's attemptToDeleteItem).
    private func collect(_ item: Item, _ view: ClusterView, _ now: Timestamp) throws -> Reconciliation {
        let references = item.object.ownerReferences
        if references.isEmpty { return .nothing }
        var solid: [JSON] = []
        var waiting = 0
        var misplaced: [JSON] = []
        for reference in references {
            switch Self.resolve(reference, item.locator, view) {
            case .present(let owner, _):
                if Self.isWaitingForDependents(owner) { waiting += 1 } else { solid.append(reference) }
            case .absent: break
            case .elsewhere: misplaced.append(reference)
            case .unresolvable(let why): throw ControllerError(why)
            case .impossible:
                // A namespaced owner of an object without a namespace: nothing will ever settle whether it
                // lives, so the object stays.
                return Reconciliation(writes: warnings(item, [reference], now))
            }
        }
        let complaints = warnings(item, misplaced, now)
        if !solid.isEmpty {
            if solid.count == references.count { return .nothing }
            return Reconciliation(writes: complaints + [item.keeping(owners: solid)])
        }
        if waiting > 0, view.hasDependents(item.object.uid) {
            var writes = complaints
            let ownDependents = view.dependents(of: item.object.uid)
            let isCycle = ownDependents.contains { locator in
                view.object(locator.collection, locator.key).map(Self.isWaitingForDependents) ?? false
            }
            guard isCycle else { return Reconciliation(writes: writes + [item.delete("Foreground")]) }
            // Owners in a ring would wait for each other for ever: this one blocks no more.
            let freed = references.map { reference -> JSON in
                var reference = reference
                if reference["blockOwnerDeletion"]?.bool == true { reference["blockOwnerDeletion"] = false }
                return reference
            }
            if freed != references { writes.append(item.keeping(owners: freed)) }
            if freed == references { writes.append(item.delete("Foreground")) }
            return Reconciliation(writes: writes, requeueAfter: freed == references ? nil : 0)
        }
        let policy =
            item.object.finalizers.contains(Self.orphan)
            ? "Orphan" : item.object.finalizers.contains(Self.foreground) ? "Foreground" : "Background"
        return Reconciliation(writes: complaints + [item.delete(policy)])
    }

    // MARK: Owners

    private enum Owner {
        case present(JSON, ObjectLocator)
        case absent
        /// An object has the uid, in another namespace than the dependent's: as good as absent.
        case elsewhere
        /// The owner's kind is not served now.
        case unresolvable(String)
        /// The owner has a namespace and the dependent none.
        case impossible
    }

    private static func resolve(
        _ reference: JSON, _ dependent: ObjectLocator, _ view: ClusterView
    ) -> Owner {
        let apiVersion = reference["apiVersion"]?.string ?? ""
        let parts = apiVersion.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let kind = GroupVersionKind(
            parts.count > 1 ? String(parts[0]) : "", String(parts.last ?? ""),
            reference["kind"]?.string ?? "")
        guard let resource = view.resources.resource(for: kind) else {
            return .unresolvable(
                "no matches for kind \"\(kind.kind)\" in version \"\(apiVersion)\" (an owner of \(dependent))"
            )
        }
        let namespace = dependent.namespace
        if resource.isNamespaced, namespace.isEmpty { return .impossible }
        let name = reference["name"]?.string ?? ""
        let locator = ObjectLocator(
            StorageLocation(resource).collection, resource.isNamespaced ? "\(namespace)/\(name)" : name)
        if let owner = view.object(locator.collection, locator.key), owner.uid == reference["uid"]?.string {
            return .present(owner, locator)
        }
        guard resource.isNamespaced, let uid = reference["uid"]?.string else { return .absent }
        guard let found = view.locator(of: uid), found.collection == locator.collection else {
            return .absent
        }
        return found.namespace == namespace ? .absent : .elsewhere
    }

    /// One Event for each reference that names an owner across namespaces, told at the object.
    private func warnings(_ item: Item, _ references: [JSON], _ now: Timestamp) -> [ControllerWrite] {
        references.map { reference in
            let namespace = item.locator.namespace
            let time = JSON.string(Timestamp(seconds: now.seconds).rfc3339)
            func text(_ key: String) -> String { reference[key]?.string ?? "" }
            let shown =
                "[\(text("apiVersion"))/\(text("kind")), namespace: \(namespace), name: \(text("name")), uid: \(text("uid"))]"
            var involved: JSON = [
                "kind": .string(item.resource.kind), "apiVersion": .string(item.resource.apiVersion),
                "name": .string(item.locator.name), "uid": .string(item.object.uid),
            ]
            if !namespace.isEmpty { involved["namespace"] = .string(namespace) }
            let home = namespace.isEmpty ? "default" : namespace
            // Named by what it is about, so that looking at the object again says it once.
            let name = "\(item.locator.name).\(item.object.uid.prefix(8)).\(text("uid").prefix(8))"
            var write = ControllerWrite(
                group: "", version: "v1", plural: "events", namespace: home, name: name,
                .create([
                    "kind": "Event", "apiVersion": "v1",
                    "metadata": ["name": .string(name), "namespace": .string(home)],
                    "involvedObject": involved, "reason": "OwnerRefInvalidNamespace", "type": "Warning",
                    "message": .string("ownerRef \(shown) does not exist in namespace \"\(namespace)\""),
                    "source": ["component": "garbage-collector-controller"],
                    "firstTimestamp": time, "lastTimestamp": time, "count": 1,
                ]))
            write.existingIsDone = true
            return write
        }
    }
}
