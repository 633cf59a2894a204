import AegisCluster
import AegisImages
import ArgumentParser
import Foundation
import KubeJSON

/// `aegis image`: images built from recipes.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "List, build and load the images that have recipes.",
        subcommands: [ImageList.self, ImageBuild.self, ImageLoad.self])
}

/// Where recipes, the cache and files for recipes are.
struct ImageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A directory with NAME/recipe.yaml, beside the recipes that aegis brings along.",
            valueName: "directory"))
    var recipes: [String] = []

    @Option(help: ArgumentHelp("Where images are built and kept.", valueName: "directory"))
    var cache = ImageBuilder.usualCache

    @Option(
        help: ArgumentHelp(
            "A file that a recipe asks for by name; by default it is looked for beside aegis.",
            valueName: "name=path"))
    var input: [String] = []

    func validate() throws {
        for entry in input where entry.split(separator: "=", maxSplits: 1).count < 2 {
            throw ValidationError("--input \(entry): write NAME=PATH")
        }
    }

    func book() throws -> RecipeBook {
        do { return try RecipeBook(directories: recipes) } catch { throw Failure("\(error)") }
    }

    func builder(_ book: RecipeBook, _ screen: Screen) -> ImageBuilder {
        var inputs: [String: String] = [:]
        for entry in input {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            inputs[parts[0]] = parts[1]
        }
        return ImageBuilder(book, directory: cache, inputs: inputs) { screen.pass($0) }
    }

    /// The recipes of these names, or of images of these names; all that make images when there are none.
    func choose(_ names: [String], _ book: RecipeBook, _ builder: ImageBuilder) throws -> [Recipe] {
        if names.isEmpty {
            return book.recipes.filter { recipe in
                !recipe.images.isEmpty && recipe.inputs.allSatisfy { builder.input($0) != nil }
            }
        }
        return try names.map { name in
            guard let recipe = book[name] ?? book.recipe(for: name) else {
                throw Failure("there is no recipe for \(name): aegis image list shows those that there are")
            }
            return recipe
        }
    }
}

struct ImageList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List recipes, their images, and which of them are built and loaded.",
        discussion: "Exit codes: 0 listed, 1 a recipe is wrong or containerd does not answer, 64 wrong usage."
    )

    @OptionGroup var options: ImageOptions
    @OptionGroup var data: DataDirectory
    @OptionGroup var runtime: ImageRuntime
    @Option(name: .shortAndLong, help: "'text' or 'json'.")
    var output = Up.Output.text

    func run() async throws {
        let book = try options.book()
        let builder = options.builder(book, Screen(isJSON: false))
        let socket = runtime.socket(data)
        let isUp = FileManager.default.fileExists(atPath: socket)
        let present: Set<String>
        do {
            present = isUp ? Set(try ContainerdImages(socket: socket).names()) : []
        } catch {
            if runtime.containerdSocket != nil { throw Failure("\(error)") }
            // A socket that a containerd left behind.
            present = []
        }
        var rows: [JSON] = []
        var lines = [["RECIPE", "IMAGE", "BUILT", "LOADED"]]
        for recipe in book.recipes where !recipe.images.isEmpty {
            let image = (try? builder.cached(recipe)) ?? nil
            let loaded = recipe.images.filter(present.contains)
            rows.append([
                "recipe": .string(recipe.name), "summary": .string(recipe.summary),
                "images": .array(recipe.images.map { .string($0) }),
                "built": image.map { ["id": .string($0.id), "size": .integer(Int64($0.size))] } ?? .null,
                "loaded": .array(loaded.map { .string($0) }),
            ])
            for (index, name) in recipe.images.enumerated() {
                lines.append([
                    index == 0 ? recipe.name : "", name,
                    image.map { "\(($0.size + 999_999) / 1_000_000) MB" } ?? "no",
                    present.contains(name) ? "yes" : "no",
                ])
            }
        }
        if output == .json {
            print(JSONWriter.string(.array(rows)))
            return
        }
        let widths = (0..<4).map { column in lines.map { $0[column].count }.max() ?? 0 }
        for line in lines {
            let cells = zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            let text = cells.joined(separator: "  ")
            print(text.prefix(upTo: text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.endIndex))
        }
    }
}

struct ImageBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build images; those that are built already are left as they are.",
        discussion: """
            NAME is a recipe or an image. Without one, every image is built whose files are there.

            Exit codes: 0 all are built, 1 something is missing or failed, 64 wrong usage.
            """)

    @Argument(help: "Which.")
    var names: [String] = []
    @OptionGroup var options: ImageOptions
    @Flag(help: "Build them again, from Debian's present packages.")
    var refresh = false
    @Option(
        name: .long,
        help: ArgumentHelp("Write the image to a file as well, for docker load or ctr.", valueName: "file"))
    var archive: String?

    func validate() throws {
        if archive != nil, names.count != 1 { throw ValidationError("--archive takes exactly one NAME") }
    }

    func run() async throws {
        let book = try options.book()
        let builder = options.builder(book, Screen(isJSON: false))
        do {
            for recipe in try options.choose(names, book, builder) {
                let image = try builder.build(recipe, isForced: refresh)
                if let archive { try builder.write(image, to: archive) }
                print("\(recipe.name)  \(image.id)")
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("\(error)")
        }
    }
}

struct ImageLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load images into the containerd of a cluster that is up, building them where needed.",
        discussion: """
            NAME is a recipe or an image. Pods that wait for an image start when they try again.

            Exit codes: 0 all are loaded, 1 something is missing or failed, 64 wrong usage.
            """)

    @Argument(help: "Which.")
    var names: [String] = []
    @OptionGroup var options: ImageOptions
    @OptionGroup var data: DataDirectory
    @OptionGroup var runtime: ImageRuntime
    @Option(name: .long, help: ArgumentHelp("Load a file instead (docker save, OCI).", valueName: "file"))
    var archive: String?

    func validate() throws {
        if archive != nil, !names.isEmpty { throw ValidationError("name images, or an --archive") }
        if archive == nil, names.isEmpty { throw ValidationError("name an image, or an --archive") }
    }

    func run() async throws {
        let socket = runtime.socket(data)
        guard FileManager.default.fileExists(atPath: socket) else {
            throw Failure(
                "no containerd runs at \(socket): start a platform with aegis up, or name a socket with "
                    + "--containerd-socket")
        }
        do {
            if let archive {
                try ContainerdImages(socket: socket).load(archive)
                print("\(archive) is loaded")
                return
            }
            let book = try options.book()
            let builder = options.builder(book, Screen(isJSON: false))
            for recipe in try options.choose(names, book, builder) {
                let image = try builder.build(recipe)
                try builder.load(image, socket: socket)
                print("\(recipe.name)  \(image.id)  loaded")
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("\(error)")
        }
    }
}

/// The containerd that images are loaded into.
struct ImageRuntime: ParsableArguments {
    @Option(help: "The socket of a containerd that runs; by default the one that aegis up started.")
    var containerdSocket: String?

    func socket(_ data: DataDirectory) -> String {
        containerdSocket
            ?? MachineCluster.socket(URL(fileURLWithPath: data.path).standardizedFileURL.path)
    }
}
