import Testing

@testable import KubeJSON

@Suite struct WriterTests {
    @Test func strings() {
        #expect(
            JSONWriter.string("a\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}é🙂")
                == #""a\"\\/\b\f\n\r\t\u0001\u001f"# + "\u{7F}é🙂\"")
        for length in 0..<40 {
            let plain = String(repeating: "z", count: length)
            #expect(JSONWriter.string(.string(plain + "\n" + plain)) == "\"\(plain)\\n\(plain)\"")
            let controls = String(repeating: "\u{2}", count: length)
            #expect(
                JSONWriter.string(.string(controls))
                    == "\"" + String(repeating: "\\u0002", count: length) + "\"")
        }
    }

    /// As Go's encoder writes them.
    @Test(
        arguments: [
            (1.5, "1.5"), (-0.25, "-0.25"), (100, "100"), (1e20, "100000000000000000000"), (1e21, "1e+21"),
            (123456789012345683968, "123456789012345680000"), (1.5e300, "1.5e+300"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"), (-1e-9, "-1e-9"), (0.1, "0.1"), (1e100, "1e+100"), (-0.0, "-0"),
            (9007199254740992, "9007199254740992"), (.leastNonzeroMagnitude, "5e-324"),
            (0.000123, "0.000123"),
            (.infinity, "null"), (.nan, "null"),
        ] as [(Double, String)])
    func doubles(_ value: Double, _ text: String) {
        #expect(JSONWriter.string(.double(value)) == text)
    }

    @Test func integers() {
        for text in ["0", "-1", "9", "10", "99", "100", "9223372036854775807", "-9223372036854775808"] {
            #expect(Int64(text).map { JSONWriter.string(.integer($0)) } == text)
        }
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            for value in [power, power - 1, -power, power + 1] {
                #expect(JSONWriter.string(.integer(value)) == String(value))
            }
        }
    }

    @Test func appends() {
        var output = Array("x=".utf8)
        JSONWriter.write(["a": [1, .null, true]], into: &output)
        JSONWriter.write("s", into: &output)
        #expect(String(decoding: output, as: UTF8.self) == #"x={"a":[1,null,true]}"s""#)
    }

    @Test func roundTrips() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = Self.value(&random, depth: 5)
            let bytes = JSONWriter.bytes(value, capacity: Int.random(in: 0..<100, using: &random))
            let read = try JSONParser.parse(bytes)
            #expect(read == value, "seed \(seed)")
            #expect(JSONWriter.bytes(read) == bytes, "seed \(seed)")
            let pretty = JSONWriter.prettyString(value)
            #expect(try JSONParser.parse(pretty) == value, "seed \(seed)")
            // What is cut short is never read, unless what is left is a number.
            if bytes.count > 1, value.double == nil {
                let cut = bytes[..<Int.random(in: 0..<bytes.count, using: &random)]
                #expect(throws: JSONParseError.self, "seed \(seed)") { try JSONParser.parse(cut) }
            }
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        let alphabet = Array("ab\"\\/\n\u{0}\u{1F}\u{7F}é\u{301}語🙂 {}[]:,")
        return String(
            (0..<Int.random(in: 0..<30, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            })
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3:
            let double = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
            // Whole numbers between these are written without an exponent, as in Go, and so are read as
            // integers, which may differ from the double in the last digits.
            let isAmbiguous = double.magnitude >= 0x1p53 && double.magnitude < 1e21
            return double.isFinite && !isAmbiguous ? .double(double) : 0.5
        case 4: return .string(text(&random))
        case 5: return .array((0..<3).map { _ in value(&random, depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                object[text(&random)] = value(&random, depth: depth - 4)
            }
            return .object(object)
        }
    }
}
