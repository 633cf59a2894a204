/// What an image says about how its program is run.
struct ImageSettings: Sendable, Equatable {
    struct Variable: Sendable, Equatable {
        var name: String
        var value: String
    }

    var entrypoint: [String] = []
    var command: [String] = []
    /// In the order of the recipe, those of the base first.
    var environment: [Variable] = []
    /// As `5432/tcp`.
    var ports: [String] = []
    /// A name, a number, or both with a colon between.
    var user = ""
    var workingDirectory = "/"
    var stopSignal = ""
    var volumes: [String] = []
}

/// How an image is made. Read from `images/NAME/recipe.yaml` by `RecipeReader`.
public struct Recipe: Sendable, Equatable {
    struct File: Sendable, Equatable {
        enum Content: Sendable, Equatable {
            case text(String)
            /// A file beside the recipe.
            case source(String)
            /// A file that whoever builds names, or that lies beside the program.
            case input(String)
            /// The program that holds a pod's namespaces.
            case pause
            /// All files of a directory of the image with an ending, one after the other.
            case join(directory: String, suffix: String)
        }

        var path: String
        var content: Content
        var mode: UInt32 = 0o644
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    struct Directory: Sendable, Equatable {
        var path: String
        var mode: UInt32 = 0o755
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    struct Link: Sendable, Equatable {
        var path: String
        var target: String
    }

    struct User: Sendable, Equatable {
        var name: String
        var id: UInt32
        var home = "/"
        var shell = "/bin/sh"
        var comment = ""
    }

    /// The directory's name.
    public let name: String
    /// The names under which the image is imported, whole (`docker.io/library/postgres:15`). None: the recipe is
    /// there to be another's base.
    public internal(set) var images: [String] = []
    public internal(set) var summary = ""
    /// The recipe whose layers come first.
    public internal(set) var base: String?
    /// Packages of Debian; those they depend on come with them.
    var packages: [String] = []
    /// Patterns of packages that others depend on and that are left out. A recipe's own come before its base's,
    /// and the first that fits decides; with `!` before it, a pattern keeps what it fits.
    var without: [String] = []
    /// Patterns of paths that are left out, by the same rules.
    var exclude: [String] = []
    var files: [File] = []
    var directories: [Directory] = []
    var links: [Link] = []
    var users: [User] = []
    var settings = ImageSettings()
    /// The recipe's own text and the files beside it that it names.
    var text = ""
    var sources: [String: [UInt8]] = [:]

    init(name: String) { self.name = name }

    /// Names of files that are handed in when it is built.
    public var inputs: [String] {
        files.compactMap { if case .input(let name) = $0.content { name } else { nil } }
    }
}

/// Something in a recipe that cannot be used as it is.
public struct RecipeProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// From 1; 0 is the whole file.
    public let line: Int
    public let message: String

    public var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}
