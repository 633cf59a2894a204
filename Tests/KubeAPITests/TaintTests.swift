import KubeAPI
import KubeJSON
import Testing

@Suite struct TaintTests {
    private let taint = Taint(key: "k", value: "v", effect: .noSchedule)

    @Test(
        arguments: [
            (["key": "k", "value": "v"], true),
            (["key": "k", "operator": "Equal", "value": "v", "effect": "NoSchedule"], true),
            (["key": "k", "value": "w"], false),
            (["key": "j", "value": "v"], false),
            (["key": "k", "operator": "Exists"], true),
            (["operator": "Exists"], true),
            (["operator": "Exists", "effect": "NoExecute"], false),
            (["operator": "Exists", "effect": "Nonsense"], false),
            (["key": "k", "operator": "Gt", "value": "v"], false),
            (["value": "v"], true),
        ] as [(JSON, Bool)])
    func tolerationsBear(_ toleration: JSON, _ expected: Bool) {
        #expect(Toleration(toleration).tolerates(taint) == expected)
    }

    @Test func theFirstThatNobodyBearsCounts() {
        let taints = [taint, Taint(key: "x", value: "", effect: .noExecute)]
        #expect(taints.firstUntolerated(by: [], effects: [.noExecute])?.key == "x")
        #expect(taints.firstUntolerated(by: [], effects: [.noSchedule, .noExecute])?.key == "k")
        #expect(
            taints.firstUntolerated(
                by: [Toleration(["operator": "Exists"])], effects: [.noSchedule, .noExecute]) == nil)
    }

    private static func term(_ op: String, _ values: [JSON]) -> JSON {
        ["matchExpressions": [["key": "zone", "operator": .string(op), "values": .array(values)]]]
    }

    @Test(
        arguments: [
            (term("In", ["a", "b"]), true), (term("In", ["b"]), false), (term("NotIn", ["b"]), true),
            (term("Exists", []), true), (term("DoesNotExist", []), false),
            (["matchFields": [["key": "metadata.name", "operator": "In", "values": ["n"]]]], true),
            (["matchFields": [["key": "metadata.name", "operator": "In", "values": ["m"]]]], false),
            (["matchFields": [["key": "metadata.uid", "operator": "In", "values": ["n"]]]], false),
            // Asks for nothing, or for what cannot be: selects nothing.
            ([:], false), (term("In", []), false), (term("Near", ["a"]), false), (term("Gt", ["a"]), false),
        ] as [(JSON, Bool)])
    func termsSelect(_ term: JSON, _ expected: Bool) {
        #expect(NodeSelectorTerm(term).matches(node: "n") { $0 == "zone" ? "a" : nil } == expected)
    }
}
