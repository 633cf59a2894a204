import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Which zone's clients an endpoint is for, where a service asks for it by the annotation
/// `service.kubernetes.io/topology-mode: Auto`: each zone gets a share of the endpoints that is like its share
/// of the nodes' CPU (k8s.io/endpointslice/topologycache).
struct TopologyHints: Sendable {
    /// What is told of a service.
    struct Notice: Equatable {
        var kind = RecordedEvent.Kind.warning
        var reason = "TopologyAwareHintsDisabled"
        var message: String

        static let enabled = Notice(
            kind: .normal, reason: "TopologyAwareHintsEnabled",
            message: "Topology Aware Hints has been enabled")
        static let disabled = Notice(message: "Topology Aware Hints has been disabled")
        static let fewNodes = Notice(
            message:
                "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes")
        static let noZone = Notice(message: "One or more endpoints do not have a zone specified")
        static let noHints = Notice(message: "No hints allocated for zones")
    }

    /// What counts of a node.
    private struct NodeFacts: Equatable {
        let zone: String
        let milliCPU: Int64

        /// Nil for a node that does not count: a control plane's, or one that is not ready.
        init?(_ node: JSON) {
            let labels = node["metadata"]?["labels"]
            let conditions = node["status"]?["conditions"]?.array ?? []
            guard labels?["node-role.kubernetes.io/control-plane"] == nil,
                labels?["node-role.kubernetes.io/master"] == nil,
                conditions.first(where: { $0["type"]?.string == "Ready" })?["status"]?.string == "True"
            else { return nil }
            zone = labels?["topology.kubernetes.io/zone"]?.string ?? ""
            milliCPU =
                node["status"]?["allocatable"]?["cpu"]?.string.flatMap { Quantity($0) }?.milliValue ?? 0
        }
    }

    /// The most that an endpoint may have to bear more than its share.
    private static let overload = 0.2

    private var nodes: [String: NodeFacts] = [:]
    /// Services that ask for hints: nodes are followed while there are any.
    private var asking: Set<String> = []
    /// How many endpoints each zone was given, by service and address type.
    private var given: [String: [String: [String: Int]]] = [:]
    private var hinted: Set<String> = []
    /// The share of each zone, in order of name; nil when it cannot be told.
    private var shares: [(zone: String, ratio: Double)]?

    /// The annotation, which goes before trafficDistribution.
    static func isWanted(_ service: JSON) -> Bool {
        let annotations = service["metadata"]?["annotations"]
        let value =
            annotations?["service.kubernetes.io/topology-aware-hints"]
            ?? annotations?["service.kubernetes.io/topology-mode"]
        return value == "Auto" || value == "auto"
    }

    func isHinted(_ service: String) -> Bool { hinted.contains(service) }

    // MARK: What is there

    /// A service came, changed or went (nil).
    mutating func follow(_ key: String, _ service: JSON?, _ view: ClusterView) {
        guard let service, Self.isWanted(service) else {
            if service == nil {
                given.removeValue(forKey: key)
                hinted.remove(key)
            }
            asking.remove(key)
            if asking.isEmpty { nodes = [:] }
            return
        }
        guard asking.insert(key).inserted, asking.count == 1 else { return }
        for node in view.objects(.nodes) { nodes[node.key] = NodeFacts(node.value) }
        weigh()
    }

    /// - Returns: the services of which a zone has too few endpoints now, in order.
    mutating func nodeChanged(_ event: ObjectEvent) -> [String] {
        if asking.isEmpty { return [] }
        let facts = event.kind == .deleted ? nil : NodeFacts(event.object.value)
        if nodes[event.object.key] == facts { return [] }
        nodes[event.object.key] = facts
        weigh()
        return given.keys.filter { key in
            given[key]?.values.contains { isOverloaded($0) } ?? false
        }.sorted(by: utf8Less)
    }

    private mutating func weigh() {
        var byZone: [String: Int64] = [:]
        for facts in nodes.values {
            // One node of which too little is known is enough to know too little.
            if facts.zone.isEmpty || facts.milliCPU == 0 {
                shares = nil
                return
            }
            byZone[facts.zone, default: 0] += facts.milliCPU
        }
        let total = Double(byZone.values.reduce(0, +))
        guard byZone.count >= 2, total > 0 else {
            shares = nil
            return
        }
        shares = byZone.keys.sorted(by: utf8Less).map { ($0, Double(byZone[$0] ?? 0) / total) }
    }

    private func isOverloaded(_ counts: [String: Int]) -> Bool {
        if counts.isEmpty { return false }
        guard let shares else { return true }
        let total = Double(counts.values.reduce(0, +))
        return shares.contains { zone, ratio in
            guard let count = counts[zone] else { return true }
            return count < Int((total * ratio / (1 + Self.overload)).rounded(.up))
        }
    }

    // MARK: Hints

    /// What a zone is to have of the endpoints.
    private struct Allocation {
        let zone: String
        let minimum: Int
        var maximum = 0
        let desired: Double
    }

    mutating func remove(_ service: String, _ type: String) {
        given[service]?.removeValue(forKey: type)
        if given[service]?.isEmpty == true { given.removeValue(forKey: service) }
        hinted.remove(service)
    }

    /// Sets the hints of all endpoints of a service and address type, or takes them all away.
    /// - Returns: what is to be told.
    mutating func addHints(to packing: inout SlicePacking, _ service: String, _ type: String) -> Notice? {
        switch hints(for: &packing) {
        case .failure(let refusal):
            remove(service, type)
            packing.setHints(trafficDistribution: nil)
            return refusal.notice
        case .success(let counts):
            given[service, default: [:]][type] = counts
            return hinted.insert(service).inserted ? .enabled : nil
        }
    }

    private struct Refusal: Error {
        let notice: Notice
    }

