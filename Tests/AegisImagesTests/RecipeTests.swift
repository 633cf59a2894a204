import Foundation
import Testing

@testable import AegisImages

@Suite struct RecipeTests {
    private func read(_ text: String) throws(RecipeProblem) -> Recipe {
        try RecipeReader.read(text, name: "demo", file: "images/demo/recipe.yaml") { name in
            name == "start.sh" ? Array("#!/bin/sh\n".utf8) : nil
        }
    }

    @Test func everythingThatARecipeMaySay() throws {
        let recipe = try read(
            """
            summary: A demonstration.
            names: ["demo", "quay.io/x/y:1"]
            base: debian
            packages: [curl]
            without: [perl*]
            exclude: [/usr/share/doc/**]
            files:
            - {path: /start, source: start.sh, mode: "0755", owner: "5:6"}
            - {path: /etc/x, content: "y"}
            links:
            - {in: /bin, target: busybox, names: [a, b]}
            - {path: /c, target: d}
            users: [{name: u, id: 7, home: /h}]
            entrypoint: [/start]
            cmd: [go]
            env: {B: "2", A: "1"}
            ports: [80, 53/udp]
            user: "7:7"
            workingDir: /h
            stopSignal: SIGINT
            """)
        #expect(recipe.images == ["docker.io/library/demo:latest", "quay.io/x/y:1"])
        #expect(recipe.base == "debian")
        #expect(recipe.files[0].mode == 0o755)
        #expect(recipe.files[0].user == 5)
        #expect(recipe.files[0].group == 6)
        #expect(recipe.sources["start.sh"] == Array("#!/bin/sh\n".utf8))
        #expect(recipe.links.map(\.path) == ["/bin/a", "/bin/b", "/c"])
        #expect(recipe.settings.environment.map(\.name) == ["B", "A"])
        #expect(recipe.settings.ports == ["80/tcp", "53/udp"])
        #expect(recipe.settings.stopSignal == "SIGINT")
    }

    @Test(arguments: [
        ("names: [a]\npackage: [b]\n", 2, "unknown key \"package\""),
        (
            "names: [a]\nfiles:\n- {path: /a, content: x}\n- path: /b\n  content: x\n  mod: \"1\"\n", 6,
            "unknown key \"mod\""
        ),
        (
            "files:\n- path: /b\n  content: x\n  mode: 0755\n", 4,
            "a mode is octal digits in quotes, such as \"0755\""
        ),
        ("files:\n- path: b\n  content: x\n", 2, "\"b\" is no absolute path"),
        ("files:\n- path: /b/../../c\n  content: x\n", 2, "\"/b/../../c\" is no absolute path"),
        ("files:\n- path: /b\n  source: other.sh\n", 3, "there is no file other.sh"),
        ("files:\n- path: /b\n  source: ../start.sh\n", 3, "../start.sh is not beside the recipe"),
        ("files:\n- path: /b\n", 2, "a file has one of content, source, input, join and builtin"),
        ("ports:\n- 80\n- 70000\n", 3, "a port is a number, with /udp or /sctp when it is not TCP"),
        ("users:\n- {name: a, id: 1}\n- {name: b, id: 1}\n", 3, "a user above has the same name or id"),
        ("users:\n- {name: \"a:b\", id: 1}\n", 2, "a colon or the end of a line cannot be in \"a:b\""),
        ("cmd: run\n", 1, "cmd must be a list"),
        ("env:\n  A: 1\n", 2, "A must be a string"),
    ])
    func mistakesAreSaidWithTheirLine(_ text: String, _ line: Int, _ message: String) {
        let problem = #expect(throws: RecipeProblem.self) { try read(text) }
        #expect(problem?.line == line)
        #expect(problem?.message == message)
        #expect(problem?.description.hasPrefix("images/demo/recipe.yaml:\(line): ") == true)
    }

