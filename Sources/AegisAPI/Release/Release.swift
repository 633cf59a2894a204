import KubeJSON

/// What a release changes of a workload; at least one of its parts is there.
public struct ReleaseChange: Sendable, Equatable {
    /// Which container image and environment are of; nil when the workload leaves no choice.
    public var container: String?
    public var image: String?
    /// Variables to set, and those to take away (nil), in order of name.
    public var environment: [(name: String, value: String?)]
    public var replicas: Int?
    public var isRestart: Bool
    /// The release that is undone by going back to how the workload was before it.
    public var undoes: String?
    /// The template that the workload is to have, for a release that undoes another.
    public var restored: JSON?

    public init(
        container: String? = nil, image: String? = nil, environment: [(name: String, value: String?)] = [],
        replicas: Int? = nil, isRestart: Bool = false, undoes: String? = nil, restored: JSON? = nil
    ) {
        self.container = container
        self.image = image
        self.environment = environment.sorted { utf8Less($0.name, $1.name) }
        self.replicas = replicas
        self.isRestart = isRestart
        self.undoes = undoes
        self.restored = restored
    }

    public static func == (left: ReleaseChange, right: ReleaseChange) -> Bool {
        left.container == right.container && left.image == right.image && left.replicas == right.replicas
            && left.isRestart == right.isRestart && left.undoes == right.undoes
            && left.restored == right.restored
            && left.environment.elementsEqual(right.environment) { $0 == $1 }
    }
}

/// What of a workload releases change.
public struct WorkloadState: Sendable, Equatable {
    public var template: JSON
    public var replicas: Int

    public init(template: JSON, replicas: Int) {
        self.template = template
        self.replicas = replicas
    }
}

/// Where a release stands.
public enum ReleaseState: String, Sendable, CaseIterable {
    /// Recorded; nothing was done.
    case pending
    /// How the workload was is recorded; the change is sent, or was sent and the answer got lost.
    case applying
    /// The change is there; pods are being replaced.
    case progressing
    /// The way back is sent, or was sent and the answer got lost.
    case reverting
    /// The way back is there; pods are being replaced.
    case restoring
    case succeeded
    case rolledBack = "rolled-back"
    case cancelled
    /// It could not be done, or not be undone.
    case failed
    /// Somebody else changed the workload meanwhile; what they did stands.
    case superseded

    public var isActive: Bool {
        switch self {
        case .pending, .applying, .progressing, .reverting, .restoring: true
        case .succeeded, .rolledBack, .cancelled, .failed, .superseded: false
        }
    }
}

/// What a person asked of a release that is under way.
public enum ReleaseIntent: String, Sendable, CaseIterable {
    case cancel
    case rollback
}

/// How far the replacing of pods is.
public struct Progress: Sendable, Equatable {
    public var replicas: Int
    public var updated: Int
    public var available: Int

    public init(replicas: Int, updated: Int, available: Int) {
        self.replicas = replicas
        self.updated = updated
        self.available = available
    }
}

/// One thing that happened to a release. Steps are only ever added.
public struct ReleaseStep: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case created
        case takenOver = "taken-over"
        case applying
        case applied
        case progress
        case healthy
        case asked
        case reverting
        case reverted
        case finished
    }

    public var kind: Kind
    /// The release's state after it.
    public var state: ReleaseState
    /// Milliseconds since 1970.
    public var at: Int64
    /// The replica of this service that did it.
    public var replica: String
    public var message: String
    public var progress: Progress?

    public init(
        _ kind: Kind, state: ReleaseState, at: Int64, replica: String, message: String,
        progress: Progress? = nil
    ) {
        self.kind = kind
        self.state = state
        self.at = at
        self.replica = replica
        self.message = message
        self.progress = progress
    }
}

/// A change of a workload and all that became of it. The machine that moves it is in ReleaseMachine.swift.
public struct Release: Sendable, Equatable {
    public let id: String
    public let namespace: String
    public let workload: String
    public let change: ReleaseChange
    public let createdBy: String
    /// Milliseconds since 1970.
    public let createdAt: Int64
    public let note: String
    /// How long replacing the pods may take, in seconds.
    public let deadline: Int

    public internal(set) var state = ReleaseState.pending
    /// What it waits for, or why it ended as it did.
    public internal(set) var message = ""
    public internal(set) var finishedAt: Int64?
    public internal(set) var progress: Progress?
    /// How the workload was, recorded before anything is sent.
    public internal(set) var before: WorkloadState?
    /// The template's digest once the change is there, and the generation that it made.
    var appliedDigest: String?
    var appliedGeneration: Int64 = 0
    var intent: ReleaseIntent?
    var intentBy = ""
    /// Why the way back was taken.
    public internal(set) var rollbackReason: String?
    /// How long its pods have been watched in this state, in milliseconds, and when they last were.
    var watched: Int64 = 0
    var watchedAt: Int64?
    /// Since when of `watched` everything is as it should be, or something is wrong that may pass.
    var healthySince: Int64?
    var troubledSince: Int64?
    /// How often sending failed in a row.
    var attempts = 0
    /// The number of saves; each replaces the one before it.
    public var version: Int64 = 0

    public init(
        id: String, namespace: String, workload: String, change: ReleaseChange, createdBy: String,
        createdAt: Int64, note: String = "", deadline: Int = 300
    ) {
        self.id = id
        self.namespace = namespace
        self.workload = workload
        self.change = change
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.note = note
        self.deadline = deadline
    }
}

extension Release {
    /// Whether storing it is worth a write: anything but the time that it was watched, or enough of that.
    /// - Parameter watching: in milliseconds.
    func differs(from other: Release, byMoreThan watching: Int64) -> Bool {
        if abs(watched - other.watched) > watching { return true }
        var same = self
        same.watched = other.watched
        same.watchedAt = other.watchedAt
        return same != other
    }
}
