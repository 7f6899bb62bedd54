import SCIM

/// The index of addresses that are not the primary one.
extension Transaction {
    func insertOtherEmails(_ keys: [String], of row: RowID) throws(StoreError) {
        if keys.isEmpty { return }
        let statement = try connection.statement(
            "INSERT INTO other_email (key, row) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        defer { statement.release() }
        statement.bind(2, row.rawValue)
        for key in keys {
            statement.bind(1, text: key)
            try statement.run()
        }
    }

    /// Writes only when they differ, which is rare.
    func updateOtherEmails(_ keys: [String], of row: RowID) throws(StoreError) {
        if try otherEmails(of: row) == Set(keys) { return }
        let statement = try connection.statement("DELETE FROM other_email WHERE row = ?1")
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        try statement.run()
        try insertOtherEmails(keys, of: row)
    }

    private func otherEmails(of row: RowID) throws(StoreError) -> Set<String> {
        let statement = try connection.statement("SELECT key FROM other_email WHERE row = ?1")
        defer { statement.release() }
        statement.bind(1, row.rawValue)
        var keys: Set<String> = []
        while try statement.step() { keys.insert(statement.text(0)) }
        return keys
    }
}
