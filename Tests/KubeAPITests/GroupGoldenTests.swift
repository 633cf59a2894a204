import KubeJSON
import Testing

@testable import KubeAPI

/// What kube-apiserver v1.36.2 answered, against the strategies of the groups other than core.
@Suite struct GroupGoldenTests {
    private static func creates(_ file: String) throws -> [(CoreGoldenTests.Recording, JSON, Strategy)] {
        var found: [(CoreGoldenTests.Recording, JSON, Strategy)] = []
        for recording in try CoreGoldenTests.recordings(file)
        where recording.method == "POST" && recording.path.hasPrefix("/apis/") {
            let parts = recording.path.split(separator: "/").map(String.init)
            let kind = GroupKind(parts[1], recording.body.text("kind"))
            guard let strategy = Strategies.groups[kind] else { continue }
            let info = try #require(
                Catalogue.builtin.resource(for: GroupVersionKind(parts[1], parts[2], kind.kind)))
            var object = try ObjectDecoder.decode(recording.body, as: info.schema).0
            strategy.setDefaults(&object)
            // The server gives the uid before the strategy runs.
            object.set("0a1b", at: "metadata", "uid")
            strategy.prepareForCreate(&object)
            found.append((recording, object, strategy))
        }
        return found
    }

    @Test func rejectsAsRecorded() throws {
        var count = 0
        for (recording, object, strategy) in try Self.creates("validation") where recording.code == 422 {
            let causes = strategy.validate(object).map { [$0.kind.rawValue, $0.message, $0.field] }
            let recorded = (recording.answer["details"]?.items("causes") ?? []).map {
                [$0.text("reason"), $0.text("message"), $0.text("field")]
            }
            #expect(causes == recorded, "\(recording.name)")
            count += 1
        }
        #expect(count >= 5)
    }

    @Test func defaultsAsRecorded() throws {
        var count = 0
        for (recording, object, strategy) in try Self.creates("defaults") where recording.code == 201 {
            #expect(strategy.validate(object).isEmpty, "\(recording.name)")
            let text = JSONWriter.string(recording.answer).replacing("<uid>", with: "0a1b")
            let answer = try JSONParser.parse([UInt8](text.utf8))
            for key in ["spec", "rules", "roleRef", "subjects", "data", "preemptionPolicy"] {
                #expect(FieldRules.same(object[key], answer[key]), "\(recording.name): \(key)")
            }
            for key in ["labels", "annotations"] {
                #expect(
                    FieldRules.same(object.at("metadata", key), answer.at("metadata", key)),
                    "\(recording.name): \(key)")
            }
            count += 1
        }
        #expect(count >= 12)
    }
}
