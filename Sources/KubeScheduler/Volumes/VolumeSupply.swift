import KubeAPI
import KubeJSON

/// The volumes that no claim has yet, in the order in which claims try them, so that finding one does not
/// take longer the more there are that will not do.
struct VolumeSupply: Sendable {
    struct Volume: Sendable {
        let name: String
        let size: Quantity
        let terms: [NodeSelectorTerm]?
        let value: JSON

        init(name: String, _ value: JSON) {
            self.name = name
            self.value = value
            size = value["spec"]?["capacity"]?["storage"]?.string.flatMap { Quantity($0) } ?? .zero
            terms = StorageView.nodeTerms(of: value)
        }

        /// The smallest comes first.
        static func < (left: Volume, right: Volume) -> Bool {
            left.size == right.size ? utf8Less(left.name, right.name) : left.size < right.size
        }
    }

    /// By class and mode: what claims of another cannot have.
    private struct Shelf: Hashable, Sendable {
        let className: String
        let mode: String

        init(_ spec: JSON?, className: String) {
            self.className = className
            mode = spec?["volumeMode"]?.string ?? "Filesystem"
        }
    }

    private var free: [Shelf: [Volume]] = [:]
    /// Those that name a claim, by its key, in order of name.
    private var reserved: [String: [Volume]] = [:]

    private static func claim(of volume: JSON) -> String? {
        guard let reference = volume["spec"]?["claimRef"], !reference.isNull else { return nil }
        return "\(reference["namespace"]?.string ?? "")/\(reference["name"]?.string ?? "")"
    }

    private static func shelf(of volume: JSON) -> Shelf {
        Shelf(volume["spec"], className: volume["spec"]?["storageClassName"]?.string ?? "")
    }

    mutating func insert(_ name: String, _ value: JSON) {
        if PodTable.isTerminating(value) { return }
        if let claim = Self.claim(of: value) {
            let volume = Volume(name: name, value)
            var list = reserved[claim] ?? []
            list.insert(volume, at: list.firstIndex { utf8Less(name, $0.name) } ?? list.endIndex)
            reserved[claim] = list
        } else if value["status"]?["phase"]?.string == "Available" {
            let volume = Volume(name: name, value)
            let shelf = Self.shelf(of: value)
            let place = free[shelf]?.partition { volume < $0 } ?? 0
            free[shelf, default: []].insert(volume, at: place)
        }
    }

    mutating func remove(_ name: String, _ value: JSON) {
        if let claim = Self.claim(of: value) {
            reserved[claim]?.removeAll { $0.name == name }
            if reserved[claim]?.isEmpty == true { reserved[claim] = nil }
            return
        }
        let volume = Volume(name: name, value)
        let shelf = Self.shelf(of: value)
        guard let place = free[shelf]?.partition(where: { !($0 < volume) }),
            free[shelf]?.indices.contains(place) == true, free[shelf]?[place].name == name
        else { return }
        free[shelf]?.remove(at: place)
        if free[shelf]?.isEmpty == true { free[shelf] = nil }
    }

    /// The volume that a claim gets: one that names it, else the smallest that has room for it.
    /// - Parameter fits: whether the claim can have it, class, mode and size apart.
    func first(
        for unbound: VolumePlan.Unbound, className: String,
        where fits: (_ volume: Volume, _ isReserved: Bool) -> Bool
    ) -> String? {
        let spec = unbound.claim["spec"]
        let shelf = Shelf(spec, className: className)
        let uid = unbound.claim["metadata"]?["uid"]?.string
        for volume in reserved[unbound.key] ?? [] where Self.shelf(of: volume.value) == shelf {
            let owner = volume.value["spec"]?["claimRef"]?["uid"]?.string ?? ""
            if owner.isEmpty || owner == uid, volume.size >= unbound.request, fits(volume, true) {
                return volume.name
            }
        }
        guard let volumes = free[shelf] else { return nil }
        let start = volumes.partition { !($0.size < unbound.request) }
        return volumes[start...].first { fits($0, false) }?.name
    }
}

extension Array {
    /// The first index whose element a condition holds for, where it holds for all that come after.
    fileprivate func partition(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
