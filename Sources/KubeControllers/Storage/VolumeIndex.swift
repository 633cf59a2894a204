import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What matching asks of a volume, read once from each version of it.
struct VolumeSummary: Sendable {
    let name: String
    let className: String
    let attributesClass: String
    let mode: String
    let size: Quantity
    /// Sorted, distinct.
    let accessModes: [String]
    let labels: JSONObject
    let isAvailable: Bool
    let isTerminating: Bool
    /// `namespace/name` of the claim that it is for.
    let claim: String?
    /// Empty while a user's wish only.
    let claimUID: String

    init(_ volume: JSON) {
        let spec = volume["spec"]
        name = volume.name
        className = StorageWords.className(of: volume)
        attributesClass = spec?["volumeAttributesClassName"]?.string ?? ""
        mode = StorageWords.volumeMode(of: volume)
        size = StorageWords.capacity(of: volume)
        accessModes = Set((spec?["accessModes"]?.array ?? []).compactMap(\.string)).sorted(by: utf8Less)
        labels = volume["metadata"]?["labels"]?.object ?? [:]
        isAvailable = StorageWords.phase(volume) == "Available"
        isTerminating = volume.deletionTimestamp != nil
        claim = Self.claim(of: volume)
        claimUID = spec?["claimRef"]?["uid"]?.string ?? ""
    }

    static func claim(of volume: JSON) -> String? {
        guard let reference = volume["spec"]?["claimRef"], !reference.isNull else { return nil }
        return "\(reference["namespace"]?.string ?? "")/\(reference["name"]?.string ?? "")"
    }

    /// Whether it was promised to a claim, by us or by a user who knew only the name.
    func isFor(_ wanted: ClaimSummary) -> Bool {
        claim == wanted.key && (claimUID.isEmpty || claimUID == wanted.uid)
    }
}

/// What a claim asks of a volume.
struct ClaimSummary: Sendable {
    let key: String
    let uid: String
    let className: String
    let lacksClass: Bool
    let attributesClass: String
    let mode: String
    let request: Quantity
    let accessModes: [String]
    /// Nil selects all volumes; one that cannot be read selects none.
    let selector: LabelSelector?
    let isUnreadable: Bool
    /// The volume that it names; empty when it takes what comes.
    let volumeName: String

    init(_ claim: JSON) {
        let spec = claim["spec"]
        volumeName = spec?["volumeName"]?.string ?? ""
        key = "\(claim.namespace)/\(claim.name)"
        uid = claim.uid
        className = StorageWords.className(of: claim)
        lacksClass = StorageWords.lacksClass(claim)
        attributesClass = spec?["volumeAttributesClassName"]?.string ?? ""
        mode = StorageWords.volumeMode(of: claim)
        request = StorageWords.request(of: claim)
        accessModes = (spec?["accessModes"]?.array ?? []).compactMap(\.string)
        let wanted = spec?["selector"].flatMap { $0.isNull ? nil : $0 }
        let parsed = wanted.flatMap { try? LabelSelector(object: $0) }
        selector = parsed
        isUnreadable = wanted != nil && parsed == nil
    }

    /// What holds of a promised volume too.
    func accepts(_ volume: VolumeSummary) -> Bool {
        !volume.isTerminating && volume.size >= request && volume.mode == mode
            && volume.attributesClass == attributesClass
            && accessModes.allSatisfy { volume.accessModes.contains($0) }
    }

    /// Whether one that nobody has would do.
    func matches(_ volume: VolumeSummary) -> Bool {
        volume.isAvailable && volume.claim == nil && volume.className == className && !isUnreadable
            && volumeName.isEmpty && accepts(volume) && selector?.matches(labels: volume.labels) != false
    }
}

/// All volumes, by what claims look them up by, and the claims that wait for one.
struct VolumeIndex: Sendable {
    private(set) var volumes: [String: VolumeSummary] = [:]
    /// Names of those that nobody has, by class.
    private var unclaimed: [String: Set<String>] = [:]
    private var byClaim: [String: Set<String>] = [:]
    /// Claims that have no volume, by class.
    private var pending: [String: [String: ClaimSummary]] = [:]
    private var classOfPending: [String: String] = [:]
    /// Waiting claims by the volume that they name.
    private var asking: [String: Set<String>] = [:]

    mutating func set(_ volume: VolumeSummary?, name: String) {
        if let old = volumes[name] {
            if let claim = old.claim {
                byClaim[claim]?.remove(name)
                if byClaim[claim]?.isEmpty == true { byClaim[claim] = nil }
            } else {
                unclaimed[old.className]?.remove(name)
            }
        }
        volumes[name] = volume
        guard let volume else { return }
        if let claim = volume.claim {
            byClaim[claim, default: []].insert(name)
        } else {
            unclaimed[volume.className, default: []].insert(name)
        }
    }

    mutating func setPending(_ claim: ClaimSummary?, key: String) {
        if let old = classOfPending.removeValue(forKey: key),
            let volume = pending[old]?.removeValue(forKey: key)?.volumeName, !volume.isEmpty
        {
            asking[volume]?.remove(key)
            if asking[volume]?.isEmpty == true { asking[volume] = nil }
        }
        guard let claim else { return }
        if !claim.volumeName.isEmpty { asking[claim.volumeName, default: []].insert(key) }
        classOfPending[key] = claim.className
        pending[claim.className, default: [:]][key] = claim
    }

    func isPending(_ claim: String) -> Bool { classOfPending[claim] != nil }

    /// Names of the volumes that refer to a claim, in order.
    func volumes(ofClaim key: String) -> [String] { (byClaim[key] ?? []).sorted(by: utf8Less) }

    /// The waiting claims that a volume would do for, in order.
    func claims(matching volume: VolumeSummary) -> [String] {
        guard let waiting = pending[volume.className] else { return [] }
        return waiting.values.filter { $0.matches(volume) }.map(\.key).sorted(by: utf8Less)
    }

    /// The waiting claims that name a volume, in order.
    func claims(asking volume: String) -> [String] { (asking[volume] ?? []).sorted(by: utf8Less) }

    /// The waiting claims of a class, in order.
    func claims(ofClass name: String) -> [String] {
        (pending[name] ?? [:]).keys.sorted(by: utf8Less)
    }

    /// The waiting claims that were given no class.
    func claimsWithoutClass() -> [String] {
        (pending[""] ?? [:]).values.filter(\.lacksClass).map(\.key).sorted(by: utf8Less)
    }

    /// The volume that a claim gets: the one promised to it, else the smallest among those that offer the
    /// fewest ways of access.
    /// - Parameter delays: the claim waits for its pod's node, so that only a promised one will do.
    func bestMatch(for claim: ClaimSummary, delays: Bool) -> VolumeSummary? {
        for name in volumes(ofClaim: claim.key) {
            if let volume = volumes[name], volume.isFor(claim), claim.accepts(volume) { return volume }
        }
        if delays { return nil }
        var best: VolumeSummary?
        for name in unclaimed[claim.className] ?? [] {
            guard let volume = volumes[name], claim.matches(volume) else { continue }
            if let present = best, !Self.isBetter(volume, than: present) { continue }
            best = volume
        }
        return best
    }

    private static func isBetter(_ volume: VolumeSummary, than other: VolumeSummary) -> Bool {
        if volume.accessModes.count != other.accessModes.count {
            return volume.accessModes.count < other.accessModes.count
        }
        if volume.size != other.size { return volume.size < other.size }
        return utf8Less(volume.name, other.name)
    }
}
