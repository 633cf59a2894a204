/// The steps by which the tables came to be as they are. A step that was released is never changed.
enum Migrations {
    static let all: [(version: Int64, name: String, statements: [String])] = [
        (
            1, "releases, events, audit",
            [
                """
                CREATE TABLE counters (
                    name TEXT PRIMARY KEY,
                    value BIGINT NOT NULL)
                """,
                "INSERT INTO counters (name, value) VALUES ('release', 0), ('event', 0), ('audit', 0)",
                """
                CREATE TABLE releases (
                    id TEXT PRIMARY KEY,
                    number BIGINT NOT NULL UNIQUE,
                    namespace TEXT NOT NULL,
                    workload TEXT NOT NULL,
                    state TEXT NOT NULL,
                    active INTEGER NOT NULL,
                    created_at BIGINT NOT NULL,
                    finished_at BIGINT,
                    created_by TEXT NOT NULL,
                    idempotency_key TEXT,
                    request_digest TEXT NOT NULL,
                    document TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    intent TEXT,
                    intent_by TEXT,
                    owner TEXT,
                    fence BIGINT NOT NULL,
                    lease_until BIGINT NOT NULL)
                """,
                "CREATE UNIQUE INDEX one_active_release ON releases (namespace, workload) WHERE active = 1",
                """
                CREATE UNIQUE INDEX one_release_a_key ON releases (created_by, idempotency_key)
                    WHERE idempotency_key IS NOT NULL
                """,
                "CREATE INDEX releases_of_workload ON releases (namespace, workload, number)",
                "CREATE INDEX releases_under_way ON releases (lease_until) WHERE active = 1",
                """
                CREATE TABLE events (
                    number BIGINT PRIMARY KEY,
                    release_id TEXT NOT NULL REFERENCES releases (id),
                    namespace TEXT NOT NULL,
                    workload TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    state TEXT NOT NULL,
                    at BIGINT NOT NULL,
                    replica TEXT NOT NULL,
                    message TEXT NOT NULL,
                    progress TEXT)
                """,
                "CREATE INDEX events_of_release ON events (release_id, number)",
                """
                CREATE TABLE audit (
                    number BIGINT PRIMARY KEY,
                    at BIGINT NOT NULL,
                    actor TEXT NOT NULL,
                    action TEXT NOT NULL,
                    namespace TEXT NOT NULL,
                    workload TEXT NOT NULL,
                    release_id TEXT,
                    request_id TEXT NOT NULL,
                    outcome TEXT NOT NULL)
                """,
            ]
        )
    ]

    /// Brings the tables up to date. Several replicas may do this at once: one does it, the others wait.
    static func run(_ transaction: Transaction) throws {
        if transaction.dialect == .postgres {
            // Held until the end of the transaction; the number is any that nobody else uses.
            try transaction.run("SELECT pg_advisory_xact_lock(4704107131)")
        }
        try transaction.run(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)
            """)
        let rows = try transaction.run("SELECT max(version) FROM schema_migrations")
        let present = rows.first?.first?.integer ?? 0
        if let newest = all.last?.version, present > newest {
            // An older replica beside a newer one during a roll-out: tables are only ever added to.
            return
        }
        for migration in all where migration.version > present {
            for statement in migration.statements { try transaction.run(statement) }
            try transaction.run(
                "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, {now})",
                [.integer(migration.version), .text(migration.name)])
        }
    }
}
