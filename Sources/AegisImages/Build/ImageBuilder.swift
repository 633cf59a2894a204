import Crypto
import Foundation
import KubeJSON

/// How far the making of an image is.
public struct ImageProgress: Sendable {
    public let recipe: String
    /// In words.
    public let stage: String
    /// Whether it is worth a line of its own where lines cannot be drawn over.
    public let isLasting: Bool
}

/// An image that lies in the cache.
public struct BuiltImage: Sendable {
    public let recipe: Recipe
    /// The hash of all that it was made from.
    public let key: String
    let description: ImageDescription

    /// The digest of its configuration, by which runtimes know it.
    public var id: String { description.configurationDigest }
    /// Bytes of its layers.
    public var size: Int { description.layers.reduce(0) { $0 + $1.size } }
    public var layers: [String] { description.layers.map(\.digest) }
}

/// Builds images from recipes, or takes them from the cache. Everything blocks: call it from a thread that may.
/// It can be interrupted at any point; what was fetched and built by then is used by the next.
public struct ImageBuilder: Sendable {
    public static let usualCache = "/var/cache/aegis/images"
    /// A change of what is written that recipes do not show.
    private static let format = "1"
    private static let leastSpace: Int64 = 1 << 30

    public let directory: String
    private let book: RecipeBook
    private let inputs: [String: String]
    private let architecture: String
    private let progress: @Sendable (ImageProgress) -> Void

    /// - Parameters:
    ///   - directory: the cache.
    ///   - inputs: paths of files that recipes ask for by name. One that is not named is looked for beside
    ///     this program.
    public init(
        _ book: RecipeBook, directory: String = usualCache, inputs: [String: String] = [:],
        progress: @escaping @Sendable (ImageProgress) -> Void = { _ in }
    ) {
        self.book = book
        self.directory = directory
        self.inputs = inputs
        self.progress = progress
        architecture = DebianPackages.architecture
    }

    /// Where the file is that a recipe asks for; nil when there is none.
    public func input(_ name: String) -> String? {
        if let given = inputs[name] { return given }
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = program.deletingLastPathComponent().appendingPathComponent(name).path
        return FileManager.default.isReadableFile(atPath: path) ? path : nil
    }

    /// The hash of a recipe, what it stands on and every file that goes into it.
    public func key(_ recipe: Recipe) throws -> String {
        var hash = SHA256()
        func add(_ name: String, _ bytes: some Sequence<UInt8>) {
            hash.update(data: Array("\(name)\n".utf8))
            hash.update(data: SHA256.hash(data: Array(bytes)).map { $0 })
        }
        add("format", Self.format.utf8)
        add("architecture", architecture.utf8)
        for part in book.chain(recipe) {
            add("recipe \(part.name)", part.text.utf8)
            for (name, bytes) in part.sources.sorted(by: { utf8Less($0.key, $1.key) }) {
                add("source \(name)", bytes)
            }
            for name in part.inputs { add("input \(name)", try bytes(ofInput: name, of: part)) }
        }
        return Digest.hex(hash.finalize())
    }

    /// The image of a recipe if it was built before from the same.
    public func cached(_ recipe: Recipe) throws -> BuiltImage? {
        let key = try key(recipe)
        let cache = try ImageCache(directory: directory)
        guard let record = cache.record(recipe.name), record.key == key else { return nil }
        return image(recipe, key, record.layers)
    }

    private func image(_ recipe: Recipe, _ key: String, _ layers: [Layer]) -> BuiltImage {
        BuiltImage(
            recipe: recipe, key: key,
            description: ImageDescription(settings(recipe), layers: layers, architecture: architecture))
    }

    /// Builds an image unless it is in the cache.
    /// - Parameter isForced: builds it in any case, from Debian's present packages.
    public func build(_ recipe: Recipe, isForced: Bool = false) throws -> BuiltImage {
        let cache = try ImageCache(directory: directory)
        let lock = try DirectoryLock(directory)
        defer { lock.release() }
        if !isForced, let image = try cached(recipe) { return image }
        let start = Date()
        tell(recipe, "building", isLasting: true)
        try checkSpace()
        let record = try build(recipe, cache, isForced)
        try cache.removeUnused()
        try DebianPackages.prune(directory + "/debian", but: cache.packages())
        let image = image(recipe, record.key, record.layers)
        let seconds = String(format: "%.1f", Date().timeIntervalSince(start))
        tell(recipe, "built, \((image.size + 500_000) / 1_000_000) MB in \(seconds) s", isLasting: true)
        return image
    }

