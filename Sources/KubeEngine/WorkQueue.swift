import KubeAPI

/// A key of one of the engine's controllers.
struct WorkItem: Hashable, Sendable {
    let controller: Int
    let key: String
}

/// Keys that wait: each at most once among the ready ones, in the order in which they came; and keys for
/// later, in order of time and then of coming. All controllers share it, so that their order is fixed.
struct WorkQueue: Sendable {
    private struct Delayed: Sendable {
        let due: Timestamp
        let sequence: Int
        let item: WorkItem

        static func < (left: Delayed, right: Delayed) -> Bool {
            (left.due, left.sequence) < (right.due, right.sequence)
        }
    }

    private var ready: [(item: WorkItem, since: Double)] = []
    private var head = 0
    private var isReady: Set<WorkItem> = []
    /// A binary heap.
    private var delayed: [Delayed] = []
    /// The earliest time that each key waits for; what else the heap has of it is out of date.
    private var due: [WorkItem: Timestamp] = [:]
    private var sequence = 0

    var isIdle: Bool { head == ready.count }
    var nextDue: Timestamp? { delayed.first?.due }

    /// - Returns: false when the key was waiting already.
    @discardableResult
    mutating func add(_ item: WorkItem, at instant: Double) -> Bool {
        guard isReady.insert(item).inserted else { return false }
        ready.append((item, instant))
        return true
    }

    mutating func add(_ item: WorkItem, due time: Timestamp) {
        if let present = due[item], present <= time { return }
        due[item] = time
        sequence += 1
        push(Delayed(due: time, sequence: sequence, item: item))
    }

    /// Makes ready what is due. A key that became ready for another reason stays due: what it waits for may
    /// be nothing that an event tells of.
    mutating func release(until now: Timestamp, at instant: Double) -> [WorkItem] {
        var released: [WorkItem] = []
        while let first = delayed.first, first.due <= now {
            pop()
            guard due[first.item] == first.due else { continue }
            due[first.item] = nil
            if add(first.item, at: instant) { released.append(first.item) }
        }
        return released
    }

    mutating func next() -> (item: WorkItem, since: Double)? {
        guard head < ready.count else { return nil }
        let entry = ready[head]
        head += 1
        if head > 256, head * 2 > ready.count {
            ready.removeFirst(head)
            head = 0
        }
        isReady.remove(entry.item)
        return entry
    }

    /// How many keys of each controller are ready.
    func depths(_ controllers: Int) -> [Int] {
        var depths = [Int](repeating: 0, count: controllers)
        for entry in ready[head...] { depths[entry.item.controller] += 1 }
        return depths
    }

    private mutating func push(_ entry: Delayed) {
        delayed.append(entry)
        var child = delayed.count - 1
        while child > 0, delayed[child] < delayed[(child - 1) / 2] {
            delayed.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        delayed.swapAt(0, delayed.count - 1)
        delayed.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [parent * 2 + 1, parent * 2 + 2]
            where child < delayed.count && delayed[child] < delayed[least] { least = child }
            if least == parent { return }
            delayed.swapAt(parent, least)
            parent = least
        }
    }
}
