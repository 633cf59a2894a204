import CPQ

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// PostgreSQL through libpq, never waiting longer than it is told to: requests are sent and answers taken
/// without blocking, and in between the socket is polled against a deadline.
final class PostgresConnection: DatabaseConnection {
    private var connection: OpaquePointer?

    /// - Parameters:
    ///   - url: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, or `KEY=VALUE …`, as libpq reads it.
    ///   - timeout: in seconds.
    init(url: String, timeout: Double) throws(DatabaseError) {
        let deadline = Self.clock() + timeout
        connection = PQconnectStart(url)
        guard connection != nil else { throw .unavailable("no memory") }
        do {
            try finishConnecting(deadline)
            PQsetnonblocking(connection, 1)
            // Notices go to standard error otherwise.
            PQsetNoticeProcessor(connection, { _, _ in }, nil)
            let settings =
                "SET TIME ZONE 'UTC'; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; "
                + "SET idle_in_transaction_session_timeout = '30s'; SET lock_timeout = '10s'; SET statement_timeout = '30s'"
            _ = try runSimple(settings, deadline: deadline)
        } catch {
            close()
            throw error
        }
    }

    /// Whether libpq can read an address. Its own words would repeat the address, and the password in it.
    static func isAddress(_ url: String) -> Bool {
        var words: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &words)
        defer {
            PQconninfoFree(options)
            PQfreemem(words)
        }
        return options != nil
    }

    deinit { close() }

    func close() {
        if let connection { PQfinish(connection) }
        connection = nil
    }

    var isUsable: Bool { connection != nil && PQstatus(connection) == CONNECTION_OK }

    private func finishConnecting(_ deadline: Double) throws(DatabaseError) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw .unavailable(message) }
        var state = PGRES_POLLING_WRITING
        while true {
            switch state {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING: try wait(for: POLLIN, deadline)
            case PGRES_POLLING_WRITING: try wait(for: POLLOUT, deadline)
            default: throw .unavailable(message)
            }
            state = PQconnectPoll(connection)
        }
    }

    func run(_ sql: String, _ parameters: [SQLValue], timeout: Double) throws(DatabaseError) -> [[SQLValue]] {
        let deadline = Self.clock() + timeout
        guard isUsable else { throw .unavailable(message) }
        let texts = parameters.map(\.text)
        let buffers = texts.map { $0.map { strdup($0) } ?? nil }
        defer { for buffer in buffers { free(buffer) } }
        let pointers = buffers.map { $0.map { UnsafePointer($0) } }
        let sent = PQsendQueryParams(connection, sql, Int32(texts.count), nil, pointers, nil, nil, 0)
        guard sent == 1 else { throw broken() }
        return try results(deadline)
    }

    private func runSimple(_ sql: String, deadline: Double) throws(DatabaseError) -> [[SQLValue]] {
        guard PQsendQuery(connection, sql) == 1 else { throw broken() }
        return try results(deadline)
    }

    private func results(_ deadline: Double) throws(DatabaseError) -> [[SQLValue]] {
        try flush(deadline)
        var rows: [[SQLValue]] = []
        var failure: DatabaseError?
        while let result = try next(deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            case PGRES_TUPLES_OK: rows += Self.rows(of: result)
            default: failure = failure ?? error(of: result)
            }
        }
        if let failure { throw failure }
        return rows
    }

    private func flush(_ deadline: Double) throws(DatabaseError) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1: try wait(for: POLLIN | POLLOUT, deadline)
            default: throw broken()
            }
            guard PQconsumeInput(connection) == 1 else { throw broken() }
        }
    }

    /// The next result; nil when there are no more.
    private func next(_ deadline: Double) throws(DatabaseError) -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            try wait(for: POLLIN, deadline)
            guard PQconsumeInput(connection) == 1 else { throw broken() }
        }
        return PQgetResult(connection)
    }

    private func wait(for events: Int32, _ deadline: Double) throws(DatabaseError) {
        while true {
            let left = deadline - Self.clock()
            var entry = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
            let count = left > 0 ? poll(&entry, 1, Int32(min(left * 1000 + 1, 3_600_000))) : 0
            if count > 0 { return }
            if count < 0, errno == EINTR { continue }
            // The server may still be at it (until its statement_timeout): the connection is not used again.
            close()
            throw .timedOut
        }
    }

    private func broken() -> DatabaseError {
        let words = message
        close()
        return .unavailable(words)
    }

    private var message: String {
        guard let connection else { return "not connected" }
        return Self.oneLine(String(cString: PQerrorMessage(connection)))
    }

    private func error(of result: OpaquePointer) -> DatabaseError {
        let words = Self.oneLine(String(cString: PQresultErrorMessage(result)))
        // PG_DIAG_SQLSTATE is a character constant, which is not imported.
        let field = PQresultErrorField(result, Int32(UInt8(ascii: "C")))
        let state = field.map { String(cString: $0) } ?? ""
        switch state {
        case "23505": return .notUnique(words)
        case "40001", "40P01", "55P03": return .serialization(words)
        case "57014": return .timedOut
        default: break
        }
        // Connection exceptions, the server shutting down or starting, too many connections, a read-only server.
        if state.hasPrefix("08") || state.hasPrefix("57P") || state == "53300" || state == "25006"
            || state.isEmpty
        {
            close()
            return .unavailable(words)
        }
        return .failed("\(words) (\(state))")
    }

    private static func rows(of result: OpaquePointer) -> [[SQLValue]] {
        let columns = PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            (0..<columns).map { column in
                if PQgetisnull(result, row, column) == 1 { return .null }
                guard let bytes = PQgetvalue(result, row, column) else { return .null }
                return .text(String(cString: bytes))
            }
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: "; ")
    }

    static func clock() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
