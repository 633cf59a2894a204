import KubeJSON
import Testing

@testable import AegisAPI

@Suite struct ObservationTests {
    private let template: JSON = [
        "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "web", "image": "web:2"]]],
    ]

    private func deployment(_ status: JSON) -> JSON {
        [
            "metadata": [
                "name": "web", "uid": "d", "resourceVersion": "9", "generation": 2,
                "annotations": ["deployment.kubernetes.io/revision": "2"],
            ],
            "spec": ["replicas": 2, "template": template], "status": status,
        ]
    }

    private func set(_ revision: String, _ image: String) -> JSON {
        var own = template
        own.set("abc", at: "metadata", "labels", "pod-template-hash")
        own.set([["name": "web", "image": .string(image)]], at: "spec", "containers")
        return [
            "metadata": [
                "name": .string("web-" + revision), "uid": .string("s" + revision),
                "annotations": ["deployment.kubernetes.io/revision": .string(revision)],
                "ownerReferences": [["uid": "d", "controller": true]],
            ],
            "spec": ["template": own],
        ]
    }

    private func pod(_ name: String, of set: String, _ state: JSON) -> JSON {
        [
            "metadata": [
                "name": .string(name), "ownerReferences": [["uid": .string(set), "controller": true]],
            ],
            "status": ["containerStatuses": [state]],
        ]
    }

    @Test func onlyPodsOfTheNewestTemplateCount() throws {
        let crashed: JSON = ["name": "web", "restartCount": 3, "lastState": ["terminated": ["exitCode": 1]]]
        let found = try #require(
            WorkloadObservation(
                deployment: deployment(["observedGeneration": 2]),
                replicaSets: [set("1", "web:1"), set("2", "web:2")],
                pods: [pod("old", of: "s1", crashed), pod("new", of: "s2", crashed)]))
        #expect(found.troubles.map(\.pod) == ["new"])
        #expect(
            found.troubles.first?.message == "pod new, container web: crashed 3 times, last with exit code 1")
        // The controller has not made a ReplicaSet of the newest template yet.
        let early = try #require(
            WorkloadObservation(
                deployment: deployment(["observedGeneration": 1]), replicaSets: [set("2", "web:1")],
                pods: [pod("old", of: "s2", crashed)]))
        #expect(early.troubles == [])
    }

    @Test func troublesAreTold() {
        func trouble(_ state: JSON) -> PodTrouble? {
            WorkloadObservation.trouble(of: pod("p", of: "s", state))
        }
        #expect(trouble(["name": "web", "restartCount": 1]) == nil)
        #expect(trouble(["name": "web", "state": ["waiting": ["reason": "ContainerCreating"]]]) == nil)
        #expect(
            trouble(["name": "web", "state": ["waiting": ["reason": "CrashLoopBackOff"]]])?.kind == .crashing)
        let pull = trouble([
            "name": "web", "state": ["waiting": ["reason": "ErrImagePull", "message": "no such"]],
        ])
        #expect(pull?.kind == .cannotStart)
        #expect(pull?.message == "pod p, container web: ErrImagePull: no such")
    }

    @Test func theControllersWordCountsForThisTemplateAlone() throws {
        func stalled(_ observed: Int64) throws -> String? {
            try #require(
                WorkloadObservation(
                    deployment: deployment([
                        "observedGeneration": .integer(observed),
                        "conditions": [
                            [
                                "type": "Progressing", "status": "False",
                                "reason": "ProgressDeadlineExceeded",
                                "message": "timed out",
                            ]
                        ],
                    ]))
            ).stalled
        }
        #expect(try stalled(2) == "timed out")
        #expect(try stalled(1) == nil)
    }
}
