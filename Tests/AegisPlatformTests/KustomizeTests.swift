import Foundation
import KubeJSON
import Testing

@testable import AegisPlatform

/// Kustomizations of our own with what `kubectl kustomize` (v1.37, kustomize v5.8.1) printed of each:
/// `expected.yaml`. ClientTests asks the real kubectl again.
@Suite struct KustomizeTests {
    static let fixtures = Bundle.module.resourceURL?.appendingPathComponent("Fixtures/kustomizations")

    static let names: [String] = {
        let path = fixtures?.path ?? ""
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }()

    @Test func thereAreEnough() { #expect(Self.names.count >= 20) }

    @Test(arguments: names)
    func comesOutAsKubectlPrintsIt(_ name: String) throws {
        let folder = try #require(Self.fixtures?.appendingPathComponent(name))
        let isPlain = FileManager.default.fileExists(atPath: folder.path + "/kustomization.yaml")
        let rendered = Kustomization(root: folder.path + (isPlain ? "" : "/overlay"), source: .disk)
        #expect(rendered.problems.map(\.description) == [])
        let expected = try String(
            contentsOf: folder.appendingPathComponent("expected.yaml"), encoding: .utf8)
        #expect(rendered.text == expected)
    }

    private static let configMap = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data: {k: v}
        """

    private func problems(_ files: [String: String], root: String = "p") -> [String] {
        Kustomization(root: root, source: FileSource(files)).problems.map(\.description)
    }

    @Test(arguments: [
        ("resources: [a.yaml]\nnamePrefx: x\n", "p/kustomization.yaml:2: namePrefx: unknown field"),
        (
            "resources: [a.yaml]\nimages:\n- name: x\n  tag: y\n",
            "p/kustomization.yaml:4: images[0].tag: unknown field"
        ),
        (
            "resources: [a.yaml]\nconfigMapGenerator:\n- name: x\n  options:\n    hash: false\n",
            "p/kustomization.yaml:5: configMapGenerator[0].options.hash: unknown field"
        ),
        ("namespace: [x]\n", "p/kustomization.yaml:1: namespace: must be a string, not a array"),
        ("resources:\n- a.yaml\n- b.yaml\n", "p/kustomization.yaml:3: b.yaml: cannot be read"),
        (
            "resources: [../other/a.yaml]\n",
            "p/kustomization.yaml:1: ../other/a.yaml: a kustomization reads files in its own directory only"
        ),
        (
            "resources:\n- https://example.org/x\n",
            "p/kustomization.yaml:2: https://example.org/x: only files of this machine are read"
        ),
        ("vars: []\n", "p/kustomization.yaml:1: vars: is not supported"),
        ("kind: Deployment\n", "p/kustomization.yaml:1: kind: must be Kustomization or Component"),
        (
            "resources: [a.yaml]\nreplicas:\n- {name: web, count: 2}\n",
            "p/kustomization.yaml:3: there is no workload called 'web' that has replicas"
        ),
        (
            "resources: [a.yaml]\npatches:\n- path: a.yaml\n- {}\n",
            "p/kustomization.yaml:4: patches[1].patch: a patch has exactly one of `patch` and `path`"
        ),
        (
            "resources: [a.yaml]\npatches:\n- patch: |\n    kind: ConfigMap\n    metadata: {name: b}\n",
            "p/kustomization.yaml:3: patch: there is no ConfigMap b () to patch"
        ),
        (
            "resources: [a.yaml]\npatches:\n- patch: '[{op: test, path: /data/k, value: x}]'\n"
                + "  target: {kind: ConfigMap}\n",
            "p/kustomization.yaml:3: patch: ConfigMap a: testing value /data/k failed: test failed"
        ),
        (
            "resources: [a.yaml]\nconfigMapGenerator:\n- {name: a, literals: [k=v]}\n",
            "p/kustomization.yaml:3: ConfigMap a: exists; the behavior must be merge or replace"
        ),
        (
            "resources: [a.yaml, a.yaml]\n",
            "p/a.yaml:1: ConfigMap a: is there twice: also from p/a.yaml:1"
        ),
        (
            "resources: [a.yaml]\nreplacements:\n- source: {kind: Service}\n  targets:\n"
                + "  - select: {kind: ConfigMap}\n",
            "p/kustomization.yaml:3: the source Service  is nothing"
        ),
    ])
    func mistakesNameFileAndLine(_ text: String, _ problem: String) {
        #expect(problems(["p/kustomization.yaml": text, "p/a.yaml": Self.configMap]) == [problem])
    }

    @Test func aKustomizationThatContainsItselfIsRefused() {
        let found = problems([
            "p/kustomization.yaml": "resources: [q]\n", "p/q/kustomization.yaml": "resources: [../../p]\n",
        ])
        #expect(found == ["p/q/kustomization.yaml:1: ../../p: this kustomization is part of that one"])
    }

    @Test func resourcesWithoutANameAreRefusedWithTheirLine() {
        let found = problems([
            "p/kustomization.yaml": "resources: [a.yaml]\n",
            "p/a.yaml": Self.configMap + "\n---\nkind: Pod\nmetadata: {}\n",
        ])
        #expect(found == ["p/a.yaml:6: Pod without metadata.name"])
    }

    @Test func manifestsKnowWhereTheyWereWritten() throws {
        let rendered = Kustomization(
            root: "p",
            source: FileSource([
                "p/kustomization.yaml": """
                namespace: ns
                resources: [a.yaml]
                configMapGenerator:
                - name: made
                  literals: [x=y]
                """, "p/a.yaml": "# first\n" + Self.configMap,
            ]))
        try #require(rendered.problems.map(\.description) == [])
        let manifests = rendered.manifests
        #expect(manifests.map(\.title) == ["ConfigMap ns/a", "ConfigMap ns/made-6gc9d749f7"])
        #expect(manifests.map(\.file) == ["p/a.yaml", "p/kustomization.yaml"])
        #expect(manifests.map(\.line) == [2, 4])
        #expect(manifests[0].line(ofField: "data.k") == 5)
        #expect(rendered.files == ["p/kustomization.yaml", "p/a.yaml"])
    }

    @Test func whatIsMeantForToolsIsKeptApart() {
        let group = """
            apiVersion: kops.k8s.io/v1alpha2
            kind: InstanceGroup
            metadata:
              name: worker
              annotations: {config.kubernetes.io/local-config: "true"}
            """
        let rendered = Kustomization(
            root: "p",
            source: FileSource(["p/kustomization.yaml": "resources: [g.yaml]\n", "p/g.yaml": group]))
        #expect(rendered.manifests.isEmpty && rendered.text.isEmpty)
        #expect(rendered.localManifests.map(\.title) == ["InstanceGroup worker"])
    }

    /// Merging a patch twice changes nothing more, and a patch that says what is there changes nothing.
    @Test func mergingIsIdempotent() throws {
        let folder = try #require(Self.fixtures)
        let text = try String(
            contentsOf: folder.appendingPathComponent("patch-merge/web.yaml"), encoding: .utf8)
        let patchText = try String(
            contentsOf: folder.appendingPathComponent("patch-merge/patch.yaml"), encoding: .utf8)
        let resource = try #require(try YAML.nodes(text).first)
        let patch = try #require(try YAML.nodes(patchText).first)
        let once = try #require(try KustomizeMerge.apply(patch, to: resource))
        let twice = try #require(try KustomizeMerge.apply(patch, to: once))
        #expect(once.json == twice.json)
        #expect(try KustomizeMerge.apply(resource, to: resource)?.json == resource.json)
    }

    @Test(arguments: [
        ("a", "b", true), ("a9", "a10", true), ("a-b", "ab", true), ("a_b", "a10", true), ("A", "a", true),
        ("a01", "a1", false), ("app", "app.io", true), ("b", "a", false), ("x2y", "x10y", true),
    ])
    func keysAreOrderedAsGoYAMLOrdersThem(_ left: String, _ right: String, _ isLess: Bool) {
        #expect(YAML.keyLess(left, right) == isLess)
        #expect(YAML.keyLess(right, left) == !isLess)
    }
}
