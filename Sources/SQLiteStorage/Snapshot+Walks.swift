import SCIM

/// Walks along an index: what is passed over at the beginning is not read.
extension ConnectionReading {
    func resources(
        _ type: ResourceType, along walk: StoredWalk, skipping skipped: Int, limit: Int, team: TeamID
    ) throws -> [StoredResource] {
        let statement = try connection.statement(sql(walk))
        defer { statement.release() }
        switch walk {
        case .creation(let row): statement.bind(3, row?.rawValue ?? Int64.min)
        case .latest(let row): statement.bind(3, row?.rawValue ?? Int64.max)
        case .names(let name): statement.bind(3, text: name ?? "")
        // Every text comes before every blob.
        case .namesBackwards(let name):
            if let name { statement.bind(3, text: name) } else { statement.bind(3, blob: [UInt8]()) }
        }
        statement.bind(4, max(0, limit))
        statement.bind(5, max(0, skipped))
        return try resources(type, team: team, statement)
    }

    private func sql(_ walk: StoredWalk) -> StaticString {
        switch walk {
        case .creation:
            """
            SELECT row, id, version, created, modified, body FROM resource INDEXED BY resource_in_order
            WHERE team = ?1 AND type = +?2 AND row > ?3 ORDER BY row LIMIT ?4 OFFSET ?5
            """
        case .latest:
            """
            SELECT row, id, version, created, modified, body FROM resource INDEXED BY resource_in_order
            WHERE team = ?1 AND type = +?2 AND row < ?3 ORDER BY row DESC LIMIT ?4 OFFSET ?5
            """
        case .names:
            """
            SELECT row, id, version, created, modified, body FROM resource INDEXED BY resource_by_name
            WHERE team = ?1 AND type = +?2 AND name_key > ?3 ORDER BY name_key LIMIT ?4 OFFSET ?5
            """
        case .namesBackwards:
            """
            SELECT row, id, version, created, modified, body FROM resource INDEXED BY resource_by_name
            WHERE team = ?1 AND type = +?2 AND name_key < ?3 ORDER BY name_key DESC LIMIT ?4 OFFSET ?5
            """
        }
    }
}
