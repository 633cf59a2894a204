import NIOConcurrencyHelpers

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A bounded number of connections, each with a thread of its own, and a bounded queue of work for them.
///
/// A connection that broke is made anew when there is work for it; while the server is away, work fails at once
/// but for one attempt a pause.
public final class DatabasePool: Sendable {
    public struct Settings: Sendable {
        public var connections: Int
        /// How much work may wait.
        public var queue: Int
        /// How long work may take in all, waiting and every statement, in seconds.
        public var timeout: Double
        public var connectTimeout: Double

        public init(
            connections: Int = 4, queue: Int = 256, timeout: Double = 5, connectTimeout: Double = 3
        ) {
            self.connections = connections
            self.queue = queue
            self.timeout = timeout
            self.connectTimeout = connectTimeout
        }
    }

    /// What the pool is doing, for the metrics.
    public struct Figures: Sendable, Equatable {
        public var size: Int
        /// Connections that are open.
        public var open = 0
        /// Connections that work.
        public var busy = 0
        /// Pieces of work that wait.
        public var waiting = 0
        /// Since the start: connections made, attempts that failed, pieces of work that timed out or were refused.
        public var made = 0
        public var failures = 0
        public var timeouts = 0
        public var refusals = 0
    }

    private struct Job: Sendable {
        let deadline: Double
        let isReadOnly: Bool
        let body: @Sendable (Transaction) throws -> Void
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct State {
        var queue: [Job] = []
        var figures: Figures
        var isClosed = false
        var threads = 0
        var whenClosed: [CheckedContinuation<Void, Never>] = []
        /// While the server is away, one thread looks for it now and then, and the others fail at once.
        var retryAt = 0.0
        var lastFailure = DatabaseError.unavailable("not connected")
    }

    public let dialectName: String
    private let dialect: DatabaseDialect
    private let settings: Settings
    private let connect: @Sendable () throws(DatabaseError) -> any DatabaseConnection
    private let condition = ConditionLock(value: 0)
    private let state: NIOLockedValueBox<State>

    /// - Parameter url: `postgres://…` or `postgresql://…` for PostgreSQL; `sqlite:PATH` or a path for SQLite.
    public convenience init(url: String, settings: Settings = Settings()) throws {
        if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") {
            guard PostgresConnection.isAddress(url) else {
                throw DatabaseError.failed(
                    "DATABASE_URL: not postgres://USER:PASSWORD@HOST:PORT/DATABASE; special characters in a "
                        + "password are written as %40 and the like")
            }
            self.init(.postgres, settings) { () throws(DatabaseError) in
                try PostgresConnection(url: url, timeout: settings.connectTimeout)
            }
        } else {
            var path = url
            for prefix in ["sqlite://", "sqlite:", "file://"] where path.hasPrefix(prefix) {
                path = String(path.dropFirst(prefix.count))
                break
            }
            if path.isEmpty || path.contains("://") {
                throw DatabaseError.failed(
                    "DATABASE_URL: only postgres://, postgresql:// and sqlite: are supported")
            }
            // One connection: SQLite has one writer, and what it does takes microseconds.
            var settings = settings
            settings.connections = 1
            self.init(.sqlite, settings) { [path] () throws(DatabaseError) in try SQLiteConnection(path: path)
            }
        }
    }

    init(
        _ dialect: DatabaseDialect, _ settings: Settings,
        connect: @escaping @Sendable () throws(DatabaseError) -> any DatabaseConnection
    ) {
        self.dialect = dialect
        self.settings = settings
        self.connect = connect
        dialectName = dialect == .sqlite ? "sqlite" : "postgresql"
        state = NIOLockedValueBox(State(figures: Figures(size: settings.connections)))
        for _ in 0..<settings.connections {
            state.withLockedValue { $0.threads += 1 }
            startThread { [self] in work() }
        }
    }

    public var figures: Figures {
        state.withLockedValue { state in
            var figures = state.figures
            figures.waiting = state.queue.count
            return figures
        }
    }

