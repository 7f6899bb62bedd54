import SCIM

/// Journal entries that follow each other and are one team's and one run's.
struct Stretch {
    var team: TeamID
    /// The run's number inside the database.
    var run: Int64?
    var first: Int64
    var last: Int64

    var count: Int { Int(last - first) + 1 }
}

extension Transaction {
    /// Counts the entry just written at `position` to the stretch that grows in memory, or begins another.
    func extendStretch(to position: Int64, team: TeamID, run: Int64?) throws(StoreError) {
        if let stretch {
            if stretch.team == team && stretch.run == run && stretch.last + 1 == position {
                self.stretch?.last = position
                return
            }
            try save(stretch)
        }
        stretch = Stretch(team: team, run: run, first: position, last: position)
    }

    /// Writes it down: as the continuation of the last one there, if it is that.
    func save(_ stretch: Stretch) throws(StoreError) {
        let extend = try connection.statement(
            """
            UPDATE journal_stretch SET last = ?2
            WHERE first = (SELECT max(first) FROM journal_stretch) AND last = ?1 - 1 AND team = ?3 AND run IS ?4
            """)
        try write(stretch, extend)
        if connection.changedRows == 0 {
            let insert = try connection.statement(
                "INSERT INTO journal_stretch (first, last, team, run) VALUES (?1, ?2, ?3, ?4)")
            try write(stretch, insert)
        }
    }

    private func write(_ stretch: Stretch, _ statement: Statement) throws(StoreError) {
        defer { statement.release() }
        statement.bind(1, stretch.first)
        statement.bind(2, stretch.last)
        statement.bind(3, stretch.team.rawValue)
        statement.bind(4, stretch.run)
        try statement.run()
    }
}
