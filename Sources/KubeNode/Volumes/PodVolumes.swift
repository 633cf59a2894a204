import KubeAPI
import KubeJSON
import KubeStore
import Synchronization

/// The volumes of the pods of this machine, as directories below one of them (pkg/volume). Config maps,
/// secrets, tokens and what pods know of themselves are kept up to date while their pods run.
public final class PodVolumes: VolumeProvider, Sendable {
    /// A pod whose volumes are there.
    final class Keeper: Sendable {
        struct State: Sendable {
            var pod: JSON
            /// By audience and life.
            var tokens: [String: VolumeToken] = [:]
            var isReleased = false
            /// Directories that may not grow beyond so much.
            var limits: [Limit] = []
        }
        let identity: PodIdentity
        /// Held while the pod's files are written.
        let state: Mutex<State>
        init(_ identity: PodIdentity, _ pod: JSON) {
            self.identity = identity
            state = Mutex(State(pod: pod))
        }
    }

    private let directory: String
    let persistent: String
    let objects: any ObjectSource
    private let tokens: any TokenSource
    private let now: @Sendable () -> Timestamp
    private let report: @Sendable (String) -> Void
    let keepers = Mutex<[String: Keeper]>([:])
    /// The uid of the pod that has a claim of the mode ReadWriteOncePod.
    let onePodClaims = Mutex<[String: String]>([:])

    /// - Parameters:
    ///   - directory: above the pods' own: `DIRECTORY/UID/volumes/KIND/NAME`.
    ///   - persistent: above the directories that are PersistentVolumes made here.
    ///   - report: told in one line what could not be kept up to date.
    public init(
        directory: String, persistent: String = "/var/lib/aegis/volumes", objects: any ObjectSource,
        tokens: any TokenSource,
        now: @escaping @Sendable () -> Timestamp, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.directory = directory
        self.persistent = persistent
        self.objects = objects
        self.tokens = tokens
        self.now = now
        self.report = report
    }

    // MARK: For the runtime

    public func prepare(pod: JSON, identity: PodIdentity) async throws -> [String: String] {
        let keeper = keepers.withLock { keepers in
            if let known = keepers[identity.uid] { return known }
            let keeper = Keeper(identity, pod)
            keepers[identity.uid] = keeper
            return keeper
        }
        return try keeper.state.withLock { state in
            state.pod = pod
            var paths: [String: String] = [:]
            for volume in pod["spec"]?["volumes"]?.array ?? [] {
                let name = volume["name"]?.string ?? ""
                do {
                    paths[name] = try make(volume, name, keeper.identity, &state)
                } catch let failure as VolumeFailure where failure.isWhole {
                    throw failure
                } catch {
                    throw VolumeFailure("MountVolume.SetUp failed for volume \"\(name)\" : \(error)")
                }
            }
            return paths
        }
    }

    public func release(_ identity: PodIdentity) async {
        let keeper = keepers.withLock { $0.removeValue(forKey: identity.uid) }
        keeper?.state.withLock { $0.isReleased = true }
        onePodClaims.withLock { claims in claims = claims.filter { $0.value != identity.uid } }
        guard !identity.uid.isEmpty else { return }
        Self.removeAll(of: identity.uid, below: directory)
    }

    /// Takes away the volumes of a pod that runs no more; what it claimed stays.
    public static func removeAll(of uid: String, below directory: String) {
        let root = "\(directory)/\(uid)/volumes"
        let memory = root + "/" + Kind.emptyDirectory.rawValue
        for name in HostFiles.names(in: memory) where HostFiles.isMountPoint(memory + "/" + name) {
            HostFiles.unmount(memory + "/" + name)
        }
        HostFiles.remove(root)
    }

    /// Takes away everything below a directory of pods of which none runs.
    public static func removeAll(below directory: String) {
        for uid in HostFiles.names(in: directory) {
            removeAll(of: uid, below: directory)
            HostFiles.remove(directory + "/" + uid)
        }
    }

    // MARK: Keeping up to date

    /// An object changed: the volumes that hold something of it are written anew.
    /// - Parameter isGone: it was deleted. Volumes that cannot be without it keep what they have.
    public func objectChanged(
        _ collection: CollectionID, namespace: String, name: String, isGone: Bool = false
    ) {
        for keeper in keepers.withLock({ Array($0.values) }) where keeper.identity.namespace == namespace {
            refresh(keeper) { volume in
                VolumeContents.sources(volume).contains {
                    $0.collection == collection && $0.name == name && ($0.isOptional || !isGone)
                }
            }
        }
    }

