import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// The pods of each service, and when its endpoints are to be looked at: what the loops that publish a
/// service's pods have in common.
struct ServiceLooks: Sendable {
    /// What a look at a service finds.
    enum Look {
        /// It has no selector: somebody else says where it leads.
        case none
        /// Not yet: large services are looked at so many seconds later.
        case later(Double)
        /// Its pods in order of key, and since when they are not as they were at the last look.
        case now([ServicePod], since: Timestamp?)
    }

    private struct State: Sendable {
        var triggers = TriggerTimes()
        var looked: Timestamp?
    }

    private var members = ServiceMembers()
    private var states: [String: State] = [:]

    /// A pod's event.
    /// - Returns: the services that publish something else than before.
    mutating func podChanged(_ event: ObjectEvent) -> [String] { members.update(event) }

    mutating func serviceChanged(_ event: ObjectEvent, _ view: ClusterView) {
        members.update(event.object.key, event.kind == .deleted ? nil : event.object.value, view)
    }

    /// The service is no more.
    mutating func forget(_ key: String) { states.removeValue(forKey: key) }

    mutating func look(at service: JSON, _ key: String, now: Timestamp) -> Look {
        let spec = service["spec"]
        guard spec?["type"]?.string != "ExternalName", spec?["selector"]?.object?.isEmpty == false else {
            return .none
        }
        var state = states[key] ?? State()
        let pause = PublishingPace.interval(members: members.count(of: key))
        if pause > 0, let looked = state.looked, now.since(looked) < pause {
            return .later(pause - now.since(looked))
        }
        state.looked = now
        let pods = members.pods(of: key)
        let trigger = state.triggers.next(service: service, pods: pods)
        states[key] = state
        return .now(pods, since: trigger)
    }
}
