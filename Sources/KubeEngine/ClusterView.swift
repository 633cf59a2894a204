import KubeAPI
import KubeJSON
import KubeStore

/// One change of one object, as controllers see it.
public struct ObjectEvent: Sendable {
    public let kind: Event.Kind
    public let collection: CollectionID
    /// After the change; the last one of a deletion.
    public let object: StoredObject
    public let previous: StoredObject?
    /// Of a pod's event: the pod after the change, and before it.
    public let pod: PodSummary?
    public let previousPod: PodSummary?

    public init(
        kind: Event.Kind, collection: CollectionID, object: StoredObject, previous: StoredObject?,
        pod: PodSummary? = nil, previousPod: PodSummary? = nil
    ) {
        self.kind = kind
        self.collection = collection
        self.object = object
        self.previous = previous
        self.pod = pod
        self.previousPod = previousPod
    }
}

/// Where an object is, as a short text: `deployments.apps:default/web`.
public struct ObjectLocator: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let collection: CollectionID
    /// `namespace/name`, or `name`.
    public let key: String

    public init(_ collection: CollectionID, _ key: String) {
        self.collection = collection
        self.key = key
    }

    /// Reads what `description` wrote.
    public init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let id = text[..<colon]
        let dot = id.utf8.firstIndex(of: UInt8(ascii: ".")) ?? id.endIndex
        collection = CollectionID(
            group: dot == id.endIndex ? "" : String(id[id.index(after: dot)...]), resource: String(id[..<dot])
        )
        key = String(text[text.index(after: colon)...])
    }

    public var description: String { "\(collection):\(key)" }

    public var namespace: String {
        key.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(key[..<$0]) } ?? ""
    }
    public var name: String {
        key.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(key[key.index(after: $0)...]) } ?? key
    }

    public static func < (left: ObjectLocator, right: ObjectLocator) -> Bool {
        if left.collection != right.collection {
            return utf8Less(left.collection.description, right.collection.description)
        }
        return utf8Less(left.key, right.key)
    }
}

/// The cluster as the engine knows it after some number of events: every object, and who is owned by whom.
/// A value: what a controller was given does not change under it.
public struct ClusterView: Sendable {
    /// The revision of the newest event in it.
    public private(set) var revision: UInt64 = 0
    /// The resources that are served.
    public var resources: ResourceCatalogue
    /// Why the key at hand failed last time, if it did.
    public internal(set) var lastFailure: String?
    private var collections: [CollectionID: PersistentSortedMap<StoredObject>] = [:]
    private var dependentsByOwner: [String: PersistentSortedMap<ObjectLocator>] = [:]
    private var pods = PodIndex()
    private var locators: [String: ObjectLocator] = [:]

    public init(resources: ResourceCatalogue) { self.resources = resources }

    public func stored(_ collection: CollectionID, _ key: String) -> StoredObject? {
        collections[collection]?[key]
    }

    public func object(_ collection: CollectionID, _ key: String) -> JSON? {
        stored(collection, key)?.value
    }

    /// The objects of a collection in order of key, of one namespace when one is named.
    public func objects(_ collection: CollectionID, in namespace: String? = nil) -> [StoredObject] {
        guard let objects = collections[collection] else { return [] }
        return Snapshot(revision: revision, objects: objects)
            .page(prefix: namespace.map { $0 + "/" } ?? "").items
    }

    public func isEmpty(_ collection: CollectionID) -> Bool { collections[collection]?.isEmpty ?? true }

    /// The objects that name a uid among their owners, in a fixed order.
    public func dependents(of uid: String) -> [ObjectLocator] {
        guard let dependents = dependentsByOwner[uid] else { return [] }
        var locators: [ObjectLocator] = []
        locators.reserveCapacity(dependents.count)
        dependents.forEach { _, locator in
            locators.append(locator)
            return true
        }
        return locators
    }

