import SCIM

extension Transaction {
    func createTeam(named name: String, at: Timestamp) throws -> Team {
        let statement = try connection.statement("INSERT INTO team (name, created) VALUES (?1, ?2)")
        defer { statement.release() }
        statement.bind(1, text: name)
        statement.bind(2, at.rawValue)
        try statement.run()
        return Team(id: TeamID(rawValue: connection.lastInsertedRow), name: name, created: at)
    }

    func removeTeam(_ team: TeamID) throws {
        // Counts of other teams are in memory too: they are written before everything remembered is dropped.
        try settle()
        let sources = try knownSources(team: team)
        let stretches = try stretches(team: team, run: nil)
        try afterFirstWrite { () throws(StoreError) in
            for source in sources { try remove(LinkKey.range(source), "DELETE FROM link WHERE key BETWEEN ?1 AND ?2") }
            // What refers to the team goes with it; the journal lets go of its entries once the team is gone.
            try removeRow(of: team)
            for stretch in stretches {
                try remove(stretch.first...stretch.last, "DELETE FROM journal WHERE position BETWEEN ?1 AND ?2")
            }
            try forgetLostNames()
        }
        knownSources = nil
        knownRun = nil
        deactivated.removeAll()
    }

    private func removeRow(of team: TeamID) throws(StoreError) {
        let statement = try connection.statement("DELETE FROM team WHERE id = ?1")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        try statement.run()
        guard connection.changedRows == 1 else { throw StoreError.constraint(detail: "There is no such team.") }
    }

    private func remove(_ range: ClosedRange<Int64>, _ sql: StaticString) throws(StoreError) {
        let statement = try connection.statement(sql)
        defer { statement.release() }
        statement.bind(1, range.lowerBound)
        statement.bind(2, range.upperBound)
        try statement.run()
    }

    func setPrivacyKey(_ key: [UInt8], team: TeamID) throws {
        let statement = try connection.statement("INSERT INTO privacy_key (team, key) VALUES (?1, ?2)")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, blob: key)
        try statement.run()
    }

    func makeSource(named name: String, team: TeamID) throws -> Source {
        if let known = try source(named: name, team: team) { return known }
        let statement = try connection.statement("INSERT INTO source (team, name) VALUES (?1, ?2)")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, text: name)
        try statement.run()
        knownSources = nil
        return Source(id: SourceID(rawValue: connection.lastInsertedRow), name: name, lastApplied: nil)
    }

    func setLastApplied(_ applied: Source.Applied, source: SourceID, team: TeamID) throws {
        let statement = try connection.statement(
            """
            UPDATE source SET applied_at = ?3, applied_records = ?4, applied_fingerprint = ?5,
                applied_export_date = ?6
            WHERE team = ?1 AND id = ?2
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, source.rawValue)
        statement.bind(3, applied.at.rawValue)
        statement.bind(4, applied.records)
        statement.bind(5, text: applied.fingerprint)
        statement.bind(6, applied.exportDate?.rawValue)
        try statement.run()
        guard connection.changedRows == 1 else { throw StoreError.constraint(detail: "The team has no such source.") }
    }
}
