import SCIM

extension ConnectionReading {
    func absences(source: SourceID, team: TeamID) throws -> [RowID: Absence] {
        guard try has(source, team: team) else { return [:] }
        let statement = try connection.statement(
            "SELECT row, since, snapshots, last_export FROM absence WHERE source = ?1")
        defer { statement.release() }
        statement.bind(1, source.rawValue)
        var absences: [RowID: Absence] = [:]
        while try statement.step() {
            absences[RowID(rawValue: statement.integer(0))] = Absence(
                since: Timestamp(rawValue: statement.integer(1)), snapshots: Int(statement.integer(2)),
                lastExport: statement.text(3))
        }
        return absences
    }
}

extension Transaction {
    func setAbsences(_ absences: [RowID: Absence], source: SourceID, team: TeamID) throws {
        try check(source, team: team)
        // All are checked before the first is written, so that a refusal leaves nothing behind.
        for (row, absence) in absences {
            guard absence.snapshots >= 1 else {
                throw StoreError.constraint(detail: "Somebody absent is so in one export at least.")
            }
            _ = try stored(row, team: team, comparing: nil)
        }
        try afterFirstWrite { () throws(StoreError) in
            let delete = try connection.statement("DELETE FROM absence WHERE source = ?1")
            defer { delete.release() }
            delete.bind(1, source.rawValue)
            try delete.run()
            let insert = try connection.statement(
                "INSERT INTO absence (source, row, since, snapshots, last_export) VALUES (?1, ?2, ?3, ?4, ?5)")
            defer { insert.release() }
            insert.bind(1, source.rawValue)
            for (row, absence) in absences.sorted(by: { $0.key < $1.key }) {
                insert.bind(2, row.rawValue)
                insert.bind(3, absence.since.rawValue)
                insert.bind(4, absence.snapshots)
                insert.bind(5, text: absence.lastExport)
                try insert.run()
            }
        }
    }
}
