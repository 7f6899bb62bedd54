import GRDB
import SCIM
import SQLiteStorage
import Testing

@Suite struct `A tampered journal` {
    private let folder: Folder
    private let team: TeamID

    init() throws {
        folder = try Folder()
        let store = try SQLiteStore(path: folder.path("roster.sqlite"), mode: .readWriteCreate)
        team = try store.write { writing in
            let team = try writing.createTeam(named: "acme", at: Timestamp(rawValue: 0)).id
            for number in 1...4 {
                try writing.append(
                    JournalEntry(
                        operation: .update, type: .user, id: ResourceID(rawValue: "u\(number)"), actor: "sync",
                        run: RunID(rawValue: "r1"), at: Timestamp(rawValue: Int64(number)), version: 2,
                        before: Array("{}".utf8), after: Array("{\"n\":\(number)}".utf8)), team: team)
            }
            return team
        }
        store.close()
    }

    private func verdict() throws -> JournalVerdict {
        let store = try SQLiteStore(path: folder.path("roster.sqlite"), mode: .readOnly)
        defer { store.close() }
        return try store.read { try $0.verifyJournal(team: team) }
    }

    private static let off = "DROP TRIGGER journal_stays; DROP TRIGGER journal_is_final; DROP TRIGGER journal_grows;"

    @Test(arguments: [
        ("UPDATE journal SET after = x'00' WHERE position = 3", 3),
        ("UPDATE journal SET actor = 'me' WHERE position = 2", 2),
        ("UPDATE journal SET at = at + 1 WHERE position = 1", 1),
        ("UPDATE journal SET version = 9 WHERE position = 4", 4),
        ("UPDATE journal SET before = NULL WHERE position = 2", 2),
        ("UPDATE journal SET run = NULL WHERE position = 2", 2),
        ("UPDATE run SET id = 'r9'", 1),
        ("DELETE FROM journal WHERE position = 2", 3),
        ("DELETE FROM journal WHERE position = 4", 4),
        ("UPDATE journal SET position = 9 WHERE position = 4", 9),
        ("UPDATE journal_stretch SET first = 2", 1),
    ])
    func `breaks at its first false entry`(sql: String, position: Int64) throws {
        guard case .intact(let head) = try verdict() else {
            Issue.record("it is broken before")
            return
        }
        #expect(head.entries == 4)
        try folder.sql("roster.sqlite", Self.off + sql)
        #expect(try verdict() == .broken(position: position))
    }

    @Test(arguments: [
        "DELETE FROM journal", "DELETE FROM journal WHERE position = 4", "UPDATE journal SET actor = 'me'",
        "UPDATE journal_chain SET position = 1",
    ])
    func `is refused by the schema while its triggers stand`(sql: String) throws {
        #expect(throws: DatabaseError.self) { try folder.sql("roster.sqlite", sql) }
        guard case .intact = try verdict() else {
            Issue.record("it is broken")
            return
        }
    }
}
