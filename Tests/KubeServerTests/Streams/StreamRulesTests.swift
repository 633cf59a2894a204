import KubeRegistry
import Testing

@testable import KubeServer

@Suite struct StreamRulesTests {
    @Test func portsComeInListsOrOneByOne() throws {
        #expect(try PodStreamRules.ports(["80", "8080,443"]) == [80, 8080, 443])
        for values in [[], [""], ["0"], ["65536"], ["80,"], ["http"], ["-1"]] {
            #expect(throws: (any Error).self, "\(values)") { try PodStreamRules.ports(values) }
        }
    }

    @Test func aTokenIsOneOfTheProtocols() throws {
        func token(_ values: String...) throws(WebSocketToken.Malformed) -> String? {
            try WebSocketToken.token(among: values)
        }
        let some = WebSocketToken.prefix + "YS5iLWM_"
        #expect(try token() == nil)
        #expect(try token("channel.k8s.io") == nil)
        #expect(try token("\(some), channel.k8s.io") == "a.b-c?")
        #expect(try token("channel.k8s.io", some) == "a.b-c?")
        #expect(try token(WebSocketToken.prefix, "channel.k8s.io") == nil)
        for values in [[some], [some, some, "channel.k8s.io"], [WebSocketToken.prefix + "YQ==", "a"]] {
            #expect(throws: WebSocketToken.Malformed.self, "\(values)") {
                try WebSocketToken.token(among: values)
            }
        }
    }

    @Test func theRuntimeIsAskedForWhatTheClientSpeaks() {
        let plain = StreamingBackend.Wanted.webSocket(key: "k", version: "13", protocols: [])
        #expect(plain.method == "GET")
        #expect(!plain.head.contains("Protocol"))
        let named = StreamingBackend.Wanted.webSocket(key: "k", version: "13", protocols: ["a", "b"])
        #expect(named.head.contains("Upgrade: websocket\r\nSec-WebSocket-Key: k\r\n"))
        #expect(named.head.hasSuffix("Sec-WebSocket-Protocol: a, b\r\n\r\n"))
        let spdy = StreamingBackend.Wanted.spdy(["v4.channel.k8s.io", "v1"])
        #expect(spdy.method == "POST")
        #expect(spdy.head.contains("X-Stream-Protocol-Version: v4.channel.k8s.io\r\nX-Stream-Pro"))
    }
}
