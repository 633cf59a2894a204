import KubeJSON
import Logging

/// Hands every event to everybody who follows, in the order of their numbers, whichever replica it happened on.
///
/// The database is the truth. What this replica stored itself, and what Redis brings from others, is handed on
/// at once when nothing is missing before it; otherwise what is missing is read.
actor EventHub {
    enum Item: Sendable {
        case event(ReleaseEvent)
        /// Nothing happened for a while; keeps connections from being thought dead.
        case idle
    }

    private struct Follower {
        let continuation: AsyncStream<Item>.Continuation
    }

    /// How much a follower may fall behind before it is cut off; it comes back with the last number it saw.
    static let slack = 1_024
    static let most = 1_000

    private let store: ReleaseStore
    private let logger: Logger
    private var last: Int64?
    private var followers: [Int: Follower] = [:]
    private var nextFollower = 0
    private var isReading = false
    private var isReadingWanted = false
    private var isClosed = false

    init(_ store: ReleaseStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Looks into the database now and then, and more often while nothing else tells of events.
    func run(isHurried: @Sendable () -> Bool) async {
        var passed = 0.0
        while !Task.isCancelled {
            await read()
            let pause = isHurried() ? 0.5 : 5.0
            try? await Task.sleep(for: .seconds(pause))
            passed += pause
            if passed >= 10 {
                passed = 0
                for (id, follower) in followers { pass(.idle, to: id, follower) }
            }
        }
        close()
    }

    /// Takes events from whoever had them first.
    func offer(_ events: [ReleaseEvent]) async {
        var isMissing = false
        for event in events {
            guard let known = last else {
                isMissing = true
                break
            }
            if event.number == known + 1 {
                hand(event)
            } else if event.number > known + 1 {
                isMissing = true
                break
            }
        }
        if isMissing { await read() }
    }

    private func hand(_ event: ReleaseEvent) {
        last = event.number
        for (id, follower) in followers { pass(.event(event), to: id, follower) }
    }

    private func pass(_ item: Item, to id: Int, _ follower: Follower) {
        if case .dropped = follower.continuation.yield(item) {
            follower.continuation.finish()
            followers[id] = nil
        }
    }

    private func read() async {
        isReadingWanted = true
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        while isReadingWanted {
            isReadingWanted = false
            do {
                if last == nil {
                    let number = try await store.lastEvent()
                    if last == nil { last = number }
                }
                while let known = last {
                    let events = try await store.events(after: known)
                    // Others may have been handed on meanwhile.
                    for event in events where event.number == (last ?? 0) + 1 { hand(event) }
                    if events.count < 500 { break }
                }
            } catch {
                logger.debug("events cannot be read", metadata: ["error": "\(error)"])
            }
        }
    }

    /// What happens from now on; nil when there are too many followers, or the service ends. The number says
    /// where it begins.
    func follow() async -> (id: Int, from: Int64, items: AsyncStream<Item>)? {
        if last == nil {
            // A read that is under way need not be waited for.
            let number = try? await store.lastEvent()
            if last == nil { last = number }
        }
        guard let last, !isClosed, followers.count < Self.most else { return nil }
        let (items, continuation) = AsyncStream.makeStream(
            of: Item.self, bufferingPolicy: .bufferingOldest(Self.slack))
        nextFollower += 1
        followers[nextFollower] = Follower(continuation: continuation)
        return (nextFollower, last, items)
    }

    func leave(_ id: Int) { followers.removeValue(forKey: id)?.continuation.finish() }

    /// Ends every stream; those who follow come back to another replica.
    func close() {
        isClosed = true
        for follower in followers.values { follower.continuation.finish() }
        followers = [:]
    }
}

extension ReleaseEvent {
    /// As it is shown and as Redis carries it.
    var view: JSON {
        var value: JSON = [
            "number": .integer(number), "at": .string(timestamp(step.at, fraction: true)),
            "release": .string(release), "workload": .string(workload), "kind": .string(step.kind.rawValue),
            "state": .string(step.state.rawValue), "message": .string(step.message),
            "replica": .string(step.replica),
        ]
        value["progress"] = step.progress?.document ?? .null
        return value
    }

    /// Reads what another replica published.
    static func published(_ value: JSON) -> ReleaseEvent? {
        guard let number = value["number"]?.integer, let release = value["release"]?.string,
            let kind = value["kind"]?.string.flatMap(ReleaseStep.Kind.init(rawValue:)),
            let state = value["state"]?.string.flatMap(ReleaseState.init(rawValue:)),
            let at = value["millis"]?.integer
        else { return nil }
        return ReleaseEvent(
            number: number, release: release, namespace: value["namespace"]?.string ?? "",
            workload: value["workload"]?.string ?? "",
            step: ReleaseStep(
                kind, state: state, at: at, replica: value["replica"]?.string ?? "",
                message: value["message"]?.string ?? "",
                progress: value["progress"].flatMap(Progress.init(document:))))
    }

    var publishable: JSON {
        var value = view
        value["millis"] = .integer(step.at)
        value["namespace"] = .string(namespace)
        return value
    }
}
