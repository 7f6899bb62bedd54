import SCIM

/// When a team's people were deactivated by runs.
struct DeactivationMoment: Hashable {
    var team: TeamID
    var at: Timestamp
}

extension ConnectionReading {
    func deactivations(since: Timestamp, team: TeamID) throws -> Int {
        try settle()
        let statement = try connection.statement(
            "SELECT ifnull(sum(users), 0) FROM deactivation WHERE team = ?1 AND at >= ?2")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, since.rawValue)
        return try statement.step() ? Int(statement.integer(0)) : 0
    }
}

extension Transaction {
    /// Counts somebody whom ``update(_:to:keys:link:team:)`` has just deactivated, if the entry names a run.
    func countDeactivation(_ entry: JournalEntry, team: TeamID) {
        guard !deactivated.isEmpty, entry.type == .user, deactivated.remove(entry.id) != nil, entry.run != nil
        else { return }
        deactivations[DeactivationMoment(team: team, at: entry.at), default: 0] += 1
    }

    func saveDeactivations() throws(StoreError) {
        for (moment, users) in deactivations {
            let statement = try connection.statement(
                """
                INSERT INTO deactivation (team, at, users) VALUES (?1, ?2, ?3)
                ON CONFLICT (team, at) DO UPDATE SET users = users + ?3
                """)
            defer { statement.release() }
            statement.bind(1, moment.team.rawValue)
            statement.bind(2, moment.at.rawValue)
            statement.bind(3, users)
            try statement.run()
        }
        deactivations.removeAll(keepingCapacity: true)
    }
}
