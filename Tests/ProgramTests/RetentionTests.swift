import Foundation
import Testing

/// What the story in `samples/scenarios/retention` cannot tell.
@Suite struct `Retention` {
    let folder: ProgramFolder
    init() throws { folder = try ProgramFolder() }

    private func night(_ title: String, at moment: String, keep: String = "") throws -> ProgramRun {
        try folder.write("people.csv", "id,login,title,status\n1,ada@acme.example,\(title),active\n")
        let written = try Date(moment, strategy: .iso8601).addingTimeInterval(-3600)
        try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: folder.path("people.csv"))
        try folder.write("popl-sync.yaml", keep)
        return try folder.run(
            "sync people.csv --database roster.sqlite --team acme --create-team --as-of \(moment) --format json")
    }

    private func holds(_ text: String) throws -> Bool {
        for name in try folder.names() where name.hasPrefix("roster.sqlite") {
            if try Data(contentsOf: folder.url.appending(path: name)).range(of: Data(text.utf8)) != nil { return true }
        }
        return false
    }

    @Test func `leaves no byte of what it removed in the database's files`() throws {
        #expect(try night("Falconer", at: "2024-01-01T06:00:00Z").exit == 0)
        #expect(try night("Beekeeper", at: "2024-01-02T06:00:00Z").exit == 0)
        #expect(try holds("Falconer"))
        let run = try night("Glazier", at: "2026-01-01T06:00:00Z")
        #expect(run.exit == 0 && run.out.contains("pruned"))
        // The last change's own entry has the value before it.
        #expect(try !holds("Falconer") && holds("Beekeeper"))
    }

    @Test(arguments: [
        ("", "2025-02-04T06:00:00Z", false), ("", "2025-02-06T06:00:00Z", true),
        ("retention: { journal: forever }", "2035-01-01T06:00:00Z", false),
        ("retention: { journal: 2w, reports: 20d }", "2024-01-16T06:00:00Z", true),
        ("retention: { journal: 500d }", "2025-02-06T06:00:00Z", false),
    ])
    func `is 400 days unless the configuration says another time`(keep: String, moment: String, goes: Bool) throws {
        #expect(try night("Falconer", at: "2024-01-01T06:00:00Z").exit == 0)
        let run = try night("Falconer", at: moment, keep: keep)
        #expect(run.exit == 0)
        #expect(run.out.contains("\"pruned\"") == goes)
        #expect(try folder.run("history --verify --database roster.sqlite --team acme").exit == 0)
    }

    @Test func `is not for a run that a guard holds`() throws {
        #expect(try night("Falconer", at: "2024-01-01T06:00:00Z").exit == 0)
        try folder.write("old.csv", "id,login,title,status\n1,ada@acme.example,Glazier,active\n")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)], ofItemAtPath: folder.path("old.csv"))
        let here = "--database roster.sqlite --team acme"
        #expect(try folder.run("sync old.csv \(here) --as-of 2030-01-01T06:00:00Z").exit == 3)
        #expect(try folder.run("history --verify \(here)").out.contains("1 entry"))
    }
}
