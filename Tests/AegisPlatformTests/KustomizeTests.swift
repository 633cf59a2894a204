import Foundation
import KubeJSON
import Testing

@testable import AegisPlatform

/// Kustomizations, against what kubectl printed of the same files (`expected.yaml` beside each).
@Suite struct KustomizeTests {
    static let fixtures: URL? = Bundle.module.url(
        forResource: "Kustomize", withExtension: nil, subdirectory: "Fixtures")

    static let names: [String] = {
        guard let fixtures else { return [] }
        return ((try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []).sorted()
    }()

    @Test func thereAreFixtures() { #expect(Self.names.count >= 20) }

    @Test(arguments: names) func printsWhatKubectlPrints(_ name: String) throws {
        let directory = try #require(Self.fixtures).appendingPathComponent(name)
        let expected = try String(
            contentsOf: directory.appendingPathComponent("expected.yaml"), encoding: .utf8)
        let manifests = try KustomizeBuild.manifests(of: directory.path, in: DiskFiles())
        #expect(KustomizeBuild.render(manifests) == expected)
        // Every object and every field of it knows a place in the files.
        for manifest in manifests {
            #expect(manifest.file.hasPrefix(directory.path) && manifest.line > 0, "\(manifest.title)")
            #expect(manifest.place(ofField: "metadata.name").line > 0)
        }
    }

    @Test func aFieldOfAPatchIsFoundInThePatch() throws {
        let files = MemoryFiles([
            "p/kustomization.yaml": "resources: [a.yaml]\npatches:\n- path: patches/b.yaml\n",
            "p/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  x: \"1\"\n",
            "p/patches/b.yaml":
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  z: \"3\"\n  y: \"2\"\n",
        ])
        let manifest = try #require(try KustomizeBuild.manifests(of: "p", in: files).first)
        #expect(manifest.place(ofField: "data.x") == (file: "p/a.yaml", line: 6))
        #expect(manifest.place(ofField: "data.y") == (file: "patches/b.yaml", line: 7))
        #expect(manifest.place(ofField: "data.missing").line == 5)
    }

    private static func problem(_ kustomization: String, _ others: [String: String] = [:]) -> String {
        var files = others
        files["k/kustomization.yaml"] = kustomization
        do {
            _ = try KustomizeBuild.manifests(of: "k", in: MemoryFiles(files))
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec: {nodeName: n}
        """

    @Test(arguments: [
        (
            "resources: [a.yaml]\nnamePrefx: x\n",
            "k/kustomization.yaml:2: unknown field \"namePrefx\" in the kustomization: did you mean namePrefix?"
        ),
        (
            "resources:\n- a.yaml\nimages:\n- name: a\n  tag: b\n",
            "k/kustomization.yaml:5: unknown field \"tag\" in images[0]"
        ),
        (
            "patches:\n- path: x\n  target:\n    kind: A\n    labels: b\n",
            "k/kustomization.yaml:5: unknown field \"labels\" in patches[0].target"
        ),
        (
            "configMapGenerator:\n- name: a\n  literals:\n  - b\n",
            "k/kustomization.yaml:4: a literal is written key=value"
        ),
        (
            "configMapGenerator:\n- name: a\n  options: {immutable: maybe}\n",
            "k/kustomization.yaml:3: immutable must be true or false, and is a text"
        ),
        (
            "namespace: 5\n",
            "k/kustomization.yaml:1: namespace must be text, and is a number: put it in quotes"
        ),
        ("helmCharts: []\n", "k/kustomization.yaml:1: helmCharts: charts are not rendered here"),
        ("kind: Kustomisation\n", "k/kustomization.yaml:1: kind must be Kustomization or Component"),
        ("a: [\n", "k/kustomization.yaml:"),
        ("\n", "k/kustomization.yaml:1: the kustomization is empty"),
        ("resources:\n- nowhere.yaml\n", "k/kustomization.yaml:2: k/nowhere.yaml cannot be read"),
        ("resources:\n- ../outside.yaml\n", "k/kustomization.yaml:2: ../outside.yaml is not in or below k"),
        (
            "resources:\n- https://example.org/x.yaml\n",
            "k/kustomization.yaml:2: https://example.org/x.yaml is not on this machine"
        ),
        ("resources: [.]\n", "k/kustomization.yaml:1: k is, or contains, a kustomization that leads here"),
        ("resources: [a.yaml, b.yaml]\n", "k/b.yaml:1: Pod p: is there twice: also at k/a.yaml:1"),
        (
            "resources: [a.yaml]\nreplicas:\n- name: p\n  count: 2\n",
            "k/kustomization.yaml:3: replicas: there is no Deployment"
        ),
        (
            "resources: [a.yaml]\npatches:\n- patch: '[{\"op\": \"remove\", \"path\": \"/spec/x\"}]'\n  target: {kind: Pod}\n",
            "k/kustomization.yaml:3: the JSON patch does not apply to Pod p"
        ),
        (
            "resources: [a.yaml]\npatches:\n- patch: |-\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: q}\n",
            "k/kustomization.yaml:3: Pod q: no resource matches this patch"
        ),
        (
            "resources: [a.yaml]\npatches:\n- path: bad.yaml\n",
            "bad.yaml:4: a patch cannot put a scalar where a map is"
        ),
        (
            "resources: [a.yaml]\npatches:\n- target: {name: '('}\n  patch: |-\n    kind: Pod\n    metadata: {name: q}\n",
            "k/kustomization.yaml:3: error parsing regexp"
        ),
        (
            "resources: [a.yaml]\nreplacements:\n- source: {kind: Pod, fieldPath: spec.missing}\n  targets: [{select: {kind: Pod}}]\n",
            "k/kustomization.yaml:3: Pod p has no field spec.missing"
        ),
        (
            "resources: [a.yaml]\nreplacements:\n- source: {kind: Pod}\n  targets: [{select: {kind: Pod}, fieldPaths: [spec.missing]}]\n",
            "k/kustomization.yaml:3: Pod p has no field spec.missing"
        ),
        ("resources: [half.yaml]\n", "k/half.yaml:1: this document is no Kubernetes object: it has no kind"),
    ])
    func mistakesNameFileAndLine(_ kustomization: String, _ expected: String) {
        let found = Self.problem(
            kustomization,
            [
                "k/a.yaml": Self.pod, "k/b.yaml": Self.pod, "outside.yaml": Self.pod,
                "k/bad.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: 5\n",
                "k/half.yaml": "apiVersion: v1\nmetadata: {name: p}\n",
            ])
        #expect(found.hasPrefix(expected), "\(found)")
    }

    /// Any order of a ConfigMap's keys and of the files that they come from gives the same hash, and any
    /// other content another one.
    @Test func hashesFollowFromContentAlone() throws {
        var random = SeededNumbers(seed: 7)
        for round in 0..<200 {
            var pairs: [(String, String)] = []
            for index in 0..<Int.random(in: 1...6, using: &random) {
                pairs.append(("k\(index)", String(UInt32.random(in: 0...50, using: &random))))
            }
            func name(_ pairs: [(String, String)]) throws -> String {
                let literals = pairs.map { "  - \($0.0)=\($0.1)" }.joined(separator: "\n")
                let files = MemoryFiles([
                    "k/kustomization.yaml": "configMapGenerator:\n- name: c\n  literals:\n\(literals)\n"
                ])
                let manifests = try KustomizeBuild.manifests(of: "k", in: files)
                return manifests[0].object.at("metadata", "name")?.string ?? ""
            }
            let first = try name(pairs)
            #expect(try name(pairs.shuffled(using: &random)) == first, "seed 7, round \(round)")
            pairs[0].1 += "x"
            #expect(try name(pairs) != first, "seed 7, round \(round)")
        }
    }
}

/// A generator whose numbers follow from its seed.
private struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
