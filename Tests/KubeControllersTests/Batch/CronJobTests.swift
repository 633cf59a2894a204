import KubeAPI
import KubeJSON
import Testing

@testable import KubeControllers

struct CronTimesTests {
    private func times(_ schedule: String, _ zone: String? = nil, after: String, _ count: Int) -> [String] {
        guard let times = CronTimes(schedule, timeZone: zone), var time = Timestamp(after)?.seconds else {
            return ["unreadable"]
        }
        var result: [String] = []
        for _ in 0..<count {
            guard let next = times.next(after: time) else { return result + ["none"] }
            result.append(Timestamp(seconds: next).rfc3339)
            time = next
        }
        return result
    }

    @Test func plain() {
        #expect(
            times("*/15 * * * *", after: "2024-02-28T23:50:30Z", 2)
                == ["2024-02-29T00:00:00Z", "2024-02-29T00:15:00Z"])
        #expect(times("@daily", after: "2023-12-31T00:00:00Z", 1) == ["2024-01-01T00:00:00Z"])
        #expect(times("@weekly", after: "2024-03-06T00:00:00Z", 1) == ["2024-03-10T00:00:00Z"])
        #expect(
            times("0 0 29 2 *", after: "2024-03-01T00:00:00Z", 1) == ["2028-02-29T00:00:00Z"])
        #expect(times("0 0 31 2 *", after: "2024-03-01T00:00:00Z", 1) == ["none"])
        // A day of the month or of the week, unless one of them is any.
        #expect(
            times("0 0 13 * fri", after: "2024-09-07T00:00:00Z", 3)
                == ["2024-09-13T00:00:00Z", "2024-09-20T00:00:00Z", "2024-09-27T00:00:00Z"])
        #expect(
            times("0 0 */2 * fri", after: "2024-09-01T12:00:00Z", 2)
                == ["2024-09-03T00:00:00Z", "2024-09-05T00:00:00Z"])
        #expect(
            times("30 6-16/4 * * MON-FRI", after: "2024-09-06T15:00:00Z", 2)
                == ["2024-09-09T06:30:00Z", "2024-09-09T10:30:00Z"])
        #expect(
            times("@every 1h30m", after: "2024-09-06T15:00:10Z", 2)
                == ["2024-09-06T16:30:10Z", "2024-09-06T18:00:10Z"])
        #expect(times("61 * * * *", after: "2024-09-06T15:00:00Z", 1) == ["unreadable"])
        #expect(times("0 0 * * *", "Nowhere/Town", after: "2024-09-06T15:00:00Z", 1) == ["unreadable"])
    }

    @Test func daylightSaving() {
        let newYork = "America/New_York"
        // 02:30 is skipped on 10 March 2024.
        #expect(
            times("30 2 * * *", newYork, after: "2024-03-09T12:00:00Z", 2)
                == ["2024-03-11T06:30:00Z", "2024-03-12T06:30:00Z"])
        #expect(
            times("0 * * * *", newYork, after: "2024-03-10T06:00:00Z", 2)
                == ["2024-03-10T07:00:00Z", "2024-03-10T08:00:00Z"])
        // 01:30 comes twice on 3 November 2024.
        #expect(
            times("30 1 * * *", newYork, after: "2024-11-02T12:00:00Z", 3)
                == ["2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z", "2024-11-04T06:30:00Z"])
        #expect(
            times("0 0 * * *", newYork, after: "2024-03-09T12:00:00Z", 3)
                == ["2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z", "2024-03-12T04:00:00Z"])
        // Midnight is skipped in Asuncion on 6 October 2024: the first hour of the day is 1.
        #expect(
            times("0 1 6 10 *", "America/Asuncion", after: "2024-10-01T00:00:00Z", 1)
                == ["2024-10-06T04:00:00Z"])
        #expect(
            times("45 5 * * *", "Asia/Kathmandu", after: "2024-10-01T00:00:00Z", 1)
                == ["2024-10-02T00:00:00Z"])
        // Half an hour is skipped on Lord Howe Island.
        #expect(
            times("15 2 * * *", "Australia/Lord_Howe", after: "2024-10-05T12:00:00Z", 1)
                == ["2024-10-06T15:15:00Z"])
        #expect(
            times("TZ=Europe/Berlin 0 9 * * *", after: "2024-07-01T00:00:00Z", 1) == ["2024-07-01T07:00:00Z"])
    }

    /// Every zone's calendar and clock agree: a minute's local time is found again.
    @Test(arguments: [
        "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca",
    ])
    func everyMatchIsOne(zone: String) throws {
        let place = try #require(CronZone(zone))
        let times = try #require(CronTimes("7,37 */5 * * *", timeZone: zone))
        var time: Int64 = 1_700_000_000
        for _ in 0..<1_500 {
            let next = try #require(times.next(after: time))
            #expect(next > time)
            let local = place.local(next)
            #expect([7, 37].contains(local.minute) && local.hour % 5 == 0 && local.second == 0)
            // None between them is left out.
            var probe = time - time % 60 + 60
            while probe < next {
                let other = place.local(probe)
                #expect(!([7, 37].contains(other.minute) && other.hour % 5 == 0), "\(zone) \(probe)")
                probe += 420
            }
            time = next
        }
    }

    @Test func missedTimes() throws {
        let hourly = try #require(CronTimes("0 * * * *", timeZone: nil))
        #expect(try MissedTimes(hourly, after: 0, until: 3_599).latest == nil)
        #expect(try MissedTimes(hourly, after: 0, until: 3_600).latest == 3_600)
        #expect(try MissedTimes(hourly, after: 0, until: 100 * 3_600).areMany == false)
        #expect(try MissedTimes(hourly, after: 0, until: 101 * 3_600).areMany)
        #expect(try MissedTimes(hourly, after: 0, until: 101 * 3_600 + 5).latest == 101 * 3_600)
        let never = try #require(CronTimes("0 0 31 2 *", timeZone: nil))
        #expect(throws: MissedTimes.Problem.self) { try MissedTimes(never, after: 0, until: 10) }
        #expect(CronZone.rfc1123(1_700_000_000) == "Tue, 14 Nov 2023 22:13:20 +0000")
    }
}

