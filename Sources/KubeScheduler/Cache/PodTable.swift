import KubeAPI
import KubeJSON

/// Pods of one shape and one set of labels: everything that filters, scores and other pods' terms ask of a
/// pod is the same for all of them, but volumes and priority.
final class PodClass: Sendable {
    let shape: Int
    let labels: LabelSet
    /// Never used again, unlike the class's number.
    let serial: Int
    let requiredAffinity: [ResolvedTerm]
    let requiredAntiAffinity: [ResolvedTerm]
    let preferredAffinity: [ResolvedTerm]
    let hardSpread: [ResolvedSpread]
    /// Constraints of its own; default ones are worked out when they are wanted.
    let softSpread: [ResolvedSpread]
    let spreadsByDefault: Bool

    var hasTerms: Bool {
        !requiredAffinity.isEmpty || !requiredAntiAffinity.isEmpty || !preferredAffinity.isEmpty
    }
    var usesNamespaceSelectors: Bool {
        (requiredAffinity + requiredAntiAffinity + preferredAffinity).contains { $0.namespaceSelector != nil }
    }

    init(shape number: Int, _ shape: PodShape, _ labels: LabelSet, serial: Int) {
        self.shape = number
        self.labels = labels
        self.serial = serial
        requiredAffinity = shape.requiredAffinity.map { $0.resolved(for: labels) }
        requiredAntiAffinity = shape.requiredAntiAffinity.map { $0.resolved(for: labels) }
        preferredAffinity = shape.preferredAffinity.map { $0.resolved(for: labels) }
        hardSpread = shape.spread.filter(\.isHard).map { $0.resolved(for: labels) }
        softSpread = shape.spread.filter { !$0.isHard }.map { $0.resolved(for: labels) }
        spreadsByDefault = shape.spread.isEmpty
    }

    func matchesOwnAffinity(_ namespaceLabels: [String: JSONObject]) -> Bool {
        matchesAll(requiredAffinity, labels, namespaceLabels)
    }

    func matchesAll(_ terms: [ResolvedTerm], _ pod: LabelSet, _ namespaces: [String: JSONObject]) -> Bool {
        terms.allSatisfy { $0.matches(pod, namespaceLabels: namespaces) }
    }
}

/// A class with what changes about it.
struct ClassSlot: Sendable {
    /// How many pods are on a node, and how many of them are not terminating.
    struct Placed: Sendable {
        var pods: Int32 = 0
        var live: Int32 = 0
    }

    let own: PodClass
    /// How many pods there are, placed or not.
    var pods = 0
    /// By slot.
    var placed: [Int32: Placed] = [:]
    var topology: TopologyState?
    var refusal: Refusal?

    /// What the last pod of the class was told; the same holds for the next one while nothing changes.
    struct Refusal: Sendable {
        let position: Int
        let topologyEpoch: Int
        let workloadEpoch: Int
        let priority: Int64
        let neverPreempts: Bool
        let rejection: Rejection
        let plugins: PluginSet
    }
}

/// One pod, bound or not.
struct PodRecord: Sendable {
    let key: String
    let uid: String
    var object: JSON
    var podClass: Int
    var priority: Int64
    /// Where it runs or is assumed to run; -1 for nowhere.
    var slot = -1
    var isAssumed = false
    var isTerminating = false
    var startTime: Timestamp?
    /// Where preemption makes room for it.
    var nominatedNode: String?
    var volumes: PodVolumes?
    /// What its binding wrote or is to write.
    var bindings: [VolumeBinding] = []
    var queue = QueueState()

    init(key: String, _ pod: JSON, podClass: Int) {
        self.key = key
        self.podClass = podClass
        object = pod
        uid = pod["metadata"]?["uid"]?.string ?? ""
        priority = 0
        read(pod)
        nominatedNode = pod["status"]?["nominatedNodeName"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func read(_ pod: JSON) {
        object = pod
        priority = pod["spec"]?["priority"]?.integer ?? 0
        isTerminating = PodTable.isTerminating(pod)
        startTime = pod["status"]?["startTime"]?.string.flatMap { Timestamp($0) }
        volumes = PodVolumes(pod)
    }

    var namespace: String { String(key.prefix { $0 != "/" }) }
    var neverPreempts: Bool { object["spec"]?["preemptionPolicy"]?.string == "Never" }
    /// It was preempted and is on its way out.
    var isTerminatingByPreemption: Bool {
        guard isTerminating else { return false }
        let condition = object["status"]?["conditions"]?.array?
            .first { $0["type"]?.string == "DisruptionTarget" }
        return condition?["status"]?.string == "True"
            && condition?["reason"]?.string == Rejection.victimReason
    }
}

struct PodTable: Sendable {
    private(set) var numbers: [String: Int] = [:]
    var records: [PodRecord?] = []
    private var free: [Int] = []

    subscript(key: String) -> Int? { numbers[key] }

    mutating func insert(_ record: PodRecord) -> Int {
        let number: Int
        if let reused = free.popLast() {
            number = reused
            records[number] = record
        } else {
            number = records.count
            records.append(record)
        }
        numbers[record.key] = number
        return number
    }

    mutating func remove(_ number: Int) {
        guard let record = records[number] else { return }
        numbers[record.key] = nil
        records[number] = nil
        free.append(number)
    }

    static func isTerminating(_ pod: JSON) -> Bool {
        pod["metadata"]?["deletionTimestamp"].map { !$0.isNull } ?? false
    }

    static func isTerminal(_ pod: JSON) -> Bool {
        switch pod["status"]?["phase"]?.string {
        case "Succeeded", "Failed": true
        default: false
        }
    }
}
