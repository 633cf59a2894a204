import KubeAPI
import KubeEngine
import KubeJSON

/// One ReplicaSet of a Deployment while it is decided what to do with it.
struct RolloutSet {
    let object: JSON
    let name: String
    let uid: String
    let created: String
    let revision: Int
    /// As they will be after the writes that were decided on.
    var replicas: Int
    var annotations: JSONObject
    /// A write is decided on, so that the next cannot ask for the present version.
    var isWritten = false

    init(_ object: JSON) {
        self.object = object
        name = object.name
        uid = object.uid
        created = object.at("metadata", "creationTimestamp")?.string ?? ""
        replicas = object["spec"]?["replicas"]?.int ?? 1
        annotations = object.at("metadata", "annotations")?.object ?? [:]
        revision = Int(annotations[Rollout.revision]?.string ?? "") ?? 0
    }

    func count(_ field: String) -> Int { object["status"]?[field]?.int ?? 0 }
    var available: Int { count("availableReplicas") }
    func number(_ annotation: String) -> Int? { annotations[annotation]?.string.flatMap { Int($0) } }

    static func isOlder(_ left: RolloutSet, _ right: RolloutSet) -> Bool {
        left.created == right.created
            ? utf8Less(left.name, right.name) : utf8Less(left.created, right.created)
    }
}

/// One look at a Deployment: its sets, and the writes that are decided on.
struct Rollout {
    static let prefix = "deployment.kubernetes.io/"
    static let revision = prefix + "revision"
    static let history = prefix + "revision-history"
    static let desired = prefix + "desired-replicas"
    static let most = prefix + "max-replicas"
    static let component = "deployment-controller"
    private static let mostHistory = 2_000
    private static let notCopied: Set<String> = [
        "kubectl.kubernetes.io/last-applied-configuration", revision, history, desired, most,
        "deprecated.deployment.rollback.to",
    ]

    /// As it will be: with a revision and conditions of now.
    var deployment: JSON
    let original: JSON
    let strategy: DeploymentStrategy
    let now: Timestamp
    /// All but the new one, the oldest first.
    var old: [RolloutSet]
    /// The one of the present template.
    var new: RolloutSet?
    var writes: [ControllerWrite] = []

    init(_ deployment: JSON, sets: [RolloutSet], now: Timestamp) {
        self.deployment = deployment
        original = deployment
        self.now = now
        strategy = DeploymentStrategy(deployment)
        let template = deployment["spec"]?["template"] ?? [:]
        old = sets.sorted(by: RolloutSet.isOlder)
        let position = old.firstIndex {
            PodTemplateHash.areEqual($0.object["spec"]?["template"] ?? [:], template)
        }
        if let position { new = old.remove(at: position) }
    }

    var all: [RolloutSet] { old + (new.map { [$0] } ?? []) }
    var hasDeadline: Bool {
        guard let seconds = deployment["spec"]?["progressDeadlineSeconds"]?.int else { return false }
        return seconds != Int(Int32.max)
    }
    var isPaused: Bool { deployment["spec"]?["paused"]?.bool == true }
    private var minReadySeconds: Int { deployment["spec"]?["minReadySeconds"]?.int ?? 0 }

    // MARK: The new set

    /// Gives the new set the Deployment's annotations and the highest revision, and the Deployment that one.
    mutating func syncRevision() {
        guard var set = new else { return }
        let before = set.annotations
        annotate(&set, exists: true)
        let isReadyLater = set.object["spec"]?["minReadySeconds"]?.int ?? 0 != minReadySeconds
        if set.annotations != before || isReadyLater {
            var patch: JSON = ["metadata": ["annotations": .object(set.annotations)]]
            if isReadyLater {
                patch["spec"] = ["minReadySeconds": .integer(Int64(minReadySeconds))]
            }
            write(patch, to: &set, event: nil)
        }
        new = set
        if let revision = set.annotations[Self.revision] { setRevision(revision) }
        if hasDeadline, condition("Progressing") == nil {
            say(
                "Progressing", "True", "FoundNewReplicaSet",
                "Found new replica set \(JSONWriter.string(.string(set.name)))")
        }
    }

    private mutating func setRevision(_ revision: JSON) {
        if deployment.at("metadata", "annotations", Self.revision) != revision {
            deployment.set(revision, at: "metadata", "annotations", Self.revision)
        }
    }

