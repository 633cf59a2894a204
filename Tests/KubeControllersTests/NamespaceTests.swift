import KubeAPI
import KubeEngine
import KubeJSON
import Synchronization
import Testing

@testable import KubeControllers

@Suite struct NamespaceTests {
    private func condition(_ namespace: JSON?, _ type: String) -> (status: String?, message: String?) {
        let found = namespace?["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
        return (found?["status"]?.string, found?["message"]?.string)
    }

    @Test func accountAndCertificateAreKept() throws {
        let world = try World()
        #expect(world.get("serviceaccounts", "default") != nil)
        #expect(world.get("configmaps", "kube-root-ca.crt")?["data"] == ["ca.crt": "PEM"])
        try world.delete("serviceaccounts", "default")
        try world.delete("configmaps", "kube-root-ca.crt")
        world.settle()
        #expect(world.get("serviceaccounts", "default") != nil)
        #expect(world.get("configmaps", "kube-root-ca.crt") != nil)
        try world.patch("configmaps", "kube-root-ca.crt", ["data": ["ca.crt": "other", "more": "x"]])
        world.settle()
        #expect(world.get("configmaps", "kube-root-ca.crt")?["data"] == ["ca.crt": "PEM"])
        #expect(world.settle().isEmpty)
    }

    @Test func drainsInOrderAndWaitsForFinalizers() throws {
        let world = try World()
        try world.create("v1", "namespaces", ["metadata": ["name": "n"]], in: "")
        world.settle()
        try world.create(
            "v1", "pods",
            [
                "metadata": ["name": "p", "finalizers": ["example.com/hold"]],
                "spec": ["containers": [["name": "c", "image": "i"]]],
            ], in: "n")
        try world.map("a", in: "n")
        try world.map("b", finalizers: ["example.com/map"], in: "n")
        try world.create(
            "coordination.k8s.io/v1", "leases", ["metadata": ["name": "l"], "spec": [:]], in: "n")
        try world.delete("namespaces", "n", in: "")
        world.settle()

        // Pods go first: while one is left, the rest stays.
        #expect(world.get("pods", "p", in: "n")?.deletionTimestamp != nil)
        #expect(world.has("a", in: "n"))
        var namespace = world.get("namespaces", "n", in: "")
        #expect(condition(namespace, "NamespaceDeletionContentFailure").status == "False")
        #expect(
            condition(namespace, "NamespaceContentRemaining").message
                == "Some resources are remaining: pods. has 1 resource instances")
        #expect(
            condition(namespace, "NamespaceFinalizersRemaining").message
                == "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
        )

        try world.patch("pods", "p", ["metadata": ["finalizers": .null]], in: "n")
        world.settle()
        #expect(world.get("pods", "p", in: "n") == nil)
        #expect(!world.has("a", in: "n"))
        #expect(!world.has("kube-root-ca.crt", in: "n"))
        #expect(world.get("serviceaccounts", "default", in: "n") == nil)
        #expect(world.registry.lookup("coordination.k8s.io", "leases", "n/l") == nil)
        #expect(world.has("b", in: "n"))
        namespace = world.get("namespaces", "n", in: "")
        #expect(
            condition(namespace, "NamespaceContentRemaining").message
                == "Some resources are remaining: configmaps. has 1 resource instances")

        try world.patch("configmaps", "b", ["metadata": ["finalizers": .null]], in: "n")
        world.settle()
        #expect(world.get("namespaces", "n", in: "") == nil)
        #expect(world.registry.objects("", "configmaps", in: "n").isEmpty)
    }

    @Test func largeNamespaceGoesWhole() throws {
        let world = try World()
        try world.create("v1", "namespaces", ["metadata": ["name": "n"]], in: "")
        for number in 0..<1_300 { try world.map("m\(number)", in: "n") }
        try world.delete("namespaces", "n", in: "")
        world.settle()
        #expect(world.get("namespaces", "n", in: "") == nil)
        #expect(world.registry.objects("", "configmaps", in: "n").isEmpty)
    }

    @Test func finalizersOfOthersKeepTheEmptyNamespace() throws {
        let world = try World()
        try world.create(
            "v1", "namespaces",
            ["metadata": ["name": "n"], "spec": ["finalizers": ["example.com/mine"]]], in: "")
        world.settle()
        try world.delete("namespaces", "n", in: "")
        world.settle()
        #expect(
            world.get("namespaces", "n", in: "")?["spec"]?["finalizers"] == ["example.com/mine"])
        #expect(!world.has("kube-root-ca.crt", in: "n"))
    }

    /// What other servers have is gone before the namespace is.
    @Test func waitsForOtherServers() throws {
        let others = OtherServers()
        let world = try World(controllers: [NamespaceController(others: others)])
        try world.create("v1", "namespaces", ["metadata": ["name": "n"]], in: "")
        try world.map("a", in: "n")
        world.settle()
        try world.delete("namespaces", "n", in: "")
        world.settle()
        // They have not answered yet.
        #expect(others.asked == ["n"])
        #expect(!world.has("a", in: "n") && world.get("namespaces", "n", in: "") != nil)
        world.advance(3_600)
        #expect(others.asked == ["n"] && world.get("namespaces", "n", in: "") != nil)

        var remains = AggregatedRemains()
        remains.unknown = ["b.dev/v1": "stale", "a.dev/v1": "stale"]
        remains.failures = ["no", "never"]
        remains.objects = ["flunders.c.dev": 2]
        remains.finalizers = ["c.dev/held": 1]
        others.answer = remains
        world.loop.wake("namespace-controller", "n")
        world.settle()
        let namespace = world.get("namespaces", "n", in: "")
        #expect(
            condition(namespace, "NamespaceDeletionDiscoveryFailure").message
                == "Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: a.dev/v1: stale, b.dev/v1: stale"
        )
        #expect(
            condition(namespace, "NamespaceDeletionContentFailure").message
                == "Failed to delete all resource types, 2 remaining: [never, no]")
        #expect(
            condition(namespace, "NamespaceContentRemaining").message
                == "Some resources are remaining: flunders.c.dev has 2 resource instances")
        #expect(condition(namespace, "NamespaceFinalizersRemaining").status == "True")
        // It is looked at again though nothing here changes.
        others.answer = AggregatedRemains()
        world.advance(10)
        #expect(world.get("namespaces", "n", in: "") == nil)
    }
}

private final class OtherServers: AggregatedContent {
    private struct State {
        var answer: AggregatedRemains?
        var asked: [String] = []
    }
    private let state = Mutex(State())

    var asked: [String] { state.withLock { $0.asked } }
    var answer: AggregatedRemains? {
        get { state.withLock { $0.answer } }
        set { state.withLock { $0.answer = newValue } }
    }

    func empty(_ namespace: String, uid: String, for controller: String) -> AggregatedRemains? {
        state.withLock { state in
            if state.asked.last != namespace { state.asked.append(namespace) }
            return state.answer
        }
    }
}
