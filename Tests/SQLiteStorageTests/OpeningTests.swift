import Foundation
import SCIM
import SQLiteStorage
import Testing

@Suite struct `Opened for reading only` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func readAll(_ folder: Folder) throws -> [Int] {
        let store = try folder.store(.readOnly)
        defer { store.close() }
        return try store.read { reading in
            try reading.teams().map { try reading.resources(.user, after: nil, limit: 9, team: $0.id).count }
        }
    }

    @Test func `a roster leaves its folder as it was, bit for bit`() throws {
        let store = try folder.store()
        try store.add(1, to: store.makeTeam())
        store.close()
        let before = try folder.contents()
        #expect(try readAll(folder) == [1])
        #expect(try folder.contents() == before)
    }

    /// As after a process that was killed: what it committed is in the log only.
    @Test func `a log that was left is read and left`() throws {
        let store = try folder.store()
        try store.add(1, to: store.makeTeam())
        let crashed = try Folder()
        for name in try folder.contents().keys {
            try FileManager.default.copyItem(atPath: folder.path(name), toPath: crashed.path(name))
        }
        let before = try crashed.contents()
        #expect(before.count == 3)
        #expect(try readAll(crashed) == [1])
        #expect(try crashed.contents() == before)

        try FileManager.default.removeItem(atPath: crashed.path("roster.sqlite-shm"))
        let without = try crashed.contents()
        try expectUnreadable("a command that writes to it merges them") { try readAll(crashed) }
        #expect(try crashed.contents() == without)
        // And a command that writes does.
        try crashed.store(.readWrite).close()
        #expect(try crashed.contents().count == 1)
        #expect(try readAll(crashed) == [1])
    }

    @Test func `nothing can be written`() throws {
        try folder.store().close()
        let before = try folder.contents()
        let error = #expect(throws: StoreError.self) { try folder.store(.readOnly).makeTeam() }
        guard case .unwritable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try folder.contents() == before)
    }
}

@Suite struct `Personal data on the disk` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func modes() throws -> [String: Int] {
        try folder.contents().keys.reduce(into: [:]) {
            $0[$1] =
                try FileManager.default.attributesOfItem(atPath: folder.path($1))[.posixPermissions] as? Int ?? 0o777
        }
    }

    @Test func `is not for others: the roster, its log and a copy are made for owner and group`() throws {
        let store = try folder.store()
        try store.add(1, to: store.makeTeam())
        #expect(try modes().count == 3)
        #expect(try modes().values.allSatisfy { $0 & 0o137 == 0 })
        store.close()
        try SQLiteStore.copy(from: folder.path("roster.sqlite"), to: folder.path("copy.sqlite"))
        #expect(try modes()["copy.sqlite"].map { $0 & 0o137 } == 0)
    }

    @Test func `keeps the mode that somebody gave it`() throws {
        try folder.store().close()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o664], ofItemAtPath: folder.path("roster.sqlite"))
        try folder.store().close()
        #expect(try modes() == ["roster.sqlite": 0o664])
    }
}

@Suite struct `A file that is no roster of ours` {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func expectRefused(_ words: String) throws {
        let before = try folder.contents()
        for mode in [SQLiteStore.Mode.readOnly, .readWrite, .readWriteCreate] {
            try expectUnreadable(words) { try folder.store(mode).read { try $0.teams() } }
            #expect(try folder.contents() == before, "\(mode)")
        }
    }

    @Test func `is refused when another program made it`() throws {
        try folder.sql("roster.sqlite", "CREATE TABLE invoice (id INTEGER)")
        try expectRefused("roster.sqlite is another program's database, not a roster")
    }

    @Test func `is refused when another program signed it`() throws {
        try folder.sql("roster.sqlite", "PRAGMA application_id = 7")
        try expectRefused("roster.sqlite is another program's database, not a roster")
    }

    @Test func `is refused when it is a text`() throws {
        let text = String(repeating: "id,login,email,status\n", count: 500)
        try Data(text.utf8).write(to: folder.url.appending(path: "roster.sqlite"))
        try expectRefused("not a roster")
    }

    @Test func `is refused when a newer version made it`() throws {
        try folder.store().close()
        try folder.sql("roster.sqlite", "PRAGMA user_version = 99")
        try expectRefused("was made by a newer version of popl-sync (format 99; this one knows 3)")
    }

    @Test func `is refused when it is cut off`() throws {
        let store = try folder.store()
        try store.add(1, to: store.makeTeam())
        store.close()
        let handle = try FileHandle(forUpdating: folder.url.appending(path: "roster.sqlite"))
        try handle.truncate(atOffset: 4096 * 3)
        try handle.close()
        try expectRefused("damaged")
    }

    @Test func `is refused when it is a folder`() throws {
        try FileManager.default.createDirectory(atPath: folder.path("roster.sqlite"), withIntermediateDirectories: true)
        for mode in [SQLiteStore.Mode.readOnly, .readWriteCreate] {
            try expectUnreadable("is a directory, not a roster database") { try folder.store(mode) }
        }
    }

    @Test func `is not made when only an old one was asked for`() throws {
        for mode in [SQLiteStore.Mode.readOnly, .readWrite] {
            try expectUnreadable("There is no roster database at") { try folder.store(mode) }
        }
        #expect(try folder.contents().isEmpty)
    }
}

private func expectUnreadable<Result>(
    _ words: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) throws {
    do {
        _ = try body()
        Issue.record("it was opened", sourceLocation: sourceLocation)
    } catch StoreError.unreadable(let detail) {
        #expect(detail.contains(words), "\(detail)", sourceLocation: sourceLocation)
    }
}
