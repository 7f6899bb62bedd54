import Foundation
import JSON
import Testing

@Suite struct `Command line` {
    static let commands = [
        "", "init", "inspect", "plan", "apply", "sync", "import", "why", "history", "undo", "roster", "team",
        "team create",
        "source", "source list", "source remove",
        "team list",
        "team show", "team remove", "token", "token issue", "token list", "token rotate", "token revoke", "check",
        "serve",
    ]

    @Test(arguments: commands)
    func `explains itself with an example`(command: String) throws {
        let run = try ProgramFolder().run(command + " --help")
        #expect(run.exit == 0)
        #expect(run.err.isEmpty)
        #expect(run.out.contains("EXAMPLES\n  popl-sync "), "\(run.out)")
    }

    /// A word of an example that is no option of the command would be a lie.
    @Test(arguments: commands.dropFirst())
    func `shows examples whose options exist`(command: String) throws {
        let help = try ProgramFolder().run(command + " --help").out
        let usage = try #require(help.range(of: "USAGE:"))
        let examples = help[..<usage.lowerBound].split(separator: "\n").filter {
            $0.hasPrefix("  popl-sync \(command) ") && !$0.contains("&&")
        }
        for example in examples {
            let words = example.split(separator: " ")
            // The options of `team create` are in the help of `team create`.
            let isNested = help[usage.lowerBound...].contains("<subcommand>") && words.count > 2
            let options = isNested ? try ProgramFolder().run("\(command) \(words[2]) --help").out : help
            for option in words where option.hasPrefix("--") {
                #expect(options.contains("  \(option)"), "\(option)")
            }
        }
    }

    /// A command in two lines cannot be copied.
    @Test(arguments: commands)
    func `keeps each example on one line`(command: String) throws {
        let help = try ProgramFolder().run(command + " --help").out
        let start = try #require(help.range(of: "EXAMPLES\n"))
        let examples = help[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
        for line in examples.prefix(while: { !$0.isEmpty }) { #expect(line.hasPrefix("  popl-sync "), "\(line)") }
        // Paragraphs have no holes.
        let words = help[..<start.lowerBound].split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(!words.contains { $0.contains("   ") }, "\(words)")
    }

    @Test func `names every exit code in its help`() throws {
        let help = try ProgramFolder().run("--help").out
        for code in [0, 1, 2, 3, 64, 65, 66, 69, 70, 73, 75, 77, 78, 130, 143] {
            #expect(help.contains(try Regex("\n +\(code)  [a-z]")), "\(code)")
        }
    }

    @Test(arguments: [
        "plan --bogus", "plan x.csv --format xml", "plan x.csv --accept deactivations", "plan x.csv --as-of yesterday",
        "plan x.csv --as-of 2026-03-02", "sync", "import", "inspect", "init", "apply", "why", "team remove", "nonsense",
        "roster --active --inactive", "roster --groups --active", "plan x.csv --group-members Sales",
        "plan x.csv --quiet --verbose", "history --format csv", "history --format html --verify",
        "history --out reports", "plan x.csv --attributes some", "help nosuch", "plan x.csv --accept vacations=3",
        "plan x.csv --accept deactivations=some", "sync x.csv --accept fingerprint=1", "import --bogus",
    ])
    func `that is wrong is exit 64, on stderr`(words: String) throws {
        let run = try ProgramFolder().run(words)
        #expect(run.exit == 64)
        #expect(run.out.isEmpty)
        #expect(run.err.contains("Error: "))
    }

}

@Suite struct `First mistakes` {
    @Test(arguments: ["plan", "sync", "import", "inspect", "init"])
    func `a path that is wrong is exit 66, and named`(command: String) throws {
        let folder = try ProgramFolder()
        let roster = ["inspect", "init"].contains(command) ? "" : " --database popl.sqlite --team acme"
        let run = try folder.run("\(command) nosuch.csv\(roster)")
        #expect(run.exit == 66)
        #expect(run.err.contains("nosuch.csv cannot be read: there is no such file"), "\(run.err)")
        #expect(try folder.names().isEmpty)
    }

    @Test func `a folder is no export`() throws {
        let folder = try ProgramFolder()
        try folder.write("exports/a.csv", "x")
        let run = try folder.run("inspect exports")
        #expect(run.exit == 66)
        #expect(run.err.contains("it is a folder"))
    }

    @Test func `a pipe is no export, and nobody waits for it`() throws {
        let document = try DocumentFolder([:])
        let run = try document.run("mkfifo users.csv && timeout 20 popl-sync inspect users.csv")
        #expect(run.exit == 66)
        #expect(run.said.contains("users.csv cannot be read: it is a pipe"), "\(run.said)")
    }

    @Test func `an unknown team comes with the command that makes it`() throws {
        let folder = try ProgramFolder()
        try folder.write("a.csv", "id,login,email,status\n1,a@example.com,a@example.com,active\n")
        for command in ["plan", "sync"] {
            let run = try folder.run("\(command) a.csv --database popl.sqlite --team acme")
            #expect(run.exit == 78)
            #expect(run.err.contains("popl-sync team create acme --database popl.sqlite"), "\(run.err)")
            #expect(try folder.names() == ["a.csv"])
        }
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        let run = try folder.run("plan a.csv --database popl.sqlite --team acne")
        #expect(run.exit == 78)
        #expect(run.err.contains("Did you mean acme?"), "\(run.err)")
    }

    @Test func `a database that is none is exit 69`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl.sqlite", String(repeating: "not a database ", count: 100))
        let run = try folder.run("roster --database popl.sqlite --team acme")
        #expect(run.exit == 69)
        #expect(!run.err.isEmpty && run.out.isEmpty)
    }

    @Test func `another kind of database is refused without its password`() throws {
        let run = try ProgramFolder().run("roster --database postgres://me:secret@db/popl --team acme")
        #expect(run.exit == 78)
        #expect(run.err.contains("only SQLite files are available yet"))
        #expect(!run.err.contains("secret"))
    }

    @Test func `an error is a document too where stdout is for machines`() throws {
        let run = try ProgramFolder().run("plan nosuch.csv --database popl.sqlite --team acme --format json")
        #expect(run.exit == 66)
        let document = try JSON.parse(run.out)
        #expect(document["formatVersion"]?.integer == 1)
        #expect(document["inputs"]?.array?.isEmpty == true)
        #expect(document["error"]?["code"]?.string == "input-missing")
        #expect(document["error"]?["exitCode"]?.integer == 66)
        #expect(document["error"]?["file"]?.string == "nosuch.csv")
    }

    @Test func `an error is a line of JSON in a log for machines`() throws {
        let run = try ProgramFolder().run("plan nosuch.csv --database popl.sqlite --team acme --log-format json")
        #expect(run.exit == 66)
        let line = try JSON.parse(run.err)
        #expect(line["level"]?.string == "error")
        #expect(line["exit"]?.string == "66")
    }

    @Test func `metadata that must be signed is refused while nothing checks signatures`() throws {
        let file = ProgramFolder.fixture("saml/README.md")
        for option in ["--require-signature", "--metadata-signer x.pem"] {
            let run = try ProgramFolder().run("inspect \(file) \(option)")
            #expect(run.exit == 65)
            #expect(run.err.contains("cannot be checked yet"))
        }
    }
}
