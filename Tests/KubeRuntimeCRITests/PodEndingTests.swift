import KubeJSON
import KubeNode
import Testing

@testable import KubeRuntimeCRI

@Suite struct PodEndingTests {
    private func container(
        _ name: String, of pod: String, isRunning: Bool = true, _ annotations: [String: String] = [:]
    ) -> CRIContainer {
        var container = CRIContainer()
        container.id = "\(pod)-\(name)"
        container.podSandboxID = "sandbox-\(pod)"
        container.state = isRunning ? .containerRunning : .containerExited
        container.labels = PodLabels.labels(
            PodIdentity(uid: "uid-\(pod)", namespace: "demo", name: pod, node: "n"), cluster: "aegis")
        container.labels[PodLabels.containerName] = name
        container.annotations = annotations
        return container
    }

    @Test func podsGetTheTimeTheyWantAndNoMoreThanThereIs() {
        let listed = [
            container("a", of: "quick", [PodLabels.gracePeriod: "1"]),
            container("a", of: "slow", [PodLabels.gracePeriod: "600"]),
            container("a", of: "at-once", [PodLabels.gracePeriod: "0"]),
            container("a", of: "unsaid"),
            container("a", of: "over", isRunning: false, [PodLabels.gracePeriod: "5"]),
        ]
        let endings = PodEnding.all(listed, most: 40)
        #expect(endings.map(\.pod.name) == ["at-once", "quick", "slow", "unsaid"])
        #expect(endings.map(\.grace) == [0, 1, 40, 30])
        #expect(endings[1].sandbox == "sandbox-quick")
    }

    @Test func sidecarsEndAfterTheOthersTheLastFirst() throws {
        let listed = [
            container("proxy", of: "web", [PodLabels.sidecar: "0"]),
            container("main", of: "web", [PodLabels.preStop: #"{"sleep":{"seconds":3}}"#]),
            container("log", of: "web", [PodLabels.sidecar: "2"]),
            container("done", of: "web", isRunning: false),
            container("other", of: "web", [PodLabels.ports: #"[{"name":"http","containerPort":80}]"#]),
        ]
        let ending = try #require(PodEnding.all(listed, most: 30).first)
        #expect(ending.containers.map(\.name) == ["main", "other"])
        #expect(ending.sidecars.map(\.name) == ["log", "proxy"])
        #expect(ending.containers[0].preStop == ["sleep": ["seconds": 3]])
        #expect(
            ending.containers[1].spec == ["name": "other", "ports": [["name": "http", "containerPort": 80]]])
    }
}
