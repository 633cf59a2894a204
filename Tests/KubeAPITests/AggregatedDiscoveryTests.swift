import KubeJSON
import Testing

@testable import KubeAPI

/// Discovery of a server behind which there are others.
@Suite struct AggregatedDiscoveryTests {
    private func service(
        _ group: String, _ version: String, _ minimum: Int, _ priority: Int, isLocal: Bool = false
    ) -> APIServiceSummary {
        var spec: JSON = [
            "group": .string(group), "version": .string(version),
            "groupPriorityMinimum": .integer(Int64(minimum)), "versionPriority": .integer(Int64(priority)),
        ]
        if !isLocal { spec["service"] = ["namespace": "n", "name": "s"] }
        return APIServiceSummary(["metadata": ["name": .string("\(version).\(group)")], "spec": spec])
    }

    private let flunders: JSON = [
        "resource": "flunders", "responseKind": ["group": "example.dev", "version": "v1", "kind": "Flunder"],
        "scope": "Namespaced", "singularResource": "flunder", "verbs": ["get", "list"], "shortNames": ["fl"],
        "subresources": [
            [
                "subresource": "status",
                "responseKind": ["group": "example.dev", "version": "v1", "kind": "Flunder"],
                "verbs": ["get"],
            ]
        ],
    ]

    @Test func groupsStandByTheirPriorities() throws {
        let catalogue = Catalogue.builtin.resources
        let local = Discovery(catalogue).listedGroups.map(\.name)
        #expect(local.prefix(3) == ["apiregistration.k8s.io", "apps", "events.k8s.io"])
        let services = [
            service("low.dev", "v1", 10, 10), service("high.dev", "v1", 17_790, 10),
            service("low.dev", "v2", 10, 20), service("low.dev", "v3alpha1", 10, 20),
        ]
        let remote = services.filter { $0.group == "low.dev" && $0.version == "v2" }.map {
            RemoteVersion($0, resources: [flunders], isStale: false)
        }
        let discovery = Discovery(catalogue, services: services, remote: remote)
        let groups = discovery.listedGroups
        #expect(groups.map(\.name).filter { !$0.hasSuffix(".dev") } == local)
        let place = try #require(groups.firstIndex { $0.name == "high.dev" })
        #expect(groups[place - 1].name == "apps" && groups[place + 1].name == "events.k8s.io")
        // By the version's priority, then by what its name says of how stable it is.
        #expect(groups.last?.name == "low.dev" && groups.last?.versions == ["v2", "v3alpha1", "v1"])
        #expect(discovery.group("low.dev")?["preferredVersion"]?["version"] == "v2")
        let items = discovery.aggregated(core: false)["items"]?.array ?? []
        let low = try #require(items.first { $0["metadata"]?["name"] == "low.dev" })
        let first = low["versions"]?[0]
        #expect(first?["freshness"] == "Current" && first?["resources"]?[0]?["resource"] == "flunders")
        #expect(discovery.aggregated(core: true)["items"]?.array?.count == 1)
    }

    @Test func aVersionThatNobodyServesIsListedAndNotDescribed() throws {
        let services = [service("gone.dev", "v1", 10, 10, isLocal: true)]
        let discovery = Discovery(Catalogue.builtin.resources, services: services)
        #expect(discovery.group("gone.dev") != nil)
        let items = discovery.aggregated(core: false)["items"]?.array ?? []
        #expect(!items.contains { $0["metadata"]?["name"] == "gone.dev" })
    }

    /// Both forms of discovery say the same.
    @Test func bothFormsAreRead() throws {
        let version: JSON = ["version": "v1", "resources": [flunders]]
        let all = try RemoteVersion.resources(
            of: "example.dev", "v1",
            in: [
                "kind": "APIGroupDiscoveryList",
                "items": [["metadata": ["name": "example.dev"], "versions": [version]]],
            ])
        let one = try RemoteVersion.resources(inList: [
            "kind": "APIResourceList",
            "resources": [
                [
                    "name": "flunders", "singularName": "flunder", "namespaced": true, "kind": "Flunder",
                    "group": "example.dev", "version": "v1", "verbs": ["get", "list"], "shortNames": ["fl"],
                ],
                [
                    "name": "flunders/status", "singularName": "", "namespaced": true, "kind": "Flunder",
                    "group": "example.dev", "version": "v1", "verbs": ["get"],
                ],
            ],
        ])
        #expect(all == one && all == [flunders])
        let found = RemoteVersion(service("example.dev", "v1", 1, 1), resources: all, isStale: false)
        #expect(
            found.served == [
                RemoteVersion.Resource(
                    group: "example.dev", version: "v1", plural: "flunders", kind: "Flunder",
                    isNamespaced: true,
                    verbs: ["get", "list"])
            ])
        let list: JSON = ["kind": "APIGroupDiscoveryList", "items": []]
        #expect(try RemoteVersion.resources(of: "other.dev", "v1", in: list).isEmpty)
        #expect(throws: RemoteVersion.Failure.self) {
            try RemoteVersion.resources(inList: ["kind": "Status"])
        }
    }
}
