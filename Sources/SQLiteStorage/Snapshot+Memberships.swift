import SCIM

extension ConnectionReading {
    func members(of group: RowID, team: TeamID) throws -> [RowID] {
        let statement = try connection.statement(
            """
            SELECT user_row FROM membership WHERE group_row = ?2
                AND EXISTS (SELECT 1 FROM resource WHERE row = ?2 AND team = ?1 AND type = 2)
            ORDER BY user_row
            """)
        return try rows(statement, of: group, team)
    }

    func groups(of user: RowID, team: TeamID) throws -> [RowID] {
        let statement = try connection.statement(
            """
            SELECT group_row FROM membership WHERE user_row = ?2
                AND EXISTS (SELECT 1 FROM resource WHERE row = ?2 AND team = ?1 AND type = 1)
            ORDER BY group_row
            """)
        return try rows(statement, of: user, team)
    }

    func memberships(ofGroup group: RowID, team: TeamID) throws -> [ResourceJSON.Membership] {
        let statement = try connection.statement(
            """
            SELECT id, coalesce(json_extract(body, '$.displayName'), json_extract(body, '$.userName'))
            FROM membership CROSS JOIN resource ON resource.row = user_row
            WHERE group_row = ?2 AND team = ?1 ORDER BY user_row
            """)
        return try memberships(statement, of: group, team)
    }

    func memberships(ofUser user: RowID, team: TeamID) throws -> [ResourceJSON.Membership] {
        let statement = try connection.statement(
            """
            SELECT id, json_extract(body, '$.displayName')
            FROM membership CROSS JOIN resource ON resource.row = group_row
            WHERE user_row = ?2 AND team = ?1 ORDER BY group_row
            """)
        return try memberships(statement, of: user, team)
    }

    func memberCount(of group: RowID, upTo limit: Int, team: TeamID) throws -> Int {
        let statement = try connection.statement(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM membership WHERE group_row = ?2
                    AND EXISTS (SELECT 1 FROM resource WHERE row = ?2 AND team = ?1 AND type = 2)
                LIMIT ?3)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, group.rawValue)
        statement.bind(3, max(0, limit))
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    func firstMembership(of stored: StoredResource, team: TeamID) throws -> ResourceID? {
        let sql: StaticString =
            stored.resource.type == .group
            ? """
            SELECT id FROM membership CROSS JOIN resource ON resource.row = user_row
            WHERE group_row = ?2 AND team = ?1 ORDER BY user_row LIMIT 1
            """
            : """
            SELECT id FROM membership CROSS JOIN resource ON resource.row = group_row
            WHERE user_row = ?2 AND team = ?1 ORDER BY group_row LIMIT 1
            """
        let statement = try connection.statement(sql)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, stored.row.rawValue)
        return try statement.step() ? statement.resourceID(0) : nil
    }

    func isMember(_ user: RowID, of group: RowID, team: TeamID) throws -> Bool {
        let statement = try connection.statement(
            """
            SELECT 1 FROM membership WHERE group_row = ?2 AND user_row = ?3
                AND EXISTS (SELECT 1 FROM resource WHERE row = ?2 AND team = ?1)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, group.rawValue)
        statement.bind(3, user.rawValue)
        return try statement.step()
    }

    private func rows(_ statement: Statement, of row: RowID, _ team: TeamID) throws -> [RowID] {
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, row.rawValue)
        return try rows(statement)
    }

    private func memberships(
        _ statement: Statement, of row: RowID, _ team: TeamID
    ) throws -> [ResourceJSON.Membership] {
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, row.rawValue)
        var found: [ResourceJSON.Membership] = []
        while try statement.step() {
            found.append(.init(id: statement.resourceID(0), display: statement.optionalText(1)))
        }
        return found
    }
}
