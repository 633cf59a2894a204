import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct SelectorTests {
    func labelError(_ text: String) -> String? {
        do {
            _ = try LabelSelector.parse(text)
            return nil
        } catch { return error.message }
    }

    @Test func labelSyntaxAndMeaning() throws {
        let selector = try LabelSelector.parse("n>1, a=b,c!=d,e in (y,x),f notin (z),g,!h")
        #expect(selector.description == "a=b,c!=d,e in (x,y),f notin (z),g,!h,n>1")
        #expect(selector.matches(labels: ["a": "b", "e": "x", "g": "", "n": "2"]))
        #expect(!selector.matches(labels: ["a": "b", "e": "x", "g": "", "n": "1"]))
        #expect(!selector.matches(labels: ["a": "b", "e": "x", "g": "", "n": "2", "h": ""]))
        #expect(!selector.matches(labels: nil))
        #expect(LabelSelector.everything.matches(labels: nil))
        #expect(try !LabelSelector(object: nil).matches(labels: [:]))
    }

    @Test func labelErrors() {
        #expect(labelError("env in") == "unable to parse requirement: found '' expected: '('")
        #expect(labelError("a,") == "found '', expected: identifier after ','")
        #expect(
            labelError("a b")
                == "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")
        #expect(labelError("a>x")?.contains("the value must be an integer") == true)
        #expect(
            labelError("-a")?.hasPrefix(
                "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist") == true)
        #expect(labelError("a in (,x)") == nil)
    }

    @Test func fieldSelectors() throws {
        let pod = GroupKind("", "Pod")
        let selector = try FieldSelector.parse(
            "status.phase!=Failed,spec.nodeName=n1,spec.hostNetwork=false", for: pod, isNamespaced: true)
        #expect(selector.exactValue(of: "spec.nodeName") == "n1")
        #expect(selector.matches(["spec": ["nodeName": "n1"], "status": ["phase": "Running"]]))
        #expect(!selector.matches(["spec": ["nodeName": "n1", "hostNetwork": true]]))
        #expect(throws: SelectorError("field label not supported: spec.image")) {
            try FieldSelector.parse("spec.image=x", for: pod, isNamespaced: true)
        }
        #expect(
            throws: SelectorError(
                "\"data.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
        ) { try FieldSelector.parse("data.x=1", for: GroupKind("", "ConfigMap"), isNamespaced: true) }
        #expect(throws: SelectorError.self) {
            try FieldSelector.parse("metadata.name", for: pod, isNamespaced: true)
        }
        let escaped = try FieldSelector.parse(#"metadata.name=a\,b"#, for: pod, isNamespaced: true)
        #expect(escaped.exactName == "a,b")
    }

    @Test func durations() {
        #expect(DurationFormat.human(119) == "119s")
        #expect(DurationFormat.human(303) == "5m3s")
        #expect(DurationFormat.human(7 * 3600 + 60) == "7h1m")
        #expect(DurationFormat.human(76 * 3600) == "3d4h")
        #expect(DurationFormat.human(-2) == "<invalid>")
        #expect(DurationFormat.seconds("2024-02-29T12:00:00Z") == 1_709_208_000)
        #expect(DurationFormat.seconds("1970-01-01T01:00:00.5+01:00") == 0)
    }
}
