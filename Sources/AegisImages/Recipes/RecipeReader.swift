import KubeJSON

/// Reads recipes. Whatever is wrong is said with file and line; a key that means nothing is an error.
struct RecipeReader {
    private let file: String
    private let document: YAMLDocument
    private var recipe: Recipe
    private let source: (String) -> [UInt8]?

    /// - Parameter source: the bytes of a file beside the recipe; nil when it is not there.
    static func read(
        _ text: String, name: String, file: String, source: (String) -> [UInt8]?
    ) throws(RecipeProblem) -> Recipe {
        let documents: [YAMLDocument]
        do {
            documents = try YAML.parse(text)
        } catch {
            throw RecipeProblem(file: file, line: error.line, message: error.message)
        }
        guard documents.count == 1, let document = documents.first, case .object = document.value else {
            throw RecipeProblem(file: file, line: 0, message: "a recipe is one YAML object")
        }
        return try withoutActuallyEscaping(source) { source throws(RecipeProblem) in
            var reader = RecipeReader(
                file: file, document: document, recipe: Recipe(name: name), source: source)
            reader.recipe.text = text
            try reader.readAll()
            return reader.recipe
        }
    }

    private func fail(_ path: [String], _ message: String) -> RecipeProblem {
        RecipeProblem(file: file, line: document.line(at: path), message: message)
    }

    // MARK: Parts

    private mutating func readAll() throws(RecipeProblem) {
        for (key, value) in document.value.object ?? [:] {
            switch key {
            case "summary": recipe.summary = try string(value, [key])
            case "base": recipe.base = try string(value, [key])
            case "names":
                recipe.images = try strings(value, [key]).map(ImageReference.normalized)
            case "packages": recipe.packages = try strings(value, [key])
            case "without": recipe.without = try strings(value, [key])
            case "exclude": recipe.exclude = try strings(value, [key])
            case "files":
                for (index, entry) in try list(value, [key]) {
                    recipe.files.append(try file(entry, [key, index]))
                }
            case "directories":
                for (index, entry) in try list(value, [key]) {
                    recipe.directories.append(try directory(entry, [key, index]))
                }
            case "links":
                for (index, entry) in try list(value, [key]) {
                    recipe.links += try links(entry, [key, index])
                }
            case "users":
                for (index, entry) in try list(value, [key]) {
                    recipe.users.append(try user(entry, [key, index]))
                }
            case "entrypoint": recipe.settings.entrypoint = try strings(value, [key])
            case "cmd": recipe.settings.command = try strings(value, [key])
            case "env": recipe.settings.environment = try variables(value, [key])
            case "ports": recipe.settings.ports = try ports(value, [key])
            case "user": recipe.settings.user = try string(value, [key])
            case "workingDir": recipe.settings.workingDirectory = try path(value, [key])
            case "stopSignal": recipe.settings.stopSignal = try string(value, [key])
            case "volumes": recipe.settings.volumes = try strings(value, [key])
            default: throw fail([key], "unknown key \"\(key)\"")
            }
        }
        for (index, user) in recipe.users.enumerated()
        where recipe.users[..<index].contains(where: { $0.id == user.id || $0.name == user.name }) {
            throw fail(["users", "\(index)"], "a user above has the same name or id")
        }
    }

