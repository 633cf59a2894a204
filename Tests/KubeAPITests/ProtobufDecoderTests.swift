import KubeJSON
import Testing

@testable import KubeAPI

/// Bodies as client-go writes them, built field by field.
@Suite struct ProtobufDecoderTests {
    /// A length-delimited field.
    private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        precondition(content.count < 128 * 128)
        let length: [UInt8] =
            content.count < 128
            ? [UInt8(content.count)] : [UInt8(content.count & 0x7F) | 0x80, UInt8(content.count >> 7)]
        return [number << 3 | 2] + length + content
    }
    private func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
    private func field(_ number: UInt8, _ value: UInt8) -> [UInt8] { [number << 3, value] }

    private func envelope(_ apiVersion: String, _ kind: String, _ raw: [UInt8]) -> [UInt8] {
        [0x6B, 0x38, 0x73, 0] + field(1, field(1, apiVersion) + field(2, kind)) + field(2, raw)
    }

    private func decode(_ bytes: [UInt8]) throws -> JSON {
        try ProtobufDecoder.decode(bytes) { Catalogue.builtin.schema(for: $0)?.name }
    }

    @Test func readsAPodWithInlinedAndSpecialTypes() throws {
        let metadata = field(1, "web") + field(11, field(1, "app") + field(2, "x"))
        let port = field(3, 80)
        let limits = field(1, field(1, "cpu") + field(2, field(1, "250m")))
        let probe = field(1, field(2, field(1, "/ready") + field(2, field(1, 1) + field(3, "http"))))
        let container =
            field(1, "c") + field(2, "nginx") + field(6, port) + field(8, limits) + field(10, probe)
        let volume = field(1, "v") + field(2, field(2, []))
        let spec = field(1, volume) + field(2, container) + field(4, 30)
        let pod = try decode(envelope("v1", "Pod", field(1, metadata) + field(2, spec)))
        #expect(
            pod == [
                "kind": "Pod", "apiVersion": "v1",
                "metadata": ["name": "web", "labels": ["app": "x"]],
                "spec": [
                    "volumes": [["name": "v", "emptyDir": [:]]],
                    "containers": [
                        [
                            "name": "c", "image": "nginx", "ports": [["containerPort": 80]],
                            "resources": ["limits": ["cpu": "250m"]],
                            "livenessProbe": ["httpGet": ["path": "/ready", "port": "http"]],
                        ]
                    ],
                    "terminationGracePeriodSeconds": 30,
                ],
            ])
    }

    /// Fields are called what JSON calls them, also where protobuf writes another name.
    @Test func fieldsHaveTheirNamesInJSON() throws {
        let hooks = try decode(
            envelope(
                "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration",
                field(2, field(1, "a.example.com"))))
        #expect(hooks["webhooks"] == [["name": "a.example.com"]])
        let policy = try decode(
            envelope(
                "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy",
                field(2, field(3, field(1, "true")) + field(7, field(1, "v") + field(2, "1")))))
        #expect(policy["spec"]?["validations"] == [["expression": "true"]])
        #expect(policy["spec"]?["variables"] == [["name": "v", "expression": "1"]])
        let ingressClass = try decode(
            envelope(
                "networking.k8s.io/v1", "IngressClass", field(2, field(2, field(1, "g") + field(2, "K")))))
        #expect(ingressClass["spec"]?["parameters"] == ["apiGroup": "g", "kind": "K"])
        // 38 and 40 need two bytes for their tags.
        // Also what is not set is written, here id, uniqueItems and x-kubernetes-embedded-resource.
        let schema: [UInt8] = [0xB0, 0x02, 1, 0xC0, 0x02, 1, 0xB8, 0x02, 0] + field(1, "") + [0x90, 0x01, 0]
        let definition = try decode(
            envelope(
                "apiextensions.k8s.io/v1", "CustomResourceDefinition",
                field(2, field(7, field(1, "v1") + field(4, field(1, schema))))))
        #expect(
            definition["spec"]?["versions"]?[0]?["schema"]?["openAPIV3Schema"] == [
                "x-kubernetes-preserve-unknown-fields": true, "x-kubernetes-int-or-string": true,
            ])
    }

    @Test func bytesBecomeBase64() throws {
        let secret = try decode(envelope("v1", "Secret", field(2, field(1, "a") + field(2, "b"))))
        #expect(secret["data"] == ["a": "Yg=="])
    }

    @Test func refusesWhatIsNotProtobuf() {
        for bytes in [[], Array("{}".utf8), [0x6B, 0x38, 0x73, 0, 0x0A, 0xFF]] as [[UInt8]] {
            #expect(throws: ProtobufError.self) { try decode(bytes) }
        }
        #expect(throws: ProtobufError.self) { try decode(envelope("v1", "Nothing", [])) }
    }

    @Test func anyBytesEndInAValueOrAnError() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        for _ in 0..<2_000 {
            var body: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<60) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                body.append(UInt8(truncatingIfNeeded: state >> 33))
            }
            // Either is good; what counts is that it ends, and the seed is told if it does not.
            do { _ = try decode(envelope("v1", "Pod", body)) } catch {
                #expect(error is ProtobufError, "seed \(seed)")
            }
        }
    }
}
