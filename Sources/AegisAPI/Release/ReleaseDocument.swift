import KubeJSON

/// Releases as they are stored: one JSON document each. Members that are missing have their first values, so
/// that documents of earlier versions can be read.
extension Release {
    var document: JSON {
        var value: JSON = [
            "id": .string(id), "namespace": .string(namespace), "workload": .string(workload),
            "change": change.document, "createdBy": .string(createdBy), "createdAt": .integer(createdAt),
            "note": .string(note), "deadline": .integer(Int64(deadline)), "state": .string(state.rawValue),
            "message": .string(message), "appliedGeneration": .integer(appliedGeneration),
            "intentBy": .string(intentBy), "watched": .integer(watched),
            "attempts": .integer(Int64(attempts)),
        ]
        if let finishedAt { value["finishedAt"] = .integer(finishedAt) }
        if let progress { value["progress"] = progress.document }
        if let before { value["before"] = before.document }
        if let appliedDigest { value["appliedDigest"] = .string(appliedDigest) }
        if let intent { value["intent"] = .string(intent.rawValue) }
        if let rollbackReason { value["rollbackReason"] = .string(rollbackReason) }
        if let watchedAt { value["watchedAt"] = .integer(watchedAt) }
        if let healthySince { value["healthySince"] = .integer(healthySince) }
        if let troubledSince { value["troubledSince"] = .integer(troubledSince) }
        return value
    }

    /// - Parameter version: of the row that the document is in.
    init?(document: JSON, version: Int64) {
        guard let id = document["id"]?.string, let namespace = document["namespace"]?.string,
            let workload = document["workload"]?.string, let change = document["change"],
            let state = document["state"]?.string.flatMap(ReleaseState.init(rawValue:)),
            let createdAt = document["createdAt"]?.integer
        else { return nil }
        self.init(
            id: id, namespace: namespace, workload: workload, change: ReleaseChange(document: change),
            createdBy: document["createdBy"]?.string ?? "", createdAt: createdAt,
            note: document["note"]?.string ?? "", deadline: document["deadline"]?.int ?? 300)
        self.state = state
        message = document["message"]?.string ?? ""
        finishedAt = document["finishedAt"]?.integer
        progress = document["progress"].flatMap(Progress.init(document:))
        before = document["before"].flatMap(WorkloadState.init(document:))
        appliedDigest = document["appliedDigest"]?.string
        appliedGeneration = document["appliedGeneration"]?.integer ?? 0
        intent = document["intent"]?.string.flatMap(ReleaseIntent.init(rawValue:))
        intentBy = document["intentBy"]?.string ?? ""
        rollbackReason = document["rollbackReason"]?.string
        watched = document["watched"]?.integer ?? 0
        watchedAt = document["watchedAt"]?.integer
        healthySince = document["healthySince"]?.integer
        troubledSince = document["troubledSince"]?.integer
        attempts = document["attempts"]?.int ?? 0
        self.version = version
    }
}

extension ReleaseChange {
    var document: JSON {
        var value: JSON = ["restart": .bool(isRestart)]
        if let container { value["container"] = .string(container) }
        if let image { value["image"] = .string(image) }
        if !environment.isEmpty {
            value["env"] = .object(
                JSONObject(environment.map { ($0.name, $0.value.map { .string($0) } ?? .null) }))
        }
        if let replicas { value["replicas"] = .integer(Int64(replicas)) }
        if let undoes { value["undoes"] = .string(undoes) }
        if let restored { value["restored"] = restored }
        return value
    }

    init(document: JSON) {
        self.init(
            container: document["container"]?.string, image: document["image"]?.string,
            environment: (document["env"]?.object ?? [:]).map { ($0.key, $0.value.string) },
            replicas: document["replicas"]?.int, isRestart: document["restart"]?.bool ?? false,
            undoes: document["undoes"]?.string,
            restored: document["restored"])
    }
}

extension WorkloadState {
    var document: JSON { ["template": template, "replicas": .integer(Int64(replicas))] }

    init?(document: JSON) {
        guard let template = document["template"], let replicas = document["replicas"]?.int else {
            return nil
        }
        self.init(template: template, replicas: replicas)
    }
}

extension Progress {
    var document: JSON {
        [
            "replicas": .integer(Int64(replicas)), "updated": .integer(Int64(updated)),
            "available": .integer(Int64(available)),
        ]
    }

    init?(document: JSON) {
        guard let replicas = document["replicas"]?.int, let updated = document["updated"]?.int,
            let available = document["available"]?.int
        else { return nil }
        self.init(replicas: replicas, updated: updated, available: available)
    }
}
