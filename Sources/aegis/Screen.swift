import AegisCluster
import AegisImages
import Foundation
import KubeJSON
import Synchronization

/// Shows progress on standard output: a table that is drawn again in place on a terminal, the rows that
/// changed elsewhere.
final class Screen: Sendable {
    private let isJSON: Bool
    private let isTerminal: Bool
    private let state = Mutex(State())

    private struct State: Sendable {
        var drawn = 0
        var rows: [PlatformProgress.Row] = []
    }

    init(isJSON: Bool) {
        self.isJSON = isJSON
        isTerminal = isatty(STDOUT_FILENO) == 1
    }

    /// A line that stays.
    func say(_ text: String) {
        if isJSON {
            Self.put(JSONWriter.string(["message": .string(text)]) + "\n")
            return
        }
        state.withLock { state in
            Self.put(Self.erase(state.drawn) + text + "\n")
            state.drawn = 0
        }
    }

    /// How far an image is: a line that is drawn over on a terminal; elsewhere only where it begins and ends.
    func pass(_ progress: ImageProgress) {
        let line = "image \(progress.recipe): \(progress.stage)"
        if progress.isLasting { return say(line) }
        guard isTerminal, !isJSON else { return }
        state.withLock { state in
            Self.put(Self.erase(state.drawn) + line.prefix(Self.width - 1) + "\n")
            state.drawn = 1
        }
    }

    func show(_ progress: PlatformProgress) {
        if isJSON {
            Self.put(JSONWriter.string(progress.json) + "\n")
            return
        }
        state.withLock { state in
            if isTerminal {
                let lines = progress.table(width: Self.width)
                Self.put(Self.erase(state.drawn) + lines.map { $0 + "\n" }.joined())
                state.drawn = lines.count
            } else {
                let changed = progress.rows.filter { !state.rows.contains($0) }
                for row in changed {
                    let state = row.state
                    let what = state.isReady ? "ready" : state.reasons.joined(separator: "; ")
                    Self.put(
                        [row.title, state.count, what].filter { !$0.isEmpty }.joined(separator: "  ") + "\n")
                }
                state.rows = progress.rows
            }
        }
    }

    func show(_ reach: Reachability) {
        if isJSON {
            Self.put(JSONWriter.string(["reachable": reach.json]) + "\n")
            return
        }
        for line in Self.lines(reach) { say(line) }
    }

    /// Nothing for a cluster in which nothing is reached.
    static func lines(_ reach: Reachability) -> [String] {
        let table = reach.table(width: width)
        return table.isEmpty ? [] : ["from this machine:"] + table
    }

    /// The table stays as it is.
    func end() { state.withLock { $0.drawn = 0 } }

    private static func erase(_ lines: Int) -> String { lines == 0 ? "" : "\u{1B}[\(lines)A\u{1B}[J" }

    private static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return min(Int(size.ws_col), 160)
    }

    private static func put(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
