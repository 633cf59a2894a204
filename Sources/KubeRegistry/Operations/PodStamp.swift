import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore

/// What became of a pod's body, for the next one that differs from it in nothing but its name.
///
/// Decoding, defaults, admission, validation and managed fields are functions of the body, of who asks and of
/// a few collections. While those stay the same the next pod can only come out as the last one did, but for
/// its name, its uid, the time, and the suffix of the token's volume: so these are put into a copy. Pods of
/// one ReplicaSet are such pods.
struct PodStamp: Sendable {
    /// The parts of a pod that are its own.
    enum Hole: Sendable {
        case name
        case uid
        case time
        case suffix
        case revision
    }

    static let tokenVolume = "kube-api-access-"

    private let template: JSON
    /// The text without what goes into the holes, which are in order.
    private let text: [UInt8]
    private let holes: [(offset: Int, hole: Hole)]
    private let bodyOffset: Int
    private let suffixPaths: [[Step]]
    private let timedEntries: Int

    enum Step: Sendable {
        case key(String)
        case index(Int)
    }

    /// - Parameter pod: as it was stored; nil is the answer for one that has more of its own than a stamp knows.
    init?(_ pod: JSON) {
        let metadata = pod["metadata"]
        guard let entries = metadata?["managedFields"]?.array,
            entries.allSatisfy({ $0["time"] == metadata?["creationTimestamp"] })
        else { return nil }
        timedEntries = entries.count
        suffixPaths = Self.suffixPaths(in: pod["spec"] ?? [:])
        template = pod

        let marks: [(mark: String, hole: Hole)] = [
            ("\u{E000}n\u{E000}", .name), ("\u{E000}u\u{E000}", .uid), ("\u{E000}t\u{E000}", .time),
            ("\u{E000}s\u{E000}", .suffix),
        ]
        let marked = Self.fill(
            pod, timedEntries, suffixPaths, name: marks[0].mark, uid: marks[1].mark, time: marks[2].mark,
            suffix: marks[3].mark)
        let encoded = ObjectEncoder.encode(marked)
        bodyOffset = encoded.bodyOffset
        var text: [UInt8] = []
        var holes: [(Int, Hole)] = []
        var position = 0
        let bytes = encoded.bytes
        while position < bytes.count {
            if position == encoded.revisionOffset { holes.append((text.count, .revision)) }
            // U+E000 is EE 80 80; a mark is that, a letter, and that again.
            if bytes[position] == 0xEE, position + 6 < bytes.count, bytes[position + 1] == 0x80,
                bytes[position + 2] == 0x80
            {
                guard
                    let mark = marks.first(where: { $0.mark.utf8.dropFirst(3).first == bytes[position + 3] })
                else { return nil }
                holes.append((text.count, mark.hole))
                position += 7
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
        // A pod whose own text has a mark in it gets no stamp.
        guard holes.count == 4 + timedEntries + suffixPaths.count else { return nil }
        self.text = text
        self.holes = holes
    }

    /// The pod with its own parts.
    func pod(name: String, uid: String, time: String, suffix: String) -> EncodedObject {
        let value = Self.fill(
            template, timedEntries, suffixPaths, name: name, uid: uid, time: time, suffix: suffix)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + 128 + name.utf8.count + holes.count * 8)
        var revisionOffset = 0
        var position = 0
        for (offset, hole) in holes {
            bytes += text[position..<offset]
            position = offset
            switch hole {
            case .name: bytes += name.utf8
            case .uid: bytes += uid.utf8
            case .time: bytes += time.utf8
            case .suffix: bytes += suffix.utf8
            case .revision: revisionOffset = bytes.count
            }
        }
        bytes += text[position...]
        return EncodedObject(
            bytes: bytes, revisionOffset: revisionOffset, bodyOffset: bodyOffset, value: value)
    }

    private static func fill(
        _ pod: JSON, _ entries: Int, _ suffixPaths: [[Step]], name: String, uid: String, time: String,
        suffix: String
    ) -> JSON {
        var pod = pod
        guard var metadata = pod["metadata"]?.object else { return pod }
        pod["metadata"] = .null
        metadata["name"] = .string(name)
        metadata["uid"] = .string(uid)
        metadata["creationTimestamp"] = .string(time)
        if var managed = metadata["managedFields"]?.array {
            metadata["managedFields"] = .null
            for index in 0..<entries { managed[index]["time"] = .string(time) }
            metadata["managedFields"] = .array(managed)
        }
        pod["metadata"] = .object(metadata)
        if !suffixPaths.isEmpty, var spec = pod["spec"] {
            pod["spec"] = .null
            let value = JSON.string(tokenVolume + suffix)
            for path in suffixPaths { set(value, in: &spec, path[...]) }
            pod["spec"] = spec
        }
        return pod
    }

    private static func set(_ value: JSON, in target: inout JSON, _ path: ArraySlice<Step>) {
        guard let step = path.first else {
            target = value
            return
        }
        switch step {
        case .key(let key):
            guard var object = target.object, var member = object[key] else { return }
            target = .null
            object[key] = .null
            set(value, in: &member, path.dropFirst())
            object[key] = member
            target = .object(object)
        case .index(let index):
            guard var array = target.array, array.indices.contains(index) else { return }
            target = .null
            var member = array[index]
            array[index] = .null
            set(value, in: &member, path.dropFirst())
            array[index] = member
            target = .array(array)
        }
    }

    /// Where the name of the token's volume stands; empty when the pod has none, or brought its own.
    private static func suffixPaths(in spec: JSON) -> [[Step]] {
        var paths: [[Step]] = []
        for (index, volume) in (spec["volumes"]?.array ?? []).enumerated()
        where volume["name"]?.string?.hasPrefix(tokenVolume) ?? false {
            paths.append([.key("volumes"), .index(index), .key("name")])
        }
        for list in ["initContainers", "containers"] {
            for (position, container) in (spec[list]?.array ?? []).enumerated() {
                for (index, mount) in (container["volumeMounts"]?.array ?? []).enumerated()
                where mount["name"]?.string?.hasPrefix(tokenVolume) ?? false {
                    paths.append([
                        .key(list), .index(position), .key("volumeMounts"), .index(index), .key("name"),
                    ])
                }
            }
        }
        return paths
    }
}

/// The stamps of the last few bodies. A body gets one when it comes for the second time.
struct PodStamps: Sendable {
    struct Entry: Sendable {
        let body: JSON
        /// Of the body's spec: most bodies that differ are told apart by it alone.
        let fingerprint: UInt64
        let namespace: String
        let manager: String
        let user: UserInfo
        /// The revision before which everything was read that the stamp depends on.
        var revision: UInt64
        var stamp: PodStamp?
        var lastUse: UInt64
    }

