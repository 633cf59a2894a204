import Foundation
import KubeAPI
import KubeJSON
import KubeStore

/// The token that a pod's volume holds.
public struct VolumeToken: Sendable, Equatable {
    public var text: String
    public var issued: Timestamp
    public var expires: Timestamp

    public init(text: String, issued: Timestamp, expires: Timestamp) {
        self.text = text
        self.issued = issued
        self.expires = expires
    }

    /// It is replaced when less than a fifth of its life is left, or after a day (pkg/kubelet/token).
    func isStale(_ now: Timestamp) -> Bool {
        let age = now.since(issued)
        return age > 24 * 3_600 || age > expires.since(issued) * 0.8
    }
}

/// Issues tokens of service accounts that are bound to a pod.
public protocol TokenSource: Sendable {
    /// - Parameter audience: empty for the API server's own.
    /// - Throws: why none is issued.
    func token(
        account: String, audience: String, seconds: Int, pod: PodIdentity
    ) throws -> VolumeToken
}

/// The files of the volumes whose content the API has: config maps, secrets, what a pod knows of itself.
struct VolumeContents {
    let pod: JSON
    let identity: PodIdentity
    let objects: any ObjectSource
    /// Issues tokens, or gives the one that is still good: by audience and life in seconds.
    let token: (_ audience: String, _ seconds: Int) throws -> VolumeToken

    /// An object that a volume takes from.
    struct Source: Equatable {
        let collection: CollectionID
        let name: String
        let isOptional: Bool
    }

    static func sources(_ volume: JSON) -> [Source] {
        var found: [Source] = []
        func take(_ source: JSON, secretKey: String) {
            for (kind, collection, key) in [
                ("configMap", CollectionID.configMaps, "name"), ("secret", .secrets, secretKey),
            ] {
                guard let wanted = source[kind] else { continue }
                found.append(
                    Source(
                        collection: collection, name: wanted[key]?.string ?? "",
                        isOptional: wanted["optional"]?.bool ?? false))
            }
        }
        take(volume, secretKey: "secretName")
        for source in volume["projected"]?["sources"]?.array ?? [] { take(source, secretKey: "name") }
        return found
    }

    /// Whether what a volume holds can change while its pod runs.
    static func isKept(_ volume: JSON) -> Bool {
        ["configMap", "secret", "downwardAPI", "projected"].contains { volume[$0] != nil }
    }

    /// Nil for a volume of another kind.
    func files(_ volume: JSON) throws -> [VolumeFile]? {
        if let source = volume["configMap"] {
            return try keys(source, .configMaps, name: source["name"]?.string ?? "", mode(source))
        }
        if let source = volume["secret"] {
            return try keys(source, .secrets, name: source["secretName"]?.string ?? "", mode(source))
        }
        if let source = volume["downwardAPI"] { return try downward(source, mode(source)) }
        guard let projected = volume["projected"] else { return nil }
        var files: [VolumeFile] = []
        for source in projected["sources"]?.array ?? [] {
            files += try self.files(projected: source, mode(projected))
        }
        return files
    }

    private func mode(_ source: JSON) -> UInt32 { UInt32(clamping: source["defaultMode"]?.int ?? 0o644) }

    private func files(projected source: JSON, _ mode: UInt32) throws -> [VolumeFile] {
        if let map = source["configMap"] {
            return try keys(map, .configMaps, name: map["name"]?.string ?? "", mode)
        }
        if let secret = source["secret"] {
            return try keys(secret, .secrets, name: secret["name"]?.string ?? "", mode)
        }
        if let downward = source["downwardAPI"] { return try self.downward(downward, mode) }
        if let wanted = source["serviceAccountToken"] { return [try tokenFile(wanted, mode)] }
        throw VolumeFailure(
            "a projected source of kind \(source.object?.first?.key ?? "none") is not served by this node")
    }

