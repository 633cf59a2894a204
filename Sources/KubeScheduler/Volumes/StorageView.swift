import KubeAPI
import KubeJSON

/// Claims, volumes, classes and CSI nodes, with what decisions that are not written yet will do to them.
struct StorageView: Sendable {
    var claims: [String: JSON] = [:]
    private(set) var volumes: [String: JSON] = [:]
    /// The volumes that no claim has, by what claims ask for.
    private(set) var supply = VolumeSupply()
    var classes: [String: JSON] = [:]
    /// By node name.
    var csiNodes: [String: JSON] = [:]
    /// The claims that volumes are promised to, by volume, and the volumes by claim.
    private(set) var promised: [String: String] = [:]
    private(set) var promises: [String: String] = [:]
    /// The node that a claim is to be provisioned for.
    var provisioning: [String: String] = [:]
    /// The placed pods that use a claim.
    var users: [String: Set<Int32>] = [:]

    static let bindCompleted = "pv.kubernetes.io/bind-completed"
    static let selectedNode = "volume.kubernetes.io/selected-node"

    mutating func promise(_ bindings: [VolumeBinding]) {
        for binding in bindings {
            switch binding {
            case .existing(let claim, let volume):
                promised[volume] = claim
                promises[claim] = volume
            case .provision(let claim, let node): provisioning[claim] = node
            }
        }
    }

    mutating func takeBack(_ bindings: [VolumeBinding]) {
        for binding in bindings {
            switch binding {
            case .existing(let claim, let volume):
                if promised[volume] == claim { promised[volume] = nil }
                if promises[claim] == volume { promises[claim] = nil }
            case .provision(let claim, _): provisioning[claim] = nil
            }
        }
    }

    /// The claim has what it was promised, or is no more.
    mutating func settle(_ claim: String) {
        provisioning[claim] = nil
        if let volume = promises.removeValue(forKey: claim), promised[volume] == claim {
            promised[volume] = nil
        }
    }

    /// A volume came, changed or went (nil).
    mutating func setVolume(_ name: String, _ volume: JSON?) {
        if let old = volumes[name] { supply.remove(name, old) }
        if let volume { supply.insert(name, volume) }
        volumes[name] = volume
    }

    func isBound(_ claim: JSON) -> Bool {
        !(claim["spec"]?["volumeName"]?.string ?? "").isEmpty
            && claim["metadata"]?["annotations"]?[Self.bindCompleted] != nil
    }

    func className(of claim: JSON) -> String {
        claim["metadata"]?["annotations"]?["volume.beta.kubernetes.io/storage-class"]?.string
            ?? claim["spec"]?["storageClassName"]?.string ?? ""
    }

    func waitsForConsumer(_ claim: JSON) -> Bool {
        classes[className(of: claim)]?["volumeBindingMode"]?.string == "WaitForFirstConsumer"
    }

    static func nodeTerms(of volume: JSON) -> [NodeSelectorTerm]? {
        NodeSelectorTerm.terms(of: volume["spec"]?["nodeAffinity"]?["required"])
    }
}

/// What a pod's claims ask of its node, worked out once before the nodes are looked at.
struct VolumePlan: Sendable {
    struct Bound: Sendable {
        let volume: String
        let exists: Bool
        let terms: [NodeSelectorTerm]?
        /// Zone and region labels of the volume with the values that will do.
        let zones: [(key: String, values: Set<String>)]
    }

    struct Unbound: Sendable {
        let key: String
        let claim: JSON
        let request: Quantity
    }

    var bound: [Bound] = []
    var unbound: [Unbound] = []
    /// Placed pods that use one of the claims, which only one pod may use.
    var exclusiveUsers: Set<Int32> = []
    var volumes: PodVolumes

    /// Upstream's words for why no node will do.
    struct Refusal: Error {
        let message: String
    }

    init(_ volumes: PodVolumes, namespace: String, pod: JSON, _ storage: StorageView) throws(Refusal) {
        self.volumes = volumes
        var isImmediate = false
        for reference in volumes.claims {
            let key = "\(namespace)/\(reference.name)"
            guard let claim = storage.claims[key] else {
                throw Refusal(
                    message: reference.isEphemeral
                        ? "waiting for ephemeral volume controller to create the persistentvolumeclaim "
                            + "\"\(reference.name)\""
                        : "persistentvolumeclaim \"\(reference.name)\" not found")
            }
            if claim["status"]?["phase"]?.string == "Lost" {
                let volume = claim["spec"]?["volumeName"]?.string ?? ""
                throw Refusal(
                    message: "persistentvolumeclaim \"\(reference.name)\" bound to non-existent "
                        + "persistentvolume \"\(volume)\"")
            }
            if PodTable.isTerminating(claim) {
                throw Refusal(message: "persistentvolumeclaim \"\(reference.name)\" is being deleted")
            }
            if reference.isEphemeral, let uid = pod["metadata"]?["uid"]?.string,
                claim["metadata"]?["ownerReferences"]?.array?.contains(where: {
                    $0["uid"]?.string == uid && $0["controller"]?.bool == true
                }) != true
            {
                throw Refusal(
                    message: "PVC \(key) was not created for pod \(namespace)/"
                        + "\(pod["metadata"]?["name"]?.string ?? "") (pod is not owner)")
            }
            if claim["spec"]?["accessModes"]?.array?.contains("ReadWriteOncePod") == true {
                exclusiveUsers.formUnion(storage.users[key] ?? [])
            }
            if storage.isBound(claim) {
                bound.append(Self.bound(claim["spec"]?["volumeName"]?.string ?? "", storage))
            } else if (claim["spec"]?["volumeName"]?.string ?? "").isEmpty, storage.waitsForConsumer(claim) {
                if let promised = storage.promises[key] {
                    bound.append(Self.bound(promised, storage))
                } else {
                    let request = claim["spec"]?["resources"]?["requests"]?["storage"]?.string
                    unbound.append(
                        Unbound(key: key, claim: claim, request: request.flatMap { Quantity($0) } ?? .zero))
                }
            } else {
                isImmediate = true
            }
        }
        if isImmediate { throw Refusal(message: "pod has unbound immediate PersistentVolumeClaims") }
        unbound.sort { $0.request == $1.request ? utf8Less($0.key, $1.key) : $0.request < $1.request }
    }

    private static func bound(_ name: String, _ storage: StorageView) -> Bound {
        guard let volume = storage.volumes[name] else {
            return Bound(volume: name, exists: false, terms: nil, zones: [])
        }
        let labels = volume["metadata"]?["labels"]
        var zones: [(key: String, values: Set<String>)] = []
        for key in VolumeZone.keys {
            if let value = labels?[key]?.string {
                zones.append((key, Set(VolumeZone.split(value))))
            }
        }
        return Bound(volume: name, exists: true, terms: StorageView.nodeTerms(of: volume), zones: zones)
    }
}
