import KubeAPI
import KubeJSON
import KubeStore
import Synchronization

/// The webhooks of the cluster in the order in which they are asked; read anew when a configuration changes.
final class AdmissionHooks: Sendable {
    private struct State {
        var revision: UInt64?
        var hooks: [AdmissionHook] = []
    }

    private let configurations: CollectionID
    private let state = Mutex(State())

    init(isMutating: Bool) {
        configurations = CollectionID(
            group: "admissionregistration.k8s.io",
            resource: (isMutating ? "mutating" : "validating") + "webhookconfigurations")
    }

    /// By the names of their configurations, and within one as it lists them.
    func all(in store: Store) -> [AdmissionHook] {
        let revision = store.lastChange(in: [configurations])
        return state.withLock { state in
            if state.revision == revision { return state.hooks }
            let snapshot = store.snapshot(configurations)
            state.hooks = (snapshot.objects.isEmpty ? [] : snapshot.page().items).flatMap {
                Self.hooks(of: $0.value)
            }
            state.revision = revision
            return state.hooks
        }
    }

    private static func hooks(of configuration: JSON) -> [AdmissionHook] {
        var seen: [String: Int] = [:]
        return (configuration["webhooks"]?.array ?? []).map { hook in
            let name = hook["name"]?.string ?? ""
            defer { seen[name, default: 0] += 1 }
            return AdmissionHook(hook, configuration: configuration.name, index: seen[name] ?? 0)
        }
    }
}
