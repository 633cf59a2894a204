import KubeJSON
import Testing

@testable import AegisAPI

@Suite struct SmallPartsTests {
    @Test func timesAreRFC3339() {
        #expect(timestamp(0) == "1970-01-01T00:00:00Z")
        #expect(timestamp(1_709_210_096_789, fraction: true) == "2024-02-29T12:34:56.789Z")
        #expect(timestamp(-1) == "1969-12-31T23:59:59Z")
        #expect(timestamp(253_402_300_799_000) == "9999-12-31T23:59:59Z")
    }

    @Test func redisSpeaksInPieces() throws {
        let text = "+OK\r\n:12\r\n$5\r\nhel\r\n\r\n$-1\r\n*2\r\n$1\r\na\r\n*1\r\n:1\r\n-ERR no\r\n$0\r\n\r\n"
        let expected: [RESPValue] = [
            .string(Array("OK".utf8)), .integer(12), .string(Array("hel\r\n".utf8)), .null,
            .array([.string([97]), .array([.integer(1)])]), .error("ERR no"), .string([]),
        ]
        for size in 1...text.utf8.count {
            var parser = RESPParser()
            var found: [RESPValue] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                parser.append(bytes[start..<min(start + size, bytes.count)])
                while let value = try parser.next() { found.append(value) }
            }
            #expect(found == expected, "pieces of \(size)")
        }
        #expect(respCommand(["SET", "k", "ü"]) == Array("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nü\r\n".utf8))
    }

    @Test func whatIsNoRedisIsRefused() {
        for text in ["?\r\n", "$x\r\n", "$99999999999\r\n", "$1\r\nabc", "\r\n", "*1000000\r\n", "+OK\rx"] {
            var parser = RESPParser()
            parser.append(Array(text.utf8))
            #expect(throws: RESPError.self, "\(text)") { while try parser.next() != nil {} }
        }
        var deep = RESPParser()
        deep.append(Array(String(repeating: "*1\r\n", count: 100).utf8))
        #expect(throws: RESPError.self) { _ = try deep.next() }
    }

    @Test func redisAddresses() {
        #expect(RedisAddress("redis://redis")?.port == 6379)
        let full = RedisAddress("redis://me:p%40ss@[::1]:7000/3")
        #expect(full?.host == "::1")
        #expect(full?.port == 7000)
        #expect(full?.user == "me")
        #expect(full?.password == "p@ss")
        #expect(full?.database == 3)
        #expect(RedisAddress("redis://:secret@host")?.user == nil)
        for wrong in [
            "rediss://host", "redis://", "redis://host:0", "redis://host:x", "redis://host/x", "host",
        ] {
            #expect(RedisAddress(wrong) == nil, "\(wrong)")
        }
    }

    @Test func escapesAreTakenBack() {
        #expect(percentDecoded("a%20b%C3%BC") == "a bü")
        #expect(percentDecoded("%zz") == nil)
        #expect(percentDecoded("%4") == nil)
        #expect(percentDecoded("%+1") == nil)
        #expect(percentDecoded("%FF") == nil)
    }

    @Test func bucketsFillAgain() {
        let limiter = RateLimiter(rate: 10, burst: 5)
        for _ in 0..<5 { #expect(limiter.admits("jane", now: 0)) }
        #expect(!limiter.admits("jane", now: 0))
        #expect(limiter.admits("joe", now: 0))
        #expect(limiter.admits("jane", now: 0.1))
        #expect(!limiter.admits("jane", now: 0.1))
        // A clock that goes back gives nothing.
        #expect(!limiter.admits("jane", now: -100))
        let open = RateLimiter(rate: 0, burst: 0)
        #expect(open.admits("jane", now: 0))
    }

    @Test func releaseIDsSortByTime() {
        let (early, late) = (releaseID(1_000), releaseID(2_000))
        #expect(early < late)
        #expect(Checker.isReleaseID(early))
        #expect(Set((0..<1_000).map { _ in releaseID(5) }).count == 1_000)
    }

    @Test func changesAreMadeOnceHoweverOften() throws {
        let template: JSON = [
            "metadata": ["labels": ["a": "b"]],
            "spec": [
                "containers": [
                    [
                        "name": "web", "image": "web:1",
                        "env": [["name": "A", "value": "1"], ["name": "S", "valueFrom": [:]]],
                    ],
                    ["name": "side", "image": "side:1"],
                ]
            ],
        ]
        let state = WorkloadState(template: template, replicas: 2)
        let change = ReleaseChange(
            container: "web", image: "web:2", environment: [("A", nil), ("B", "2"), ("S", "plain")],
            replicas: 4,
            isRestart: true)
        let once = try change.applied(to: state, at: 0)
        #expect(try change.applied(to: once, at: 0) == once)
        #expect(once.replicas == 4)
        let web = once.template.at("spec", "containers")?[0]
        #expect(web?["image"] == "web:2")
        #expect(web?["env"] == [["name": "S", "value": "plain"], ["name": "B", "value": "2"]])
        #expect(once.template.at("spec", "containers")?[1] == template.at("spec", "containers")?[1])
        #expect(
            once.template.at("metadata", "annotations", "kubectl.kubernetes.io/restartedAt")
                == "1970-01-01T00:00:00Z")
        #expect(throws: ChangeError.self) { try ReleaseChange(image: "x").applied(to: state, at: 0) }
        #expect(throws: ChangeError.self) {
            try ReleaseChange(container: "none", image: "x").applied(to: state, at: 0)
        }
    }

    @Test func figuresAreInPrometheusForm() {
        let figures = ServiceFigures()
        figures.request(route: "/v1/releases", method: "POST", status: 201, seconds: 0.003)
        figures.request(route: "/v1/releases", method: "POST", status: 201, seconds: 60)
        figures.finished(.rolledBack)
        figures.kubernetes(verb: "patch", code: 409)
        figures.kubernetes(verb: "list", code: nil)
        let text = figures.text(pool: .init(size: 4), redis: false, isReady: true)
        for line in [
            "http_requests_total{route=\"/v1/releases\",method=\"POST\",status=\"201\"} 2",
            "http_request_duration_seconds_bucket{route=\"/v1/releases\",method=\"POST\",le=\"0.005\"} 1",
            "http_request_duration_seconds_bucket{route=\"/v1/releases\",method=\"POST\",le=\"10.0\"} 1",
            "http_request_duration_seconds_bucket{route=\"/v1/releases\",method=\"POST\",le=\"+Inf\"} 2",
            "aegis_releases_total{outcome=\"rolled-back\"} 1",
            "aegis_releases_total{outcome=\"succeeded\"} 0",
            "aegis_kubernetes_requests_total{verb=\"patch\",code=\"409\"} 1",
            "aegis_kubernetes_requests_total{verb=\"list\",code=\"none\"} 1", "aegis_redis_up 0",
            "aegis_db_pool_size 4",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        #expect(!figures.text(pool: .init(size: 1), redis: nil, isReady: true).contains("aegis_redis_up"))
    }
}
