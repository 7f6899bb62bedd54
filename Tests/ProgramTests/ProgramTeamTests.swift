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

    @Test func `say how to go on where a list is empty`() throws {
        let folder = try ProgramFolder()
        let here = "--database popl.sqlite --team acme"
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        #expect(try folder.run("token list \(here)").out.hasSuffix("\n  popl-sync token issue \(here)\n"))
        #expect(try folder.run("source list \(here)").out.hasSuffix("\n  popl-sync sync FILE \(here)\n"))
        #expect(try folder.run("team remove acme --database popl.sqlite --yes").exit == 0)
        let teams = try folder.run("team list --database popl.sqlite")
        #expect(teams.out.hasSuffix("\n  popl-sync team create NAME --database popl.sqlite\n"))
    }

    @Test func `and their sources are removed by the command that is proposed`() throws {
        let folder = try ProgramFolder()
        let here = "--database popl.sqlite --team acme"
        try folder.write("a.csv", "id,login,email,status\n1,a@example.com,a@example.com,active\n")
        #expect(try folder.run("sync a.csv \(here) --create-team").exit == 0)
        for command in ["source remove default \(here)", "team remove acme --database popl.sqlite"] {
            let run = try folder.run(command)
            #expect(run.exit == 64)
            #expect(run.err.hasSuffix("\n  popl-sync \(command) --yes\n"), "\(run.err)")
            #expect(try folder.run(command + " --yes").exit == 0)
        }
    }

    @Test(arguments: ["team list", "serve", "check --team acme", "roster --team acme", "plan a.csv --team acme"])
    func `in a database that is not there are exit 78, with the command that makes it`(command: String) throws {
        let folder = try ProgramFolder()
        try folder.write("a.csv", "id,login,email,status\n1,a@example.com,a@example.com,active\n")
        let run = try folder.run("\(command) --database nosuch.sqlite")
        #expect(run.exit == 78)
        #expect((run.out + run.err).contains("popl-sync team create"), "\(run.out)\(run.err)")
        #expect(try folder.names() == ["a.csv"])
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
