import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// Keeps an APIService for every version of a group that the server serves itself
/// (kube-aggregator's pkg/controllers/autoregister, pkg/controlplane/controller/crdregistration): those of
/// built-in groups are made or set right once, when the server starts, those of custom resources always. An
/// APIService that nobody marked as managed is left alone.
public struct APIServiceRegistration: Controller {
    public let name = "kube-apiserver-autoregistration"
    public let alias = "apiservice-autoregistration"
    public let account = "kube-apiserver"
    /// What it makes nobody needs to ask the server for anything.
    public let isAwaited = false
    static let label = "kube-aggregator.kubernetes.io/automanaged"
    static let onStart = "onstart"
    static let always = "true"

    /// The definitions that serve a version, by the name of its APIService.
    private var definitions: [String: Set<String>] = [:]
    /// The APIServices that were there when this began.
    private var present: Set<String> = []
    private var hasBegun = false
    /// Those that were as they ought to be once.
    private var settled: Set<String> = []

    public init() {}

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .apiServices:
            if !hasBegun, event.kind == .added { present.insert(event.object.key) }
            return [event.object.key]
        case .customResourceDefinitions:
            let before = event.previous.map { Self.served($0.value) } ?? []
            let after = event.kind == .deleted ? [] : Self.served(event.object.value)
            for name in before where !after.contains(name) {
                definitions[name]?.remove(event.object.key)
                if definitions[name]?.isEmpty == true { definitions[name] = nil }
            }
            for name in after { definitions[name, default: []].insert(event.object.key) }
            return before == after ? [] : before + after.filter { !before.contains($0) }
        // There from the start.
        case .namespaces where event.kind == .added && event.object.key == "kube-system":
            return view.resources.groups.flatMap { group in
                group.versions.map { APIServiceSummary.name(group: group.name, version: $0) }
            }
        default: return []
        }
    }

    /// The APIServices of the versions that a definition serves.
    private static func served(_ definition: JSON) -> [String] {
        let group = definition["spec"]?["group"]?.string ?? ""
        return (definition["spec"]?["versions"]?.array ?? []).compactMap { version in
            guard version["served"]?.bool == true, let name = version["name"]?.string else { return nil }
            return APIServiceSummary.name(group: group, version: name)
        }
    }

    /// The APIService as it ought to be, and how it is managed; nil for none.
    private func desired(_ name: String, _ view: ClusterView) -> (spec: JSON, label: String)? {
        guard let dot = name.firstIndex(of: ".") else { return nil }
        let (version, group) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
        let priority: GroupPriority
        let label: String
        let infos = view.resources.resources(group: group, version: version)
        if infos.contains(where: { !$0.isCustom }) {
            guard let builtin = GroupPriority.builtin(group: group, version: version) else { return nil }
            (priority, label) = (builtin, Self.onStart)
        } else {
            guard definitions[name] != nil else { return nil }
            (priority, label) = (.custom, Self.always)
        }
        var spec: JSONObject = [:]
        if !group.isEmpty { spec["group"] = .string(group) }
        spec["version"] = .string(version)
        spec["groupPriorityMinimum"] = .integer(Int64(priority.group))
        spec["versionPriority"] = .integer(Int64(priority.version))
        return (.object(spec), label)
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        hasBegun = true
        let desired = desired(key, view)
        let wasSettled = settled.contains(key)
        if desired?.label == Self.onStart, wasSettled { return .nothing }
        guard let current = view.object(.apiServices, key) else {
            guard let desired else { return .nothing }
            return write(
                key,
                .create([
                    "metadata": ["name": .string(key), "labels": [Self.label: .string(desired.label)]],
                    "spec": desired.spec,
                ]))
        }
        let label = current.at("metadata", "labels", Self.label)?.string
        switch label {
        case Self.always: break
        case Self.onStart where present.contains(key) && !wasSettled: break
        default:
            settled.insert(key)
            return .nothing
        }
        guard let desired else {
            var options = DeleteOptions()
            options.preconditionUID = current.uid
            return write(key, .delete(options))
        }
        if current["spec"] == desired.spec {
            settled.insert(key)
            return .nothing
        }
        var changed = current
        changed["spec"] = desired.spec
        return write(key, .update(changed))
    }

    private func write(_ name: String, _ operation: ControllerWrite.Operation) -> Reconciliation {
        var write = ControllerWrite(
            group: CollectionID.apiServices.group, version: "v1", plural: CollectionID.apiServices.resource,
            name: name, operation)
        write.existingIsDone = true
        return Reconciliation(writes: [write])
    }
}

/// Says of APIServices of the server's own that they are available
/// (kube-aggregator's pkg/controllers/status/local).
public struct LocalAvailabilityController: Controller {
    public let name = "apiservice-status-local-available-controller"
    public let alias = "apiservice-local-availability"
    public let account = "kube-apiserver"
    public let isAwaited = false

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .apiServices, event.kind != .deleted else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard var object = view.object(.apiServices, key), object.at("spec", "service") == nil else {
            return .nothing
        }
        let before = object
        object.setCondition([
            "type": "Available", "status": "True",
            "lastTransitionTime": .string(Timestamp(seconds: now.seconds).rfc3339), "reason": "Local",
            "message": "Local APIServices are always available",
        ])
        guard object != before else { return .nothing }
        return Reconciliation(writes: [
            ControllerWrite(
                group: CollectionID.apiServices.group, version: "v1",
                plural: CollectionID.apiServices.resource, name: key, subresource: "status", .update(object))
        ])
    }
}
