import KubeJSON

/// A step of a release with its number in the one sequence of all events. Numbers have no gaps, and who has
/// seen a number has been able to see all smaller ones.
public struct ReleaseEvent: Sendable, Equatable {
    public let number: Int64
    public let release: String
    public let namespace: String
    public let workload: String
    public let step: ReleaseStep

    public init(number: Int64, release: String, namespace: String, workload: String, step: ReleaseStep) {
        self.number = number
        self.release = release
        self.namespace = namespace
        self.workload = workload
        self.step = step
    }
}

/// A release as a replica holds it: with the fence by which the database knows whether it still does.
public struct HeldRelease: Sendable {
    public var release: Release
    public let fence: Int64
    /// What was asked for since.
    public var asked: (intent: ReleaseIntent, by: String)?
}

/// An entry of the audit trail.
public struct AuditEntry: Sendable, Equatable {
    public var number: Int64 = 0
    public var at: Int64
    public var actor: String
    public var action: String
    public var namespace: String
    public var workload: String
    public var release: String?
    public var requestID: String
    public var outcome: String
}

/// What became of a wish for a release.
public enum Creation: Sendable {
    case created(Release, fence: Int64, [ReleaseEvent])
    /// The same was asked for before under the same key.
    case repeated(Release)
    /// The key was used for something else.
    case keyTaken
    /// Another release of the workload is under way.
    case busy(String)
}

/// Releases, their events and the audit trail in SQL. Every change is one transaction.
public struct ReleaseStore: Sendable {
    let pool: DatabasePool

    public init(_ pool: DatabasePool) { self.pool = pool }

    public func migrate() async throws { try await pool.transaction { try Migrations.run($0) } }

    /// Whether the database answers and the tables are there.
    public func ping() async throws {
        try await pool.transaction(isReadOnly: true) { transaction in
            let rows = try transaction.run("SELECT max(version) FROM schema_migrations")
            guard let version = rows.first?.first?.integer, version >= Migrations.all.last?.version ?? 0
            else {
                throw DatabaseError.failed("the tables are not up to date")
            }
        }
    }

    // MARK: Making

    /// Records a release and takes hold of it.
    /// - Parameters:
    ///   - digest: of the request, by which a key's second use is told from a repetition.
    ///   - lease: in milliseconds.
    public func create(
        _ release: Release, key: String?, digest: String, owner: String, lease: Int64, step: ReleaseStep,
        audit: AuditEntry
    ) async throws -> Creation {
        do {
            return try await pool.transaction { transaction in
                try Self.create(
                    transaction, release, key: key, digest: digest, owner: owner, lease: lease, step: step,
                    audit: audit)
            }
        } catch DatabaseError.notUnique {
            // Another request was faster: what it made is there now.
            return try await pool.transaction { transaction in
                try Self.create(
                    transaction, release, key: key, digest: digest, owner: owner, lease: lease, step: step,
                    audit: audit)
            }
        }
    }

    static func create(
        _ transaction: Transaction, _ release: Release, key: String?, digest: String, owner: String,
        lease: Int64, step: ReleaseStep, audit: AuditEntry
    ) throws -> Creation {
        // What is active is looked for before the key: each statement sees what was committed when it began, and a
        // repetition that found no key but the release that the first request made meanwhile would be called busy.
        let active = try transaction.run(
            "SELECT id FROM releases WHERE namespace = $1 AND workload = $2 AND active = 1",
            [.text(release.namespace), .text(release.workload)])
        if let key,
            let earlier = try Self.earlier(transaction, key: key, of: release.createdBy, digest: digest)
        {
            return earlier
        }
        if let id = active.first?.first?.text { return .busy(id) }
        let number = try next(transaction, "release")
        var stored = release
        stored.version = 1
        try transaction.run(
            """
            INSERT INTO releases (id, number, namespace, workload, state, active, created_at, created_by,
                idempotency_key, request_digest, document, version, owner, fence, lease_until)
            VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, 1, $11, 1, {now} + $12)
            """,
            [
                .text(release.id), .integer(number), .text(release.namespace), .text(release.workload),
                .text(release.state.rawValue), .integer(release.createdAt), .text(release.createdBy),
                SQLValue(key), .text(digest), .text(JSONWriter.string(release.document)), .text(owner),
                .integer(lease),
            ])
        let events = try append(transaction, [step], of: stored)
        try append(transaction, audit)
        return .created(stored, fence: 1, events)
    }

    /// What became of an earlier request under the same key: `.repeated`, `.keyTaken`, or nothing if there was none.
    public func earlier(key: String, of user: String, digest: String) async throws -> Creation? {
        try await pool.transaction(isReadOnly: true) { transaction in
            try Self.earlier(transaction, key: key, of: user, digest: digest)
        }
    }

