import Logging
import NIOConcurrencyHelpers
import NIOCore

/// What Redis carries for the service: events between replicas, signs of life, and a short cache. All of it can
/// be missing: every function then answers as if there were nothing, and the database does the work.
public final class RedisLink: Sendable {
    private struct State {
        var commands: RedisConnection?
        /// Since when commands go through without a break; a fresh server knows nobody.
        var upSince: ContinuousClock.Instant?
    }

    private let address: RedisAddress
    private let prefix: String
    private let logger: Logger
    private let state = NIOLockedValueBox(State())

    /// - Parameter scope: keeps the keys of installations apart, such as a namespace.
    init(_ address: RedisAddress, scope: String, logger: Logger) {
        self.address = address
        prefix = "aegis:\(scope):"
        self.logger = logger
    }

    public var isUp: Bool { state.withLockedValue { $0.commands?.isOpen ?? false } }

    /// How long it has been up, in seconds; nil while it is not.
    var upFor: Double? {
        state.withLockedValue { state in
            guard state.commands?.isOpen == true, let since = state.upSince else { return nil }
            return (ContinuousClock.now - since) / .seconds(1)
        }
    }

    /// Keeps both connections open until the task is cancelled; `deliver` is given every event that any replica
    /// publishes.
    func run(deliver: @escaping @Sendable (String) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepCommands() }
            group.addTask { await self.keepSubscription(deliver) }
        }
    }

    private func keepCommands() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let connection = try await RedisConnection.connect(to: address)
                defer { connection.close() }
                try await connection.send(["PING"])
                state.withLockedValue {
                    $0.commands = connection
                    $0.upSince = .now
                }
                logger.info("Redis is there", metadata: ["host": "\(address.host)"])
                failures = 0
                while connection.isOpen {
                    try await Task.sleep(for: .seconds(1))
                    try await connection.send(["PING"])
                }
            } catch {
                if Task.isCancelled { break }
                if failures == 0 {
                    logger.warning(
                        "Redis is away: events come from the database, leases take longer",
                        metadata: ["error": "\(error)"])
                }
            }
            state.withLockedValue {
                $0.commands = nil
                $0.upSince = nil
            }
            failures += 1
            try? await Task.sleep(for: .seconds(min(0.2 * Double(1 << min(failures, 5)), 5)))
        }
        state.withLockedValue { $0.commands = nil }
    }

    private func keepSubscription(_ deliver: @Sendable (String) async -> Void) async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let connection = try await RedisConnection.connect(to: address)
                try await connection.send(["SUBSCRIBE", prefix + "events"])
                failures = 0
                await withTaskCancellationHandler {
                    for await message in connection.messages { await deliver(message) }
                } onCancel: {
                    connection.close()
                }
                connection.close()
            } catch {}
            failures += 1
            try? await Task.sleep(for: .seconds(min(0.2 * Double(1 << min(failures, 5)), 5)))
        }
    }

    private func command(_ words: [String]) async -> RESPValue? {
        guard let connection = state.withLockedValue({ $0.commands }) else { return nil }
        return try? await connection.send(words, timeout: .milliseconds(500))
    }

    // MARK: What it is used for

    func publish(_ message: String) async { _ = await command(["PUBLISH", prefix + "events", message]) }

    /// Says that a replica lives.
    func beat(_ replica: String, milliseconds: Int) async {
        _ = await command(["SET", prefix + "replica:" + replica, "1", "PX", String(milliseconds)])
    }

    func leave(_ replica: String) async { _ = await command(["DEL", prefix + "replica:" + replica]) }

    /// Which of some replicas have given no sign of life; nil when that is not known.
    func silent(among replicas: [String]) async -> [String]? {
        guard !replicas.isEmpty else { return [] }
        guard case .array(let values)? = await command(["MGET"] + replicas.map { prefix + "replica:" + $0 }),
            values.count == replicas.count
        else { return nil }
        return zip(replicas, values).filter { $1 == .null }.map { $0.0 }
    }

    func cached(_ key: String) async -> String? { await command(["GET", prefix + "cache:" + key])?.text }

    func cache(_ key: String, _ value: String, milliseconds: Int) async {
        _ = await command(["SET", prefix + "cache:" + key, value, "PX", String(milliseconds)])
    }
}
