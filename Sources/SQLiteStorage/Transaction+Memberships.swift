import SCIM

extension Transaction {
    func addMembers(_ users: [RowID], to group: RowID, team: TeamID) throws -> [RowID] {
        // All are checked before the first is written, so that a refusal leaves nothing behind.
        try check(group, is: .group, team: team)
        for user in users { try check(user, is: .user, team: team) }
        return try afterFirstWrite { () throws(StoreError) in
            let statement = try connection.statement(
                "INSERT INTO membership (group_row, user_row) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            return try changed(users, of: group, statement)
        }
    }

    func removeMembers(_ users: [RowID], from group: RowID, team: TeamID) throws -> [RowID] {
        try check(group, is: .group, team: team)
        return try afterFirstWrite { () throws(StoreError) in
            let statement = try connection.statement("DELETE FROM membership WHERE group_row = ?1 AND user_row = ?2")
            return try changed(users, of: group, statement)
        }
    }

    /// The users for whom `statement` changed a row.
    private func changed(_ users: [RowID], of group: RowID, _ statement: Statement) throws(StoreError) -> [RowID] {
        defer { statement.release() }
        statement.bind(1, group.rawValue)
        var changed: [RowID] = []
        for user in users {
            statement.bind(2, user.rawValue)
            try statement.run()
            if connection.changedRows == 1 { changed.append(user) }
        }
        return changed
    }

    private func check(_ row: RowID, is type: ResourceType, team: TeamID) throws(StoreError) {
        let statement = try connection.statement(
            "SELECT 1 FROM resource WHERE row = ?1 AND team = ?2 AND type = +?3")
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        statement.bind(2, team.rawValue)
        statement.bind(3, type.rawValue)
        guard try statement.step() else { throw Self.noSuchRow }
    }
}
