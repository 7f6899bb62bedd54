import SCIM

extension Transaction {
    func insert(_ token: TokenRecord) throws {
        let statement = try connection.statement(
            """
            INSERT INTO token (id, team, label, digest, created, expires, last_used, revoked, sso)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """)
        defer { statement.release() }
        bindChangeable(token, statement)
        statement.bind(4, blob: token.digest)
        statement.bind(5, token.created.rawValue)
        statement.bind(9, token.scopes.contains(.sso))
        try statement.run()
    }

    func update(_ token: TokenRecord) throws {
        let statement = try connection.statement(
            "UPDATE token SET label = ?3, expires = ?6, last_used = ?7, revoked = ?8 WHERE id = ?1 AND team = ?2")
        defer { statement.release() }
        bindChangeable(token, statement)
        try statement.run()
    }

    private func bindChangeable(_ token: TokenRecord, _ statement: Statement) {
        statement.bind(1, text: token.id.rawValue)
        statement.bind(2, token.team.rawValue)
        statement.bind(3, text: token.label)
        statement.bind(6, token.expires?.rawValue)
        statement.bind(7, token.lastUsed?.rawValue)
        statement.bind(8, token.revoked?.rawValue)
    }
}
