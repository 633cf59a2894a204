import NIOCore
import Synchronization

/// Asks other name servers, in the order in which they are given, and remembers what they say.
///
/// Equal questions that come while one is under way wait for its answer. That also ends loops: when another server
/// asks us what we are asking it, the question waits for itself until its time is up, and goes nowhere.
final class DNSForwarder: Sendable {
    struct Limits: Sendable {
        /// Seconds that one server is given.
        var attempt = 2.0
        /// Seconds in which an answer must be there: a little less than resolvers wait.
        var whole = 4.5
        /// Questions under way.
        var questions = 1000
        /// Seconds for which a server that did not answer comes after the others.
        var penalty = 10.0
    }

    private struct State: Sendable {
        var cache: DNSCache
        var underWay: [DNSCache.Key: Task<DNSMessage?, Never>] = [:]
        var failedUntil: [DNSEndpoint: Double] = [:]
        var statistics = Statistics()
        var isStopped = false
    }

    struct Statistics: Sendable, Equatable {
        var forwarded = 0
        var overTCP = 0
        var failures = 0
        var cacheHits = 0
        var cacheMisses = 0
        var refused = 0
    }

    let upstreams: [DNSEndpoint]
    private let limits: Limits
    private let sockets: [DNSEndpoint: DNSUpstream]
    /// Questions wait for no thread that others keep busy: they run where their sockets do.
    let executor: DNSLoopExecutor
    private let state: Mutex<State>

    init(_ upstreams: [DNSEndpoint], loop: any EventLoop, limits: Limits, cache: DNSCache) {
        self.upstreams = upstreams
        self.limits = limits
        executor = DNSLoopExecutor(loop)
        sockets = Dictionary(
            upstreams.map { ($0, DNSUpstream($0, loop: loop)) }, uniquingKeysWith: { first, _ in first })
        state = Mutex(State(cache: cache))
    }

    var statistics: Statistics { state.withLock { $0.statistics } }
    var cacheCount: Int { state.withLock { $0.cache.count } }

    private static func now() -> Double {
        let elapsed = ContinuousClock().systemEpoch.duration(to: .now).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    /// What is remembered.
    func remembered(_ key: DNSCache.Key) -> DNSMessage? {
        state.withLock { state in
            let message = state.cache.message(key, at: Self.now())
            if message != nil { state.statistics.cacheHits += 1 } else { state.statistics.cacheMisses += 1 }
            return message
        }
    }

    /// - Returns: nil when no server answers.
    func ask(_ question: DNSQuestion, _ key: DNSCache.Key) async -> DNSMessage? {
        let task = state.withLock { state -> Task<DNSMessage?, Never>? in
            if let task = state.underWay[key] { return task }
            guard state.underWay.count < limits.questions, !state.isStopped else {
                state.statistics.refused += 1
                return nil
            }
            state.statistics.forwarded += 1
            let task = Task(executorPreference: executor) { await self.exchange(question, key) }
            state.underWay[key] = task
            return task
        }
        return await task?.value
    }

    private func exchange(_ question: DNSQuestion, _ key: DNSCache.Key) async -> DNSMessage? {
        let answer = await firstAnswer(question, key)
        state.withLock { state in
            state.underWay.removeValue(forKey: key)
            var remembered = answer ?? DNSMessage(id: 0)
            if answer == nil {
                remembered.code = .serverFailure
                state.statistics.failures += 1
            }
            state.cache.store(remembered, key, at: Self.now())
        }
        return answer
    }

    private func firstAnswer(_ question: DNSQuestion, _ key: DNSCache.Key) async -> DNSMessage? {
        let end = Self.now() + limits.whole
        var best: DNSMessage?
        let order = order()
        // One server is asked twice: a datagram may get lost.
        for attempt in 0..<max(order.count, 2) where !order.isEmpty {
            let left = end - Self.now()
            if left <= 0 || state.withLock({ $0.isStopped }) { break }
            let endpoint = order[attempt % order.count]
            guard let socket = sockets[endpoint] else { continue }
            let timeout = min(limits.attempt, left)
            guard let answer = await ask(socket, question, key, timeout) else {
                state.withLock { $0.failedUntil[endpoint] = Self.now() + limits.penalty }
                continue
            }
            state.withLock { _ = $0.failedUntil.removeValue(forKey: endpoint) }
            if answer.code == .noError || answer.code == .nameError { return answer }
            // Another one may know better.
            best = best ?? answer
            if order.count == 1 { break }
        }
        return best
    }

    private func order() -> [DNSEndpoint] {
        let failing = state.withLock { state in
            let now = Self.now()
            return Set(state.failedUntil.filter { $0.value > now }.keys)
        }
        return upstreams.filter { !failing.contains($0) } + upstreams.filter { failing.contains($0) }
    }

    private func ask(
        _ socket: DNSUpstream, _ question: DNSQuestion, _ key: DNSCache.Key, _ timeout: Double
    ) async -> DNSMessage? {
        var query = DNSMessage(id: 0)
        query.isRecursionDesired = true
        query.isCheckingDisabled = key.isCheckingDisabled
        query.questions = [question]
        query.extensions = DNSExtensions(
            payload: DNSExtensions.largestPayload, isSecurityWanted: key.isSecurityWanted)
        guard var answer = try? await socket.ask(query, timeout: timeout) else { return nil }
        if answer.code == .formatError || answer.code == .notImplemented {
            // A server from before EDNS.
            query.extensions = nil
            guard let plain = try? await socket.ask(query, timeout: timeout) else { return answer }
            answer = plain
        }
        guard answer.isTruncated else { return answer }
        state.withLock { $0.statistics.overTCP += 1 }
        return (try? await socket.askOverTCP(query, timeout: timeout)) ?? answer
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        for socket in sockets.values { socket.close() }
    }
}

/// Runs tasks on an event loop.
final class DNSLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
