import Foundation
import Testing

/// The platform's recording and alerting rules, judged by Prometheus' own tool.
@Suite(.clients) struct MonitoringRulesTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "platform/base/monitoring")

    private func promtool(_ arguments: String...) throws -> Outcome {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        return try run(programs.tools + "/promtool", arguments, in: Self.folder)
    }

    @Test func theRulesAreValid() throws {
        let outcome = try promtool("check", "rules", "rules/recording.yml", "rules/alerts.yml")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func theRulesDoWhatTheirTestsSay() throws {
        let outcome = try promtool("test", "rules", "tests/alerts.test.yml")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func everyAlertHasATest() throws {
        let rules = try String(
            contentsOf: Self.folder.appendingPathComponent("rules/alerts.yml"), encoding: .utf8)
        let tests = try String(
            contentsOf: Self.folder.appendingPathComponent("tests/alerts.test.yml"), encoding: .utf8)
        let names = rules.split(separator: "\n").compactMap { line in
            line.contains("- alert: ") ? line.split(separator: " ").last.map(String.init) : nil
        }
        #expect(names.count >= 12)
        for name in names { #expect(tests.contains("alertname: \(name)\n"), "\(name)") }
    }
}
