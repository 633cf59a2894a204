import Foundation
import Testing

/// `aegis render` beside the real `kubectl kustomize`.
@Suite(.clients) struct KustomizeRenderTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The fixtures of AegisPlatformTests, and the environments of the platform.
    static let directories: [String] = {
        var directories: [String] = []
        for parent in ["Tests/AegisPlatformTests/Fixtures/Kustomize", "platform/environments"] {
            let url = root.appendingPathComponent(parent)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            directories += names.sorted().map { url.appendingPathComponent($0).path }
        }
        return directories
    }()

    @Test func thePlatformIsAmongThem() {
        #expect(Self.directories.filter { $0.contains("platform/environments/") }.count == 3)
        #expect(Self.directories.count >= 23)
    }

    @Test(arguments: directories) func printsTheSameBytes(_ directory: String) throws {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let ours = try run(programs.aegis, ["render", directory])
        let theirs = try run(programs.tools + "/kubectl", ["kustomize", directory])
        #expect(ours.status == 0, "\(ours.errors)")
        #expect(theirs.status == 0, "\(theirs.errors)")
        #expect(ours.output == theirs.output)
    }

    @Test func anEnvironmentIsFoundByItsName() throws {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let named = try run(programs.aegis, ["render", "--env", "nowhere"])
        #expect(named.status == 1 && named.errors.contains("platform/environments/nowhere"))
    }
}
