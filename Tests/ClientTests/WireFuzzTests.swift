import Foundation
import Testing

/// Requests that no client should send: each gets a Status with upstream's code, and harms nothing.
@Suite(.clients, .serialized)
struct WireFuzzTests {
    private static let base = "/api/v1/namespaces/fuzz/configmaps"
    private static let json = ("Content-Type", "application/json")

    /// A cluster with objects that must still be there, unchanged, when the test is over.
    private func cluster() async throws -> (Cluster, Wire, kept: [UInt8]) {
        let cluster = try await Cluster.start()
        let wire = try await Wire.connect(cluster, patience: .minutes(1))
        for name in ["fuzz", "kept"] {
            let body = #"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"\#(name)"}}"#
            _ = await wire.request("POST", "/api/v1/namespaces", headers: [Self.json], body: Array(body.utf8))
        }
        for number in 0..<50 {
            let body = Self.configMap("kept-\(number)")
            let answer = await wire.request(
                "POST", "/api/v1/namespaces/kept/configmaps", headers: [Self.json], body: body)
            #expect(answer?.status == 201)
        }
        _ = await wire.request(
            "POST", Self.base, headers: [Self.json],
            body: Array(
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"target"},"data":{"a":"b"}}"#.utf8)
        )
        return (cluster, wire, try await items(wire))
    }

    /// The items of the kept namespace, without the list's own revision.
    private func items(_ wire: Wire) async throws -> [UInt8] {
        let answer = try #require(
            await wire.request("GET", "/api/v1/namespaces/kept/configmaps?labelSelector=!nothing"))
        let start = try #require(answer.body.firstRange(of: Array(#""items":"#.utf8)))
        return Array(answer.body[start.lowerBound...])
    }

    private static func configMap(_ name: String) -> [UInt8] {
        Array(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\#(name)"}}"#.utf8)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var method = "GET"
        var target: String
        var type: String?
        var headers: [(String, String)] = []
        var body: String?
        var codes: Set<Int>

        init(
            _ method: String, _ target: String, type: String? = nil,
            headers: [(String, String)] = [], body: String? = nil, _ codes: Int...
        ) {
            (self.method, self.target, self.type, self.headers) = (method, target, type, headers)
            (self.body, self.codes) = (body, Set(codes))
        }

        var testDescription: String {
            "\(method) \(target.prefix(120)) \(headers.map { "\($0): \($1.prefix(60))" }.prefix(3)) \(body?.prefix(60) ?? "")"
        }
    }

    private static let deep = String(repeating: "[", count: 20_000)
    private static let long = String(repeating: "a", count: 5_000)

    static let cases: [Case] = [
        // Bodies.
        Case("POST", base, type: "application/json", body: "", 400),
        Case("POST", base, type: "application/json", body: "{", 400),
        Case("POST", base, type: "application/json", body: "null", 400),
        Case("POST", base, type: "application/json", body: "[]", 400),
        Case("POST", base, type: "application/json", body: "\"text\"", 400),
        Case("POST", base, type: "application/json", body: deep, 400),
        Case("POST", base, type: "application/json", body: #"{"kind":"ConfigMap"}"#, 422),
        Case("POST", base, type: "application/json", body: #"{"kind":7,"apiVersion":"v1"}"#, 400),
        Case("POST", base, type: "application/json", body: #"{"kind":"Pod","apiVersion":"v1"}"#, 400),
        Case("POST", base, type: "application/json", body: #"{"kind":"ConfigMap","apiVersion":"v2"}"#, 400),
        Case(
            "POST", base, type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":"x"}"#, 400),
        Case(
            "POST", base, type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"Q"}}"#, 422),
        Case(
            "POST", base, type: "application/json", body: #"{"kind":"ConfigMap","apiVersion":"v1"}"#, 422),
        Case(
            "POST", base, type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"other"}}"#,
            400),
        Case(
            "POST", base, type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"target"}}"#, 409),
        Case(
            "POST", base + "?fieldValidation=Strict", type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"s"},"odd":1}"#, 400),
        Case("POST", base, type: "application/yaml", body: "a: [", 400),
        Case("POST", base, type: "application/yaml", body: "a: &x [*x, *x]", 400),
        Case("POST", base, type: "application/yaml", body: "\t- x", 400),
        Case("POST", base, type: "text/plain", body: "hello", 415),
        Case("POST", base, type: "multipart/form-data; boundary=x", body: "--x", 415),
        Case("POST", base, type: "nonsense", body: "{}", 415),
        Case("POST", base, type: "application/vnd.kubernetes.protobuf", body: "k8s\u{0}\u{FF}", 400),
        Case("POST", base, type: "application/vnd.kubernetes.protobuf", body: "{}", 400),
        Case("PUT", base + "/target", type: "application/json", body: "{", 400),
        Case(
            "PUT", base + "/target", type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"other"}}"#, 400),
        Case(
            "PUT", base + "/none", type: "application/json",
            body: #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"none","resourceVersion":"5"}}"#,
            404, 409),
        Case(
            "PUT", base + "/target", type: "application/json",
            body:
                #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"target","resourceVersion":"1"}}"#,
            409),
        Case(
            "PUT", base + "/target", type: "application/json",
            body:
                #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"target","resourceVersion":"x"}}"#,
            400, 422, 409),
        Case("DELETE", base + "/target", type: "application/json", body: "{", 400),
        Case(
            "DELETE", base + "/target", type: "application/json",
            body: #"{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Nonsense"}"#, 422),
        Case(
            "DELETE", base + "/target", type: "application/json",
            body: #"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"nobody"}}"#, 409),
        Case("DELETE", base + "/none", 404),
        // Methods.
        Case("POST", base + "/target", type: "application/json", body: "{}", 405),
        Case("PUT", base, type: "application/json", body: "{}", 405),
        Case("PATCH", base, type: "application/merge-patch+json", body: "{}", 405),
        Case("OPTIONS", base, 405),
        Case("TRACE", base, 405),
        Case("PROPFIND", base, 405),
        Case("DELETE", "/api/v1/namespaces", 405),
        // Patches.
        Case("PATCH", base + "/target", type: "application/json", body: "{}", 415),
        Case("PATCH", base + "/target", type: "text/html", body: "{}", 415),
        Case("PATCH", base + "/target", type: "application/json-patch+json", body: "{}", 400),
        Case("PATCH", base + "/target", type: "application/json-patch+json", body: "[7]", 400),
        Case(
            "PATCH", base + "/target", type: "application/json-patch+json", body: #"[{"op":"x"}]"#, 400, 422),
        Case(
            "PATCH", base + "/target", type: "application/json-patch+json",
            body: #"[{"op":"test","path":"/data/a","value":"z"}]"#, 422),
        Case(
            "PATCH", base + "/target", type: "application/json-patch+json",
            body: #"[{"op":"remove","path":"/data/none/deeper"}]"#, 422),
        Case(
            "PATCH", base + "/target", type: "application/json-patch+json",
            body: #"[{"op":"replace","path":"","value":[]}]"#, 400, 422),
        Case("PATCH", base + "/target", type: "application/merge-patch+json", body: "[]", 400),
        Case("PATCH", base + "/target", type: "application/merge-patch+json", body: "{", 400),
        Case(
            "PATCH", base + "/target", type: "application/merge-patch+json", body: #"{"data":7}"#, 400, 422),
        Case(
            "PATCH", base + "/target", type: "application/strategic-merge-patch+json", body: "[1]", 400),
        Case(
            "PATCH", base + "/target", type: "application/strategic-merge-patch+json",
            body: #"{"data":{"$patch":"explode"}}"#, 500),
        Case("PATCH", base + "/target", type: "application/apply-patch+yaml", body: "{}", 422),
        Case(
            "PATCH", base + "/target?fieldManager=f", type: "application/apply-patch+yaml", body: "a: [", 400),
        Case(
            "PATCH", base + "/target?fieldManager=f", type: "application/apply-patch+yaml", body: "7", 400),
        Case(
            "PATCH", base + "/target?fieldManager=f", type: "application/apply-patch+yaml",
            body:
                #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"target","managedFields":[{}]}}"#,
            400, 422),
        Case("PATCH", base + "/target?force=true", type: "application/merge-patch+json", body: "{}", 422),
        Case(
            "PATCH", base + "/target?dryRun=Some", type: "application/merge-patch+json", body: "{}", 422),
        Case(
            "PATCH", base + "/none", type: "application/merge-patch+json", body: "{}", 404),
        // Queries.
        Case("GET", base + "?labelSelector=a+in+(", 400),
        Case("GET", base + "?labelSelector=%3D%3D%3D", 400),
        Case("GET", base + "?labelSelector=a=b=c", 400),
        Case("GET", base + "?labelSelector=" + String(repeating: "!", count: 3_000), 400),
        Case("GET", base + "?labelSelector=%FF%FE", 400),
        Case("GET", base + "?fieldSelector=spec.nothing=1", 400),
        Case("GET", base + "?fieldSelector=,,,", 200, 400),
        Case("GET", base + "?fieldSelector=metadata.name", 400),
        Case("GET", base + "?limit=many", 400),
        Case("GET", base + "?limit=99999999999999999999999", 400),
        Case("GET", base + "?limit=-5", 200),
        Case("GET", base + "?limit=9223372036854775807", 200),
        Case("GET", base + "?continue=%00", 400),
        Case("GET", base + "?continue=AAAA", 400),
        Case("GET", base + "?continue=e30", 400),
        Case("GET", base + "?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6OTk5OTk5OTksInN0YXJ0IjoiYSJ9", 504),
        // A token of a revision below zero goes on in the newest state.
        Case("GET", base + "?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTUsInN0YXJ0IjoiYSJ9", 200),
        Case("GET", base + "?resourceVersion=999999999", 504),
        Case("GET", base + "?resourceVersion=999999999&resourceVersionMatch=Exact", 504),
        Case("GET", base + "?resourceVersion=1&resourceVersionMatch=Nonsense", 422),
        Case("GET", base + "?resourceVersionMatch=Exact", 422),
        Case("GET", base + "?sendInitialEvents=true", 422),
        Case("GET", base + "?timeoutSeconds=soon", 400),
        Case("GET", base + "?watch=1&timeoutSeconds=soon", 400),
        Case("GET", base + "?watch=1&labelSelector=((", 400),
        Case("GET", base + "?watch=1&resourceVersionMatch=Exact", 422),
        Case("GET", base + "?watch=1&resourceVersion=999999999", 504),
        Case("GET", base + "?" + String(repeating: "a=b&", count: 5_000), 200),
        // Paths.
        Case("GET", "/", 200),
        Case("GET", "/nothing", 404),
        Case("GET", "/api/v2", 404),
        Case("GET", "/api/v2/pods", 404),
        Case("GET", "/apis/none.example.com/v1/things", 404),
        Case("GET", "/apis/apps/v7/deployments", 404),
        Case("GET", "/api/v1/nothings", 404),
        Case("GET", "/api/v1/namespaces/fuzz/nothings/x", 404),
        Case("GET", base + "/target/nothing", 404),
        Case("GET", base + "/target/status", 404),
        Case("GET", base + "/target/a/b/c/d", 404),
        Case("GET", base + "/..%2F..%2Fsecrets", 400, 404),
        Case("GET", base + "/%00", 400, 404),
        Case("GET", base + "/%zz", 400, 404),
        Case("GET", base + "/%FF", 400, 404),
        Case("GET", base + "/" + long, 404),
        Case("GET", "/api/v1/namespaces//configmaps", 301, 404, 200),
        Case("GET", "//api//v1//pods", 301, 404, 200),
        Case("GET", "/api/v1/pods/name", 404),
        Case("GET", "/api/v1/namespaces/fuzz/nodes", 404),
        Case("GET", "/api/v1/namespaces/fuzz/configmaps/target/", 200, 404),
        // Headers.
        Case("GET", base, headers: [("Accept", "image/png")], 406),
        Case("GET", base, headers: [("Accept", "application/json;q=0")], 406),
        Case("GET", base, headers: [("Accept", "application/json;q=nonsense")], 200, 406),
        Case("GET", base, headers: [("Accept", ";;;,,,")], 200, 406),
        Case("GET", base, headers: [("Accept", "application/json;as=Chair;g=meta.k8s.io;v=v1")], 406),
        Case("GET", base, headers: [("Accept", "application/json;as=Table;g=meta.k8s.io;v=v9")], 406),
        Case("GET", base, headers: [("Accept", String(repeating: "a/b,", count: 10_000))], 406),
        Case("GET", base, headers: [("Accept-Encoding", "gzip;q=-1, *;q=nan, ;;")], 200),
        Case("GET", base, headers: (0..<200).map { ("X-Many-\($0)", "v") }, 200),
        Case("GET", base, headers: (0..<100).map { _ in ("X-Same", "v") }, 200),
        Case("GET", base, headers: [("X-Big", String(repeating: "a", count: 60_000))], 200),
        Case("GET", base, headers: [("Impersonate-User", "")], 200, 400),
        Case("GET", base, headers: [("Impersonate-Group", "g")], 400, 500),
        Case("GET", base, headers: [("Impersonate-User", "nobody")], 403),
        Case("GET", base, headers: [("Audit-ID", long)], 200),
        Case("GET", base, headers: [("Upgrade", "websocket"), ("Connection", "Upgrade")], 200),
        Case("GET", base, headers: [("Upgrade", "SPDY/3.1, h2c, nonsense"), ("Connection", "Upgrade")], 200),
        Case(
            "POST", base, type: "application/json", headers: [("Content-Encoding", "gzip")],
            body: "not gzip at all", 400, 415),
    ]

    @Test func everyOddRequestGetsUpstreamsCode() async throws {
        let (cluster, first, kept) = try await cluster()
        defer { cluster.stop() }
        var wire = first
        for item in Self.cases {
            var headers = item.headers
            if let type = item.type { headers.append(("Content-Type", type)) }
            let answer = await wire.request(
                item.method, item.target, headers: headers, body: item.body.map { Array($0.utf8) })
            guard let answer else {
                Issue.record("\(item.testDescription): the connection ended")
                wire = try await Wire.connect(cluster, patience: .minutes(1))
                continue
            }
            #expect(
                item.codes.contains(answer.status),
                "\(item.testDescription): \(answer.status) \(answer.text.prefix(300))")
            if answer.status >= 400 {
                #expect(answer.flaw == nil, "\(item.testDescription): \(answer.flaw ?? "")")
            }
            if answer.header("connection") == "close" {
                wire = try await Wire.connect(cluster, patience: .minutes(1))
            }
        }
        wire = try await Wire.connect(cluster)
        #expect(try await items(wire) == kept)
    }

    /// What upstream, too, answers with 500; 504 is its answer to a resourceVersion that has yet to come.
    private static let internalErrors = [
        "resourceVersion should not be set on objects to be created", "unknown patch type",
        "failed to create typed patch object",
        "resourceVersion: Invalid value",
    ]

    /// A few thousand requests put together at random; AEGIS_FUZZ sets how many, AEGIS_SEED which.
    @Test func randomRequestsNeverHarmTheServer() async throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["AEGIS_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64.max)
        let count = environment["AEGIS_FUZZ"].flatMap { Int($0) } ?? 3_000
        print("WireFuzzTests: seed \(seed)")
        let (cluster, first, kept) = try await cluster()
        defer { cluster.stop() }
        var wire = first
        var random = RandomRequest(seed: seed)
        var before = 0
        for number in 0..<count {
            if number == count / 3 { before = cluster.residentBytes }
            let item = random.next(base: Self.base)
            var answer = await wire.request(
                item.method, item.target, headers: item.headers, body: item.body)
            if item.method == "HEAD", let status = answer?.status, status >= 500 {
                // Without a body it does not say which of upstream's own internal errors it is: GET does.
                answer = await wire.request("GET", item.target, headers: item.headers, body: item.body)
            }
            guard let answer else {
                Issue.record("seed \(seed), request \(number): the connection ended: \(item)")
                wire = try await Wire.connect(cluster, patience: .minutes(1))
                if !cluster.isRunning { break }
                continue
            }
            let text =
                "seed \(seed), request \(number): \(item.method) \(item.target.prefix(300)) \(item.headers) \(String(decoding: (item.body ?? []).prefix(300), as: UTF8.self)): \(answer.status) \(answer.text.prefix(300))"
            let isUpstreams = Self.internalErrors.contains { answer.text.contains($0) }
            #expect(answer.status < 500 || answer.status == 504 || isUpstreams, "\(text)")
            if item.method != "HEAD" { #expect(answer.flaw == nil, "\(text): \(answer.flaw ?? "")") }
            if answer.header("connection") == "close" {
                wire = try await Wire.connect(cluster, patience: .minutes(1))
            }
        }
        #expect(cluster.isRunning)
        #expect(try await items(wire) == kept)
        let grown = cluster.residentBytes - before
        #expect(grown < 128 << 20, "the server grew by \(grown >> 20) MiB")
    }
}
