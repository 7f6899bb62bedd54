import JSON
import Testing

@Suite struct `Teams` {
    @Test func `are created, listed, shown and removed`() throws {
        let folder = try ProgramFolder()
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        #expect(try folder.run("team create globex --database popl.sqlite").exit == 0)
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        let list = try JSON.parse(folder.run("team list --database popl.sqlite --format json").out)
        #expect(list["teams"]?.array?.compactMap { $0["name"]?.string } == ["acme", "globex"])
        let shown = try JSON.parse(folder.run("team show acme --database popl.sqlite --format json").out)
        #expect(shown["users"]?.integer == 0)
        #expect(try folder.run("team list --database popl.sqlite").out.contains("acme"))

        let refused = try folder.run("team remove acme --database popl.sqlite")
        #expect(refused.exit == 64)
        #expect(refused.err.contains("Nothing was removed") && refused.err.contains("--yes"), "\(refused.err)")
        #expect(try folder.run("team remove acme --database popl.sqlite --yes").exit == 0)
        #expect(try folder.run("team show acme --database popl.sqlite").exit == 78)
        #expect(try folder.run("team show globex --database popl.sqlite").exit == 0)
    }

    @Test(arguments: ["a/b", "-x", " x", "x\n", "."])
    func `cannot have a name that breaks other things`(name: String) throws {
        let folder = try ProgramFolder()
        let run = try folder.run(["team", "create", "--database", "popl.sqlite", "--", name])
        #expect(run.exit == 64)
        #expect(try folder.names().isEmpty)
    }

    @Test func `take their database and clock from a configuration`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "target:\n  database: rosters.sqlite\n")
        #expect(try folder.run("team create acme --as-of 2026-01-02T03:04:05Z").exit == 0)
        #expect(folder.exists("rosters.sqlite"))
        let shown = try JSON.parse(folder.run("team show acme --format json").out)
        #expect(shown["created"]?.string == "2026-01-02T03:04:05.000Z")
    }
}
