import KubeEngine
import KubeJSON

/// The subsets of an Endpoints object in upstream's canonical layout: ports that the same addresses serve are
/// one subset (pkg/api/v1/endpoints, RepackSubsets).
struct EndpointSubsets: Sendable {
    /// Most addresses of one Endpoints object.
    static let capacity = 1_000

    struct Address: Sendable {
        let ip: String
        let uid: String
        let isReady: Bool
        let pod: ServicePod
        let hostname: String

        var json: JSON {
            var json: JSONObject = ["ip": .string(ip)]
            if !hostname.isEmpty { json["hostname"] = .string(hostname) }
            json["nodeName"] = .string(pod.nodeName)
            json["targetRef"] = [
                "kind": "Pod", "namespace": .string(pod.namespace), "name": .string(pod.name),
                "uid": .string(pod.uid),
            ]
            return .object(json)
        }

        /// As spew writes it in an array.
        var text: String {
            "{IP:(string)\(ip) Hostname:(string)\(hostname) NodeName:(*string)\(pod.nodeName) "
                + "TargetRef:(*v1.ObjectReference){Kind:(string)Pod Namespace:(string)\(pod.namespace) "
                + "Name:(string)\(pod.name) UID:(types.UID)\(uid) APIVersion:(string) "
                + "ResourceVersion:(string) FieldPath:(string)}}"
        }
    }

    private struct Subset {
        var ready: [Address]
        var unready: [Address]
        let ports: [ServingPort]

        var text: String {
            func list(_ type: String, _ items: [String]) -> String {
                "([]v1.\(type))" + (items.isEmpty ? "<nil>" : "[\(items.joined(separator: " "))]")
            }
            return "(v1.EndpointSubset){Addresses:\(list("EndpointAddress", ready.map(\.text))) "
                + "NotReadyAddresses:\(list("EndpointAddress", unready.map(\.text))) "
                + "Ports:\(list("EndpointPort", ports.map(\.subsetText)))}"
        }

        var json: JSON {
            var json: JSONObject = [:]
            if !ready.isEmpty { json["addresses"] = .array(ready.map(\.json)) }
            if !unready.isEmpty { json["notReadyAddresses"] = .array(unready.map(\.json)) }
            if !ports.isEmpty { json["ports"] = .array(ports.map(\.subsetJSON)) }
            return .object(json)
        }
    }

    private var subsets: [Subset] = []

    /// - Parameter served: each address with the ports that its pod serves; none of a headless service
    ///   without ports.
    init(_ served: [(address: Address, ports: [ServingPort])], allowsNoPorts: Bool) {
        // Addresses of each port, by their place in the sorted list: equal lists make one subset.
        let sorted = served.sorted {
            $0.address.ip == $1.address.ip
                ? utf8Less($0.address.uid, $1.address.uid) : utf8Less($0.address.ip, $1.address.ip)
        }
        var byPort: [ServingPort: [Int]] = [:]
        var bare: [Int] = []
        for (index, entry) in sorted.enumerated() {
            if entry.ports.isEmpty {
                if allowsNoPorts { bare.append(index) }
                continue
            }
            for port in entry.ports where byPort[port]?.last != index {
                byPort[port, default: []].append(index)
            }
        }
        var portsByAddresses: [[Int]: [ServingPort]] = [:]
        for (port, addresses) in byPort { portsByAddresses[addresses, default: []].append(port) }
        if !bare.isEmpty, portsByAddresses[bare] == nil { portsByAddresses[bare] = [] }
        subsets = portsByAddresses.map { addresses, ports in
            let members = addresses.map { sorted[$0].address }
            return Subset(
                ready: members.filter(\.isReady), unready: members.filter { !$0.isReady },
                ports: ServingPort.inSubsetOrder(ports))
        }
        if subsets.count > 1 {
            subsets = subsets.map { ($0, MD5Text.digest($0.text)) }
                .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
        }
    }

    /// Cuts to the capacity, ready addresses before the others and each subset by its share.
    /// - Returns: whether something was cut.
    mutating func truncate() -> Bool {
        let ready = subsets.reduce(0) { $0 + $1.ready.count }
        let unready = subsets.reduce(0) { $0 + $1.unready.count }
        if ready + unready <= Self.capacity { return false }
        let cutsReady = ready > Self.capacity
        let room = cutsReady ? Self.capacity : Self.capacity - ready
        let total = cutsReady ? ready : unready
        var left = room
        for index in subsets.indices {
            let count = cutsReady ? subsets[index].ready.count : subsets[index].unready.count
            let share = min(left, (count * room + total - 1) / total)
            if cutsReady {
                subsets[index].ready = Array(subsets[index].ready.prefix(share))
                subsets[index].unready = []
                left -= subsets[index].ready.count
            } else {
                subsets[index].unready = Array(subsets[index].unready.prefix(share))
                left -= subsets[index].unready.count
            }
        }
        return true
    }

    var json: [JSON] { subsets.map(\.json) }
}
