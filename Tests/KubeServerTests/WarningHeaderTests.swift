import KubeJSON
import Testing

@testable import KubeServer

/// Warnings as headers, as upstream's recorder writes them.
@Suite struct WarningHeaderTests {
    private func texts(_ warnings: [String]) -> [String] { WarningHeaders.headers(warnings).map(\.1) }

    @Test func eachTextStandsOnceAndQuoted() {
        #expect(texts([]) == [])
        #expect(texts(["a", "", "b", "a"]) == ["299 - \"a\"", "299 - \"b\""])
        #expect(texts([#"unknown field "spec.a\b""#]) == [#"299 - "unknown field \"spec.a\\b\"""#])
        #expect(texts(["이름"]) == ["299 - \"이름\""])
    }

    @Test func whatNoHeaderMayHoldIsLeftOut() {
        #expect(texts(["a\u{7F}b", "a\nb", "a\r\nSet-Cookie: b", "\u{85}", "c"]) == ["299 - \"c\""])
    }

    @Test func tooMuchIsCutShort() {
        let long = (0..<40).map { "\($0) " + String(repeating: "é", count: 400) }
        let cut = texts(long)
        // 4,096 characters by 256 each.
        #expect(cut.count == 16)
        #expect(cut.allSatisfy { $0.unicodeScalars.count == 256 + 8 })
        #expect(texts([String(repeating: "a", count: 4_096)]).first?.count == 4_096 + 8)
    }

    /// A field's name is quoted as Go quotes it, in the warning and in what a strict client is told; what a client
    /// calls a field must not end its connection.
    @Test func fieldsWithOddNamesAreTold() throws {
        let probe = try ServerProbe()
        let object: JSON = [
            "metadata": ["name": "odd", "cr\u{7F}eation": "x"], "data": ["a": "b"], "new\nline": 1,
        ]
        let path = "/api/v1/namespaces/default/configmaps"
        let made = try probe.ask("POST", path, body: object)
        #expect(made.status == 201)
        #expect(
            Set(made.headers.filter { $0.0 == "warning" }.map(\.1)) == [
                #"299 - "unknown field \"metadata.cr\\x7feation\"""#,
                #"299 - "unknown field \"new\\nline\"""#,
            ])
        let refused = try probe.ask("POST", path + "?fieldValidation=Strict", body: object)
        #expect(refused.status == 400)
        #expect(refused.message.contains(#"unknown field "metadata.cr\x7feation""#))
    }
}
