import KubeJSON
import KubeNode

/// How one pod of a cluster that goes is to end: what its containers' annotations say of it, for whoever ends
/// it may have nothing else. Pure.
struct PodEnding: Sendable, Equatable {
    struct Container: Sendable, Equatable {
        var id: String
        var name: String
        var preStop: JSON?
        var ports: JSON?

        /// As in a spec, for the hook.
        var spec: JSON {
            var spec: JSON = ["name": .string(name)]
            if let ports { spec["ports"] = ports }
            return spec
        }
    }

    let pod: PodIdentity
    let sandbox: String
    /// Seconds until what still runs is killed.
    let grace: Int
    /// They end together.
    let containers: [Container]
    /// They end one after another when the others have, in this order: the one that was begun last first.
    let sidecars: [Container]

    /// - Parameters:
    ///   - listed: of the cluster, whatever their state.
    ///   - most: seconds that no pod gets more than.
    /// - Returns: for each pod of which anything runs, in order of namespace and name.
    static func all(_ listed: [CRIContainer], most: Int) -> [PodEnding] {
        var running: [String: [CRIContainer]] = [:]
        for container in listed where container.state == .containerRunning {
            running[container.labels[PodLabels.podUID] ?? "", default: []].append(container)
        }
        let endings = running.values.compactMap { PodEnding($0, most: most) }
        return endings.sorted { left, right in
            let names = [left, right].map { "\($0.pod.namespace)/\($0.pod.name)/\($0.pod.uid)" }
            return utf8Less(names[0], names[1])
        }
    }

    private init?(_ running: [CRIContainer], most: Int) {
        guard let first = running.first, let pod = PodLabels.identity(first.labels) else { return nil }
        self.pod = pod
        sandbox = first.podSandboxID
        let own = running.compactMap { $0.annotations[PodLabels.gracePeriod].flatMap { Int($0) } }.max() ?? 30
        grace = max(0, min(own, most))
        var containers: [Container] = []
        var sidecars: [(place: Int, container: Container)] = []
        for entry in running.sorted(by: { utf8Less($0.id, $1.id) }) {
            func json(_ key: String) -> JSON? {
                entry.annotations[key].flatMap { try? JSONParser.parse(Array($0.utf8)) }
            }
            let container = Container(
                id: entry.id, name: entry.labels[PodLabels.containerName] ?? entry.metadata.name,
                preStop: json(PodLabels.preStop), ports: json(PodLabels.ports))
            if let place = entry.annotations[PodLabels.sidecar].flatMap({ Int($0) }) {
                sidecars.append((place, container))
            } else {
                containers.append(container)
            }
        }
        self.containers = containers
        self.sidecars = sidecars.sorted { $0.place > $1.place }.map(\.container)
    }
}
