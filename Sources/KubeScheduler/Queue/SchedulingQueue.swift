import KubeAPI

/// Where a pod is in the queue. An entry of a heap counts only while its stamp is the pod's.
struct QueueState: Sendable {
    enum Place: Sendable {
        case none, active, backoff, unschedulable, gated
    }

    var place = Place.none
    var stamp: UInt64 = 0
    /// The order in which pods came.
    var sequence: UInt64 = 0
    /// When it came, or was last tried.
    var timestamp = Timestamp(seconds: 0)
    /// How often it was rejected.
    var rejections = 0
    /// How often binding it failed since it was last rejected.
    var errors = 0
    /// Who rejected it the last time; what these do not wait for does not wake it.
    var plugins = PluginSet()
    /// The class under which it waits.
    var podClass = -1
    var expiry = Timestamp(seconds: 0)
}

/// Pods that wait: ready ones by priority and age, ones in backoff by its end, and those that wait for a
/// change that may help.
struct SchedulingQueue: Sendable {
    struct Entry: Sendable {
        let due: Timestamp
        let priority: Int64
        let timestamp: Timestamp
        let sequence: UInt64
        let pod: Int32
        let stamp: UInt64

        func precedes(_ other: Entry) -> Bool {
            if due != other.due { return due < other.due }
            if priority != other.priority { return priority > other.priority }
            if timestamp != other.timestamp { return timestamp < other.timestamp }
            return sequence < other.sequence
        }
    }

    struct Waiting: Hashable, Sendable {
        let plugins: PluginSet
        let podClass: Int
    }

    /// A binary heap; the first is the one that precedes all others.
    struct Heap: Sendable {
        private(set) var entries: [Entry] = []

        var first: Entry? { entries.first }
        var isEmpty: Bool { entries.isEmpty }

        mutating func insert(_ entry: Entry) {
            entries.append(entry)
            var child = entries.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard entries[child].precedes(entries[parent]) else { break }
                entries.swapAt(child, parent)
                child = parent
            }
        }

        mutating func removeFirst() {
            guard let last = entries.popLast(), !entries.isEmpty else { return }
            entries[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2]
                where child < entries.count && entries[child].precedes(entries[least]) {
                    least = child
                }
                if least == parent { return }
                entries.swapAt(parent, least)
                parent = least
            }
        }
    }

    var active = Heap()
    var backoff = Heap()
    /// When a pod has waited long enough for a change; entries of pods that were moved are passed over.
    var leftovers = Heap()
    /// Waiting pods by class and by who rejected them.
    var unschedulable: [Waiting: Set<Int32>] = [:]
    private(set) var stamps: UInt64 = 0
    private(set) var sequences: UInt64 = 0

    mutating func nextStamp() -> UInt64 {
        stamps += 1
        return stamps
    }

    mutating func nextSequence() -> UInt64 {
        sequences += 1
        return sequences
    }
}

extension Scheduler {
    // MARK: Moving

    mutating func enqueueActive(_ pod: Int) {
        guard var record = pods.records[pod] else { return }
        leaveQueue(&record, pod)
        record.queue.place = .active
        record.queue.stamp = queue.nextStamp()
        queue.active.insert(
            SchedulingQueue.Entry(
                due: Timestamp(seconds: 0), priority: record.priority, timestamp: record.queue.timestamp,
                sequence: record.queue.sequence, pod: Int32(pod), stamp: record.queue.stamp))
        pods.records[pod] = record
    }

    /// Into the backoff, or past it when it is over.
    mutating func enqueueAfterBackoff(_ pod: Int, isError: Bool = false) {
        guard var record = pods.records[pod] else { return }
        let expiry = record.queue.timestamp.adding(seconds: backoffSeconds(record.queue))
        guard expiry > clock else {
            enqueueActive(pod)
            return
        }
        leaveQueue(&record, pod)
        record.queue.place = .backoff
        record.queue.stamp = queue.nextStamp()
        record.queue.expiry = expiry
        // Pods whose backoff ends in the same second come by priority.
        queue.backoff.insert(
            SchedulingQueue.Entry(
                due: Timestamp(seconds: expiry.seconds), priority: record.priority, timestamp: expiry,
                sequence: record.queue.sequence, pod: Int32(pod), stamp: record.queue.stamp))
        pods.records[pod] = record
    }

    func backoffSeconds(_ state: QueueState) -> Int64 {
        let count = state.errors > 0 ? state.errors : state.rejections
        guard count > 0 else { return 0 }
        var seconds = configuration.podInitialBackoffSeconds
        for _ in 1..<max(count, 1) {
            if seconds >= configuration.podMaxBackoffSeconds { break }
            seconds *= 2
        }
        return min(seconds, configuration.podMaxBackoffSeconds)
    }

