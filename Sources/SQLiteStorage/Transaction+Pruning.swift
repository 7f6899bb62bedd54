import SCIM

extension Transaction {
    func pruneJournal(before: Timestamp, limit: Int, team: TeamID) throws -> Int {
        try settle()
        let old = try prunable(before: before, limit: limit, team: team)
        guard let last = old.last?.last else { return 0 }
        let entries = old.reduce(0) { $0 + $1.count }
        return try afterFirstWrite { () throws(StoreError) in
            // First the chain: the journal lets go only of what lies before its beginning.
            try beginChain(after: last, entries: entries, team: team)
            for stretch in old { try remove(stretch) }
            return entries
        }
    }

    /// The team's oldest entries up to the first that is not older than `before`, as stretches of which the last one
    /// may be cut short; `limit` entries at most.
    private func prunable(before: Timestamp, limit: Int, team: TeamID) throws(StoreError) -> [Stretch] {
        let statement = try connection.statement(
            "SELECT position FROM journal WHERE position BETWEEN ?1 AND ?2 AND at >= ?3 ORDER BY position LIMIT 1")
        defer { statement.release() }
        var old: [Stretch] = []
        var room = Int64(limit)
        for stretch in try stretches(team: team, run: nil) where room > 0 {
            var part = stretch
            part.last = min(stretch.last, stretch.first + room - 1)
            statement.bind(1, part.first)
            statement.bind(2, part.last)
            statement.bind(3, before.rawValue)
            let kept = try statement.step() ? statement.integer(0) : nil
            statement.release()
            if let kept { part.last = kept - 1 }
            if part.count > 0 { old.append(part) }
            if kept != nil { break }
            room -= Int64(part.count)
        }
        return old
    }

    private func beginChain(after last: Int64, entries: Int, team: TeamID) throws(StoreError) {
        let statement = try connection.statement(
            """
            UPDATE journal_chain SET entries = entries - ?3, pruned_position = ?2,
                pruned_digest = (SELECT digest FROM journal WHERE position = ?2 AND team = ?1)
            WHERE team = ?1
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, last)
        statement.bind(3, entries)
        try statement.run()
    }

    private func remove(_ stretch: Stretch) throws(StoreError) {
        let entries = try connection.statement("DELETE FROM journal WHERE position BETWEEN ?1 AND ?2")
        defer { entries.release() }
        entries.bind(1, stretch.first)
        entries.bind(2, stretch.last)
        try entries.run()
        try countPruned(stretch)
        let whole = try connection.statement("DELETE FROM journal_stretch WHERE first = ?1 AND last = ?2")
        defer { whole.release() }
        whole.bind(1, stretch.first)
        whole.bind(2, stretch.last)
        try whole.run()
        guard connection.changedRows == 0 else { return }
        let part = try connection.statement("UPDATE journal_stretch SET first = ?2 + 1 WHERE first = ?1")
        defer { part.release() }
        part.bind(1, stretch.first)
        part.bind(2, stretch.last)
        try part.run()
    }

    /// Tells the run that it can no longer be read from the journal as a whole.
    private func countPruned(_ stretch: Stretch) throws(StoreError) {
        let statement = try connection.statement("UPDATE run SET pruned = pruned + ?2 WHERE row = ?1")
        defer { statement.release() }
        statement.bind(1, stretch.run)
        statement.bind(2, stretch.count)
        try statement.run()
    }

    func pruneRuns(before: Timestamp, limit: Int, team: TeamID) throws -> Int {
        try settle()
        let statement = try connection.statement(
            """
            DELETE FROM run WHERE row IN (
                SELECT row FROM run WHERE team = ?1 AND coalesce(finished, started, 0) < ?2
                    AND NOT EXISTS (SELECT 1 FROM journal_stretch WHERE team = ?1 AND run = run.row)
                ORDER BY row LIMIT ?3)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, before.rawValue)
        statement.bind(3, limit)
        try statement.run()
        knownRun = nil
        return connection.changedRows
    }
}