    /// Runs statements in one transaction: all of them are done or none.
    ///
    /// What failed before it was committed because the connection broke or another transaction stood in the way
    /// is tried again in the time that is left.
    @discardableResult
    func transaction<Result: Sendable>(
        isReadOnly: Bool = false, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let result = NIOLockedValueBox<Result?>(nil)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let job = Job(
                deadline: PostgresConnection.clock() + settings.timeout, isReadOnly: isReadOnly,
                body: { transaction in
                    let value = try body(transaction)
                    result.withLockedValue { $0 = value }
                },
                finish: { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                })
            let refusal: DatabaseError? = state.withLockedValue { state in
                if state.isClosed { return .unavailable("the service is ending") }
                if state.queue.count >= settings.queue {
                    state.figures.refusals += 1
                    return .busy
                }
                state.queue.append(job)
                return nil
            }
            if let refusal { continuation.resume(throwing: refusal) } else { signal() }
        }
        guard let value = result.withLockedValue({ $0 }) else { throw DatabaseError.failed("no result") }
        return value
    }

    /// Ends the threads once what waits is done.
    public func shutdown() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLockedValue { state in
                state.isClosed = true
                if state.threads == 0 { return true }
                state.whenClosed.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
            signal()
        }
    }

    // MARK: Threads

    private func signal() {
        condition.lock()
        condition.unlock(withValue: 1)
    }

    /// The next piece of work; nil when there will be none.
    private func next() -> Job? {
        while true {
            condition.lock(whenValue: 1)
            let (job, hasMore, isOver) = state.withLockedValue { state -> (Job?, Bool, Bool) in
                guard !state.queue.isEmpty else { return (nil, state.isClosed, state.isClosed) }
                let job = state.queue.removeFirst()
                state.figures.busy += 1
                return (job, !state.queue.isEmpty || state.isClosed, false)
            }
            condition.unlock(withValue: hasMore ? 1 : 0)
            if let job { return job }
            if isOver { return nil }
        }
    }

    private func work() {
        var connection: (any DatabaseConnection)?
        while let job = next() {
            var failure: (any Error)?
            while true {
                do {
                    if connection?.isUsable != true {
                        if connection != nil { state.withLockedValue { $0.figures.open -= 1 } }
                        connection?.close()
                        connection = nil
                        connection = try reconnect()
                    }
                    guard let connection else { break }
                    try perform(job, on: connection)
                    failure = nil
                    break
                } catch let error as DatabaseError {
                    failure = error
                    if error == .timedOut { state.withLockedValue { $0.figures.timeouts += 1 } }
                    guard PostgresConnection.clock() < job.deadline else { break }
                    // Once more, on a connection that is known to be good.
                    if case .serialization = error {
                        usleep(useconds_t.random(in: 2_000...20_000))
                    } else if case .unavailable = error, connection != nil, connection?.isUsable != true {
                    } else {
                        break
                    }
                } catch {
                    failure = error
                    break
                }
            }
            state.withLockedValue { $0.figures.busy -= 1 }
            job.finish(failure)
        }
        connection?.close()
        let waiting = state.withLockedValue { state -> [CheckedContinuation<Void, Never>] in
            state.threads -= 1
            if state.threads > 0 { return [] }
            defer { state.whenClosed = [] }
            return state.whenClosed
        }
        for continuation in waiting { continuation.resume() }
    }

    private func reconnect() throws(DatabaseError) -> any DatabaseConnection {
        let now = PostgresConnection.clock()
        let refusal: DatabaseError? = state.withLockedValue { state in
            if now < state.retryAt { return state.lastFailure }
            return nil
        }
        if let refusal { throw refusal }
        do {
            let connection = try connect()
            state.withLockedValue { state in
                state.retryAt = 0
                state.figures.open += 1
                state.figures.made += 1
            }
            return connection
        } catch {
            state.withLockedValue { state in
                state.retryAt = PostgresConnection.clock() + 0.5
                state.lastFailure = error
                state.figures.failures += 1
            }
            throw error
        }
    }

    private func perform(_ job: Job, on connection: any DatabaseConnection) throws {
        let left = job.deadline - PostgresConnection.clock()
        guard left > 0 else { throw DatabaseError.timedOut }
        let transaction = Transaction(connection: connection, dialect: dialect, timeout: left)
        // One statement that only reads needs no transaction, and saves two round trips.
        if job.isReadOnly { return try job.body(transaction) }
        try transaction.run(dialect.begin)
        do {
            try job.body(transaction)
        } catch {
            if connection.isUsable {
                do { try transaction.run("ROLLBACK") } catch { connection.close() }
            }
            throw error
        }
        do {
            try transaction.run("COMMIT")
        } catch {
            switch error {
            case .unavailable(let words): throw DatabaseError.uncertain(words)
            case .timedOut: throw DatabaseError.uncertain("no answer in time")
            default:
                connection.close()
                throw error
            }
        }
    }
}

/// A thread that is not the pool's on which tasks run: what runs here may wait.
private func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    if code == 0 {
        pthread_detach(thread)
    } else {
        box.release()
    }
}
