import KubeAPI
import KubeJSON

/// What a node's agent asks of whatever runs its containers. Containers go by their index in the pod's
/// `PodShape`.
public enum RuntimeAction: Sendable, Equatable {
    case createSandbox(attempt: Int)
    case pullImage(container: Int)
    /// Creates and starts a container; the first attempt is 0, as the restart count.
    case startContainer(container: Int, attempt: Int)
    case runHook(container: Int, ContainerHook)
    /// Asks the container to end, and ends it by force after so many seconds.
    case stopContainer(container: Int, grace: Int)
    case probe(container: Int, ProbeShape.Kind)
    case removeSandbox
}

public enum ContainerHook: Sendable {
    case postStart, preStop
}

/// What came of a hook.
public enum HookState: Sendable, Equatable {
    case notRun, running, done
    case failed(String)
}

/// Runs the containers of pods: simulated, or through the CRI. It is told what to do and says what is; what
/// it has not finished shows in its next observation. The agent asks for nothing twice while it is under way.
public protocol PodRuntime: Sendable {
    /// As in `status.containerStatuses[].containerID`, before `://`.
    var name: String { get }
    /// Makes a pod known that the agent has taken; its actions come after.
    /// - Parameter object: the whole Pod.
    mutating func add(_ pod: PodIdentity, _ object: JSON, shape: PodShape)
    /// Makes a pod known that ran before this agent did: what still runs is found again, not started again.
    mutating func restore(_ pod: PodIdentity, _ object: JSON, shape: PodShape, now: Timestamp)
    /// Takes a changed pod; its containers go on.
    mutating func change(_ pod: PodIdentity, _ object: JSON, shape: PodShape)
    /// Nothing more is asked of the pod: what is left of it goes, running or not.
    mutating func remove(_ pod: PodIdentity)
    /// Whether nothing is left of a pod that was removed, so that its address may be given to another.
    func isGone(_ pod: PodIdentity) -> Bool
    /// Begins an action for a pod.
    /// - Parameter address: of the pod, for its sandbox; nil in the host's network.
    mutating func perform(_ action: RuntimeAction, of pod: PodIdentity, now: Timestamp, address: String?)
    /// What there is of a pod now. A sandbox that is asked for is not there until it was made or has failed.
    mutating func observe(_ pod: PodIdentity, now: Timestamp) -> PodObservation
    /// When the observation will change by itself, where that is known beforehand.
    func nextChange(of pod: PodIdentity) -> Timestamp?
    func hasImage(_ image: String, for pod: PodIdentity) -> Bool
}

/// Which pod it is.
public struct PodIdentity: Sendable, Hashable {
    public var uid: String
    public var namespace: String
    public var name: String
    public var node: String

    public init(uid: String, namespace: String, name: String, node: String) {
        self.uid = uid
        self.namespace = namespace
        self.name = name
        self.node = node
    }

    public static func == (left: PodIdentity, right: PodIdentity) -> Bool { left.uid == right.uid }
    public func hash(into hasher: inout Hasher) { hasher.combine(uid) }
}

/// What the runtime knows of one pod.
public struct PodObservation: Sendable {
    public var sandbox: SandboxState?
    /// The newest instance of each container, by index.
    public var containers: [ContainerInstance?]
    /// The newest pull of each container's image, by index.
    public var pulls: [ImagePull?]
    /// Results since the last observation, in order.
    public var probes: [ProbeResult] = []

    public init(containers count: Int) {
        containers = Array(repeating: nil, count: count)
        pulls = Array(repeating: nil, count: count)
    }
}

public struct SandboxState: Sendable, Equatable {
    public var id: String
    public var isReady: Bool
    /// Empty in the host's network.
    public var addresses: [String]
    public var created: Timestamp
    /// Why it could not be made; it is tried again. One that is neither ready nor failed is gone.
    public var failure: String?
    /// The reason of the Event that tells it; nil for `FailedCreatePodSandBox`.
    public var failureEvent: String?

    public init(
        id: String, isReady: Bool, addresses: [String], created: Timestamp, failure: String? = nil
    ) {
        self.id = id
        self.isReady = isReady
        self.addresses = addresses
        self.created = created
        self.failure = failure
    }
}

public struct ContainerInstance: Sendable, Equatable {
    public enum State: Sendable { case created, running, exited }

    public var id: String
    public var attempt: Int
    public var state: State
    public var imageID: String
    public var started: Timestamp?
    public var finished: Timestamp?
    public var exitCode = 0
    public var signal = 0
    /// `Completed`, `Error`, `OOMKilled`, `StartError`…
    public var reason = ""
    public var message = ""
    public var postStart = HookState.notRun
    public var preStop = HookState.notRun
    /// It was not created: why.
    public var creationFailure: String?
    /// The reason for which it then waits.
    public var creationReason = "CreateContainerError"

    public init(id: String, attempt: Int, state: State, imageID: String) {
        self.id = id
        self.attempt = attempt
        self.state = state
        self.imageID = imageID
    }
}

/// One pull of an image.
public struct ImagePull: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case running
        /// In bytes.
        case done(imageID: String, size: Int64)
        case failed(String)
    }
    public var started: Timestamp
    public var ended: Timestamp?
    public var outcome: Outcome

    public init(started: Timestamp, ended: Timestamp? = nil, outcome: Outcome) {
        self.started = started
        self.ended = ended
        self.outcome = outcome
    }
}

/// What one run of a probe said.
public struct ProbeResult: Sendable, Equatable {
    public var container: Int
    public var kind: ProbeShape.Kind
    /// Of the instance that was asked.
    public var containerID: String
    public var isSuccess: Bool
    /// What the probe said, for the Event.
    public var output: String
    public var verdict = Verdict.answer
    public var time: Timestamp
    /// The runtime knows that the answer stays the same until then; nil when it knows nothing.
    public var holds: Validity

    public enum Verdict: Sendable, Equatable {
        case answer
        /// A success of which something is to be told.
        case warning
        /// It could not be asked; nothing follows for the container.
        case error
    }

    public enum Validity: Sendable, Equatable {
        case unknown
        case until(Timestamp)
        case forever
    }

    public init(
        container: Int, kind: ProbeShape.Kind, containerID: String, isSuccess: Bool, output: String = "",
        time: Timestamp, holds: Validity = .unknown
    ) {
        self.container = container
        self.kind = kind
        self.containerID = containerID
        self.isSuccess = isSuccess
        self.output = output
        self.time = time
        self.holds = holds
    }
}
