import SCIM

extension Transaction {
    func setLink(_ link: SourceLink, of row: RowID, active: Bool, team: TeamID) throws {
        try check(link.source, team: team)
        let resource = try stored(row, team: team, comparing: nil)
        guard resource.active == active else {
            throw StoreError.constraint(detail: "A link is active when its resource is, and only then.")
        }
        let isNew = try !links(of: row).contains { $0.source == link.source }
        try afterFirstWrite { () throws(StoreError) in
            if isNew {
                try add(link, of: row, type: resource.type, active: active)
            } else {
                try replace(link, of: row, active: active)
            }
        }
    }

    /// Brings the links of a resource that was just changed in step with it, and sets `link`.
    func updateLinks(
        of row: RowID, type: ResourceType, active: Bool, setting link: SourceLink?
    ) throws(StoreError) {
        var isNew = link != nil
        for old in try links(of: row) {
            if old.active != active && type == .user { countManagedActive(by: active ? 1 : -1, source: old.source) }
            if let link, link.source == old.source {
                isNew = false
                try replace(link, of: row, active: active)
            } else if old.active != active || old.hasFingerprint {
                try clearFingerprint(source: old.source, row: row, active: active)
            }
        }
        if let link, isNew { try add(link, of: row, type: type, active: active) }
    }

    struct StoredLink {
        var source: SourceID
        var active: Bool
        var hasFingerprint: Bool
    }

    func links(of row: RowID) throws(StoreError) -> [StoredLink] {
        let statement = try connection.statement(
            "SELECT source, active, fingerprint IS NOT NULL FROM link WHERE row = ?1")
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        var links: [StoredLink] = []
        while try statement.step() {
            links.append(
                StoredLink(
                    source: SourceID(rawValue: statement.integer(0)), active: statement.boolean(1),
                    hasFingerprint: statement.boolean(2)))
        }
        return links
    }

    /// A link of a resource whose own row already counts it.
    func insert(_ link: SourceLink, of row: RowID, type: ResourceType, active: Bool) throws(StoreError) {
        let statement = try connection.statement(
            "INSERT INTO link (source, row, type, active, anchor, fingerprint) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        defer { statement.release() }
        statement.bind(1, link.source.rawValue)
        statement.bind(2, row.rawValue)
        statement.bind(3, type.rawValue)
        statement.bind(4, active)
        statement.bind(5, link.anchor)
        statement.bind(6, link.fingerprint)
        try statement.run()
        if active && type == .user { countManagedActive(by: 1, source: link.source) }
    }

    private func add(_ link: SourceLink, of row: RowID, type: ResourceType, active: Bool) throws(StoreError) {
        try insert(link, of: row, type: type, active: active)
        let statement = try connection.statement("UPDATE resource SET links = links + 1 WHERE row = ?1")
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        try statement.run()
    }

    private func replace(_ link: SourceLink, of row: RowID, active: Bool) throws(StoreError) {
        let statement = try connection.statement(
            "UPDATE link SET active = ?3, anchor = ?4, fingerprint = ?5 WHERE source = ?1 AND row = ?2")
        defer { statement.release() }
        statement.bind(1, link.source.rawValue)
        statement.bind(2, row.rawValue)
        statement.bind(3, active)
        statement.bind(4, link.anchor)
        statement.bind(5, link.fingerprint)
        try statement.run()
    }

    private func clearFingerprint(source: SourceID, row: RowID, active: Bool) throws(StoreError) {
        let statement = try connection.statement(
            "UPDATE link SET active = ?3, fingerprint = NULL WHERE source = ?1 AND row = ?2")
        defer { statement.release() }
        statement.bind(1, source.rawValue)
        statement.bind(2, row.rawValue)
        statement.bind(3, active)
        try statement.run()
    }

    /// Throws when the team has no such source.
    func check(_ source: SourceID, team: TeamID) throws(StoreError) {
        if let knownSource, knownSource.source == source, knownSource.team == team { return }
        let statement = try connection.statement("SELECT 1 FROM source WHERE id = ?1 AND team = ?2")
        defer { statement.release() }
        statement.bind(1, source.rawValue)
        statement.bind(2, team.rawValue)
        guard try statement.step() else { throw StoreError.constraint(detail: "The team has no such source.") }
        knownSource = (source, team)
    }
}
