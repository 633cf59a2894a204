import KubeAPI
import KubeJSON

extension Scheduler {
    /// How many shapes, and how many classes, keep what was found of the nodes.
    private var cacheLimit: Int { min(512, max(32, 1_000_000 / max(nodes.count, 1))) }

    /// The class of a pod, made if it is the first of its kind.
    mutating func classNumber(for pod: JSON, namespace: String) -> Int {
        let key = ShapeKey(pod)
        let shape: Int
        if let known = shapeNumbers[key] {
            shape = known
        } else {
            let parsed = PodShape(pod)
            mention(parsed.identityKeys)
            let numbers = parsed.scalars.map { nodes.scalarNumber($0.name) }
            let slot = ShapeSlot(entry: ShapeEntry(parsed, key: key, scalarNumbers: numbers))
            if let reused = freeShapes.popLast() {
                shape = reused
                shapes[shape] = slot
            } else {
                shape = shapes.count
                shapes.append(slot)
            }
            shapeNumbers[key] = shape
        }
        let classKey = ClassKey(
            shape: shape,
            labels: LabelSet(
                namespace: namespace, labels: pod["metadata"]?["labels"]?.object, mentioned: mentionedKeys))
        if let known = classNumbers[classKey] { return known }
        guard let entry = shapes[shape]?.entry else { return 0 }
        serials += 1
        let new = PodClass(shape: shape, entry.shape, classKey.labels, serial: serials)
        shapes[shape]?.classes += 1
        let number: Int
        if let reused = freeClasses.popLast() {
            number = reused
            classes[number] = ClassSlot(own: new)
        } else {
            number = classes.count
            classes.append(ClassSlot(own: new))
        }
        classNumbers[classKey] = number
        if new.hasTerms {
            termClasses.insert(number)
            if new.usesNamespaceSelectors { usesNamespaceSelectors = true }
        }
        return number
    }

    /// Some selector names labels that classes left out so far: pods that have them are sorted anew.
    mutating func mention(_ keys: Set<String>) {
        let new = keys.subtracting(mentionedKeys)
        if new.isEmpty { return }
        mentionedKeys.formUnion(new)
        for (index, record) in pods.records.enumerated() {
            guard let record, let labels = record.object["metadata"]?["labels"],
                new.contains(where: { labels[$0] != nil })
            else { continue }
            let number = classNumber(for: record.object, namespace: record.namespace)
            retainClass(number)
            if record.slot >= 0 { displace(index) }
            pods.records[index]?.podClass = number
            moveWaiting(index, to: number)
            if record.slot >= 0 { place(index, on: record.slot) }
            releaseClass(record.podClass)
        }
    }

    mutating func retainClass(_ number: Int) { classes[number]?.pods += 1 }

    mutating func releaseClass(_ number: Int) {
        classes[number]?.pods -= 1
        guard let slot = classes[number], slot.pods <= 0 else { return }
        let old = slot.own
        classNumbers[ClassKey(shape: old.shape, labels: old.labels)] = nil
        classes[number] = nil
        freeClasses.append(number)
        termClasses.remove(number)
        cachedClasses.removeAll { $0 == number }
        shapes[old.shape]?.classes -= 1
        guard let shape = shapes[old.shape], shape.classes <= 0 else { return }
        shapeNumbers[shape.entry.key] = nil
        shapes[old.shape] = nil
        freeShapes.append(old.shape)
        cachedShapes.removeAll { $0 == old.shape }
    }

    // MARK: Placing

    /// Puts a pod onto a node, which need not be known.
    mutating func place(_ pod: Int, on slot: Int) {
        guard let record = pods.records[pod], let entry = entry(of: record.podClass) else { return }
        pods.records[pod]?.slot = slot
        nodes.place(Int32(pod), entry, on: slot)
        nodes.lowerPriority(to: record.priority, at: slot)
        count(record.podClass, on: slot, pods: 1, live: record.isTerminating ? 0 : 1)
        for claim in record.volumes?.claims ?? [] {
            storage.users["\(record.namespace)/\(claim.name)", default: []].insert(Int32(pod))
        }
    }

