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
        var random = SeededGenerator(state: seed)
        for _ in 0..<300 {
            let one: JSON = ["a": Self.value(&random, 4), "b": Self.value(&random, 2)]
            let two: JSON = ["a": Self.value(&random, 4), "c": Self.value(&random, 2)]
            #expect(try JSONParser.parse(JSONWriter.bytes(one)) == one, "seed \(seed)")
            let patch = MergePatch.diff(from: one, to: two)
            #expect(MergePatch.apply(patch, to: one) == two, "seed \(seed)")
        }
    }
}

struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
