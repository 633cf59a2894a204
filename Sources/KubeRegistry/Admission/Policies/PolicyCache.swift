import KubeAPI
import KubeJSON
import KubeStore
import Synchronization

/// The policies of the cluster with their bindings, compiled; made anew when one of them changes.
final class PolicyCache: Sendable {
    struct Entry: Sendable {
        let policy: CompiledAdmissionPolicy
        let bindings: [JSON]
    }

    private struct State {
        var revision: UInt64?
        var entries: [Entry] = []
        /// By uid and generation, so that a change of one does not compile all.
        var compiled: [String: CompiledAdmissionPolicy] = [:]
    }

    private let isMutating: Bool
    private let policies: CollectionID
    private let bindings: CollectionID
    private let state = Mutex(State())

    init(isMutating: Bool) {
        self.isMutating = isMutating
        let prefix = isMutating ? "mutating" : "validating"
        let group = "admissionregistration.k8s.io"
        policies = CollectionID(group: group, resource: prefix + "admissionpolicies")
        bindings = CollectionID(group: group, resource: prefix + "admissionpolicybindings")
    }

    /// Policies that have bindings, in the order of their names.
    func entries(in store: Store) -> [Entry] {
        let revision = store.lastChange(in: [policies, bindings])
        return state.withLock { state in
            if state.revision == revision { return state.entries }
            rebuild(&state, store)
            state.revision = revision
            return state.entries
        }
    }

    private func rebuild(_ state: inout State, _ store: Store) {
        var byPolicy: [String: [JSON]] = [:]
        let bound = store.snapshot(bindings)
        for stored in bound.objects.isEmpty ? [] : bound.page().items {
            byPolicy[stored.value["spec"]?["policyName"]?.string ?? "", default: []].append(stored.value)
        }
        var entries: [Entry] = []
        var compiled: [String: CompiledAdmissionPolicy] = [:]
        let snapshot = store.snapshot(policies)
        for stored in snapshot.objects.isEmpty ? [] : snapshot.page().items {
            guard let bindings = byPolicy[stored.value.name] else { continue }
            let key = "\(stored.value.uid)/\(stored.value.generation)"
            let policy = state.compiled[key] ?? CompiledAdmissionPolicy(stored.value, isMutating: isMutating)
            compiled[key] = policy
            entries.append(Entry(policy: policy, bindings: bindings))
        }
        state.entries = entries
        state.compiled = compiled
    }
}
