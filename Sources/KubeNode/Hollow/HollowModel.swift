import KubeAPI
import KubeJSON

/// How the containers of a hollow pod behave: what its annotations say, or what all pods do.
///
/// Annotations on the pod; each key also with `.CONTAINER` after it, which goes before the one without. Times
/// are seconds.
///
/// | key after `hollow.aegis.dev/` | value | without it |
/// |---|---|---|
/// | `pull-seconds` | to pull an image that the node has not | 0 |
/// | `pull-error` | what every pull fails with | pulls succeed |
/// | `pull-error-times` | how many pulls fail so | all |
/// | `start-seconds` | from start to running | 0 |
/// | `started-after` | running until the startup probe passes | 0 |
/// | `ready-after` | running until the readiness probe passes | 0 |
/// | `not-ready` | `FROM-TO` after the start, separated by commas: readiness fails then | never |
/// | `live-for` | running until the liveness probe fails | for ever |
/// | `exit-after` | `SECONDS` or `SECONDS,CODE` | init containers and Jobs: 0; others never |
/// | `exit-times` | how many instances end so; those after run on | all |
/// | `oom-after` | running until it is killed for its memory | never |
/// | `crash-probability` | that an instance crashes, 0 to 1 | 0 |
/// | `crash-within` | at an even chance within so many seconds | 60 |
/// | `stop-seconds` | from the signal to the end | 0 |
/// | `stop-code` | the code it ends with then | 0 |
/// | `post-start-error`, `pre-stop-error` | what the hook fails with | hooks succeed |
/// | `pre-stop-seconds` | that preStop takes | 0 |
/// | `cpu`, `memory` | an amount, `P50,P99`, or `load:NAME` | half of the request |
public struct HollowModel: Sendable {
    public static let prefix = "hollow.aegis.dev/"

    public var pullSeconds = 0.0
    public var startSeconds = 0.0
    public var readyAfter = 0.0
    /// How long the containers of a Job's pods run.
    public var jobSeconds = 0.0
    public var stopSeconds = 0.0

    /// Everything takes no time.
    public static let instant = HollowModel()

    public init() {}
}

/// The model of one container, read from its pod.
struct HollowContainerModel: Sendable {
    var pullSeconds: Double
    var pullError: String?
    var pullErrorTimes = Int.max
    var startSeconds: Double
    var startedAfter = 0.0
    var readyAfter: Double
    var notReady: [(from: Double, to: Double)] = []
    var liveFor: Double?
    var exitAfter: Double?
    var exitCode = 0
    var exitTimes = Int.max
    var oomAfter: Double?
    var crashProbability = 0.0
    var crashWithin = 60.0
    var stopSeconds: Double
    var stopCode = 0
    var preStopSeconds = 0.0
    var postStartError: String?
    var preStopError: String?

    init(_ container: ContainerShape, _ annotations: JSONObject, isJob: Bool, _ defaults: HollowModel) {
        pullSeconds = defaults.pullSeconds
        startSeconds = defaults.startSeconds
        readyAfter = defaults.readyAfter
        stopSeconds = defaults.stopSeconds
        if container.kind == .initial, !container.isSidecar { exitAfter = 0 }
        if container.kind == .main, isJob { exitAfter = defaults.jobSeconds }
        guard Self.hasAny(annotations) else { return }
        func text(_ key: String) -> String? { Self.text(key, container.name, annotations) }
        func number(_ key: String) -> Double? {
            text(key).flatMap { Double($0) }.map { min(max($0, 0), 1e9) }
        }
        if let value = number("pull-seconds") { pullSeconds = value }
        pullError = text("pull-error")
        if let value = number("pull-error-times") { pullErrorTimes = Int(value) }
        if let value = number("start-seconds") { startSeconds = value }
        if let value = number("started-after") { startedAfter = value }
        if let value = number("ready-after") { readyAfter = value }
        notReady = (text("not-ready") ?? "").split(separator: ",").compactMap { range in
            let ends = range.split(separator: "-")
            guard ends.count == 2, let from = Double(ends[0]), let to = Double(ends[1]), from < to else {
                return nil
            }
            return (from, to)
        }
        liveFor = number("live-for")
        if let parts = text("exit-after")?.split(separator: ","), let first = parts.first,
            let seconds = Double(first)
        {
            exitAfter = max(seconds, 0)
            exitCode = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        }
        if let value = number("exit-times") { exitTimes = Int(value) }
        oomAfter = number("oom-after")
        if let value = number("crash-probability") { crashProbability = min(value, 1) }
        if let value = number("crash-within") { crashWithin = value }
        if let value = number("stop-seconds") { stopSeconds = value }
        if let value = number("stop-code") { stopCode = Int(value) }
        if let value = number("pre-stop-seconds") { preStopSeconds = value }
        postStartError = text("post-start-error")
        preStopError = text("pre-stop-error")
    }

    static func hasAny(_ annotations: JSONObject) -> Bool {
        annotations.contains { $0.key.utf8.starts(with: HollowModel.prefix.utf8) }
    }

    static func text(_ key: String, _ container: String, _ annotations: JSONObject) -> String? {
        annotations["\(HollowModel.prefix)\(key).\(container)"]?.string
            ?? annotations[HollowModel.prefix + key]?.string
    }

    /// When and how an instance ends by itself.
    func end(of attempt: Int, _ random: SeededHash) -> HollowEnd? {
        var end: HollowEnd?
        func offer(_ after: Double, _ code: Int, _ reason: String) {
            if let present = end, present.after <= after { return }
            end = HollowEnd(after: after, code: code, reason: reason)
        }
        if let exitAfter, attempt < exitTimes {
            offer(exitAfter, exitCode, exitCode == 0 ? "Completed" : "Error")
        }
        if let oomAfter { offer(oomAfter, 137, "OOMKilled") }
        if crashProbability > 0 {
            let draw = random.with("crash").with(attempt)
            if draw.fraction < crashProbability {
                offer(draw.with("when").fraction * crashWithin, 1, "Error")
            }
        }
        return end
    }
}

struct HollowEnd: Sendable {
    /// Seconds after the start.
    var after: Double
    var code: Int
    var reason: String
}
