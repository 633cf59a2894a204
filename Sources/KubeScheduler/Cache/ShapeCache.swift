/// A shape as it is shared by all that use it.
final class ShapeEntry: Sendable {
    let shape: PodShape
    let key: ShapeKey
    /// The node table's numbers of `shape.scalars`.
    let scalarNumbers: [Int]

    init(_ shape: PodShape, key: ShapeKey, scalarNumbers: [Int]) {
        self.shape = shape
        self.key = key
        self.scalarNumbers = scalarNumbers
    }
}

/// What filters and scores said of each node the last time, by slot. It depends on the node and its pods
/// only, so after a pod is placed a single node is looked at again.
struct ShapeCache: Sendable {
    static let unknown: Int32 = -1

    /// How far the log of changes has been followed.
    var position: Int
    /// Which filter rejects the node for what the Node object says; 0 for none.
    var staticCode: [Int32]
    /// The same, with its pods: ports and resources.
    var code: [Int32]
    /// LeastAllocated and BalancedAllocation together.
    var resourceScore: [Int32]
    var imageScore: [Int32]
    /// Untolerated PreferNoSchedule taints.
    var taints: [Int32]
    /// Weights of the preferred node affinity that matches.
    var affinity: [Int32]
    var imageVersion: Int
    var hasTaints = false

    init(slots: Int, position: Int, imageVersion: Int) {
        self.position = position
        self.imageVersion = imageVersion
        staticCode = Array(repeating: Self.unknown, count: slots)
        code = staticCode
        resourceScore = Array(repeating: 0, count: slots)
        imageScore = resourceScore
        taints = resourceScore
        affinity = resourceScore
    }

    mutating func grow(to slots: Int) {
        let more = slots - code.count
        guard more > 0 else { return }
        staticCode.append(contentsOf: repeatElement(Self.unknown, count: more))
        code.append(contentsOf: repeatElement(Self.unknown, count: more))
        for list in [\ShapeCache.resourceScore, \.imageScore, \.taints, \.affinity] {
            self[keyPath: list].append(contentsOf: repeatElement(0, count: more))
        }
    }

    mutating func forget(_ slot: Int, withNode: Bool) {
        guard slot < code.count else { return }
        code[slot] = Self.unknown
        if withNode { staticCode[slot] = Self.unknown }
    }

    mutating func forgetAll() {
        for slot in code.indices {
            code[slot] = Self.unknown
            staticCode[slot] = Self.unknown
        }
    }
}

/// What has changed since when: caches read it from where they stopped.
struct ChangeLog: Sendable {
    struct Change: Sendable {
        let slot: Int32
        /// The class whose pods came or went; -1 when the Node object itself changed.
        let podClass: Int32
        /// The class's serial: its number may stand for another class by now.
        let serial: Int
        /// How many pods came, and how many that are not terminating.
        let pods: Int8
        let live: Int8
    }

    private(set) var changes: [Change] = []
    /// The number of the first change that is kept.
    private(set) var start = 0

    var end: Int { start + changes.count }
    private static let limit = 8192

    mutating func append(_ change: Change) {
        if changes.count == Self.limit {
            changes.removeFirst(Self.limit / 2)
            start += Self.limit / 2
        }
        changes.append(change)
    }

    /// The changes from a position on; nil when they are no longer kept.
    func since(_ position: Int) -> ArraySlice<Change>? {
        position < start ? nil : changes[(position - start)...]
    }
}

/// Why nodes are rejected, numbered; 0 is no reason.
struct ReasonTable: Sendable {
    struct Reason: Hashable, Sendable {
        let plugin: Plugin
        let texts: [String]
        /// No pod that is taken away makes the node fit.
        let isUnresolvable: Bool
    }

    private(set) var reasons: [Reason] = [Reason(plugin: .none, texts: [], isUnresolvable: false)]
    private var numbers: [Reason: Int32] = [:]

    mutating func number(_ reason: Reason) -> Int32 {
        if let number = numbers[reason] { return number }
        let number = Int32(reasons.count)
        reasons.append(reason)
        numbers[reason] = number
        return number
    }

    mutating func number(_ plugin: Plugin, _ text: String, unresolvable: Bool) -> Int32 {
        number(Reason(plugin: plugin, texts: [text], isUnresolvable: unresolvable))
    }

    subscript(_ number: Int32) -> Reason { reasons[Int(number)] }
}

/// The plugins that can reject a pod.
enum Plugin: String, Sendable, CaseIterable {
    case none = ""
    case nodeUnschedulable = "NodeUnschedulable"
    case nodeName = "NodeName"
    case taintToleration = "TaintToleration"
    case nodeAffinity = "NodeAffinity"
    case nodePorts = "NodePorts"
    case nodeResourcesFit = "NodeResourcesFit"
    case volumeRestrictions = "VolumeRestrictions"
    case nodeVolumeLimits = "NodeVolumeLimits"
    case volumeBinding = "VolumeBinding"
    case volumeZone = "VolumeZone"
    case podTopologySpread = "PodTopologySpread"
    case interPodAffinity = "InterPodAffinity"
    case dynamicResources = "DynamicResources"
    case defaultPreemption = "DefaultPreemption"
}

struct PluginSet: OptionSet, Sendable, Hashable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }
    init(_ plugin: Plugin) {
        rawValue = 1 << UInt32(Plugin.allCases.firstIndex(of: plugin) ?? 0)
    }

    func contains(_ plugin: Plugin) -> Bool { contains(PluginSet(plugin)) }
    var names: [String] { Plugin.allCases.filter { contains($0) }.map(\.rawValue).sorted() }
}