    /// A pod's own labels or annotations may have changed.
    public func podChanged(_ pod: JSON) {
        guard let keeper = keepers.withLock({ $0[pod.uid] }) else { return }
        let isOther = keeper.state.withLock { state in
            defer { state.pod = pod }
            return state.pod["metadata"]?["labels"] != pod["metadata"]?["labels"]
                || state.pod["metadata"]?["annotations"] != pod["metadata"]?["annotations"]
        }
        if isOther { refresh(keeper) { $0["downwardAPI"] != nil || $0["projected"] != nil } }
    }

    /// Replaces tokens that are about to end. To be called once a minute.
    public func renewTokens() {
        let now = now()
        for keeper in keepers.withLock({ Array($0.values) }) {
            let isDue = keeper.state.withLock { $0.tokens.values.contains { $0.isStale(now) } }
            if isDue { refresh(keeper) { $0["projected"] != nil } }
        }
    }

    private func refresh(_ keeper: Keeper, _ isMeant: (JSON) -> Bool) {
        keeper.state.withLock { state in
            guard !state.isReleased else { return }
            for volume in state.pod["spec"]?["volumes"]?.array ?? [] where isMeant(volume) {
                let name = volume["name"]?.string ?? ""
                do {
                    _ = try make(volume, name, keeper.identity, &state)
                } catch {
                    let pod = "\(keeper.identity.namespace)/\(keeper.identity.name)"
                    report("volume \(name) of pod \(pod) stays as it was: \(error)")
                }
            }
        }
    }

    // MARK: Making

    /// As upstream names the directories of each kind.
    private enum Kind: String {
        case emptyDirectory = "kubernetes.io~empty-dir"
        case configMap = "kubernetes.io~configmap"
        case secret = "kubernetes.io~secret"
        case downward = "kubernetes.io~downward-api"
        case projected = "kubernetes.io~projected"

        init?(_ volume: JSON) {
            if volume["emptyDir"] != nil {
                self = .emptyDirectory
            } else if volume["configMap"] != nil {
                self = .configMap
            } else if volume["secret"] != nil {
                self = .secret
            } else if volume["downwardAPI"] != nil {
                self = .downward
            } else if volume["projected"] != nil {
                self = .projected
            } else {
                return nil
            }
        }
    }

    private func root(_ identity: PodIdentity) -> String { "\(directory)/\(identity.uid)/volumes" }

    private func make(
        _ volume: JSON, _ name: String, _ identity: PodIdentity, _ state: inout Keeper.State
    ) throws -> String {
        let group = VolumeOwnership.group(of: state.pod)
        if let source = volume["hostPath"] { return try HostPath.check(source) }
        if let claim = Self.claim(of: volume, identity) {
            try refuseSharing(claim, with: identity)
            return try ClaimedVolume(objects: objects, identity: identity)
                .path(claim, volume: name, group: group)
        }
        guard let kind = Kind(volume) else {
            let other = volume.object?.first { $0.key != "name" }?.key ?? "none"
            throw VolumeFailure(
                "volumes of kind \(other) are not served by this node: use a claim, hostPath or emptyDir")
        }
        let path = "\(root(identity))/\(kind.rawValue)/\(name)"
        if let source = volume["emptyDir"] {
            try makeEmpty(path, source, group)
            state.note(Limit(name, path, source))
            return path
        }
        let moment = now()
        var tokens = state.tokens
        // The source of tokens is asked only for what is not there or about to end.
        let account = state.pod["spec"]?["serviceAccountName"]?.string ?? "default"
        let contents = VolumeContents(pod: state.pod, identity: identity, objects: objects) {
            audience, seconds in
            let key = "\(seconds) \(audience)"
            if let known = tokens[key], !known.isStale(moment) { return known }
            let fresh = try self.tokens.token(
                account: account, audience: audience, seconds: seconds, pod: identity)
            tokens[key] = fresh
            return fresh
        }
        let files = try contents.files(volume) ?? []
        state.tokens = tokens
        try AtomicDirectory(path: path).write(files, group: group, now: moment)
        return path
    }

    private func makeEmpty(_ path: String, _ source: JSON, _ group: UInt32?) throws {
        let isNew = HostFiles.kind(path) == nil
        try HostFiles.makeDirectory(path)
        if source["medium"]?.string == "Memory", !HostFiles.isMountPoint(path) {
            let limit = source["sizeLimit"]?.string.flatMap { Quantity($0) }?.wholeValue
            try HostFiles.mountMemory(path, size: limit)
        }
        guard isNew else { return }
        try HostFiles.setMode(path, 0o777)
        if let group { try HostFiles.give(path, toGroup: group) }
    }

    /// The claim that a volume stands for.
    static func claim(of volume: JSON, _ identity: PodIdentity) -> String? {
        if let source = volume["persistentVolumeClaim"] { return source["claimName"]?.string }
        return volume["ephemeral"] == nil
            ? nil : "\(identity.name)-\(volume["name"]?.string ?? "")"
    }
}
