import SCIM

extension ConnectionReading {
    func runs(team: TeamID, limit: Int) throws -> [RunRecord] {
        let statement = try connection.statement(
            """
            SELECT row, id, source, command, plan_digest, verdict, started, finished, records,
                whole_list, report, pruned
            FROM run
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
            SELECT row, id, source, command, plan_digest, verdict, started, finished, records,
                whole_list, report, pruned
            FROM run
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
            accepted: try accepted(run: statement.integer(0)), report: statement.optionalBlob(10),
            records: statement.optionalInteger(8).map(Int.init), isWholeList: statement.boolean(9),
            exportDigests: try exportDigests(run: statement.integer(0)), prunedEntries: Int(statement.integer(11)))
    }

    private func accepted(run: Int64) throws -> [String] {
        let statement = try connection.statement("SELECT figure FROM run_accepted WHERE run = ?1 ORDER BY position")
        defer { statement.release() }
        statement.bind(1, run)
        var figures: [String] = []
        while try statement.step() { figures.append(statement.text(0)) }
        return figures
    }

    private func exportDigests(run: Int64) throws -> [String] {
        let statement = try connection.statement("SELECT digest FROM run_export WHERE run = ?1 ORDER BY position")
        defer { statement.release() }
        statement.bind(1, run)
        var digests: [String] = []
        while try statement.step() { digests.append(statement.text(0)) }
        return digests
    }

    func useOfExport(_ digest: String, source: SourceID, team: TeamID) throws -> ExportUse? {
        let statement = try connection.statement(
            """
            WITH applied AS (
                SELECT started, EXISTS (SELECT 1 FROM run_export WHERE run = run.row AND digest = ?3) AS took
                FROM run INDEXED BY run_of_whole_list
                WHERE team = ?1 AND source = ?2 AND whole_list = 1 AND records IS NOT NULL),
            last (at) AS (SELECT max(started) FROM applied WHERE took)
            SELECT min(started), last.at, last.at = (SELECT max(started) FROM applied)
            FROM last JOIN applied ON took AND started > ifnull(
                (SELECT max(started) FROM applied WHERE NOT took AND started < last.at), -1)
            WHERE last.at IS NOT NULL GROUP BY last.at
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, source.rawValue)
        statement.bind(3, text: digest)
        guard try statement.step() else { return nil }
        return ExportUse(
            since: Timestamp(rawValue: statement.integer(0)), last: Timestamp(rawValue: statement.integer(1)),
            isLatest: statement.boolean(2))
    }

    func appliedRecordCounts(source: SourceID, limit: Int, team: TeamID) throws -> [Int] {
        let statement = try connection.statement(
            """
            SELECT records FROM run INDEXED BY run_of_whole_list
            WHERE team = ?1 AND source = ?2 AND whole_list = 1 AND records IS NOT NULL
            ORDER BY started DESC, id DESC LIMIT ?3
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, source.rawValue)
        statement.bind(3, max(0, limit))
        var counts: [Int] = []
        while try statement.step() { counts.append(Int(statement.integer(0))) }
        return counts
    }
}
