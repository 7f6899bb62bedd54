import Foundation
import GRDB
import Testing

/// `history` as people read it, whole; and what it says of a journal that somebody edited.
@Suite struct `The text of history` {
    private let folder: ProgramFolder
    private static let roster = "--database popl.sqlite --team acme"

    init() throws {
        folder = try ProgramFolder()
        let head = "id,login,First name,Last name,Job title,status\n"
        func person(_ number: Int, _ title: String) -> String {
            "\(number),p\(number)@acme.example,P\(number),Example,\(title),active\n"
        }
        try folder.write("monday.csv", head + (1...8).map { person($0, "Engineer") }.joined())
        try folder.write("tuesday.csv", head + person(1, "Lead") + (2...7).map { person($0, "Engineer") }.joined())
        try folder.write("wednesday.csv", head + person(1, "Lead"))
        for (night, exit) in [("monday", 0), ("tuesday", 0), ("wednesday", 3)] as [(String, Int32)] {
            let day = ["monday": "02", "tuesday": "03", "wednesday": "04"][night] ?? ""
            let at = "2026-03-\(day)T04:00:00Z"
            let date = try Date(at, strategy: .iso8601).addingTimeInterval(-3600)
            try FileManager.default.setAttributes(
                [.modificationDate: date], ofItemAtPath: folder.path("\(night).csv"))
            let run = try folder.run("sync \(night).csv --create-team \(Self.roster) --as-of \(at)")
            #expect(run.exit == exit, "\(run.err)")
        }
    }

    private func ids() throws -> [String] {
        try folder.run("history \(Self.roster)").out.matches(of: /\d{8}T\d{6}Z-[0-9a-f]{8}/).map { String($0.output) }
    }

    @Test func `lists the runs, newest first`() throws {
        try expectPrinted(folder.run("history \(Self.roster)"), "history.txt")
    }

    @Test func `shows a run as it was reported`() throws {
        try expectPrinted(folder.run("history --run \(try ids()[1]) \(Self.roster)"), "history-run.txt")
    }

    @Test func `shows a run that was held`() throws {
        try expectPrinted(folder.run("history --run \(try ids()[0]) \(Self.roster)"), "history-held.txt")
    }

    @Test func `names the entry that somebody edited, and ends with 1`() throws {
        let whole = try folder.run("history --verify \(Self.roster)")
        #expect(whole.exit == 0)
        #expect(whole.out.contains("The journal of team acme is intact."))
        let database = try DatabaseQueue(path: folder.path("popl.sqlite"))
        try database.write { database in
            try database.execute(sql: "DROP TRIGGER journal_is_final")
            try database.execute(sql: "UPDATE journal SET actor = 'nobody' WHERE position = 3")
        }
        try database.close()
        let broken = try folder.run("history --verify \(Self.roster)")
        #expect(broken.exit == 1)
        try expectPrinted(broken, "history-broken.txt")
        let document = try folder.run("history --verify --format json \(Self.roster)")
        #expect(document.exit == 1)
        #expect(document.out.contains("\"verdict\": \"broken\",\n  \"position\": 3\n"))
    }
}
