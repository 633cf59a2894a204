import AegisImages
import Foundation
import KubeJSON
import KubeRuntimeCRI

/// Has the images of a platform be in the store before its pods start: what has a recipe is built and imported,
/// everything else the runtime pulls as usual.
public struct MachineImages: Sendable {
    private let client: CRIClient
    private let socket: String
    private let book: RecipeBook
    private let builder: ImageBuilder
    /// What this program imported into the store, by the image's name.
    private let notes: String

    init(
        client: CRIClient, socket: String, dataDirectory: String, book: RecipeBook, builder: ImageBuilder
    ) {
        self.client = client
        self.socket = socket
        self.book = book
        self.builder = builder
        notes = dataDirectory + "/images.json"
    }

    /// The image of each pod's first container is always made.
    static let always = ContainerdConfiguration(dataDirectory: "").sandboxImage

    /// - Parameter names: of images, as manifests write them.
    /// - Returns: what could not be made, a line each; pods wait for these until they can be pulled.
    public func ensure(_ names: [String]) async -> [String] {
        var problems: [String] = []
        var done: Set<String> = []
        for name in [Self.always] + names {
            guard let recipe = book.recipe(for: name), done.insert(recipe.name).inserted else { continue }
            do {
                try await ensure(recipe)
            } catch {
                problems.append("image \(name): \(error)")
            }
        }
        return problems
    }

    /// Makes one image now; false when no recipe has its name.
    public func make(_ name: String) async throws -> Bool {
        guard let recipe = book.recipe(for: name) else { return false }
        try await ensure(recipe)
        return true
    }

    private func ensure(_ recipe: Recipe) async throws {
        let present = try await ids(recipe.images)
        let notes = read()
        let ours = Self.ours(recipe.images, present: present, notes: notes)
        guard !ours.isEmpty else { return }
        let builder = builder
        let image = try await Self.blocking { () throws -> BuiltImage? in
            let key = try builder.key(recipe)
            if ours.allSatisfy({ present[$0] != nil && notes[$0]?["key"]?.string == key }) { return nil }
            return try builder.build(recipe)
        }
        guard let image else { return }
        let stale = ours.filter { present[$0] != image.id }
        if !stale.isEmpty {
            let socket = socket
            try await Self.blocking { try builder.load(image, socket: socket, names: stale) }
            try await waitForImage(image.id, names: stale)
        }
        try write(image, names: ours)
    }

    /// What the runtime has under names.
    private func ids(_ names: [String]) async throws -> [String: String] {
        var ids: [String: String] = [:]
        for name in names { ids[name] = try await client.image(name)?.id }
        return ids
    }

    /// The names that may be set: those that mean no image yet, and those that this program set and nobody
    /// changed since. What somebody else put into the store is theirs.
    /// - Parameter present: the images' ids by name.
    static func ours(_ names: [String], present: [String: String], notes: JSON) -> [String] {
        names.filter { name in
            guard let id = present[name] else { return true }
            return notes[name]?["id"]?.string == id
        }
    }

    /// The runtime hears of an import a moment after it is done; a pod that starts before would be told to pull.
    private func waitForImage(_ id: String, names: [String]) async throws {
        for name in names {
            var attempts = 0
            while try await client.image(name)?.id != id {
                attempts += 1
                guard attempts < 200 else {
                    throw ImageFailure("containerd does not list \(name) 10 s after its import")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    // MARK: Notes

    private func read() -> JSON {
        guard let data = FileManager.default.contents(atPath: notes) else { return [:] }
        return (try? JSONParser.parse(Array(data))) ?? [:]
    }

    private func write(_ image: BuiltImage, names: [String]) throws {
        var all = read().object ?? [:]
        for name in names { all[name] = ["key": .string(image.key), "id": .string(image.id)] }
        try Data(JSONWriter.bytes(.object(all))).write(to: URL(fileURLWithPath: notes), options: .atomic)
    }

    /// Runs what blocks on a thread that may.
    private static func blocking<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
        }
    }

    /// The images that the pods of manifests name.
    public static func names(in objects: [JSON]) -> [String] {
        var names: [String] = []
        func look(_ value: JSON, _ key: String) {
            switch value {
            case .object(let object):
                for (name, inner) in object { look(inner, name) }
            case .array(let array):
                let isContainers = ["containers", "initContainers", "ephemeralContainers"].contains(key)
                for inner in array {
                    if isContainers, let image = inner["image"]?.string, !names.contains(image) {
                        names.append(image)
                    }
                    look(inner, "")
                }
            default: break
            }
        }
        for object in objects { look(object, "") }
        return names
    }
}
