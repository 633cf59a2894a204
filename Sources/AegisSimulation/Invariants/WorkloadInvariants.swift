import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What a Deployment allows itself while it is updated.
struct DeploymentLimits: Sendable, Equatable {
    let replicas: Int
    /// Pods at the most.
    let most: Int
    /// Available pods at the least.
    let least: Int
    let isRolling: Bool

    init(_ deployment: JSON) {
        let spec = deployment["spec"]
        replicas = spec?["replicas"]?.int ?? 1
        isRolling = spec?["strategy"]?["type"]?.string != "Recreate"
        let rolling = spec?["strategy"]?["rollingUpdate"]
        let surge = isRolling ? Self.count(rolling?["maxSurge"], of: replicas, up: true) : 0
        var unavailable =
            isRolling ? Self.count(rolling?["maxUnavailable"], of: replicas, up: false) : replicas
        if surge == 0, unavailable == 0 { unavailable = 1 }
        most = replicas + surge
        least = max(replicas - unavailable, 0)
    }

    private static func count(_ value: JSON?, of replicas: Int, up: Bool) -> Int {
        if let number = value?.int { return number }
        guard let text = value?.string, text.hasSuffix("%"), let percent = Int(text.dropLast()) else {
            return 0
        }
        return up ? (percent * replicas + 99) / 100 : percent * replicas / 100
    }
}

struct StatefulSetLimits: Sendable {
    let name: String
    let start: Int
    let replicas: Int
    let partition: Int
    let isOrdered: Bool
    let updateRevision: String

    init(_ set: JSON) {
        let spec = set["spec"]
        name = set.name
        start = spec?["ordinals"]?["start"]?.int ?? 0
        replicas = spec?["replicas"]?.int ?? 1
        partition = spec?["updateStrategy"]?["rollingUpdate"]?["partition"]?.int ?? 0
        isOrdered = spec?["podManagementPolicy"]?.string != "Parallel"
        updateRevision = set["status"]?["updateRevision"]?.string ?? ""
    }

    var ordinals: Range<Int> { start..<(start + replicas) }
}

extension ClusterInvariants {
    mutating func noteDeployment(_ event: ObjectEvent, _ now: Timestamp) {
        guard let deployment = event.present else { return }
        let limits = DeploymentLimits(deployment)
        if deployments[deployment.uid]?.last != limits {
            deployments[deployment.uid, default: Recent()].set(limits, at: now)
        }
    }

    /// A Deployment's controller never asks for more pods than its surge allows.
    mutating func noteReplicaSet(_ event: ObjectEvent, _ step: Step) {
        guard let set = event.present else { return }
        let owner = set.ownerReferences.first { $0["controller"]?.bool == true }?["uid"]?.string
        if let owner { deploymentOf[set.uid] = owner }
        let replicas = set["spec"]?["replicas"]?.int ?? 1
        let before = event.previous?.value["spec"]?["replicas"]?.int ?? 0
        if event.previous == nil || replicas != before {
            replicaSets[set.uid, default: Recent()].set(replicas, at: step.now)
        }
        guard step.controller == "deployment-controller", replicas > before, let owner,
            let limits = deployments[owner]?.values(step.now, back: lag)
        else { return }
        let sum = step.after.objects(.replicaSets, in: set.namespace).reduce(0) { sum, other in
            let isOwn = other.value.ownerReferences.contains { $0["uid"]?.string == owner }
            return sum + (isOwn ? other.value["spec"]?["replicas"]?.int ?? 1 : 0)
        }
        let most = limits.map(\.most).max() ?? 0
        if sum > most {
            violate("surge", step.now, "\(set.name): \(sum) pods are asked for, \(most) are allowed")
        }
    }

    /// A ReplicaSet makes no more pods than it is to have.
    mutating func checkReplica(_ pod: PodSummary, _ step: Step) {
        guard let uid = pod.controllerUID, let wanted = replicaSets[uid]?.values(step.now, back: lag) else {
            return
        }
        let active = step.after.pods(ofController: uid).count(where: \.isActive)
        let most = wanted.max() ?? 0
        if active > most {
            violate(
                "replicas", step.now,
                "\(pod.controllerName ?? "") has \(active) pods with \(pod.name), wants \(most)")
        }
    }

