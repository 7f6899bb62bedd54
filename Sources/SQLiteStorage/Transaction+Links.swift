import SCIM

extension Transaction {
    func setLink(_ link: SourceLink, of row: RowID, active: Bool, team: TeamID) throws {
        try check(link.source, team: team)
        let resource = try stored(row, team: team, comparing: nil)
        guard resource.active == active else {
            throw StoreError.constraint(detail: "A link is active when its resource is, and only then.")
        }
        let isNew = try self.link(of: row, type: resource.type, source: link.source) == nil
        try afterFirstWrite { () throws(StoreError) in
            if isNew {
                try add(link, of: row, type: resource.type, active: active)
            } else {
                try replace(link, of: row, type: resource.type, active: active)
            }
        }
    }

    func removeLink(of row: RowID, source: SourceID, team: TeamID) throws {
        try check(source, team: team)
        let resource = try stored(row, team: team, comparing: nil)
        guard let old = try link(of: row, type: resource.type, source: source) else { return }
        try remove(old, of: row, type: resource.type, source: source)
        try afterFirstWrite { () throws(StoreError) in
            let statement = try connection.statement("UPDATE resource SET links = links - 1 WHERE row = ?1")
            defer { statement.release() }
            statement.bind(1, row.rawValue)
            try statement.run()
        }
    }

    /// Brings the links of a resource that was just changed in step with it, and sets `link`.
    func updateLinks(
        of row: RowID, type: ResourceType, active: Bool, setting link: SourceLink?, team: TeamID
    ) throws(StoreError) {
        for source in try knownSources(team: team) {
            let old = try self.link(of: row, type: type, source: source)
            if let old, old.active != active, type == .user {
                countManagedActive(by: active ? 1 : -1, source: source)
            }
            if let link, link.source == source {
                if old == nil {
                    try add(link, of: row, type: type, active: active)
                } else {
                    try replace(link, of: row, type: type, active: active)
                }
            } else if let old, old.active != active || old.hasFingerprint {
                try clearFingerprint(source: source, row: row, type: type, active: active)
            }
        }
    }

    /// Of a resource that is about to go.
    func removeLinks(of row: RowID, type: ResourceType, team: TeamID) throws(StoreError) {
        for source in try knownSources(team: team) {
            if let old = try link(of: row, type: type, source: source) {
                try remove(old, of: row, type: type, source: source)
            }
        }
    }

    private func remove(
        _ old: StoredLink, of row: RowID, type: ResourceType, source: SourceID
    ) throws(StoreError) {
        let statement = try connection.statement("DELETE FROM link WHERE key = ?1")
        defer { statement.release() }
        statement.bind(1, LinkKey(source: source, type: type, row: row).rawValue)
        try statement.run()
        if old.active && type == .user { countManagedActive(by: -1, source: source) }
    }

    struct StoredLink {
        var active: Bool
        var hasFingerprint: Bool
    }

    private func link(of row: RowID, type: ResourceType, source: SourceID) throws(StoreError) -> StoredLink? {
        let statement = try connection.statement("SELECT active, length(digests) FROM link WHERE key = ?1")
        defer { statement.release() }
        statement.bind(1, LinkKey(source: source, type: type, row: row).rawValue)
        guard try statement.step() else { return nil }
        return StoredLink(active: statement.boolean(0), hasFingerprint: statement.integer(1) == 32)
    }

    /// A link of a resource whose own row already counts it.
    func insert(_ link: SourceLink, of row: RowID, type: ResourceType, active: Bool) throws(StoreError) {
        let statement = try connection.statement("INSERT INTO link (key, active, digests) VALUES (?1, ?2, ?3)")
        defer { statement.release() }
        statement.bind(1, LinkKey(source: link.source, type: type, row: row).rawValue)
        statement.bind(2, active)
        statement.bind(3, link)
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

    private func replace(_ link: SourceLink, of row: RowID, type: ResourceType, active: Bool) throws(StoreError) {
        let statement = try connection.statement("UPDATE link SET active = ?2, digests = ?3 WHERE key = ?1")
        defer { statement.release() }
        statement.bind(1, LinkKey(source: link.source, type: type, row: row).rawValue)
        statement.bind(2, active)
        statement.bind(3, link)
        try statement.run()
    }

    private func clearFingerprint(
        source: SourceID, row: RowID, type: ResourceType, active: Bool
    ) throws(StoreError) {
        let statement = try connection.statement(
            "UPDATE link SET active = ?2, digests = substr(digests, 1, 16) WHERE key = ?1")
        defer { statement.release() }
        statement.bind(1, LinkKey(source: source, type: type, row: row).rawValue)
        statement.bind(2, active)
        try statement.run()
    }

    /// Throws when the team has no such source.
    func check(_ source: SourceID, team: TeamID) throws(StoreError) {
        guard try knownSources(team: team).contains(source) else {
            throw StoreError.constraint(detail: "The team has no such source.")
        }
    }

    /// A team has a few, and a bulk load would ask for them with every row.
    func knownSources(team: TeamID) throws(StoreError) -> [SourceID] {
        if let knownSources, knownSources.team == team { return knownSources.sources }
        let statement = try connection.statement("SELECT id FROM source WHERE team = ?1 ORDER BY id")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        var sources: [SourceID] = []
        while try statement.step() { sources.append(SourceID(rawValue: statement.integer(0))) }
        knownSources = (team, sources)
        return sources
    }
}
