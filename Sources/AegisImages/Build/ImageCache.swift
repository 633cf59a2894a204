import Crypto
import Foundation
import KubeJSON

/// Layers and images that were built, in a directory. Layers are named by their digest; of each recipe the last
/// image is kept.
struct ImageCache {
    let directory: String
    private var files: FileManager { .default }

    init(directory: String) throws {
        self.directory = directory
        do {
            for folder in ["/blobs/sha256", "/images"] {
                try files.createDirectory(atPath: directory + folder, withIntermediateDirectories: true)
            }
            guard access(directory, W_OK) == 0 else { throw CocoaError(.fileWriteNoPermission) }
        } catch {
            throw ImageFailure(
                "\(directory) cannot be written: run it as root, or choose another place with --cache")
        }
        for name in (try? files.contentsOfDirectory(atPath: directory + "/blobs")) ?? []
        where name.hasPrefix("new-") {
            try? files.removeItem(atPath: directory + "/blobs/" + name)
        }
    }

    struct Record {
        var key: String
        var layers: [Layer]
        /// All that was put into the image's layers, by name and version.
        var packages: [String]
    }

    func path(_ layer: Layer) -> String { directory + "/" + ImageDescription.blob(layer.digest) }

    /// What was built from a recipe; nil when nothing was, or not all of it is there any more.
    func record(_ recipe: String) -> Record? {
        guard let data = files.contents(atPath: directory + "/images/\(recipe).json"),
            let value = try? JSONParser.parse(Array(data)), let key = value["key"]?.string
        else { return nil }
        let layers = (value["layers"]?.array ?? []).compactMap(Layer.init)
        let isWhole = layers.allSatisfy { layer in
            let size = (try? files.attributesOfItem(atPath: path(layer)))?[.size] as? NSNumber
            return size?.intValue == layer.size
        }
        guard isWhole, !layers.isEmpty else { return nil }
        return Record(
            key: key, layers: layers, packages: (value["packages"]?.array ?? []).compactMap(\.string))
    }

    func put(_ record: Record, _ recipe: String) throws {
        let value: JSON = [
            "key": .string(record.key), "layers": .array(record.layers.map(\.json)),
            "packages": .array(record.packages.map { .string($0) }),
        ]
        try Data(JSONWriter.bytes(value)).write(
            to: URL(fileURLWithPath: directory + "/images/\(recipe).json"), options: .atomic)
    }

    /// The packages of all images, as `name=version`.
    func packages() throws -> Set<String> {
        var packages: Set<String> = []
        for name in try files.contentsOfDirectory(atPath: directory + "/images")
        where name.hasSuffix(".json") {
            packages.formUnion(record(String(name.dropLast(5)))?.packages ?? [])
        }
        return packages
    }

    /// Removes layers of images that were built anew.
    func removeUnused() throws {
        var used: Set<String> = []
        for name in try files.contentsOfDirectory(atPath: directory + "/images")
        where name.hasSuffix(".json") {
            for layer in record(String(name.dropLast(5)))?.layers ?? [] {
                used.insert(String(layer.digest.dropFirst("sha256:".count)))
            }
        }
        for name in try files.contentsOfDirectory(atPath: directory + "/blobs/sha256")
        where !used.contains(name) {
            try files.removeItem(atPath: directory + "/blobs/sha256/" + name)
        }
    }

    /// Writes a tree as a layer.
    func write(_ tree: FileTree) throws -> Layer {
        let temporary = directory + "/blobs/new-\(UUID().uuidString)"
        guard files.createFile(atPath: temporary, contents: nil),
            let file = FileHandle(forWritingAtPath: temporary)
        else { throw ImageFailure("\(temporary) cannot be written") }
        let layer: Layer
        do {
            defer { try? file.close() }
            var hash = SHA256()
            var size = 0
            let tar = TarWriter { bytes in
                bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
                size += bytes.count
                try file.write(contentsOf: Data(bytes))
            }
            for (path, node) in tree.sorted { try tar.add(path, node) }
            try tar.end()
            layer = Layer(digest: Digest.text(hash.finalize()), size: size)
        } catch {
            try? files.removeItem(atPath: temporary)
            throw error
        }
        guard rename(temporary, path(layer)) == 0 else {
            throw ImageFailure("\(path(layer)) cannot be written")
        }
        return layer
    }

    func read(_ layer: Layer) throws -> FileTree {
        guard let data = files.contents(atPath: path(layer)) else {
            throw ImageFailure("\(path(layer)) cannot be read")
        }
        return try TarReader.read(Array(data))
    }

    /// Writes an image as an archive that `ctr images import` and `docker load` read.
    func write(_ image: ImageDescription, names: [String], to path: String) throws {
        guard files.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else {
            throw ImageFailure("\(path) cannot be written")
        }
        defer { try? file.close() }
        let tar = TarWriter { try file.write(contentsOf: Data($0)) }
        try tar.add("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)[...])
        try tar.add("index.json", image.index(names: names)[...])
        try tar.add("manifest.json", image.dockerManifest(names: names)[...])
        for bytes in [image.manifest, image.configuration] {
            try tar.add(ImageDescription.blob(Digest.of(bytes)), bytes[...])
        }
        for layer in image.layers {
            guard let source = FileHandle(forReadingAtPath: self.path(layer)) else {
                throw ImageFailure("\(self.path(layer)) cannot be read")
            }
            defer { try? source.close() }
            try tar.begin(ImageDescription.blob(layer.digest), size: layer.size)
            while let piece = try source.read(upToCount: 1 << 20), !piece.isEmpty {
                try file.write(contentsOf: piece)
            }
            try tar.pad(layer.size)
        }
        try tar.end()
    }
}