struct CronJobTests {
    /// The world begins on 14 November 2023 at 22:13:20.
    private func cron(_ world: JobWorld, _ fields: JSONObject = [:], schedule: String = "* * * * *") throws {
        var spec: JSONObject = [
            "schedule": .string(schedule),
            "jobTemplate": [
                "metadata": ["labels": ["of": "tick"], "annotations": ["a": "b"]], "spec": JobWorld.spec(),
            ],
        ]
        for (key, value) in fields { spec[key] = value }
        try world.cluster.create(
            "batch/v1", "cronjobs", ["metadata": ["name": "tick"], "spec": .object(spec)])
        world.settle(0.01)
    }

    private func get(_ world: JobWorld) throws -> JSON {
        try world.cluster.get("batch/v1", "cronjobs", "tick") ?? .null
    }

    private func finish(_ world: JobWorld, _ phase: String = "Succeeded") throws {
        for pod in try world.active() { try world.set(pod, phase) }
        world.settle(0.5)
    }

    @Test func makesJobs() throws {
        let world = try JobWorld()
        try cron(world, ["timeZone": "Europe/Berlin"])
        #expect(try world.jobs().isEmpty)
        world.settle(41)
        let job = try #require(try world.jobs().first)
        #expect(job.name == "tick-\(1_700_000_040 / 60)")
        #expect(job.at("metadata", "labels", "of") == "tick")
        #expect(job.at("metadata", "annotations", "a") == "b")
        #expect(
            job.at("metadata", "annotations", "batch.kubernetes.io/cronjob-scheduled-timestamp")
                == "2023-11-14T23:14:00+01:00")
        #expect(job.controllerUID == (try get(world).uid))
        var status = try get(world)["status"]
        #expect(status?["lastScheduleTime"] == "2023-11-14T22:14:00Z")
        #expect(status?["active"]?[0]?["name"]?.string == job.name)
        #expect(status?["active"]?[0]?["uid"]?.string == job.uid)
        #expect(try world.has("SuccessfulCreate: Created job \(job.name)"))
        try finish(world)
        status = try get(world)["status"]
        #expect(status?["active"] == nil)
        #expect(status?["lastSuccessfulTime"] == (try world.jobs()[0].at("status", "completionTime")))
        #expect(try world.has("SawCompletedJob: Saw completed job: \(job.name), condition: Complete"))
        #expect(world.failures == [])
    }

    @Test(arguments: [("Allow", 3), ("Forbid", 1), ("Replace", 1)])
    func concurrency(policy: String, count: Int) throws {
        let world = try JobWorld(collects: true)
        try cron(world, ["concurrencyPolicy": .string(policy)])
        world.settle(41 + 120)
        let jobs = try world.jobs()
        #expect(jobs.count == count)
        let last = policy == "Forbid" ? 1_700_000_040 : 1_700_000_160
        #expect(jobs.last?.name == "tick-\(last / 60)")
        let active = try get(world).at("status", "active")?.array ?? []
        #expect(active.compactMap { $0["name"]?.string } == jobs.map(\.name))
        let forbidden =
            "JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid"
        #expect(try world.has(forbidden) == (policy == "Forbid"))
        #expect(
            try world.has("SuccessfulDelete: Deleted job tick-\(1_700_000_100 / 60)") == (policy == "Replace")
        )
        if policy == "Forbid" {
            // What was put off is made up for as soon as it can be.
            try finish(world)
            #expect(try world.jobs().count == 2)
        }
        #expect(world.failures == [])
    }

    @Test func keepsSomeHistory() throws {
        let world = try JobWorld(collects: true)
        try cron(world, ["successfulJobsHistoryLimit": 2, "failedJobsHistoryLimit": 0])
        for turn in 0..<5 {
            world.settle(turn == 0 ? 41 : 59.5)
            try finish(world)
        }
        world.settle(1)
        let names = try world.jobs().map(\.name)
        #expect(names == ["tick-\(1_700_000_220 / 60)", "tick-\(1_700_000_280 / 60)"])
        #expect(try world.has("SuccessfulDelete: Deleted job tick-\(1_700_000_040 / 60)"))
    }

    @Test func suspendedMakesNone() throws {
        let world = try JobWorld()
        try cron(world, ["suspend": true])
        world.settle(300)
        #expect(try world.jobs().isEmpty)
        try world.cluster.patch("batch/v1", "cronjobs", "tick", ["spec": ["suspend": false]])
        world.settle(0.5)
        // The latest that was missed is made up for.
        #expect(try world.jobs().map(\.name) == ["tick-\(1_700_000_280 / 60)"])
    }

    @Test func deadlines() throws {
        let world = try JobWorld()
        try cron(world, ["suspend": true, "startingDeadlineSeconds": 15])
        world.settle(300)
        try world.cluster.patch("batch/v1", "cronjobs", "tick", ["spec": ["suspend": false]])
        world.settle(0.5)
        // 22:18:00 is 21 seconds ago.
        #expect(try world.jobs().isEmpty)
        world.settle(60)
        #expect(try world.jobs().map(\.name) == ["tick-\(1_700_000_340 / 60)"])
    }

    @Test func tooManyMissed() throws {
        let world = try JobWorld()
        try cron(world, ["suspend": true])
        world.settle(101 * 60)
        try world.cluster.patch("batch/v1", "cronjobs", "tick", ["spec": ["suspend": false]])
        world.settle(0.5)
        #expect(try world.jobs().count == 1)
        #expect(
            try world.has(
                "TooManyMissedTimes: too many missed start times. Set or decrease "
                    + ".spec.startingDeadlineSeconds or check clock skew"))
    }

    @Test func aNewScheduleMakesUpForNothing() throws {
        let world = try JobWorld()
        try cron(world, schedule: "0 0 1 1 *")
        world.settle(600)
        try world.cluster.patch("batch/v1", "cronjobs", "tick", ["spec": ["schedule": "*/5 * * * *"]])
        world.settle(1)
        #expect(try world.jobs().isEmpty)
        world.settle(300)
        #expect(try world.jobs().count == 1)
    }

    @Test func missingAndUnexpectedJobs() throws {
        let world = try JobWorld(collects: true)
        try cron(world)
        world.settle(41)
        let name = try #require(try world.jobs().first?.name)
        try world.cluster.delete("batch/v1", "jobs", name, policy: "Background")
        world.settle(1)
        #expect(try world.has("MissingJob: Active job went missing: \(name)"))
        #expect(try get(world).at("status", "active") == nil)
        var stray = try get(world)
        stray = [
            "metadata": ["name": "stray", "ownerReferences": [PodTemplates.ownerReference(to: stray)]],
            "spec": JobWorld.spec(),
        ]
        try world.cluster.create("batch/v1", "jobs", stray)
        world.settle(1)
        #expect(
            try world.has("UnexpectedJob: Saw a job that the controller did not create or forgot: stray"))
    }

    @Test func impossibleTimes() throws {
        let world = try JobWorld()
        try cron(world, schedule: "0 0 31 2 *")
        world.settle(1)
        #expect(
            try world.has(
                "InvalidSchedule: invalid schedule: 0 0 31 2 * : time difference between two schedules is less "
                    + "than 1 second"))
    }

    /// Whatever becomes of Jobs: no policy is broken, no time is served twice, none is missed.
    @Test(arguments: 0..<10) func holds(block: Int) throws {
        for seed in UInt64(block * 6)..<UInt64(block * 6 + 6) {
            let world = try JobWorld(seed: seed, collects: true)
            func roll(_ count: UInt64) -> Int { Int(world.cluster.random() % count) }
            let policy = ["Allow", "Forbid", "Replace"][roll(3)]
            try cron(world, ["concurrencyPolicy": .string(policy), "successfulJobsHistoryLimit": 1])
            for _ in 0..<8 {
                world.settle(Double(roll(90)))
                switch roll(4) {
                case 0: try finish(world)
                case 1: for pod in try world.active().prefix(1) { try world.set(pod, "Succeeded") }
                case 2:
                    if let job = try world.jobs().first {
                        try world.cluster.delete("batch/v1", "jobs", job.name, policy: "Background")
                    }
                default: break
                }
                world.settle(0.2)
                let running = try world.jobs().filter {
                    !JobController.isFinished($0) && $0.deletionTimestamp == nil
                }
                if policy != "Allow" { #expect(running.count <= 1, "seed \(seed) \(policy)") }
                let active = try get(world).at("status", "active")?.array ?? []
                #expect(
                    Set(active.compactMap { $0["uid"]?.string }) == Set(running.map(\.uid)),
                    "seed \(seed) \(policy)")
            }
            let made = try world.events().filter { $0.hasPrefix("SuccessfulCreate: Created job ") }
            #expect(Set(made).count == made.count, "seed \(seed)")
            if policy != "Forbid", made.count > 0, made.count < 10 {
                let minutes = (world.now.seconds - 20) / 60 - 1_700_000_000 / 60
                #expect(abs(Int64(made.count) - minutes) <= 1, "seed \(seed): \(made.count) of \(minutes)")
            }
            #expect(world.failures == [], "seed \(seed)")
        }
    }
}
