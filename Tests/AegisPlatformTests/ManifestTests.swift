import Foundation
import KubeJSON
import Testing

@testable import AegisPlatform

@Suite struct ManifestTests {
    @Test func readsEveryObjectOfTheSpecification() throws {
        let url = try #require(
            Bundle.module.url(
                forResource: "AEG-OPS-20250917-1.0", withExtension: "md", subdirectory: "Fixtures"))
        let text = try String(contentsOf: url, encoding: .utf8)
        let (manifests, problems) = ManifestReader.read(text, file: "spec.md", format: .markdown)
        #expect(problems.isEmpty)
        #expect(
            manifests.map(\.title) == [
                "Namespace aegis-production", "Namespace aegis-staging", "Namespace aegis-development",
                "Deployment aegis-production/aegis-api", "Service aegis-production/aegis-api-service",
                "HorizontalPodAutoscaler aegis-production/aegis-api-hpa",
                "StatefulSet aegis-production/postgres", "Deployment aegis-production/redis",
                "Role aegis-production/aegis-role", "RoleBinding aegis-production/aegis-rolebinding",
                "NetworkPolicy aegis-production/aegis-network-policy",
                "ConfigMap aegis-production/prometheus-config",
            ])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for manifest in manifests {
            let line = manifest.line(ofField: "kind")
            #expect(lines[line - 1] == "kind: \(manifest.kind)", "\(manifest.title) at \(line)")
        }
        let api = manifests[3].line(ofField: "spec.template.spec.containers[0].readinessProbe.periodSeconds")
        #expect(lines[api - 1].contains("periodSeconds: 5"))

        let groups = NodeGroup.instanceGroups(in: MarkdownDocument(text), file: "spec.md")
        #expect(groups.problems.isEmpty)
        let nodes = try groups.objects.map { try NodeGroup($0) }
        #expect(nodes.map(\.name) == ["master", "worker", "data"])
        #expect(nodes.map(\.minimum) == [3, 3, 2])
        #expect(nodes.map(\.maximum) == [3, 10, 5])
        #expect(nodes.map(\.instanceType.name) == ["c5.large", "c5.xlarge", "r5.2xlarge"])
        #expect(nodes.map(\.role) == [.controlPlane, .node, .node])
        #expect(nodes[0].taints.map(\.key) == ["node-role.kubernetes.io/control-plane"])
        #expect(nodes[2].taints.isEmpty)
    }

    @Test func mistakesNameFileAndLine() {
        let text = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            ---
            kind: ConfigMap
            metadata: {name: b}
            ---
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Secret
              metadata:
                name: c
            """
        let (manifests, problems) = ManifestReader.read(text, file: "a.yaml", format: .yaml)
        #expect(manifests.map(\.title) == ["ConfigMap a", "Secret c"])
        #expect(manifests.map(\.line) == [1, 11])
        #expect(manifests[1].line(ofField: "metadata.name") == 14)
        #expect(
            problems.map(\.description) == [
                "a.yaml:5: this document is no Kubernetes object: it has no apiVersion"
            ])
        let broken = ManifestReader.read("a: b\nc: [\n", file: "b.yaml", format: .yaml)
        #expect(broken.problems.count == 1 && broken.problems[0].line >= 2)
    }

    @Test func markdownKeepsLinesOfIndentedBlocks() {
        let text = """
            # Title
            - item
              ```yaml
              apiVersion: v1
              kind: Namespace
              metadata:
                name: x
              ```
            ~~~ yml
            apiVersion: v1
            kind: Namespace
            metadata: {name: z}
            ~~~
            ```sh
            kind: nothing
            ```
            """
        let (manifests, problems) = ManifestReader.read(text, file: "a.md", format: .markdown)
        #expect(problems.isEmpty)
        #expect(manifests.map(\.title) == ["Namespace x", "Namespace z"])
        #expect(manifests.map(\.line) == [4, 10])
        #expect(manifests[0].line(ofField: "metadata.name") == 7)
    }
}

@Suite struct NodeGroupTests {
    private func group(_ spec: JSON) throws -> NodeGroup {
        try NodeGroup(["kind": "InstanceGroup", "metadata": ["name": "g"], "spec": spec])
    }

    @Test func readsWhatKopsWrites() throws {
        let group = try group([
            "role": "Node", "machineType": "m6i.xlarge", "minSize": 1, "maxSize": 4,
            "nodeLabels": ["a": "b"], "taints": ["dedicated=db:NoSchedule", "x:NoExecute"],
            "subnets": ["eu-a", "eu-b"],
        ])
        #expect(group.taints.map(\.json)[0] == ["key": "dedicated", "value": "db", "effect": "NoSchedule"])
        #expect(group.taints.map(\.json)[1] == ["key": "x", "effect": "NoExecute"])
        #expect(group.labels(ofNode: 3)["topology.kubernetes.io/zone"] == "eu-b")
        #expect(group.labels(ofNode: 0)["a"] == "b")
        #expect(group.instanceType.cpus == 4 && group.instanceType.memoryMiB == 16_384)
    }

    @Test(arguments: [
        (["role": "Bastion", "machineType": "c5.large"] as JSON, "spec.role"),
        (["machineType": "c5.huge"] as JSON, "spec.machineType"),
        (["machineType": "c5.large", "minSize": 3, "maxSize": 2] as JSON, "spec.maxSize"),
        (["machineType": "c5.large", "taints": ["a:Never"]] as JSON, "spec.taints[0]"),
    ])
    func refusesWhatMakesNoNodes(_ spec: JSON, _ field: String) {
        #expect { try group(spec) } throws: { ($0 as? NodeGroup.Problem)?.field == field }
    }

    /// From Amazon's own tables.
    @Test(arguments: [
        ("c5.large", 2, 4, 29, 0.085), ("c5.xlarge", 4, 8, 58, 0.17), ("r5.2xlarge", 8, 64, 58, 0.504),
        ("m6i.32xlarge", 128, 512, 737, 6.144), ("c5.9xlarge", 36, 72, 234, 1.53),
        ("t3.medium", 2, 4, 17, 0.0416),
    ])
    func instanceTypes(_ name: String, _ cpus: Int, _ gib: Int, _ pods: Int, _ price: Double) throws {
        let type = try #require(InstanceType.named(name))
        #expect(type.cpus == cpus && type.memoryMiB == gib * 1_024 && type.pods == pods)
        #expect(abs(type.hourlyPrice - price) < 1e-9)
    }

    @Test func allocatableIsLessThanCapacity() throws {
        let type = try #require(InstanceType.named("c5.large"))
        #expect(type.allocatable["cpu"] == "1930m")
        #expect(type.allocatable["memory"] == .string("\((4_096 - 255 - 319 - 100) * 1_024)Ki"))
    }
}