    private static func earlier(
        _ transaction: Transaction, key: String, of user: String, digest: String
    ) throws -> Creation? {
        let rows = try transaction.run(
            """
            SELECT document, version, request_digest, fence, intent FROM releases
            WHERE created_by = $1 AND idempotency_key = $2
            """, [.text(user), .text(key)])
        guard let row = rows.first else { return nil }
        return row[2].text == digest ? .repeated(try read(row)) : .keyTaken
    }

    // MARK: Holding

    /// Takes hold of releases that nobody holds any more.
    /// - Parameters:
    ///   - holding: what the replica moves; what else is its own by name it lost hold of.
    ///   - dead: replicas that are known to have ended, whose leases need not be waited for.
    ///   - limit: how many at once.
    public func claim(
        owner: String, holding: Set<String> = [], lease: Int64, dead: [String] = [], limit: Int = 16
    ) async throws -> [HeldRelease] {
        let found = try await pool.transaction(isReadOnly: true) { transaction in
            try transaction.run(
                """
                SELECT id, owner, lease_until < {now} FROM releases
                WHERE active = 1 ORDER BY number
                """)
        }
        var candidates: [String] = []
        for row in found {
            guard let id = row[0].text, !holding.contains(id) else { continue }
            let isOver = row[2].text == "t" || row[2].text == "1"
            let previous = row[1].text
            if isOver || previous == nil || dead.contains(previous ?? "") { candidates.append(id) }
        }
        var held: [HeldRelease] = []
        for id in candidates.prefix(limit) {
            let taken = try await pool.transaction { transaction -> HeldRelease? in
                let others = dead.indices.map { " OR owner = $\($0 + 4)" }.joined()
                let rows = try transaction.run(
                    """
                    UPDATE releases SET owner = $1, fence = fence + 1, lease_until = {now} + $2
                    WHERE id = $3 AND active = 1 AND (owner IS NULL OR lease_until < {now}\(others))
                    RETURNING document, version, request_digest, fence, intent, intent_by
                    """, [.text(owner), .integer(lease), .text(id)] + dead.map { .text($0) })
                return try rows.first.map(Self.held)
            }
            if let taken { held.append(taken) }
        }
        return held
    }

    /// The replicas that hold releases, but for one.
    public func otherOwners(than replica: String) async throws -> [String] {
        try await pool.transaction(isReadOnly: true) { transaction in
            try transaction.run(
                "SELECT DISTINCT owner FROM releases WHERE active = 1 AND owner IS NOT NULL AND owner <> $1",
                [.text(replica)]
            ).compactMap { $0.first?.text }
        }
    }

    /// Renews the leases of releases that a replica holds.
    /// - Returns: those that it still holds, with what was asked for of them.
    public func renew(
        _ ids: [String], owner: String, lease: Int64
    ) async throws -> [String: (ReleaseIntent, String)?] {
        guard !ids.isEmpty else { return [:] }
        let places = ids.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
        let rows = try await pool.transaction { transaction in
            try transaction.run(
                """
                UPDATE releases SET lease_until = {now} + $2
                WHERE owner = $1 AND active = 1 AND id IN (\(places))
                RETURNING id, intent, intent_by
                """, [.text(owner), .integer(lease)] + ids.map { .text($0) })
        }
        var held: [String: (ReleaseIntent, String)?] = [:]
        for row in rows {
            guard let id = row[0].text else { continue }
            held[id] = .some(
                row[1].text.flatMap(ReleaseIntent.init(rawValue:)).map { ($0, row[2].text ?? "") })
        }
        return held
    }

    /// Lets go of what a replica holds, for others to take at once.
    public func letGo(owner: String) async throws {
        _ = try await pool.transaction { transaction in
            try transaction.run(
                "UPDATE releases SET owner = NULL, lease_until = 0 WHERE owner = $1 AND active = 1",
                [.text(owner)])
        }
    }

    /// Stores a release as it is now, and its new steps.
    /// - Returns: nil when the replica no longer holds it, or another save came first: then nothing is stored.
    public func save(
        _ release: Release, fence: Int64, steps: [ReleaseStep]
    ) async throws -> (version: Int64, events: [ReleaseEvent])? {
        try await pool.transaction { transaction in
            let rows = try transaction.run(
                """
                UPDATE releases SET document = $1, state = $2, active = $3, finished_at = $4,
                    version = version + 1
                WHERE id = $5 AND fence = $6 AND version = $7 AND active = 1
                RETURNING version
                """,
                [
                    .text(JSONWriter.string(release.document)), .text(release.state.rawValue),
                    .integer(release.state.isActive ? 1 : 0), SQLValue(release.finishedAt), .text(release.id),
                    .integer(fence), .integer(release.version),
                ])
            guard let version = rows.first?.first?.integer else { return nil }
            return (version, try Self.append(transaction, steps, of: release))
        }
    }

