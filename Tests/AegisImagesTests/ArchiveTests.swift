import Foundation
import KubeJSON
import Testing

@testable import AegisImages

@Suite struct ArchiveTests {
    private static func directory() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("aegis-images-\(UUID())").path
    }

    private func archive(_ tree: FileTree) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let writer = TarWriter { bytes += $0 }
        for (path, node) in tree.sorted { try writer.add(path, node) }
        try writer.end()
        return bytes
    }

    @Test func whatIsWrittenIsRead() throws {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &random)
        for round in 0..<200 {
            var chance = Chance(seed: seed &+ UInt64(round))
            var tree = FileTree()
            for _ in 0..<Int.random(in: 1...12, using: &chance) {
                let steps = (0..<Int.random(in: 1...4, using: &chance)).map { _ in
                    String(
                        repeating: ["a", "b-", "ü", "x y"].randomElement(using: &chance) ?? "a",
                        count: Int.random(in: 1...60, using: &chance))
                }
                let kinds: [FileTree.Kind] = [
                    .directory,
                    .file(
                        (0..<Int.random(in: 0...1_500, using: &chance)).map { UInt8(truncatingIfNeeded: $0) }[
                            ...]),
                    .link(String(repeating: "t/", count: Int.random(in: 1...90, using: &chance))),
                ]
                let kind = kinds.randomElement(using: &chance) ?? .directory
                let path = "top/" + steps.joined(separator: "/")
                if tree[path] != nil { continue }
                var mode = UInt32.random(in: 0...0o7777, using: &chance)
                if case .link = kind { mode = 0o777 }
                tree.put(
                    path,
                    .init(
                        kind: kind, mode: mode, user: .random(in: 0...70_000, using: &chance),
                        group: .random(in: 0...70_000, using: &chance)))
            }
            let bytes = try archive(tree)
            #expect(bytes.count % 512 == 0)
            #expect(try TarReader.read(bytes).nodes == tree.nodes, "seed \(seed &+ UInt64(round))")
        }
    }

    /// A generator of its own, so that a failure can be had again.
    struct Chance: RandomNumberGenerator {
        var state: UInt64
        init(seed: UInt64) { state = seed }
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    /// The system's own tar takes what is written, and what it writes is read.
    @Test func theSystemsTarAgrees() throws {
        let work = Self.directory()
        defer { try? FileManager.default.removeItem(atPath: work) }
        try FileManager.default.createDirectory(atPath: work + "/out", withIntermediateDirectories: true)
        var tree = FileTree()
        let long = String(repeating: "long/", count: 40) + "file"
        tree.put(long, .init(kind: .file(Array("text".utf8)[...]), mode: 0o640))
        tree.put("link", .init(kind: .link(long), mode: 0o777))
        try Data(archive(tree)).write(to: URL(fileURLWithPath: work + "/a.tar"))
        let tar = try #require(Subprocess.find("tar"))
        let unpacked = try Subprocess.run(tar, ["-C", work + "/out", "-xf", work + "/a.tar"])
        #expect(unpacked.status == 0, "\(unpacked.errors)")
        #expect(try String(contentsOfFile: work + "/out/link", encoding: .utf8) == "text")

        try FileManager.default.linkItem(atPath: work + "/out/" + long, toPath: work + "/out/second")
        for format in ["gnu", "pax"] {
            let packed = try Subprocess.run(
                tar, ["--format=\(format)", "--sort=name", "-C", work + "/out", "-cf", "-", "."])
            #expect(packed.status == 0, "\(packed.errors)")
            let read = try TarReader.read(packed.output)
            #expect(read[long]?.kind == .file(Array("text".utf8)[...]), "\(format)")
            #expect(read["second"]?.kind == .file(Array("text".utf8)[...]), "\(format)")
            #expect(read["link"]?.kind == .link(long), "\(format)")
        }
    }

    @Test func aPathThatLeavesTheArchiveIsRefused() throws {
        var bytes: [UInt8] = []
        let writer = TarWriter { bytes += $0 }
        try writer.add("../evil", .init(kind: .directory, mode: 0o755))
        #expect(throws: TarReader.Damaged.self) { try TarReader.read(bytes) }
        bytes = []
        try writer.add("whole", Array(repeating: 1, count: 2_000)[...])
        #expect(throws: TarReader.Damaged.self) { try TarReader.read(Array(bytes.prefix(1_024))) }
    }

    @Test func theMergedLayoutHasOnePathForEach() {
        #expect(FileTree.normalized("./bin/sh") == "usr/bin/sh")
        #expect(FileTree.normalized("/lib/x/y") == "usr/lib/x/y")
        #expect(FileTree.normalized("./bin/") == "bin")
        #expect(FileTree.normalized("/usr/bin/sh") == "usr/bin/sh")
    }

    @Test func aLayerHoldsWhatItsBaseHasNot() {
        var base = FileTree()
        base.put("a/same", .init(kind: .file([1]), mode: 0o644))
        base.put("a/other", .init(kind: .file([1]), mode: 0o644))
        var tree = FileTree()
        tree.put("a/same", .init(kind: .file([1]), mode: 0o644))
        tree.put("a/other", .init(kind: .file([2]), mode: 0o644))
        tree.put("b", .init(kind: .directory, mode: 0o1777))
        #expect(tree.over(base).sorted.map(\.path) == ["a/other", "b"])
    }

    @Test func twoBuildsHaveTheSameDigestAndTheirPartsAgree() throws {
        let work = Self.directory()
        defer { try? FileManager.default.removeItem(atPath: work) }
        let recipes = work + "/recipes"
        for (name, text) in [
            (
                "low",
                "files: [{path: /low, content: l}]\nusers: [{name: root, id: 0}]\nenv: {A: \"1\", B: \"1\"}\n"
            ),
            (
                "high",
                """
                names: [high]
                base: low
                files:
                - {path: /high, content: h, mode: "0755", owner: "3:4"}
                - {path: /all, join: /parts, suffix: .txt}
                - {path: /parts/one.txt, content: "1"}
                directories: [{path: /tmp, mode: "1777"}]
                env: {B: "2"}
                cmd: [/high]

                """
            ),
        ] {
            try FileManager.default.createDirectory(
                atPath: "\(recipes)/\(name)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(recipes)/\(name)/recipe.yaml"))
        }
        let book = try RecipeBook(directories: [recipes])
        let recipe = try #require(book["high"])
        var archives: [[UInt8]] = []
        var ids: [String] = []
        for round in 0..<2 {
            let builder = ImageBuilder(book, directory: "\(work)/cache\(round)")
            #expect(try builder.cached(recipe) == nil)
            let image = try builder.build(recipe)
            #expect(try builder.cached(recipe)?.id == image.id)
            try builder.write(image, to: "\(work)/\(round).tar")
            archives.append(Array(try #require(FileManager.default.contents(atPath: "\(work)/\(round).tar"))))
            ids.append(image.id)
        }
        #expect(ids[0] == ids[1])
        #expect(archives[0] == archives[1])

        // Every reference is the digest of what it refers to.
        let files = try TarReader.read(archives[0])
        func bytes(_ path: String) throws -> ArraySlice<UInt8> {
            guard case .file(let bytes) = try #require(files[path]).kind else { return [] }
            return bytes
        }
        func json(_ path: String) throws -> JSON { try JSONParser.parse(Array(bytes(path))) }
        let index = try json("index.json")
        let entry = try #require(index["manifests"]?[0])
        #expect(
            entry.at("annotations", "io.containerd.image.name")?.string == "docker.io/library/high:latest")
        let manifestPath = ImageDescription.blob(try #require(entry["digest"]?.string))
        #expect(Digest.of(try bytes(manifestPath)) == entry["digest"]?.string)
        let manifest = try json(manifestPath)
        let configuration = try #require(manifest.at("config", "digest")?.string)
        #expect(configuration == ids[0])
        #expect(Digest.of(try bytes(ImageDescription.blob(configuration))) == configuration)
        let layers = (manifest["layers"]?.array ?? []).compactMap { $0["digest"]?.string }
        #expect(layers.count == 2)
        for layer in layers { #expect(Digest.of(try bytes(ImageDescription.blob(layer))) == layer) }
        let config = try json(ImageDescription.blob(configuration))
        #expect(config.at("rootfs", "diff_ids")?.array?.compactMap(\.string) == layers)
        #expect(config.at("config", "Env")?.array?.compactMap(\.string) == ["A=1", "B=2"])
        let top = try TarReader.read(Array(bytes(ImageDescription.blob(layers[1]))))
        #expect(top["tmp"]?.mode == 0o1777)
        #expect(top["high"]?.user == 3)
        #expect(top["low"] == nil)
        // The file joined what was there before it: its parts came later in the recipe.
        #expect(top["all"]?.kind == .file([]))
        #expect(try json("manifest.json")[0]?["RepoTags"]?[0]?.string == "docker.io/library/high:latest")
    }

    @Test func aChangeOfAnythingThatGoesInIsAnotherImage() throws {
        let work = Self.directory()
        defer { try? FileManager.default.removeItem(atPath: work) }
        func write(_ path: String, _ text: String) throws {
            let url = URL(fileURLWithPath: work + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        func build() throws -> (key: String, id: String) {
            let book = try RecipeBook(directories: [work + "/r"])
            let builder = ImageBuilder(book, directory: work + "/c", inputs: ["program": work + "/program"])
            let image = try builder.build(try #require(book["top"]))
            return (image.key, image.id)
        }
        try write("r/base/recipe.yaml", "files: [{path: /b, content: b}]\n")
        try write(
            "r/top/recipe.yaml",
            "names: [top]\nbase: base\nfiles:\n- {path: /p, input: program}\n- {path: /s, source: s}\n")
        try write("r/top/s", "1")
        try write("program", "1")
        var seen = [try build()]
        for (path, text) in [
            ("program", "2"), ("r/top/s", "2"), ("r/base/recipe.yaml", "files: [{path: /b, content: c}]\n"),
        ] {
            try write(path, text)
            let next = try build()
            #expect(!seen.contains { $0.key == next.key || $0.id == next.id }, "\(path)")
            #expect(try build() == next)
            seen.append(next)
        }
        // What no image uses any more is gone: two layers are left.
        #expect(try FileManager.default.contentsOfDirectory(atPath: work + "/c/blobs/sha256").count == 2)
    }

    @Test func whatIsMissingIsSaid() throws {
        let work = Self.directory()
        defer { try? FileManager.default.removeItem(atPath: work) }
        let book = try RecipeBook()
        let recipe = try #require(book["aegis-api"])
        let builder = ImageBuilder(book, directory: work, inputs: ["aegis-api": work + "/none"])
        let failure = #expect(throws: ImageFailure.self) { try builder.build(recipe) }
        #expect(failure?.description.contains("\(work)/none") == true)
        let elsewhere = ImageBuilder(book, directory: "/proc/aegis-images")
        let second = #expect(throws: ImageFailure.self) { try elsewhere.build(try #require(book["pause"])) }
        #expect(second?.description.contains("--cache") == true)
    }

    @Test func thePauseProgramIsAnExecutableForBothMachines() throws {
        for (architecture, machine) in [("amd64", UInt8(62)), ("arm64", UInt8(183))] {
            let program = try #require(PauseProgram.executable(architecture))
            #expect(program.starts(with: [0x7F, 0x45, 0x4C, 0x46]))
            #expect(program[18] == machine)
            // The data are where the code looks for them: at a multiple of eight, at the end.
            #expect((program.count - 40 - 120) % 8 == 0)
        }
        #expect(PauseProgram.executable("riscv64") == nil)
    }

    /// It waits, takes its signal, and ends with 0.
    @Test func thePauseProgramRuns() throws {
        let path = Self.directory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let program = try #require(PauseProgram.executable(DebianPackages.architecture))
        try Data(program).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        try process.run()
        usleep(200_000)
        #expect(process.isRunning)
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }

    @Test func librariesThatAreMissingAreFound() throws {
        let shell = try #require(FileManager.default.contents(atPath: "/bin/bash"))
        #expect(SharedLibraries.needed(by: Array(shell)[...]).contains("libc.so.6"))
        #expect(SharedLibraries.needed(by: Array(shell.prefix(5_000))[...]) == [])
        #expect(SharedLibraries.needed(by: Array("#!/bin/sh\n".utf8)[...]) == [])
        let pause = try #require(PauseProgram.executable("amd64"))
        #expect(SharedLibraries.needed(by: pause[...]) == [])
        var tree = FileTree()
        tree.put("bin/bash", .init(kind: .file(Array(shell)[...]), mode: 0o755))
        tree.put("lib/libtinfo.so.6", .init(kind: .link("x"), mode: 0o777))
        #expect(SharedLibraries.missing(in: tree, for: tree).map(\.library) == ["libc.so.6"])
    }

    @Test func linesOfAptAreRead() {
        let package = DebianPackages.package(
            "'http://deb.debian.org/x/busybox-static_1.35.0-4%2bdeb12u1_amd64.deb' busybox-static_1%3a1.35.0-4+deb12u1_amd64.deb 928188 MD5Sum:f6"
        )
        #expect(package?.name == "busybox-static")
        #expect(package?.version == "1:1.35.0-4+deb12u1")
        #expect(package?.size == 928_188)
        #expect(DebianPackages.package("Reading package lists...") == nil)
    }
}
