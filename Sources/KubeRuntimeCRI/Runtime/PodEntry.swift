import KubeAPI
import KubeJSON
import KubeNode

/// A container as a listing and its status said.
struct ContainerRecord: Sendable {
    var id: String
    var identity: PodIdentity
    var name: String
    var attempt: Int
    var sandbox: String
    var state: CRIContainerState
    var status: CRIContainerStatus?
}

/// A sandbox as a listing said.
struct SandboxRecord: Sendable {
    var id: String
    var identity: PodIdentity
    var attempt: Int
    var isReady: Bool
    var created: Timestamp
    var addresses: [String] = []
}

/// A pod that an agent has taken.
struct PodEntry: Sendable {
    let identity: PodIdentity
    private(set) var object: JSON
    private(set) var shape: PodShape
    var address: String?
    var observation: PodObservation
    var sandboxID: String?
    /// The host's paths of its volumes, once they are there.
    var volumes: [String: String]?

    init(identity: PodIdentity, object: JSON, shape: PodShape) {
        self.identity = identity
        self.object = object
        self.shape = shape
        observation = PodObservation(containers: shape.containers.count)
    }

    /// Ephemeral containers may have come; those before keep their places.
    mutating func take(_ object: JSON, _ shape: PodShape) {
        self.object = object
        self.shape = shape
        let missing = shape.containers.count - observation.containers.count
        if missing > 0 {
            observation.containers += Array(repeating: nil, count: missing)
            observation.pulls += Array(repeating: nil, count: missing)
        }
    }

    /// The spec of a container by its place in the shape.
    func container(_ index: Int) -> JSON? {
        let container = shape.containers[index]
        let (list, offset) =
            switch container.kind {
            case .initial: ("initContainers", 0)
            case .main: ("containers", shape.initCount)
            case .ephemeral: ("ephemeralContainers", shape.ephemeralStart)
            }
        guard let items = object["spec"]?[list]?.array, items.indices.contains(index - offset) else {
            return nil
        }
        return items[index - offset]
    }

    func index(of name: String) -> Int? { shape.containers.firstIndex { $0.name == name } }

    func index(ofContainer id: String) -> Int? {
        observation.containers.firstIndex { $0?.id == id && !id.isEmpty }
    }

    /// Takes over what ran before.
    mutating func adopt(_ sandboxes: [SandboxRecord], _ containers: [ContainerRecord]) {
        guard let sandbox = sandboxes.filter(\.isReady).max(by: { $0.attempt < $1.attempt }) else { return }
        sandboxID = sandbox.id
        observation.sandbox = SandboxState(
            id: sandbox.id, isReady: true, addresses: sandbox.addresses, created: sandbox.created)
        for (index, container) in shape.containers.enumerated() {
            let own = containers.filter { $0.name == container.name && $0.state != .containerCreated }
            guard let newest = own.max(by: { $0.attempt < $1.attempt }), let status = newest.status else {
                continue
            }
            var instance = ContainerInstance(
                id: newest.id, attempt: newest.attempt, state: .running, imageID: status.imageRef)
            // Whether its hook ran is not known any more; upstream does not run it again either.
            instance.postStart = .done
            instance.take(status)
            observation.containers[index] = instance
        }
    }
}

extension ContainerInstance {
    /// Takes in what the runtime says of it; what became of its hooks stays.
    mutating func take(_ status: CRIContainerStatus) {
        if !status.imageRef.isEmpty { imageID = status.imageRef }
        // An answer may be older than what is known: a container never goes back.
        switch status.state {
        case .containerCreated: break
        case .containerRunning: if state == .created { state = .running }
        default: state = .exited
        }
        if status.startedAt > 0 { started = Timestamp(nanoseconds: status.startedAt) }
        guard state == .exited else { return }
        if status.finishedAt > 0 { finished = Timestamp(nanoseconds: status.finishedAt) }
        exitCode = Int(status.exitCode)
        reason = status.reason.isEmpty ? (exitCode == 0 ? "Completed" : "Error") : status.reason
        message = status.message
    }
}

extension Timestamp {
    init(nanoseconds: Int64) {
        self.init(
            seconds: nanoseconds / 1_000_000_000, nanoseconds: Int32(nanoseconds % 1_000_000_000))
    }
}
