/// Addresses for Services: the blocks that they come from, and which of them an object holds.
struct AddressSpace {
    let ranges: [ServiceRange]
    let isHeld: (UInt32) -> Bool

    func contains(_ address: UInt32) -> Bool { ranges.contains { $0.contains(address) } }

    /// An address that nobody has, from the upper part of each block first.
    /// - Parameter isPromised: whether a write that is under way has it.
    func free(_ random: () -> UInt64, isPromised: (UInt32) -> Bool) -> UInt32? {
        for range in ranges {
            let reserved = min(range.reservedCount, range.hostCount)
            for (start, count) in [(1 + reserved, range.hostCount - reserved), (1, reserved)] where count > 0
            {
                let offset = Int(random() % UInt64(count))
                for step in 0..<count {
                    let address = range.base + UInt32(start + (offset + step) % count)
                    if !isPromised(address), !isHeld(address) { return address }
                }
            }
        }
        return nil
    }
}
