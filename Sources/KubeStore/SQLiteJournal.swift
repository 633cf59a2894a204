import CSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The journal in one SQLite file: a row a write, in order of revision, so that inserting only appends.
///
/// Under `.process` SQLite never flushes; under `.full` it orders its own flushes around checkpoints, and
/// `sync` flushes the write-ahead log before a write is acknowledged.
final class SQLiteJournal: Journal, @unchecked Sendable {
    static let version = 1
    private static let applicationID = 0x4145_4753

    private let path: String
    private let durability: Durability
    private var lockFile: Int32 = -1
    private var logFile: Int32 = -1
    private var isLogMarked = false
    private var writer: OpaquePointer?
    private var keeper: OpaquePointer?
    private let keeperLock = Lock()
    private var insert: OpaquePointer?
    private var erase: OpaquePointer?
    private var setFloor: OpaquePointer?
    private var begin: OpaquePointer?
    private var end: OpaquePointer?

    /// Makes the directory (readable by its owner only) and the file where they are missing.
    /// - Throws: `.inUse`, `.damaged`, `.logMissing`, `.unsupportedVersion`, `.cannotOpen`, `.diskFull`.
    init(directory: String, durability: Durability = .process) throws(StoreError) {
        path = directory + "/store.db"
        self.durability = durability
        if mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw .cannotOpen(path: directory, detail: String(cString: strerror(errno)))
        }
        lockFile = openFile(directory + "/store.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lockFile >= 0 else {
            throw .cannotOpen(path: directory, detail: String(cString: strerror(errno)))
        }
        guard flock(lockFile, LOCK_EX | LOCK_NB) == 0 else {
            closeFile(lockFile)
            throw .inUse(path: directory)
        }
        do {
            try openDatabase(directory)
        } catch {
            close()
            throw error
        }
    }

    private func openDatabase(_ directory: String) throws(StoreError) {
        var mark: UInt8 = 0
        let made = pread(lockFile, &mark, 1, 0) == 1
        var status = stat()
        let present = stat(path, &status) == 0
        // SQLite takes an empty or missing file for a new database; that must not pass for an empty cluster.
        if made, !present { throw .damaged(path: path, detail: "the file is missing") }
        if made, status.st_size == 0 { throw .damaged(path: path, detail: "the file is empty") }
        // After an unclean stop the newest writes are in the log alone: SQLite would start without them.
        var wasOpen: UInt8 = 0
        if pread(lockFile, &wasOpen, 1, 1) == 1, wasOpen == 1, stat(path + "-wal", &status) != 0 {
            throw .logMissing(path: path + "-wal", mark: directory + "/store.lock")
        }
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        try check(sqlite3_open_v2(path, &writer, flags, nil))
        sqlite3_busy_timeout(writer, 10_000)
        if !made {
            try execute(
                """
                BEGIN IMMEDIATE;
                CREATE TABLE IF NOT EXISTS log (
                    revision INTEGER PRIMARY KEY, kind INTEGER NOT NULL, grp TEXT NOT NULL,
                    resource TEXT NOT NULL, key TEXT NOT NULL, created INTEGER NOT NULL,
                    body INTEGER NOT NULL, hole INTEGER NOT NULL, sum INTEGER NOT NULL, bytes BLOB NOT NULL);
                CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL);
                INSERT OR IGNORE INTO floor VALUES (0, 0);
                PRAGMA application_id = \(Self.applicationID);
                PRAGMA user_version = \(Self.version);
                COMMIT;
                """)
            mark = 1
            guard pwrite(lockFile, &mark, 1, 0) == 1, fsync(lockFile) == 0 else {
                throw .cannotOpen(path: path, detail: String(cString: strerror(errno)))
            }
        }
        try openLog()
    }

    /// Checks what the file is, makes its write-ahead log, and prepares the statements.
    private func openLog() throws(StoreError) {
        let application = try number("PRAGMA application_id")
        guard application == Self.applicationID else {
            throw .damaged(path: path, detail: "it is not a store's file")
        }
        let found = try number("PRAGMA user_version")
        guard found == Self.version else {
            throw .unsupportedVersion(path: path, found: Int(found), supported: Self.version)
        }
        // The directory's lock already keeps others out. Without file locks and shared memory of its own a
        // commit costs a third; the price is that the one connection checkpoints too, which without fsync
        // takes about a millisecond.
        if durability == .process { try execute("PRAGMA locking_mode = EXCLUSIVE") }
        try execute("PRAGMA journal_mode = WAL")
        try execute("PRAGMA synchronous = \(durability == .full ? "NORMAL" : "OFF")")
        try execute("PRAGMA wal_autocheckpoint = \(durability == .full ? 0 : 1_000)")
        // The first read makes the log's file, which from now on may hold what nothing else holds.
        _ = try number("SELECT revision FROM floor WHERE id = 0")
        guard markLog(true) else {
            throw .cannotOpen(path: path, detail: String(cString: strerror(errno)))
        }
        insert = try prepare("INSERT INTO log VALUES (?,?,?,?,?,?,?,?,?,?)")
        erase = try prepare("DELETE FROM log WHERE revision = ?")
        setFloor = try prepare("UPDATE floor SET revision = ? WHERE id = 0")
        begin = try prepare("BEGIN IMMEDIATE")
        end = try prepare("COMMIT")
        guard durability == .full else { return }
        try check(sqlite3_open_v2(path, &keeper, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil))
        sqlite3_exec(keeper, "PRAGMA synchronous = NORMAL", nil, nil, nil)
    }

    /// Notes on the disk whether the write-ahead log is in use, beside the mark that there is a database.
    private func markLog(_ isInUse: Bool) -> Bool {
        var mark: UInt8 = isInUse ? 1 : 0
        isLogMarked = isInUse
        return pwrite(lockFile, &mark, 1, 1) == 1 && fsync(lockFile) == 0
    }

    // MARK: Journal

    func load(_ trees: TreeCache, _ body: (JournalRecord) -> Void) throws(StoreError) -> UInt64 {
        let floor = try number("SELECT revision FROM floor WHERE id = 0")
        let rows = try prepare("SELECT * FROM log ORDER BY revision")
        defer { sqlite3_finalize(rows) }
        var collections: [String: CollectionID] = [:]
        var result = sqlite3_step(rows)
        while result == SQLITE_ROW {
            let revision = sqlite3_column_int64(rows, 0)
            let group = text(rows, 2)
            let resource = text(rows, 3)
            let name = resource + "." + group
            let collection = collections[name] ?? CollectionID(group: group, resource: resource)
            collections[name] = collection
            let key = text(rows, 4)
            let count = Int(sqlite3_column_bytes(rows, 9))
            var bytes: [UInt8] = []
            if count > 0, let blob = sqlite3_column_blob(rows, 9) {
                bytes = [UInt8](UnsafeRawBufferPointer(start: blob, count: count))
            }
            let hole = Int(sqlite3_column_int64(rows, 7))
            let bodyOffset = Int(sqlite3_column_int64(rows, 6))
            let kind = Event.Kind(rawValue: UInt8(truncatingIfNeeded: sqlite3_column_int64(rows, 1)))
            guard let kind, revision > 0, hole >= 0, bodyOffset >= 0,
                hole + String(revision).utf8.count <= count, bodyOffset <= count,
                sqlite3_column_int64(rows, 8) == Self.sum(revision, key, bytes)
            else {
                throw .damaged(path: path, detail: "the record of revision \(revision) fails its checksum")
            }
            body(
                JournalRecord(
                    kind: kind, collection: collection,
                    object: StoredObject(
                        key: key, revision: UInt64(revision),
                        createRevision: UInt64(bitPattern: sqlite3_column_int64(rows, 5)), bytes: bytes,
                        bodyOffset: bodyOffset, revisionOffset: hole, unstamped: nil, cache: trees)))
            result = sqlite3_step(rows)
        }
        guard result == SQLITE_DONE else { throw failure(result) }
        return UInt64(max(0, floor))
    }

    func append(_ records: [JournalRecord]) throws(StoreError) {
        // A single insert is a transaction of its own.
        try transaction(records.count > 1) { () throws(StoreError) in
            for record in records { try append(record) }
        }
    }

    private func append(_ record: JournalRecord) throws(StoreError) {
        let object = record.object
        let revision = Int64(bitPattern: object.revision)
        sqlite3_bind_int64(insert, 1, revision)
        sqlite3_bind_int64(insert, 2, Int64(record.kind.rawValue))
        bind(3, record.collection.group)
        bind(4, record.collection.resource)
        bind(5, object.key)
        sqlite3_bind_int64(insert, 6, Int64(bitPattern: object.createRevision))
        sqlite3_bind_int64(insert, 7, Int64(object.bodyOffset))
        sqlite3_bind_int64(insert, 8, Int64(object.revisionOffset))
        sqlite3_bind_int64(insert, 9, Self.sum(revision, object.key, object.bytes))
        let result = object.bytes.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(insert, 10, bytes.baseAddress, UInt64(bytes.count), nil)
            defer {
                sqlite3_reset(insert)
                sqlite3_clear_bindings(insert)
            }
            return sqlite3_step(insert)
        }
        if result != SQLITE_DONE { throw failure(result) }
    }

    func sync() throws(StoreError) {
        if logFile < 0 {
            logFile = openFile(path + "-wal", O_RDWR | O_CLOEXEC)
            // The log's name must be on the disk too.
            let folder = openFile(String(path.dropLast("/store.db".count)), O_RDONLY | O_CLOEXEC)
            let result = fsync(folder)
            closeFile(folder)
            guard result == 0 else { throw .readOnly(reason: "\(path): \(String(cString: strerror(errno)))") }
        }
        guard logFile >= 0, fdatasync(logFile) == 0 else {
            throw .readOnly(reason: "\(path)-wal: \(String(cString: strerror(errno)))")
        }
    }

    func remove(_ revisions: [UInt64], floor: UInt64) throws(StoreError) {
        try transaction(true) { () throws(StoreError) in
            for revision in revisions {
                sqlite3_bind_int64(erase, 1, Int64(bitPattern: revision))
                try step(erase)
            }
            sqlite3_bind_int64(setFloor, 1, Int64(bitPattern: floor))
            try step(setFloor)
        }
    }

    func maintain() {
        keeperLock.withLock {
            guard let keeper else { return }
            // Passive: never waits for the writer nor makes it wait.
            sqlite3_wal_checkpoint_v2(keeper, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
    }

    func close() {
        for statement in [insert, erase, setFloor, begin, end] { sqlite3_finalize(statement) }
        (insert, erase, setFloor, begin, end) = (nil, nil, nil, nil, nil)
        keeperLock.withLock {
            sqlite3_close_v2(keeper)
            keeper = nil
        }
        // Closing brings the log into the database and removes it. A stop in between leaves both.
        if isLogMarked { _ = markLog(false) }
        sqlite3_close_v2(writer)
        writer = nil
        if logFile >= 0 { closeFile(logFile) }
        if lockFile >= 0 { closeFile(lockFile) }
        (logFile, lockFile) = (-1, -1)
    }

    deinit { close() }

    // MARK: SQLite

    private func transaction(_ explicit: Bool, _ body: () throws(StoreError) -> Void) throws(StoreError) {
        guard writer != nil else { throw .closed }
        guard explicit else { return try body() }
        try step(begin)
        do {
            try body()
            try step(end)
        } catch {
            if sqlite3_get_autocommit(writer) == 0 { sqlite3_exec(writer, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    private func step(_ statement: OpaquePointer?) throws(StoreError) {
        let result = sqlite3_step(statement)
        sqlite3_reset(statement)
        if result != SQLITE_DONE { throw failure(result) }
    }

    private func bind(_ position: Int32, _ text: String) {
        // SQLite copies (the transient destructor, -1): the text may live in a register.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                var empty: CChar = 0
                if let start = characters.baseAddress {
                    sqlite3_bind_text(insert, position, start, Int32(characters.count), transient)
                } else {
                    sqlite3_bind_text(insert, position, &empty, 0, transient)
                }
            }
        }
    }

    private func text(_ row: OpaquePointer?, _ column: Int32) -> String {
        guard let start = sqlite3_column_text(row, column) else { return "" }
        let count = Int(sqlite3_column_bytes(row, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func prepare(_ sql: String) throws(StoreError) -> OpaquePointer? {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(writer, sql, -1, &statement, nil))
        return statement
    }

    private func execute(_ sql: String) throws(StoreError) {
        try check(sqlite3_exec(writer, sql, nil, nil, nil))
    }

    private func number(_ sql: String) throws(StoreError) -> Int64 {
        let statement = try prepare(sql)
        defer { sqlite3_finalize(statement) }
        let result = sqlite3_step(statement)
        guard result == SQLITE_ROW else {
            if result == SQLITE_DONE { throw .damaged(path: path, detail: "a record is missing") }
            throw failure(result)
        }
        return sqlite3_column_int64(statement, 0)
    }

    private func check(_ result: Int32) throws(StoreError) {
        if result != SQLITE_OK { throw failure(result) }
    }

    private func failure(_ result: Int32) -> StoreError {
        let detail =
            writer.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(result))
        switch result & 0xFF {
        case SQLITE_FULL: return .diskFull(path: path)
        case SQLITE_NOTADB, SQLITE_CORRUPT: return .damaged(path: path, detail: detail)
        case SQLITE_CANTOPEN: return .cannotOpen(path: path, detail: detail)
        case SQLITE_ERROR where insert == nil: return .damaged(path: path, detail: detail)
        default: return .readOnly(reason: "\(path): \(detail)")
        }
    }

    /// A checksum of a record: words of eight bytes, multiplied and rotated in.
    static func sum(_ revision: Int64, _ key: String, _ bytes: [UInt8]) -> Int64 {
        var state = UInt64(bitPattern: revision) &* 0x9E37_79B9_7F4A_7C15
        func mix(_ word: UInt64) {
            state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
            state = state << 31 | state >> 33
        }
        for byte in key.utf8 { mix(UInt64(byte)) }
        bytes.withUnsafeBytes { raw in
            var offset = 0
            while offset + 8 <= raw.count {
                mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            while offset < raw.count {
                mix(UInt64(raw[offset]) | 0x100)
                offset += 1
            }
        }
        return Int64(bitPattern: state)
    }
}

// The methods of the journal hide the C functions of these names.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 { open(path, flags, mode) }
private func closeFile(_ file: Int32) { _ = close(file) }
