import KubeAPI
import KubeJSON
import Testing

@testable import KubeControllers

struct JobTests {
    @Test func runsToCompletion() throws {
        let world = try JobWorld()
        try world.job(["completions": 3, "parallelism": 2])
        #expect(try world.active().count == 2)
        var status = try world.status()
        #expect(status["active"] == 2)
        #expect(status["ready"] == 0)
        #expect(status["terminating"] == 0)
        #expect(status["uncountedTerminatedPods"] == [:])
        #expect(status["startTime"]?.string != nil)
        let pod = try #require(try world.pods().first)
        #expect(pod.finalizers == ["batch.kubernetes.io/job-tracking"])
        #expect(pod.name.hasPrefix("work-"))
        let uid = try world.get().uid
        #expect(pod.at("metadata", "labels", "batch.kubernetes.io/controller-uid")?.string == uid)
        try world.set(pod, "Running", ready: true)
        world.settle()
        #expect(try world.status()["ready"] == 1)
        for _ in 0..<3 { try world.end("Succeeded") }
        status = try world.status()
        #expect(status["succeeded"] == 3)
        #expect(status["active"] == nil)
        #expect(status["completionTime"]?.string != nil)
        #expect(
            try world.conditions() == [
                "SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached",
            ])
        #expect(
            status["conditions"]?[1]?["message"]?.string == "Reached expected number of succeeded pods")
        #expect(try world.has("Completed: Job completed"))
        #expect(try world.events().filter { $0.hasPrefix("SuccessfulCreate: Created pod: work-") }.count == 3)
        #expect(try world.pods().count == 3)
        #expect(try world.pods().allSatisfy { $0.finalizers.isEmpty })
        #expect(world.failures == [])
    }

    @Test func workQueueEndsWithItsFirstSuccess() throws {
        let world = try JobWorld()
        try world.job(["parallelism": 3])
        #expect(try world.active().count == 3)
        try world.end("Succeeded")
        #expect(try world.active().count == 2)
        #expect(try world.conditions() == [])
        try world.end("Failed")
        #expect(try world.active().count == 1)
        try world.end("Succeeded")
        #expect(try world.conditions().last == "Complete=True CompletionsReached")
        #expect(try world.status()["succeeded"] == 2)
        #expect(try world.status()["failed"] == 1)
    }

    @Test func waitsLongerAfterEachFailure() throws {
        let world = try JobWorld()
        try world.job(["backoffLimit": 8])
        var waits: [Int] = []
        for _ in 0..<8 {
            try world.set(try #require(try world.active().first), "Failed")
            let start = world.now
            #expect(world.cluster.run(atMost: 1_000) { (try? world.active().count) == 1 })
            waits.append(Int(world.now.since(start).rounded()))
            world.settle()
        }
        #expect(waits == [10, 20, 40, 80, 160, 320, 600, 600])
        try world.end("Failed")
        #expect(
            try world.conditions() == [
                "FailureTarget=True BackoffLimitExceeded", "Failed=True BackoffLimitExceeded",
            ])
        #expect(try world.has("BackoffLimitExceeded: Job has reached the specified backoff limit"))
        #expect(try world.status()["failed"] == 9)
        world.settle(2_000)
        #expect(try world.active().isEmpty)
    }

    @Test func successResetsTheBackOff() throws {
        let world = try JobWorld()
        try world.job(["completions": 3])
        try world.end("Failed")
        world.settle(12)
        try world.end("Succeeded")
        try world.end("Failed")
        #expect(try world.active().isEmpty)
        world.settle(9.5)
        #expect(try world.active().count == 1)
    }

    @Test func failureDeletesWhatStillRuns() throws {
        let world = try JobWorld()
        try world.job(["completions": 3, "parallelism": 3, "backoffLimit": 0])
        try world.end("Failed")
        #expect(try world.active().isEmpty)
        #expect(try world.conditions().last == "Failed=True BackoffLimitExceeded")
        // Those that were deleted have failed as well.
        #expect(try world.status()["failed"] == 3)
        #expect(try world.status()["terminating"] == 0)
        #expect(try world.pods().count == 1)
        #expect(try world.events().filter { $0.hasPrefix("SuccessfulDelete: Deleted pod: ") }.count == 2)
    }

    @Test func failedWaitsForTerminatingPods() throws {
        let world = try JobWorld(reaps: false)
        try world.job(["completions": 2, "parallelism": 2, "backoffLimit": 0])
        let pods = try world.active()
        for pod in pods { try world.bind(pod) }
        try world.end("Failed", index: nil)
        #expect(try world.conditions() == ["FailureTarget=True BackoffLimitExceeded"])
        #expect(try world.status()["terminating"] == 1)
        let left = try #require(try world.pods().first { $0.deletionTimestamp != nil })
        try world.cluster.delete("v1", "pods", left.name, gracePeriodSeconds: 0)
        world.settle()
        #expect(try world.conditions().last == "Failed=True BackoffLimitExceeded")
    }

    @Test func restartsCountWhereContainersAreRestarted() throws {
        let world = try JobWorld()
        var spec = JobWorld.spec(["backoffLimit": 2])
        spec.set("OnFailure", at: "template", "spec", "restartPolicy")
        try world.job(spec.object ?? [:])
        let pod = try #require(try world.active().first)
        func restart(_ count: Int) throws {
            try world.cluster.patch(
                "v1", "pods", pod.name,
                [
                    "status": [
                        "phase": "Running",
                        "containerStatuses": [
                            [
                                "name": "c", "image": "busybox", "imageID": "", "ready": true,
                                "restartCount": .integer(Int64(count)),
                            ]
                        ],
                    ]
                ], subresource: "status")
            world.settle()
        }
        try restart(1)
        #expect(try world.conditions() == [])
        try restart(2)
        #expect(try world.conditions().last == "Failed=True BackoffLimitExceeded")
    }

    @Test func deadline() throws {
        let world = try JobWorld()
        try world.job(["activeDeadlineSeconds": 30])
        world.settle(27)
        #expect(try world.conditions() == [])
        world.settle(3)
        #expect(try world.conditions().last == "Failed=True DeadlineExceeded")
        #expect(try world.has("DeadlineExceeded: Job was active longer than specified deadline"))
        #expect(try world.pods().isEmpty)
    }

    @Test func suspendsAndResumes() throws {
        let world = try JobWorld()
        try world.job(["completions": 2, "parallelism": 2, "activeDeadlineSeconds": 100])
        let start = try world.status()["startTime"]?.string
        world.settle(50)
        try world.patch(["suspend": true])
        #expect(try world.pods().isEmpty)
        var status = try world.status()
        #expect(try world.conditions() == ["Suspended=True JobSuspended"])
        #expect(status["active"] == nil)
        #expect(status["failed"] == nil)
        #expect(try world.has("Suspended: Job suspended"))
        world.settle(500)
        #expect(try world.conditions() == ["Suspended=True JobSuspended"])
        try world.patch(["suspend": false])
        status = try world.status()
        #expect(try world.conditions() == ["Suspended=False JobResumed"])
        #expect(status["active"] == 2)
        #expect(try #require(status["startTime"]?.string) > start ?? "")
        #expect(try world.has("Resumed: Job resumed"))
        #expect(world.failures == [])
        world.settle(100)
        #expect(try world.conditions().last == "Failed=True DeadlineExceeded")
    }

    @Test func bornSuspended() throws {
        let world = try JobWorld()
        try world.job(["suspend": true])
        #expect(try world.pods().isEmpty)
        #expect(try world.status()["startTime"] == nil)
        try world.patch(["suspend": false])
        #expect(try world.active().count == 1)
        #expect(try world.status()["startTime"]?.string != nil)
    }

    @Test(arguments: [false, true]) func nothingToDo(suspended: Bool) throws {
        let world = try JobWorld()
        try world.job(["completions": 0, "suspend": .bool(suspended)])
        #expect(try world.conditions().last == "Complete=True CompletionsReached")
        #expect(try world.pods().isEmpty)
        #expect(world.failures == [])
    }

    @Test func scalesWithParallelism() throws {
        let world = try JobWorld()
        try world.job(["completions": 10, "parallelism": 4])
        try world.patch(["parallelism": 1])
        #expect(try world.active().count == 1)
        #expect(try world.status()["failed"] == nil)
        try world.patch(["parallelism": 6])
        #expect(try world.active().count == 6)
        try world.patch(["parallelism": 0])
        #expect(try world.active().count == 0)
        #expect(try world.status()["failed"] == nil)
    }

    @Test func deletedPodsAreFailures() throws {
        let world = try JobWorld()
        try world.job()
        let pod = try #require(try world.active().first)
        try world.cluster.delete("v1", "pods", pod.name)
        world.settle()
        #expect(try world.status()["failed"] == 1)
        #expect(try world.pods().isEmpty)
        world.settle(12)
        #expect(try world.active().count == 1)
    }

    @Test(arguments: [("Failed", 0), ("TerminatingOrFailed", 1)])
    func replacement(policy: String, active: Int) throws {
        let world = try JobWorld(reaps: false)
        try world.job(["podReplacementPolicy": .string(policy)])
        let pod = try #require(try world.active().first)
        try world.bind(pod)
        try world.cluster.delete("v1", "pods", pod.name)
        world.settle(15)
        #expect(try world.active().count == active)
        #expect(try world.status()["terminating"] == 1)
        #expect(try world.status()["failed"]?.int == (active == 1 ? 1 : nil))
        try world.set(pod, "Failed")
        world.settle(30)
        #expect(try world.active().count == 1)
        #expect(try world.status()["failed"] == 1)
    }

    @Test func leavesJobsOfOthersAlone() throws {
        let world = try JobWorld()
        try world.job(["managedBy": "example.com/queue"])
        #expect(try world.pods().isEmpty)
        #expect(try world.status().object?.isEmpty ?? true)
    }

    @Test(arguments: ["Background", "Foreground", "Orphan"]) func deletedJobsHoldNoPods(policy: String) throws
    {
        let world = try JobWorld(collects: true)
        try world.job(["completions": 4, "parallelism": 2])
        try world.end("Succeeded")
        try world.cluster.delete("batch/v1", "jobs", "work", policy: policy)
        world.settle(5)
        #expect(try world.jobs().isEmpty)
        let pods = try world.pods()
        #expect(pods.allSatisfy { $0.finalizers.isEmpty })
        #expect(pods.isEmpty == (policy != "Orphan"))
    }

    @Test func adoptsAndReleases() throws {
        let world = try JobWorld()
        try world.job(["completions": 2, "parallelism": 1])
        let pod = try #require(try world.active().first)
        let labels = pod.at("metadata", "labels") ?? [:]
        try world.cluster.patch(
            "v1", "pods", pod.name,
            ["metadata": ["labels": ["batch.kubernetes.io/controller-uid": "other"]]])
        world.settle()
        let released = try #require(try world.cluster.get("v1", "pods", pod.name))
        #expect(released.ownerReferences.isEmpty)
        #expect(released.finalizers.isEmpty)
        #expect(try world.status()["active"] == 1)
        try world.cluster.patch("v1", "pods", pod.name, ["metadata": ["labels": labels]])
        world.settle()
        let uid = try world.get().uid
        let owned = try world.pods().filter { $0.ownerUIDs == [uid] }
        #expect(owned.count == 1)
        #expect(owned.allSatisfy { $0.finalizers == [JobPods.finalizer] })
    }

    @Test func refusedPodsDoNotHoldBackTheStatus() throws {
        let world = try JobWorld()
        try world.cluster.create(
            "v1", "resourcequotas",
            ["metadata": ["name": "q"], "spec": ["hard": ["pods": "0"]], "status": ["hard": ["pods": "0"]]])
        try world.cluster.patch(
            "v1", "resourcequotas", "q",
            ["status": ["hard": ["pods": "0"], "used": ["pods": "0"]]], subresource: "status")
        try world.job(["parallelism": 2, "completions": 2])
        #expect(try world.active().isEmpty)
        let status = try world.status()
        #expect(status["startTime"]?.string != nil)
        #expect(status["active"] == nil)
        #expect(try world.events().contains { $0.hasPrefix("FailedCreate: Error creating: pods ") })
    }
}
