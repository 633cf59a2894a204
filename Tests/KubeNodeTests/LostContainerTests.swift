import KubeAPI
import KubeJSON
import Testing

@testable import KubeNode

/// What a pod's machine does about containers that are gone though nobody asked.
@Suite struct LostContainerTests {
    private let identity = PodIdentity(uid: "u", namespace: "ns", name: "p", node: "n")
    private let start = Timestamp(seconds: 1_700_000_000)

    private func pod(policy: String = "Always") -> JSON {
        [
            "metadata": ["name": "p", "namespace": "ns", "uid": "u", "generation": 1],
            "spec": [
                "restartPolicy": .string(policy), "initContainers": [["name": "i", "image": "x"]],
                "containers": [["name": "c", "image": "x"]],
            ],
        ]
    }

    private func status() -> JSON {
        func container(_ name: String, _ state: JSON) -> JSON {
            [
                "name": .string(name), "containerID": .string("containerd://old-\(name)"), "restartCount": 2,
                "imageID": "x", "state": state, "started": true, "ready": true,
            ]
        }
        return [
            "phase": "Running", "startTime": "2023-11-14T00:00:00Z",
            "initContainerStatuses": [
                container(
                    "i",
                    [
                        "terminated": [
                            "exitCode": 0, "containerID": "containerd://old-i",
                            "finishedAt": "2023-11-14T00:00:01Z",
                        ]
                    ])
            ],
            "containerStatuses": [container("c", ["running": ["startedAt": "2023-11-14T00:00:02Z"]])],
        ]
    }

    private func step(
        _ machine: inout PodStateMachine, _ observation: PodObservation, _ pod: JSON, _ seconds: Double = 0
    ) -> PodStep {
        machine.step(pod, observation, now: start.adding(seconds)) { _ in .present }
    }

    @Test func aMachineThatWasStartedAgainBeginsThePodAgain() {
        let pod = pod()
        var machine = PodStateMachine(identity, shape: PodShape(pod))
        machine.restore(status(), now: start)
        var seen = PodObservation(containers: 2)
        let first = step(&machine, seen, pod)
        #expect(first.actions == [.createSandbox(attempt: 0)])
        #expect(first.events.map(\.reason) == ["SandboxChanged"])

        // What init containers did was lost with the sandbox.
        seen.sandbox = SandboxState(id: "s", isReady: true, addresses: ["10.0.0.2"], created: start)
        #expect(
            step(&machine, seen, pod, 1).actions == [.startContainer(container: 0, attempt: 3)])
        var initial = ContainerInstance(id: "new-i", attempt: 3, state: .exited, imageID: "x")
        initial.finished = start.adding(2)
        seen.containers[0] = initial
        // It was not the container's fault, so it does not wait.
        #expect(
            step(&machine, seen, pod, 2).actions == [.startContainer(container: 1, attempt: 3)])
        let shown = machine.status(
            pod, node: NodeFacts(addresses: ["1.1.1.1"], runtimeName: "containerd"), now: start.adding(2))
        let last =
            shown["containerStatuses"]?[0]?["lastState"]?["terminated"]
            ?? shown["containerStatuses"]?[0]?["state"]?["terminated"]
        #expect(last?["reason"]?.string == "ContainerStatusUnknown")
        #expect(last?["exitCode"]?.int == 137)
    }

    @Test func oneThatMayNotStartAgainHasFailed() {
        let pod = pod(policy: "Never")
        var machine = PodStateMachine(identity, shape: PodShape(pod))
        machine.restore(status(), now: start)
        var seen = PodObservation(containers: 2)
        seen.sandbox = SandboxState(id: "s", isReady: true, addresses: ["10.0.0.2"], created: start)
        for second in 0..<5 {
            let next = step(&machine, seen, pod, Double(second))
            #expect(
                !next.actions.contains {
                    if case .startContainer = $0 { return true }
                    return false
                })
            if next.actions.contains(.removeSandbox) { seen.sandbox = nil }
        }
        #expect(machine.isDone)
        let shown = machine.status(
            pod, node: NodeFacts(addresses: ["1.1.1.1"], runtimeName: "containerd"), now: start.adding(9))
        #expect(shown["phase"]?.string == "Failed")
    }

    @Test func aSandboxThatDiesTakesWhatWasDoneInItAlong() {
        let pod = pod()
        var machine = PodStateMachine(identity, shape: PodShape(pod))
        machine.restore(status(), now: start)
        var seen = PodObservation(containers: 2)
        func instance(_ id: String, _ state: ContainerInstance.State) -> ContainerInstance {
            var instance = ContainerInstance(id: id, attempt: 2, state: state, imageID: "x")
            instance.started = start
            if state == .exited { instance.finished = start }
            return instance
        }
        seen.sandbox = SandboxState(id: "s", isReady: true, addresses: ["10.0.0.2"], created: start)
        seen.containers = [instance("old-i", .exited), instance("old-c", .running)]
        #expect(step(&machine, seen, pod).actions.isEmpty, "what runs is left alone")

        seen.sandbox?.isReady = false
        seen.containers[1] = instance("old-c", .exited)
        #expect(step(&machine, seen, pod, 1).actions == [.createSandbox(attempt: 1)])
        #expect(step(&machine, seen, pod, 2).actions.isEmpty, "asked once")
        seen.sandbox = SandboxState(id: "t", isReady: true, addresses: ["10.0.0.2"], created: start)
        #expect(
            step(&machine, seen, pod, 3).actions == [.startContainer(container: 0, attempt: 3)],
            "the init container of the old sandbox does not count")
    }
}