    private mutating func file(_ entry: JSON, _ at: [String]) throws(RecipeProblem) -> Recipe.File {
        try check(
            entry, at,
            keys: ["path", "content", "source", "input", "builtin", "join", "suffix", "mode", "owner"])
        var contents: [Recipe.File.Content] = []
        if let value = entry["content"] { contents.append(.text(try string(value, at + ["content"]))) }
        if let value = entry["source"] {
            let name = try string(value, at + ["source"])
            guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
                throw fail(at + ["source"], "\(name) is not beside the recipe")
            }
            guard let bytes = source(name) else { throw fail(at + ["source"], "there is no file \(name)") }
            recipe.sources[name] = bytes
            contents.append(.source(name))
        }
        if let value = entry["input"] { contents.append(.input(try string(value, at + ["input"]))) }
        if let value = entry["join"] {
            let suffix = try entry["suffix"].map { value throws(RecipeProblem) in
                try string(value, at + ["suffix"])
            }
            contents.append(.join(directory: try path(value, at + ["join"]), suffix: suffix ?? ""))
        }
        if let value = entry["builtin"] {
            guard value.string == "pause" else {
                throw fail(at + ["builtin"], "the only file that is built in is \"pause\"")
            }
            contents.append(.pause)
        }
        guard let content = contents.first, contents.count == 1 else {
            throw fail(at, "a file has one of content, source, input, join and builtin")
        }
        let owner = try owner(entry, at)
        return Recipe.File(
            path: try path(entry["path"] ?? .null, at + ["path"]), content: content,
            mode: try mode(entry, at) ?? 0o644, user: owner.user, group: owner.group)
    }

    private func directory(_ entry: JSON, _ at: [String]) throws(RecipeProblem) -> Recipe.Directory {
        try check(entry, at, keys: ["path", "mode", "owner"])
        let owner = try owner(entry, at)
        return Recipe.Directory(
            path: try path(entry["path"] ?? .null, at + ["path"]), mode: try mode(entry, at) ?? 0o755,
            user: owner.user, group: owner.group)
    }

    /// One link, or several of one directory to one target.
    private func links(_ entry: JSON, _ at: [String]) throws(RecipeProblem) -> [Recipe.Link] {
        try check(entry, at, keys: ["path", "in", "names", "target"])
        let target = try string(entry["target"] ?? .null, at + ["target"])
        if let names = entry["names"] {
            let directory = try path(entry["in"] ?? .null, at + ["in"])
            return try strings(names, at + ["names"]).map {
                Recipe.Link(path: directory + "/" + $0, target: target)
            }
        }
        return [Recipe.Link(path: try path(entry["path"] ?? .null, at + ["path"]), target: target)]
    }

    private func user(_ entry: JSON, _ at: [String]) throws(RecipeProblem) -> Recipe.User {
        try check(entry, at, keys: ["name", "id", "home", "shell", "comment"])
        let name = try string(entry["name"] ?? .null, at + ["name"])
        guard let number = entry["id"]?.int, let id = UInt32(exactly: number), id < 1 << 31 else {
            throw fail(at + ["id"], "a user's id is a number below 2147483648")
        }
        var user = Recipe.User(name: name, id: id)
        if let value = entry["home"] { user.home = try path(value, at + ["home"]) }
        if let value = entry["shell"] { user.shell = try path(value, at + ["shell"]) }
        if let value = entry["comment"] { user.comment = try string(value, at + ["comment"]) }
        for word in [user.name, user.home, user.shell, user.comment] where word.contains(where: isBreak) {
            throw fail(at, "a colon or the end of a line cannot be in \"\(word)\"")
        }
        return user
    }

    private func isBreak(_ character: Character) -> Bool { character == ":" || character.isNewline }

    private func variables(
        _ value: JSON, _ at: [String]
    ) throws(RecipeProblem) -> [ImageSettings.Variable] {
        guard let object = value.object else { throw fail(at, "must be an object of strings") }
        var result: [ImageSettings.Variable] = []
        for (name, value) in object {
            if name.isEmpty || name.contains("=") { throw fail(at + [name], "\"\(name)\" is no name") }
            result.append(.init(name: name, value: try string(value, at + [name])))
        }
        return result
    }

    private func ports(_ value: JSON, _ at: [String]) throws(RecipeProblem) -> [String] {
        var result: [String] = []
        for (index, entry) in try list(value, at) {
            let text = entry.int.map { "\($0)" } ?? entry.string ?? ""
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, let port = Int(first), (1...65_535).contains(port),
                parts.count == 1 || parts.count == 2 && ["tcp", "udp", "sctp"].contains(parts[1])
            else { throw fail(at + [index], "a port is a number, with /udp or /sctp when it is not TCP") }
            result.append(parts.count == 1 ? "\(port)/tcp" : text)
        }
        return result
    }

    // MARK: Values

    private func check(_ entry: JSON, _ at: [String], keys: Set<String>) throws(RecipeProblem) {
        guard let object = entry.object else { throw fail(at, "must be an object") }
        for (key, _) in object where !keys.contains(key) {
            throw fail(at + [key], "unknown key \"\(key)\"")
        }
    }

    private func string(_ value: JSON, _ at: [String]) throws(RecipeProblem) -> String {
        guard let text = value.string else {
            throw fail(at, "\(at.last ?? "it") must be a string")
        }
        return text
    }

    private func path(_ value: JSON, _ at: [String]) throws(RecipeProblem) -> String {
        let text = try string(value, at)
        guard text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
            throw fail(at, "\"\(text)\" is no absolute path")
        }
        return text
    }

    private func list(_ value: JSON, _ at: [String]) throws(RecipeProblem) -> [(String, JSON)] {
        guard let array = value.array else { throw fail(at, "\(at.last ?? "it") must be a list") }
        return array.enumerated().map { ("\($0.offset)", $0.element) }
    }

    private func strings(_ value: JSON, _ at: [String]) throws(RecipeProblem) -> [String] {
        var result: [String] = []
        for (index, entry) in try list(value, at) { result.append(try string(entry, at + [index])) }
        return result
    }

    /// Quoted, because YAML would read the digits as a decimal number or not, by their first one.
    private func mode(_ entry: JSON, _ at: [String]) throws(RecipeProblem) -> UInt32? {
        guard let value = entry["mode"] else { return nil }
        guard let text = value.string, let mode = UInt32(text, radix: 8), mode <= 0o7777 else {
            throw fail(at + ["mode"], "a mode is octal digits in quotes, such as \"0755\"")
        }
        return mode
    }

    private func owner(_ entry: JSON, _ at: [String]) throws(RecipeProblem) -> (user: UInt32, group: UInt32) {
        guard let value = entry["owner"] else { return (0, 0) }
        let parts = (value.string ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let user = UInt32(parts[0]), let group = UInt32(parts[1]) else {
            throw fail(at + ["owner"], "an owner is two numbers in quotes, such as \"999:999\"")
        }
        return (user, group)
    }
}