    mutating func displace(_ pod: Int) {
        guard let record = pods.records[pod], record.slot >= 0, let entry = entry(of: record.podClass) else {
            return
        }
        pods.records[pod]?.slot = -1
        count(record.podClass, on: record.slot, pods: -1, live: record.isTerminating ? 0 : -1)
        nodes.displace(Int32(pod), entry, from: record.slot)
        if record.priority <= nodes.lowestPriority[record.slot] {
            var lowest = Int64.max
            for other in nodes.pods[record.slot] {
                lowest = min(lowest, pods.records[Int(other)]?.priority ?? .max)
            }
            nodes.setLowestPriority(lowest, at: record.slot)
        }
        for claim in record.volumes?.claims ?? [] {
            let key = "\(record.namespace)/\(claim.name)"
            storage.users[key]?.remove(Int32(pod))
            if storage.users[key]?.isEmpty == true { storage.users[key] = nil }
        }
    }

    mutating func count(_ number: Int, on slot: Int, pods: Int8, live: Int8) {
        guard let serial = classes[number]?.own.serial else { return }
        classes[number]?.placed[Int32(slot), default: ClassSlot.Placed()].pods += Int32(pods)
        classes[number]?.placed[Int32(slot), default: ClassSlot.Placed()].live += Int32(live)
        if classes[number]?.placed[Int32(slot)]?.pods == 0 { classes[number]?.placed[Int32(slot)] = nil }
        log.append(
            ChangeLog.Change(
                slot: Int32(slot), podClass: Int32(number), serial: serial, pods: pods, live: live))
    }

    /// Takes an assumed pod from its node again.
    mutating func forget(_ pod: Int) {
        guard let record = pods.records[pod] else { return }
        storage.takeBack(record.bindings)
        displace(pod)
        pods.records[pod]?.isAssumed = false
        pods.records[pod]?.bindings = []
    }

    func entry(of number: Int) -> ShapeEntry? {
        classes[number].flatMap { shapes[$0.own.shape]?.entry }
    }

    // MARK: Caches

    /// Takes a shape's cache out, brought up to date; `keep` puts it back.
    mutating func takeCache(of shape: Int, _ entry: ShapeEntry) -> ShapeCache {
        var version = nodes.count
        for image in entry.shape.images { version += nodes.images[image]?.version ?? 0 }
        guard var cache = shapes[shape]?.cache, let changes = log.since(cache.position) else {
            return ShapeCache(slots: nodes.capacity, position: log.end, imageVersion: version)
        }
        shapes[shape]?.cache = nil
        cache.grow(to: nodes.capacity)
        if cache.imageVersion != version {
            cache.forgetAll()
            cache.imageVersion = version
        } else {
            for change in changes { cache.forget(Int(change.slot), withNode: change.podClass < 0) }
        }
        cache.position = log.end
        return cache
    }

    mutating func keep(_ cache: ShapeCache, of shape: Int) {
        shapes[shape]?.cache = cache
        guard cachedShapes.last != shape else { return }
        cachedShapes.removeAll { $0 == shape }
        cachedShapes.append(shape)
        if cachedShapes.count > cacheLimit { shapes[cachedShapes.removeFirst()]?.cache = nil }
    }

    /// Takes a class's view of the placed pods out, brought up to date; nil when nothing of it matters.
    mutating func takeTopology(of number: Int, _ entry: ShapeEntry) -> TopologyState? {
        guard let own = classes[number]?.own else { return nil }
        var selector: LabelSelector?
        if own.spreadsByDefault, configuration.usesDefaultSpreading {
            if entry.shape.namedNodes?.count == 1 {
                // There is nothing to choose from.
                selector = nil
            } else if classes[number]?.topology?.workloadEpoch == workloadEpoch {
                selector = classes[number]?.topology?.defaultSelector
            } else {
                selector = defaultSelector(of: own, entry.shape)
            }
        }
        if !own.hasTerms, own.hardSpread.isEmpty, own.softSpread.isEmpty, selector == nil, termClasses.isEmpty
        {
            return nil
        }
        if var state = classes[number]?.topology, state.epoch == topologyEpoch,
            state.defaultSelector == selector,
            state.metClasses < 4 * classes.count + 1024, let changes = log.since(state.position)
        {
            classes[number]?.topology = nil
            for change in changes where change.podClass >= 0 {
                apply(change, own, &state)
            }
            state.position = log.end
            state.workloadEpoch = workloadEpoch
            state.refreshMinimums()
            return state
        }
        return makeTopology(own, entry.shape, selector)
    }

