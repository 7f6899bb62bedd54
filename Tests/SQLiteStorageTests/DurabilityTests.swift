import GRDB
import SCIM
import Testing

@testable import SQLiteStorage

@Suite struct `What was written` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Of the connection that writes, and not of one that a test opens: `synchronous` is a connection's own.
    private static func settings(_ writer: Writer) throws -> [Int64] {
        try writer.write { connection in
            let journal = try connection.statement("PRAGMA journal_mode")
            defer { journal.release() }
            #expect(try journal.step() && journal.text(0) == "wal")
            return [
                try connection.integer("PRAGMA synchronous"), try connection.integer("PRAGMA foreign_keys"),
            ]
        }
    }

    @Test func `is in a log that SQLite waits for, from the first transaction to the last`() throws {
        let file = DatabaseFile(folder.path("roster.sqlite"))
        let full: Int64 = 2
        for creating in [true, false] {
            let writer = try Writer(file, creating: creating, limits: SQLiteStore.Limits())
            defer { writer.close() }
            #expect(try Self.settings(writer) == [full, 1])
            #expect(throws: StoreError.self) { try writer.write { try $0.execute("INSERT INTO team VALUES (1)") } }
            #expect(try Self.settings(writer) == [full, 1])
        }
    }

    @Test func `is in the one file that is left when the store is closed`() throws {
        let store = try folder.store()
        let team = try store.makeTeam()
        try store.add(1, to: team)
        #expect(try folder.contents().keys.sorted() == ["roster.sqlite", "roster.sqlite-shm", "roster.sqlite-wal"])
        store.close()
        #expect(try folder.contents().keys.sorted() == ["roster.sqlite"])
        #expect(try folder.store(.readOnly).count(team) == 1)
    }

    @Test func `fits on the disk, or none of it is there`() throws {
        let store = try folder.store()
        let team = try store.makeTeam()
        try store.add(1, to: team)
        store.close()
        let pages = Int64(try folder.contents()["roster.sqlite"]?.bytes.count ?? 0) / 4096

        let full = try folder.store(.readWrite, pages: pages + 4)
        let error = #expect(throws: StoreError.self) {
            try full.write { writing in
                for number in 2...100 { try writing.add(number, to: team, padding: 4000) }
            }
        }
        guard case .unwritable(let detail) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.contains("The disk is full: nothing of this change was written"))
        #expect(try full.count(team) == 1)
        #expect(try full.read { try $0.verifyJournal(team: team) == .intact(try $0.journalHead(team: team)) })
        // What fits still goes in.
        try full.add(2, to: team)
        #expect(try full.count(team) == 2)
        full.close()

        let roomy = try folder.store(.readWrite)
        try roomy.write { writing in for number in 3...100 { try writing.add(number, to: team, padding: 4000) } }
        #expect(try roomy.count(team) == 100)
        #expect(try roomy.read { try $0.journalHead(team: team).entries } == 100)
        #expect(try roomy.read { try $0.verifyJournal(team: team) == .intact(try $0.journalHead(team: team)) })
    }
}
