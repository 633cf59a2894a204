import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeControllers
@testable import KubeRegistry

/// Writes that somebody outside is asked about first: their key rests, and all others go on.
@Suite struct PutOffTests {
    /// Waits until a write that was put off has ended, and goes on.
    private func settleLater(_ world: World) async throws -> [ControllerEngine.Trace] {
        while !world.loop.hasNews { try await Task.sleep(for: .milliseconds(1)) }
        return world.settle()
    }

    @Test func onlyTheKeyOfASlowWriteRests() async throws {
        let world = try World(controllers: [ServiceAccountController()])
        world.loop.refuse { write, _ in write.namespace == "slow" ? .mustWait : nil }
        for name in ["slow", "quick"] {
            try world.create("v1", "namespaces", ["metadata": ["name": .string(name)]], in: "")
        }
        let first = world.settle()
        #expect(first.allSatisfy { $0.failure == nil })
        #expect(world.get("serviceaccounts", "default", in: "quick") != nil)
        // Made elsewhere, once; then the key is looked at again, and finds its work done.
        let after = try await settleLater(world)
        #expect(after.map(\.key) == ["slow"] && after.allSatisfy { $0.writes.isEmpty && $0.failure == nil })
        #expect(world.get("serviceaccounts", "default", in: "slow") != nil)
        #expect(world.loop.metrics[0].retries == 0)
    }

    @Test func whatFailsLaterIsTriedAgainLikeAnyOther() async throws {
        let broken = try World(controllers: [Broken()])
        broken.loop.refuse { _, _ in .mustWait }
        try broken.create("v1", "configmaps", ["metadata": ["name": "asks"]])
        broken.settle()
        _ = try await settleLater(broken)
        #expect(broken.loop.metrics[0].retries == 1)
        #expect(broken.loop.metrics[0].failedWrites == 1)
    }

    /// Writes what is refused.
    private struct Broken: Controller {
        let name = "broken-controller"
        let alias = "broken"
        let account = "broken"
        func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
            event.collection == .configMaps ? [event.object.key] : []
        }
        func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
            Reconciliation(writes: [
                ControllerWrite(
                    group: "", version: "v1", plural: "secrets", namespace: "default", name: "NO NAME",
                    .create(["metadata": ["name": "NO NAME"]]))
            ])
        }
    }
}