    mutating func enqueueUnschedulable(_ pod: Int, _ plugins: PluginSet, now: Timestamp) {
        guard var record = pods.records[pod] else { return }
        leaveQueue(&record, pod)
        record.queue.place = .unschedulable
        record.queue.stamp = queue.nextStamp()
        record.queue.timestamp = now
        record.queue.rejections += 1
        record.queue.errors = 0
        record.queue.plugins = plugins
        record.queue.podClass = record.podClass
        let waiting = SchedulingQueue.Waiting(plugins: plugins, podClass: record.podClass)
        queue.unschedulable[waiting, default: []].insert(Int32(pod))
        let due = now.adding(seconds: configuration.podMaxInUnschedulablePodsSeconds)
        queue.leftovers.insert(
            SchedulingQueue.Entry(
                due: due, priority: record.priority, timestamp: now, sequence: record.queue.sequence,
                pod: Int32(pod), stamp: record.queue.stamp))
        pods.records[pod] = record
    }

    mutating func leaveQueue(_ record: inout PodRecord, _ pod: Int) {
        if record.queue.place == .unschedulable {
            let waiting = SchedulingQueue.Waiting(
                plugins: record.queue.plugins, podClass: record.queue.podClass)
            queue.unschedulable[waiting]?.remove(Int32(pod))
            if queue.unschedulable[waiting]?.isEmpty == true { queue.unschedulable[waiting] = nil }
        }
        record.queue.place = .none
        record.queue.stamp = 0
    }

    /// A waiting pod belongs to another class now.
    mutating func moveWaiting(_ pod: Int, to number: Int) {
        guard var record = pods.records[pod], record.queue.place == .unschedulable else { return }
        let state = record.queue
        leaveQueue(&record, pod)
        record.queue = state
        record.queue.podClass = number
        let waiting = SchedulingQueue.Waiting(plugins: state.plugins, podClass: number)
        queue.unschedulable[waiting, default: []].insert(Int32(pod))
        pods.records[pod] = record
    }

    mutating func leaveQueue(_ pod: Int) {
        guard var record = pods.records[pod] else { return }
        leaveQueue(&record, pod)
        pods.records[pod] = record
    }

    /// Wakes the waiting pods that were rejected by one of the plugins and that the change may help.
    /// - Parameter byClass: whether the answer is the same for all pods of a class.
    mutating func wake(
        _ plugins: PluginSet, byClass: Bool = false, where helps: (PodRecord, PodClass, PluginSet) -> Bool
    ) {
        if queue.unschedulable.isEmpty { return }
        var moved: [Int32] = []
        for (waiting, list) in queue.unschedulable
        where waiting.plugins.isEmpty || !waiting.plugins.isDisjoint(with: plugins) {
            guard let own = classes[waiting.podClass]?.own else { continue }
            if waiting.plugins.isEmpty {
                moved += list
            } else if byClass {
                guard let first = list.first, let record = pods.records[Int(first)] else { continue }
                if helps(record, own, waiting.plugins) { moved += list }
            } else {
                for pod in list {
                    if let record = pods.records[Int(pod)], helps(record, own, waiting.plugins) {
                        moved.append(pod)
                    }
                }
            }
        }
        // Sets have no order; the queue's own one decides, but moving in order of number keeps runs alike.
        for pod in moved.sorted() { enqueueAfterBackoff(Int(pod)) }
    }

    // MARK: Taking

    private func isCurrent(_ entry: SchedulingQueue.Entry) -> Bool {
        pods.records[Int(entry.pod)]?.queue.stamp == entry.stamp
    }

    private mutating func dropStale() {
        while let first = queue.active.first, !isCurrent(first) { queue.active.removeFirst() }
        while let first = queue.backoff.first, !isCurrent(first) { queue.backoff.removeFirst() }
        while let first = queue.leftovers.first, !isCurrent(first) { queue.leftovers.removeFirst() }
    }

    mutating func flush(now: Timestamp) {
        dropStale()
        while let first = queue.leftovers.first, first.due <= now {
            queue.leftovers.removeFirst()
            if isCurrent(first) { enqueueAfterBackoff(Int(first.pod)) }
            dropStale()
        }
        while let first = queue.backoff.first, first.due <= now {
            guard let record = pods.records[Int(first.pod)], record.queue.expiry <= now else { break }
            queue.backoff.removeFirst()
            enqueueActive(Int(first.pod))
            dropStale()
        }
    }

    mutating func popPod(now: Timestamp) -> Int? {
        flush(now: now)
        let pod: Int
        if let first = queue.active.first {
            queue.active.removeFirst()
            pod = Int(first.pod)
        } else if configuration.popsFromBackoff, let first = queue.backoff.first,
            pods.records[Int(first.pod)]?.queue.errors == 0
        {
            queue.backoff.removeFirst()
            pod = Int(first.pod)
        } else {
            return nil
        }
        leaveQueue(pod)
        return pod
    }

    /// When `next` will have something to do; see `nextWork`.
    var nextDue: Timestamp? {
        var due: Timestamp?
        func consider(_ time: Timestamp) { due = due.map { min($0, time) } ?? time }
        if let first = queue.active.first { consider(first.timestamp) }
        if let first = queue.backoff.first, let record = pods.records[Int(first.pod)] {
            consider(configuration.popsFromBackoff && record.queue.errors == 0 ? clock : record.queue.expiry)
        }
        if let first = queue.leftovers.first { consider(first.due) }
        return due
    }
}
