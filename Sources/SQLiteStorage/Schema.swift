import GRDB

/// The tables, as migrations: each has a name that stays, and is never edited once a release had it.
///
/// What the schema says of itself is refused by SQLite too: types (STRICT), closed sets (CHECK), references, the
/// journal's permanence. Strings to compare are canonical keys and compare as bytes.
enum Schema {
    /// "Popl" in ASCII: what `PRAGMA application_id` of every roster database says (SQLite file format §1.3.14).
    static let applicationID: Int64 = 0x506F_706C

    /// What `PRAGMA user_version` says after the last migration; each migration counts it up by one.
    static let version: Int64 = 3

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 roster", foreignKeyChecks: .immediate) { database in
            for statement in teams + resources + links + memberships + journal { try database.execute(sql: statement) }
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2 history", foreignKeyChecks: .immediate) { database in
            guard let handle = database.sqliteConnection else { throw DatabaseFile.closed }
            try History(Connection(borrowing: handle)).migrate()
        }
        migrator.registerMigration("3 mirror", foreignKeyChecks: .immediate) { database in
            guard let handle = database.sqliteConnection else { throw DatabaseFile.closed }
            try Mirror(Connection(borrowing: handle)).migrate()
        }
        return migrator
    }

    /// Numbers of teams and sources are not given out twice (AUTOINCREMENT): a number that a script kept must not come to
    /// mean somebody else.
    private static let teams = [
        """
        CREATE TABLE team (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE CHECK (name <> ''),
            created INTEGER NOT NULL
        ) STRICT
        """,
        // How many there are, so that counting a million costs what counting ten does. Written once a transaction.
        """
        CREATE TABLE tally (
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            type INTEGER NOT NULL,
            total INTEGER NOT NULL CHECK (total >= 0),
            active INTEGER NOT NULL CHECK (active BETWEEN 0 AND total),
            admins INTEGER NOT NULL CHECK (admins BETWEEN 0 AND active),
            PRIMARY KEY (team, type)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE source (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            applied_at INTEGER,
            applied_records INTEGER CHECK (applied_records >= 0),
            applied_fingerprint TEXT,
            applied_export_date INTEGER,
            managed_active INTEGER NOT NULL DEFAULT 0 CHECK (managed_active >= 0),
            UNIQUE (team, name),
            UNIQUE (team, id),
            CHECK ((applied_at IS NULL) = (applied_records IS NULL)),
            CHECK ((applied_at IS NULL) = (applied_fingerprint IS NULL))
        ) STRICT
        """,
        // A run that the journal names before it is saved has only its id. `row` stands for it in the journal.
        """
        CREATE TABLE run (
            row INTEGER PRIMARY KEY AUTOINCREMENT,
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            id TEXT NOT NULL,
            source INTEGER,
            command TEXT,
            plan_digest TEXT,
            verdict TEXT,
            started INTEGER,
            finished INTEGER,
            report BLOB,
            UNIQUE (team, id),
            UNIQUE (team, row),
            FOREIGN KEY (team, source) REFERENCES source (team, id),
            CHECK ((started IS NULL) = (command IS NULL)),
            CHECK ((started IS NULL) = (plan_digest IS NULL)),
            CHECK ((started IS NULL) = (verdict IS NULL))
        ) STRICT
        """,
        "CREATE INDEX run_by_start ON run (team, started, id)",
        "CREATE INDEX run_by_source ON run (team, source)",
        """
        CREATE TABLE run_accepted (
            run INTEGER NOT NULL REFERENCES run (row) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            figure TEXT NOT NULL,
            PRIMARY KEY (run, position)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    /// All three types in one table, `body` last: most questions stop reading before it.
    ///
    /// `id` is a UUID's 16 bytes or another id's text. `links` counts the sources that manage it. Closed sets are BETWEEN:
    /// for IN with three values or more SQLite builds a tree for every row that it checks.
    ///
    /// An index that begins with a text is quicker to search than one that begins with the team, and no less separate:
    /// every question gives all of its columns.
    private static let resources = [
        """
        CREATE TABLE resource (
            row INTEGER PRIMARY KEY,
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            type INTEGER NOT NULL CHECK (type BETWEEN 1 AND 3),
            id ANY NOT NULL UNIQUE
                CHECK (CASE typeof(id) WHEN 'blob' THEN length(id) = 16 WHEN 'text' THEN id <> '' ELSE 0 END),
            version INTEGER NOT NULL CHECK (version >= 1),
            active INTEGER NOT NULL CHECK (active BETWEEN 0 AND 1),
            admin INTEGER NOT NULL CHECK (admin BETWEEN 0 AND 1),
            links INTEGER NOT NULL CHECK (links >= 0),
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            name_key TEXT,
            external_id TEXT,
            email_key TEXT,
            body TEXT NOT NULL
        ) STRICT
        """,
        // In order of creation: an index ends in the row it points at.
        "CREATE INDEX resource_in_order ON resource (team, type)",
        "CREATE UNIQUE INDEX resource_by_name ON resource (name_key, type, team)",
        "CREATE INDEX resource_by_external_id ON resource (external_id, type, team) WHERE external_id IS NOT NULL",
        // Most people sign in with their address: then the index by name finds them, and this one stays small.
        """
        CREATE INDEX user_by_email ON resource (email_key, team)
            WHERE type = 1 AND email_key IS NOT NULL AND email_key IS NOT name_key
        """,
        "CREATE UNIQUE INDEX sso_connection_of_team ON resource (team) WHERE type = 3",
        "CREATE INDEX active_admin ON resource (team) WHERE type = 1 AND active = 1 AND admin = 1",
        "CREATE INDEX active_user_without_link ON resource (team) WHERE type = 1 AND active = 1 AND links = 0",
    ]

    /// The narrow table that a dry run reads from end to end: one source after the other, each type by itself, in order
    /// of row. All three are in the key (``LinkKey``), because a table with one integer key is the quickest to read.
    ///
    /// `digests` is the anchor's 16 bytes, and the fingerprint's 16 while it stands. Anchors are not unique: two people
    /// who change anchors do so one after the other. That no two share one for good is the planner's care.
    ///
    /// No reference to source and resource is declared: looking both up again would cost a tenth of a bulk load, and the
    /// store has just seen them. ``Transaction`` removes links with what they join.
    private static let links = [
        """
        CREATE TABLE link (
            key INTEGER PRIMARY KEY CHECK (key > 0),
            active INTEGER NOT NULL CHECK (active BETWEEN 0 AND 1),
            digests BLOB NOT NULL CHECK (length(digests) = 16 OR length(digests) = 32),
            source INTEGER NOT NULL GENERATED ALWAYS AS (key >> 40) VIRTUAL,
            type INTEGER NOT NULL GENERATED ALWAYS AS (key >> 38 & 3) VIRTUAL,
            row INTEGER NOT NULL GENERATED ALWAYS AS (key & 274877906943) VIRTUAL
        ) STRICT
        """
    ]

    private static let memberships = [
        """
        CREATE TABLE membership (
            group_row INTEGER NOT NULL REFERENCES resource (row) ON DELETE CASCADE,
            user_row INTEGER NOT NULL REFERENCES resource (row) ON DELETE CASCADE,
            PRIMARY KEY (group_row, user_row)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX membership_by_user ON membership (user_row)",
    ]

    /// Append-only. A row goes only together with its team, and after it.
    ///
    /// Whose and which run's an entry is stands in it, and once more for each stretch of entries of one team and run:
    /// that is all the index a bulk load needs, and the stretch holds the references.
    private static let journal = [
        """
        CREATE TABLE journal (
            position INTEGER PRIMARY KEY,
            team INTEGER NOT NULL,
            run INTEGER,
            operation INTEGER NOT NULL,
            type INTEGER NOT NULL,
            id ANY NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            before BLOB,
            after BLOB
        ) STRICT
        """,
        """
        CREATE TABLE journal_stretch (
            first INTEGER PRIMARY KEY,
            last INTEGER NOT NULL CHECK (last >= first),
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            run INTEGER,
            FOREIGN KEY (team, run) REFERENCES run (team, row)
        ) STRICT
        """,
        "CREATE INDEX journal_stretch_by_run ON journal_stretch (team, run)",
        """
        CREATE TRIGGER journal_stays BEFORE DELETE ON journal
        WHEN EXISTS (SELECT 1 FROM team WHERE id = OLD.team)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
        """
        CREATE TRIGGER journal_is_final BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
        """,
    ]
}
