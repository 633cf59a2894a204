import Testing

@testable import KubeJSON

/// YAML from anyone is read or refused in bounded time and memory.
@Suite struct YAMLSafetyTests {
    private static func message(_ text: String, _ limits: YAML.Limits = .init()) -> String? {
        do throws(YAMLError) {
            _ = try YAML.parse(text.utf8, limits: limits)
            return nil
        } catch {
            return error.message
        }
    }

    /// Each level uses the one before it nine times: ten levels would be 3.5 billion values.
    private static func bomb(levels: Int) -> String {
        var text = "a0: &a0 [x]\n"
        for level in 1..<levels {
            let uses = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        return text
    }

    @Test func aliases() throws {
        let documents = try YAML.parse("a: &x {k: [1, 2]}\nb: *x\nc: &key name\n*key : 1\n")
        #expect(documents.first?.value == ["a": ["k": [1, 2]], "b": ["k": [1, 2]], "c": "name", "name": 1])
        #expect(Self.message("a: *nobody\n") == "unknown anchor 'nobody' referenced")
        #expect(Self.message("a: &x [*x]\n") == "unknown anchor 'x' referenced")
    }

    @Test func bombsAreRefusedBeforeTheyAreComposed() {
        #expect(Self.message(Self.bomb(levels: 3)) == nil)
        #expect(Self.message(Self.bomb(levels: 30)) == "document contains excessive aliasing")
        #expect(Self.message(Self.bomb(levels: 9) + "? *a8\n: 1\n") == "document contains excessive aliasing")
        #expect(Self.message("a: &x [1]\n? *x\n: 1\n") == "unsupported map key")
        #expect(Self.message("? [1]\n: 1\n") == "unsupported map key")
        #expect(Self.message("? {a: 1}\n: 1\n") == "unsupported map key")
        let many = "a: &a 1\n" + (0..<20).map { "b\($0): *a\n" }.joined()
        #expect(Self.message(many, .init(aliases: 19)) == "too many aliases")
        #expect(Self.message(many, .init(aliases: 20)) == nil)
        // What only looks like an alias is text.
        let globs = "b:\n" + String(repeating: "- '*.example.com'\n- \"*a\"\n", count: 2_000)
        #expect(Self.message(globs) == nil)
    }

    @Test func depth() {
        let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
        #expect(Self.message(deep) == "exceeded max depth of 500")
        #expect(Self.message("[[1]]", .init(depth: 2)) == nil)
        #expect(Self.message("[[[1]]]", .init(depth: 2)) == "exceeded max depth of 2")
    }
}
