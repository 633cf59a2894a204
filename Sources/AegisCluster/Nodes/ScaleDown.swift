import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeScheduler
import KubeStore

/// Taking away nodes that are not needed: mark, move the pods, remove.
extension NodeAutoscaler {
    static let taint = "ToBeDeletedByClusterAutoscaler"
    static let disabled = "cluster-autoscaler.kubernetes.io/scale-down-disabled"

    /// Since when a node is being emptied; nil for others.
    func markedSince(_ node: JSON) -> Timestamp? {
        let mark = node.at("spec", "taints")?.array?.first { $0["key"]?.string == Self.taint }
        return mark.map { Timestamp(seconds: Int64($0["value"]?.string ?? "") ?? 0) }
    }

    func isMarked(_ node: JSON) -> Bool { markedSince(node) != nil }

    /// One look at all nodes.
    /// - Parameters:
    ///   - scheduler: the cluster with what is on its way, pods that wait at the places that they will get.
    ///   - grown: the group that was made larger in this look.
    mutating func scaleDown(
        _ pools: [NodePool], _ scheduler: Scheduler, grown: String?, _ view: ClusterView, _ now: Timestamp,
        _ result: inout Reconciliation
    ) {
        var drains = Drainability(view)
        var leaving = 0
        var draining = 0
        for pool in pools {
            var gone = 0
            for node in pool.nodes where isMarked(node.value) {
                leaving += 1
                let pods = view.pods(onNode: node.name)
                if pods.contains(where: { !Drainability.staysWithNode($0) }) {
                    draining += 1
                    empty(node, pods, scheduler, &drains, now, &result)
                } else if pool.key != grown, pool.target == pool.nodes.count {
                    guard pool.target - gone > pool.group.minimum else {
                        keep(node, "node group min size reached", now, &result)
                        continue
                    }
                    gone += 1
                    remove(node, &result)
                }
            }
            if gone > 0 { result.writes.append(pool.resized(to: pool.target - gone)) }
        }

        let unneeded = findUnneeded(pools, scheduler, view, now)
        var since: [String: Timestamp] = [:]
        for node in unneeded { since[node.node.name] = unneededSince[node.node.name] ?? now }
        unneededSince = since
        guard grown == nil, lastScaleUp.map({ now.since($0) >= options.delayAfterAdd }) ?? true,
            lastFailure.map({ now.since($0) >= options.delayAfterFailure }) ?? true
        else { return }
        var leavingOf: [String: Int] = [:]
        for candidate in unneeded {
            let pool = candidate.pool
            guard now.since(since[candidate.node.name] ?? now) >= options.unneededTime,
                pool.target == pool.nodes.count
            else { continue }
            let marked = leavingOf[pool.key] ?? pool.nodes.filter { isMarked($0.value) }.count
            guard pool.nodes.count - marked > pool.group.minimum, leaving < options.emptyAtOnce else {
                continue
            }
            if !candidate.moving.isEmpty {
                // One at a time: what moves changes what fits.
                guard draining == 0 else { continue }
                draining += 1
            }
            leaving += 1
            leavingOf[pool.key] = marked + 1
            mark(candidate.node, now, &result)
        }
    }

    private struct Candidate {
        let pool: NodePool
        let node: StoredObject
        let moving: [PodSummary]
    }

    /// Nodes with little to do whose pods all fit elsewhere, each on condition that those before it go.
    private func findUnneeded(
        _ pools: [NodePool], _ scheduler: Scheduler, _ view: ClusterView, _ now: Timestamp
    ) -> [Candidate] {
        let drains = Drainability(view)
        var trial = scheduler
        var receivers: Set<String> = []
        var found: [Candidate] = []
        var tried = 0
        for pool in pools where pool.nodes.count > pool.group.minimum {
            for node in pool.nodes {
                guard NodePool.isReady(node.value), !isMarked(node.value), !receivers.contains(node.name),
                    node.value.at("metadata", "annotations", Self.disabled)?.string != "true"
                else { continue }
                let pods = view.pods(onNode: node.name)
                var asked = RequestSum()
                for pod in pods where !pod.isFinished { asked += RequestSum(of: pod.value) }
                guard
                    asked.utilization(of: RequestSum(allocatableOf: node.value))
                        < options.utilizationThreshold,
                    let moving = drains.podsToMove(pods)
                else { continue }
                var without = trial
                for pod in pods { without.podChanged(pod.key, nil, now: now) }
                without.nodeChanged(node.name, nil)
                if !moving.isEmpty {
                    tried += 1
                    guard tried <= options.drainCandidates else { continue }
                    let staying = moving.filter { !$0.isTerminating }
                    let moved = without.simulate(pods: staying.map(\.value))
                    guard staying.allSatisfy({ moved.placements[$0.key] != nil }) else { continue }
                    without = moved.scheduler
                    receivers.formUnion(moved.placements.values)
                }
                trial = without
                found.append(Candidate(pool: pool, node: node, moving: moving))
            }
        }
        return found
    }

