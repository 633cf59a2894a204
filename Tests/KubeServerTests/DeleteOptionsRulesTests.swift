import KubeJSON
import Testing

@testable import KubeServer

/// What may stand in a DeleteOptions, with upstream's words for what may not.
@Suite struct DeleteOptionsRulesTests {
    private func words(_ policy: String? = nil, orphan: Bool? = nil, dryRun: [String] = []) -> [String] {
        DeleteOptionsRules.errors(propagationPolicy: policy, orphanDependents: orphan, dryRun: dryRun)
            .map(\.description)
    }

    @Test func whatIsKnownPasses() {
        #expect(words() == [])
        for policy in ["Foreground", "Background", "Orphan"] { #expect(words(policy) == []) }
        #expect(words(orphan: true, dryRun: ["All", "All"]) == [])
    }

    /// An unknown dry run must not delete, nor pass for one.
    @Test func anUnknownDryRunIsRefused() {
        #expect(
            words(dryRun: ["All", "Some"]) == [
                #"dryRun: Unsupported value: ["All","Some"]: supported values: "All""#
            ])
    }

    @Test func allThatIsWrongIsToldAtOnce() {
        #expect(
            words("Bad", orphan: false, dryRun: ["Some"]) == [
                #"propagationPolicy: Invalid value: "Bad": "#
                    + "orphanDependents and deletionPropagation cannot be both set",
                #"propagationPolicy: Unsupported value: "Bad": "#
                    + #"supported values: "Foreground", "Background", "Orphan", "nil""#,
                #"dryRun: Unsupported value: ["Some"]: supported values: "All""#,
            ])
    }
}