    /// The chosen keys of an object, or all.
    private func keys(
        _ source: JSON, _ collection: CollectionID, name: String, _ mode: UInt32
    ) throws -> [VolumeFile] {
        let isOptional = source["optional"]?.bool ?? false
        let isSecret = collection == .secrets
        guard let object = objects.object(collection, identity.namespace, name) else {
            if isOptional { return [] }
            throw VolumeFailure("\(isSecret ? "secret" : "configmap") \"\(name)\" not found")
        }
        func bytes(_ key: String) -> [UInt8]? {
            if let text = object["data"]?[key]?.string {
                return isSecret ? Data(base64Encoded: text).map { [UInt8]($0) } : Array(text.utf8)
            }
            return object["binaryData"]?[key]?.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
        }
        guard let items = source["items"]?.array, !items.isEmpty else {
            var names = object["data"]?.object?.map(\.key) ?? []
            names += object["binaryData"]?.object?.map(\.key) ?? []
            return names.sorted(by: utf8Less).compactMap { key in
                bytes(key).map { VolumeFile(path: key, bytes: $0, mode: mode) }
            }
        }
        var files: [VolumeFile] = []
        for item in items {
            let key = item["key"]?.string ?? ""
            guard let content = bytes(key) else {
                if isOptional { continue }
                throw VolumeFailure("references non-existent \(isSecret ? "secret" : "config") key: \(key)")
            }
            files.append(
                VolumeFile(
                    path: item["path"]?.string ?? key, bytes: content,
                    mode: item["mode"]?.int.map { UInt32(clamping: $0) } ?? mode))
        }
        return files
    }

    private func downward(_ source: JSON, _ mode: UInt32) throws -> [VolumeFile] {
        try (source["items"]?.array ?? []).map { item in
            let text: String
            if let field = item["fieldRef"]?["fieldPath"]?.string {
                guard let value = DownwardAPI.metadata(field, of: pod) else {
                    throw VolumeFailure("unsupported fieldPath: \(field)")
                }
                text = value
            } else if let resource = item["resourceFieldRef"] {
                let node = objects.object(.nodes, "", identity.node)
                text = try DownwardAPI.resource(
                    resource, of: pod, container: nil,
                    allocatable: ResourceAmounts(node?["status"]?["allocatable"]))
            } else {
                text = ""
            }
            return VolumeFile(
                path: item["path"]?.string ?? "", bytes: Array(text.utf8),
                mode: item["mode"]?.int.map { UInt32(clamping: $0) } ?? mode)
        }
    }

    /// The token is for the pod's own user and group alone, where it says which they are: a group is given to
    /// the whole volume later, and the owner stays.
    private func tokenFile(_ source: JSON, _ mode: UInt32) throws -> VolumeFile {
        let issued = try token(
            source["audience"]?.string ?? "", source["expirationSeconds"]?.int ?? 3_600)
        var file = VolumeFile(
            path: source["path"]?.string ?? "token", bytes: Array(issued.text.utf8), mode: mode)
        file.owner = VolumeOwnership.commonUser(of: pod)
        if file.owner != nil || VolumeOwnership.group(of: pod) != nil { file.mode = 0o600 }
        return file
    }
}

/// Whom a pod's volumes belong to.
enum VolumeOwnership {
    static func group(of pod: JSON) -> UInt32? {
        pod["spec"]?["securityContext"]?["fsGroup"]?.int.map { UInt32(clamping: $0) }
    }

    /// The user that all containers run as, if it is one.
    static func commonUser(of pod: JSON) -> UInt32? {
        let spec = pod["spec"] ?? .null
        let general = spec["securityContext"]?["runAsUser"]?.int
        var users = Set<Int?>()
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            for container in spec[list]?.array ?? [] {
                users.insert(container["securityContext"]?["runAsUser"]?.int ?? general)
            }
        }
        guard users.count == 1, let user = users.first ?? nil else { return nil }
        return UInt32(clamping: user)
    }
}
