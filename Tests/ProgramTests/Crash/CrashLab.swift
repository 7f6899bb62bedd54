import Foundation
import GRDB
import JSON
import SCIM
import SQLiteStorage
import Testing

/// A small roster before and after a night, in memory where that can be had: what is tested is a killed process, and
/// not a lost disk.
final class CrashLab {
    let url: URL
    static let clock = ["--as-of", "2026-11-23T06:00:00Z"]
    static let place = ["--database", "roster.sqlite", "--team", "acme"]
    static let importing =
        ["import", "before.json", "groups-before.json", "--group-members", "Sales=sales-before.json", "--create-team"]
        + place + clock
    private static let files = ["after.json", "groups-after.json", "--group-members", "Field=sales-after.json"]
    static let nightly = files + place + clock
    static let planning = ["plan"] + nightly + ["--out", "tonight.plan"]
    static let applying = ["apply", "tonight.plan", "--database", "roster.sqlite"] + clock
    static let syncing = ["sync"] + nightly
    /// What the import left in the journal is old by then.
    static let pruning = ["sync"] + files + place + ["--config", "keep.yaml", "--as-of", "2026-11-23T09:00:00Z"]
    static let undoing = ["undo", "--apply"] + place + clock

    init() throws {
        let memory = URL(filePath: "/dev/shm")
        let parent =
            FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
        url = parent.appending(path: "popl-crash-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let before = (1...6).map { Self.person($0, login: "u\($0)", title: "Engineer") }
        // 1 and 2 swap their addresses, 3 moves, 4 leaves, 7 and 8 join.
        let after =
            [Self.person(1, login: "u2"), Self.person(2, login: "u1"), Self.person(3, login: "u3", title: "Lead")]
            + [5, 6, 7, 8].map { Self.person($0, login: "u\($0)") }
        try write("before.json", before)
        try write("after.json", after)
        try write("sales-before.json", Array(before[0...2]))
        try write("sales-after.json", Array(after[1...4]))
        try write("groups-before.json", [Self.group("Sales")])
        try write("groups-after.json", [Self.group("Field")])
        try Data("retention: { journal: 1h, reports: 2h }\n".utf8).write(to: url.appending(path: "keep.yaml"))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    private static func person(_ number: Int, login: String, title: String = "Engineer") -> String {
        """
        {"id": "00u\(number)", "status": "ACTIVE", "profile": {"login": "\(login)@acme.example", \
        "email": "\(login)@acme.example", "firstName": "P\(number)", "lastName": "Example", "title": "\(title)"}, \
        "_links": {"self": {"href": "https://acme.okta.example/api/v1/users/00u\(number)"}}}
        """
    }

    private static func group(_ name: String) -> String {
        """
        {"id": "00gSALES", "type": "OKTA_GROUP", "objectClass": ["okta:user_group"], \
        "profile": {"name": "\(name)", "description": null}}
        """
    }

    private func write(_ name: String, _ elements: [String]) throws {
        let file = url.appending(path: name)
        try Data("[\n\(elements.joined(separator: ",\n"))\n]\n".utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_795_410_000)], ofItemAtPath: file.path)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    // MARK: The program

    struct Ending {
        var exit: Int32
        var wasKilled: Bool
        var out: String
        var err: String
    }

    /// `killAfter`: from outside, when it still runs then.
    func run(_ arguments: [String], fault: String? = nil, killAfter: Duration? = nil) throws -> Ending {
        let process = try start(arguments, fault: fault)
        if let killAfter {
            Thread.sleep(forTimeInterval: killAfter / .seconds(1))
            kill(process.processIdentifier, SIGKILL)
        }
        return try end(process)
    }

    func start(_ arguments: [String], fault: String? = nil) throws -> Process {
        let process = Process()
        process.executableURL = ProgramFolder.program
        process.arguments = arguments
        process.currentDirectoryURL = url
        process.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
            .merging(fault.map { ["POPL_SYNC_FAULT": $0] } ?? [:]) { $1 }
        process.standardInput = FileHandle.nullDevice
        for name in ["out", "err"] { try Data().write(to: url.appending(path: name)) }
        process.standardOutput = try FileHandle(forWritingTo: url.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: url.appending(path: "err"))
        try process.run()
        return process
    }

    func end(_ process: Process) throws -> Ending {
        process.waitUntilExit()
        return Ending(
            exit: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL,
            out: try String(contentsOf: url.appending(path: "out"), encoding: .utf8),
            err: try String(contentsOf: url.appending(path: "err"), encoding: .utf8))
    }

    /// The id of the last night's run.
    func syncedRun() throws -> String {
        let history = try JSON.parse(run(["history", "--format", "json"] + Self.place).out)
        return try #require(history["runs"]?.array?.first { $0["command"]?.string == "sync" }?["run"]?.string)
    }

    // MARK: The roster's file

    func remove() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: url.path) where name.hasPrefix("roster.sqlite")
        {
            try FileManager.default.removeItem(atPath: path(name))
        }
    }

    func keep(as name: String) throws {
        try FileManager.default.copyItem(atPath: path("roster.sqlite"), toPath: path(name))
    }

    func restore(_ name: String) throws {
        try remove()
        try FileManager.default.copyItem(atPath: path(name), toPath: path("roster.sqlite"))
    }

    /// Takes the file back to what the first version of the schema made.
    func takeBackToVersion1() throws {
        let queue = try DatabaseQueue(path: path("roster.sqlite"))
        try queue.writeWithoutTransaction { try $0.execute(sql: version1) }
        try queue.close()
    }
}

private let version1 = """
    CREATE TABLE old (
        position INTEGER PRIMARY KEY, team INTEGER NOT NULL, run INTEGER, operation INTEGER NOT NULL,
        type INTEGER NOT NULL, id ANY NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
        before BLOB, after BLOB
    ) STRICT;
    INSERT INTO old SELECT position, team, run, operation, type, id, version, at, actor, before, after FROM journal;
    DROP TABLE journal_chain; DROP TABLE journal; ALTER TABLE old RENAME TO journal;
    CREATE TRIGGER journal_stays BEFORE DELETE ON journal WHEN EXISTS (SELECT 1 FROM team WHERE id = OLD.team)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_is_final BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    DROP TABLE absence; DROP TABLE deactivation; DROP TABLE run_export; DROP TABLE privacy_key; DROP INDEX run_of_whole_list;
    DROP TABLE token; DROP TABLE sealing; DROP TABLE other_email;
    DROP INDEX sso_connection_by_name; DROP INDEX resource_by_name;
    CREATE UNIQUE INDEX resource_by_name ON resource (name_key, type, team);
    ALTER TABLE run DROP COLUMN records; ALTER TABLE run DROP COLUMN whole_list;
    ALTER TABLE run DROP COLUMN pruned;
    DELETE FROM grdb_migrations WHERE identifier = '2 history';
    PRAGMA user_version = 1;
    """
