import Testing

@testable import KubeJSON

@Suite struct ParserTests {
    private static func failure(_ bytes: [UInt8], _ limits: JSONParser.Limits = .init()) -> JSONParseError? {
        do throws(JSONParseError) {
            _ = try JSONParser.parse(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }
    private static func failure(_ text: String) -> JSONParseError? { failure(Array(text.utf8)) }

    @Test func values() throws {
        #expect(try JSONParser.parse(" \t\r\n null ") == .null)
        #expect(try JSONParser.parse("true") == true)
        #expect(try JSONParser.parse("[]") == [])
        #expect(try JSONParser.parse("[ ]") == [])
        #expect(try JSONParser.parse("{ }") == [:])
        #expect(try JSONParser.parse(#"{"":{"a":[1,[2,{}],"x"]}}"#) == ["": ["a": [1, [2, [:]], "x"]]])
        #expect(try JSONParser.parse(#"{"b":1,"a":2}"#).object?.keys.map { $0 } == ["b", "a"])
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("[1,]", 3), ("[1 2]", 3), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7),
        ("{a:1}", 1), ("{\"a\":1", 6), ("[", 1), ("nul", 3), ("nulL", 3), ("truE", 3), ("1 2", 2),
        ("{} x", 3), ("\"abc", 4), ("\"a\\", 3), ("\"a\\x\"", 3), ("\"\\u12g4\"", 5), ("\"\\u12", 5),
        ("\"a\nb\"", 2), ("01", 1), ("-", 1), ("-a", 1), ("1.", 2), ("1.e3", 2), ("1e", 2), ("1e+", 3),
        (".5", 0), ("+1", 0), ("0x10", 1), ("NaN", 0), ("'a'", 0), ("\u{FEFF}1", 0), ("//", 0),
    ])
    func refusesAndSaysWhere(_ text: String, _ offset: Int) {
        #expect(Self.failure(text)?.offset == offset)
    }

