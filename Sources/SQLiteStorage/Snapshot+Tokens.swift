import SCIM

extension ConnectionReading {
    func token(_ id: TokenID) throws -> TokenRecord? {
        let statement = try connection.statement(
            "SELECT id, team, label, digest, created, expires, last_used, revoked, sso FROM token WHERE id = ?1")
        defer { statement.release() }
        statement.bind(1, text: id.rawValue)
        return try statement.step() ? token(statement) : nil
    }

    func tokens(team: TeamID) throws -> [TokenRecord] {
        let statement = try connection.statement(
            """
            SELECT id, team, label, digest, created, expires, last_used, revoked, sso FROM token WHERE team = ?1 ORDER BY row
            """)
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        var tokens: [TokenRecord] = []
        while try statement.step() { tokens.append(token(statement)) }
        return tokens
    }

    private func token(_ statement: Statement) -> TokenRecord {
        TokenRecord(
            id: TokenID(rawValue: statement.text(0)), team: TeamID(rawValue: statement.integer(1)),
            label: statement.text(2), digest: [UInt8](statement.bytes(3)),
            scopes: statement.boolean(8) ? [.sso] : [],
            created: Timestamp(rawValue: statement.integer(4)),
            expires: statement.optionalInteger(5).map(Timestamp.init(rawValue:)),
            lastUsed: statement.optionalInteger(6).map(Timestamp.init(rawValue:)),
            revoked: statement.optionalInteger(7).map(Timestamp.init(rawValue:)))
    }
}
