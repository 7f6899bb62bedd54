import SCIM

extension Transaction {
    func pruneJournal(before: Timestamp, team: TeamID) throws -> Int {
        try settle()
        let old = try prunable(before: before, team: team)
        return try afterFirstWrite { () throws(StoreError) in
            var entries = 0
            if let last = old.last?.last {
                entries = old.reduce(0) { $0 + Int($1.last - $1.first) + 1 }
                // First the chain: the journal lets go only of what lies before its beginning.
                try beginChain(after: last, entries: entries, team: team)
                for stretch in old { try remove(stretch) }
            }
            try removeRuns(before: before, team: team)
            return entries
        }
    }

    /// The team's oldest entries up to the first that is not older than `before`, as stretches of which the last one
    /// may be cut short.
    private func prunable(before: Timestamp, team: TeamID) throws(StoreError) -> [Stretch] {
        let statement = try connection.statement(
            "SELECT position FROM journal WHERE position BETWEEN ?1 AND ?2 AND at >= ?3 ORDER BY position LIMIT 1")
        defer { statement.release() }
        var old: [Stretch] = []
        for stretch in try stretches(team: team, run: nil) {
            statement.bind(1, stretch.first)
            statement.bind(2, stretch.last)
            statement.bind(3, before.rawValue)
            let kept = try statement.step() ? statement.integer(0) : nil
            statement.release()
            guard let kept else {
                old.append(stretch)
                continue
            }
            if kept > stretch.first {
                var part = stretch
                part.last = kept - 1
                old.append(part)
            }
            break
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

    private func removeRuns(before: Timestamp, team: TeamID) throws(StoreError) {
        let statement = try connection.statement(
            """
            DELETE FROM run WHERE team = ?1 AND ifnull(finished, started) < ?2
                AND NOT EXISTS (SELECT 1 FROM journal_stretch WHERE team = ?1 AND run = run.row)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, before.rawValue)
        try statement.run()
        knownRun = nil
    }
}
