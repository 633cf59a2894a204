import KubeJSON
import Testing

@testable import KubeCEL

@Suite struct RobustnessTests {
    private static let pieces = [
        "a", "b", "self", "1", "2u", "1.5", "'x'", "\"y", "b'z'", "true", "null", "(", ")", "[", "]", "{",
        "}",
        ".", ",", "?", ":", "+", "-", "*", "/", "%", "!", "&&", "||", "==", "!=", "<", ">=", "in", " ", "\n",
        "has", "all", "map", "exists", "optional", "of", "size", "\\", "`", "é", "😀", "0x", "1e", "r'", "//",
        ".all(i, ", "[?", ".?", "'''", "format", "matches", "9223372036854775808",
    ]

    /// Whatever the text, there is an expression or a complaint, and whatever the expression, a value or an
    /// error.
    @Test func neverFails() throws {
        for seed in 0..<1_000 {
            var chance = SplitMix(seed: UInt64(seed))
            let text = (0..<(1 + chance.next(14))).map { _ in Self.pieces[chance.next(Self.pieces.count)] }
                .joined(separator: chance.next(2) == 0 ? "" : " ")
            var environment = Environment()
            let slot = environment.declare("self", .dyn)
            guard let program = try? Program(text, in: environment) else { continue }
            var evaluation = Evaluation(environment)
            evaluation.set(slot, .list(.values([.int(1), .string("a"), .null])))
            _ = evaluation.run(program)
        }
    }

    @Test func deepTextsAreRefused() {
        let environment = Environment()
        for text in [
            String(repeating: "(", count: 50_000), String(repeating: "[", count: 50_000),
            "1" + String(repeating: "+1", count: 10_000),
            "x" + String(repeating: ".x", count: 10_000), String(repeating: "a?b:", count: 10_000),
        ] {
            #expect(throws: CompileError.self) { try Program(text, in: environment) }
        }
    }

    /// No expression runs for longer than it may cost.
    @Test(arguments: [
        "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))",
        "lists.range(400).map(a, lists.range(400).map(b, a * b)).size() > 0",
        "lists.range(100000000000).size() > 0",
        "lists.range(3000).distinct().size() > 0",
    ])
    func costEndsEveryEvaluation(_ text: String) throws {
        let environment = Environment()
        let program = try Program(text, in: environment)
        var evaluation = Evaluation(environment)
        let (result, cost) = evaluation.run(program)
        #expect(throws: EvaluationError.costExceeded) { try result.get() }
        #expect(cost <= Evaluation.callLimit)
    }

    @Test func messagesPointAtThePlace() {
        #expect(throws: (any Error).self) { try Program("1 +\n  foo", in: Environment()) }
        do {
            _ = try Program("1 +\n  foo", in: Environment())
        } catch {
            #expect(
                error.description
                    == "ERROR: <input>:2:3: undeclared reference to 'foo' (in container '')\n |   foo\n | ..^"
            )
        }
    }
}
