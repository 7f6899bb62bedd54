import SCIM

extension ConnectionReading {
    func journal(team: TeamID, run: RunID?, _ body: (JournalEntry) throws -> Void) throws {
        try settle()
        for stretch in try stretches(team: team, run: run) {
            let statement = try connection.statement(
                """
                SELECT journal.position, journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                    journal.version, journal.before, journal.after
                FROM journal LEFT JOIN run ON run.row = journal.run
                WHERE journal.position BETWEEN ?1 AND ?2 AND journal.team = ?3 ORDER BY journal.position
                """)
            defer { statement.release() }
            statement.bind(1, stretch.first)
            statement.bind(2, stretch.last)
            statement.bind(3, team.rawValue)
            while try statement.step() { try body(try statement.journalEntry()) }
        }
    }

    /// Goes back from the newest entry, as far as to the one that made the resource. No index by id: it would cost every
    /// write, and half a million entries are gone through in a sixth of a second.
    func journal(of id: ResourceID, limit: Int, team: TeamID) throws -> [JournalEntry] {
        try settle()
        var entries: [JournalEntry] = []
        for stretch in try stretches(team: team, run: nil).reversed() {
            let statement = try connection.statement(
                """
                SELECT journal.position, journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                    journal.version, journal.before, journal.after
                FROM journal LEFT JOIN run ON run.row = journal.run
                WHERE journal.position BETWEEN ?1 AND ?2 AND journal.team = ?3 AND journal.id = ?4
                ORDER BY journal.position DESC
                """)
            defer { statement.release() }
            statement.bind(1, stretch.first)
            statement.bind(2, stretch.last)
            statement.bind(3, team.rawValue)
            statement.bind(4, id)
            while entries.count < limit, entries.last?.operation != .create, try statement.step() {
                entries.append(try statement.journalEntry())
            }
            if entries.count >= limit || entries.last?.operation == .create { break }
        }
        return entries
    }

    /// Where a team's entries are, in order; of one run, or of all.
    func stretches(team: TeamID, run: RunID?) throws(StoreError) -> [Stretch] {
        let statement =
            if run == nil {
                try connection.statement("SELECT first, last, run FROM journal_stretch WHERE team = ?1 ORDER BY first")
            } else {
                try connection.statement(
                    """
                    SELECT first, last, run FROM journal_stretch
                    WHERE team = ?1 AND run = (SELECT row FROM run WHERE team = ?1 AND id = ?2) ORDER BY first
                    """)
            }
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        if let run { statement.bind(2, text: run.rawValue) }
        var stretches: [Stretch] = []
        while try statement.step() {
            stretches.append(
                Stretch(
                    team: team, run: statement.optionalInteger(2), first: statement.integer(0),
                    last: statement.integer(1)))
        }
        return stretches
    }

    func journalHead(team: TeamID) throws -> JournalHead {
        try settle()
        return try storedChain(team: team).head
    }

    func journalDigest(at position: Int64, team: TeamID) throws -> [UInt8]? {
        try settle()
        let statement = try connection.statement(
            """
            SELECT digest FROM journal WHERE position = ?1 AND team = ?2
            UNION ALL
            SELECT pruned_digest FROM journal_chain WHERE pruned_position = ?1 AND team = ?2 AND pruned_position > 0
            """)
        defer { statement.release() }
        statement.bind(1, position)
        statement.bind(2, team.rawValue)
        return try statement.step() ? statement.optionalBlob(0) : nil
    }

    func storedChain(team: TeamID) throws(StoreError) -> StoredChain {
        let statement = try connection.statement(
            "SELECT entries, position, digest, pruned_position, pruned_digest FROM journal_chain WHERE team = ?1")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        guard try statement.step() else { return StoredChain() }
        return StoredChain(
            head: JournalHead(
                entries: Int(statement.integer(0)), position: statement.integer(1), digest: [UInt8](statement.bytes(2))),
            prunedPosition: statement.integer(3), prunedDigest: [UInt8](statement.bytes(4)))
    }

    func verifyJournal(team: TeamID) throws -> JournalVerdict {
        try settle()
        let stored = try storedChain(team: team)
        var stretches = try stretches(team: team, run: nil)[...]
        var chain = JournalChain()
        var head = JournalHead(position: stored.prunedPosition, digest: stored.prunedDigest)
        let statement = try connection.statement(
            """
            SELECT journal.position, journal.operation, journal.type, journal.id, journal.actor, run.id, journal.at,
                journal.version, journal.before, journal.after, journal.run, journal.digest
            FROM journal LEFT JOIN run ON run.row = journal.run WHERE journal.team = ?1 ORDER BY journal.position
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        while try statement.step() {
            let position = statement.integer(0)
            // What no stretch tells of is not shown to anybody who reads the journal.
            while let stretch = stretches.first, stretch.last < position { stretches.removeFirst() }
            guard let stretch = stretches.first, stretch.first <= position,
                stretch.run == statement.optionalInteger(10), let entry = try? statement.journalEntry()
            else { return .broken(position: position) }
            let previous = head.digest
            chain.digest(of: entry, team: team, after: previous, into: &head.digest)
            guard statement.bytes(11).elementsEqual(head.digest) else { return .broken(position: position) }
            head.position = position
            head.entries += 1
        }
        guard head == stored.head else { return .broken(position: max(head.position + 1, stored.head.position)) }
        return .intact(head)
    }
}

/// One row of `journal_chain`: where a team's chain ends, and where what is kept of it begins.
struct StoredChain {
    var head = JournalHead()
    /// Of the entry pruned last; 0 and empty when none ever was.
    var prunedPosition: Int64 = 0
    var prunedDigest: [UInt8] = []
}
