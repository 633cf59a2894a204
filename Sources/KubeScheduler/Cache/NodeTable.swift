import KubeAPI
import KubeJSON

/// The nodes as columns of integers, a slot a node, so that looking at all of them touches little memory.
///
/// A slot without a description stands for a node that is not known (any more), but on which pods run.
struct NodeTable: Sendable {
    /// The values that nodes have for one label key, numbered.
    struct TopologyColumn: Sendable {
        let key: String
        private(set) var numbers: [String: Int32] = [:]
        /// The number of a node's value by slot; -1 without the label.
        var values: [Int32]

        init(key: String, slots: Int) {
            self.key = key
            values = Array(repeating: -1, count: slots)
        }

        var count: Int { numbers.count }

        mutating func set(_ value: String?, at slot: Int) {
            guard let value else {
                values[slot] = -1
                return
            }
            if let number = numbers[value] {
                values[slot] = number
            } else {
                let number = Int32(numbers.count)
                numbers[value] = number
                values[slot] = number
            }
        }
    }

    private(set) var slots: [String: Int] = [:]
    private(set) var names: [String] = []
    private(set) var descriptions: [NodeDescription?] = []
    private var free: [Int] = []

    // What nodes offer.
    private(set) var milliCPU: [Int64] = []
    private(set) var memory: [Int64] = []
    private(set) var ephemeralStorage: [Int64] = []
    private(set) var maxPods: [Int64] = []
    private(set) var scalars: [[Int64]] = []

    // What pods on them ask for.
    private(set) var usedMilliCPU: [Int64] = []
    private(set) var usedMemory: [Int64] = []
    private(set) var usedEphemeralStorage: [Int64] = []
    private(set) var nonZeroMilliCPU: [Int64] = []
    private(set) var nonZeroMemory: [Int64] = []
    private(set) var usedScalars: [[Int64]] = []
    /// Numbers of pods, by slot, in no order.
    private(set) var pods: [[Int32]] = []
    /// Of the pods on a node; the largest number where there are none.
    private(set) var lowestPriority: [Int64] = []
    private(set) var ports: [Int: [PodHostPort: Int]] = [:]

    private(set) var columns: [TopologyColumn] = []
    private var columnNumbers: [String: Int] = [:]
    private var scalarNumbers: [String: Int] = [:]
    private(set) var scalarNames: [String] = []

    /// Zones in the order of their first node, with their nodes in the order in which they came.
    private var zones: [(name: String, slots: [Int])] = []
    /// Slots of the known nodes, taking one of each zone in turn.
    private(set) var order: [Int32] = []

    /// How many known nodes have an image, and its size on the first of them.
    struct Image: Sendable {
        var nodes = 0
        var size: Int64 = 0
        /// Changes with the number of nodes.
        var version = 0
    }
    private(set) var images: [String: Image] = [:]

    var count: Int { order.count }
    var capacity: Int { names.count }

    // MARK: Slots