    private mutating func apply(_ change: ChangeLog.Change, _ own: PodClass, _ state: inout TopologyState) {
        guard nodes.descriptions[Int(change.slot)] != nil else { return }
        var operations = state.knownOperations(change.serial)
        if operations == nil, let other = classes[Int(change.podClass)]?.own, other.serial == change.serial {
            operations = state.operations(of: other, for: own, &nodes, namespaces)
        }
        // A class that came and went since the last time leaves nothing behind.
        guard let operations, !operations.isEmpty else { return }
        state.apply(
            operations, on: Int(change.slot), pods: Int64(change.pods), live: Int64(change.live), nodes)
    }

    private mutating func makeTopology(
        _ own: PodClass, _ shape: PodShape, _ selector: LabelSelector?
    ) -> TopologyState {
        var state = TopologyState(own, shape, defaultSelector: selector, &nodes, namespaces)
        state.hardPodAffinityWeight = configuration.hardPodAffinityWeight
        state.epoch = topologyEpoch
        state.workloadEpoch = workloadEpoch
        let onlyOthersTerms = !own.hasTerms && state.hard.isEmpty && state.soft.isEmpty
        let numbers = onlyOthersTerms ? Array(termClasses) : Array(classes.indices)
        for number in numbers {
            guard let other = classes[number], !other.placed.isEmpty else { continue }
            let operations = state.operations(of: other.own, for: own, &nodes, namespaces)
            if operations.isEmpty { continue }
            for (slot, placed) in other.placed where nodes.descriptions[Int(slot)] != nil {
                state.apply(
                    operations, on: Int(slot), pods: Int64(placed.pods), live: Int64(placed.live), nodes)
            }
        }
        state.position = log.end
        state.refreshMinimums()
        return state
    }

    mutating func keep(_ state: TopologyState?, ofClass number: Int) {
        guard let state, classes[number] != nil else { return }
        classes[number]?.topology = state
        guard cachedClasses.last != number else { return }
        cachedClasses.removeAll { $0 == number }
        cachedClasses.append(number)
        if cachedClasses.count > cacheLimit { classes[cachedClasses.removeFirst()]?.topology = nil }
    }

    /// What pods are spread by that do not say: the labels that their Services and their workload select.
    func defaultSelector(of own: PodClass, _ shape: PodShape) -> LabelSelector? {
        let namespace = own.labels.namespace
        var merged = JSONObject()
        for (_, selector) in services[namespace] ?? [:] {
            let matches = selector.allSatisfy { own.labels.labels?[$0.key] == $0.value }
            if matches { for (key, value) in selector { merged[key] = value } }
        }
        var expressions: [JSON] = []
        if let owner = shape.owner, let spec = workloads["\(owner.kind.rawValue)/\(namespace)/\(owner.name)"]
        {
            if owner.kind == .replicationController {
                for (key, value) in spec["selector"]?.object ?? [:] { merged[key] = value }
            } else {
                for (key, value) in spec["selector"]?["matchLabels"]?.object ?? [:] {
                    expressions.append(["key": .string(key), "operator": "In", "values": .array([value])])
                }
                expressions += spec["selector"]?["matchExpressions"]?.array ?? []
            }
        }
        let selector = try? LabelSelector(
            object: ["matchLabels": .object(merged), "matchExpressions": .array(expressions)])
        return selector.flatMap { $0.isEverything ? nil : $0 }
    }
}
