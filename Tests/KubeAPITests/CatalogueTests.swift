import Foundation
import KubeJSON
import Testing

@testable import KubeAPI

/// The recorded requests and answers of kube-apiserver v1.36.2.
enum Golden {
    static func load(_ name: String) throws -> [JSON] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../KubeServerTests/Golden/\(name).json")
        return try JSONParser.parse([UInt8](Data(contentsOf: file))).array ?? []
    }
}

@Suite struct CatalogueTests {
    @Test func findsResources() throws {
        let pods = try #require(Catalogue.builtin.resource(group: "", version: "v1", plural: "pods"))
        #expect(pods.kind == "Pod")
        #expect(pods.schema.name == "io.k8s.api.core.v1.Pod")
        #expect(pods.subresources.contains { $0.name == "eviction" && $0.kind.group == "policy" })
        let spec = try #require(pods.schema.field("spec")?.schema)
        #expect(spec.field("containers")?.schema.listType == .map(keys: ["name"]))
        #expect(spec.field("containers")?.patchMergeKey == "name")
        #expect(spec.field("containers")?.presence == .always)
        #expect(spec.field("priority")?.presence == .pointer)
        #expect(Catalogue.builtin.schema(for: GroupVersionKind("policy", "v1", "Eviction")) != nil)
        for info in Catalogue.builtin.resources.resources {
            #expect(!info.schema.fields.isEmpty, "\(info.plural)")
        }
    }

    @Test func customGroupsComeAfter() throws {
        func info(_ group: String, _ version: String) -> ResourceInfo {
            ResourceInfo(
                group: group, version: version, kind: "Widget", listKind: "WidgetList", plural: "widgets",
                singular: "widget", isNamespaced: true, shortNames: [], categories: [], verbs: ["get"],
                subresources: [], storageVersionHash: "", schema: .any, isCustom: true)
        }
        let base = Catalogue.builtin.resources
        let more = base.adding([info("b.io", "v1beta1"), info("b.io", "v1"), info("a.io", "v1")])
        #expect(more.groups.suffix(2).map(\.name) == ["a.io", "b.io"])
        #expect(more.groups.last?.versions == ["v1", "v1beta1"])
        #expect(more.removing(group: "b.io", plural: "widgets").groups.last?.name == "a.io")
        #expect(more.resource(group: "a.io", version: "v1", plural: "widgets") != nil)
        #expect(base.resource(group: "a.io", version: "v1", plural: "widgets") == nil)
    }

    @Test func ordersVersions() {
        let names = ["foo", "v1alpha1", "v2", "v1beta2", "v10", "v1beta10", "v1", "v0x"]
        #expect(
            names.sorted(by: ResourceCatalogue.versionPrecedes)
                == ["v10", "v2", "v1", "v1beta10", "v1beta2", "v1alpha1", "foo", "v0x"])
    }
}
