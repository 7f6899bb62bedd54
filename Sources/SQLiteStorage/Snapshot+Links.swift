import SCIM

extension ConnectionReading {
    func link(of row: RowID, source: SourceID, team: TeamID) throws -> SourceLink? {
        guard try has(source, team: team) else { return nil }
        // Which type the row is decides where its link is; there are three.
        let statement = try connection.statement("SELECT digests FROM link WHERE key = ?1 OR key = ?2 OR key = ?3")
        defer { statement.release() }
        for (index, type) in ResourceType.allCases.enumerated() {
            statement.bind(Int32(index + 1), LinkKey(source: source, type: type, row: row).rawValue)
        }
        guard try statement.step(), let digests = statement.digests(0) else { return nil }
        return SourceLink(source: source, anchor: digests.anchor, fingerprint: digests.fingerprint)
    }

    func links(of row: RowID, team: TeamID) throws -> [SourceLink] {
        try sources(team: team).compactMap { try link(of: row, source: $0.id, team: team) }
    }

    func eachLink(_ type: ResourceType, source: SourceID, team: TeamID, _ body: (LinkRow) throws -> Void) throws {
        guard try has(source, team: team) else { return }
        let statement = try connection.statement(
            "SELECT key, active, digests FROM link WHERE key BETWEEN ?1 AND ?2 ORDER BY key")
        defer { statement.release() }
        let range = LinkKey.range(source, type)
        statement.bind(1, range.lowerBound)
        statement.bind(2, range.upperBound)
        while try statement.step() {
            guard let digests = statement.digests(2) else {
                throw StoreError.unreadable(detail: "A link in the roster database is not whole.")
            }
            try body(
                LinkRow(
                    row: RowID(rawValue: statement.integer(0) & LinkKey.rowMask), anchor: digests.anchor,
                    fingerprint: digests.fingerprint, active: statement.boolean(1)))
        }
    }

    func has(_ source: SourceID, team: TeamID) throws(StoreError) -> Bool {
        let statement = try connection.statement("SELECT 1 FROM source WHERE id = ?1 AND team = ?2")
        defer { statement.release() }
        statement.bind(1, source.rawValue)
        statement.bind(2, team.rawValue)
        return try statement.step()
    }

    func activeUsersByDomain(source: SourceID, team: TeamID) throws -> [String: Int] {
        guard try has(source, team: team) else { return [:] }
        let statement = try connection.statement(
            """
            SELECT coalesce(email_key, name_key) FROM link CROSS JOIN resource ON resource.row = link.key & ?3
            WHERE link.key BETWEEN ?1 AND ?2 AND link.active = 1
            """)
        defer { statement.release() }
        let range = LinkKey.range(source, .user)
        statement.bind(1, range.lowerBound)
        statement.bind(2, range.upperBound)
        statement.bind(3, LinkKey.rowMask)
        // Not by GROUP BY: SQLite would sort a million addresses for a handful of domains.
        var counts: [String: Int] = [:]
        while try statement.step() {
            let address = statement.bytes(0)
            guard let at = address.firstIndex(of: UInt8(ascii: "@")) else { continue }
            counts[String(decoding: address[(at + 1)...], as: UTF8.self), default: 0] += 1
        }
        return counts
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
                    SELECT other.row FROM source CROSS JOIN link AS other
                        ON other.key BETWEEN (source.id << 40) + (?2 << 38) AND (source.id << 40) + (?2 + 1 << 38) - 1
                    WHERE source.team = ?1 AND source.id <> ?3 AND other.active = 1
                        AND NOT EXISTS (
                            SELECT 1 FROM link AS own WHERE own.key = (?3 << 40) + (?2 << 38) + other.row)
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
            WHERE team = ?1 AND type = +?2 AND active = 1 ORDER BY row LIMIT ?3
            """)
        defer { statement.release() }
        statement.bind(3, min(limit, try counts(source: nil, team: team).activeUsers))
        return try resources(.user, team: team, statement)
    }
}
