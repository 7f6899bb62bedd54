import Foundation
import GRDB
import JSON
import SCIM
import SQLiteStorage
import TestSupport
import Testing

/// A run of three transactions and more, which a test can stop in between as a slow disk would.
final class LongRun {
    let folder: ProgramFolder
    static let people = 12_000
    static let arguments = arguments(command: "import")

    static func arguments(command: String) -> [String] {
        [command, "people.csv", "--database", "popl.sqlite", "--team", "acme"]
    }

    init() throws {
        folder = try ProgramFolder()
        let rows = (1...Self.people).map { "\($0),u\($0)@example.com,u\($0)@example.com,active\n" }
        try folder.write("people.csv", "id,login,email,status\n" + rows.joined())
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
    }

    /// Somebody else's run: one more person.
    func runAnother(database: String = "popl.sqlite", file: String = "one.csv") throws -> ProgramRun {
        try folder.write("one.csv", "id,login,email,status\n0,one@example.com,one@example.com,active\n")
        return try folder.run("import \(file) --database \(database) --team acme --source other --format json")
    }

    /// Started and stopped (SIGSTOP) behind its first transaction with people, before the next.
    func startAndStop(command: String = "import", _ options: String...) async throws -> RunningProgram {
        let running = try folder.start(
            Self.arguments(command: command) + options,
            environment: ["POPL_SYNC_FAULT": "after-commit:\(Self.commits):STOP"])
        try await Eventually.holds("the run stands still") { running.process.isStopped || !running.process.isRunning }
        #expect(try (1..<Self.people).contains(people()), "it was not stopped in the middle")
        return running
    }

    /// The commits of an import up to its first people: the source, the run, and they.
    private static let commits = 3

    /// How many people the roster has; their journal is checked by the way.
    func people(_ database: String = "popl.sqlite") throws -> Int {
        let store = try SQLiteStore(path: folder.path(database), mode: .readOnly)
        defer { store.close() }
        return try store.read { reading in
            guard let team = try reading.team(named: "acme")?.id else { return 0 }
            let head = try reading.journalHead(team: team)
            let people = try reading.count(.user, team: team)
            #expect(head.entries == people)
            return people
        }
    }

    /// What a run that could not go on printed as JSON: which changes were applied and which not; and its history.
    func expectReport(of run: ProgramRun, applied: Int) throws {
        let report = try JSON.parse(run.out)
        #expect(report["interrupted"]?.boolean == true)
        let outcomes = (report["changes"]?.array ?? []).compactMap { $0["outcome"]?.string }
        #expect(outcomes.count == Self.people)
        #expect(outcomes.count { $0 == "applied" } == applied)
        #expect(outcomes.count { $0 == "skipped" } == Self.people - applied)
        let history = try JSON.parse(folder.run("history --database popl.sqlite --team acme --format json").out)
        let kept = (history["runs"]?.array ?? []).first { $0["run"] == report["run"] }
        #expect(kept?["finished"] == .null)
        #expect(kept?["journaled"]?.integer == applied)
        let id = report["run"]?.string ?? ""
        let text = try folder.run("history --run \(id) --database popl.sqlite --team acme").out
        #expect(text.contains("This run did not finish"), "\(text)")
    }

    func isIntact() throws -> Bool {
        let store = try SQLiteStore(path: folder.path("popl.sqlite"), mode: .readOnly)
        defer { store.close() }
        return try store.read { reading in
            let team = try #require(try reading.team(named: "acme")).id
            return try reading.verifyJournal(team: team) == .intact(try reading.journalHead(team: team))
        }
    }
}

extension ProgramRun {
    /// `code` of the error in a document on stdout.
    var errorCode: String? { (try? JSON.parse(out))?["error"]?["code"]?.string }
}
