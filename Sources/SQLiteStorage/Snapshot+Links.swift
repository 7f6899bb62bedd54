import SCIM

extension ConnectionReading {
    func link(of row: RowID, source: SourceID, team: TeamID) throws -> SourceLink? {
        let statement = try connection.statement(
            """
            SELECT anchor, fingerprint FROM link WHERE source = ?2 AND row = ?3
                AND EXISTS (SELECT 1 FROM source WHERE id = ?2 AND team = ?1)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, source.rawValue)
        statement.bind(3, row.rawValue)
        guard try statement.step(), let anchor = statement.digest(0) else { return nil }
        return SourceLink(source: source, anchor: anchor, fingerprint: statement.digest(1))
    }

    func eachLink(_ type: ResourceType, source: SourceID, team: TeamID, _ body: (LinkRow) throws -> Void) throws {
        // The team is asked once, not once a row: SQLite takes the subquery, which depends on no row, out of the loop.
        let statement = try connection.statement(
            """
            SELECT row, active, anchor, fingerprint FROM link WHERE source = ?2 AND type = ?3
                AND EXISTS (SELECT 1 FROM source WHERE id = ?2 AND team = ?1)
            ORDER BY row
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, source.rawValue)
        statement.bind(3, type.rawValue)
        while try statement.step() {
            guard let anchor = statement.digest(2) else { continue }
            try body(
                LinkRow(
                    row: RowID(rawValue: statement.integer(0)), anchor: anchor, fingerprint: statement.digest(3),
                    active: statement.boolean(1)))
        }
    }

    func unmanagedUsers(source: SourceID?, limit: Int, team: TeamID) throws -> [StoredResource] {
        guard limit > 0 else { return [] }
        guard let source else { return try activeUsers(limit: limit, team: team) }
        // Those with no link at all are in an index of their own, empty in a team that is managed as a whole. The rest
        // are other sources' people, if the team has other sources.
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource WHERE row IN (
                SELECT row FROM (
                    SELECT row FROM resource INDEXED BY active_user_without_link
                    WHERE team = ?1 AND type = 1 AND active = 1 AND links = 0
                    UNION
                    SELECT other.row FROM source JOIN link AS other ON other.source = source.id
                    WHERE source.team = ?1 AND source.id <> ?3 AND other.type = ?2 AND other.active = 1
                        AND NOT EXISTS (SELECT 1 FROM link AS own WHERE own.source = ?3 AND own.row = other.row)
                    ORDER BY row LIMIT ?4))
            ORDER BY row
            """)
        defer { statement.release() }
        statement.bind(3, source.rawValue)
        statement.bind(4, limit)
        return try resources(.user, team: team, statement)
    }

    /// By row, ascending. Walks the team's users in order and stops with the last active one that the count promises.
    private func activeUsers(limit: Int, team: TeamID) throws -> [StoredResource] {
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource
            WHERE team = ?1 AND type = ?2 AND active = 1 ORDER BY row LIMIT ?3
            """)
        defer { statement.release() }
        statement.bind(3, min(limit, try counts(source: nil, team: team).activeUsers))
        return try resources(.user, team: team, statement)
    }
}
