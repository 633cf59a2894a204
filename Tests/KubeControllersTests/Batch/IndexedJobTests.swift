import KubeAPI
import KubeJSON
import Testing

@testable import KubeControllers

struct IndexedJobTests {
    private func job(_ world: JobWorld, _ completions: Int, _ parallelism: Int, _ more: JSONObject = [:])
        throws
    {
        var fields: JSONObject = [
            "completionMode": "Indexed", "completions": .integer(Int64(completions)),
            "parallelism": .integer(Int64(parallelism)),
        ]
        for (key, value) in more { fields[key] = value }
        try world.job(fields)
    }

    @Test func podsKnowTheirIndex() throws {
        let world = try JobWorld()
        try job(world, 3, 2)
        let pods = try world.active()
        #expect(pods.map { JobWorld.index($0) } == [0, 1])
        let pod = try #require(pods.last)
        #expect(pod.name.hasPrefix("work-1-"))
        #expect(pod.at("spec", "hostname") == "work-1")
        #expect(pod.at("metadata", "labels", JobPods.indexKey) == "1")
        let variable = pod["spec"]?["containers"]?[0]?["env"]?[0]
        #expect(variable?["name"] == "JOB_COMPLETION_INDEX")
        #expect(
            variable?.at("valueFrom", "fieldRef", "fieldPath")
                == "metadata.labels['batch.kubernetes.io/job-completion-index']")
        #expect(pod.at("metadata", "annotations", JobPods.failureCountKey) == nil)
    }

    @Test func countsIndexes() throws {
        let world = try JobWorld()
        try job(world, 6, 6)
        for index in [0, 2, 3, 4] { try world.end("Succeeded", index: index) }
        #expect(try world.status()["completedIndexes"] == "0,2-4")
        #expect(try world.status()["succeeded"] == 4)
        try world.end("Failed", index: 5)
        world.settle(12)
        #expect(try world.active().map { JobWorld.index($0) } == [1, 5])
        try world.end("Succeeded", index: 1)
        try world.end("Succeeded", index: 5)
        #expect(try world.status()["completedIndexes"] == "0-5")
        #expect(try world.status()["failed"] == 1)
        #expect(try world.conditions().last == "Complete=True CompletionsReached")
    }

    @Test func elasticJobsShrinkAndGrow() throws {
        let world = try JobWorld()
        try job(world, 4, 4)
        try world.end("Succeeded", index: 3)
        try world.patch(["completions": 2, "parallelism": 2])
        #expect(try world.active().map { JobWorld.index($0) } == [0, 1])
        #expect(try world.status()["completedIndexes"] == nil)
        try world.patch(["completions": 3, "parallelism": 3])
        #expect(try world.active().map { JobWorld.index($0) } == [0, 1, 2])
        #expect(world.failures == [])
    }

    @Test func limitsPerIndex() throws {
        let world = try JobWorld()
        try job(world, 2, 2, ["backoffLimitPerIndex": 1])
        let count = { (pod: JSON?) in pod?.at("metadata", "annotations", JobPods.failureCountKey)?.string }
        #expect(try world.active().map(count) == ["0", "0"])
        #expect(try world.status()["failedIndexes"] == "")
        try world.end("Failed", index: 0)
        // The pod that failed waits until the next one has its count.
        #expect(try world.pods().allSatisfy { $0.finalizers == [JobPods.finalizer] })
        #expect(try world.active().count == 1)
        world.settle(10)
        #expect(try world.active().map(count) == ["1", "0"])
        #expect(try world.status()["failed"] == 1)
        try world.end("Failed", index: 0)
        #expect(try world.status()["failedIndexes"] == "0")
        world.settle(60)
        #expect(try world.active().count == 1)
        try world.end("Succeeded", index: 1)
        #expect(try world.conditions() == ["FailureTarget=True FailedIndexes", "Failed=True FailedIndexes"])
        #expect(try world.has("FailedIndexes: Job has failed indexes"))
        #expect(try world.status()["completedIndexes"] == "1")
    }

    @Test func tooManyFailedIndexes() throws {
        let world = try JobWorld()
        try job(world, 5, 5, ["backoffLimitPerIndex": 0, "maxFailedIndexes": 1])
        try world.end("Failed", index: 1)
        #expect(try world.conditions() == [])
        try world.end("Failed", index: 3)
        #expect(try world.conditions().last == "Failed=True MaxFailedIndexesExceeded")
        #expect(try world.status()["failedIndexes"] == "1,3")
    }

    @Test func duplicateAndForeignIndexesGo() throws {
        let world = try JobWorld()
        try job(world, 2, 2)
        var copy = try #require(try world.active().first)
        let metadata: JSONObject = [
            "name": "twin", "labels": copy["metadata"]?["labels"] ?? [:],
            "annotations": copy["metadata"]?["annotations"] ?? [:],
        ]
        copy = ["metadata": .object(metadata), "spec": ["containers": [["name": "c", "image": "b"]]]]
        try world.cluster.create("v1", "pods", copy)
        world.settle(3)
        #expect(try world.active().map { JobWorld.index($0) } == [0, 1])
        #expect(try world.status()["failed"] == nil)
    }

    // MARK: Policies

    private let exitCodes: JSON = [
        "rules": [
            ["action": "FailIndex", "onExitCodes": ["operator": "In", "values": [3]]],
            [
                "action": "FailJob",
                "onExitCodes": ["containerName": "c", "operator": "In", "values": [42, 43]],
            ],
            ["action": "Count", "onExitCodes": ["operator": "In", "values": [7]]],
            ["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]],
        ]
    ]

    @Test func failurePolicyFailsTheJob() throws {
        let world = try JobWorld()
        try job(world, 2, 2, ["podFailurePolicy": exitCodes, "backoffLimitPerIndex": 3])
        let name = try #require(try world.active().first?.name)
        try world.end("Failed", code: 42)
        let message =
            "Container c for pod default/\(name) failed with exit code 42 matching FailJob rule at index 1"
        #expect(try world.conditions().last == "Failed=True PodFailurePolicy")
        #expect(try world.status()["conditions"]?[0]?["message"]?.string == message)
        #expect(try world.has("PodFailurePolicy: " + message))
    }

    @Test func failurePolicyFailsAnIndex() throws {
        let world = try JobWorld()
        try job(world, 2, 2, ["podFailurePolicy": exitCodes, "backoffLimitPerIndex": 3])
        try world.end("Failed", index: 0, code: 3)
        #expect(try world.status()["failedIndexes"] == "0")
        #expect(try world.status()["failed"] == 1)
    }

    @Test func failurePolicyIgnores() throws {
        let world = try JobWorld()
        try job(world, 2, 2, ["podFailurePolicy": exitCodes, "backoffLimitPerIndex": 0])
        try world.end(
            "Failed", index: 0, conditions: [["type": "DisruptionTarget", "status": "True"]])
        #expect(try world.status()["failedIndexes"] == "")
        world.settle(12)
        let pod = try #require(try world.active().first)
        #expect(pod.at("metadata", "annotations", JobPods.ignoredCountKey) == "1")
        #expect(pod.at("metadata", "annotations", JobPods.failureCountKey) == "0")
        #expect(try world.status()["failed"] == nil)
    }

    @Test func ignoredFailuresDoNotCountForTheLimit() throws {
        let world = try JobWorld()
        let policy: JSON = [
            "rules": [
                ["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]]
            ]
        ]
        try world.job(["podFailurePolicy": policy, "backoffLimit": 0])
        for _ in 0..<3 {
            try world.end("Failed", conditions: [["type": "DisruptionTarget", "status": "True"]])
            #expect(try world.conditions() == [])
            world.settle(100)
        }
        try world.end("Failed")
        #expect(try world.conditions().last == "Failed=True BackoffLimitExceeded")
        #expect(try world.status()["failed"] == 1)
    }

    private static let successRules: [(JSON, [Int])] = [
        (["succeededIndexes": "1,3"], [1, 3]), (["succeededCount": 2], [4, 0]),
        (["succeededIndexes": "0-2", "succeededCount": 2], [2, 0]),
    ]

    @Test(arguments: successRules)
    func successPolicy(rule: JSON, indexes: [Int]) throws {
        let world = try JobWorld()
        try job(world, 5, 5, ["successPolicy": ["rules": [rule]]])
        try world.end("Succeeded", index: indexes[0])
        #expect(try world.conditions() == [])
        try world.end("Succeeded", index: indexes[1])
        #expect(
            try world.conditions() == [
                "SuccessCriteriaMet=True SuccessPolicy", "Complete=True SuccessPolicy",
            ])
        let status = try world.status()
        #expect(status["conditions"]?[1]?["message"] == "Matched rules at index 0")
        #expect(status["failed"] == nil)
        #expect(status["succeeded"] == 2)
        #expect(try world.active().isEmpty)
    }

    // MARK: Intervals

    @Test func intervals() {
        let set = JobIndexes("0,2-4,7,x,9-20", completions: 12)
        #expect(set.text == "0,2-4,7,9-11")
        #expect(set.count == 8)
        #expect(
            [0, 1, 2, 4, 5, 7, 8, 11, 12].map(set.contains) == [
                true, false, true, true, false, true, false, true, false,
            ])
        #expect(set.adding([8, 1]).text == "0-4,7-11")
        #expect(JobIndexes().adding([3, 4]).text == "3,4")
        #expect(set.firstMissing(3, completions: 12) == [1, 5, 6])
        #expect(set.firstMissing(9, completions: 12) == [1, 5, 6, 8])
        #expect(set.overlap(JobIndexes("3-9", completions: 12)) == 4)
        #expect(set.union(JobIndexes("1,5,6", completions: 12)).text == "0-7,9-11")
    }
}
