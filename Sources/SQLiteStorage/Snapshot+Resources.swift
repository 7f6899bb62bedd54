import SCIM

/// In all of these the type is `+?`, not `?`: beside an index that is for one type only, SQLite would prepare the
/// statement again each time that a bare parameter gets a value, to see whether that index serves.
extension ConnectionReading {
    func resource(_ type: ResourceType, id: ResourceID, team: TeamID) throws -> StoredResource? {
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource
            WHERE id = ?3 AND team = ?1 AND type = +?2
            """)
        defer { statement.release() }
        statement.bind(3, id)
        return try resources(type, team: team, statement).first
    }

    func resource(_ type: ResourceType, row: RowID, team: TeamID) throws -> StoredResource? {
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource
            WHERE row = ?3 AND team = ?1 AND type = +?2
            """)
        defer { statement.release() }
        statement.bind(3, row.rawValue)
        return try resources(type, team: team, statement).first
    }

    func resource(_ type: ResourceType, name: String, team: TeamID) throws -> StoredResource? {
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource
            WHERE team = ?1 AND type = +?2 AND name_key = ?3
            """)
        defer { statement.release() }
        statement.bind(3, text: name)
        return try resources(type, team: team, statement).first
    }

    func row(_ type: ResourceType, id: ResourceID, team: TeamID) throws -> RowID? {
        let statement = try connection.statement(
            "SELECT row FROM resource WHERE id = ?3 AND team = ?1 AND type = +?2")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        statement.bind(3, id)
        return try statement.step() ? RowID(rawValue: statement.integer(0)) : nil
    }

    func row(_ type: ResourceType, name: String, team: TeamID) throws -> RowID? {
        let statement = try connection.statement(
            "SELECT row FROM resource WHERE team = ?1 AND type = +?2 AND name_key = ?3")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        statement.bind(3, text: name)
        return try statement.step() ? RowID(rawValue: statement.integer(0)) : nil
    }

    func rows(_ type: ResourceType, externalID: String, team: TeamID) throws -> [RowID] {
        let statement = try connection.statement(
            "SELECT row FROM resource WHERE team = ?1 AND type = +?2 AND external_id = ?3 ORDER BY row")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        statement.bind(3, text: externalID)
        return try rows(statement)
    }

    func id(_ type: ResourceType, row: RowID, team: TeamID) throws -> ResourceID? {
        let statement = try connection.statement(
            "SELECT id FROM resource WHERE row = ?3 AND team = ?1 AND type = +?2")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        statement.bind(3, row.rawValue)
        return try statement.step() ? statement.resourceID(0) : nil
    }

    func resources(_ type: ResourceType, externalID: String, team: TeamID) throws -> [StoredResource] {
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource
            WHERE team = ?1 AND type = +?2 AND external_id = ?3 ORDER BY row
            """)
        defer { statement.release() }
        statement.bind(3, text: externalID)
        return try resources(type, team: team, statement)
    }

    func users(email: String, team: TeamID) throws -> [StoredResource] {
        // Two halves, as the indexes are: those who sign in with the address, and those who do not. A name is unique,
        // so the first half is one row at most and the sort is of a few.
        let statement = try connection.statement(
            """
            SELECT row, id, version, created, modified, body FROM resource
            WHERE team = ?1 AND type = +?2 AND name_key = ?3 AND email_key = ?3
            UNION ALL
            SELECT row, id, version, created, modified, body FROM resource INDEXED BY user_by_email
            WHERE team = ?1 AND type = 1 AND email_key = ?3 AND email_key IS NOT NULL AND email_key IS NOT name_key
            ORDER BY row
            """)
        defer { statement.release() }
        statement.bind(3, text: email)
        return try resources(.user, team: team, statement)
    }

    func users(withAnyEmail key: String, team: TeamID) throws -> [RowID] {
        let statement = try connection.statement(
            """
            SELECT row FROM resource WHERE team = ?1 AND type = 1 AND name_key = ?2 AND email_key = ?2
            UNION
            SELECT row FROM resource INDEXED BY user_by_email
            WHERE team = ?1 AND type = 1 AND email_key = ?2 AND email_key IS NOT NULL AND email_key IS NOT name_key
            UNION
            SELECT resource.row FROM other_email CROSS JOIN resource ON resource.row = other_email.row
            WHERE other_email.key = ?2 AND resource.team = ?1
            ORDER BY row
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, text: key)
        return try rows(statement)
    }

    func activeAdmins(team: TeamID) throws -> [RowID] {
        let statement = try connection.statement(
            "SELECT row FROM resource INDEXED BY active_admin WHERE team = ?1 AND type = 1 AND active = 1 AND admin = 1 ORDER BY row"
        )
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        return try rows(statement)
    }

    func rows(_ statement: Statement) throws -> [RowID] {
        var rows: [RowID] = []
        while try statement.step() { rows.append(RowID(rawValue: statement.integer(0))) }
        return rows
    }

    /// Rows of `row, id, version, created, modified, body`, with the team and type bound as the first parameters.
    func resources(_ type: ResourceType, team: TeamID, _ statement: Statement) throws -> [StoredResource] {
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        var found: [StoredResource] = []
        while try statement.step() {
            guard let attributes = AttributesJSON.decode(statement.bytes(5)) else {
                throw StoreError.unreadable(detail: "A resource in the roster database is not valid JSON.")
            }
            found.append(
                StoredResource(
                    row: RowID(rawValue: statement.integer(0)),
                    resource: Resource(
                        type: type, id: statement.resourceID(1), attributes: attributes,
                        created: Timestamp(rawValue: statement.integer(3)),
                        lastModified: Timestamp(rawValue: statement.integer(4)), version: statement.integer(2))))
        }
        return found
    }
}
