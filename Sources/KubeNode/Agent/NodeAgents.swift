import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// The agents of all nodes of one kind as one controller: each node keeps a lease and a status, and the pods
/// that are bound to it run in a `PodRuntime`, simulated or real.
///
/// Keys are `node/NAME` and `pod/NAMESPACE/NAME`. What it remembers of a pod can be rebuilt from its status
/// and from what the runtime finds.
public struct NodeAgents: Controller {
    public struct Options: Sendable {
        /// Nodes to register once namespaces are there.
        public var nodes: [NodeTemplate] = []
        public var seed: UInt64 = 1
        /// Seconds between renewals; a long simulation may take longer ones, with a longer duration.
        public var leasePeriod = 10.0
        public var leaseDuration = 40
        /// Seconds between statuses of a node in which nothing changed.
        public var statusPeriod = 300.0
        /// Seconds between looks at the memory of nodes whose pods say what they use.
        public var pressurePeriod = 10.0
        /// What pods use, where that is simulated.
        public var metrics: HollowMetrics?
        /// Events of the ordinary course of things; warnings are always recorded.
        public var recordsNormalEvents = true

        public init() {}
    }

    /// One pod on its node.
    struct Agent: Sendable {
        var machine: PodStateMachine
        var generation: Int64
        var annotations: JSON?
        var node: String
        var address: String?
        /// The status that was written last.
        var written: JSON?
        var isDeleteSent = false
        /// The status of its end was written.
        var isSettled = false
        /// What it has of its node while it is there.
        var demand: [NodeDemand]?
        var waitsFor: [String] = []
        var usesMemory = false
    }

    /// A pod whose remains the runtime takes away.
    private struct Leaving: Sendable {
        let identity: PodIdentity
        let address: String
    }

    public let name: String
    public let alias: String
    public let account: String

    let options: Options
    let kind: any NodeKind
    var runtime: any PodRuntime
    var nodes: [String: NodeState] = [:]
    /// Addresses of pods that are no more, while the runtime still takes away what is left of them.
    private var leaving: [String: [Leaving]] = [:]
    var agents: [String: Agent] = [:]
    private var shapes: [String: PodShape] = [:]
    /// How many specs were read rather than found to be like another.
    private(set) var shapesRead = 0
    /// Keys of pods by the object that they wait for.
    private var waiting: [String: Set<String>] = [:]
    private var unregistered: [String: NodeTemplate] = [:]
    var takenBlocks: Set<UInt32> = []

    public init(_ kind: any NodeKind, _ runtime: any PodRuntime, _ options: Options = Options()) {
        self.options = options
        self.kind = kind
        self.runtime = runtime
        name = kind.name
        alias = kind.alias
        account = kind.name
        for node in options.nodes { unregistered[node.name] = node }
    }

