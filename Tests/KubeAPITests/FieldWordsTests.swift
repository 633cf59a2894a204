import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct FieldWordsTests {
    /// Volumes that are no longer supported, or that CSI drivers have taken over, and nodes' old settings.
    private static let old = [
        "AWSElastic", "AzureDisk", "AzureFile", "CephFS", "Cinder", "Flex", "Flocker", "GCEPersistent",
        "GitRepo",
        "Glusterfs", "Photon", "Portworx", "Quobyte", "RBD", "ScaleIO", "StorageOS", "Vsphere", "NodeConfig",
        "ConfigMapNodeConfig",
    ].map { "io.k8s.api.core.v1." + $0 }

    @Test func nameOnlyWhatThereIs() throws {
        let words = FieldWords.shared
        #expect(words.subjects.count > 250)
        for subject in words.subjects {
            let schema = try #require(Catalogue.builtin.schema(named: subject), "\(subject)")
            let names = Set(schema.fields.map(\.name))
            // A line about several structures may name a field that not all of them have.
            #expect(
                !words.fields(of: subject).allSatisfy { !names.contains($0) } || names.isEmpty, "\(subject)")
            #expect(words.words(for: subject)?.isEmpty == false, "\(subject)")
        }
        let known = Set(
            words.subjects.flatMap { Catalogue.builtin.schema(named: $0)?.fields.map(\.name) ?? [] })
        for subject in words.subjects {
            for field in words.fields(of: subject) { #expect(known.contains(field), "\(subject).\(field)") }
        }
    }

    /// Every field that can be reached from the resources that platforms are written with.
    @Test func explainEveryFieldOfTheCommonResources() throws {
        let kinds: [(String, [String])] = [
            (
                "core",
                [
                    "Namespace", "Service", "ConfigMap", "Secret", "PersistentVolume",
                    "PersistentVolumeClaim",
                    "ServiceAccount", "Pod", "Node", "Event",
                ]
            ),
            ("apps", ["Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"]),
            ("batch", ["Job", "CronJob"]),
            ("storage", ["StorageClass"]), ("networking", ["NetworkPolicy", "Ingress"]),
            ("policy", ["PodDisruptionBudget"]),
            ("rbac", ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]),
        ]
        var queue = kinds.flatMap { group, kinds in kinds.map { "io.k8s.api.\(group).v1.\($0)" } }
        queue += ["io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler", "io.k8s.api.autoscaling.v1.Scale"]
        var seen = Set(queue)
        var silent: [String] = []
        while let name = queue.popLast() {
            let schema = try #require(Catalogue.builtin.schema(named: name), "\(name)")
            if Self.old.contains(where: name.hasPrefix) || schema.fields.isEmpty { continue }
            if FieldWords.shared.words(for: name) == nil { silent.append(name) }
            for field in schema.fields {
                if FieldWords.shared.words(for: field.name, of: name) == nil {
                    silent.append("\(name).\(field.name)")
                }
                var part = field.schema
                while let element = part.element { part = element }
                if part.shape == .structure, !part.name.isEmpty, seen.insert(part.name).inserted {
                    queue.append(part.name)
                }
            }
        }
        #expect(silent.isEmpty, "\(silent.joined(separator: "\n"))")
        #expect(seen.count > 200)
    }

    @Test func arePublishedInBothVersions() throws {
        let documents = OpenAPIDocuments(Catalogue.builtin.resources)
        let strategy = "Recreate: all old pods go"
        let three = try #require(documents.v3(group: "apps", version: "v1")).at("components", "schemas")
        let two = documents.v2()["definitions"]
        for (document, prefix) in [(three, "#/components/schemas/"), (two, "#/definitions/")] {
            let type = document?.at("io.k8s.api.apps.v1.DeploymentStrategy", "properties", "type")
            #expect(type?["description"]?.string?.contains(strategy) == true)
            #expect(type?["type"] == "string")
            let spec = document?.at("io.k8s.api.apps.v1.Deployment", "properties", "spec")
            #expect(spec?["description"] == "What is wanted.")
            let reference: JSON = .string(prefix + "io.k8s.api.apps.v1.DeploymentSpec")
            // Version 3 allows nothing beside a reference; clients of version 2 look for it nowhere else.
            #expect((prefix.contains("components") ? spec?["allOf"]?[0] : spec)?["$ref"] == reference)
        }
    }

    @Test func leaveOutWhatNobodyWroteAbout() {
        let words = FieldWords(["# core.v1.Pod core.v1.Node\n- A thing.\nspec What.\n# *\nkind Which."])
        #expect(words.words(for: "io.k8s.api.core.v1.Node") == "A thing.")
        #expect(words.words(for: "spec", of: "io.k8s.api.core.v1.Pod") == "What.")
        #expect(words.words(for: "kind", of: "anything") == "Which.")
        #expect(words.words(for: "status", of: "io.k8s.api.core.v1.Pod") == nil)
        #expect(words.words(for: "io.k8s.api.core.v1.Service") == nil)
    }
}