    private func build(_ recipe: Recipe, _ cache: ImageCache, _ isForced: Bool) throws -> ImageCache.Record {
        let key = try key(recipe)
        if !isForced, let record = cache.record(recipe.name), record.key == key { return record }
        let base = try recipe.base.flatMap { book[$0] }.map { try build($0, cache, isForced) }
        var below = FileTree()
        for layer in base?.layers ?? [] { below.cover(with: try cache.read(layer)) }
        let chain = book.chain(recipe)
        var record = ImageCache.Record(key: key, layers: base?.layers ?? [], packages: base?.packages ?? [])
        var tree = FileTree()
        if !recipe.packages.isEmpty {
            let debian = try DebianPackages(directory: directory + "/debian", architecture: architecture)
            tell(recipe, "looking for packages")
            let packages = try debian.obtain(
                chain.flatMap(\.packages), without: chain.reversed().flatMap(\.without),
                known: Set(record.packages.compactMap { $0.split(separator: "=").first.map(String.init) }),
                isForced: isForced && recipe.base == nil
            ) { done, packages in
                let megabytes = packages.reduce(0) { $0 + $1.size } / 1_000_000
                tell(recipe, "fetched \(done) of \(packages.count) packages, \(megabytes) MB in all")
            }
            for (index, package) in packages.enumerated() {
                tell(recipe, "unpacking \(index + 1) of \(packages.count): \(package.name)")
                tree.merge(try debian.contents(package))
            }
            record.packages += packages.map { "\($0.name)=\($0.version)" }
        }
        let patterns = chain.reversed().flatMap(\.exclude)
        tree.removeAll { Glob.isExcluded("/" + $0, by: patterns) }
        try add(recipe, chain, to: &tree, over: below)
        var whole = below
        whole.cover(with: tree)
        if let missing = SharedLibraries.missing(in: whole, for: tree).first {
            throw ImageFailure(
                "/\(missing.file) in the image \(recipe.name) needs \(missing.library), which no package of "
                    + "the recipe brings: add it to packages, or keep it out of without")
        }
        tell(recipe, "writing")
        record.layers.append(try cache.write(tree.over(below)))
        try cache.put(record, recipe.name)
        return record
    }

    /// What the recipe itself says: directories, links, files and users.
    private func add(
        _ recipe: Recipe, _ chain: [Recipe], to tree: inout FileTree, over below: FileTree
    ) throws {
        for entry in recipe.directories {
            tree.put(
                entry.path,
                .init(kind: .directory, mode: entry.mode, user: entry.user, group: entry.group))
        }
        for entry in recipe.links {
            tree.put(entry.path, .init(kind: .link(entry.target), mode: 0o777))
        }
        let users = chain.flatMap(\.users)
        if !users.isEmpty {
            let names = users.map { "\($0.name):x:\($0.id):\($0.id):\($0.comment):\($0.home):\($0.shell)\n" }
            let groups = users.map { "\($0.name):x:\($0.id):\n" }
            tree.put("etc/passwd", .init(kind: .file(Array(names.joined().utf8)[...]), mode: 0o644))
            tree.put("etc/group", .init(kind: .file(Array(groups.joined().utf8)[...]), mode: 0o644))
        }
        for entry in recipe.files {
            let bytes: [UInt8]
            switch entry.content {
            case .text(let text): bytes = Array(text.utf8)
            case .source(let name): bytes = recipe.sources[name] ?? []
            case .input(let name): bytes = try self.bytes(ofInput: name, of: recipe)
            case .pause:
                guard let program = PauseProgram.executable(architecture) else {
                    throw ImageFailure("there is no pause program for \(architecture)")
                }
                bytes = program
            case .join(let directory, let suffix):
                var all = below
                all.cover(with: tree)
                bytes = Self.joined(FileTree.normalized(directory) + "/", suffix, all)
            }
            tree.put(
                entry.path,
                .init(kind: .file(bytes[...]), mode: entry.mode, user: entry.user, group: entry.group))
        }
    }

    private static func joined(_ directory: String, _ suffix: String, _ tree: FileTree) -> [UInt8] {
        tree.sorted.flatMap { entry -> ArraySlice<UInt8> in
            guard entry.path.hasPrefix(directory), entry.path.hasSuffix(suffix),
                case .file(let bytes) = entry.node.kind
            else { return [] }
            return bytes
        }
    }

    private func bytes(ofInput name: String, of recipe: Recipe) throws -> [UInt8] {
        guard let path = input(name) else {
            throw ImageFailure(
                "the image \(recipe.name) needs the file \(name): build it beside aegis, or name it with "
                    + "--input \(name)=PATH")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ImageFailure("\(path), which the image \(recipe.name) needs, cannot be read")
        }
        return Array(data)
    }

    /// A recipe's settings over those of its base.
    private func settings(_ recipe: Recipe) -> ImageSettings {
        var result = recipe.settings
        var variables: [ImageSettings.Variable] = []
        for part in book.chain(recipe) {
            for variable in part.settings.environment {
                variables.removeAll { $0.name == variable.name }
                variables.append(variable)
            }
        }
        result.environment = variables
        return result
    }

    private func checkSpace() throws {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: directory)
        if let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value, free < Self.leastSpace {
            throw ImageFailure(
                "\(directory) has \(free >> 20) MB left; building images needs 1024 MB: make room, or choose "
                    + "another place with --cache")
        }
    }

    private func tell(_ recipe: Recipe, _ stage: String, isLasting: Bool = false) {
        progress(ImageProgress(recipe: recipe.name, stage: stage, isLasting: isLasting))
    }

    /// Writes an image that was built to a file that `ctr images import` and `docker load` read.
    public func write(_ image: BuiltImage, to path: String) throws {
        try ImageCache(directory: directory).write(image.description, names: image.recipe.images, to: path)
    }

    /// Gives an image to a containerd.
    /// - Parameter names: under which it is there; nil is all names of its recipe.
    public func load(_ image: BuiltImage, socket: String, names: [String]? = nil) throws {
        let archive = directory + "/load-\(UUID().uuidString).tar"
        defer { try? FileManager.default.removeItem(atPath: archive) }
        try ImageCache(directory: directory)
            .write(image.description, names: names ?? image.recipe.images, to: archive)
        try ContainerdImages(socket: socket).load(archive)
    }
}

/// Held by one builder at a time.
private struct DirectoryLock {
    private let file: Int32

    init(_ directory: String) throws {
        file = open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0, flock(file, LOCK_EX) == 0 else {
            throw ImageFailure("\(directory)/lock cannot be written")
        }
    }

    func release() { close(file) }
}
