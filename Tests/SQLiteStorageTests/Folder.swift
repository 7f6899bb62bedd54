import Foundation
import GRDB
import SCIM
import SQLiteStorage

/// A folder of its own for one test.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "popl-store-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func store(
        _ mode: SQLiteStore.Mode = .readWriteCreate, waitMilliseconds: Int32 = 10_000, pages: Int64 = 0
    ) throws -> SQLiteStore {
        try SQLiteStore(
            path: path("roster.sqlite"), mode: mode,
            limits: SQLiteStore.Limits(busyTimeoutMilliseconds: waitMilliseconds, pages: pages))
    }

    /// Raw SQL, as somebody with the file and the `sqlite3` shell would write it.
    func sql(_ name: String, _ statements: String) throws {
        let queue = try DatabaseQueue(path: path(name))
        try queue.write { try $0.execute(sql: statements) }
        try queue.close()
    }

    /// Name, bytes and time of change of every file.
    func contents() throws -> [String: FileState] {
        var states: [String: FileState] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
            var status = stat()
            stat(path(name), &status)
            states[name] = FileState(
                bytes: try Data(contentsOf: url.appending(path: name)), inode: status.st_ino,
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        }
        return states
    }

    struct FileState: Equatable {
        var bytes: Data
        var inode: UInt
        var seconds: Int
        var nanoseconds: Int
    }
}

extension ResourceStore {
    func makeTeam() throws -> TeamID {
        try write { try $0.createTeam(named: "acme", at: Timestamp(rawValue: 0)).id }
    }

    func count(_ team: TeamID) throws -> Int { try read { try $0.count(.user, team: team) } }

    func add(_ number: Int, to team: TeamID) throws { try write { try $0.add(number, to: team) } }
}

extension StoreWriting {
    /// A user `u1` with their journal entry. `padding` bytes make them big.
    func add(_ number: Int, to team: TeamID, padding: Int = 0) throws {
        let id = ResourceID(rawValue: "u\(number)")
        let attributes = ComplexValue([
            .init("userName", .string("u\(number)")), .init("title", .string(String(repeating: "x", count: padding))),
        ])
        _ = try insert(
            Resource(
                type: .user, id: id, attributes: attributes, created: Timestamp(rawValue: 0),
                lastModified: Timestamp(rawValue: 0), version: 1),
            body: AttributesJSON.encode(attributes),
            keys: ResourceKeys(name: "u\(number)", externalID: nil, email: nil, active: true, isAdmin: false),
            link: nil, team: team)
        try append(
            JournalEntry(
                operation: .create, type: .user, id: id, actor: "sync", run: nil, at: Timestamp(rawValue: 0),
                version: 1, before: nil, after: Array("{}".utf8)), team: team)
    }
}