    // MARK: One node

    private func event(
        _ kind: RecordedEvent.Kind, _ reason: String, _ message: String, of object: JSON
    ) -> RecordedEvent {
        RecordedEvent(kind, reason, message, of: object, component: Self.component)
    }

    private func patch(_ node: StoredObject, _ body: JSON) -> ControllerWrite {
        var body = body
        body.set(.string(node.value.resourceVersion), at: "metadata", "resourceVersion")
        var write = ControllerWrite(
            group: "", version: "v1", plural: "nodes", name: node.name, .patch(body))
        write.letsOthersGoOn = true
        return write
    }

    private func mark(_ node: StoredObject, _ now: Timestamp, _ result: inout Reconciliation) {
        let taint: JSON = [
            "key": .string(Self.taint), "value": .string(String(now.seconds)), "effect": "NoSchedule",
        ]
        let taints = (node.value.at("spec", "taints")?.array ?? []) + [taint]
        result.writes.append(
            patch(node, ["spec": ["taints": .array(taints), "unschedulable": true]]).recording(
                event(
                    .normal, "ScaleDown", "marked the node as toBeDeleted/unschedulable", of: node.value),
                orFailure: event(
                    .warning, "ScaleDownFailed",
                    "failed to mark the node as toBeDeleted/unschedulable: {error}", of: node.value)))
    }

    /// Lets a node live.
    private mutating func keep(
        _ node: StoredObject, _ why: String, _ now: Timestamp, _ result: inout Reconciliation
    ) {
        lastFailure = now
        // Without the cordon, which only the mark brought.
        let taints = (node.value.at("spec", "taints")?.array ?? []).filter {
            $0["key"]?.string != Self.taint && $0["key"]?.string != "node.kubernetes.io/unschedulable"
        }
        result.writes.append(
            patch(
                node,
                [
                    "metadata": ["annotations": [NodeGroupController.removalAnnotation: .null]],
                    "spec": ["taints": .array(taints), "unschedulable": .null],
                ]))
        result.events.append(
            event(.warning, "ScaleDownFailed", "failed to delete the node: \(why)", of: node.value))
    }

    /// Moves a marked node's pods, as far as their budgets allow now.
    private mutating func empty(
        _ node: StoredObject, _ pods: [PodSummary], _ scheduler: Scheduler, _ drains: inout Drainability,
        _ now: Timestamp, _ result: inout Reconciliation
    ) {
        let age = now.since(markedSince(node.value) ?? now)
        let staying = pods.filter { !Drainability.staysWithNode($0) && !$0.isTerminating }
        if staying.isEmpty {
            if age > options.evictionTime + options.longestGrace {
                keep(node, "failed to drain the node: pods remaining after timeout", now, &result)
            }
            return
        }
        if age > options.evictionTime {
            keep(node, "failed to drain the node: pods could not be evicted in time", now, &result)
            return
        }
        for pod in staying where !drains.mayMove(pod) {
            keep(node, "failed to drain the node: pod \(pod.key) must stay", now, &result)
            return
        }
        let trial = scheduler.simulate(pods: staying.map(\.value))
        guard staying.allSatisfy({ trial.placements[$0.key] != nil }) else {
            keep(node, "failed to drain the node: its pods fit nowhere else any more", now, &result)
            return
        }
        for pod in staying where drains.take(pod) {
            var options = DeleteOptions()
            options.preconditionUID = pod.uid
            options.gracePeriodSeconds = pod.value.at("spec", "terminationGracePeriodSeconds")?.int
            var write = ControllerWrite(
                group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                .evict(options))
            write.letsOthersGoOn = true
            result.writes.append(
                write.recording(
                    event(.normal, "ScaleDown", "deleting pod for node scale down", of: pod.value)))
        }
    }

    private func remove(_ node: StoredObject, _ result: inout Reconciliation) {
        result.writes.append(
            patch(
                node, ["metadata": ["annotations": [NodeGroupController.removalAnnotation: "true"]]]
            ).recording(event(.normal, "ScaleDown", "node removed by cluster autoscaler", of: node.value)))
    }
}
