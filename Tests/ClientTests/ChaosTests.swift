import Testing

/// The promises of all control loops together under a thousand seeds of operations and faults: in the built
/// program, where that takes seconds.
@Suite(.clients) struct ChaosProgramTests {
    @Test func everyPromiseIsKept() throws {
        let programs = try #require(Programs.environment)
        let outcome = try run(programs.aegis, ["chaos"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
}