    private static let most = 32
    private(set) var entries: [Entry] = []
    private var uses: UInt64 = 0

    mutating func used(_ position: Int) {
        uses += 1
        if entries.indices.contains(position) { entries[position].lastUse = uses }
    }

    mutating func keep(_ entry: Entry) {
        uses += 1
        var entry = entry
        entry.lastUse = uses
        if let position = entries.firstIndex(where: { $0.isLike(entry) }) {
            entries[position] = entry
        } else if entries.count < Self.most {
            entries.append(entry)
        } else if let oldest = entries.indices.min(by: { entries[$0].lastUse < entries[$1].lastUse }) {
            entries[oldest] = entry
        }
    }
}

extension PodStamps.Entry {
    init(
        body: JSON, _ request: RegistryRequest, revision: UInt64
    ) {
        self.body = body
        fingerprint = (body["spec"] ?? .null).fingerprint
        namespace = request.namespace
        manager = request.manager
        user = request.user
        self.revision = revision
        lastUse = 0
    }

    /// Whether another body can only come out as this one did, but for the name.
    func isLike(_ other: PodStamps.Entry) -> Bool {
        guard fingerprint == other.fingerprint, namespace == other.namespace, manager == other.manager,
            user == other.user,
            let mine = body.object, let theirs = other.body.object, mine.count == theirs.count,
            let metadata = mine["metadata"]?.object, let others = theirs["metadata"]?.object,
            metadata.count == others.count
        else { return false }
        for (key, value) in metadata where key != "name" && others[key] != value { return false }
        guard metadata.contains("name") == others.contains("name") else { return false }
        for (key, value) in mine where key != "metadata" && theirs[key] != value { return false }
        return true
    }
}

extension Registry {
    /// What a new pod depends on beside its body and who asks.
    private static let podContext: [CollectionID] =
        [
            ("", "namespaces"), ("", "serviceaccounts"), ("", "limitranges"),
            ("scheduling.k8s.io", "priorityclasses"), ("node.k8s.io", "runtimeclasses"),
            ("rbac.authorization.k8s.io", "roles"), ("rbac.authorization.k8s.io", "rolebindings"),
            ("rbac.authorization.k8s.io", "clusterroles"),
            ("rbac.authorization.k8s.io", "clusterrolebindings"),
        ].map { CollectionID(group: $0.0, resource: $0.1) }

