import KubeJSON
import Testing

@testable import KubeCEL

@Suite struct LanguageTests {
    static func evaluate(_ text: String) -> String {
        var environment = Environment()
        let slot = environment.declare("x", .dyn)
        do {
            let program = try Program(text, in: environment)
            var evaluation = Evaluation(environment)
            let object = try JSONParser.parse(Array(#"{"a": {"b": [1, 2, 3]}, "s": "text", "n": null}"#.utf8))
            evaluation.set(slot, try Value(object, as: .dyn))
            switch evaluation.run(program).0 {
            case .success(let value): return JSONWriter.string(try value.json())
            case .failure(let error): return "error: " + error.message
            }
        } catch let error as CompileError {
            return "compile: " + (error.issues.first?.message ?? "")
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("-5 / 2", "-2"), ("7 % -3", "1"),
        ("1 < 2 && 2u > 1u || false", "true"), ("true ? 1 : 2", "1"), ("'a' + \"b\"", "\"ab\""),
        ("!true == false", "true"),
        ("1 == 1.0", "compile: found no matching overload for '_==_' applied to '(int, double)'"),
        ("dyn(1) == 1.0", "true"), ("[1, 2] == [1, 2]", "true"), ("{'a': 1}.a", "1"), ("{'a': 1}['a']", "1"),
        ("x.a.b[1]", "2"), ("x.a.c", "error: no such key: c"), ("has(x.a.b) && !has(x.z)", "true"),
        ("[1,2,3].all(i, i > 0)", "true"), ("[1,2,3].exists(i, i > 2)", "true"),
        ("[1,2,3].exists_one(i, i > 1)", "false"), ("[1,2,3].map(i, i * 2)", "[2,4,6]"),
        ("[1,2,3].map(i, i > 1, i * 2)", "[4,6]"), ("[1,2,3].filter(i, i != 2)", "[1,3]"),
        ("['a','b'].all(i, v, i < 2 && v != 'c')", "true"),
        ("{'a': 1, 'b': 2}.transformMap(k, v, v + 1)", #"{"a":2,"b":3}"#),
        ("{'a': 1}.transformMapEntry(k, v, {k + '2': v})", #"{"a2":1}"#),
        ("[1, 2].transformList(i, v, i + v)", "[1,3]"),
        ("1 / 0", "error: division by zero"), ("9223372036854775807 + 1", "error: integer overflow"),
        ("false && 1 / 0 == 1", "false"), ("1 / 0 == 1 && false", "false"), ("1 / 0 == 1 || true", "true"),
        ("x.?a.?b.orValue([])", "[1,2,3]"), ("x.?q.?b.orValue([7])", "[7]"),
        ("optional.of(3).optMap(v, v + 1).value()", "4"), ("[?x.?q, dyn(1)]", "[1]"), ("{?'k': x.?q}", "{}"),
        ("optional.none().hasValue()", "false"), ("x.a.b[?7].hasValue()", "false"),
        ("[3,1,2].sort()", "[1,2,3]"), ("[{'k': 2}, {'k': 1}].sortBy(e, e.k).map(e, e.k)", "[1,2]"),
        ("[1,2,3].sum()", "6"), ("[3,1].min()", "1"), ("['a','c'].max()", "\"c\""),
        ("[1,2,2].distinct()", "[1,2]"), ("[[1],[2]].flatten()", "[1,2]"), ("lists.range(3)", "[0,1,2]"),
        ("'abc'.matches('^a.c$')", "true"), ("'a1b22'.findAll('[0-9]+')", #"["1","22"]"#),
        ("'hello'.charAt(1)", "\"e\""), ("'a,b,c'.split(',')", #"["a","b","c"]"#),
        ("['a','b'].join('-')", "\"a-b\""), ("'héllo'.size()", "5"), ("'abc'.substring(1, 2)", "\"b\""),
        ("'%s is %d'.format(['x', 3])", "\"x is 3\""), ("'%.2f'.format([1.5])", "\"1.50\""),
        ("duration('1h30m').getMinutes()", "90"), ("timestamp('2024-02-29T12:00:00Z').getDayOfYear()", "59"),
        ("timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')", "true"),
        ("timestamp('2024-01-01T00:00:00Z').getHours('+02:00')", "2"),
        ("quantity('1Gi').isGreaterThan(quantity('1G'))", "true"),
        ("quantity('500m').add(quantity('1')).asApproximateFloat()", "1.5"),
        ("ip('127.0.0.1').isLoopback()", "true"), ("cidr('10.0.0.0/8').containsIP('10.1.2.3')", "true"),
        ("isIP('::ffff:1.2.3.4')", "false"), ("string(ip('2001:db8:0:0::1'))", "\"2001:db8::1\""),
        ("url('https://a.b:8080/p/q?x=1').getPort()", "\"8080\""), ("isURL('../x')", "false"),
        ("semver('1.2.3').isLessThan(semver('1.10.0'))", "true"), ("isSemver('v1.2', true)", "true"),
        ("format.dns1123Label().validate('Bad_Name').hasValue()", "true"),
        ("sets.contains([1,2],[1])", "true"), ("type(1) == int", "true"), ("string(1.5)", "\"1.5\""),
        ("int('12')", "12"), ("b'abc'.size()", "3"), ("r'\\d'", #""\\d""#), ("'\\u00e9'", "\"é\""),
        ("1 in [1,2]", "true"), ("'a' in {'a': 1}", "true"),
        ("'a'.foo()", "compile: undeclared reference to 'foo' (in container '')"),
        ("y", "compile: undeclared reference to 'y' (in container '')"), ("size('ab') == 2", "true"),
        ("[1, 'a']", "compile: expected type 'int' but found 'string'"),
        (
            "1 +",
            "compile: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"
        ),
    ])
    func table(_ expression: String, _ wanted: String) {
        #expect(Self.evaluate(expression) == wanted)
    }
}
