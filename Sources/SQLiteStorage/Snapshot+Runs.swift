import SCIM

extension ConnectionReading {
    func runs(team: TeamID, limit: Int) throws -> [RunRecord] {
        let statement = try connection.statement(
            """
            SELECT row, id, source, command, plan_digest, verdict, started, finished, report FROM run
            WHERE team = ?1 AND started IS NOT NULL ORDER BY started DESC, id DESC LIMIT ?2
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, max(0, limit))
        var runs: [RunRecord] = []
        while try statement.step() { runs.append(try run(statement)) }
        return runs
    }

    func run(_ id: RunID, team: TeamID) throws -> RunRecord? {
        let statement = try connection.statement(
            """
            SELECT row, id, source, command, plan_digest, verdict, started, finished, report FROM run
            WHERE team = ?1 AND id = ?2 AND started IS NOT NULL
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, text: id.rawValue)
        return try statement.step() ? try run(statement) : nil
    }

    private func run(_ statement: Statement) throws -> RunRecord {
        RunRecord(
            id: RunID(rawValue: statement.text(1)), source: statement.optionalInteger(2).map(SourceID.init),
            command: statement.text(3), planDigest: statement.text(4), verdict: statement.text(5),
            started: Timestamp(rawValue: statement.integer(6)),
            finished: statement.optionalInteger(7).map(Timestamp.init),
            accepted: try accepted(run: statement.integer(0)), report: statement.optionalBlob(8))
    }

    private func accepted(run: Int64) throws -> [String] {
        let statement = try connection.statement("SELECT figure FROM run_accepted WHERE run = ?1 ORDER BY position")
        defer { statement.release() }
        statement.bind(1, run)
        var figures: [String] = []
        while try statement.step() { figures.append(statement.text(0)) }
        return figures
    }

    func journal(team: TeamID, run: RunID?, _ body: (JournalEntry) throws -> Void) throws {
        if let run { return try journal(team: team, ofRun: run, body) }
        // The index has a team's entries run by run. Sorting their positions first keeps a small team in a large
        // database from reading everybody's journal; it takes 8 bytes an entry.
        for position in try positions(team: team).sorted() {
            let statement = try connection.statement(
                """
                SELECT journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                    journal.version, journal.before, journal.after
                FROM journal LEFT JOIN run ON run.row = journal.run WHERE journal.position = ?1 AND journal.team = ?2
                """)
            defer { statement.release() }
            statement.bind(1, position)
            statement.bind(2, team.rawValue)
            if try statement.step() { try body(try entry(statement)) }
        }
    }

    private func journal(team: TeamID, ofRun run: RunID, _ body: (JournalEntry) throws -> Void) throws {
        let statement = try connection.statement(
            """
            SELECT journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                journal.version, journal.before, journal.after
            FROM run CROSS JOIN journal ON journal.team = run.team AND journal.run = run.row
            WHERE run.team = ?1 AND run.id = ?2 ORDER BY journal.position
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, text: run.rawValue)
        while try statement.step() { try body(try entry(statement)) }
    }

    private func positions(team: TeamID) throws -> [Int64] {
        let statement = try connection.statement("SELECT position FROM journal WHERE team = ?1")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        var positions: [Int64] = []
        while try statement.step() { positions.append(statement.integer(0)) }
        return positions
    }

    private func entry(_ statement: Statement) throws(StoreError) -> JournalEntry {
        guard let operation = JournalEntry.Operation(rawValue: Int(statement.integer(0))),
            let type = ResourceType(rawValue: Int(statement.integer(1)))
        else {
            throw StoreError.unreadable(detail: "The journal has an entry of a kind that this version does not know.")
        }
        return JournalEntry(
            operation: operation, type: type, id: statement.resourceID(2), actor: statement.text(3),
            run: statement.optionalText(4).map(RunID.init), at: Timestamp(rawValue: statement.integer(5)),
            version: statement.integer(6), before: statement.optionalBlob(7), after: statement.optionalBlob(8))
    }
}
