import Synchronization

/// Says how the end of a cluster's pods goes: how many at first, and every few seconds for whom it waits.
final class EndingWords: Sendable {
    private let left = Mutex<[String]?>(nil)
    private let most: Int
    private let say: @Sendable (String) -> Void

    /// - Parameter most: seconds that it takes at most.
    init(most: Int, say: @escaping @Sendable (String) -> Void) {
        self.most = most
        self.say = say
    }

    /// - Parameter left: the pods that still run.
    func take(_ left: [String]) {
        let isFirst = self.left.withLock { present in
            defer { present = left }
            return present == nil
        }
        if isFirst {
            say("ending \(left.count == 1 ? "one pod" : "\(left.count) pods"), within \(most) s at most")
        }
    }

    /// Until it is cancelled.
    func run(every period: Duration = .seconds(5)) async {
        while true {
            do { try await Task.sleep(for: period) } catch { return }
            if let text = Self.text(left.withLock { $0 } ?? []) { say(text) }
        }
    }

    /// A line of less than 80 columns, where names are not longer than it; nil when nobody is waited for.
    static func text(_ left: [String]) -> String? {
        guard let first = left.first else { return nil }
        var text = "waiting for \(first)"
        for (index, name) in left.enumerated().dropFirst() {
            let rest = " and \(left.count - index) more"
            if text.count + name.count + 2 + rest.count > 79 { return text + rest }
            text += ", \(name)"
        }
        return text
    }
}