    /// A ready pod that a ReplicaSet deletes leaves as many available as the Deployment's rolling update
    /// allows. Not asked when pods were lost, the watch lagged or the Deployment was scaled just now: scaling takes
    /// its share from old and new alike, as upstream does it, ready or not.
    mutating func checkAvailable(_ pod: PodSummary, _ step: Step) {
        guard let set = pod.controllerUID, let uid = deploymentOf[set],
            let limits = deployments[uid]?.values(step.now, back: lag),
            limits.allSatisfy({ $0.isRolling && $0.replicas == limits[0].replicas }),
            let locator = step.after.locator(of: uid),
            step.after.object(locator.collection, locator.key)?.deletionTimestamp == nil,
            !mayBeBlind(step.now), !isRecent(lastLoss[uid], step.now)
        else { return }
        var available = 0
        for other in step.after.objects(.replicaSets, in: pod.namespace)
        where other.value.ownerReferences.contains(where: { $0["uid"]?.string == uid }) {
            available += step.after.pods(ofController: other.value.uid).count { $0.isReady && $0.isActive }
        }
        let least = limits.map(\.least).min() ?? 0
        if available < least {
            violate(
                "available", step.now,
                "\(locator.name): \(available) pods are available after \(pod.name) is gone, "
                    + "\(least) must be")
        }
    }

    // MARK: StatefulSets

    mutating func noteStatefulSet(_ event: ObjectEvent, _ now: Timestamp) {
        guard let set = event.present else { return }
        statefulSets[set.uid, default: Recent()].set(StatefulSetLimits(set), at: now)
    }

    private static func ordinal(_ name: String) -> Int? {
        name.split(separator: "-").last.flatMap { Int($0) }
    }

    mutating func checkOrdinal(created pod: PodSummary, _ step: Step) {
        guard let uid = pod.controllerUID, let limits = statefulSets[uid]?.values(step.now, back: lag),
            let last = limits.last
        else { return }
        guard let ordinal = Self.ordinal(pod.name), pod.name == "\(last.name)-\(ordinal)",
            pod.labels["apps.kubernetes.io/pod-index"]?.string == String(ordinal)
        else {
            violate("identity", step.now, "\(pod.name) is none of \(last.name)'s names")
            return
        }
        if !limits.contains(where: { $0.ordinals.contains(ordinal) }) {
            violate("identity", step.now, "\(pod.name) is outside of \(last.ordinals)")
        }
        guard last.isOrdered, !mayBeBlind(step.now), !isRecent(lastLoss[uid], step.now) else { return }
        for lower in last.start..<max(ordinal, last.start) {
            let other = step.after.pod("\(pod.namespace)/\(last.name)-\(lower)")
            if other.map({ !$0.isReady || $0.isTerminating }) ?? true {
                violate("order", step.now, "\(pod.name) is made before \(last.name)-\(lower) is ready")
            }
        }
    }

    mutating func checkOrdinal(removed pod: PodSummary, _ step: Step) {
        guard let uid = pod.controllerUID, let limits = statefulSets[uid]?.values(step.now, back: lag),
            let last = limits.last, let ordinal = Self.ordinal(pod.name), !pod.isFinished
        else { return }
        let higher = step.after.pods(ofController: uid).filter { (Self.ordinal($0.name) ?? 0) > ordinal }
        let areOutside = limits.map { !$0.ordinals.contains(ordinal) }
        // It may have gone as one too many or for another revision.
        if areOutside.contains(true), areOutside.contains(false) { return }
        if areOutside.contains(true) {
            guard last.isOrdered, ordinal >= last.start, !mayBeBlind(step.now) else { return }
            for other in higher {
                violate("order", step.now, "\(pod.name) goes before \(other.name)")
            }
            return
        }
        let revision = pod.labels["controller-revision-hash"]?.string
        if limits.allSatisfy({ $0.updateRevision == revision }) {
            violate("order", step.now, "\(pod.name) is as it should be and is deleted")
            return
        }
        if limits.allSatisfy({ ordinal < $0.partition }) {
            violate("order", step.now, "\(pod.name) is below the partition and is updated")
        }
        guard limits.count == 1, !mayBeBlind(step.now), !isRecent(lastLoss[uid], step.now) else { return }
        for other in higher where last.ordinals.contains(Self.ordinal(other.name) ?? -1) {
            let isNew = other.labels["controller-revision-hash"]?.string == last.updateRevision
            if !isNew || !other.isReady || other.isTerminating {
                violate("order", step.now, "\(pod.name) is updated before \(other.name) is")
            }
        }
    }

    // MARK: At rest

    /// No workload has more pods than it asks for.
    mutating func checkCounts(_ view: ClusterView, _ now: Timestamp) {
        for set in view.objects(.replicaSets) {
            let wanted = set.value["spec"]?["replicas"]?.int ?? 1
            let active = view.pods(ofController: set.value.uid).count(where: \.isActive)
            if active > wanted {
                violate("replicas", now, "\(set.key) has \(active) pods at rest, wants \(wanted)")
            }
        }
        for set in view.objects(.statefulSets) {
            let limits = StatefulSetLimits(set.value)
            for pod in view.pods(ofController: set.value.uid) where pod.isActive {
                if !limits.ordinals.contains(Self.ordinal(pod.name) ?? -1) {
                    violate("identity", now, "\(pod.key) is left outside of \(limits.ordinals)")
                }
            }
        }
    }
}