    private func annotate(_ set: inout RolloutSet, exists: Bool) {
        for (key, value) in deployment.at("metadata", "annotations")?.object ?? [:]
        where !Self.notCopied.contains(key) && set.annotations[key] != value { set.annotations[key] = value }
        let next = (old.map(\.revision).max() ?? 0) + 1
        let present = set.annotations[Self.revision]?.string
        guard let number = Int(present ?? "0"), number < next else { return }
        set.annotations[Self.revision] = .string(String(next))
        guard let present else { return }
        // It is rolled back to: what it was before is remembered, as far as there is room.
        var past = (set.annotations[Self.history]?.string ?? "").split(separator: ",").map(String.init)
        var length = past.reduce(0) { $0 + $1.utf8.count + 1 } + present.utf8.count
        while length > Self.mostHistory, let first = past.first {
            length -= first.utf8.count + 1
            past.removeFirst()
        }
        set.annotations[Self.history] = .string((past + [present]).joined(separator: ","))
    }

    /// What became of making the set of the present template.
    enum Creation {
        case made
        /// Its name is another's: the next try has another hash.
        case collision
    }

    /// - Parameters:
    ///   - lastFailure: why the Deployment failed last time.
    ///   - isTaken: whether there is a set of a name.
    mutating func create(lastFailure: String?, isTaken: (String) -> Bool) -> Creation {
        let template = deployment["spec"]?["template"] ?? [:]
        let collisions = deployment["status"]?["collisionCount"]?.int
        let hash = PodTemplateHash.hash(of: template, collisions: collisions)
        let name = String(deployment.name.prefix(253 - 1 - hash.utf8.count)) + "-" + hash
        if isTaken(name) {
            deployment.set(.integer(Int64((collisions ?? 0) + 1)), at: "status", "collisionCount")
            return .collision
        }
        var labelled = template
        labelled.set(.string(hash), at: "metadata", "labels", PodTemplateHash.label)
        var selector = deployment["spec"]?["selector"] ?? [:]
        selector.set(.string(hash), at: "matchLabels", PodTemplateHash.label)
        var spec: JSONObject = [
            "replicas": 0, "selector": selector, "template": labelled,
        ]
        if minReadySeconds != 0 { spec["minReadySeconds"] = .integer(Int64(minReadySeconds)) }
        var metadata: JSONObject = [
            "name": .string(name), "namespace": .string(deployment.namespace),
            "labels": labelled.at("metadata", "labels") ?? [:],
            "ownerReferences": [PodTemplates.ownerReference(to: deployment)],
        ]
        var set = RolloutSet(["metadata": .object(metadata), "spec": .object(spec)])
        new = set
        set.replicas = newReplicas()
        annotate(&set, exists: false)
        set.annotations[Self.desired] = .string(String(strategy.replicas))
        set.annotations[Self.most] = .string(String(strategy.mostReplicas))
        new = set
        spec["replicas"] = .integer(Int64(set.replicas))
        metadata["annotations"] = .object(set.annotations)

        let quotedName = JSONWriter.string(.string(name))
        if let lastFailure, hasDeadline {
            say(
                "Progressing", "False", "ReplicaSetCreateError",
                "Failed to create new replica set \(quotedName): \(lastFailure)")
            var write = statusWrite()
            write?.letsOthersGoOn = true
            if let write { writes.append(write) }
        }
        let create = ControllerWrite(
            group: "apps", version: "v1", plural: "replicasets", namespace: deployment.namespace, name: name,
            .create([
                "kind": "ReplicaSet", "apiVersion": "apps/v1", "metadata": .object(metadata),
                "spec": .object(spec),
            ]))
        writes.append(
            create.recording(
                set.replicas > 0
                    ? event("ScalingReplicaSet", "Scaled up replica set \(name) from 0 to \(set.replicas)")
                    : nil,
                orFailure: event(
                    "ReplicaSetCreateError", "Failed to create new replica set \(quotedName): {error}",
                    .warning)))
        return .made
    }

    /// Whether the status says that the set of the present template could not be made, though it is there.
    var isMadeAfterAll: Bool {
        new != nil && condition("Progressing")?["reason"]?.string == "ReplicaSetCreateError"
    }

    /// Says in the status that the set of the present template was made.
    mutating func noteCreated() {
        guard let new else { return }
        if let revision = new.annotations[Self.revision] { setRevision(revision) }
        if hasDeadline {
            say(
                "Progressing", "True", "NewReplicaSetCreated",
                "Created new replica set \(JSONWriter.string(.string(new.name)))")
        }
    }

