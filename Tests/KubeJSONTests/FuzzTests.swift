import Testing

@testable import KubeJSON

@Suite struct FuzzTests {
    private static func value(_ random: inout SeededGenerator, _ depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .bool(Bool.random(using: &random))
        case 1: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 2: return .double(Double.random(in: -1e9...1e9, using: &random))
        case 3: return .string(["", "a", "é\n\u{1}", "\"\\/"].randomElement(using: &random) ?? "")
        case 4: return .array((0..<3).map { _ in value(&random, depth - 1) })
        default:
            return .object(
                JSONObject(["k", "long-key-of-many-bytes", "é"].map { ($0, value(&random, depth - 1)) }))
        }
    }

    @Test func roundTripsAndDiffs() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let one: JSON = ["a": Self.value(&random, 4), "b": Self.value(&random, 2)]
            let two: JSON = ["a": Self.value(&random, 4), "c": Self.value(&random, 2)]
            #expect(try JSONParser.parse(JSONWriter.bytes(one)) == one, "seed \(seed)")
            let patch = MergePatch.diff(from: one, to: two)
            #expect(MergePatch.apply(patch, to: one) == two, "seed \(seed)")
        }
    }

    @Test func mutatedTextIsReadOrRefused() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let start = Array("a: &x [1, {b: \"c\"}]\nd: *x\ne: |\n  t\n{\"k\":[1.5e3,null,\"\\u00e9\"]}".utf8)
        var refused = 0
        for _ in 0..<500 {
            var bytes = start
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: .min ... .max, using: &random)
            }
            let cut = Array(bytes[Int.random(in: 0..<bytes.count, using: &random)...])
            if (try? YAML.parse(cut)) == nil { refused += 1 }
            if (try? JSONParser.parse(cut)) == nil { refused += 1 }
        }
        #expect(refused > 0, "seed \(seed)")
    }

    @Test func bombsAreRefused() {
        var text = "a0: &a0 [x]\n"
        for level in 1..<30 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
        }
        #expect(throws: YAMLError.self) { try YAML.parse(text) }
        let deep = String(repeating: "[", count: 5_000)
        #expect(throws: YAMLError.self) { try YAML.parse(deep) }
        #expect(throws: JSONParseError.self) { try JSONParser.parse(deep) }
    }
}
