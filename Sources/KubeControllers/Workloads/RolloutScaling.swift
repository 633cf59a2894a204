import KubeAPI
import KubeJSON

/// Moving pods between the sets of a Deployment (pkg/controller/deployment: rolling.go, recreate.go, sync.go).
extension Rollout {
    /// Whether the wanted number changed since the sets were last scaled.
    var isScaling: Bool {
        all.contains { set in
            set.replicas > 0 && set.number(Rollout.desired).map { $0 != strategy.replicas } == true
        }
    }

    // MARK: Rolling

    /// - Returns: whether anything was scaled.
    mutating func roll() -> Bool {
        guard let set = new else { return false }
        if set.replicas > strategy.replicas {
            if scaleNew(to: strategy.replicas) { return true }
        } else if set.replicas < strategy.replicas, scaleNew(to: newReplicas()) {
            return true
        }
        return scaleDownOld(new: set)
    }

    private mutating func scaleDownOld(new: RolloutSet) -> Bool {
        guard old.contains(where: { $0.replicas > 0 }) else { return false }
        let total = all.reduce(0) { $0 + $1.replicas }
        let most = total - strategy.leastAvailable - (new.replicas - new.available)
        if most <= 0 { return false }
        // Pods that are not available go first: nobody misses them, and they may never be.
        var unhealthy = 0
        for index in old.indices where unhealthy < most {
            let set = old[index]
            if set.replicas == 0 || set.replicas == set.available { continue }
            let count = min(most - unhealthy, set.replicas - set.available)
            // More available than wanted: its own controller is not done yet.
            if count < 0 { return unhealthy > 0 }
            scaleOld(index, to: set.replicas - count)
            unhealthy += count
        }
        let spare = all.reduce(0) { $0 + $1.available } - strategy.leastAvailable
        var healthy = 0
        for index in old.indices where healthy < spare && old[index].replicas > 0 {
            let count = min(old[index].replicas, spare - healthy)
            scaleOld(index, to: old[index].replicas - count)
            healthy += count
        }
        return unhealthy + healthy > 0
    }

    // MARK: Recreating

    /// - Returns: whether anything was scaled.
    mutating func scaleDownAllOld() -> Bool {
        var scaled = false
        for index in old.indices where old[index].replicas > 0 {
            scaleOld(index, to: 0)
            scaled = true
        }
        return scaled
    }

    // MARK: Scaling without rolling

    /// Spreads a changed number over the sets that have pods, each by its share.
    mutating func scaleInProportion() {
        let active = old.indices.filter { old[$0].replicas > 0 }
        let newIsActive = (new?.replicas ?? 0) > 0
        if active.count + (newIsActive ? 1 : 0) <= 1 {
            // The only one with pods, or the latest.
            if let index = active.first {
                scaleOld(index, to: strategy.replicas)
            } else if new != nil {
                _ = scaleNew(to: strategy.replicas)
            } else if let last = old.indices.last {
                scaleOld(last, to: strategy.replicas)
            }
            return
        }
        if let new, new.replicas == strategy.replicas, new.number(Rollout.desired) == strategy.replicas,
            new.available == strategy.replicas
        {
            _ = scaleDownAllOld()
            return
        }
        guard strategy.isRolling else { return }
        var sets = active.map { old[$0] }
        if newIsActive, let new { sets.append(new) }
        let total = sets.reduce(0) { $0 + $1.replicas }
        let toAdd = (strategy.replicas > 0 ? strategy.mostReplicas : 0) - total
        // The largest first; of equals the newest gains first, and the oldest loses first.
        sets.sort { left, right in
            if left.replicas != right.replicas { return left.replicas > right.replicas }
            return toAdd > 0 ? RolloutSet.isOlder(right, left) : RolloutSet.isOlder(left, right)
        }
        var added = 0
        var sizes: [Int] = []
        for set in sets {
            let share = share(of: set, toAdd: toAdd, added: added)
            sizes.append(set.replicas + share)
            added += share
        }
        for (position, set) in sets.enumerated() {
            // What rounding left over is for the largest.
            let size = position == 0 ? max(0, sizes[0] + toAdd - added) : sizes[position]
            if let index = old.firstIndex(where: { $0.uid == set.uid }) {
                var set = old[index]
                scale(&set, to: size)
                old[index] = set
            } else if var set = new {
                scale(&set, to: size)
                new = set
            }
        }
    }

    private func share(of set: RolloutSet, toAdd: Int, added: Int) -> Int {
        if set.replicas == 0 || toAdd == 0 || toAdd == added { return 0 }
        let fraction: Int
        if strategy.replicas == 0 {
            fraction = -set.replicas
        } else {
            var before = set.number(Rollout.most) ?? 0
            if before == 0 { before = original["status"]?["replicas"]?.int ?? 0 }
            if before == 0 { return 0 }
            let size = Double(set.replicas * strategy.mostReplicas) / Double(before)
            fraction = Int(size.rounded(.toNearestOrAwayFromZero)) - set.replicas
        }
        return toAdd > 0 ? min(fraction, toAdd - added) : max(fraction, toAdd - added)
    }

    // MARK: History

    /// Deletes the oldest sets without pods, beyond those that are kept for going back to.
    mutating func cleanUp() {
        guard let limit = deployment["spec"]?["revisionHistoryLimit"]?.int, limit != Int(Int32.max) else {
            return
        }
        let alive = old.filter { $0.object.deletionTimestamp == nil }
        let excess = alive.count - limit
        if excess <= 0 { return }
        let sorted = alive.sorted {
            $0.revision == $1.revision ? RolloutSet.isOlder($0, $1) : $0.revision < $1.revision
        }
        for set in sorted.prefix(excess) {
            let generation = set.object.at("metadata", "generation")?.int ?? 0
            if set.count("replicas") != 0 || set.replicas != 0 || generation > set.count("observedGeneration")
            {
                continue
            }
            writes.append(
                .delete(
                    ("apps", "v1", "replicasets"), namespace: deployment.namespace, name: set.name,
                    uid: set.uid))
        }
    }
}