    @Test func saysWhatGoSays() {
        #expect(Self.failure("")?.reason == "unexpected end of JSON input")
        #expect(
            Self.failure("{a")?.reason
                == "invalid character 'a' looking for beginning of object key string")
        #expect(Self.failure("[1 2]")?.reason == "invalid character '2' after array element")
        #expect(Self.failure("{} {}")?.reason == "invalid character '{' after top-level value")
    }

    @Test func controlCharactersAtEveryPlaceOfAWord() {
        for length in 0..<20 {
            let text = "\"" + String(repeating: "x", count: length) + "\u{1F}xxxxxxxxx\""
            #expect(Self.failure(text)?.kind == .controlCharacterInString)
            #expect(Self.failure(text)?.offset == length + 1)
        }
    }

    @Test func specialBytesAtEveryPlaceOfAWord() throws {
        for length in 0..<40 {
            for special in ["\\\"", "\\\\", "é", "\u{7F}", "\\u00e9", "🙂", "!", "#", "[", "]"] {
                let plain = String(repeating: "y", count: length)
                let meant =
                    switch special {
                    case "\\\"": "\""
                    case "\\\\": "\\"
                    case "\\u00e9": "é"
                    default: special
                    }
                let value = try JSONParser.parse("[\"\(plain)\(special)\(plain)\"]")
                #expect(value == [.string(plain + meant + plain)])
            }
        }
    }

    @Test func escapes() throws {
        #expect(try JSONParser.parse(#""\"\\\/\b\f\n\r\t""#) == "\"\\/\u{8}\u{C}\n\r\t")
        #expect(try JSONParser.parse(#""\ud83d\ude42""#) == "🙂")
        #expect(try JSONParser.parse(#""\uD83D""#) == "\u{FFFD}")
        #expect(try JSONParser.parse(#""\ud83dx""#) == "\u{FFFD}x")
        #expect(try JSONParser.parse(#""\ud83d\u0041""#) == "\u{FFFD}A")
        #expect(try JSONParser.parse(#""\ude42\ud83d""#) == "\u{FFFD}\u{FFFD}")
        #expect(try JSONParser.parse(#""\u0000""#) == "\0")
    }

    @Test func invalidUTF8() {
        let bad: [[UInt8]] = [
            [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80],
        ]
        for bytes in bad {
            for padding in [0, 7, 16] {
                let pad = [UInt8](repeating: 0x61, count: padding)
                #expect(Self.failure([0x22] + pad + bytes + [0x22])?.kind == .invalidUTF8)
                #expect(Self.failure([0x22, 0x5C, 0x6E] + pad + bytes + [0x22])?.kind == .invalidUTF8)
            }
        }
    }

    @Test func integers() throws {
        #expect(try JSONParser.parse("9223372036854775807").integer == .max)
        #expect(try JSONParser.parse("-9223372036854775808").integer == .min)
        guard case .double(let large) = try JSONParser.parse("9223372036854775808") else {
            Issue.record("2^63 is no 64-bit integer")
            return
        }
        #expect(large == 9_223_372_036_854_775_808)
        #expect(try JSONParser.parse("-0") == 0)
        #expect(try JSONParser.parse("1E2").double == 100)
        #expect(try JSONParser.parse("12.5e-1").double == 1.25)
        #expect(Self.failure("1e400")?.kind == .numberOutOfRange)
        #expect(try JSONParser.parse("1e-400").double == 0)
        #expect(try JSONParser.parse("123456789012345678901234567890").double == 1.2345678901234568e29)
    }

    @Test func duplicatesAreRefused() {
        let error = Self.failure(#"{"a":1,"b":{"c":1,"\u0063":2}}"#)
        #expect(error?.kind == .duplicateKey("c"))
        #expect(error?.offset == 18)
    }

    @Test func duplicatesAreListedWithTheirPaths() throws {
        var found: [String] = []
        let value = try JSONParser.parse(
            #"{"a":1,"x":[{"n":1},{"n":1,"n":2}],"a":3,"y":[[{"k":1,"k":2}]]}"#.utf8,
            duplicates: .keepLast, found: &found)
        #expect(value == ["a": 3, "x": [["n": 1], ["n": 2]], "y": [[["k": 2]]]])
        #expect(found == ["x[1].n", "a", "y[0][0].k"])
    }

    @Test func duplicatesInLargeObjects() throws {
        let members = (0..<100).map { "\"key\($0)\":\($0)" } + ["\"key7\":-1"]
        let text = "{" + members.joined(separator: ",") + "}"
        #expect(Self.failure(text)?.kind == .duplicateKey("key7"))
        var found: [String] = []
        let value = try JSONParser.parse(text.utf8, duplicates: .keepLast, found: &found)
        #expect(found == ["key7"])
        #expect(value["key7"] == -1)
        #expect(value.object?.count == 100)
        #expect((0..<100).allSatisfy { $0 == 7 || value["key\($0)"] == .integer(Int64($0)) })
    }

    @Test func keysAreBytes() throws {
        let value = try JSONParser.parse(#"{"\u00e9":1,"e\u0301":2,"a\u0323\u0307":3,"a\u0307\u0323":4}"#)
        #expect(value.object?.count == 4)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(value["a\u{323}\u{307}"] == 3)
        #expect(value["a\u{307}\u{323}"] == 4)
    }

    @Test func limits() {
        #expect(Self.failure(Array("[[1]]".utf8), .init(depth: 2)) == nil)
        #expect(Self.failure(Array("[[[1]]]".utf8), .init(depth: 2))?.kind == .tooDeep(limit: 2))
        #expect(Self.failure(Array("[{\"a\":[]}]".utf8), .init(depth: 2))?.kind == .tooDeep(limit: 2))
        #expect(Self.failure(Array("[1]".utf8), .init(size: 2))?.kind == .tooLarge(limit: 2))
        // Depth is about nesting, not about how many there are.
        let wide = "[" + String(repeating: "[[]],", count: 50) + "[]]"
        #expect(Self.failure(Array(wide.utf8), .init(depth: 3)) == nil)
    }

    @Test func knownStringsAreTheTextThatWasRead() throws {
        for key in [
            "terminationGracePeriodSeconds", "terminationGracePeriodSecondx", "xerminationGracePeriodSeconds",
            "terminationGracePEriodSeconds", "f:terminationMessagePath", "default-scheduler",
        ] {
            let value = try JSONParser.parse("{\"\(key)\":\"\(key)\"}")
            #expect(value[key]?.string == key)
            #expect(JSONWriter.string(value) == "{\"\(key)\":\"\(key)\"}")
        }
    }
}
