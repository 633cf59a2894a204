import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// What ServiceCIDRs cover, as upstream reckons it (pkg/api/servicecidr).
enum ServiceBlocks {
    static func blocks(_ range: JSON) -> [CIDR] {
        (range["spec"]?["cidrs"]?.array ?? []).compactMap { $0.string.flatMap { CIDR($0) } }
    }

    /// The names of the ServiceCIDRs that an address is of, in order.
    static func holding(_ address: IPAddress, in view: ClusterView) -> [String] {
        view.objects(ServiceAddresses.ranges).filter { stored in
            blocks(stored.value).contains { holds($0, address) }
        }.map(\.key)
    }

    /// Neither the address of the network nor, of IPv4, that of its broadcasts is given to a Service.
    static func holds(_ block: CIDR, _ address: IPAddress) -> Bool {
        guard block.contains(address), block.network.bytes != address.bytes else { return false }
        return !address.isIPv4 || block.last.bytes != address.bytes
    }

    /// The names of the ServiceCIDRs with a block that has all of this one, in order.
    static func covering(_ block: CIDR, in view: ClusterView) -> [String] {
        view.objects(ServiceAddresses.ranges).filter { stored in
            blocks(stored.value).contains {
                $0.address.isIPv4 == block.address.isIPv4 && $0.prefix <= block.prefix
                    && $0.contains(block.network)
            }
        }.map(\.key)
    }

    static func ready(_ range: JSON) -> JSON? {
        (range["status"]?["conditions"]?.array ?? []).first { $0["type"]?.string == "Ready" }
    }

    /// The object with another condition Ready, in the order of the conditions that it has.
    static func setting(_ ready: JSON, _ range: JSON) -> JSON {
        var conditions = range["status"]?["conditions"]?.array ?? []
        if let index = conditions.firstIndex(where: { $0["type"]?.string == "Ready" }) {
            conditions[index] = ready
        } else {
            conditions.append(ready)
        }
        var changed = range
        changed.set(.array(conditions), at: "status", "conditions")
        return changed
    }

    static func condition(_ status: String, reason: String = "", _ message: String, _ now: Timestamp) -> JSON
    {
        [
            "type": "Ready", "status": .string(status), "lastTransitionTime": .string(now.rfc3339),
            "reason": .string(reason), "message": .string(message),
        ]
    }
}