    /// A release that a replica holds, as it is stored; nil when it holds it no more.
    public func reload(_ id: String, fence: Int64) async throws -> HeldRelease? {
        try await pool.transaction(isReadOnly: true) { transaction in
            let rows = try transaction.run(
                """
                SELECT document, version, request_digest, fence, intent, intent_by FROM releases
                WHERE id = $1 AND fence = $2 AND active = 1
                """, [.text(id), .integer(fence)])
            return try rows.first.map(Self.held)
        }
    }

    /// Records that somebody wants a release ended.
    /// - Returns: the release; nil when there is none, or it is over.
    public func ask(_ intent: ReleaseIntent, of id: String, by user: String, audit: AuditEntry) async throws
        -> Release?
    {
        try await pool.transaction { transaction in
            let rows = try transaction.run(
                """
                UPDATE releases SET intent = COALESCE(intent, $1),
                    intent_by = CASE WHEN intent IS NULL THEN $2 ELSE intent_by END
                WHERE id = $3 AND active = 1
                RETURNING document, version, request_digest, fence, intent, intent_by
                """, [.text(intent.rawValue), .text(user), .text(id)])
            guard let row = rows.first else { return nil }
            try Self.append(transaction, audit)
            return try Self.read(row)
        }
    }

    // MARK: Reading

    public func release(_ id: String) async throws -> (Release, [ReleaseEvent])? {
        try await pool.transaction(isReadOnly: true) { transaction in
            let rows = try transaction.run(
                "SELECT document, version, request_digest, fence, intent FROM releases WHERE id = $1",
                [.text(id)])
            guard let row = rows.first else { return nil }
            let events = try transaction.run(
                Self.eventColumns + " WHERE release_id = $1 ORDER BY number", [.text(id)])
            return (try Self.read(row), events.compactMap(Self.event))
        }
    }

    /// Releases, newest first.
    /// - Parameter before: only those with a smaller number.
    public func releases(
        namespace: String, workload: String?, state: ReleaseState?, before: Int64?, limit: Int
    ) async throws -> [(number: Int64, release: Release)] {
        var sql =
            "SELECT document, version, request_digest, fence, intent, number FROM releases WHERE namespace = $1"
        var parameters: [SQLValue] = [.text(namespace)]
        func narrow(_ condition: String, _ value: SQLValue) {
            parameters.append(value)
            sql += " AND \(condition) $\(parameters.count)"
        }
        if let workload { narrow("workload =", .text(workload)) }
        if let state { narrow("state =", .text(state.rawValue)) }
        if let before { narrow("number <", .integer(before)) }
        sql += " ORDER BY number DESC LIMIT \(limit)"
        return try await pool.transaction(isReadOnly: true) { [sql, parameters] transaction in
            try transaction.run(sql, parameters).map { ($0[5].integer ?? 0, try Self.read($0)) }
        }
    }

    /// The release of a workload that is under way.
    public func activeRelease(namespace: String, workload: String) async throws -> String? {
        try await pool.transaction(isReadOnly: true) { transaction in
            try transaction.run(
                "SELECT id FROM releases WHERE namespace = $1 AND workload = $2 AND active = 1",
                [.text(namespace), .text(workload)]
            ).first?.first?.text
        }
    }

    /// Events after a number, oldest first.
    public func events(after number: Int64, limit: Int = 500) async throws -> [ReleaseEvent] {
        try await pool.transaction(isReadOnly: true) { transaction in
            try transaction.run(
                Self.eventColumns + " WHERE number > $1 ORDER BY number LIMIT \(limit)", [.integer(number)]
            ).compactMap(Self.event)
        }
    }

    /// The number of the newest event; 0 when there is none.
    public func lastEvent() async throws -> Int64 {
        try await pool.transaction(isReadOnly: true) { transaction in
            try transaction.run("SELECT value FROM counters WHERE name = 'event'").first?.first?.integer ?? 0
        }
    }

    /// How many releases are under way, of all replicas.
    public func activeCount() async throws -> Int {
        try await pool.transaction(isReadOnly: true) { transaction in
            Int(
                try transaction.run("SELECT count(*) FROM releases WHERE active = 1").first?.first?.integer
                    ?? 0)
        }
    }

