import KubeAPI
import KubeEngine
import KubeJSON
import Testing

@testable import KubeServer

/// Answers in protobuf say what the answers in JSON say, and are given to those who ask for them.
@Suite struct ProtobufAnswerTests {
    private let protobuf = "application/vnd.kubernetes.protobuf"
    private let partial = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
    private let maps = "/api/v1/namespaces/default/configmaps"

    private func probe(count: Int = 0) throws -> ServerProbe {
        let probe = try ServerProbe()
        for number in 0..<count {
            let object: JSON = [
                "metadata": [
                    "name": .string("m\(number)"), "labels": ["b": "2", "a": "1"],
                    "annotations": ["long": .string(String(repeating: "x", count: 100 * number))],
                ],
                "data": ["z": "ü", "k": ""], "binaryData": ["raw": "AAECAw=="],
            ]
            try probe.cluster.create("v1", "configmaps", object)
        }
        return probe
    }

    private func decode(_ bytes: some Collection<UInt8>) throws -> JSON {
        try ProtobufDecoder.decode(Array(bytes)) { kind in
            // OpenAPI does not publish it, for nobody sends it.
            if kind.kind == "PartialObjectMetadata" {
                return "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata"
            }
            return Catalogue.builtin.schema(for: kind)?.name
        }
    }

    /// As the kind's JSON: reading protobuf leaves what Go writes out of zero values to the schema.
    private func typed(_ value: JSON) throws -> JSON {
        let kind = GroupVersionKind(
            apiVersion: value["apiVersion"]?.string ?? "", kind: value["kind"]?.string ?? "")
        let schema = try #require(Catalogue.builtin.schema(for: kind))
        return try ObjectDecoder.decode(value, as: schema).0
    }

