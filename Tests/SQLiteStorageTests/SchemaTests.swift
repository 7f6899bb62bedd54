import GRDB
import SCIM
import SQLiteStorage
import Testing

/// What the core forbids, the file forbids too: to a program with a mistake, and to somebody with the `sqlite3` shell.
@Suite struct `The schema refuses` {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        let store = try folder.store()
        let team = try store.makeTeam()
        for number in 1...2 { try store.add(number, to: team) }
        store.close()
    }

    @Test(arguments: [
        ("a second team of a name", "INSERT INTO team (name, created) VALUES ('acme', 0)"),
        ("a team without a name", "INSERT INTO team (name, created) VALUES ('', 0)"),
        ("a text where a number belongs", "UPDATE resource SET version = 'x' WHERE id = 'u1'"),
        ("a version below 1", "UPDATE resource SET version = 0 WHERE id = 'u1'"),
        ("an active that is neither", "UPDATE resource SET active = 2 WHERE id = 'u1'"),
        ("a type of resource that there is not", "UPDATE resource SET type = 4 WHERE id = 'u1'"),
        ("two users of one name", "UPDATE resource SET name_key = 'u2' WHERE id = 'u1'"),
        ("two users of one id", "UPDATE resource SET id = 'u2' WHERE id = 'u1'"),
        ("a resource of no team", "UPDATE resource SET team = 9 WHERE id = 'u1'"),
        ("a member who is not there", "INSERT INTO membership VALUES (1, 99)"),
        ("a link without an anchor", "INSERT INTO link (key, active, digests) VALUES (1, 1, x'00')"),
        ("more active users than users", "UPDATE tally SET active = total + 1"),
        ("a run that is half saved", "INSERT INTO run (team, id, command) VALUES (1, 'r1', 'sync')"),
        (
            "an entry without a digest",
            "INSERT INTO journal SELECT 9, team, run, operation, type, id, version, at, x'', actor, before, after FROM journal LIMIT 1"
        ),
        (
            "a token that is no digest",
            "INSERT INTO token (team, id, digest, label, created) VALUES (1, 't', x'00', '', 0)"
        ),
        ("a journal that is changed", "UPDATE journal SET actor = 'me'"),
        ("a journal that is shortened", "DELETE FROM journal WHERE position = 2"),
        ("a journal that is emptied", "DELETE FROM journal"),
    ])
    func `nonsense, whoever writes it`(what: String, sql: String) throws {
        let error = #expect(throws: DatabaseError.self, "\(what)") { try folder.sql("roster.sqlite", sql) }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(what): \(String(describing: error))")
    }
}