    public func audit(
        namespace: String, before: Int64?, limit: Int
    ) async throws -> [AuditEntry] {
        var sql =
            "SELECT number, at, actor, action, namespace, workload, release_id, request_id, outcome "
            + "FROM audit WHERE namespace = $1"
        var parameters: [SQLValue] = [.text(namespace)]
        if let before {
            sql += " AND number < $2"
            parameters.append(.integer(before))
        }
        sql += " ORDER BY number DESC LIMIT \(limit)"
        return try await pool.transaction(isReadOnly: true) { [sql, parameters] transaction in
            try transaction.run(sql, parameters).map { row in
                AuditEntry(
                    number: row[0].integer ?? 0, at: row[1].integer ?? 0, actor: row[2].text ?? "",
                    action: row[3].text ?? "", namespace: row[4].text ?? "", workload: row[5].text ?? "",
                    release: row[6].text, requestID: row[7].text ?? "", outcome: row[8].text ?? "")
            }
        }
    }

    public func record(_ audit: AuditEntry) async throws {
        try await pool.transaction { try Self.append($0, audit) }
    }

    // MARK: Parts

    private static let eventColumns =
        "SELECT number, release_id, namespace, workload, kind, state, at, replica, message, progress FROM events"

    /// The next number of a sequence. Its row stays locked until the transaction ends, so that numbers become
    /// visible in their order.
    private static func next(_ transaction: Transaction, _ name: String, _ count: Int = 1) throws -> Int64 {
        let rows = try transaction.run(
            "UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value",
            [.text(name), .integer(Int64(count))])
        guard let value = rows.first?.first?.integer else {
            throw DatabaseError.failed("there is no counter \(name)")
        }
        return value
    }

    private static func append(
        _ transaction: Transaction, _ steps: [ReleaseStep], of release: Release
    ) throws -> [ReleaseEvent] {
        guard !steps.isEmpty else { return [] }
        let last = try next(transaction, "event", steps.count)
        var events: [ReleaseEvent] = []
        for (offset, step) in steps.enumerated() {
            let number = last - Int64(steps.count - 1 - offset)
            try transaction.run(
                """
                INSERT INTO events (number, release_id, namespace, workload, kind, state, at, replica, message,
                    progress)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                [
                    .integer(number), .text(release.id), .text(release.namespace), .text(release.workload),
                    .text(step.kind.rawValue), .text(step.state.rawValue), .integer(step.at),
                    .text(step.replica), .text(step.message),
                    SQLValue(step.progress.map { JSONWriter.string($0.document) }),
                ])
            events.append(
                ReleaseEvent(
                    number: number, release: release.id, namespace: release.namespace,
                    workload: release.workload, step: step))
        }
        return events
    }

    private static func append(_ transaction: Transaction, _ entry: AuditEntry) throws {
        let number = try next(transaction, "audit")
        try transaction.run(
            """
            INSERT INTO audit (number, at, actor, action, namespace, workload, release_id, request_id, outcome)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .integer(number), .integer(entry.at), .text(entry.actor), .text(entry.action),
                .text(entry.namespace), .text(entry.workload), SQLValue(entry.release),
                .text(entry.requestID),
                .text(entry.outcome),
            ])
    }

    /// Row: document, version, digest, fence, intent, …
    private static func read(_ row: [SQLValue]) throws -> Release {
        guard let text = row[0].text, let document = try? JSONParser.parse(text),
            var release = Release(document: document, version: row[1].integer ?? 0)
        else { throw DatabaseError.failed("a release's document cannot be read") }
        if release.intent == nil, let intent = row[4].text.flatMap(ReleaseIntent.init(rawValue:)) {
            release.message = "\(intent.words) was asked for"
        }
        return release
    }

    private static func held(_ row: [SQLValue]) throws -> HeldRelease {
        guard let text = row[0].text, let document = try? JSONParser.parse(text),
            let release = Release(document: document, version: row[1].integer ?? 0),
            let fence = row[3].integer
        else { throw DatabaseError.failed("a release's document cannot be read") }
        let intent = row[4].text.flatMap(ReleaseIntent.init(rawValue:))
        return HeldRelease(release: release, fence: fence, asked: intent.map { ($0, row[5].text ?? "") })
    }

    static func event(_ row: [SQLValue]) -> ReleaseEvent? {
        guard let number = row[0].integer, let release = row[1].text,
            let kind = row[4].text.flatMap(ReleaseStep.Kind.init(rawValue:)),
            let state = row[5].text.flatMap(ReleaseState.init(rawValue:))
        else { return nil }
        let progress = row[9].text.flatMap { try? JSONParser.parse($0) }.flatMap(Progress.init(document:))
        return ReleaseEvent(
            number: number, release: release, namespace: row[2].text ?? "", workload: row[3].text ?? "",
            step: ReleaseStep(
                kind, state: state, at: row[6].integer ?? 0, replica: row[7].text ?? "",
                message: row[8].text ?? "", progress: progress))
    }
}
