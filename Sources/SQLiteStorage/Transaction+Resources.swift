import SCIM

extension Transaction {
    func insert(
        _ resource: Resource, body: [UInt8], keys: ResourceKeys, link: SourceLink?, team: TeamID
    ) throws -> RowID {
        if let link { try check(link.source, team: team) }
        let statement = try connection.statement(
            """
            INSERT INTO resource
                (team, type, id, version, active, admin, links, created, modified, name_key, external_id, email_key,
                 body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, resource.type.rawValue)
        statement.bind(3, resource.id)
        statement.bind(4, resource.version)
        statement.bind(5, keys.active)
        statement.bind(6, keys.isAdmin)
        statement.bind(7, link == nil ? 0 : 1)
        statement.bind(8, resource.created.rawValue)
        statement.bind(9, resource.lastModified.rawValue)
        statement.bind(10, text: keys.name)
        statement.bind(11, text: keys.externalID)
        statement.bind(12, text: keys.email)
        body.withUnsafeBytes { statement.bind(13, text: $0) }
        try statement.run()

        let row = RowID(rawValue: connection.lastInsertedRow)
        noteName(keys.name, of: row)
        count(resource.type, active: keys.active, admin: keys.isAdmin, by: 1, team: team)
        try afterFirstWrite { () throws(StoreError) in
            try insertOtherEmails(keys.otherEmails, of: row)
            if let link { try insert(link, of: row, type: resource.type, active: keys.active) }
        }
        return row
    }

    func update(
        _ row: RowID, to resource: Resource, body: [UInt8], keys: ResourceKeys, link: SourceLink?, team: TeamID
    ) throws {
        if let link { try check(link.source, team: team) }
        let old = try stored(row, team: team, comparing: keys)
        guard old.type == resource.type, old.id == resource.id else {
            throw StoreError.constraint(detail: "A resource keeps its type and id for life.")
        }
        // Every index that an UPDATE names is rewritten, changed or not: so name them only when a key changes.
        if !old.hasSameKeys {
            try updateAll(row, to: resource, body, keys)
        } else if old.active != keys.active || old.admin != keys.isAdmin {
            try updateStanding(row, to: resource, body, keys)
        } else {
            try updateBody(row, to: resource, body)
        }
        noteName(keys.name, of: row)
        if old.active != keys.active || old.admin != keys.isAdmin {
            count(old.type, active: old.active, admin: old.admin, by: -1, team: team)
            count(old.type, active: keys.active, admin: keys.isAdmin, by: 1, team: team)
        }
        if old.type == .user && old.active && !keys.active { deactivated.insert(old.id) }
        try afterFirstWrite { () throws(StoreError) in
            if old.type == .user { try updateOtherEmails(keys.otherEmails, of: row) }
            try updateLinks(of: row, type: old.type, active: keys.active, setting: link, team: team)
        }
    }

    private func updateBody(_ row: RowID, to resource: Resource, _ body: [UInt8]) throws(StoreError) {
        try update(
            row, to: resource, body,
            "UPDATE resource SET version = ?2, created = ?3, modified = ?4, body = ?5 WHERE row = ?1")
    }

    /// Somebody who leaves, comes back or changes roles under the same name: most of a night's leavers.
    private func updateStanding(
        _ row: RowID, to resource: Resource, _ body: [UInt8], _ keys: ResourceKeys
    ) throws(StoreError) {
        try update(
            row, to: resource, body,
            """
            UPDATE resource SET version = ?2, created = ?3, modified = ?4, body = ?5, active = ?6, admin = ?7
            WHERE row = ?1
            """
        ) { statement in
            statement.bind(6, keys.active)
            statement.bind(7, keys.isAdmin)
        }
    }

    private func updateAll(
        _ row: RowID, to resource: Resource, _ body: [UInt8], _ keys: ResourceKeys
    ) throws(StoreError) {
        try update(
            row, to: resource, body,
            """
            UPDATE resource SET version = ?2, created = ?3, modified = ?4, body = ?5, active = ?6, admin = ?7,
                name_key = ?8, external_id = ?9, email_key = ?10
            WHERE row = ?1
            """
        ) { statement in
            statement.bind(6, keys.active)
            statement.bind(7, keys.isAdmin)
            statement.bind(8, text: keys.name)
            statement.bind(9, text: keys.externalID)
            statement.bind(10, text: keys.email)
        }
    }

    /// Runs `sql`, whose first five parameters are what every change sets; `bind` gives the others.
    private func update(
        _ row: RowID, to resource: Resource, _ body: [UInt8], _ sql: StaticString, bind: (Statement) -> Void = { _ in }
    ) throws(StoreError) {
        let statement = try connection.statement(sql)
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        statement.bind(2, resource.version)
        statement.bind(3, resource.created.rawValue)
        statement.bind(4, resource.lastModified.rawValue)
        body.withUnsafeBytes { statement.bind(5, text: $0) }
        bind(statement)
        try statement.run()
    }

    func releaseName(of row: RowID, team: TeamID) throws {
        let statement = try connection.statement("UPDATE resource SET name_key = NULL WHERE row = ?1 AND team = ?2")
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        statement.bind(2, team.rawValue)
        try statement.run()
        guard connection.changedRows == 1 else { throw Self.noSuchRow }
        noteName(nil, of: row)
    }

    func delete(_ row: RowID, team: TeamID) throws {
        let old = try stored(row, team: team, comparing: nil)
        try afterFirstWrite { () throws(StoreError) in
            try removeLinks(of: row, type: old.type, team: team)
            let statement = try connection.statement("DELETE FROM resource WHERE row = ?1")
            defer { statement.release() }
            statement.bind(1, row.rawValue)
            try statement.run()
        }
        forgetName(of: row)
        count(old.type, active: old.active, admin: old.admin, by: -1, team: team)
    }

    // MARK: What is there

    /// What a change needs to know of the row that it changes.
    struct StoredRow {
        var type: ResourceType
        var id: ResourceID
        var active: Bool
        var admin: Bool
        /// Name, externalId and e-mail, as those it was compared with.
        var hasSameKeys: Bool
    }

    /// Throws when the team has no such row.
    func stored(_ row: RowID, team: TeamID, comparing keys: ResourceKeys?) throws(StoreError) -> StoredRow {
        let statement = try connection.statement(
            """
            SELECT type, id, active, admin, name_key, external_id, email_key FROM resource
            WHERE row = ?1 AND team = ?2
            """)
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        statement.bind(2, team.rawValue)
        guard try statement.step(), let type = ResourceType(rawValue: Int(statement.integer(0))) else {
            throw Self.noSuchRow
        }
        let active = statement.boolean(2)
        let admin = statement.boolean(3)
        let hasSameKeys =
            if let keys {
                statement.holds(4, keys.name) && statement.holds(5, keys.externalID) && statement.holds(6, keys.email)
            } else {
                false
            }
        return StoredRow(
            type: type, id: statement.resourceID(1), active: active, admin: admin, hasSameKeys: hasSameKeys)
    }

    static var noSuchRow: StoreError { .constraint(detail: "The team has no such resource.") }
}
