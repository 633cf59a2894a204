import Foundation
import KubeJSON
import Testing

@testable import KubeAPI

/// Against what Go's marshalers made of objects with every field set. `AEGIS_PROTOBUF_SAMPLES` names a folder of
/// more of them, as `scripts/protobuf-samples` lays it out.
@Suite struct ProtobufUpstreamTests {
    struct Sample: CustomStringConvertible, Sendable {
        let description: String
        let json: [UInt8]
        let protobuf: [UInt8]
    }

    static let samples: [Sample] = {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        var folders = [here.appending(path: "Fixtures/Protobuf")]
        if let more = ProcessInfo.processInfo.environment["AEGIS_PROTOBUF_SAMPLES"] {
            folders.append(URL(fileURLWithPath: more))
        }
        return folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.filter { $0.hasSuffix(".pb") }.sorted().compactMap { name -> Sample? in
                let file = folder.appending(path: name)
                guard let protobuf = try? Data(contentsOf: file),
                    let json = try? Data(
                        contentsOf: file.deletingPathExtension().appendingPathExtension("json"))
                else { return nil }
                // Alpha and beta versions that are not served by default are among upstream's.
                guard let value = try? JSONParser.parse([UInt8](json)),
                    let kind = value["kind"]?.string, let version = value["apiVersion"]?.string,
                    ProtobufType(GroupVersionKind(apiVersion: version, kind: kind)) != nil
                else { return nil }
                return Sample(description: name, json: [UInt8](json), protobuf: [UInt8](protobuf))
            }
        }
    }()

    @Test func samplesAreThere() { #expect(Self.samples.count >= 8) }

    @Test(arguments: samples) func writesTheSameBytes(_ sample: Sample) throws {
        let value = try JSONParser.parse(sample.json)
        let bytes = try ProtobufEncoder.object(value)
        if bytes == sample.protobuf { return }
        let place = zip(bytes, sample.protobuf).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let at = place ?? min(bytes.count, sample.protobuf.count)
        let (from, to) = (max(0, at - 48), at + 24)
        Issue.record(
            """
            \(sample): \(bytes.count) bytes instead of \(sample.protobuf.count), other ones from \(at):
            \(String(decoding: bytes[min(from, bytes.count)..<min(to, bytes.count)], as: UTF8.self).debugDescription)
            \(String(decoding: sample.protobuf[from..<min(to, sample.protobuf.count)], as: UTF8.self).debugDescription)
            """)
    }

    @Test(arguments: samples) func readsWhatItWrites(_ sample: Sample) throws {
        let read = try ProtobufDecoder.decode(sample.protobuf) { kind in
            // OpenAPI does not publish these: nobody sends them.
            kind.group == "apidiscovery.k8s.io"
                ? "io.k8s.api.apidiscovery.\(kind.version).\(kind.kind)"
                : Catalogue.builtin.schema(for: kind)?.name
        }
        #expect(try ProtobufEncoder.object(read) == sample.protobuf)
    }
}
