import Testing

@testable import KubeJSON

@Suite struct FieldSetTests {
    static func set(_ text: String) throws -> FieldSet { try FieldSet(fieldsV1: json(text)) }

    static func random(_ generator: inout SeededGenerator, depth: Int = 3) -> FieldSet {
        var nodes: [FieldSet.Node] = []
        let elements =
            ["a", "b", "c"].map { PathElement.field($0) } + [
                .key([("name", "x")]), .key([("name", "y")]), .value("z"),
            ]
        for element in elements where Int.random(in: 0..<3, using: &generator) == 0 {
            let below = depth > 0 ? random(&generator, depth: depth - 1) : FieldSet()
            let isMember = Bool.random(using: &generator)
            if isMember || !below.isEmpty {
                nodes.append(.init(element, isMember: isMember, children: below))
            }
        }
        return FieldSet(distinct: nodes)
    }

    struct AlgebraCase: Sendable, CustomTestStringConvertible {
        let left, right, union, intersection, difference, recursive: String
        var testDescription: String { "\(left) and \(right)" }
    }

    static let algebra = [
        AlgebraCase(
            left: #"{"f:a":{},"f:b":{}}"#, right: #"{"f:b":{},"f:c":{}}"#,
            union: #"{"f:a":{},"f:b":{},"f:c":{}}"#, intersection: #"{"f:b":{}}"#,
            difference: #"{"f:a":{}}"#, recursive: #"{"f:a":{}}"#),
        // A parent does not take its children along, except in the recursive difference.
        AlgebraCase(
            left: #"{"f:a":{".":{},"f:b":{}}}"#, right: #"{"f:a":{}}"#,
            union: #"{"f:a":{".":{},"f:b":{}}}"#, intersection: #"{"f:a":{}}"#,
            difference: #"{"f:a":{"f:b":{}}}"#, recursive: "{}"),
        AlgebraCase(
            left: #"{"f:a":{".":{},"f:b":{}}}"#, right: #"{"f:a":{"f:b":{}}}"#,
            union: #"{"f:a":{".":{},"f:b":{}}}"#, intersection: #"{"f:a":{"f:b":{}}}"#,
            difference: #"{"f:a":{}}"#, recursive: #"{"f:a":{}}"#),
        AlgebraCase(
            left: #"{"f:l":{"k:{\"name\":\"x\"}":{".":{},"f:v":{}}}}"#,
            right: #"{"f:l":{"k:{\"name\":\"y\"}":{}}}"#,
            union: #"{"f:l":{"k:{\"name\":\"x\"}":{".":{},"f:v":{}},"k:{\"name\":\"y\"}":{}}}"#,
            intersection: "{}", difference: #"{"f:l":{"k:{\"name\":\"x\"}":{".":{},"f:v":{}}}}"#,
            recursive: #"{"f:l":{"k:{\"name\":\"x\"}":{".":{},"f:v":{}}}}"#),
    ]

    @Test(arguments: algebra) func setAlgebra(_ row: AlgebraCase) throws {
        let (a, b) = (try Self.set(row.left), try Self.set(row.right))
        #expect(JSONWriter.string(a.union(b).fieldsV1) == row.union)
        #expect(JSONWriter.string(a.intersection(b).fieldsV1) == row.intersection)
        #expect(JSONWriter.string(a.difference(b).fieldsV1) == row.difference)
        #expect(JSONWriter.string(a.recursiveDifference(b).fieldsV1) == row.recursive)
    }

    @Test func lawsHoldForRandomSets() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("FieldSet laws, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let a = Self.random(&generator)
            let b = Self.random(&generator)
            let c = Self.random(&generator)
            #expect(a.union(b) == b.union(a))
            #expect(a.union(b).union(c) == a.union(b.union(c)))
            #expect(a.union(a) == a)
            #expect(a.intersection(b) == b.intersection(a))
            #expect(a.intersection(b) == a.difference(a.difference(b)))
            #expect(a.difference(b).union(a.intersection(b)) == a)
            #expect(a.difference(b).intersection(b).isEmpty)
            #expect(a.difference(a).isEmpty)
            #expect(a.recursiveDifference(b).isSubset(of: a.difference(b)))
            #expect(a.isSubset(of: a.union(b)))
            #expect(a.isSubset(of: b) == a.difference(b).isEmpty)
            #expect(a.isDisjoint(with: b) == a.intersection(b).isEmpty)
            #expect(a.count == a.paths.count)
            #expect(a.paths.allSatisfy { a.contains($0) })
            #expect(a.leaves.isSubset(of: a))
            #expect(try FieldSet(fieldsV1: json(JSONWriter.string(a.fieldsV1))) == a)
            var rebuilt = FieldSet()
            for path in a.paths.shuffled(using: &generator) { rebuilt.insert(path) }
            #expect(rebuilt == a)
        }
    }

    @Test func keysAreCanonicalAndOrderedAsUpstreamOrdersThem() throws {
        let unsorted = try Self.set(
            #"{"k:{\"protocol\":\"TCP\", \"containerPort\":443}":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{},"v:\"b\"":{},"f:z":{},"i:10":{},"i:9":{},"v:\"a\"":{}}"#
        )
        #expect(
            unsorted.nodes.map(\.element.text) == [
                "f:z", #"k:{"containerPort":80,"protocol":"TCP"}"#,
                #"k:{"containerPort":443,"protocol":"TCP"}"#,
                #"v:"a""#, #"v:"b""#, "i:9", "i:10",
            ])
        #expect(
            unsorted.nodes.map(\.element.description) == [
                ".z", #"[containerPort=80,protocol="TCP"]"#, #"[containerPort=443,protocol="TCP"]"#,
                #"[="a"]"#,
                #"[="b"]"#, "[9]", "[10]",
            ])
    }

    @Test func unknownFormsAreIgnoredAndBadOnesRefused() throws {
        #expect(try Self.set(#"{"f:a":{},"x:future":{"f:b":{}}}"#) == Self.set(#"{"f:a":{}}"#))
        #expect(throws: FieldSet.FormatError.self) { try Self.set(#"{"nocolon":{}}"#) }
        #expect(throws: FieldSet.FormatError.self) { try Self.set(#"{"k:{":{}}"#) }
        #expect(throws: FieldSet.FormatError.self) { try Self.set(#"{"f:a":1}"#) }
        #expect(throws: FieldSet.FormatError.self) { try Self.set(#"[]"#) }
    }
}