    @Test func textThatIsNoYAMLIsSaidWithItsLine() {
        let problem = #expect(throws: RecipeProblem.self) { try read("names: [a]\ncmd: [x\n") }
        #expect((problem?.line ?? 0) >= 2)
    }

    @Test func namesOfImages() {
        #expect(ImageReference.normalized("postgres:15") == "docker.io/library/postgres:15")
        #expect(ImageReference.normalized("aegis/api") == "docker.io/aegis/api:latest")
        #expect(ImageReference.normalized("index.docker.io/x/y:1") == "docker.io/x/y:1")
        #expect(ImageReference.normalized("localhost/x") == "localhost/x:latest")
        #expect(ImageReference.normalized("host:5000/x") == "host:5000/x:latest")
        #expect(ImageReference.normalized("a:1@sha256:0f") == "docker.io/library/a@sha256:0f")
    }

    @Test func patterns() {
        #expect(Glob.matches("perl*", "perl-base"))
        #expect(!Glob.matches("/usr/*", "/usr/a/b"))
        #expect(Glob.matches("/usr/**", "/usr/a/b"))
        #expect(Glob.matches("/usr/share/doc/*/copyright", "/usr/share/doc/libc6/copyright"))
        #expect(
            !Glob.isExcluded(
                "/usr/share/doc/x/copyright", by: ["!/usr/share/doc/*/copyright", "/usr/share/doc/**"]))
        #expect(
            Glob.isExcluded("/usr/share/doc/x/y", by: ["!/usr/share/doc/*/copyright", "/usr/share/doc/**"]))
    }

    // MARK: The recipes of this program

    @Test func theBuiltInRecipesAreThoseOfTheDirectory() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("images")
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: root.path) {
            let folder = root.appendingPathComponent(name)
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                files[name + "/" + file] = try String(
                    contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            }
        }
        let builtIn = Dictionary(uniqueKeysWithValues: BuiltinRecipes.files.map { ($0.path, $0.text) })
        #expect(builtIn == files, "run scripts/embed-images")
    }

    @Test func theNamesOfTheSpecificationHaveRecipes() throws {
        let book = try RecipeBook()
        #expect(book.recipe(for: "postgres:15")?.name == "postgres")
        #expect(book.recipe(for: "redis:7-alpine")?.name == "redis")
        #expect(book.recipe(for: "aegis/api:latest")?.name == "aegis-api")
        #expect(book.recipe(for: "docker.io/prom/prometheus")?.name == "prometheus")
        #expect(book.recipe(for: "aegis.local/pause:1")?.name == "pause")
        #expect(book.recipe(for: "postgres:16") == nil)
    }

    @Test func aDirectoryWinsOverWhatIsBuiltIn() throws {
        let work = FileManager.default.temporaryDirectory.appendingPathComponent("aegis-images-\(UUID())")
        defer { try? FileManager.default.removeItem(at: work) }
        func put(_ name: String, _ text: String) throws {
            let folder = work.appendingPathComponent("images/" + name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: folder.appendingPathComponent("recipe.yaml"))
        }
        try put("web", "names: [mine]\nfiles: [{path: /x, content: text}]\n")
        #expect(RecipeBook.directories(beside: [work.path]) == [work.path + "/images"])
        #expect(RecipeBook.directories(beside: [work.path + "/images"]) == [])
        let book = try RecipeBook(directories: RecipeBook.directories(beside: [work.path]))
        #expect(book.recipe(for: "mine")?.name == "web")
        #expect(book.recipe(for: "aegis/web") == nil)
        try put("other", "names: [mine]\n")
        #expect(throws: RecipeProblem.self) { try RecipeBook(directories: [work.path + "/images"]) }
        try put("other", "names: [other]\nbase: other\n")
        #expect(throws: RecipeProblem.self) { try RecipeBook(directories: [work.path + "/images"]) }
        try put("other", "names: [other]\nbase: nothing\n")
        #expect(throws: RecipeProblem.self) { try RecipeBook(directories: [work.path + "/images"]) }
    }
}
