import KubeClient
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the environment says about how the service runs.
///
/// | variable | meaning | without it |
/// |---|---|---|
/// | `DATABASE_URL` | `postgres://…`, or `sqlite:PATH` | `sqlite:aegis-api.db` in `DATA_DIR` |
/// | `DATA_DIR` | where the SQLite file is | the working directory |
/// | `DATABASE_POOL` | connections to PostgreSQL | 4 |
/// | `REDIS_URL` | `redis://…` | no Redis |
/// | `HOST`, `PORT` | where to listen | 0.0.0.0, 8000 |
/// | `NAMESPACE` | whose workloads | that of the service account or the kubeconfig's context |
/// | `POD_NAME` | this replica's name | `HOSTNAME` |
/// | `LOG_LEVEL` | trace, debug, info, notice, warning, error, critical | info |
/// | `RATE_LIMIT` | a caller's requests a second; 0 for no limit | 50 |
/// | `EVENT_STREAM_SECONDS` | how long an event stream lives | 300 |
/// | `DRAIN_SECONDS` | how long requests are still taken after SIGTERM | 3 |
/// | `LEASE_SECONDS` | how long a silent replica keeps its releases | 15 |
public struct ServiceSettings: Sendable {
    public var databaseURL: String
    public var poolSize = 4
    var redis: RedisAddress?
    public var host = "0.0.0.0"
    public var port = 8000
    public var namespace: String?
    public var replica: String
    public var logLevel = Logger.Level.info
    public var drain = 3.0
    var limits = Handlers.Limits()
    var driver = ReleaseDriver.Settings()

    /// - Throws: `ConfigurationError` in words for whoever set it.
    public init(_ environment: [String: String]) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func number(_ name: String, _ range: ClosedRange<Double>) throws(ConfigurationError) -> Double? {
            guard let text = value(name) else { return nil }
            guard let number = Double(text), range.contains(number) else {
                throw ConfigurationError(
                    "\(name): \(text) is no number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        if let url = value("DATABASE_URL") {
            databaseURL = url
        } else {
            databaseURL = "sqlite:" + (value("DATA_DIR").map { $0 + "/" } ?? "") + "aegis-api.db"
        }
        if let url = value("REDIS_URL") {
            guard let address = RedisAddress(url) else {
                // The address may have a password in it.
                throw ConfigurationError("REDIS_URL: not redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]")
            }
            redis = address
        }
        if let size = try number("DATABASE_POOL", 1...100) { poolSize = Int(size) }
        if let host = value("HOST") { self.host = host }
        if let port = try number("PORT", 0...65_535) { self.port = Int(port) }
        namespace = value("NAMESPACE")
        let name = value("POD_NAME") ?? value("HOSTNAME") ?? "aegis-api"
        // A replica that starts again is another one: what it held before it may still be doing.
        replica = name + "-" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
        if let level = value("LOG_LEVEL") {
            guard let known = Logger.Level(rawValue: level.lowercased()) else {
                throw ConfigurationError("LOG_LEVEL: \(level) is no level")
            }
            logLevel = known
        }
        if let rate = try number("RATE_LIMIT", 0...1_000_000) {
            limits.rate = rate
            limits.burst = rate * 2
        }
        if let seconds = try number("EVENT_STREAM_SECONDS", 0.1...86_400) { limits.stream = seconds }
        if let seconds = try number("DRAIN_SECONDS", 0...600) { drain = seconds }
        if let seconds = try number("LEASE_SECONDS", 2...600) { driver.lease = seconds }
    }
}
