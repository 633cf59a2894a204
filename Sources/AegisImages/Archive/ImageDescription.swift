import Crypto
import KubeJSON

/// A digest as registries write it.
enum Digest {
    static func of(_ bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(data: Array(bytes))
        return text(hash.finalize())
    }

    static func text(_ digest: SHA256.Digest) -> String { "sha256:" + hex(digest) }

    static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        for byte in digest {
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A layer that lies in the cache: an uncompressed tar archive, named by its digest.
struct Layer: Sendable, Equatable {
    var digest: String
    /// Bytes.
    var size: Int

    init(digest: String, size: Int) {
        self.digest = digest
        self.size = size
    }

    init?(_ value: JSON) {
        guard let digest = value["digest"]?.string, let size = value["size"]?.int else { return nil }
        self.init(digest: digest, size: Int(size))
    }

    var json: JSON { ["digest": .string(digest), "size": .integer(Int64(size))] }
}

/// The documents of an image (OCI image specification 1.0): configuration, manifest and index. A function of
/// recipe and layers: the same ones give the same bytes.
struct ImageDescription: Sendable {
    let configuration: [UInt8]
    let manifest: [UInt8]
    let layers: [Layer]

    var configurationDigest: String { Digest.of(configuration) }

    init(_ settings: ImageSettings, layers: [Layer], architecture: String) {
        self.layers = layers
        var config: JSON = [:]
        if !settings.user.isEmpty { config["User"] = .string(settings.user) }
        if !settings.ports.isEmpty {
            config["ExposedPorts"] = Self.set(settings.ports)
        }
        config["Env"] = .array(settings.environment.map { .string("\($0.name)=\($0.value)") })
        if !settings.entrypoint.isEmpty {
            config["Entrypoint"] = .array(settings.entrypoint.map { .string($0) })
        }
        if !settings.command.isEmpty { config["Cmd"] = .array(settings.command.map { .string($0) }) }
        if !settings.volumes.isEmpty { config["Volumes"] = Self.set(settings.volumes) }
        config["WorkingDir"] = .string(settings.workingDirectory)
        if !settings.stopSignal.isEmpty { config["StopSignal"] = .string(settings.stopSignal) }
        let whole: JSON = [
            "created": "1970-01-01T00:00:00Z", "architecture": .string(architecture), "os": "linux",
            "config": config,
            "rootfs": ["type": "layers", "diff_ids": .array(layers.map { .string($0.digest) })],
        ]
        configuration = Array(JSONWriter.bytes(whole))
        manifest = Array(
            JSONWriter.bytes([
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": Self.reference("application/vnd.oci.image.config.v1+json", configuration),
                "layers": .array(
                    layers.map { layer in
                        [
                            "mediaType": "application/vnd.oci.image.layer.v1.tar",
                            "digest": .string(layer.digest), "size": .integer(Int64(layer.size)),
                        ]
                    }),
            ]))
    }

    /// The index of an archive, which says under which names the image is imported.
    func index(names: [String]) -> [UInt8] {
        Array(
            JSONWriter.bytes([
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                "manifests": .array(
                    names.map { name in
                        var entry = Self.reference("application/vnd.oci.image.manifest.v1+json", manifest)
                        entry["annotations"] = ["io.containerd.image.name": .string(name)]
                        return entry
                    }),
            ]))
    }

    /// The manifest by which `docker load` reads an archive.
    func dockerManifest(names: [String]) -> [UInt8] {
        Array(
            JSONWriter.bytes([
                [
                    "Config": .string(Self.blob(configurationDigest)),
                    "RepoTags": .array(names.map { .string($0) }),
                    "Layers": .array(layers.map { .string(Self.blob($0.digest)) }),
                ]
            ]))
    }

    static func blob(_ digest: String) -> String { "blobs/" + digest.replacing(":", with: "/") }

    private static func set(_ members: [String]) -> JSON {
        var result = JSONObject()
        for member in members.sorted(by: utf8Less) { result[member] = [:] }
        return .object(result)
    }

    private static func reference(_ type: String, _ bytes: [UInt8]) -> JSON {
        [
            "mediaType": .string(type), "digest": .string(Digest.of(bytes)),
            "size": .integer(Int64(bytes.count)),
        ]
    }
}
