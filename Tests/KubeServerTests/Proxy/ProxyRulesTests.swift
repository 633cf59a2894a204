import KubeAPI
import KubeJSON
import Testing

@testable import KubeServer

/// Where proxied requests go, and how the links of their answers lead back.
struct ProxyRulesTests {
    @Test(arguments: [
        ("web", "http", "web", ""), ("web:8080", "http", "web", "8080"),
        ("https:web:8443", "https", "web", "8443"),
        ("http:web:", "http", "web", ""), (":web:named", "http", "web", "named"),
        ("https:web:", "https", "web", ""),
    ])
    func readsNames(text: String, scheme: String, name: String, port: String) throws {
        let parsed = try ProxyLocation.Name(text, kind: "service")
        #expect(parsed.scheme == scheme && parsed.name == name && parsed.port == port)
    }

    @Test(arguments: ["", ":", "ftp:web:80", "a:b:c:d", "::80"])
    func refusesNames(_ text: String) {
        #expect {
            try ProxyLocation.Name(text, kind: "pod")
        } throws: {
            ($0 as? APIStatus)?.message == "invalid pod request \"\(text)\""
        }
    }

    private static func pod(_ address: String) -> JSON {
        [
            "metadata": ["name": "web"],
            "spec": ["containers": [["name": "a"], ["name": "b", "ports": [["containerPort": 8080]]]]],
            "status": ["podIP": .string(address)],
        ]
    }

    @Test func findsPods() throws {
        let first = try ProxyLocation(pod: Self.pod("10.1.0.7"), .init("web", kind: "pod"))
        #expect(first == ProxyLocation(scheme: "http", host: "10.1.0.7", port: 8080))
        let other = try ProxyLocation(pod: Self.pod("fd00::7"), .init("https:web:9000", kind: "pod"))
        #expect(other.authority == "[fd00::7]:9000" && other.scheme == "https")
    }

    /// A status that anybody with the right to write it could set must not lead to the machine's own services.
    @Test(arguments: [
        "", "127.0.0.1", "169.254.169.254", "224.0.0.1", "::1", "fe80::1", "0.0.0.0", "1.2.3", "x",
    ])
    func refusesAddresses(_ address: String) {
        #expect {
            try ProxyLocation(pod: Self.pod(address), .init("web", kind: "pod"))
        } throws: {
            ($0 as? APIStatus)?.message == "address not allowed"
        }
    }

    private static let service: JSON = [
        "metadata": ["name": "web"],
        "spec": ["ports": [["name": "main", "port": 80], ["name": "side", "port": 81]]],
    ]
    private static let slices: [JSON] = [
        [
            "ports": [["name": "main", "port": 8080], ["name": "side", "port": 9090]],
            "endpoints": [
                ["addresses": ["10.1.0.1"], "conditions": ["ready": false]],
                ["addresses": ["10.1.0.2"], "conditions": ["ready": true]],
                ["addresses": ["10.1.0.3"]],
            ],
        ]
    ]

    @Test(arguments: [("web:80", 8080), ("web:main", 8080), ("web:81", 9090), ("web:side", 9090)])
    func findsEndpointsThatAreReady(_ text: String, port: Int) throws {
        let name = try ProxyLocation.Name(text, kind: "service")
        for choice in 0..<2 {
            let place = try ProxyLocation(service: Self.service, slices: Self.slices, name) { count in
                #expect(count == 2)
                return choice
            }
            #expect(place == ProxyLocation(scheme: "http", host: "10.1.0.\(choice + 2)", port: port))
        }
    }

    @Test(arguments: [
        ("web:82", "no service port 82 found for service \"web\""),
        ("web:none", "no endpoints available for service \"web\""),
        ("web", "no endpoints available for service \"web\""),
    ])
    func saysWhyThereIsNoEndpoint(_ text: String, words: String) throws {
        let name = try ProxyLocation.Name(text, kind: "service")
        #expect {
            try ProxyLocation(service: Self.service, slices: Self.slices, name) { _ in 0 }
        } throws: {
            ($0 as? APIStatus)?.message == words && ($0 as? APIStatus)?.code == 503
        }
    }

    @Test(arguments: [
        ("/api/v1/namespaces/a/pods/b/proxy", 7, "/api/v1/namespaces/a/pods/b/proxy", "", ""),
        ("/api/v1/namespaces/a/pods/b/proxy/?x=1", 7, "/api/v1/namespaces/a/pods/b/proxy", "/", "?x=1"),
        (
            "/api/v1/namespaces/a/pods/b/proxy/a%2Fb//c", 7, "/api/v1/namespaces/a/pods/b/proxy", "/a%2Fb//c",
            ""
        ),
        ("/api/v1/nodes/n/proxy/pods", 5, "/api/v1/nodes/n/proxy", "/pods", ""),
    ])
    func splitsPaths(_ uri: String, segments: Int, prefix: String, path: String, query: String) {
        let parts = ProxyPath(uri, segments: segments)
        #expect(parts.prefix == prefix && parts.path == path && parts.query == query)
    }

    private static let links = ProxiedLinks(prefix: "/p", hosts: ["10.1.0.1:80", "localhost:8001"])

    @Test(arguments: [
        ("/a", "/p/a"), ("a", "a"), ("#x", "#x"), ("/p/a", "/p/a"), ("http://10.1.0.1:80/a/?b", "/p/a/?b"),
        ("http://localhost:8001/a", "/p/a"), ("http://example.org/a", "http://example.org/a"),
        ("//10.1.0.1:80/a", "/p/a"), ("mailto:x@y", "mailto:x@y"), ("", ""),
    ])
    func rewritesLinks(_ link: String, _ expected: String) {
        #expect(Self.links.rewritten(link) == expected)
    }

    @Test func rewritesPages() {
        let page = """
            <!-- <a href="/no"> --><HTML><a class=x HREF="/a?b&amp;c">1</a><img src='/i.png' alt="/alt">
            <script src=/s.js>if (a</b/) { "<a href='/no'>" }</script><a href="rel">2</a><p href="/no">é<a href=
            """
        let expected = """
            <!-- <a href="/no"> --><HTML><a class=x HREF="/p/a?b&amp;c">1</a><img src='/p/i.png' alt="/alt">
            <script src=/p/s.js>if (a</b/) { "<a href='/no'>" }</script><a href="rel">2</a><p href="/no">é<a href=
            """
        let bytes = Self.links.rewritten(page: Array(page.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    /// No page makes the scanner run on or lose a byte.
    @Test func passesRandomPagesOn() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: .min ... .max, using: &generator)
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "<", ">", "a", " ", "href", "=", "\"", "'", "x", "<!--", "-->", "</script", "<script", "é",
        ]
        for _ in 0..<2_000 {
            let page = (0..<next(24)).map { _ in pieces[next(pieces.count)] }.joined()
            let bytes = ProxiedLinks(prefix: "/p", hosts: []).rewritten(page: Array(page.utf8))
            #expect(String(decoding: bytes, as: UTF8.self) == page, "seed \(seed)")
        }
    }
}
