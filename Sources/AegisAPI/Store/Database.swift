/// A value that goes into or comes out of SQL.
public enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)

    var integer: Int64? {
        switch self {
        case .integer(let value): value
        // PostgreSQL answers in text.
        case .text(let text): Int64(text)
        case .null: nil
        }
    }

    var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let value): String(value)
        case .null: nil
        }
    }

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
}

/// Why SQL did not do what it was to.
public enum DatabaseError: Error, Sendable, Equatable {
    /// The server cannot be reached, or the connection broke; what was not committed was not done.
    case unavailable(String)
    /// The connection broke, or time ran out, while committing: it may have been done or not.
    case uncertain(String)
    case timedOut
    /// All connections are in use and the queue for them is full.
    case busy
    /// A row that has to be unique is there already; the constraint's or index's words.
    case notUnique(String)
    /// Two transactions stood in each other's way: the same again may succeed.
    case serialization(String)
    /// The SQL is wrong, or the data is not what it should be.
    case failed(String)

    var isTransient: Bool {
        switch self {
        case .unavailable, .timedOut, .busy, .serialization, .uncertain: true
        case .notUnique, .failed: false
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let words): "the database cannot be reached: \(words)"
        case .uncertain(let words): "the database did not say whether it committed: \(words)"
        case .timedOut: "the database did not answer in time"
        case .busy: "too much waits for the database"
        case .notUnique(let words): "not unique: \(words)"
        case .serialization(let words): words
        case .failed(let words): words
        }
    }
}

/// One connection, used by one thread at a time. Parameters are `$1`, `$2`, …
protocol DatabaseConnection: AnyObject {
    /// Whether it can be used again.
    var isUsable: Bool { get }
    func run(_ sql: String, _ parameters: [SQLValue], timeout: Double) throws(DatabaseError) -> [[SQLValue]]
    func close()
}

/// What differs between the databases.
enum DatabaseDialect: Sendable {
    case sqlite
    case postgres

    /// The database's own clock in milliseconds since 1970: one clock for all replicas.
    var now: String {
        switch self {
        case .sqlite: "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)"
        case .postgres: "(extract(epoch from clock_timestamp()) * 1000)::bigint"
        }
    }

    var begin: String {
        switch self {
        // Takes the write lock at once: taking it later can fail.
        case .sqlite: "BEGIN IMMEDIATE"
        case .postgres: "BEGIN"
        }
    }

    func render(_ sql: String) -> String {
        guard let range = sql.firstRange(of: "{now}") else { return sql }
        return sql[..<range.lowerBound] + now + render(String(sql[range.upperBound...]))
    }
}

/// Statements of one transaction.
struct Transaction {
    let connection: any DatabaseConnection
    let dialect: DatabaseDialect
    let timeout: Double

    @discardableResult
    func run(_ sql: String, _ parameters: [SQLValue] = []) throws(DatabaseError) -> [[SQLValue]] {
        try connection.run(dialect.render(sql), parameters, timeout: timeout)
    }
}
