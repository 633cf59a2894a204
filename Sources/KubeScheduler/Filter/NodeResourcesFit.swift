import KubeAPI

/// The node has what the pod asks for, beside what its pods ask for.
enum NodeResourcesFit {
    struct Shortage {
        var texts: [String] = []
        /// The node would be too small when it were empty.
        var isUnresolvable = false

        mutating func add(_ name: String, _ wanted: Int64, of allocatable: Int64) {
            texts.append("Insufficient \(name)")
            if wanted > allocatable { isUnresolvable = true }
        }
    }

    /// Whether the pod fits; the common case, without words.
    @inline(__always)
    static func fits(_ entry: ShapeEntry, _ slot: Int, _ nodes: NodeTable) -> Bool {
        let shape = entry.shape
        if Int64(nodes.pods[slot].count) >= nodes.maxPods[slot] { return false }
        if shape.milliCPU > 0, shape.milliCPU > nodes.milliCPU[slot] &- nodes.usedMilliCPU[slot] {
            return false
        }
        if shape.memory > 0, shape.memory > nodes.memory[slot] &- nodes.usedMemory[slot] { return false }
        if shape.ephemeralStorage > 0,
            shape.ephemeralStorage > nodes.ephemeralStorage[slot] &- nodes.usedEphemeralStorage[slot]
        {
            return false
        }
        for (index, number) in entry.scalarNumbers.enumerated()
        where shape.scalars[index].amount > nodes.scalars[number][slot] &- nodes.usedScalars[number][slot] {
            return false
        }
        return true
    }

    /// What is short as bits, for pods without extended resources: pods, CPU, memory, ephemeral storage,
    /// and whether the node would be too small when it were empty.
    static func shortageBits(
        _ shape: PodShape, _ slot: Int, _ nodes: NodeTable, _ delta: NodeDelta?
    ) -> Int {
        var bits = 0
        if Int64(nodes.pods[slot].count + (delta?.pods ?? 0)) >= nodes.maxPods[slot] { bits |= 1 }
        func check(_ wanted: Int64, _ offered: Int64, _ used: Int64, _ bit: Int) {
            if wanted > 0, wanted > offered - used { bits |= wanted > offered ? bit | 16 : bit }
        }
        check(
            shape.milliCPU, nodes.milliCPU[slot], nodes.usedMilliCPU[slot] + (delta?.milliCPU ?? 0), 2)
        check(shape.memory, nodes.memory[slot], nodes.usedMemory[slot] + (delta?.memory ?? 0), 4)
        check(
            shape.ephemeralStorage, nodes.ephemeralStorage[slot],
            nodes.usedEphemeralStorage[slot] + (delta?.ephemeralStorage ?? 0), 8)
        return bits
    }

    /// What is short, with pods taken away or added; nil when the pod fits.
    static func shortage(
        _ entry: ShapeEntry, _ slot: Int, _ nodes: NodeTable, _ delta: NodeDelta?
    ) -> Shortage? {
        let shape = entry.shape
        var shortage = Shortage()
        if Int64(nodes.pods[slot].count + (delta?.pods ?? 0)) >= nodes.maxPods[slot] {
            shortage.texts.append("Too many pods")
        }
        let usedCPU = nodes.usedMilliCPU[slot] + (delta?.milliCPU ?? 0)
        if shape.milliCPU > 0, shape.milliCPU > nodes.milliCPU[slot] - usedCPU {
            shortage.add("cpu", shape.milliCPU, of: nodes.milliCPU[slot])
        }
        let usedMemory = nodes.usedMemory[slot] + (delta?.memory ?? 0)
        if shape.memory > 0, shape.memory > nodes.memory[slot] - usedMemory {
            shortage.add("memory", shape.memory, of: nodes.memory[slot])
        }
        let usedStorage = nodes.usedEphemeralStorage[slot] + (delta?.ephemeralStorage ?? 0)
        if shape.ephemeralStorage > 0, shape.ephemeralStorage > nodes.ephemeralStorage[slot] - usedStorage {
            shortage.add("ephemeral-storage", shape.ephemeralStorage, of: nodes.ephemeralStorage[slot])
        }
        for (index, number) in entry.scalarNumbers.enumerated() {
            let scalar = shape.scalars[index]
            let used = nodes.usedScalars[number][slot] + (delta?.scalars[number] ?? 0)
            if scalar.amount > nodes.scalars[number][slot] - used {
                shortage.add(scalar.name, scalar.amount, of: nodes.scalars[number][slot])
            }
        }
        return shortage.texts.isEmpty ? nil : shortage
    }

    /// Whether an empty node of this kind would do: what a change of the node is judged by.
    static func couldFit(_ shape: PodShape, _ node: NodeDescription) -> Bool {
        node.pods >= 1 && shape.milliCPU <= node.milliCPU && shape.memory <= node.memory
            && shape.ephemeralStorage <= node.ephemeralStorage
            && shape.scalars.allSatisfy { $0.amount <= node.scalars[$0.name] ?? 0 }
    }
}

/// What a node would have more or less, were pods added or taken away.
struct NodeDelta: Sendable {
    var pods = 0
    var milliCPU: Int64 = 0
    var memory: Int64 = 0
    var ephemeralStorage: Int64 = 0
    var scalars: [Int: Int64] = [:]
    var ports: [PodHostPort: Int] = [:]
    /// What is added to the counters of the class at the node's own values.
    var counters: [Int: Int64] = [:]
    /// Pods that are taken away, for the filters of volumes.
    var removed: Set<Int32> = []

    mutating func add(_ entry: ShapeEntry, sign: Int) {
        let shape = entry.shape
        let factor = Int64(sign)
        pods += sign
        milliCPU += factor * shape.milliCPU
        memory += factor * shape.memory
        ephemeralStorage += factor * shape.ephemeralStorage
        for (index, number) in entry.scalarNumbers.enumerated() {
            scalars[number, default: 0] += factor * shape.scalars[index].amount
        }
        for port in shape.ports { ports[port, default: 0] += sign }
    }
}
