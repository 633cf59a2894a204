import Foundation
import Testing

@testable import AegisImages

/// Mirrors that change while they are asked, and what is left of a fetch that was cut off.
@Suite struct MirrorTests {
    /// A mirror with one package, which does what the test says.
    private final class Mirror {
        var version = "1.0"
        /// What the fetched lists say.
        var listed = ""
        var asked: [String] = []
        var rests: [Double] = []
        /// How many of the next updates fail.
        var brokenUpdates = 0
        /// How many of the next archives are damaged.
        var damagedArchives = 0
        let directory: String

        init() throws {
            directory =
                FileManager.default.temporaryDirectory
                .appendingPathComponent("aegis-mirror-\(UUID().uuidString)").path
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func done(_ output: String = "") -> Subprocess.Outcome {
            Subprocess.Outcome(status: 0, output: Array(output.utf8), errors: "")
        }
        func failed(_ reason: String) -> Subprocess.Outcome {
            Subprocess.Outcome(status: 100, output: [], errors: "E: \(reason)\n")
        }

        func apt(_ arguments: [String], _ folder: String?) throws -> Subprocess.Outcome {
            asked.append(arguments.joined(separator: " "))
            switch arguments[0] {
            case "update":
                if brokenUpdates > 0 {
                    brokenUpdates -= 1
                    return failed("Hash Sum mismatch")
                }
                listed = version
                return done()
            case "download":
                guard arguments.dropFirst().allSatisfy({ $0 == "tool=\(version)" }), let folder else {
                    return failed("404  Not Found")
                }
                let text = damagedArchives > 0 ? "half" : "whole"
                damagedArchives = max(0, damagedArchives - 1)
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/tool_\(version)_amd64.deb"))
                return done()
            default:
                return done(
                    "Reading...\n'http://m/tool_\(listed)_amd64.deb' tool_\(listed)_amd64.deb 5 MD5Sum:0\n")
            }
        }

        var packages: DebianPackages {
            DebianPackages(
                directory: directory, architecture: "amd64",
                .init(
                    aptGet: { [self] _, arguments, folder in try apt(arguments, folder) },
                    dpkgDeb: { [self] archive in
                        let isWhole = try String(contentsOfFile: archive, encoding: .utf8) == "whole"
                        guard isWhole else { return failed("unexpected end of file") }
                        var tar: [UInt8] = []
                        let writer = TarWriter { tar += $0 }
                        try writer.add("usr/bin/tool", Array("#!".utf8)[...])
                        try writer.end()
                        return Subprocess.Outcome(status: 0, output: tar, errors: "")
                    }, rest: { [self] in rests.append($0) }))
        }

        func obtain(isForced: Bool = false) throws -> [String] {
            try packages.obtain(["tool"], without: [], known: [], isForced: isForced) { _, _ in }.map(\.file)
        }

        var archives: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: directory + "/archives")) ?? [])
                .filter { $0.hasSuffix(".deb") }.sorted()
        }
    }

    @Test func aPackageThatWasReplacedIsLookedForAnew() throws {
        let mirror = try Mirror()
        #expect(try mirror.obtain() == ["tool_1.0_amd64.deb"])
        // The lists are fresh, and no longer true.
        mirror.version = "1.1"
        try FileManager.default.removeItem(atPath: mirror.directory + "/archives/tool_1.0_amd64.deb")
        #expect(try mirror.obtain() == ["tool_1.1_amd64.deb"])
        #expect(mirror.asked.filter { $0 == "update" }.count == 2)
        #expect(mirror.archives == ["tool_1.1_amd64.deb"])
    }

    @Test func whatFreshListsDoNotHaveIsSaidAtOnce() throws {
        let mirror = try Mirror()
        let packages = mirror.packages
        #expect(throws: ImageFailure.self) {
            _ = try packages.obtain(["tool"], without: [], known: [], isForced: true) { _, _ in
                mirror.version = "gone"
            }
        }
        #expect(mirror.asked.filter { $0 == "update" }.count == 1)
    }

    @Test func listsThatDoNotFitAreAskedForAgain() throws {
        let mirror = try Mirror()
        mirror.brokenUpdates = 2
        #expect(try mirror.obtain() == ["tool_1.0_amd64.deb"])
        #expect(mirror.rests == [2, 10])
        mirror.brokenUpdates = 3
        let failure = #expect(throws: ImageFailure.self) { try mirror.obtain(isForced: true) }
        #expect(failure?.description.contains("Hash Sum mismatch") == true)
    }

    @Test func aDamagedPackageIsFetchedAgain() throws {
        let mirror = try Mirror()
        mirror.damagedArchives = 1
        let packages = mirror.packages
        let one = try #require(
            try packages.obtain(["tool"], without: [], known: [], isForced: false) { _, _ in }.first)
        #expect(try packages.contents(one).sorted.map(\.path).contains("usr/bin/tool"))
        // One that stays damaged is not kept.
        mirror.damagedArchives = 5
        try FileManager.default.removeItem(atPath: mirror.directory + "/archives/" + one.file)
        try packages.fetch([one]) { _, _ in }
        #expect(throws: ImageFailure.self) { try packages.contents(one) }
        #expect(mirror.archives == [])
    }

    @Test func packagesOfNoImageAreRemoved() throws {
        let mirror = try Mirror()
        _ = try mirror.obtain()
        let folder = mirror.directory + "/archives/"
        for name in ["tool_2%3a3-1_amd64.deb", "other_1_all.deb"] {
            try Data().write(to: URL(fileURLWithPath: folder + name))
        }
        try DebianPackages.prune(mirror.directory, but: ["tool=2:3-1", "other=2"])
        #expect(mirror.archives == ["tool_2%3a3-1_amd64.deb"])
        try DebianPackages.prune(mirror.directory + "/none", but: [])
    }
}