    // MARK: Keys

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        switch event.collection {
        case .pods: return podKeys(event)
        case .nodes: return nodeKeys(event, view)
        case .namespaces:
            guard event.object.key == "kube-node-lease", event.kind == .added else { return [] }
            return options.nodes.map { "node/\($0.name)" }
        case .secrets, .configMaps, .persistentVolumeClaims:
            if waiting.isEmpty || event.kind == .deleted { return [] }
            let key = "\(event.collection.resource)/\(event.object.key)"
            return (waiting[key] ?? []).sorted(by: utf8Less).map { "pod/\($0)" }
        default: return []
        }
    }

    private func podKeys(_ event: ObjectEvent) -> [String] {
        guard let pod = event.pod, !pod.nodeName.isEmpty else { return [] }
        let key = pod.key
        let deferred = (nodes[pod.nodeName]?.deferred ?? []).filter { $0 != key }.sorted(by: utf8Less)
        if event.kind == .deleted {
            let keys = deferred.map { "pod/" + $0 }
            return agents[key] == nil ? keys : ["pod/" + key] + keys
        }
        guard nodes[pod.nodeName] != nil else { return [] }
        // Its own writes come back, and change nothing.
        if let before = event.previousPod, let agent = agents[key], agent.machine.identity.uid == pod.uid,
            before.nodeName == pod.nodeName, before.deletionTimestamp == pod.deletionTimestamp,
            agent.machine.shape.readinessGates.isEmpty, let written = agent.written,
            pod.phase.rawValue == written["phase"]?.string,
            pod.value.generation == agent.generation,
            pod.value["metadata"]?["annotations"] == agent.annotations,
            !agent.machine.isEnding || agent.isSettled
        {
            return pod.isFinished && !before.isFinished ? deferred.map { "pod/" + $0 } : []
        }
        if HollowMetrics.saysMemory(pod.value["metadata"]?["annotations"]) {
            return ["pod/" + key, "node/" + pod.nodeName]
        }
        return ["pod/" + key]
    }

    private mutating func nodeKeys(_ event: ObjectEvent, _ view: ClusterView) -> [String] {
        let name = event.object.key
        guard event.kind != .deleted, kind.owns(event.object.value) else {
            return nodes[name] == nil ? [] : ["node/" + name]
        }
        let isSilent = kind.isSilent(event.object.value)
        if kind.awaitsPodCIDR, nodes[name]?.hasPodCIDR == false,
            event.object.value["spec"]?["podCIDR"]?.string.map({ AddressPool($0) }) != nil
        {
            // Nothing runs there yet: the node begins anew with its addresses.
            nodes[name] = nil
        }
        if let state = nodes[name], state.uid == event.object.value.uid {
            if state.isSilent == isSilent {
                let before = event.previous?.value
                if state.hasPosted, before?["metadata"] == event.object.value["metadata"] { return [] }
                return ["node/" + name]
            }
            nodes[name]?.isSilent = isSilent
        } else {
            nodes[name] = makeNode(event.object.value)
        }
        return ["node/" + name] + view.pods(onNode: name).map { "pod/" + $0.key }
    }

    // MARK: Reconciling

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        if key.utf8.starts(with: "pod/".utf8) {
            return reconcilePod(String(key.dropFirst(4)), view, now)
        }
        let name = String(key.dropFirst(5))
        if let template = unregistered[name] {
            if view.stored(.nodes, name) != nil {
                unregistered[name] = nil
            } else {
                var write = ControllerWrite(
                    group: "", version: "v1", plural: "nodes", name: name, .create(kind.object(template)))
                write.existingIsDone = true
                return Reconciliation(writes: [write])
            }
        }
        return reconcileNode(name, view, now)
    }

    private mutating func reconcilePod(
        _ key: String, _ view: ClusterView, _ now: Timestamp
    ) -> Reconciliation {
        if !leaving.isEmpty { settleLeaving(key) }
        guard let pod = view.pod(key), let node = nodes[pod.nodeName] else {
            forget(key)
            return .nothing
        }
        // What another pod of this name had on its node is free, even if the new one's node says nothing.
        if let known = agents[key], known.machine.identity.uid != pod.uid { forget(key) }
        if node.isSilent { return .nothing }
        if kind.awaitsPodCIDR, !node.hasPodCIDR, agents[key] == nil { return .nothing }
        let value = pod.value
        var result = Reconciliation()
        var agent: Agent
        if let known = agents.removeValue(forKey: key) {
            agent = known
            if view.lastFailure != nil {
                agent.written = nil
                agent.isDeleteSent = false
            }
            takeChanges(&agent, key, value, now, &result)
        } else {
            agent = makeAgent(pod, value, now, &result)
        }
        if agent.machine.isDone, agent.written == nil, agent.isAtRest(value) {
            agent.written = value["status"]
        }
        if let words = kind.eviction(of: pod.uid), !agent.machine.isDone {
            record(agent.machine.evict(words, grace: 0, now: now), agent, value, &result)
        }
        let next = run(&agent, value, view, key, now, &result)
        publish(&agent, pod, value, now, &result)
        agents[key] = agent
        result.requeueAfter = next.map { max($0.since(now), 0.001) }
        if agent.machine.pendingResize != nil, !agent.machine.isDone {
            result.requeueAfter = min(result.requeueAfter ?? Self.resizePeriod, Self.resizePeriod)
        }
        return result
    }

    /// Seconds between looks at a resize that had to wait.
    private static let resizePeriod = 180.0

    /// Ends a pod for the sake of its node.
    mutating func evict(
        _ key: String, _ message: String, _ view: ClusterView, _ now: Timestamp,
        _ result: inout Reconciliation
    ) {
        guard let pod = view.pod(key), var agent = agents.removeValue(forKey: key) else { return }
        let value = pod.value
        record(agent.machine.evict(message, grace: 1, now: now), agent, value, &result)
        _ = run(&agent, value, view, key, now, &result)
        publish(&agent, pod, value, now, &result)
        agents[key] = agent
    }

    /// Lets the state machine and the runtime go on as far as they come in this moment.
    private mutating func run(
        _ agent: inout Agent, _ pod: JSON, _ view: ClusterView, _ key: String, _ now: Timestamp,
        _ result: inout Reconciliation
    ) -> Timestamp? {
        if agent.machine.isDone { return nil }
        let identity = agent.machine.identity
        var next: Timestamp?
        var missing: [String] = []
        for _ in 0..<1_000 {
            let observation = runtime.observe(identity, now: now)
            missing.removeAll(keepingCapacity: true)
            let step = agent.machine.step(pod, observation, now: now) { reference in
                if reference.kind == .image {
                    return runtime.hasImage(reference.name, for: identity) ? .present : .absent
                }
                let state = Self.state(of: reference, identity.namespace, view)
                if state != .present {
                    missing.append(
                        "\(Self.collection(reference.kind).resource)/\(identity.namespace)/\(reference.name)")
                }
                return state
            }
            record(step, agent, pod, &result)
            next = step.next
            if step.actions.isEmpty { break }
            for action in step.actions {
                if case .createSandbox = action, agent.address == nil, !agent.machine.shape.usesHostNetwork {
                    agent.address = nodes[agent.node]?.pool.take()
                }
                runtime.perform(action, of: identity, now: now, address: agent.address)
            }
        }
        wait(&agent, key, for: missing)
        if agent.machine.isDone {
            release(&agent)
            return nil
        }
        guard let change = runtime.nextChange(of: identity) else { return next }
        return next.map { min($0, change) } ?? change
    }

    func record(_ step: PodStep, _ agent: Agent, _ pod: JSON, _ result: inout Reconciliation) {
        for event in step.events where event.isWarning || options.recordsNormalEvents {
            result.events.append(
                event.recorded(of: pod, shape: agent.machine.shape, node: agent.node))
        }
    }

    /// One write of the status if it is another, and the pod's end when it is to go.
    private func publish(
        _ agent: inout Agent, _ pod: PodSummary, _ value: JSON, _ now: Timestamp,
        _ result: inout Reconciliation
    ) {
        if !agent.isSettled || agent.written == nil {
            agent.isSettled = agent.machine.isDone
            let facts = nodes[agent.node]?.facts ?? NodeFacts(addresses: [], runtimeName: runtime.name)
            let status = agent.machine.status(value, node: facts, now: now)
            if status != agent.written, !agent.isDeleteSent {
                agent.written = status
                var object = value
                object["status"] = status
                result.writes.append(
                    ControllerWrite(
                        group: "", version: "v1", plural: "pods", namespace: pod.namespace, name: pod.name,
                        subresource: "status", .update(object)))
            }
        }
        // The API keeps a pod until nothing of it is left on its node.
        if pod.isTerminating, agent.machine.mayBeDeleted, !agent.isDeleteSent,
            runtime.isGone(agent.machine.identity)
        {
            agent.isDeleteSent = true
            result.writes.append(
                .delete(
                    ("", "v1", "pods"), namespace: pod.namespace, name: pod.name, uid: pod.uid,
                    gracePeriodSeconds: 0))
        }
    }

    // MARK: Pods that come, change and go

    private mutating func makeAgent(
        _ pod: PodSummary, _ value: JSON, _ now: Timestamp, _ result: inout Reconciliation
    ) -> Agent {
        let shape = shape(of: pod, value)
        let identity = PodIdentity(
            uid: pod.uid, namespace: pod.namespace, name: pod.name, node: pod.nodeName)
        var agent = Agent(
            machine: PodStateMachine(
                identity, shape: shape, tokenVolume: PodShape.tokenVolume(of: value["spec"] ?? .null)),
            generation: value.generation,
            annotations: value["metadata"]?["annotations"], node: pod.nodeName)
        let status = value["status"] ?? .null
        agent.usesMemory = HollowMetrics.saysMemory(agent.annotations)
        if pod.isFinished || status["startTime"] != nil {
            agent.machine.restore(status, now: now)
            if pod.isFinished {
                agent.written = status
                agent.isSettled = true
                return agent
            }
            runtime.restore(identity, value, shape: shape, now: now)
            if !shape.usesHostNetwork, let address = status["podIP"]?.string {
                agent.address = address
                nodes[agent.node]?.pool.mark(address)
            }
            hold(&agent)
            return agent
        }
        if !pod.isTerminating, let refusal = nodes[pod.nodeName]?.refusal(of: shape, value) {
            let step = agent.machine.reject(refusal.reason, refusal.message)
            record(step, agent, value, &result)
            return agent
        }
        hold(&agent)
        runtime.add(identity, value, shape: shape)
        return agent
    }

    private mutating func takeChanges(
        _ agent: inout Agent, _ key: String, _ pod: JSON, _ now: Timestamp, _ result: inout Reconciliation
    ) {
        let annotations = pod["metadata"]?["annotations"]
        let isOther = pod.generation != agent.generation
        let waits = agent.machine.pendingResize != nil
        guard isOther || waits || annotations != agent.annotations else { return }
        if isOther || waits, !agent.machine.shape.fits(pod) { takeSpec(&agent, key, pod, now, &result) }
        if isOther, waits, agent.machine.shape.fits(pod) {
            agent.machine.pendingResize = nil
            nodes[agent.node]?.deferred.remove(key)
        }
        agent.generation = pod.generation
        agent.annotations = annotations
        agent.usesMemory = HollowMetrics.saysMemory(annotations)
        runtime.change(agent.machine.identity, pod, shape: agent.machine.shape)
        agent.machine.probeAgain(now: now)
    }

    /// Takes a changed spec: its resources only if the node has as much.
    private mutating func takeSpec(
        _ agent: inout Agent, _ key: String, _ pod: JSON, _ now: Timestamp, _ result: inout Reconciliation
    ) {
        var shape = PodShape(pod)
        if let held = agent.demand, var node = nodes[agent.node] {
            node.release(held)
            let refusal = shape.demand == held ? nil : node.refusal(ofResize: shape.demand)
            let earlier = agent.machine.pendingResize
            if let refusal {
                // The same again is no news.
                let isSame = earlier?.reason == refusal.reason && earlier?.message == refusal.message
                if !isSame || pod.generation != agent.generation {
                    result.events.append(ResizeEvents.refused(pod, refusal, node: agent.node))
                }
            } else if shape.demand != held {
                result.events += ResizeEvents.taken(pod, node: agent.node)
            }
            agent.machine.pendingResize = refusal
            if refusal == nil {
                agent.demand = shape.demand
                node.deferred.remove(key)
            } else {
                shape = PodShape(agent.machine.shape.withResources(in: pod))
                node.deferred.insert(key)
            }
            node.hold(agent.demand ?? held)
            nodes[agent.node] = node
        }
        agent.machine.replace(shape, now: now)
    }

    /// Pods of one controller share what their spec says.
    private mutating func shape(of pod: PodSummary, _ value: JSON) -> PodShape {
        guard let controller = pod.controllerUID else { return PodShape(value) }
        if let shape = shapes[controller], shape.fits(value) { return shape }
        let shape = PodShape(value)
        shapesRead += 1
        guard shape.isShareable else { return shape }
        if shapes.count >= 4_096 { shapes.removeAll(keepingCapacity: true) }
        shapes[controller] = shape
        return shape
    }

    private mutating func hold(_ agent: inout Agent) {
        let demand = agent.machine.shape.demand
        agent.demand = demand
        nodes[agent.node]?.hold(demand)
        nodes[agent.node]?.hold(agent.machine.shape.hostPorts)
    }

    private mutating func release(_ agent: inout Agent) {
        if let demand = agent.demand {
            nodes[agent.node]?.release(demand)
            nodes[agent.node]?.release(agent.machine.shape.hostPorts)
        }
        agent.demand = nil
        nodes[agent.node]?.deferred.remove(
            agent.machine.identity.namespace + "/" + agent.machine.identity.name)
        let identity = agent.machine.identity
        runtime.remove(identity)
        if let address = agent.address {
            agent.address = nil
            if runtime.isGone(identity) {
                nodes[agent.node]?.pool.release(address)
            } else {
                leaving[identity.namespace + "/" + identity.name, default: []]
                    .append(Leaving(identity: identity, address: address))
            }
        }
    }

    /// Gives the addresses of a name's earlier pods back, as far as nothing is left of them.
    private mutating func settleLeaving(_ key: String) {
        guard let all = leaving.removeValue(forKey: key) else { return }
        let still = all.filter { left in
            guard runtime.isGone(left.identity) else { return true }
            nodes[left.identity.node]?.pool.release(left.address)
            return false
        }
        if !still.isEmpty { leaving[key] = still }
    }

    private mutating func forget(_ key: String) {
        guard var agent = agents.removeValue(forKey: key) else { return }
        wait(&agent, key, for: [])
        release(&agent)
    }

    private mutating func wait(_ agent: inout Agent, _ key: String, for missing: [String]) {
        if agent.waitsFor == missing { return }
        for object in agent.waitsFor {
            waiting[object]?.remove(key)
            if waiting[object]?.isEmpty == true { waiting.removeValue(forKey: object) }
        }
        agent.waitsFor = missing
        for object in missing { waiting[object, default: []].insert(key) }
    }

    private static func collection(_ kind: ObjectReference.Kind) -> CollectionID {
        switch kind {
        case .secret, .image: .secrets
        case .configMap: .configMaps
        case .claim: .persistentVolumeClaims
        }
    }

    private static func state(
        of reference: ObjectReference, _ namespace: String, _ view: ClusterView
    ) -> ReferenceState {
        let stored = view.stored(collection(reference.kind), "\(namespace)/\(reference.name)")
        guard let stored else { return .absent }
        if reference.keys.isEmpty { return .present }
        let object = stored.value
        for key in reference.keys where object["data"]?[key] == nil && object["binaryData"]?[key] == nil {
            return .lacksKey(key)
        }
        return .present
    }
}

extension NodeAgents.Agent {
    /// Whether the API already says of a pod that it has come to its end.
    fileprivate func isAtRest(_ pod: JSON) -> Bool {
        let phase = pod["status"]?["phase"]?.string
        return phase == "Succeeded" || phase == "Failed"
    }
}
