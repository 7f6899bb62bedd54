import GRDB
import SCIM
import Testing

@testable import SQLiteStorage

@Suite struct `A roster of the first version` {
    private let folder: Folder

    /// As that version's own migration makes it, with a journal of two teams and two runs.
    init() throws {
        folder = try Folder()
        let queue = try DatabaseQueue(path: folder.path("roster.sqlite"))
        try Schema.migrator.migrate(queue, upTo: "1 roster")
        try queue.write { try $0.execute(sql: content) }
        try queue.close()
    }

    @Test func `is only read by this one once it is brought up to date`() throws {
        let error = #expect(throws: StoreError.self) { try folder.store(.readOnly) }
        guard case .unreadable(let detail) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.contains("a command that writes to it brings it up to date"))
        try folder.store(.readWrite).close()
        #expect(try folder.store(.readOnly).read { try $0.teams().map(\.name) } == ["acme", "globex"])
    }

    @Test func `keeps its people and every journal entry, and gets chains that verify`() throws {
        let store = try folder.store(.readWrite)
        try store.read { reading in
            let teams = try reading.teams().map(\.id)
            var entries: [[String]] = []
            for team in teams {
                try reading.journal(team: team, run: nil) { entry in
                    let after = String(decoding: entry.after ?? [], as: UTF8.self)
                    entries.append([
                        "\(team.rawValue)", "\(entry.position)", entry.id.rawValue, entry.actor,
                        entry.run?.rawValue ?? "-", "\(entry.at.rawValue)", "\(entry.version)", after,
                    ])
                }
                let head = try reading.journalHead(team: team)
                #expect(try reading.verifyJournal(team: team) == .intact(head))
            }
            #expect(
                entries == [
                    ["1", "1", "u1", "import", "r1", "10", "1", "{}"],
                    ["1", "3", "u1", "sync", "r2", "30", "2", #"{"n":1}"#],
                    ["1", "4", "u2", "token:1", "-", "40", "1", ""], ["2", "2", "u9", "sync", "r1", "20", "1", "{}"],
                ])
            #expect(try teams.map { try reading.journalHead(team: $0).entries } == [3, 1])
            #expect(try reading.resource(.user, name: "u1", team: teams[0])?.resource.version == 2)
            #expect(try reading.run(RunID(rawValue: "r1"), team: teams[0])?.verdict == "clear")
        }
        // The chain goes on from there.
        let acme = try #require(try store.read { try $0.team(named: "acme") }).id
        try store.add(3, to: acme)
        #expect(try store.read { try $0.journalHead(team: acme).entries } == 4)
        #expect(try store.read { try $0.verifyJournal(team: acme) == .intact(try $0.journalHead(team: acme)) })
        store.close()
        #expect(throws: DatabaseError.self) {
            try folder.sql("roster.sqlite", "DELETE FROM journal WHERE position = 1")
        }
    }
}

private let content = """
    INSERT INTO team (id, name, created) VALUES (1, 'acme', 0), (2, 'globex', 0);
    INSERT INTO run (row, team, id, command, plan_digest, verdict, started)
        VALUES (1, 1, 'r1', 'import', 'd', 'clear', 5), (2, 2, 'r1', 'sync', 'd', 'clear', 15),
            (3, 1, 'r2', 'sync', 'd', 'clear', 25);
    INSERT INTO resource (team, type, id, version, active, admin, links, created, modified, name_key, body)
        VALUES (1, 1, 'u1', 2, 1, 0, 0, 0, 0, 'u1', '{"userName":"u1"}');
    INSERT INTO tally VALUES (1, 1, 1, 1, 0);
    INSERT INTO journal (position, team, run, operation, type, id, version, at, actor, before, after) VALUES
        (1, 1, 1, 1, 1, 'u1', 1, 10, 'import', NULL, CAST('{}' AS BLOB)),
        (2, 2, 2, 1, 1, 'u9', 1, 20, 'sync', NULL, CAST('{}' AS BLOB)),
        (3, 1, 3, 2, 1, 'u1', 2, 30, 'sync', CAST('{}' AS BLOB), CAST('{"n":1}' AS BLOB)),
        (4, 1, NULL, 3, 1, 'u2', 1, 40, 'token:1', CAST('{}' AS BLOB), NULL);
    INSERT INTO journal_stretch (first, last, team, run) VALUES (1, 1, 1, 1), (2, 2, 2, 2), (3, 3, 1, 3), (4, 4, 1, NULL);
    """

@Suite struct `A roster that was being made` {
    /// GRDB keeps its list of migrations in a table that it makes before the first of them.
    @Test func `is made to the end by whoever comes after a kill`() throws {
        let folder = try Folder()
        try folder.sql("roster.sqlite", "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        let store = try folder.store()
        defer { store.close() }
        let team = try store.makeTeam()
        try store.add(1, to: team)
        #expect(try store.count(team) == 1)
    }
}
