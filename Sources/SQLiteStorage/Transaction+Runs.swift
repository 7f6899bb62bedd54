import SCIM

extension Transaction {
    func append(_ entry: JournalEntry, team: TeamID) throws {
        let run: Int64? = if let run = entry.run { try row(of: run, team: team) } else { nil }
        let statement = try connection.statement(
            """
            INSERT INTO journal (team, run, operation, type, id, version, at, actor, before, after)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, run)
        statement.bind(3, entry.operation.rawValue)
        statement.bind(4, entry.type.rawValue)
        statement.bind(5, entry.id)
        statement.bind(6, entry.version)
        statement.bind(7, entry.at.rawValue)
        statement.bind(8, text: entry.actor)
        statement.bind(9, blob: entry.before)
        statement.bind(10, blob: entry.after)
        try statement.run()
        try afterFirstWrite { () throws(StoreError) in
            try extendStretch(to: connection.lastInsertedRow, team: team, run: run)
        }
    }

    func save(_ run: RunRecord, team: TeamID) throws {
        let row = try row(of: run.id, team: team)
        let statement = try connection.statement(
            """
            UPDATE run SET source = ?2, command = ?3, plan_digest = ?4, verdict = ?5, started = ?6, finished = ?7,
                report = ?8
            WHERE row = ?1
            """)
        defer { statement.release() }
        statement.bind(1, row)
        statement.bind(2, run.source?.rawValue)
        statement.bind(3, text: run.command)
        statement.bind(4, text: run.planDigest)
        statement.bind(5, text: run.verdict)
        statement.bind(6, run.started.rawValue)
        statement.bind(7, run.finished?.rawValue)
        statement.bind(8, blob: run.report)
        try statement.run()
        try afterFirstWrite { () throws(StoreError) in try setAccepted(run.accepted, run: row) }
    }

    private func setAccepted(_ figures: [String], run: Int64) throws(StoreError) {
        let delete = try connection.statement("DELETE FROM run_accepted WHERE run = ?1")
        defer { delete.release() }
        delete.bind(1, run)
        try delete.run()
        let insert = try connection.statement("INSERT INTO run_accepted (run, position, figure) VALUES (?1, ?2, ?3)")
        defer { insert.release() }
        insert.bind(1, run)
        for (position, figure) in figures.enumerated() {
            insert.bind(2, position)
            insert.bind(3, text: figure)
            try insert.run()
        }
    }

    /// The number that stands for a run inside the database; made when the run is first heard of.
    private func row(of run: RunID, team: TeamID) throws(StoreError) -> Int64 {
        if let knownRun, knownRun.run == run, knownRun.team == team { return knownRun.row }
        let insert = try connection.statement("INSERT INTO run (team, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        defer { insert.release() }
        insert.bind(1, team.rawValue)
        insert.bind(2, text: run.rawValue)
        try insert.run()
        let find = try connection.statement("SELECT row FROM run WHERE team = ?1 AND id = ?2")
        defer { find.release() }
        find.bind(1, team.rawValue)
        find.bind(2, text: run.rawValue)
        guard try find.step() else { throw StoreError.constraint(detail: "The run cannot be written down.") }
        let row = find.integer(0)
        knownRun = (run, team, row)
        return row
    }
}
