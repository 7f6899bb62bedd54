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
        try settle()
        for stretch in try stretches(team: team, run: run) {
            let statement = try connection.statement(
                """
                SELECT journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                    journal.version, journal.before, journal.after
                FROM journal LEFT JOIN run ON run.row = journal.run
                WHERE journal.position BETWEEN ?1 AND ?2 AND journal.team = ?3 ORDER BY journal.position
                """)
            defer { statement.release() }
            statement.bind(1, stretch.lowerBound)
            statement.bind(2, stretch.upperBound)
            statement.bind(3, team.rawValue)
            while try statement.step() { try body(try entry(statement)) }
        }
    }

    /// Where a team's entries are, in order; of one run, or of all.
    func stretches(team: TeamID, run: RunID?) throws(StoreError) -> [ClosedRange<Int64>] {
        let statement =
            if run == nil {
                try connection.statement("SELECT first, last FROM journal_stretch WHERE team = ?1 ORDER BY first")
            } else {
                try connection.statement(
                    """
                    SELECT first, last FROM journal_stretch
                    WHERE team = ?1 AND run = (SELECT row FROM run WHERE team = ?1 AND id = ?2) ORDER BY first
                    """)
            }
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        if let run { statement.bind(2, text: run.rawValue) }
        var stretches: [ClosedRange<Int64>] = []
        while try statement.step() {
            let first = statement.integer(0)
            stretches.append(first...max(first, statement.integer(1)))
        }
        return stretches
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