    // MARK: Scaling

    /// How many replicas the new set may have now.
    func newReplicas() -> Int {
        let present = new?.replicas ?? 0
        guard strategy.isRolling else { return strategy.replicas }
        let room = strategy.mostReplicas - all.reduce(0) { $0 + $1.replicas }
        return room <= 0 ? present : present + min(room, strategy.replicas - present)
    }

    /// - Returns: whether the number changes.
    mutating func scaleNew(to replicas: Int) -> Bool {
        guard var set = new, set.replicas != replicas else { return false }
        scale(&set, to: replicas)
        new = set
        return true
    }

    mutating func scaleOld(_ index: Int, to replicas: Int) {
        if old[index].replicas == replicas { return }
        var set = old[index]
        scale(&set, to: replicas)
        old[index] = set
    }

    /// Writes the number, and what it was decided by, if either is not there.
    mutating func scale(_ set: inout RolloutSet, to replicas: Int) {
        let desired = JSON.string(String(strategy.replicas))
        let most = JSON.string(String(strategy.mostReplicas))
        let before = set.replicas
        if before == replicas, set.annotations[Self.desired] == desired, set.annotations[Self.most] == most {
            return
        }
        set.replicas = replicas
        set.annotations[Self.desired] = desired
        set.annotations[Self.most] = most
        let word = before < replicas ? "up" : "down"
        write(
            [
                "metadata": ["annotations": [Self.desired: desired, Self.most: most]],
                "spec": ["replicas": .integer(Int64(replicas))],
            ], to: &set,
            event: before == replicas
                ? nil
                : event(
                    "ScalingReplicaSet",
                    "Scaled \(word) replica set \(set.name) from \(before) to \(replicas)"))
    }

    private mutating func write(_ patch: JSON, to set: inout RolloutSet, event: RecordedEvent?) {
        var patch = patch
        // Within one look, the second write of a set follows from the first.
        if !set.isWritten {
            patch.set(.string(set.object.resourceVersion), at: "metadata", "resourceVersion")
        }
        patch.set(.string(set.uid), at: "metadata", "uid")
        set.isWritten = true
        writes.append(
            ControllerWrite(
                group: "apps", version: "v1", plural: "replicasets", namespace: deployment.namespace,
                name: set.name, .patch(patch)
            ).recording(event))
    }

    func event(
        _ reason: String, _ message: String, _ kind: RecordedEvent.Kind = .normal
    ) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: original, component: Self.component)
    }

    // MARK: Conditions

    func condition(_ type: String) -> JSON? {
        deployment["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    /// Says it in the status of the Deployment that is to be.
    mutating func say(_ type: String, _ status: String, _ reason: String, _ message: String) {
        var conditions = DeploymentConditions(deployment)
        conditions.set(type, status, reason, message, now)
        deployment.set(.array(conditions.list), at: "status", "conditions")
    }

    /// The write of the Deployment's status and revision; nil when nothing is new.
    func statusWrite() -> ControllerWrite? {
        guard deployment != original else { return nil }
        return ControllerWrite(
            group: "apps", version: "v1", plural: "deployments", namespace: deployment.namespace,
            name: deployment.name, subresource: "status", .update(deployment))
    }
}

/// The conditions of a Deployment, which keep their times as upstream's do.
struct DeploymentConditions {
    var list: [JSON]

    init(_ deployment: JSON) { list = deployment["status"]?["conditions"]?.array ?? [] }

    subscript(type: String) -> JSON? { list.first { $0["type"]?.string == type } }

    mutating func remove(_ type: String) { list.removeAll { $0["type"]?.string == type } }

    /// One with the same status and reason stays as it is; one with the same status keeps its transition.
    mutating func set(
        _ type: String, _ status: String, _ reason: String, _ message: String, _ now: Timestamp
    ) {
        let present = self[type]
        let isSame = present?["status"]?.string == status
        if isSame, present?["reason"]?.string == reason { return }
        let time = JSON.string(now.rfc3339)
        remove(type)
        list.append([
            "type": .string(type), "status": .string(status), "lastUpdateTime": time,
            "lastTransitionTime": isSame ? present?["lastTransitionTime"] ?? time : time,
            "reason": .string(reason), "message": .string(message),
        ])
    }
}
