/// LeastAllocated and BalancedAllocation over CPU and memory, added up.
enum NodeResourcesScore {
    static func score(_ shape: PodShape, _ slot: Int, _ nodes: NodeTable) -> Int32 {
        let cpu = nodes.milliCPU[slot]
        let memory = nodes.memory[slot]
        let least = leastAllocated(
            (nodes.nonZeroMilliCPU[slot] + shape.nonZeroMilliCPU, cpu),
            (nodes.nonZeroMemory[slot] + shape.nonZeroMemory, memory))
        // Pods that ask for nothing would all go to one node.
        if shape.milliCPU == 0, shape.memory == 0 { return Int32(least) }
        return Int32(
            least
                + balancedAllocation(
                    (nodes.usedMilliCPU[slot] + shape.milliCPU, cpu),
                    (nodes.usedMemory[slot] + shape.memory, memory)))
    }

    private static func leastAllocated(_ cpu: (Int64, Int64), _ memory: (Int64, Int64)) -> Int64 {
        func share(_ requested: Int64, of capacity: Int64) -> Int64 {
            requested > capacity ? 0 : (capacity - requested) * 100 / capacity
        }
        switch (cpu.1, memory.1) {
        case (0, 0): return 0
        case (0, _): return share(memory.0, of: memory.1)
        case (_, 0): return share(cpu.0, of: cpu.1)
        default: return (share(cpu.0, of: cpu.1) + share(memory.0, of: memory.1)) / 2
        }
    }

    private static func balancedAllocation(_ cpu: (Int64, Int64), _ memory: (Int64, Int64)) -> Int64 {
        // The standard deviation of two fractions is half their distance; that of one is nothing.
        guard cpu.1 != 0, memory.1 != 0 else { return 100 }
        let first = min(1, Double(cpu.0) / Double(cpu.1))
        let second = min(1, Double(memory.0) / Double(memory.1))
        return Int64((1 - ((first - second) / 2).magnitude) * 100)
    }
}