    /// Rules of the cluster's own may look at a pod's name: with them every pod is judged by itself.
    static let ownRules = [
        "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings", "validatingwebhookconfigurations", "mutatingwebhookconfigurations",
    ].map { CollectionID(group: "admissionregistration.k8s.io", resource: $0) }

    /// Asked at one go: for every pod.
    private static let dependencies = podContext + ownRules

    private func isStampable(_ request: RegistryRequest, _ body: JSON) -> Bool {
        guard request.resource.plural == "pods", request.resource.group.isEmpty, request.subresource.isEmpty,
            !request.dryRun, request.duplicateKeys.isEmpty, request.warnings.isEmpty,
            let metadata = body["metadata"]?.object, !metadata.contains("managedFields")
        else { return false }
        return true
    }

    /// What a stamp of the body would be found by; nil for a request that gets none.
    func stampEntry(_ request: RegistryRequest, _ body: JSON) -> PodStamps.Entry? {
        isStampable(request, body) ? PodStamps.Entry(body: body, request, revision: 0) : nil
    }

    /// - Returns: nil when there is no stamp for it that still holds.
    func createFromStamp(
        _ request: inout RegistryRequest, _ wanted: PodStamps.Entry
    ) throws(APIStatus) -> WrittenObject? {
        let body = wanted.body
        let entries = podStamps.withLock { $0.entries }
        guard let position = entries.firstIndex(where: { $0.isLike(wanted) }),
            let stamp = entries[position].stamp,
            store.lastChange(in: Self.dependencies) <= entries[position].revision
        else { return nil }
        podStamps.withLock { $0.used(position) }
        let given = body.name
        let base = body["metadata"]?["generateName"]?.string ?? ""
        let strategy = strategy(for: request.resource)
        if !given.isEmpty {
            guard strategy.validateName(given, false).isEmpty else { return nil }
        } else if base.isEmpty {
            return nil
        }
        let location = storage(of: request.resource)
        let time = timestamp()
        for attempt in 1...8 {
            let name = given.isEmpty ? generatedName(base) : given
            let key = Self.key(request.resource, request.namespace, name)
            let isTaken =
                store.get(location.collection, key: key, isDeferred: request.isDeferred) != nil
            if isTaken, !given.isEmpty { throw .alreadyExists(request.groupResource, name) }
            if isTaken { continue }
            let encoded = stamp.pod(
                name: name, uid: environment.uuid(), time: time, suffix: environment.suffix(5))
            guard let pod = encoded.value else { return nil }
            do {
                return try chargedWrite(
                    .create, pod, encoded: encoded, old: nil, key: key, location: location, request: request)
            } catch {
                guard error.reason == "AlreadyExists", given.isEmpty, attempt < 8 else { throw error }
            }
        }
        throw .generateNameConflict(request.groupResource, base)
    }

    /// - Parameter entry: with the revision of the store before the pod was begun.
    func keepStamp(_ entry: PodStamps.Entry, of pod: JSON, _ request: RegistryRequest) {
        guard request.warnings.isEmpty else { return }
        let body = entry.body
        // Claims of ephemeral volumes are named after the pod, and so are judged with it.
        if let volumes = body["spec"]?["volumes"]?.array,
            volumes.contains(where: {
                $0["ephemeral"] != nil || $0["name"]?.string?.hasPrefix(PodStamp.tokenVolume) ?? false
            })
        {
            return
        }
        guard !hasOwnRules.load(ordering: .relaxed) else { return }
        let wasSeen = podStamps.withLock { $0.entries.contains { $0.isLike(entry) } }
        var kept = entry
        if wasSeen { kept.stamp = PodStamp(pod) }
        podStamps.withLock { [kept] in $0.keep(kept) }
    }
}

extension JSON {
    /// A number that equal values share, whatever the order of their members.
    fileprivate var fingerprint: UInt64 {
        switch self {
        case .null: 1
        case .bool(let value): value ? 2 : 3
        case .integer(let value): UInt64(bitPattern: value) &* 0x9E37_79B9_7F4A_7C15
        case .double(let value): value.bitPattern &* 0xBF58_476D_1CE4_E5B9
        case .string(let text): Self.hash(text)
        case .array(let items): items.reduce(5) { ($0 ^ $1.fingerprint) &* 0x100_0000_01B3 }
        case .object(let members):
            members.reduce(7) {
                $0 &+ (Self.hash($1.key) ^ ($1.value.fingerprint &* 31)) &* 0x94D0_49BB_1331_11EB
            }
        }
    }

    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
