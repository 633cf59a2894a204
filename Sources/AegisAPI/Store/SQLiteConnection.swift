import CSQLite

/// SQLite in a file, or in memory.
final class SQLiteConnection: DatabaseConnection {
    private var database: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]

    init(path: String) throws(DatabaseError) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &database, flags, nil) == SQLITE_OK else {
            let words = message
            close()
            throw .unavailable("\(path): \(words)")
        }
        sqlite3_extended_result_codes(database, 1)
        sqlite3_busy_timeout(database, 5_000)
        for pragma in ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"] {
            _ = try run("PRAGMA \(pragma)", [], timeout: 5)
        }
    }

    deinit { close() }

    var isUsable: Bool { database != nil }

    func close() {
        for statement in statements.values { sqlite3_finalize(statement) }
        statements = [:]
        sqlite3_close_v2(database)
        database = nil
    }

    func run(_ sql: String, _ parameters: [SQLValue], timeout: Double) throws(DatabaseError) -> [[SQLValue]] {
        let statement = try prepare(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (position, value) in parameters.enumerated() {
            let index = sqlite3_bind_parameter_index(statement, "$\(position + 1)")
            // A parameter that the statement does not use.
            guard index > 0 else { continue }
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(statement, index)
            case .integer(let number): code = sqlite3_bind_int64(statement, index, number)
            case .text(let text):
                let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
                code = sqlite3_bind_text(statement, index, text, Int32(text.utf8.count), transient)
            }
            guard code == SQLITE_OK else { throw .failed(message) }
        }
        var rows: [[SQLValue]] = []
        while true {
            let code = sqlite3_step(statement)
            switch code {
            case SQLITE_ROW: rows.append(row(of: statement))
            case SQLITE_DONE: return rows
            default: throw error(code)
            }
        }
    }

    private func row(of statement: OpaquePointer) -> [SQLValue] {
        (0..<sqlite3_column_count(statement)).map { column in
            switch sqlite3_column_type(statement, column) {
            case SQLITE_NULL: return .null
            case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
            default:
                guard let bytes = sqlite3_column_text(statement, column) else { return .null }
                let count = Int(sqlite3_column_bytes(statement, column))
                return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
            }
        }
    }

    private func prepare(_ sql: String) throws(DatabaseError) -> OpaquePointer {
        if let known = statements[sql] { return known }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(database, sql, -1, &statement, nil)
        guard code == SQLITE_OK, let statement else { throw error(code) }
        // Lists have a handful of forms; whatever writes SQL without end must not fill the memory.
        if statements.count >= 200 {
            for old in statements.values { sqlite3_finalize(old) }
            statements = [:]
        }
        statements[sql] = statement
        return statement
    }

    private var message: String { database.map { String(cString: sqlite3_errmsg($0)) } ?? "not open" }

    private func error(_ code: Int32) -> DatabaseError {
        switch code {
        // SQLITE_CONSTRAINT_UNIQUE and …_PRIMARYKEY, macros that are not imported.
        case SQLITE_CONSTRAINT | 8 << 8, SQLITE_CONSTRAINT | 6 << 8: return .notUnique(message)
        default: break
        }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .serialization(message)
        case SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY: return .unavailable(message)
        default: return .failed(message)
        }
    }
}
