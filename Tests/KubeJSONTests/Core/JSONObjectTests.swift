import Testing

@testable import KubeJSON

@Suite struct JSONObjectTests {
    @Test func keysAreComparedByBytes() {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        var object: JSONObject = [composed: 1]
        object[decomposed] = 2
        #expect(object.count == 2)
        #expect(object[composed] == 1)
        for number in 0..<40 { object["k\(number)"] = 0 }
        #expect(object[composed] == 1)
        #expect(object[decomposed] == 2)
        #expect(object.removeValue(forKey: composed) == 1)
        #expect(object[composed] == nil)
        #expect(object[decomposed] == 2)
        #expect(JSON.string(composed) != JSON.string(decomposed))
        #expect(JSON.string("a\u{323}\u{307}") != JSON.string("a\u{307}\u{323}"))
        #expect([composed: 1] as JSON != [decomposed: 1] as JSON)
    }

    @Test func equalityIsOfNumbersAndNotOfOrder() {
        #expect(["a": 1, "b": 2.0] as JSON == ["b": 2, "a": 1] as JSON)
        #expect((["a": 1, "b": 2.0] as JSON).hashValue == (["b": 2, "a": 1] as JSON).hashValue)
        #expect(JSON.integer(9_007_199_254_740_993) != JSON.double(9_007_199_254_740_992))
    }

    @Test func setsAndRemoves() {
        var value: JSON = ["a": ["b": 1], "c": 2]
        value["c"] = nil as JSON?
        value["a"]?["d"] = 3
        value["a"]?["b"] = nil as JSON?
        #expect(value == ["a": ["d": 3]])
        #expect(value.removeValue(forKey: "a") == ["d": 3])
        #expect(value.removeValue(forKey: "a") == nil)
        var text: JSON = "text"
        #expect(text.removeValue(forKey: "a") == nil)
        text["absent"] = nil as JSON?
        #expect(text == "text")
        text["x"] = 1
        #expect(text == ["x": 1])
    }

    @Test func removesInClosures() {
        // The pattern on which the optimiser failed (see JSON's subscript).
        func change(_ value: JSON, _ body: (inout JSON) -> Void) -> JSON {
            var copy = value
            body(&copy)
            return copy
        }
        for key in ["a", "b", "z"] {
            let changed = change(["a": 1, "b": 2]) { value in
                value[key] = nil as JSON?
                if key == "a" { value["b"] = nil as JSON? }
            }
            #expect(changed[key] == nil)
        }
    }

    @Test func copiesAreIndependent() {
        var first = JSONObject((0..<60).map { ("k\($0)", .integer(Int64($0))) })
        let second = first
        first["k3"] = nil as JSON?
        first["new"] = 1
        #expect(second.count == 60)
        #expect(second["k3"] == 3)
        #expect(second["new"] == nil)
        #expect(first["k59"] == 59)
        first.keep { $0.key.hasPrefix("k1") }
        #expect(first.keys.allSatisfy { $0.hasPrefix("k1") })
        #expect(first["k19"] == 19)
    }

    @Test func removingManyMembersTakesOnePass() {
        let members = (0..<50_000).map { ("k\($0)", JSON.integer(Int64($0))) }
        var nulls = JSONObject(members.filter { $0.1.integer != 7 }.map { ($0.0, .null) })
        nulls["absent"] = .null
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(MergePatch.apply(.object(nulls), to: .object(JSONObject(members))) == ["k7": 7])
        }
        // One by one it is minutes.
        #expect(time < .seconds(20))
    }
}
