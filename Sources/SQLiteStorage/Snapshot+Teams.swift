import SCIM

extension ConnectionReading {
    func team(named name: String) throws -> Team? {
        let statement = try connection.statement("SELECT id, name, created FROM team WHERE name = ?1")
        defer { statement.release() }
        statement.bind(1, text: name)
        return try statement.step() ? team(statement) : nil
    }

    func teams() throws -> [Team] {
        let statement = try connection.statement("SELECT id, name, created FROM team ORDER BY name")
        defer { statement.release() }
        var teams: [Team] = []
        while try statement.step() { teams.append(team(statement)) }
        return teams
    }

    private func team(_ statement: Statement) -> Team {
        Team(
            id: TeamID(rawValue: statement.integer(0)), name: statement.text(1),
            created: Timestamp(rawValue: statement.integer(2)))
    }

    func sealingKey() throws -> [UInt8] {
        let statement = try connection.statement("SELECT key FROM sealing")
        defer { statement.release() }
        guard try statement.step(), let key = statement.optionalBlob(0) else {
            throw StoreError.unreadable(detail: "The roster database has lost its sealing key.")
        }
        return key
    }

    func privacyKey(team: TeamID) throws -> [UInt8]? {
        let statement = try connection.statement("SELECT key FROM privacy_key WHERE team = ?1")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        return try statement.step() ? statement.optionalBlob(0) : nil
    }

    func teamHolding(entityID: String) throws -> TeamID? {
        let statement = try connection.statement(
            """
            SELECT team FROM resource INDEXED BY sso_connection_by_name WHERE type = 3 AND name_key = ?1
            ORDER BY team LIMIT 1
            """)
        defer { statement.release() }
        statement.bind(1, text: entityID)
        return try statement.step() ? TeamID(rawValue: statement.integer(0)) : nil
    }

    func domainsOfOtherTeams(_ domains: Set<String>, than team: TeamID) throws -> Set<String> {
        // A walk over everybody: asked only when nobody of an export is of the team.
        let statement = try connection.statement(
            """
            SELECT 1 FROM resource WHERE type = 1 AND active = 1 AND (team = ?1) = ?2
                AND substr(email_key, -length(?3)) = ?3 LIMIT 1
            """)
        defer { statement.release() }
        func isUsed(_ domain: String, here: Bool) throws -> Bool {
            statement.bind(1, team.rawValue)
            statement.bind(2, here)
            statement.bind(3, text: "@" + domain)
            let found = try statement.step()
            statement.release()
            return found
        }
        return try domains.filter { domain in
            guard try isUsed(domain, here: false) else { return false }
            return try !isUsed(domain, here: true)
        }
    }

    func source(named name: String, team: TeamID) throws -> Source? {
        let statement = try connection.statement(
            """
            SELECT id, name, applied_at, applied_records, applied_fingerprint, applied_export_date FROM source
            WHERE team = ?1 AND name = ?2
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, text: name)
        return try statement.step() ? source(statement) : nil
    }

    func sources(team: TeamID) throws -> [Source] {
        let statement = try connection.statement(
            """
            SELECT id, name, applied_at, applied_records, applied_fingerprint, applied_export_date FROM source
            WHERE team = ?1 ORDER BY id
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        var sources: [Source] = []
        while try statement.step() { sources.append(source(statement)) }
        return sources
    }

    private func source(_ statement: Statement) -> Source {
        let applied = statement.optionalInteger(2).map {
            Source.Applied(
                at: Timestamp(rawValue: $0), records: Int(statement.integer(3)), fingerprint: statement.text(4),
                exportDate: statement.optionalInteger(5).map(Timestamp.init(rawValue:)))
        }
        return Source(id: SourceID(rawValue: statement.integer(0)), name: statement.text(1), lastApplied: applied)
    }

    func count(_ type: ResourceType, team: TeamID) throws -> Int {
        try settle()
        return try tally(type, team: team).total
    }

    func counts(source: SourceID?, team: TeamID) throws -> RosterCounts {
        try settle()
        let users = try tally(.user, team: team)
        var counts = RosterCounts()
        counts.users = users.total
        counts.activeUsers = users.active
        counts.activeAdmins = users.admins
        counts.groups = try tally(.group, team: team).total
        if let source {
            let statement = try connection.statement("SELECT managed_active FROM source WHERE team = ?1 AND id = ?2")
            defer { statement.release() }
            statement.bind(1, team.rawValue)
            statement.bind(2, source.rawValue)
            if try statement.step() { counts.managedActive = Int(statement.integer(0)) }
        }
        return counts
    }

    private func tally(_ type: ResourceType, team: TeamID) throws -> Tally {
        let statement = try connection.statement(
            "SELECT total, active, admins FROM tally WHERE team = ?1 AND type = ?2")
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        guard try statement.step() else { return Tally() }
        return Tally(
            total: Int(statement.integer(0)), active: Int(statement.integer(1)), admins: Int(statement.integer(2)))
    }
}
