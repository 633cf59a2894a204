import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import Testing

@testable import KubeControllers

@Suite struct APIServiceRegistrationTests {
    private static let group = "apiregistration.k8s.io/v1"
    private let cluster: VirtualCluster

    init() throws { cluster = try ServiceWorld(more: []).cluster }

    private func service(_ name: String) throws -> JSON? {
        try cluster.get(Self.group, "apiservices", name)
    }

    private func label(_ name: String) throws -> String? {
        try service(name)?.at("metadata", "labels", APIServiceRegistration.label)?.string
    }

    private func define(_ plural: String, _ versions: [(name: String, served: Bool)]) throws {
        let all = versions.enumerated().map { index, version -> JSON in
            [
                "name": .string(version.name), "served": .bool(version.served), "storage": .bool(index == 0),
                "schema": ["openAPIV3Schema": ["type": "object"]],
            ]
        }
        try cluster.create(
            "apiextensions.k8s.io/v1", "customresourcedefinitions",
            [
                "metadata": ["name": .string(plural + ".example.com")],
                "spec": [
                    "group": "example.com", "scope": "Namespaced", "versions": .array(all),
                    "names": [
                        "plural": .string(plural), "singular": .string(String(plural.dropLast())),
                        "kind": .string(plural.dropLast().capitalized),
                    ],
                ],
            ], in: "")
        cluster.run(for: 1)
    }

    @Test func builtInVersionsAreListedWithTheirPriorities() throws {
        let listed = try cluster.list(Self.group, "apiservices", in: nil)
        let wanted = cluster.registry.resources.groups.flatMap { group in
            group.versions.map { APIServiceSummary.name(group: group.name, version: $0) }
        }.filter { $0 != "v1.apiregistration.k8s.io" }
        #expect(Set(listed.map(\.name)) == Set(wanted))
        let core = try #require(try service("v1."))
        #expect(core["spec"] == ["version": "v1", "groupPriorityMinimum": 18_000, "versionPriority": 1])
        #expect(core.at("metadata", "labels") == [APIServiceRegistration.label: "onstart"])
        let condition = try #require(APIServiceSummary.available(core))
        #expect(condition["status"] == "True" && condition["reason"] == "Local")
        #expect(condition["message"] == "Local APIServices are always available")
        #expect(
            try service("v2.autoscaling")?["spec"] == [
                "group": "autoscaling", "version": "v2", "groupPriorityMinimum": 17_500,
                "versionPriority": 30,
            ])
    }

    @Test func builtInOnesAreMadeOnceARun() throws {
        try cluster.delete(Self.group, "apiservices", "v1.apps", in: "")
        cluster.run(for: 60)
        #expect(try service("v1.apps") == nil)
        try cluster.patch(
            Self.group, "apiservices", "v1.batch", ["spec": ["versionPriority": 99]], in: "")
        cluster.run(for: 60)
        #expect(try service("v1.batch")?.at("spec", "versionPriority") == 99)
    }

    @Test func theNextRunMakesThemAgainAndTakesAwayWhatIsNoMore() throws {
        try cluster.delete(Self.group, "apiservices", "v1.apps", in: "")
        try cluster.patch(
            Self.group, "apiservices", "v1.batch", ["spec": ["versionPriority": 99]], in: "")
        func make(_ name: String, _ label: String?) throws {
            var metadata: JSON = ["name": .string(name)]
            if let label { metadata["labels"] = [APIServiceRegistration.label: .string(label)] }
            try cluster.create(
                Self.group, "apiservices",
                [
                    "metadata": metadata,
                    "spec": [
                        "group": .string(String(name.dropFirst(3))), "version": "v1",
                        "groupPriorityMinimum": 1, "versionPriority": 1,
                    ],
                ], in: "")
        }
        try make("v1.old.example.com", "onstart")
        try make("v1.gone.example.com", "true")
        try make("v1.mine.example.com", nil)
        cluster.run(for: 1)
        // One that came while the server runs is left until the next.
        #expect(try service("v1.old.example.com") != nil)
        #expect(try service("v1.gone.example.com") == nil)
        try cluster.restart(0, with: [APIServiceRegistration()])
        cluster.run(for: 1)
        #expect(try label("v1.apps") == "onstart")
        #expect(try service("v1.batch")?.at("spec", "versionPriority") == 15)
        #expect(try service("v1.old.example.com") == nil)
        #expect(try service("v1.mine.example.com") != nil)
    }

    @Test func versionsOfCustomResourcesComeAndGoWithTheirDefinitions() throws {
        try define("apples", [("v1", true), ("v2", false)])
        #expect(try label("v1.example.com") == "true")
        #expect(try service("v2.example.com") == nil)
        #expect(
            try service("v1.example.com")?["spec"] == [
                "group": "example.com", "version": "v1", "groupPriorityMinimum": 1_000,
                "versionPriority": 100,
            ])
        try define("pears", [("v1", true)])
        // Whatever becomes of it is set right, and one definition is enough.
        try cluster.patch(
            Self.group, "apiservices", "v1.example.com", ["spec": ["versionPriority": 7]], in: "")
        let definitions = "customresourcedefinitions"
        try cluster.delete("apiextensions.k8s.io/v1", definitions, "apples.example.com", in: "")
        cluster.run(for: 1)
        #expect(try service("v1.example.com")?.at("spec", "versionPriority") == 100)
        try cluster.delete(Self.group, "apiservices", "v1.example.com", in: "")
        cluster.run(for: 1)
        #expect(try label("v1.example.com") == "true")
        try cluster.delete("apiextensions.k8s.io/v1", definitions, "pears.example.com", in: "")
        cluster.run(for: 1)
        #expect(try service("v1.example.com") == nil)
    }

    @Test func anAPIServiceOfSomebodyElsesIsLeftAlone() throws {
        try cluster.create(
            Self.group, "apiservices",
            [
                "metadata": ["name": "v1.example.com"],
                "spec": [
                    "group": "example.com", "version": "v1", "groupPriorityMinimum": 5, "versionPriority": 5,
                    "insecureSkipTLSVerify": true, "service": ["namespace": "default", "name": "other"],
                ],
            ], in: "")
        try define("apples", [("v1", true)])
        #expect(try service("v1.example.com")?.at("spec", "groupPriorityMinimum") == 5)
        #expect(APIServiceSummary.available(try #require(try service("v1.example.com"))) == nil)
        // Given back to the server itself it is available.
        try cluster.patch(
            Self.group, "apiservices", "v1.example.com",
            ["spec": ["service": .null, "insecureSkipTLSVerify": .null]], in: "")
        cluster.run(for: 1)
        let now = try #require(try service("v1.example.com"))
        #expect(APIServiceSummary.available(now)?["reason"] == "Local")
    }
}
