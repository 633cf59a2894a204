import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Gives each node a part of the pods' range of addresses (pkg/controller/nodeipam, RangeAllocator): IPv4.
public struct NodeIPAMController: Controller {
    public let name = "node-ipam-controller"
    public let alias = "nodeipam"
    public let account = "node-controller"

    private var blocks: AddressBlocks
    /// The block of each node that has one, in its spec or promised.
    private var given: [String: Int] = [:]
    /// Nodes that found none left, in order of coming.
    private var waiting: [String] = []

    /// - Parameters:
    ///   - range: of `--cluster-cidr`, such as `10.244.0.0/16`.
    ///   - maskSize: of `--node-cidr-mask-size`: how long the prefix of one node's part is.
    /// - Returns: nil when the range is none, or a node's part does not fit in it.
    public init?(range: String, maskSize: Int = 24) {
        guard let blocks = AddressBlocks(range, maskSize: maskSize) else { return nil }
        self.blocks = blocks
    }

    /// With upstream tools' usual range for pods: 256 nodes.
    public init() { blocks = .usual }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == .nodes else { return [] }
        let name = event.object.key
        if event.kind == .deleted {
            waiting.removeAll { $0 == name }
            guard let block = given.removeValue(forKey: name) else { return [] }
            blocks.release(block)
            // There is one again for whoever waits longest.
            return Array(waiting.prefix(blocks.free))
        }
        guard let cidr = event.object.value["spec"]?["podCIDR"]?.string, !cidr.isEmpty else { return [name] }
        waiting.removeAll { $0 == name }
        guard let block = blocks.index(of: cidr), given[name] != block else { return [] }
        if let promised = given[name] { blocks.release(promised) }
        blocks.take(block)
        given[name] = block
        return []
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let node = view.object(.nodes, key), (node["spec"]?["podCIDR"]?.string ?? "").isEmpty
        else { return .nothing }
        guard let block = given[key] ?? blocks.takeNext() else {
            if !waiting.contains(key) { waiting.append(key) }
            return Reconciliation(events: [
                NodeConditions.statusChange(
                    "CIDRNotAvailable", node: key, uid: node.uid, component: "cidrAllocator")
            ])
        }
        given[key] = block
        waiting.removeAll { $0 == key }
        let cidr: JSON = .string(blocks.text(block))
        return Reconciliation(writes: [
            ControllerWrite(
                group: "", version: "v1", plural: "nodes", name: key,
                .patch([
                    "metadata": ["uid": .string(node.uid)],
                    "spec": ["podCIDR": cidr, "podCIDRs": [cidr]],
                ]))
        ])
    }
}

/// A range of IPv4 addresses cut into blocks of equal size, of which some are taken.
struct AddressBlocks: Sendable {
    private let base: UInt32
    private let maskSize: Int
    private var isTaken: [Bool]
    private(set) var free: Int
    /// Where the search for the next goes on: a block that was just given back rests a while.
    private var next = 0

    /// 10.244.0.0/16 in blocks of /24.
    static let usual = AddressBlocks(base: 10 << 24 | 244 << 16, prefix: 16, maskSize: 24)

    private init(base: UInt32, prefix: Int, maskSize: Int) {
        self.base = base
        self.maskSize = maskSize
        free = 1 << (maskSize - prefix)
        isTaken = Array(repeating: false, count: free)
    }

    /// - Returns: nil when this is no range or a block does not fit; one of over 65,536 blocks is none
    ///   (upstream's limit on the difference of the masks).
    init?(_ range: String, maskSize: Int) {
        guard let (base, prefix) = Self.parse(range), prefix <= maskSize, maskSize <= 32,
            maskSize - prefix <= 16
        else { return nil }
        self.init(base: base, prefix: prefix, maskSize: maskSize)
    }

    static func parse(_ range: String) -> (base: UInt32, prefix: Int)? {
        let halves = range.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let prefix = Int(halves[1]), (0...32).contains(prefix) else { return nil }
        let bytes = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        guard bytes.count == 4 else { return nil }
        var address: UInt32 = 0
        for byte in bytes {
            guard let value = UInt8(byte) else { return nil }
            address = address << 8 | UInt32(value)
        }
        return (prefix == 0 ? 0 : address & (~0 << UInt32(32 - prefix)), prefix)
    }

    /// The block with exactly this range; nil for what lies elsewhere or is of another size.
    func index(of cidr: String) -> Int? {
        guard let (address, prefix) = Self.parse(cidr), prefix == maskSize, address >= base else {
            return nil
        }
        let index = Int(address - base) >> (32 - maskSize)
        return index < isTaken.count ? index : nil
    }

    func text(_ index: Int) -> String {
        let address = base + UInt32(index) << UInt32(32 - maskSize)
        return "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)/\(maskSize)"
    }

    mutating func take(_ index: Int) {
        if !isTaken[index] { free -= 1 }
        isTaken[index] = true
    }

    mutating func release(_ index: Int) {
        if isTaken[index] { free += 1 }
        isTaken[index] = false
    }

    mutating func takeNext() -> Int? {
        guard free > 0 else { return nil }
        while isTaken[next] { next = (next + 1) % isTaken.count }
        let index = next
        take(index)
        next = (next + 1) % isTaken.count
        return index
    }
}
