import SCIM

/// Migration 3: what a roster that mirrors a SCIM service elsewhere keeps of it.
struct Mirror {
    private let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    func migrate() throws(StoreError) {
        for statement in Self.tables { try connection.execute(statement) }
        try connection.execute("PRAGMA user_version = 3")
    }

    private static let tables: [StaticString] = [
        """
        CREATE TABLE mirrored_service (
            team INTEGER PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE,
            url TEXT NOT NULL CHECK (url <> ''),
            schemas TEXT NOT NULL
        ) STRICT
        """,
        // A change that is about to be sent. Settled, it goes with the transaction that writes the change down.
        """
        CREATE TABLE intent (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            body BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX intent_of_team ON intent (team)",
        """
        CREATE TABLE shortcoming (
            number INTEGER PRIMARY KEY,
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
            type INTEGER NOT NULL CHECK (type BETWEEN 1 AND 3),
            path TEXT NOT NULL CHECK (path <> ''),
            UNIQUE (team, type, path, kind)
        ) STRICT
        """,
    ]
}

/// What stands for schemas that are not known.
private let notYetTold = "?"

extension ConnectionReading {
    func mirroredService(team: TeamID) throws -> MirroredService? {
        let statement = try connection.statement("SELECT url, schemas FROM mirrored_service WHERE team = ?1")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        guard try statement.step() else { return nil }
        let schemas = statement.text(1)
        return MirroredService(url: statement.text(0), schemas: schemas == notYetTold ? nil : schemas)
    }

    func intents(team: TeamID) throws -> [Intent] {
        let statement = try connection.statement("SELECT position, body FROM intent WHERE team = ?1 ORDER BY position")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        var intents: [Intent] = []
        while try statement.step() {
            guard let intent = Intent(position: statement.integer(0), statement.bytes(1)) else {
                throw StoreError.unreadable(detail: "The intent \(statement.integer(0)) cannot be read.")
            }
            intents.append(intent)
        }
        return intents
    }

    func shortcomings(team: TeamID) throws -> [Shortcoming] {
        let statement = try connection.statement(
            "SELECT kind, type, path FROM shortcoming WHERE team = ?1 ORDER BY number")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        var found: [Shortcoming] = []
        while try statement.step() {
            guard let kind = Shortcoming.Kind(rawValue: Int(statement.integer(0))),
                let type = ResourceType(rawValue: Int(statement.integer(1)))
            else { continue }
            found.append(Shortcoming(kind, type, statement.text(2)))
        }
        return found
    }
}

extension Transaction {
    func setMirroredService(_ service: MirroredService, team: TeamID) throws {
        let statement = try connection.statement(
            """
            INSERT INTO mirrored_service (team, url, schemas) VALUES (?1, ?2, ?3)
            ON CONFLICT (team) DO UPDATE SET url = excluded.url, schemas = excluded.schemas
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, text: service.url)
        statement.bind(3, text: service.schemas ?? notYetTold)
        try statement.run()
    }

    func append(_ intent: Intent, team: TeamID) throws -> Int64 {
        let statement = try connection.statement("INSERT INTO intent (team, body) VALUES (?1, ?2)")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, blob: intent.encode())
        try statement.run()
        return connection.lastInsertedRow
    }

    func removeIntent(_ position: Int64, team: TeamID) throws {
        let statement = try connection.statement("DELETE FROM intent WHERE position = ?1 AND team = ?2")
        defer { statement.release() }
        statement.bind(1, position)
        statement.bind(2, team.rawValue)
        try statement.run()
    }

    func add(_ shortcoming: Shortcoming, team: TeamID) throws {
        let statement = try connection.statement(
            "INSERT OR IGNORE INTO shortcoming (team, kind, type, path) VALUES (?1, ?2, ?3, ?4)")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, shortcoming.kind.rawValue)
        statement.bind(3, shortcoming.type.rawValue)
        statement.bind(4, text: shortcoming.path)
        try statement.run()
    }

    func removeShortcomings(team: TeamID) throws {
        let statement = try connection.statement("DELETE FROM shortcoming WHERE team = ?1")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        try statement.run()
    }
}
