import SCIM

/// Migration 2: the journal becomes a chain, runs keep what later ones are judged by, who is absent and how many were
/// deactivated is remembered, and there are tokens for the online side.
struct History {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func migrate() throws(StoreError) {
        for statement in Self.tables { try run(statement) }
        try chainEntries()
        try makeSealingKey()
        try indexOtherEmails()
        for statement in Self.namesInOrder { try run(statement) }
        for statement in Self.journalTakesOver { try run(statement) }
        try run("PRAGMA user_version = 2")
    }

    private func run(_ sql: StaticString) throws(StoreError) {
        let statement = try connection.statement(sql)
        defer { statement.release() }
        try statement.run()
    }

    private static let tables: [StaticString] = [
        "ALTER TABLE run ADD COLUMN records INTEGER CHECK (records >= 0)",
        "ALTER TABLE run ADD COLUMN whole_list INTEGER NOT NULL DEFAULT 0 CHECK (whole_list BETWEEN 0 AND 1)",
        // How many of its journal entries are kept no longer.
        "ALTER TABLE run ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0 CHECK (pruned >= 0)",
        // Holds all that judging by earlier runs asks for, so that their reports need not be read.
        """
        CREATE INDEX run_of_whole_list ON run (team, source, started, id, records)
            WHERE whole_list = 1 AND records IS NOT NULL
        """,
        """
        CREATE TABLE run_export (
            run INTEGER NOT NULL REFERENCES run (row) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE absence (
            source INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
            row INTEGER NOT NULL REFERENCES resource (row) ON DELETE CASCADE,
            since INTEGER NOT NULL,
            snapshots INTEGER NOT NULL CHECK (snapshots >= 1),
            last_export TEXT NOT NULL,
            PRIMARY KEY (source, row)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX absence_by_row ON absence (row)",
        // How many Users runs deactivated at a moment.
        """
        CREATE TABLE deactivation (
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            users INTEGER NOT NULL CHECK (users >= 1),
            PRIMARY KEY (team, at)
        ) STRICT, WITHOUT ROWID
        """,
        // Looked up by `id`, the part of a token that is no secret.
        """
        CREATE TABLE token (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            label TEXT NOT NULL,
            sso INTEGER NOT NULL DEFAULT 0 CHECK (sso BETWEEN 0 AND 1),
            created INTEGER NOT NULL,
            expires INTEGER,
            last_used INTEGER,
            revoked INTEGER
        ) STRICT
        """,
        "CREATE INDEX token_of_team ON token (team)",
        // What seals cursors; one row.
        """
        CREATE TABLE sealing (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            key BLOB NOT NULL CHECK (length(key) = 32)
        ) STRICT
        """,
        // Keys of addresses that are not the primary one: few people have any.
        """
        CREATE TABLE other_email (
            key TEXT NOT NULL,
            row INTEGER NOT NULL REFERENCES resource (row) ON DELETE CASCADE,
            PRIMARY KEY (key, row)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX other_email_by_row ON other_email (row)",
        """
        CREATE TABLE privacy_key (
            team INTEGER PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE,
            key BLOB NOT NULL CHECK (length(key) = 32)
        ) STRICT
        """,
        // As before, with the chain's digest; ahead of the images, which may be long.
        """
        CREATE TABLE chained_journal (
            position INTEGER PRIMARY KEY CHECK (position > 0),
            team INTEGER NOT NULL,
            run INTEGER,
            operation INTEGER NOT NULL,
            type INTEGER NOT NULL,
            id ANY NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            actor TEXT NOT NULL,
            before BLOB,
            after BLOB
        ) STRICT
        """,
        // Where each team's chain ends, and where what is kept of it begins: after the entry pruned last.
        """
        CREATE TABLE journal_chain (
            team INTEGER PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE,
            entries INTEGER NOT NULL CHECK (entries >= 0),
            position INTEGER NOT NULL CHECK (position >= pruned_position),
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            pruned_position INTEGER NOT NULL DEFAULT 0 CHECK (pruned_position >= 0),
            pruned_digest BLOB NOT NULL DEFAULT x'' CHECK (length(pruned_digest) = iif(pruned_position = 0, 0, 32))
        ) STRICT
        """,
    ]

    /// A team's names by themselves, so that a list in their order reads no others: worth more than the quicker search
    /// through an index that begins with a text. The connection's name is asked for across teams.
    private static let namesInOrder: [StaticString] = [
        "DROP INDEX resource_by_name",
        "CREATE UNIQUE INDEX resource_by_name ON resource (team, type, name_key)",
        "CREATE INDEX sso_connection_by_name ON resource (name_key) WHERE type = 3",
    ]

    private static let journalTakesOver: [StaticString] = [
        "DROP TABLE journal",
        "ALTER TABLE chained_journal RENAME TO journal",
        // A row goes only when its team is gone or the chain says that it begins after it.
        """
        CREATE TRIGGER journal_stays BEFORE DELETE ON journal
        WHEN EXISTS (SELECT 1 FROM journal_chain WHERE team = OLD.team AND pruned_position < OLD.position)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        """
        CREATE TRIGGER journal_is_final BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        """
        CREATE TRIGGER journal_grows BEFORE UPDATE ON journal_chain
        WHEN NEW.team <> OLD.team OR NEW.position < OLD.position OR NEW.pruned_position < OLD.pruned_position
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
    ]

    private func makeSealingKey() throws(StoreError) {
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let insert = try connection.statement("INSERT INTO sealing (one, key) VALUES (1, ?1)")
        defer { insert.release() }
        insert.bind(1, blob: key)
        try insert.run()
    }

    private func indexOtherEmails() throws(StoreError) {
        let read = try connection.statement("SELECT row, body FROM resource WHERE type = 1")
        defer { read.release() }
        let insert = try connection.statement("INSERT INTO other_email (key, row) VALUES (?1, ?2)")
        defer { insert.release() }
        while try read.step() {
            guard let attributes = AttributesJSON.decode(read.bytes(1)),
                let keys = try? ResourceKeys(.user, attributes)
            else { continue }
            for key in keys.otherEmails {
                insert.bind(1, text: key)
                insert.bind(2, read.integer(0))
                try insert.run()
            }
        }
    }

    /// Computes the chains of the entries that are there, as if they had been appended now.
    private func chainEntries() throws(StoreError) {
        var chain = JournalChain()
        var heads: [TeamID: JournalHead] = [:]
        let read = try connection.statement(
            """
            SELECT journal.position, journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                journal.version, journal.before, journal.after, journal.team, journal.run
            FROM journal LEFT JOIN run ON run.row = journal.run ORDER BY journal.position
            """)
        defer { read.release() }
        let insert = try connection.statement(
            """
            INSERT INTO chained_journal
                (position, team, run, operation, type, id, version, at, digest, actor, before, after)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """)
        defer { insert.release() }
        while try read.step() {
            let entry = try read.journalEntry()
            let team = TeamID(rawValue: read.integer(10))
            var head = heads[team] ?? JournalHead()
            let previous = head.digest
            chain.digest(of: entry, team: team, after: previous, into: &head.digest)
            insert.bind(entry, team: team, run: read.optionalInteger(11), digest: head.digest)
            try insert.run()
            head.position = entry.position
            head.entries += 1
            heads[team] = head
        }
        for (team, head) in heads { try connection.save(head, team: team) }
    }
}

extension Statement {
    /// The columns `position, operation, type, id, actor, run.id, at, version, before, after`.
    func journalEntry() throws(StoreError) -> JournalEntry {
        guard let operation = JournalEntry.Operation(rawValue: Int(integer(1))),
            let type = ResourceType(rawValue: Int(integer(2)))
        else {
            throw StoreError.unreadable(detail: "The journal has an entry of a kind that this version does not know.")
        }
        return JournalEntry(
            position: integer(0), operation: operation, type: type, id: resourceID(3), actor: text(4),
            run: optionalText(5).map(RunID.init), at: Timestamp(rawValue: integer(6)), version: integer(7),
            before: optionalBlob(8), after: optionalBlob(9))
    }

    /// The parameters `position, team, run, operation, type, id, version, at, digest, actor, before, after`. `run` is the
    /// run's number inside the database.
    func bind(_ entry: JournalEntry, team: TeamID, run: Int64?, digest: [UInt8]) {
        bind(1, entry.position)
        bind(2, team.rawValue)
        bind(3, run)
        bind(4, entry.operation.rawValue)
        bind(5, entry.type.rawValue)
        bind(6, entry.id)
        bind(7, entry.version)
        bind(8, entry.at.rawValue)
        bind(9, blob: digest)
        bind(10, text: entry.actor)
        bind(11, blob: entry.before)
        bind(12, blob: entry.after)
    }
}
