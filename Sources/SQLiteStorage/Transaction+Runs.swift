import SCIM

extension Transaction {
    func save(_ run: RunRecord, team: TeamID) throws {
        let row = try row(of: run.id, team: team)
        let statement = try connection.statement(
            """
            UPDATE run SET source = ?2, command = ?3, plan_digest = ?4, verdict = ?5, started = ?6, finished = ?7,
                report = ?8, records = ?9, whole_list = ?10
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
        statement.bind(9, run.records.map(Int64.init))
        statement.bind(10, run.isWholeList)
        try statement.run()
        try afterFirstWrite { () throws(StoreError) in
            try replace(
                run.accepted, run: row, "DELETE FROM run_accepted WHERE run = ?1",
                "INSERT INTO run_accepted (run, position, figure) VALUES (?1, ?2, ?3)")
            try replace(
                run.exportDigests, run: row, "DELETE FROM run_export WHERE run = ?1",
                "INSERT INTO run_export (run, position, digest) VALUES (?1, ?2, ?3)")
        }
    }

    /// A run's list of texts.
    private func replace(
        _ texts: [String], run: Int64, _ deleteSQL: StaticString, _ insertSQL: StaticString
    ) throws(StoreError) {
        let delete = try connection.statement(deleteSQL)
        defer { delete.release() }
        delete.bind(1, run)
        try delete.run()
        let insert = try connection.statement(insertSQL)
        defer { insert.release() }
        insert.bind(1, run)
        for (position, text) in texts.enumerated() {
            insert.bind(2, position)
            insert.bind(3, text: text)
            try insert.run()
        }
    }

    /// The number that stands for a run inside the database; made when the run is first heard of.
    func row(of run: RunID, team: TeamID) throws(StoreError) -> Int64 {
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
