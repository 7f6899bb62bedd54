import Foundation
import Testing

/// The answer to `why` as people read it, whole.
@Suite struct `The text of why` {
    private let folder: ProgramFolder
    private static let roster = "--database popl.sqlite --team acme --as-of"

    init() throws {
        folder = try ProgramFolder()
        let head = "id,login,First name,Last name,Job title,Nick,status\n"
        try folder.write(
            "popl-sync.yaml",
            "source: { name: hr }\nmapping:\n  title: { from: Job title, overwrite: if-empty }\n")
        try folder.write("before.csv", head + "1,ada@acme.example,Ada,Lovelace,Engineer,Addie,active\n")
        try folder.write(
            "tonight.csv",
            head + "1,ada@acme.example,Ada,King,Countess,,active\n2,bob@acme.example,Bob,Stone,,,active\n")
        let sync = try folder.run("sync before.csv --create-team \(Self.roster) 2026-03-02T04:00:00Z")
        #expect(sync.exit == 0, "\(sync.err)")
    }

    @Test func `shows a member whom a run would change`() throws {
        let run = try folder.run("why ada@acme.example tonight.csv \(Self.roster) 2026-03-03T04:00:00Z")
        #expect(run.exit == 0)
        try expectPrinted(run, "why-changes.txt")
    }

    @Test func `shows what the roster and the journal have where no file is given`() throws {
        let sync = try folder.run("sync tonight.csv \(Self.roster) 2026-03-03T04:00:00Z")
        #expect(sync.exit == 0, "\(sync.err)")
        let run = try folder.run("why 1 \(Self.roster) 2026-03-04T04:00:00Z")
        #expect(run.exit == 0)
        try expectPrinted(run, "why-without-files.txt")
    }

    @Test func `shows somebody new`() throws {
        let run = try folder.run("why bob@acme.example tonight.csv \(Self.roster) 2026-03-03T04:00:00Z")
        #expect(run.exit == 0)
        try expectPrinted(run, "why-newcomer.txt")
    }
}
