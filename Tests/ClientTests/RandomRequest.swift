/// Requests put together at random from pieces that are valid, nearly valid and nonsense.
struct RandomRequest {
    struct Request {
        var method: String
        var target: String
        var headers: [(String, String)]
        var body: [UInt8]?
    }

    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func one<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: list.indices, using: &generator)]
    }
    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &generator) < percent
    }
    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    private static let alphabet = Array("abcz019-._~/%&=+!@,;:()[]{}<>\"'\\ \u{E9}\u{0}\u{7F}".utf8)

    private mutating func noise(_ limit: Int) -> [UInt8] {
        (0..<number(0...limit)).map { _ in chance(5) ? UInt8(number(0...255)) : one(Self.alphabet) }
    }

    /// Bytes that may stand in a request line.
    private mutating func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            let isPlain = byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
            if isPlain && !chance(10) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: chance(50))
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }

    mutating func next(base: String) -> Request {
        var method = one([
            "GET", "GET", "GET", "POST", "POST", "PUT", "PATCH", "PATCH", "DELETE", "HEAD", "OPTIONS",
        ])
        let path = path(base, isWrite: method != "GET" && method != "HEAD")
        if !path.hasPrefix(base), method == "DELETE" { method = "GET" }
        var request = Request(method: method, target: path + query(), headers: headers())
        switch method {
        case "POST", "PUT", "PATCH":
            request.headers.append(("Content-Type", contentType(method)))
            request.body = body(method)
        case "DELETE" where chance(50):
            request.headers.append(("Content-Type", contentType("POST")))
            request.body = body("DELETE")
        default: break
        }
        return request
    }

    private mutating func path(_ base: String, isWrite: Bool) -> String {
        if chance(60) {
            return base + (chance(60) ? "/" + one(["target", "target", "n1", "n2", "N%20"]) : "")
        }
        if chance(20) { return base + "/target/" + one(["status", "scale", "nothing", "%2e%2e", ""]) }
        if isWrite { return base + "/" + escaped(noise(20)) }
        let pieces = [
            "api", "apis", "v1", "apps", "namespaces", "fuzz", "configmaps", "deployments", "pods", "nodes",
            "x",
            "", "..", "%2F", "watch", "status", "log", "openapi", "v2", "v3", "healthz", "metrics", "version",
        ]
        var text = ""
        for _ in 0..<number(0...7) { text += "/" + (chance(80) ? one(pieces) : escaped(noise(6))) }
        return text.isEmpty ? "/" : text
    }

    private mutating func query() -> String {
        if chance(50) { return "" }
        var parts: [String] = []
        for _ in 0..<number(1...4) {
            // No `watch`: a watch that is granted would keep the connection.
            let name = one([
                "labelSelector", "fieldSelector", "resourceVersion", "resourceVersionMatch", "continue",
                "limit",
                "timeoutSeconds", "dryRun", "fieldManager", "fieldValidation", "force", "pretty",
                "propagationPolicy", "gracePeriodSeconds", "orphanDependents", "includeObject",
                "sendInitialEvents", "allowWatchBookmarks",
            ])
            let value =
                chance(50)
                ? escaped(noise(24))
                : one([
                    "", "0", "1", "-1", "true", "All", "Exact", "NotOlderThan", "Strict", "Orphan", "a=b",
                    "a!=b",
                    "a%20in%20(b)", "!a", "metadata.name=target", "9223372036854775808", "NaN", "1e9",
                ])
            parts.append(chance(95) ? "\(name)=\(value)" : name)
        }
        return "?" + parts.joined(separator: one(["&", "&", ";", "&&"]))
    }

    private mutating func headers() -> [(String, String)] {
        var list: [(String, String)] = []
        if chance(30) {
            list.append(
                (
                    "Accept",
                    one([
                        "*/*", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf",
                        "text/html", "application/json;as=Table;v=v1;g=meta.k8s.io",
                        "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io, */*;q=0.1",
                        "application/json;q=1e400", "*/*;q=-1,application/json", "a;b;c", "/", ",",
                    ])
                ))
        }
        if chance(10) { list.append(("Accept-Encoding", one(["gzip", "br", "gzip;q=0", "*;q=2", ";"]))) }
        if chance(10) { list.append(("User-Agent", one(["", "/", "a\u{80}b", "kubectl/v1.37"]))) }
        if chance(5) {
            list.append(("Impersonate-User", one(["system:nobody", "x", "system:serviceaccount:a:b"])))
        }
        if chance(5) {
            list.append(("Authorization", one(["Bearer x", "Bearer a.b.c", "Basic ZZ", "Bearer"])))
        }
        return list
    }

    private mutating func contentType(_ method: String) -> String {
        if chance(8) {
            return one(["text/plain", "", "application/octet-stream", "x", "application/json;charset=x"])
        }
        if method == "PATCH" {
            return one([
                "application/json-patch+json", "application/merge-patch+json",
                "application/strategic-merge-patch+json", "application/apply-patch+yaml",
                "application/apply-patch+cbor",
            ])
        }
        return one([
            "application/json", "application/json", "application/yaml", "application/vnd.kubernetes.protobuf",
        ])
    }

    private mutating func body(_ method: String) -> [UInt8] {
        if chance(5) { return noise(200) }
        var text: [UInt8]
        switch method {
        case "PATCH" where chance(40):
            let operations = (0..<number(0...4)).map { _ in
                let op = one(["add", "remove", "replace", "move", "copy", "test", "x"])
                let path = one([
                    "/data/a", "/data", "", "/metadata/name", "/-", "/data/~2", "/kind", "data", "/data/-1",
                ])
                return #"{"op":"\#(op)","path":"\#(path)","from":"/data/a","value":\#(value(3))}"#
            }
            text = Array("[\(operations.joined(separator: ","))]".utf8)
        default:
            let kind = chance(90) ? "ConfigMap" : one(["Pod", "DeleteOptions", "", "List"])
            text = Array(
                #"{"apiVersion":"\#(chance(95) ? "v1" : "v9")","kind":"\#(kind)","metadata":\#(metadata()),"data":\#(value(3))}"#
                    .utf8)
        }
        // Damage.
        for _ in 0..<(chance(40) ? number(1...4) : 0) where !text.isEmpty {
            let place = number(0...(text.count - 1))
            switch number(0...2) {
            case 0: text[place] = UInt8(number(0...255))
            case 1: text.remove(at: place)
            default: text.insert(one(Self.alphabet), at: place)
            }
        }
        if chance(3) { text = Array(text.prefix(number(0...text.count))) }
        return text
    }

    private mutating func metadata() -> String {
        if chance(10) { return value(2) }
        let name = one(["target", "n1", "n2", "n3", "N", "a/b", ""])
        let extra = one([
            "", "", #","labels":\#(value(1))"#, #","annotations":{"a":"b"}"#,
            #","resourceVersion":"\#(number(0...99))""#,
            #","finalizers":["x"]"#, #","ownerReferences":[{}]"#, #","managedFields":[{"manager":"m"}]"#,
            #","generateName":"g-""#, #","creationTimestamp":"yesterday""#, #","uid":"u""#,
        ])
        return #"{"name":"\#(name)"\#(extra)}"#
    }

    /// A random JSON value; mostly what a ConfigMap's data may be.
    private mutating func value(_ depth: Int) -> String {
        if chance(50) { return #"{"a":"\#(number(0...9))","k\#(number(0...9))":"v"}"# }
        switch number(0...(depth > 0 ? 7 : 5)) {
        case 0: return "null"
        case 1: return "true"
        case 2: return one(["0", "-1", "1e999", "1.5", "123456789012345678901234567890", "-0"])
        case 3: return "\"\""
        case 4: return #""\u0000\ud800""#
        case 5: return #""x""#
        case 6: return "[" + (0..<number(0...3)).map { _ in value(depth - 1) }.joined(separator: ",") + "]"
        default:
            return "{"
                + (0..<number(0...3)).map { _ in
                    "\"\(one(["a", "b", "$patch", "", "name"]))\":" + value(depth - 1)
                }
                .joined(separator: ",") + "}"
        }
    }
}
