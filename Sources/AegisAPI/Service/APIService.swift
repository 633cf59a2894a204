import Hummingbird
import KubeClient
import KubeJSON
import Logging
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The release API with everything it needs, ready to run.
public struct APIService: Sendable {
    private let settings: ServiceSettings
    private let logger: Logger
    private let client: KubeClient
    private let pool: DatabasePool
    private let store: ReleaseStore
    private let mirror: ClusterMirror
    private let redis: RedisLink?
    private let hub: EventHub
    private let driver: ReleaseDriver
    private let readiness: Readiness
    private let responder: APIResponder

    /// - Throws: `ConfigurationError` when the way to the cluster, or the database's address, is not right.
    public init(_ settings: ServiceSettings, cluster: ClientConfiguration, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        let namespace = settings.namespace ?? cluster.namespace
        var cluster = cluster
        cluster.namespace = namespace
        let figures = ServiceFigures()
        let clock = KubeClient.Environment.real.now
        let now = Self.milliseconds
        let client = try KubeClient(cluster, userAgent: "aegis-api") {
            figures.kubernetes(verb: $0, code: $1)
        }
        self.client = client
        do {
            pool = try DatabasePool(
                url: settings.databaseURL, settings: DatabasePool.Settings(connections: settings.poolSize))
        } catch let error as DatabaseError {
            throw ConfigurationError(error.description)
        }
        store = ReleaseStore(pool)
        mirror = ClusterMirror(client, logger: logger)
        redis = settings.redis.map { RedisLink($0, scope: namespace, logger: logger) }
        hub = EventHub(store, logger: logger)
        driver = ReleaseDriver(
            replica: settings.replica, store: store, mirror: mirror, hub: hub, redis: redis, figures: figures,
            settings: settings.driver, logger: logger, now: now)
        readiness = Readiness(store, mirror, clock: clock)
        // Somebody waits for the answer: little patience, and one more attempt.
        var hurried = client
        hurried.timeout = 5
        hurried.retry = RetryPolicy(attempts: 2, base: 0.1, limit: 1)
        let handlers = Handlers(
            namespace: namespace, store: store, mirror: mirror,
            extras: WorkloadExtras(client: hurried, redis: redis), driver: driver, hub: hub, redis: redis,
            access: Access(hurried, logger: logger, clock: clock), figures: figures, limits: settings.limits,
            limiter: RateLimiter(rate: settings.limits.rate, burst: settings.limits.burst), now: now,
            clock: clock, readiness: readiness, openAPI: JSONWriter.bytes(try OpenAPI.document()))
        responder = APIResponder(handlers, logger: logger)
    }

    private static let milliseconds: @Sendable () -> Int64 = {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// Runs until SIGTERM or SIGINT, then ends in good order: it is not ready any more, still takes requests for
    /// a while, ends event streams, hands its releases to others, and lets what it works on finish.
    public func run() async throws {
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(120))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            onServerRunning: { [logger] channel in
                logger.notice("listening", metadata: ["port": "\(channel.localAddress?.port ?? 0)"])
            }, logger: Self.quiet)
        var quiet = Self.quiet
        quiet.logLevel = .warning
        // Services end in the reverse of this order.
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: Background(service: self)),
                    .init(service: application),
                    .init(service: Drain(service: self)),
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        var failure: (any Error)?
        do { try await group.run() } catch { failure = error }
        await driver.end()
        await pool.shutdown()
        await client.shutdown()
        if let failure { throw failure }
        logger.info("ended")
    }

    /// Hummingbird's and the service group's own words; ours say what matters.
    private static var quiet: Logger {
        var logger = Logger(label: "aegis-api.http")
        logger.logLevel = .warning
        return logger
    }

    // MARK: Parts

    /// What goes on beside requests.
    private struct Background: Service {
        let service: APIService

        func run() async throws {
            let ending = AsyncStream.makeStream(of: Void.self)
            await withGracefulShutdownHandler {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await service.migrate() }
                    group.addTask { [driver = service.driver, mirror = service.mirror] in
                        await mirror.run { await driver.changed($0) }
                    }
                    group.addTask {
                        [hub = service.hub, redis = service.redis, readiness = service.readiness] in
                        while !Task.isCancelled, !readiness.isMigrated {
                            try? await Task.sleep(for: .milliseconds(50))
                        }
                        await hub.run { redis?.isUp != true }
                    }
                    group.addTask { [driver = service.driver, readiness = service.readiness] in
                        while !Task.isCancelled, !readiness.isMigrated {
                            try? await Task.sleep(for: .milliseconds(50))
                        }
                        await driver.run()
                    }
                    if let redis = service.redis {
                        group.addTask { [hub = service.hub] in
                            await redis.run { message in
                                guard let value = try? JSONParser.parse(message),
                                    let event = ReleaseEvent.published(value)
                                else { return }
                                await hub.offer([event])
                            }
                        }
                    }
                    group.addTask { for await _ in ending.stream {} }
                    // The first to end is the wait for the end, or the migration, which says so.
                    for await _ in group where Task.isCancelled || service.readiness.isOver {
                        group.cancelAll()
                    }
                }
            } onGracefulShutdown: {
                service.readiness.end()
                ending.continuation.finish()
            }
        }
    }

    /// The first to learn of the end.
    private struct Drain: Service {
        let service: APIService

        func run() async throws {
            try await gracefulShutdown()
            service.logger.info("ending: not ready any more, still taking requests")
            service.readiness.drain()
            // Endpoints and proxies take a moment to learn that this replica is not ready.
            try? await Task.sleep(for: .seconds(service.settings.drain))
            await service.hub.close()
            await service.driver.end()
        }
    }

    /// Brings the tables up to date, as often as it takes for the database to be there.
    private func migrate() async {
        var pause = 0.2
        while !Task.isCancelled {
            do {
                try await store.migrate()
                readiness.migrated()
                logger.info("the tables are up to date", metadata: ["database": "\(pool.dialectName)"])
                return
            } catch {
                logger.warning("the database is not there", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(pause))
            pause = min(pause * 2, 5)
        }
    }
}