    /// Where the object with a uid is.
    public func locator(of uid: String) -> ObjectLocator? { locators[uid] }

    public func hasDependents(_ uid: String) -> Bool { dependentsByOwner[uid] != nil }

    // MARK: Pods

    public func pod(_ key: String) -> PodSummary? { pods[key] }
    /// In order of key, of one namespace when one is named.
    public func pods(in namespace: String? = nil) -> [PodSummary] { pods.list(in: namespace) }
    /// The pods whose controller has this uid.
    public func pods(ofController uid: String) -> [PodSummary] { pods.list(controller: uid) }
    /// The pods of a namespace that nobody controls.
    public func orphanedPods(in namespace: String) -> [PodSummary] {
        pods.listWithoutController(in: namespace)
    }
    public func podCount(ofController uid: String) -> Int { pods.count(controller: uid) }
    /// The pods that were given to a node.
    public func pods(onNode name: String) -> [PodSummary] { pods.list(node: name) }
    public func podCount(onNode name: String) -> Int { pods.count(node: name) }
    public var podCount: Int { pods.count }

    /// The resource to write the objects of a collection by: the version that its group prefers.
    public func resource(of collection: CollectionID) -> ResourceInfo? {
        resources.preferredResource(group: collection.group, plural: collection.resource)
    }

    /// Takes an event in.
    /// - Returns: what changed against this view; nil when the view was as new already.
    mutating func apply(
        _ kind: Event.Kind, _ collection: CollectionID, _ object: StoredObject
    ) -> ObjectEvent? {
        revision = max(revision, object.revision)
        let previous = collections[collection]?[object.key]
        if let previous, previous.revision >= object.revision { return nil }
        if kind == .deleted {
            guard let previous else { return nil }
            collections[collection]?.removeValue(for: object.key)
            index(collection, object.key, from: previous, to: nil)
            let last = collection == .pods ? PodSummary(object) : nil
            return ObjectEvent(
                kind: .deleted, collection: collection, object: object, previous: previous, pod: last,
                previousPod: last == nil ? nil : pods.set(nil, for: object.key))
        }
        collections[collection, default: PersistentSortedMap()].insert(object, for: object.key)
        index(collection, object.key, from: previous, to: object)
        let pod = collection == .pods ? PodSummary(object) : nil
        return ObjectEvent(
            kind: previous == nil ? .added : .modified, collection: collection, object: object,
            previous: previous, pod: pod, previousPod: pod.flatMap { pods.set($0, for: object.key) })
    }

    private mutating func index(
        _ collection: CollectionID, _ key: String, from old: StoredObject?, to new: StoredObject?
    ) {
        // The tree of an object that was replaced may be gone already; of a pod the summary is kept.
        let summary = collection == .pods && old != nil ? pods[key] : nil
        let gone = summary == nil ? old?.value : nil
        let come = new?.value
        let locator = ObjectLocator(collection, key)
        let goneUID = summary?.uid ?? gone?.uid
        if goneUID != come?.uid {
            if let uid = goneUID, !uid.isEmpty { locators[uid] = nil }
            if let uid = come?.uid, !uid.isEmpty { locators[uid] = locator }
        }
        let before = summary?.ownerUIDs ?? gone?.ownerUIDs ?? []
        let after = come?.ownerUIDs ?? []
        if before == after { return }
        let text = locator.description
        for uid in before where !after.contains(uid) {
            dependentsByOwner[uid]?.removeValue(for: text)
            if dependentsByOwner[uid]?.isEmpty == true { dependentsByOwner[uid] = nil }
        }
        for uid in after where !before.contains(uid) {
            dependentsByOwner[uid, default: PersistentSortedMap()].insert(locator, for: text)
        }
    }
}

extension JSON {
    public var ownerReferences: [JSON] { self["metadata"]?["ownerReferences"]?.array ?? [] }
    public var ownerUIDs: [String] { ownerReferences.compactMap { $0["uid"]?.string } }
}
