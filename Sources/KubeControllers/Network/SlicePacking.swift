import KubeJSON

/// Which slices to write so that they hold the wanted endpoints, at most 100 in each, touching as few as
/// possible (reconcileByPortMapping).
struct SlicePacking: Sendable {
    static let capacity = 100

    var creates: [EndpointSlice] = []
    var updates: [EndpointSlice] = []
    var deletes: [EndpointSlice] = []
    /// Stay as they are.
    var unchanged: [EndpointSlice] = []

    init() {}

    /// - Parameters:
    ///   - existing: of these ports and this address type, in order of name.
    ///   - wanted: in the order in which new ones are to be placed.
    ///   - labels: those that a slice is to have, and whether that is news for it.
    ///   - makeSlice: an empty one.
    init(
        existing: [EndpointSlice], wanted: [SliceEndpoint],
        labels: (EndpointSlice) -> (labels: JSONObject, changed: Bool), makeSlice: () -> EndpointSlice
    ) {
        var order: [String] = []
        order.reserveCapacity(wanted.count)
        var missing: [String: SliceEndpoint] = [:]
        missing.reserveCapacity(wanted.count)
        for endpoint in wanted {
            let identity = endpoint.identity
            order.append(identity)
            missing[identity] = endpoint
        }
        for var slice in existing {
            var kept: [SliceEndpoint] = []
            kept.reserveCapacity(slice.endpoints.count)
            var changed = false
            for endpoint in slice.endpoints {
                guard let now = missing.removeValue(forKey: endpoint.identity) else { continue }
                if !now.hasSameState(as: endpoint) { changed = true }
                kept.append(now)
            }
            let (labels, relabelled) = labels(slice)
            if changed || kept.count != slice.endpoints.count {
                if kept.isEmpty {
                    deletes.append(slice)
                } else {
                    slice.endpoints = kept
                    slice.labels = labels
                    updates.append(slice)
                }
            } else if relabelled {
                slice.labels = labels
                updates.append(slice)
            } else {
                unchanged.append(slice)
            }
        }
        if missing.isEmpty { return }
        var left = order.compactMap { missing.removeValue(forKey: $0) }[...]

        // What is written anyway is filled first, the fullest before the others.
        let fullest = updates.indices.sorted {
            (updates[$1].endpoints.count, $0) < (updates[$0].endpoints.count, $1)
        }
        for index in fullest { Self.fill(&updates[index], &left) }
        while !left.isEmpty {
            if left.count < Self.capacity, let index = bestFit(left.count) {
                var slice = unchanged.remove(at: index)
                Self.fill(&slice, &left)
                updates.append(slice)
            } else {
                var slice = makeSlice()
                Self.fill(&slice, &left)
                creates.append(slice)
            }
        }
    }

    private static func fill(_ slice: inout EndpointSlice, _ left: inout ArraySlice<SliceEndpoint>) {
        while slice.endpoints.count < capacity, let next = left.popFirst() { slice.endpoints.append(next) }
    }

    /// The slice that so many more leave the least room in (getSliceToFill).
    private func bestFit(_ count: Int) -> Int? {
        var best: Int?
        var least = Self.capacity
        for (index, slice) in unchanged.enumerated() {
            let room = Self.capacity - count - slice.endpoints.count
            if room >= 0, room < least { (best, least) = (index, room) }
        }
        return best
    }

    mutating func append(_ other: SlicePacking) {
        creates += other.creates
        updates += other.updates
        deletes += other.deletes
        unchanged += other.unchanged
    }

    /// A slice that would go is written over instead of one being made and one deleted.
    mutating func recycle(ownedBy uid: String) {
        var kept: [EndpointSlice] = []
        for old in deletes {
            guard let last = creates.last, last.addressType == old.addressType,
                old.isOwned(by: uid, kind: "Service")
            else {
                kept.append(old)
                continue
            }
            var slice = creates.removeLast()
            slice.name = old.name
            slice.replaces = true
            updates.append(slice)
        }
        deletes = kept
    }

    // MARK: Hints

    /// Gives every ready endpoint the hint that the service's trafficDistribution asks for, or takes all
    /// hints away (trafficdist).
    mutating func setHints(trafficDistribution: String?) {
        let wants: HintRule =
            switch trafficDistribution {
            case "PreferClose", "PreferSameZone": .zone
            case "PreferSameNode": .node
            default: .none
            }
        var still: [EndpointSlice] = []
        for var slice in unchanged {
            if slice.endpoints.contains(where: wants.isWrong) {
                wants.apply(&slice)
                updates.append(slice)
            } else {
                still.append(slice)
            }
        }
        // The ones just moved have them already.
        for index in updates.indices { wants.apply(&updates[index]) }
        for index in creates.indices { wants.apply(&creates[index]) }
        unchanged = still
    }

    private enum HintRule {
        case none
        case zone
        case node

        func hint(_ endpoint: SliceEndpoint) -> JSON? {
            var hints: JSONObject = [:]
            if self != .none, let zone = endpoint.zone { hints["forZones"] = [["name": .string(zone)]] }
            if self == .node, let node = endpoint.nodeName { hints["forNodes"] = [["name": .string(node)]] }
            return hints.isEmpty ? nil : .object(hints)
        }

        func isWrong(_ endpoint: SliceEndpoint) -> Bool {
            if self == .none { return endpoint.hints != nil }
            return endpoint.ready == true && endpoint.hints != hint(endpoint)
        }

        func apply(_ slice: inout EndpointSlice) {
            for index in slice.endpoints.indices where self == .none || slice.endpoints[index].ready == true {
                slice.endpoints[index].hints = hint(slice.endpoints[index])
            }
        }
    }
}
