import KubeAPI
import KubeJSON
import KubeStore

/// The objects of networking.k8s.io that say which addresses Services may have and which they do have.
public enum ServiceAddresses {
    public static let ranges = CollectionID(group: "networking.k8s.io", resource: "servicecidrs")
    public static let addresses = CollectionID(group: "networking.k8s.io", resource: "ipaddresses")
    public static let familyLabel = "ipaddress.kubernetes.io/ip-family"
    public static let managedByLabel = "ipaddress.kubernetes.io/managed-by"
    public static let manager = "ipallocator.k8s.io"

    /// The addresses that a Service holds, as it writes them; none for headless ones and names of others
    /// (`helper.IsServiceIPSet`).
    public static func texts(of service: JSON) -> [String] {
        let spec = service["spec"]
        guard spec?["type"]?.string != "ExternalName", let first = spec?["clusterIP"]?.string,
            !first.isEmpty, first != "None"
        else { return [] }
        let all = spec?["clusterIPs"]?.array?.compactMap(\.string) ?? []
        return all.isEmpty ? [first] : all
    }

    /// Whether addresses are given from the blocks of a ServiceCIDR. One without a condition counts as ready:
    /// no controller may be there to say so.
    public static func isReady(_ range: JSON) -> Bool {
        guard range.deletionTimestamp == nil else { return false }
        let conditions = range["status"]?["conditions"]?.array ?? []
        let ready = conditions.first { $0["type"]?.string == "Ready" }
        return ready == nil || ready?["status"]?.string == "True"
    }

    /// What the object of an address says of whose it is.
    public static func body(_ address: String, namespace: String, name: String) -> JSON {
        [
            "kind": "IPAddress", "apiVersion": "networking.k8s.io/v1",
            "metadata": [
                "name": .string(address),
                "labels": [
                    familyLabel: address.utf8.contains(UInt8(ascii: ":")) ? "IPv6" : "IPv4",
                    managedByLabel: .string(manager),
                ],
            ],
            "spec": [
                "parentRef": [
                    "resource": "services", "namespace": .string(namespace), "name": .string(name),
                ]
            ],
        ]
    }
}

/// A write that happens together with another or not at all, and what it takes for granted.
struct CompanionWrite {
    let write: Write
    let collection: CollectionID
    let key: String
    /// The revision that is replaced; nil for an object that must not be there yet.
    let expected: UInt64?

    /// Whether somebody else wrote the object in between.
    func isStale(in store: Store) -> Bool { store.get(collection, key: key)?.revision != expected }
}

extension Registry {
    /// Where addresses for Services come from now: the blocks of the ServiceCIDRs that are ready, those that
    /// the server was started with while there are none.
    var addressSpace: AddressSpace {
        let stored = store.snapshot(ServiceAddresses.ranges)
        var ranges: [ServiceRange] = []
        if stored.objects.isEmpty {
            ranges = [allocators.range]
        } else {
            for item in stored.page().items where ServiceAddresses.isReady(item.value) {
                let blocks = item.value["spec"]?["cidrs"]?.array ?? []
                for block in blocks.compactMap({ $0.string.flatMap(ServiceRange.init(block:)) })
                where !ranges.contains(block) {
                    ranges.append(block)
                }
            }
        }
        let store = store
        return AddressSpace(ranges: ranges) {
            store.get(ServiceAddresses.addresses, key: ServiceRange.text($0)) != nil
        }
    }

    /// The IPAddress objects that come and go with what a Service took and gave up. Upstream writes them
    /// one after the other and repairs what a crash leaves between; here there is no between.
    func companions(
        of claim: ServiceAllocators.Claim?, _ service: JSON
    ) throws(APIStatus) -> [CompanionWrite] {
        guard let claim else { return [] }
        var writes: [CompanionWrite] = []
        for address in claim.addresses {
            let key = ServiceRange.text(address)
            guard let object = try ipAddress(key, of: service) else { continue }
            writes.append(
                CompanionWrite(
                    write: .create(ServiceAddresses.addresses, key: key, ObjectEncoder.encode(object)),
                    collection: ServiceAddresses.addresses, key: key, expected: nil))
        }
        for address in claim.freedAddresses {
            let key = ServiceRange.text(address)
            guard let stored = store.get(ServiceAddresses.addresses, key: key),
                Self.isAddress(stored.value, of: service)
            else { continue }
            writes.append(
                CompanionWrite(
                    write: .delete(
                        ServiceAddresses.addresses, key: key, expected: stored.revision, final: nil),
                    collection: ServiceAddresses.addresses, key: key, expected: stored.revision))
        }
        return writes
    }

    /// What somebody else made of the object, or wants to keep by a finalizer, is left to the repair loop.
    private static func isAddress(_ object: JSON, of service: JSON) -> Bool {
        let parent = object["spec"]?["parentRef"]
        return parent?["resource"]?.string == "services" && (parent?["group"]?.string ?? "").isEmpty
            && parent?["namespace"]?.string == service.namespace && parent?["name"]?.string == service.name
            && object.finalizers.isEmpty
    }

    private func ipAddress(_ address: String, of service: JSON) throws(APIStatus) -> JSON? {
        guard
            let resource = resources.resource(
                group: "networking.k8s.io", version: "v1", plural: "ipaddresses")
        else { return nil }
        let body = ServiceAddresses.body(address, namespace: service.namespace, name: service.name)
        guard let decoded = try? ObjectDecoder.decode(body, as: resource.schema).0 else { return nil }
        var object = fieldManager(resource, "").update(
            live: nil, new: decoded, manager: "kube-apiserver", now: timestamp())
        fillSystemMetadata(&object)
        return object
    }
}
