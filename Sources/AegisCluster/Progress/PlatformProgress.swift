import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore

/// How far a platform is: the state of everything that was applied and can keep somebody waiting.
public struct PlatformProgress: Sendable {
    public struct Row: Sendable, Equatable {
        /// `Deployment aegis-production/aegis-api`.
        public let title: String
        public let state: WorkloadState
    }

    public let rows: [Row]
    public var waiting: [Row] { rows.filter { !$0.state.isReady } }
    public var isReady: Bool { waiting.isEmpty }

    /// - Parameter applied: in the order in which they are shown.
    public init(_ applied: [Applier.Applied], _ registry: Registry) {
        let states = WorkloadStates { registry.objects($0, $1, in: $2) }
        rows = applied.compactMap { entry in
            guard WorkloadStates.isWorkload(group: entry.manifest.group, kind: entry.manifest.kind) else {
                return nil
            }
            guard let object = registry.lookup(entry.group, entry.plural, entry.key) else {
                return Row(title: entry.manifest.title, state: .waiting(["was deleted"]))
            }
            return Row(title: entry.manifest.title, state: states.state(of: object))
        }
    }

    /// From what `json` says.
    public init(_ json: JSON) {
        rows = (json["objects"]?.array ?? []).map { entry in
            Row(
                title: entry["object"]?.string ?? "",
                state: WorkloadState(
                    isReady: entry["ready"]?.bool ?? false, count: entry["count"]?.string ?? "",
                    reasons: (entry["reasons"]?.array ?? []).compactMap(\.string)))
        }
    }

    /// A table of at most `width` columns: what is ready, what waits and why.
    public func table(width: Int = 80) -> [String] {
        let names = rows.map(\.title)
        let nameWidth = min(names.map(\.count).max() ?? 0, max(20, width / 2))
        let countWidth = max(rows.map(\.state.count.count).max() ?? 0, 5)
        var lines: [String] = []
        for row in rows {
            let head =
                Self.padded(row.title, nameWidth) + "  " + Self.padded(row.state.count, countWidth) + "  "
            if row.state.isReady {
                lines.append(head + "ready")
                continue
            }
            let room = max(width - head.count, 20)
            let reasons = row.state.reasons.isEmpty ? ["waits"] : row.state.reasons
            for (index, line) in reasons.flatMap({ Self.wrapped($0, room) }).enumerated() {
                lines.append(
                    (index == 0 ? head : String(repeating: " ", count: head.count)) + line)
            }
        }
        return lines
    }

    static func padded(_ text: String, _ width: Int) -> String {
        if text.count > width { return String(text.prefix(width - 1)) + "…" }
        return text + String(repeating: " ", count: width - text.count)
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            if !line.isEmpty { line += " " }
            line += word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// For scripts.
    public var json: JSON {
        [
            "ready": .bool(isReady),
            "objects": .array(
                rows.map { row in
                    [
                        "object": .string(row.title), "ready": .bool(row.state.isReady),
                        "count": .string(row.state.count),
                        "reasons": .array(row.state.reasons.map { .string($0) }),
                    ]
                }),
        ]
    }
}