    /// The slot of a node, made if there is none.
    mutating func slot(for name: String) -> Int {
        if let slot = slots[name] { return slot }
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            names[slot] = name
        } else {
            slot = names.count
            names.append(name)
            descriptions.append(nil)
            milliCPU.append(0)
            memory.append(0)
            ephemeralStorage.append(0)
            maxPods.append(0)
            usedMilliCPU.append(0)
            usedMemory.append(0)
            usedEphemeralStorage.append(0)
            nonZeroMilliCPU.append(0)
            nonZeroMemory.append(0)
            pods.append([])
            lowestPriority.append(.max)
            for index in scalars.indices {
                scalars[index].append(0)
                usedScalars[index].append(0)
            }
            for index in columns.indices { columns[index].values.append(-1) }
        }
        slots[name] = slot
        return slot
    }

    private mutating func releaseIfUnused(_ slot: Int) {
        guard descriptions[slot] == nil, pods[slot].isEmpty, slots[names[slot]] == slot else { return }
        slots[names[slot]] = nil
        free.append(slot)
    }

    mutating func describe(_ slot: Int, as new: NodeDescription?) {
        let old = descriptions[slot]
        descriptions[slot] = new
        milliCPU[slot] = new?.milliCPU ?? 0
        memory[slot] = new?.memory ?? 0
        ephemeralStorage[slot] = new?.ephemeralStorage ?? 0
        maxPods[slot] = new?.pods ?? 0
        for index in scalars.indices { scalars[index][slot] = 0 }
        for (name, amount) in new?.scalars ?? [:] { scalars[scalarNumber(name)][slot] = amount }
        for index in columns.indices { columns[index].set(new?.labels[columns[index].key], at: slot) }
        countImages(old, new)
        if old?.zone != new?.zone {
            if let old { leave(zone: old.zone, slot) }
            if let new { enter(zone: new.zone, slot) }
            arrange()
        }
        releaseIfUnused(slot)
    }

    private mutating func countImages(_ old: NodeDescription?, _ new: NodeDescription?) {
        if let old, let new, old.images.elementsEqual(new.images, by: { $0 == $1 }) { return }
        for (name, _) in old?.images ?? [] {
            images[name, default: Image()].nodes -= 1
            images[name, default: Image()].version += 1
        }
        for (name, size) in new?.images ?? [] {
            if images[name, default: Image()].nodes == 0 { images[name, default: Image()].size = size }
            images[name, default: Image()].nodes += 1
            images[name, default: Image()].version += 1
        }
    }

    private mutating func enter(zone: String, _ slot: Int) {
        if let index = zones.firstIndex(where: { $0.name == zone }) {
            zones[index].slots.append(slot)
        } else {
            zones.append((zone, [slot]))
        }
    }

    private mutating func leave(zone: String, _ slot: Int) {
        guard let index = zones.firstIndex(where: { $0.name == zone }) else { return }
        zones[index].slots.removeAll { $0 == slot }
        if zones[index].slots.isEmpty { zones.remove(at: index) }
    }

    private mutating func arrange() {
        order.removeAll(keepingCapacity: true)
        let total = zones.reduce(0) { $0 + $1.slots.count }
        var round = 0
        while order.count < total {
            for zone in zones where round < zone.slots.count { order.append(Int32(zone.slots[round])) }
            round += 1
        }
    }

    // MARK: Columns

    /// The column of a label key, made if there is none.
    mutating func column(_ key: String) -> Int {
        if let number = columnNumbers[key] { return number }
        var column = TopologyColumn(key: key, slots: names.count)
        for (slot, description) in descriptions.enumerated() {
            if let value = description?.labels[key] { column.set(value, at: slot) }
        }
        columnNumbers[key] = columns.count
        columns.append(column)
        return columns.count - 1
    }

    mutating func scalarNumber(_ name: String) -> Int {
        if let number = scalarNumbers[name] { return number }
        scalarNumbers[name] = scalars.count
        scalarNames.append(name)
        scalars.append(Array(repeating: 0, count: names.count))
        usedScalars.append(Array(repeating: 0, count: names.count))
        for (slot, description) in descriptions.enumerated() {
            if let amount = description?.scalars[name] { scalars[scalars.count - 1][slot] = amount }
        }
        return scalars.count - 1
    }

    // MARK: Pods

    mutating func place(_ pod: Int32, _ shape: ShapeEntry, on slot: Int) {
        pods[slot].append(pod)
        count(shape, on: slot, sign: 1)
    }

    mutating func displace(_ pod: Int32, _ shape: ShapeEntry, from slot: Int) {
        if let index = pods[slot].firstIndex(of: pod) {
            pods[slot].swapAt(index, pods[slot].count - 1)
            pods[slot].removeLast()
            count(shape, on: slot, sign: -1)
        }
        releaseIfUnused(slot)
    }

    mutating func lowerPriority(to priority: Int64, at slot: Int) {
        lowestPriority[slot] = min(lowestPriority[slot], priority)
    }

    mutating func setLowestPriority(_ priority: Int64, at slot: Int) { lowestPriority[slot] = priority }

    private mutating func count(_ entry: ShapeEntry, on slot: Int, sign: Int64) {
        let shape = entry.shape
        usedMilliCPU[slot] &+= sign &* shape.milliCPU
        usedMemory[slot] &+= sign &* shape.memory
        usedEphemeralStorage[slot] &+= sign &* shape.ephemeralStorage
        nonZeroMilliCPU[slot] &+= sign &* shape.nonZeroMilliCPU
        nonZeroMemory[slot] &+= sign &* shape.nonZeroMemory
        for (index, number) in entry.scalarNumbers.enumerated() {
            usedScalars[number][slot] &+= sign &* shape.scalars[index].amount
        }
        for port in shape.ports {
            let present = (ports[slot]?[port] ?? 0) + Int(sign)
            if present > 0 {
                ports[slot, default: [:]][port] = present
            } else {
                ports[slot]?[port] = nil
                if ports[slot]?.isEmpty == true { ports[slot] = nil }
            }
        }
    }
}
