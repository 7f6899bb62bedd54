import SCIM

/// The end of one team's chain as a transaction has it in memory.
struct GrowingChain {
    var team: TeamID
    var head: JournalHead
    /// After every entry of every team.
    var nextPosition: Int64
}

extension Transaction {
    func append(_ entry: JournalEntry, team: TeamID) throws {
        let run: Int64? = if let run = entry.run { try row(of: run, team: team) } else { nil }
        var growing = try chain(of: team)
        var entry = entry
        entry.position = growing.nextPosition
        chain.digest(of: entry, team: team, after: growing.head.digest, into: &digest)
        let statement = try connection.statement(
            """
            INSERT INTO journal (position, team, run, operation, type, id, version, at, digest, actor, before, after)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """)
        defer { statement.release() }
        statement.bind(entry, team: team, run: run, digest: digest)
        try statement.run()
        growing.head = JournalHead(entries: growing.head.entries + 1, position: entry.position, digest: digest)
        growing.nextPosition += 1
        self.growing = growing
        countDeactivation(entry, team: team)
        try afterFirstWrite { () throws(StoreError) in
            try extendStretch(to: entry.position, team: team, run: run)
        }
    }

    private func chain(of team: TeamID) throws(StoreError) -> GrowingChain {
        if let growing, growing.team == team { return growing }
        try afterFirstWrite { () throws(StoreError) in try saveChain() }
        let stored = try storedChain(team: team)
        let last = try connection.integer("SELECT ifnull(max(position), 0) FROM journal")
        return GrowingChain(team: team, head: stored.head, nextPosition: max(last, stored.head.position) + 1)
    }

    /// Writes down where the chain in memory ends.
    func saveChain() throws(StoreError) {
        guard let growing else { return }
        try connection.save(growing.head, team: growing.team)
        self.growing = nil
    }
}

extension Connection {
    /// Where a team's chain ends now.
    func save(_ head: JournalHead, team: TeamID) throws(StoreError) {
        let statement = try statement(
            """
            INSERT INTO journal_chain (team, entries, position, digest) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (team) DO UPDATE SET entries = ?2, position = ?3, digest = ?4
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, head.entries)
        statement.bind(3, head.position)
        statement.bind(4, blob: head.digest)
        try statement.run()
    }
}