    private func frames(_ bytes: [UInt8]) throws -> [(type: String, object: JSON)] {
        var rest = bytes[...]
        var found: [(String, JSON)] = []
        while !rest.isEmpty {
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let event = Array(rest.dropFirst(4).prefix(size))
            try #require(event.count == size && event.first == 0x0A)
            rest = rest.dropFirst(4 + size)
            let type = String(decoding: event[2..<2 + Int(event[1])], as: UTF8.self)
            // The object follows two tags and two lengths: it begins with the magic.
            let start = try #require(
                event.indices.first { event[$0...].starts(with: [0x6B, 0x38, 0x73, 0]) })
            found.append((type, try decode(event[start...])))
        }
        return found
    }

    @Test func anObjectIsWhatItIsInJSON() throws {
        let probe = try probe(count: 2)
        for accept in [protobuf, protobuf + ",application/json", "application/json;q=0.5," + protobuf] {
            // Twice: the second answer is of what was kept.
            for _ in 0..<2 {
                let answer = try probe.ask("GET", maps + "/m1", accept: accept)
                #expect(answer.status == 200)
                #expect(answer.contentType == protobuf)
                #expect(try typed(decode(answer.bytes)) == typed(probe.ask("GET", maps + "/m1").body))
            }
        }
        let own = try probe.ask("GET", maps + "/m1", accept: "application/json," + protobuf)
        #expect(own.contentType == "application/json")
    }

    @Test func whatIsWrittenIsSeen() throws {
        let probe = try probe(count: 1)
        _ = try probe.ask("GET", maps + "/m0", accept: protobuf)
        let patched = try probe.ask(
            "PATCH", maps + "/m0", accept: protobuf,
            headers: [("content-type", "application/merge-patch+json")], body: ["data": ["k": "new"]])
        #expect(try decode(patched.bytes)["data"]?["k"] == "new")
        let answer = try decode(probe.ask("GET", maps + "/m0", accept: protobuf).bytes)
        #expect(answer["data"]?["k"] == "new")
        #expect(answer.resourceVersion == (try decode(patched.bytes)).resourceVersion)
    }

    @Test func aListIsWhatItIsInJSON() throws {
        for count in [0, 1, 9] {
            let probe = try probe(count: count)
            for query in ["", "?limit=2", "?labelSelector=a%3D1", "?fieldSelector=metadata.name%3Dm0"] {
                let answer = try probe.ask("GET", maps + query, accept: protobuf)
                #expect(answer.contentType == protobuf)
                var json = try probe.ask("GET", maps + query).body
                if json["items"] == [] { json["items"] = nil }
                let decoded = try decode(answer.bytes)
                #expect(decoded["metadata"]?.resourceVersion == json["metadata"]?.resourceVersion)
                #expect(decoded["items"]?.array?.count == json["items"]?.array?.count)
                #expect(try ProtobufEncoder.object(json) == answer.bytes)
            }
        }
    }

    @Test func metadataAloneIsThereForBothAndTablesAreNot() throws {
        let probe = try probe(count: 2)
        let one = try probe.ask("GET", maps + "/m0", accept: protobuf + partial)
        #expect(one.contentType == protobuf)
        #expect(
            one.bytes
                == (try ProtobufEncoder.object(
                    probe.ask("GET", maps + "/m0", accept: "application/json" + partial).body)))
        let table = ";as=Table;g=meta.k8s.io;v=v1"
        let refused = try probe.ask("GET", maps, accept: protobuf + table)
        #expect(refused.status == 406)
        #expect(
            refused.message
                == "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"
        )
        let mixed = try probe.ask("GET", maps, accept: "\(protobuf)\(table),application/json\(table)")
        #expect(mixed.body["kind"] == "Table")
    }

    @Test func errorsAreInTheFormatThatIsAskedFor() throws {
        let probe = try probe()
        let missing = try probe.ask("GET", maps + "/none", accept: protobuf + ",application/json")
        #expect(missing.status == 404)
        #expect(missing.contentType == protobuf)
        let status = try decode(missing.bytes)
        #expect(status["reason"] == "NotFound")
        #expect(status["details"]?["kind"] == "configmaps")
        #expect(status["code"] == 404)
        let yaml = try probe.ask("GET", maps + "/none", accept: "application/yaml")
        #expect(yaml.contentType == "application/yaml")
        // Of a transformation an error is not the subject.
        let transformed = try probe.ask("GET", maps + "/none", accept: protobuf + partial)
        #expect(transformed.contentType == "application/json")
    }

    @Test func customResourcesAreGivenAsJSON() throws {
        let probe = try probe()
        let definition: JSON = [
            "metadata": ["name": "toys.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced",
                "names": ["plural": "toys", "singular": "toy", "kind": "Toy", "listKind": "ToyList"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "schema": [
                            "openAPIV3Schema": [
                                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                            ]
                        ],
                    ]
                ],
            ],
        ]
        let path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        var made = definition
        made["kind"] = "CustomResourceDefinition"
        made["apiVersion"] = "apiextensions.k8s.io/v1"
        #expect(try probe.ask("POST", path, accept: protobuf, body: made).status == 201)
        let kept = try probe.ask("GET", path + "/toys.example.com", accept: protobuf)
        #expect(try decode(kept.bytes)["spec"]?["names"]?["kind"] == "Toy")
        let toys = "/apis/example.com/v1/namespaces/default/toys"
        let refused = try probe.ask("GET", toys, accept: protobuf)
        #expect(refused.status == 406)
        #expect(try decode(refused.bytes)["reason"] == "NotAcceptable")
        let listed = try probe.ask("GET", toys, accept: protobuf + ",application/json")
        #expect(listed.contentType == "application/json")
        #expect(listed.body["kind"] == "ToyList")
        let metadata = try probe.ask(
            "GET", toys, accept: protobuf + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
        #expect(metadata.contentType == protobuf)
        #expect(
            try ProtobufEncoder.object(
                probe.ask(
                    "GET", toys, accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
                ).body) == metadata.bytes)
        let missing = try probe.ask("GET", toys + "/none", accept: protobuf + ",application/json")
        #expect(missing.contentType == protobuf)
    }

    @Test func aWatchSendsFrames() throws {
        let probe = try probe(count: 3)
        let answer = try probe.ask(
            "GET",
            maps
                + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
            accept: protobuf)
        #expect(answer.contentType == protobuf + ";stream=watch")
        let events = try frames(answer.bytes)
        #expect(events.map(\.type) == ["ADDED", "ADDED", "ADDED", "BOOKMARK"])
        for (number, event) in events.prefix(3).enumerated() {
            #expect(try typed(event.object) == typed(probe.ask("GET", maps + "/m\(number)").body))
        }
        #expect(events.last?.object["kind"] == "ConfigMap")
        #expect(events.last?.object.at("metadata", "annotations", "k8s.io/initial-events-end") == "true")
        let metadata = try probe.ask("GET", maps + "?watch=1", accept: protobuf + ";stream=watch" + partial)
        #expect(try frames(metadata.bytes).allSatisfy { $0.object["kind"] == "PartialObjectMetadata" })
        let yaml = try probe.ask("GET", maps + "?watch=1", accept: "application/yaml")
        #expect(yaml.status == 406)
    }

    @Test func aWatchThatFailsSaysSoInAFrame() throws {
        let status = APIStatus.expired("too old resource version: 1 (2)")
        let events = try frames(Encoding.event("ERROR", status.json, .protobuf))
        #expect(events.map(\.type) == ["ERROR"])
        #expect(events.first?.object["code"] == 410)
        #expect(events.first?.object["reason"] == "Expired")
    }

    @Test func discoveryIsThereInProtobuf() throws {
        let probe = try probe()
        for path in ["/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1"] {
            let answer = try probe.ask("GET", path, accept: protobuf + ",application/json")
            #expect(answer.contentType == protobuf)
            #expect(answer.bytes == (try ProtobufEncoder.object(probe.ask("GET", path).body)))
        }
        let form = ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
        let aggregated = try probe.ask("GET", "/apis", accept: protobuf + form)
        #expect(aggregated.contentType == protobuf + form)
        #expect(
            aggregated.bytes
                == (try ProtobufEncoder.object(
                    probe.ask("GET", "/apis", accept: "application/json" + form).body)))
        #expect(try probe.ask("GET", "/version", accept: protobuf).contentType == "application/json")
    }
}
