import Foundation
import KubeJSON

/// The recipes that are known: those of this program, and those of directories, which win.
public struct RecipeBook: Sendable {
    /// In order of their names.
    public let recipes: [Recipe]

    /// - Parameter directories: each holds `NAME/recipe.yaml`.
    public init(directories: [String] = []) throws {
        var found: [String: (recipe: Recipe, file: String)] = [:]
        for (path, text) in BuiltinRecipes.files where path.hasSuffix("/recipe.yaml") {
            let name = String(path.dropLast("/recipe.yaml".count))
            let recipe = try RecipeReader.read(text, name: name, file: "images/" + path) { source in
                BuiltinRecipes.files.first { $0.path == name + "/" + source }.map { Array($0.text.utf8) }
            }
            found[name] = (recipe, "images/" + path)
        }
        for directory in directories {
            for name in try Self.names(in: directory) {
                let folder = directory + "/" + name
                let file = folder + "/recipe.yaml"
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw RecipeProblem(file: file, line: 0, message: "cannot be read")
                }
                let recipe = try RecipeReader.read(
                    String(decoding: data, as: UTF8.self), name: name, file: file
                ) { FileManager.default.contents(atPath: folder + "/" + $0).map { Array($0) } }
                found[name] = (recipe, file)
            }
        }
        var owners: [String: String] = [:]
        for (name, entry) in found.sorted(by: { utf8Less($0.key, $1.key) }) {
            for image in entry.recipe.images {
                if let other = owners.updateValue(name, forKey: image) {
                    throw RecipeProblem(
                        file: entry.file, line: 0, message: "\(image) is made by the recipe \(other) too")
                }
            }
            var seen: Set<String> = [name]
            var base = entry.recipe.base
            while let next = base {
                guard let recipe = found[next]?.recipe else {
                    throw RecipeProblem(
                        file: entry.file, line: 0, message: "there is no recipe \(next) for its base")
                }
                guard seen.insert(next).inserted else {
                    throw RecipeProblem(file: entry.file, line: 0, message: "is its own base")
                }
                base = recipe.base
            }
        }
        recipes = found.values.map(\.recipe).sorted { utf8Less($0.name, $1.name) }
    }

    public subscript(name: String) -> Recipe? { recipes.first { $0.name == name } }

    /// The recipe of an image, by any name that containerd takes for the same.
    public func recipe(for image: String) -> Recipe? {
        let whole = ImageReference.normalized(image)
        return recipes.first { $0.images.contains(whole) }
    }

    /// A recipe and what it stands on, the lowest first.
    func chain(_ recipe: Recipe) -> [Recipe] {
        var result = [recipe]
        while let base = result[0].base, let next = self[base] { result.insert(next, at: 0) }
        return result
    }

    /// The directories `images` beside manifests: in a directory of manifests, or beside a file.
    public static func directories(beside paths: [String]) -> [String] {
        var result: [String] = []
        for path in paths {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { continue }
            let parent = (path as NSString).deletingLastPathComponent
            let place = (isDirectory.boolValue ? path : parent.isEmpty ? "." : parent) + "/images"
            if let names = try? names(in: place), !names.isEmpty, !result.contains(place) {
                result.append(place)
            }
        }
        return result
    }

    private static func names(in directory: String) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw RecipeProblem(file: directory, line: 0, message: "is no directory that can be read")
        }
        return names.filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)/recipe.yaml") }
            .sorted(by: utf8Less)
    }
}
