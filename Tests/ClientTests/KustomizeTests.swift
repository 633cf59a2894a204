import Foundation
import Testing

/// `aegis render` beside the real `kubectl kustomize`, byte for byte.
@Suite(.clients) struct KustomizeClientTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every kustomization that stands for itself: the fixtures' and the platform's environments.
    static let roots: [String] = {
        let files = FileManager.default
        var roots: [String] = []
        let fixtures = sources.appendingPathComponent("Tests/AegisPlatformTests/Fixtures/kustomizations").path
        for name in (try? files.contentsOfDirectory(atPath: fixtures))?.sorted() ?? [] {
            let folder = fixtures + "/" + name
            let isPlain = files.fileExists(atPath: folder + "/kustomization.yaml")
            roots.append(isPlain ? folder : folder + "/overlay")
        }
        let environments = sources.appendingPathComponent("platform/environments").path
        for name in (try? files.contentsOfDirectory(atPath: environments))?.sorted() ?? [] {
            roots.append(environments + "/" + name)
        }
        return roots
    }()

    @Test(arguments: roots)
    func rendersAsKubectlDoes(_ root: String) throws {
        let programs = try #require(Programs.environment)
        let kubectl = try run(programs.tools + "/kubectl", ["kustomize", root])
        try #require(kubectl.status == 0, "\(kubectl.errors)")
        let aegis = try run(programs.aegis, ["render", "--env", root])
        #expect(aegis.status == 0, "\(aegis.errors)")
        #expect(aegis.output == kubectl.output)
    }

    @Test func mistakesEndWithOne() throws {
        let programs = try #require(Programs.environment)
        let outcome = try run(programs.aegis, ["render", "--env", "/nowhere"])
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("there is no kustomization.yaml in /nowhere"))
    }
}
