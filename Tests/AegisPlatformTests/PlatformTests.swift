import Foundation
import KubeJSON
import Testing

@testable import AegisPlatform

/// The platform in `platform/`, held to the document that it comes from.
@Suite struct PlatformTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("platform")

    private static func document() throws -> (manifests: [Manifest], groups: [JSON], text: String) {
        let url = try #require(
            Bundle.module.url(
                forResource: "AEG-OPS-20250917-1.0", withExtension: "md", subdirectory: "Fixtures"))
        let text = try String(contentsOf: url, encoding: .utf8)
        let groups = NodeGroup.instanceGroups(in: MarkdownDocument(text), file: "spec.md").objects
        return (ManifestReader.read(text, file: "spec.md", format: .markdown).manifests, groups, text)
    }

    private static func platform(_ name: String) throws -> Platform {
        let platform = Platform(paths: [root.appendingPathComponent(name).path])
        try #require(platform.problems.isEmpty, "\(platform.problems)")
        return platform
    }

    private static func isGroup(_ manifest: Manifest) -> Bool { manifest.kind == "InstanceGroup" }

    /// What is in one value and not, or otherwise, in another: everything that the first says must hold in
    /// the second, which may say more.
    private static func missing(_ wanted: JSON, in value: JSON?, _ path: String) -> [String] {
        guard let value else { return ["\(path) is not there"] }
        switch (wanted, value) {
        case (.object(let wanted), .object(let value)):
            return wanted.flatMap { missing($0.value, in: value[$0.key], path + "." + $0.key) }
        case (.array(let wanted), .array(let value)):
            return wanted.enumerated().flatMap { index, item -> [String] in
                // Named elements are found by their names; others must be there as they are.
                let name = item["name"]?.string
                let found =
                    name == nil ? value.first { $0 == item } : value.first { $0["name"]?.string == name }
                if name == nil, found == nil, value.count == wanted.count {
                    return missing(item, in: value[index], "\(path)[\(index)]")
                }
                return missing(item, in: found, "\(path)[\(name ?? String(index))]")
            }
        default: return wanted == value ? [] : ["\(path) is \(value), and not \(wanted)"]
        }
    }

    @Test func asSpecifiedIsTheDocument() throws {
        let document = try Self.document()
        let platform = try Self.platform("as-specified")
        let objects = platform.manifests.filter { !Self.isGroup($0) }
        #expect(objects.count == document.manifests.count)
        for wanted in document.manifests {
            let found = objects.first { $0.kind == wanted.kind && $0.object.name == wanted.object.name }
            #expect(found?.object == wanted.object, "\(wanted.title)")
        }
        // To the letter: each file is a block of the document.
        let blocks = MarkdownDocument(document.text).blocks.filter { $0.info == "yaml" }.map(\.text)
        let folder = Self.root.appendingPathComponent("as-specified")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.first?.isNumber == true && $0 != "2.2-nodes.yaml"
        }.sorted()
        let texts = try files.map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        #expect(texts == blocks)
    }

    @Test(arguments: ["as-specified", "environments/production"])
    func nodeGroupsAreThoseOfTheTable(_ name: String) throws {
        let groups = try Self.platform(name).manifests.filter(Self.isGroup).map { try NodeGroup($0.object) }
        let table = try Self.document().groups.map { try NodeGroup($0) }
        #expect(table.count == 3)
        for wanted in table {
            let found = try #require(groups.first { $0.name == wanted.name })
            #expect(found.role == wanted.role && found.instanceType == wanted.instanceType)
            #expect(found.minimum == wanted.minimum && found.maximum == wanted.maximum)
        }
        #expect(groups.count == table.count)
    }

    /// Every field of every object of the document is in production as the document has it.
    @Test func productionKeepsEveryFieldOfTheDocument() throws {
        let production = try Self.platform("environments/production").manifests
        for wanted in try Self.document().manifests {
            let found = production.first {
                $0.kind == wanted.kind && $0.object.name == wanted.object.name
                    && $0.object.namespace == wanted.object.namespace
            }
            guard wanted.kind != "ConfigMap" else { continue }
            let missing = Self.missing(wanted.object, in: found?.object, wanted.title)
            #expect(missing.isEmpty, "\(missing)")
        }
    }

    @Test func prometheusKeepsTheDocumentsConfiguration() throws {
        let key = "prometheus.yml"
        let wanted = try #require(
            try Self.document().manifests.first { $0.kind == "ConfigMap" }?.object["data"]?[key]?.string)
        let document = try #require(try YAML.parse(wanted).first?.value)
        for environment in ["production", "staging", "development"] {
            let platform = try Self.platform("environments/" + environment)
            let text = try #require(
                platform.manifests.first { $0.object.name == "prometheus-config" }?.object["data"]?[key]?
                    .string)
            // The rest of the platform's name is the environment's.
            let ours = text.split(separator: "\n").joined(separator: "\n").replacingOccurrences(
                of: "aegis-" + environment, with: "aegis-production")
            let value = try #require(try YAML.parse(ours).first?.value)
            #expect(Self.missing(document, in: value, key).isEmpty)
            let jobs = value["scrape_configs"]?.array?.compactMap { $0["job_name"]?.string }
            #expect(jobs?.first == "aegis-api" && jobs?.count == 6)
            #expect(!text.contains("aegis-production") || environment == "production")
        }
    }

    /// The fixes, each on its own.
    @Test(arguments: ["production", "staging", "development"])
    func everyEnvironmentIsWhole(_ environment: String) throws {
        let platform = try Self.platform("environments/" + environment)
        let namespace = "aegis-" + environment
        let objects = platform.manifests.map(\.object)
        func object(_ kind: String, _ name: String) -> JSON? {
            objects.first {
                $0["kind"]?.string == kind && $0.name == name
                    && ($0.namespace == namespace || $0.namespace.isEmpty)
            }
        }
        func templates() -> [JSON] { objects.compactMap { $0["spec"]?["template"] } }
        // Everything that is named is there.
        var named: [(String, String)] = []
        for template in templates() {
            let spec = template["spec"]
            if let account = spec?["serviceAccountName"]?.string { named.append(("ServiceAccount", account)) }
            for container in spec?["containers"]?.array ?? [] {
                for variable in container["env"]?.array ?? [] {
                    if let name = variable.at("valueFrom", "secretKeyRef", "name")?.string {
                        named.append(("Secret", name))
                    }
                }
            }
            for volume in spec?["volumes"]?.array ?? [] {
                if let name = volume.at("configMap", "name")?.string { named.append(("ConfigMap", name)) }
                if let name = volume.at("persistentVolumeClaim", "claimName")?.string {
                    named.append(("PersistentVolumeClaim", name))
                }
            }
        }
        for name in ["aegis-api-service", "postgres", "redis", "prometheus"] {
            named.append(("Service", name))
        }
        named += [("Namespace", namespace), ("StorageClass", "gp3")]
        for (kind, name) in named { #expect(object(kind, name) != nil, "\(kind) \(name)") }
        // No secret is written anywhere.
        for secret in objects where secret["kind"]?.string == "Secret" {
            #expect(secret["data"] == nil && secret["stringData"] == nil, "\(secret.name)")
            #expect(secret.metadata["annotations"]?["aegis.dev/generate"] != nil, "\(secret.name)")
        }
        // Every pod is of the project, so that the document's policy holds for it.
        for template in templates() {
            #expect(template.at("metadata", "labels", "project")?.string == "aegis")
        }
        let selected = object("NetworkPolicy", "aegis-network-policy")
        let selector = selected?.at("spec", "egress")?[0]?["to"]?[0]?["namespaceSelector"]?["matchLabels"]
        #expect(selector?["name"]?.string == namespace)
        #expect(object("Namespace", namespace)?.at("metadata", "labels", "name")?.string == namespace)
        // Bindings are for the accounts of this namespace.
        for binding in objects where binding["kind"]?.string?.hasSuffix("RoleBinding") == true {
            for subject in binding["subjects"]?.array ?? [] {
                #expect(subject["namespace"]?.string == namespace, "\(binding.name)")
            }
        }
        if environment != "production" {
            #expect(!objects.contains { $0.namespace == "aegis-production" })
        }
    }

    @Test func environmentsCanShareACluster() throws {
        let paths = ["production", "staging", "development"].map {
            Self.root.appendingPathComponent("environments/" + $0).path
        }
        let platform = Platform(paths: paths)
        // Node groups are each environment's own: with a cluster for all, production's are the ones.
        let problems = platform.problems.filter { !$0.message.contains("InstanceGroup") }
        #expect(problems.isEmpty, "\(problems)")
    }
}
