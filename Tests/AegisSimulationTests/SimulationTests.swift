import AegisPlatform
import Foundation
import KubeJSON
import Testing

@testable import AegisSimulation

@Suite struct SimulationTests {
    private static let platform: Platform = {
        var platform = Platform()
        let text = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              replicas: 3
              selector:
                matchLabels: {app: web}
              template:
                metadata:
                  labels: {app: web}
                spec:
                  containers:
                  - name: web
                    image: web:1
                    env:
                    - name: TOKEN
                      valueFrom:
                        secretKeyRef: {name: web, key: token}
                    resources:
                      requests: {cpu: 250m, memory: 256Mi}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: web
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 3
              maxReplicas: 8
              metrics:
              - type: Resource
                resource:
                  name: cpu
                  target: {type: Utilization, averageUtilization: 70}
            ---
            apiVersion: kops.k8s.io/v1alpha2
            kind: InstanceGroup
            metadata:
              name: workers
              namespace: kube-system
            spec:
              role: Node
              machineType: c5.large
              minSize: 1
              maxSize: 4
            """
        platform.manifests = ManifestReader.read(text, file: "platform.yaml", format: .yaml).manifests
        return platform
    }()

    private let web = WorkloadName("deployments", "default", "web")

    private func scenario(hours: Double) -> Scenario {
        var scenario = Scenario(duration: hours * 3_600)
        scenario.loads = [.init(web, [(0, 300), (1_200, 1_800), (2_400, 1_800), (3_000, 300)])]
        scenario.nodeFailures = .init(first: 1_500, every: 3_600, replacedAfter: 400)
        scenario.rollOuts = .init([web], first: 900, every: 7_200)
        return scenario
    }

    @Test func oneSeedGivesOneTrace() throws {
        func run(_ seed: UInt64) throws -> SimulationResult {
            try Simulation(Self.platform, seed: seed, scenario: scenario(hours: 0.75)).run()
        }
        let first = try run(7)
        for _ in 0..<2 {
            let again = try run(7)
            #expect(again.hash == first.hash)
            #expect(again.summary == first.summary)
            #expect(again.steps == first.steps)
        }
        #expect(try run(8).hash != first.hash)
    }

    @Test func theSummaryTellsWhatHappened() throws {
        let result = try Simulation(Self.platform, seed: 1, scenario: scenario(hours: 1)).run()
        let summary = result.summary
        #expect(summary.workloads == [web])
        #expect(summary.groups == ["workers"])
        // The load asks for more than three of them, and for more than one node.
        #expect(summary.readyRange(of: web)?.upperBound == 8)
        #expect((summary.nodeRange(of: "workers")?.upperBound ?? 0) >= 2)
        #expect(summary.failures.count == 1)
        #expect(summary.failures.allSatisfy { $0.recovered != nil })
        #expect(summary.releases.count == 1)
        #expect(summary.releases.allSatisfy { $0.took != nil })
        // Between the fewest and the most nodes for an hour, at the price of a c5.large.
        #expect(summary.nodeHours[0] > 1 && summary.nodeHours[0] < 4)
        #expect(abs(summary.cost[0] - summary.nodeHours[0] * 0.085) < 1e-9)
    }

    /// The load of a day on production: 20 replicas at its height, and the document's worker group holds them. On
    /// workers of half the size the group follows, and comes back.
    @Test(arguments: [("c5.xlarge", 3...3), ("c5.large", 4...10)])
    func productionFollowsItsLoad(_ machine: String, _ most: ClosedRange<Int>) throws {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("platform/environments/production").path
        var platform = Platform(paths: [directory])
        #expect(platform.problems.isEmpty)
        for (index, manifest) in platform.manifests.enumerated()
        where manifest.kind == "InstanceGroup" && manifest.object.name == "worker" {
            var object = manifest.object
            object.set(.string(machine), at: "spec", "machineType")
            platform.manifests[index] = manifest.replacing(object)
        }
        let api = WorkloadName("deployments", "aegis-production", "aegis-api")
        var scenario = Scenario(duration: 2 * 3_600)
        scenario.loads = [.init(api, [(0, 300), (1_200, 4_000), (2_400, 4_000), (3_600, 300)])]
        let summary = try Simulation(platform, seed: 3, scenario: scenario).run().summary
        #expect(summary.readyRange(of: api)?.upperBound == 20)
        let place = try #require(summary.workloads.firstIndex(of: api))
        #expect(summary.samples.last?.ready[place] == 3)
        #expect(summary.samples.last?.pending == 0)
        let nodes = try #require(summary.nodeRange(of: "worker"))
        #expect(most.contains(nodes.upperBound), "\(nodes)")
        let group = try #require(summary.groups.firstIndex(of: "worker"))
        #expect(summary.samples.last?.nodes[group] == 3)
    }

    @Test func theHashKnowsPartsApart() {
        func hash(_ parts: [String]) -> TraceHash {
            var hash = TraceHash()
            for part in parts { hash.add(part) }
            return hash
        }
        #expect(hash(["ab", "c"]) != hash(["a", "bc"]))
        #expect(hash(["abc"]) != hash(["abc", ""]))
        #expect(hash(["deployment web", "x"]) == hash(["deployment web", "x"]))
        #expect(hash(["12345678a"]) != hash(["12345678b"]))
    }
}
