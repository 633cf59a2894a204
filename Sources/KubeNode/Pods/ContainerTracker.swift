import KubeAPI
import KubeJSON

/// Waiting times that double (client-go's flowcontrol.Backoff): 10 s at first, 5 min at most, and from the
/// start again after twice that without trouble.
struct Backoff: Sendable {
    static let initial = 10.0
    static let longest = 300.0

    /// Zero before the first trouble.
    private(set) var delay = 0.0
    private var updated = Timestamp(seconds: 0)

    /// The time until which a failure at a time keeps the next try waiting; nil when it does not.
    func end(after failure: Timestamp, now: Timestamp) -> Timestamp? {
        guard delay > 0, !isOver(failure), now.since(failure) < delay else { return nil }
        return failure.adding(delay)
    }

    /// The time until which the last failure itself keeps the next try waiting.
    func endSinceUpdate(now: Timestamp) -> Timestamp? {
        guard delay > 0, now.since(updated) < delay else { return nil }
        return updated.adding(delay)
    }

    mutating func next(failure: Timestamp, now: Timestamp) {
        delay = delay == 0 || isOver(failure) ? Self.initial : min(delay * 2, Self.longest)
        updated = now
    }

    private func isOver(_ failure: Timestamp) -> Bool { failure.since(updated) > Self.longest * 2 }

    /// As Go writes a duration of whole seconds: `10s`, `1m20s`, `5m0s`.
    var text: String {
        let seconds = Int(delay)
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}

/// How one probe of one container stands (pkg/kubelet/prober/worker.go).
struct ProbeTracker: Sendable {
    /// When it is to run next; nil when nothing new can come of it.
    var next: Timestamp?
    /// Since when an answer is awaited.
    var pending: Timestamp?
    /// What is held to be true once a threshold is reached.
    var result: Bool?
    private var last: Bool?
    private var run = 0

    init(result: Bool? = nil) { self.result = result }

    /// Takes in an answer.
    /// - Returns: whether it changed what is held to be true.
    mutating func take(_ answer: ProbeResult, _ probe: ProbeShape) -> Bool {
        pending = nil
        run = last == answer.isSuccess ? run + 1 : 1
        last = answer.isSuccess
        next = answer.time.adding(Double(probe.period))
        guard run >= (answer.isSuccess ? probe.successThreshold : probe.failureThreshold) else {
            return false
        }
        let changes = result != answer.isSuccess
        result = answer.isSuccess
        if answer.isSuccess { skip(answer, Double(probe.period)) }
        return changes
    }

    /// Leaves out runs of which it is known that they say the same.
    private mutating func skip(_ answer: ProbeResult, _ period: Double) {
        switch answer.holds {
        case .unknown: break
        case .forever: next = nil
        case .until(let end):
            let runs = (end.since(answer.time) / period).rounded(.up)
            next = answer.time.adding(max(runs, 1) * period)
        }
    }
}

/// What the agent remembers of one container.
struct ContainerTracker: Sendable {
    enum Operation: Sendable, Equatable {
        case none
        case pulling(since: Timestamp)
        case starting
    }

    var operation = Operation.none
    /// Of the instance that comes next.
    var attempt = 0
    /// The instance that was said to have started.
    var announced = ""
    /// The instance whose end was taken in.
    var ended = ""
    /// The instance before the present one.
    var last: ContainerInstance? {
        didSet { if last?.id != oldValue?.id { beforeLast = oldValue } }
    }
    /// The one before that.
    private(set) var beforeLast: ContainerInstance?
    /// The instance that its agent stops in order to start another one at once.
    var replaced = ""
    /// Why it does not run, when it is not what is usual before the start.
    var waiting: (reason: String, message: String)?
    var restarts = Backoff()
    var pulls = Backoff()
    /// A pull that failed is called back-off from then on.
    var pullFailure: (message: String, toldAt: Timestamp)?
    /// The image is known to be there for this attempt.
    var hasImage = false
    var imageID = ""
    var configCheckedAt: Timestamp?
    var startup = ProbeTracker()
    var liveness = ProbeTracker()
    var readiness = ProbeTracker()
    /// Being stopped: until when at most.
    var stopDeadline: Timestamp?
    var isStopSent = false
    var backoffTold = Timestamp(seconds: 0)
    var hookTold = false

    subscript(kind: ProbeShape.Kind) -> ProbeTracker {
        get {
            switch kind {
            case .startup: startup
            case .liveness: liveness
            case .readiness: readiness
            }
        }
        set {
            switch kind {
            case .startup: startup = newValue
            case .liveness: liveness = newValue
            case .readiness: readiness = newValue
            }
        }
    }

    /// Another image: what went wrong with the one before says nothing of it (the kubelet's waiting times go
    /// by container and image).
    mutating func forgetFailures() {
        restarts = Backoff()
        pulls = Backoff()
        pullFailure = nil
        hasImage = false
        waiting = nil
        if case .pulling = operation { operation = .none }
    }

    mutating func forgetInstance() {
        startup = ProbeTracker()
        liveness = ProbeTracker()
        readiness = ProbeTracker()
        stopDeadline = nil
        isStopSent = false
        hasImage = false
        hookTold = false
        waiting = nil
    }
}
