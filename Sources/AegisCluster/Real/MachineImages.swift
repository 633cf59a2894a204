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
                try await ensure(recipe, ImageReference.normalized(name))
            } catch {
                problems.append("image \(name): \(error)")
            }
        }
        return problems
    }

    private func ensure(_ recipe: Recipe, _ name: String) async throws {
        let present = try await client.image(name)
        let note = note(name)
        if let present {
            // One that somebody else put there is theirs, by whatever name.
            guard let note, note.id == present.id else { return }
        }
        let builder = builder
        let image = try await Self.blocking { () throws -> BuiltImage? in
            if present != nil, try builder.key(recipe) == note?.key { return nil }
            return try builder.build(recipe)
        }
        guard let image else { return }
        if present?.id != image.id {
            let socket = socket
            try await Self.blocking { try builder.load(image, socket: socket) }
        }
        try write(image)
    }

    // MARK: Notes

    private func read() -> JSON {
        guard let data = FileManager.default.contents(atPath: notes) else { return [:] }
        return (try? JSONParser.parse(Array(data))) ?? [:]
    }

    private func note(_ name: String) -> (key: String, id: String)? {
        let entry = read()[name]
        guard let key = entry?["key"]?.string, let id = entry?["id"]?.string else { return nil }
        return (key, id)
    }

    private func write(_ image: BuiltImage) throws {
        var all = read().object ?? [:]
        for name in image.recipe.images { all[name] = ["key": .string(image.key), "id": .string(image.id)] }
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
