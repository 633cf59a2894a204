import KubeAPI
import KubeJSON
import NIOConcurrencyHelpers

/// Who answers requests for log, exec, attach and portforward: filled when the nodes run.
final class NodeProxyHook: Sendable {
    private let box = NIOLockedValueBox<(any NodeStreams)?>(nil)

    var streams: (any NodeStreams)? { box.withLockedValue { $0 } }

    func fill(_ streams: any NodeStreams) { box.withLockedValue { $0 = streams } }
}

/// Whether the server may be asked for anything yet, check by check as `/readyz?verbose` lists them.
public final class Readiness: Sendable {
    private let checks = NIOLockedValueBox<[(name: String, isReady: Bool)]>([])

    public init(_ names: [String]) {
        checks.withLockedValue { $0 = names.map { ($0, false) } }
    }

    public func markReady(_ name: String) { set(name, true) }
    public func markNotReady(_ name: String) { set(name, false) }

    private func set(_ name: String, _ isReady: Bool) {
        checks.withLockedValue { checks in
            if let index = checks.firstIndex(where: { $0.name == name }) {
                checks[index].isReady = isReady
            } else {
                checks.append((name, isReady))
            }
        }
    }

    var all: [(name: String, isReady: Bool)] { checks.withLockedValue { $0 } }
}