    private func hints(for packing: inout SlicePacking) -> Result<[String: Int], Refusal> {
        let ready = (packing.creates + packing.updates + packing.unchanged).reduce(0) { count, slice in
            count + slice.endpoints.count { $0.ready == true }
        }
        let allocations: [Allocation]
        switch Self.allocations(of: ready, shares) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let found): allocations = found
        }
        var counts = Self.keepHinted(&packing, allocations)

        // Every endpoint is for its own zone, to begin with.
        var places: [(isCreate: Bool, slice: Int, endpoint: Int)] = []
        for (isCreate, slices) in [(true, packing.creates), (false, packing.updates)] {
            for (slice, value) in slices.enumerated() {
                for (index, endpoint) in value.endpoints.enumerated() where endpoint.ready == true {
                    guard let zone = endpoint.zone, !zone.isEmpty else {
                        return .failure(Refusal(notice: .noZone))
                    }
                    counts[zone, default: 0] += 1
                    places.append((isCreate, slice, index))
                }
            }
        }
        var (giving, receiving) = Self.moves(allocations, counts)
        for place in places {
            let own =
                (place.isCreate ? packing.creates : packing.updates)[place.slice].endpoints[place.endpoint]
                .zone
                ?? ""
            var zone = own
            if giving[own, default: 0] > 0,
                let receiver = allocations.first(where: { receiving[$0.zone, default: 0] > 0 })?.zone
            {
                zone = receiver
                giving[own, default: 0] -= 1
                receiving[receiver, default: 0] -= 1
                counts[own, default: 0] -= 1
                counts[receiver, default: 0] += 1
            }
            let hints: JSON = ["forZones": [["name": .string(zone)]]]
            if place.isCreate {
                packing.creates[place.slice].endpoints[place.endpoint].hints = hints
            } else {
                packing.updates[place.slice].endpoints[place.endpoint].hints = hints
            }
        }
        return counts.isEmpty ? .failure(Refusal(notice: .noHints)) : .success(counts)
    }

    private static func allocations(
        of count: Int, _ shares: [(zone: String, ratio: Double)]?
    ) -> Result<[Allocation], Refusal> {
        func refuse(_ words: String, _ zones: Int) -> Result<[Allocation], Refusal> {
            .failure(Refusal(notice: Notice(message: "\(words) (\(count) endpoints, \(zones) zones)")))
        }
        guard let shares else { return .failure(Refusal(notice: .fewNodes)) }
        if shares.count > count { return refuse("Insufficient number of endpoints", shares.count) }
        var allocations: [Allocation] = []
        var rest = count
        for (zone, ratio) in shares {
            let desired = ratio * Double(count)
            let minimum = Int((desired * (1 / (1 + overload))).rounded(.up))
            allocations.append(
                Allocation(zone: zone, minimum: minimum, desired: max(desired, Double(minimum))))
            rest -= minimum
        }
        if rest < 0 {
            return refuse(
                "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold",
                shares.count)
        }
        for index in allocations.indices { allocations[index].maximum = allocations[index].minimum + rest }
        return .success(allocations)
    }

    /// Counts the hints of slices that need no write, and moves those that have hints that will not do to the
    /// ones to be written.
    private static func keepHinted(
        _ packing: inout SlicePacking, _ allocations: [Allocation]
    ) -> [String: Int] {
        var counts: [String: Int] = [:]
        var unchanged: [EndpointSlice] = []
        for slice in packing.unchanged {
            if let found = hints(of: slice, besides: counts, allocations) {
                unchanged.append(slice)
                counts.merge(found, uniquingKeysWith: +)
            } else {
                packing.updates.append(slice)
            }
        }
        packing.unchanged = unchanged
        return counts
    }

    private static func hints(
        of slice: EndpointSlice, besides counts: [String: Int], _ allocations: [Allocation]
    ) -> [String: Int]? {
        var found: [String: Int] = [:]
        for endpoint in slice.endpoints where endpoint.ready == true {
            let zones = endpoint.hints?["forZones"]?.array ?? []
            if zones.isEmpty { return nil }
            for zone in zones { found[zone["name"]?.string ?? "", default: 0] += 1 }
        }
        for (zone, count) in found {
            guard let allocation = allocations.first(where: { $0.zone == zone }),
                count + counts[zone, default: 0] <= allocation.maximum
            else { return nil }
        }
        return found
    }

    /// How many endpoints zones give to others and get from them, one after the other from the zone with the
    /// most to spare to that with the least.
    private static func moves(
        _ allocations: [Allocation], _ counts: [String: Int]
    ) -> (giving: [String: Int], receiving: [String: Int]) {
        var surplus: [(zone: String, number: Double)] = []
        var need: [(zone: String, number: Double)] = []
        for allocation in allocations {
            let difference = Double(counts[allocation.zone, default: 0]) - allocation.desired
            if difference > 0 { surplus.append((allocation.zone, difference)) }
            if difference < 0 { need.append((allocation.zone, -difference)) }
        }
        /// The first of the greatest.
        func most(_ zones: [(zone: String, number: Double)]) -> Int? {
            var best: Int?
            for index in zones.indices where zones[index].number > (best.map { zones[$0].number } ?? 0) {
                best = index
            }
            return best
        }
        var giving: [String: Int] = [:]
        var receiving: [String: Int] = [:]
        while let giver = most(surplus), let taker = most(need) {
            let (spare, lack) = (surplus[giver].number, need[taker].number)
            if (spare < 1 && lack < 1) || spare < 0.5 || lack < 0.5 { break }
            giving[surplus[giver].zone, default: 0] += 1
            receiving[need[taker].zone, default: 0] += 1
            surplus[giver].number -= 1
            need[taker].number -= 1
        }
        return (giving, receiving)
    }
}
