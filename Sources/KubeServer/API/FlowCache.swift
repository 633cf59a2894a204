import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore
import Synchronization

/// The flow control objects as they stand, compiled; made anew when one of them changes.
///
/// Requests are told apart as upstream tells them, and none is held back: one process serves them all, and its
/// limits are those of connections and bodies.
final class FlowCache: Sendable {
    private struct State {
        var revision: UInt64?
        var classifier = FlowClassifier(schemas: [], levels: [])
        var shares: [(level: String, shares: Int64)] = []
    }

    private static let group = "flowcontrol.apiserver.k8s.io"
    private static let schemas = CollectionID(group: group, resource: "flowschemas")
    private static let levels = CollectionID(group: group, resource: "prioritylevelconfigurations")
    /// What upstream's server shares among the levels: `--max-requests-inflight` and its mutating twin.
    private static let seats = 600.0
    private let state = Mutex(State())

    private func current(in store: Store) -> State {
        let revision = store.lastChange(in: [Self.schemas, Self.levels])
        return state.withLock { state in
            if state.revision == revision { return state }
            func values(_ collection: CollectionID) -> [JSON] {
                let snapshot = store.snapshot(collection)
                return snapshot.objects.isEmpty ? [] : snapshot.page().items.map(\.value)
            }
            let levels = values(Self.levels)
            state.classifier = FlowClassifier(schemas: values(Self.schemas), levels: levels)
            state.shares = levels.map { level in
                let kind = level["spec"]?["type"]?.string == "Exempt" ? "exempt" : "limited"
                return (level.name, level.at("spec", kind, "nominalConcurrencyShares")?.integer ?? 0)
            }
            state.revision = revision
            return state
        }
    }

    /// nil for requests that last as long as their client wants: upstream does not classify those either.
    func flow(of info: RequestInfo, by user: UserInfo, in store: Store) -> FlowClassifier.Flow? {
        switch info.subresource {
        case "attach", "exec", "log", "portforward", "proxy": return nil
        default: break
        }
        var target: FlowClassifier.Target?
        if info.isResourceRequest {
            target = FlowClassifier.Target(
                group: info.group,
                resource: info.subresource.isEmpty ? info.resource : info.resource + "/" + info.subresource,
                namespace: info.namespace)
        }
        return current(in: store).classifier.flow(
            of: FlowClassifier.Request(
                user: user.name, groups: user.groups, verb: info.verb, target: target, path: info.path))
    }

    /// The share of each level, in Prometheus' text format, under upstream's name.
    func metrics(_ store: Store) -> String {
        let shares = current(in: store).shares
        let total = Double(max(1, shares.reduce(0) { $0 + $1.shares }))
        var text = "# TYPE apiserver_flowcontrol_nominal_limit_seats gauge\n"
        for (level, share) in shares {
            let seats = Int((Self.seats * Double(share) / total).rounded(.up))
            text += "apiserver_flowcontrol_nominal_limit_seats{priority_level=\"\(level)\"} \(seats)\n"
        }
        return text
    }
}
