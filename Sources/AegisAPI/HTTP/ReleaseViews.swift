import KubeJSON

/// Releases as the API shows them.
enum ReleaseViews {
    static func release(_ release: Release, events: [ReleaseEvent]? = nil) -> JSON {
        func time(_ at: Int64?) -> JSON { at.map { .string(timestamp($0, fraction: true)) } ?? .null }
        var view: JSON = [
            "id": .string(release.id), "workload": .string(release.workload),
            "namespace": .string(release.namespace), "state": .string(release.state.rawValue),
            "active": .bool(release.state.isActive), "message": .string(release.message),
            "change": change(release.change), "note": .string(release.note),
            "createdBy": .string(release.createdBy), "createdAt": time(release.createdAt),
            "finishedAt": time(release.finishedAt), "deadlineSeconds": .integer(Int64(release.deadline)),
            "progress": release.progress?.document ?? .null,
            "rollbackReason": release.rollbackReason.map { .string($0) } ?? .null,
            "before": release.before.map(state) ?? .null,
        ]
        if let events { view["steps"] = .array(events.map(\.view)) }
        return view
    }

    /// Names of variables alone: values may be secrets.
    private static func change(_ change: ReleaseChange) -> JSON {
        [
            "container": change.container.map { .string($0) } ?? .null,
            "image": change.image.map { .string($0) } ?? .null,
            "env": .array(change.environment.map { .string($0.name) }),
            "replicas": change.replicas.map { .integer(Int64($0)) } ?? .null,
            "restart": .bool(change.isRestart),
            "undoes": change.undoes.map { .string($0) } ?? .null,
        ]
    }

    private static func state(_ state: WorkloadState) -> JSON {
        let containers = state.template.at("spec", "containers")?.array ?? []
        return [
            "images": .array(containers.compactMap { $0["image"] }),
            "replicas": .integer(Int64(state.replicas)),
        ]
    }

    static func audit(_ entry: AuditEntry) -> JSON {
        [
            "number": .integer(entry.number), "at": .string(timestamp(entry.at, fraction: true)),
            "actor": .string(entry.actor), "action": .string(entry.action),
            "workload": .string(entry.workload),
            "release": entry.release.map { .string($0) } ?? .null, "requestId": .string(entry.requestID),
            "outcome": .string(entry.outcome),
        ]
    }
}
