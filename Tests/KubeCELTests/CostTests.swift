import Testing

@testable import KubeCEL

/// What expressions cost, estimated and counted, by the weights of upstream: a step for each name and field, a
/// tenth for each character that is looked at, ten for a list, thirty for a map.
@Suite struct CostTests {
    @Test(
        arguments: [
            ("'abcdefghijklmno'.lowerAscii()", UInt64(2), UInt64(2)),
            ("'abcdefghij'.upperAscii() == 'abcdefghij'.lowerAscii()", 3, 3),
            ("strings.quote('abcdefghij') == strings.quote('abcdefghij')", 5, 4),
            ("[1, 2, 3].map(x, x * 2)", 63, 63), ("[1, 2, 3].filter(x, x > 1)", 66, 54),
            ("[1, 2].all(x, x > 0)", 21, 21), ("[1, 2].exists(x, x > 0)", 23, 20),
            ("[1, 2].exists_one(x, x > 1)", 20, 19),
            ("{'a': 1, 'b': 2}.transformMap(k, v, v + 1)", 71, 71),
            ("{'a': 1, 'b': 2}.transformMapEntry(k, v, {k: v + 1})", 131, 131),
            ("sets.contains([1, 2], [2])", 23, 23), ("sets.equivalent([1, 2], [2, 1])", 29, 29),
            ("quantity('200M') == quantity('200M')", 3, 3), ("true && false || true", 0, 0),
            ("'abc'.matches('^[a-z]+$')", 2, 2), ("['a', 'b'].join('--') == 'a--b'", nil, 12),
        ] as [(String, UInt64?, UInt64)])
    func costs(_ text: String, _ estimated: UInt64?, _ counted: UInt64) throws {
        let environment = Environment()
        let program = try Program(text, in: environment)
        if let estimated { #expect(program.estimatedCost(variables: [:]) == estimated) }
        var evaluation = Evaluation(environment)
        let (result, cost) = evaluation.run(program)
        _ = try result.get()
        #expect(cost == counted)
    }

    /// Nothing costs more than was estimated.
    @Test func estimatesHold() throws {
        let parts = [
            "1", "2", "x", "[1, 2, 3]", "'text'", "true", "{'a': 1}", "'other'.size()",
            "[1, 2].map(i, i + 1)",
        ]
        let forms = [
            "%a == %a", "[%a].exists(i, i == %a)", "[%a, %a].all(i, i != %a)", "%a != %a && %a == %a",
            "[%a].filter(i, i == %a).size() > 0", "(%a == %a ? %a : %a) == %a", "%a in [%a, %a]",
        ]
        for seed in 0..<400 {
            var chance = SplitMix(seed: UInt64(seed))
            let pieces = forms[chance.next(forms.count)].split(
                separator: "%a", omittingEmptySubsequences: false)
            var text = String(pieces[0])
            for piece in pieces.dropFirst() {
                text += "dyn(" + parts[chance.next(parts.count)] + ")" + piece
            }
            var environment = Environment()
            let slot = environment.declare("x", .int)
            let program = try Program(text, in: environment)
            var evaluation = Evaluation(environment)
            evaluation.set(slot, .int(5))
            let (_, cost) = evaluation.run(program)
            #expect(cost <= program.estimatedCost(variables: [:]), "seed \(seed): \(text)")
        }
    }
}
