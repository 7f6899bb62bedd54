import Foundation
import Testing

/// What somebody gets who mistypes: each mistake's whole output in one file, to be read as its reader would.
@Suite struct `The text of first mistakes` {
    private static let here = "--database popl.sqlite --team acme"
    private static let mistakes = [
        // Commands and options.
        "pln people.csv", "teams", "team creat", "frobnicate", "plan people.csv --databse popl.sqlite --team acme",
        "sync people.csv --dry-run", "roster people.csv", "plan people.csv --quiet --verbose", "apply", "why", "undo",
        "team create", "plan people.csv \(here) --format xml", "plan people.csv \(here) --format=jsn",
        "plan people.csv \(here) --as-of yesterday", "plan people.csv \(here) --accept deactivations",
        "plan people.csv \(here) --input-format okta-user-csv", "plan people.csv \(here) --encoding utf-9",
        "plan people.csv \(here) --accept deactivation=3", "plan people.csv \(here) --accept=vacations=3",
        "plan people.csv \(here) --accept deactivations=some", "inspect --frob", "help plna", "help frobnicate",
        "help team creat", "history --format csv \(here)",
        // What is missing.
        "plan", "sync", "import", "init", "inspect", "roster", "team list", "plan people.csv",
        "plan people.csv --database popl.sqlite", "plan people.csv --config team.yaml", "plan --config team.yaml",
        // Paths.
        "plan nosuch.csv", "plan peple.csv \(here)", "inspect exports", "plan exports/peple.csv \(here)",
        "plan --config nosuch.yaml", "apply nosuch.plan --database popl.sqlite",
        "plan people.csv \(here) --out no/x.plan",
        "plan --config pattern.yaml", "init people.csv --out team.yaml", "init peple.csv --out team.yaml",
        // The wrong kind of file.
        "plan empty.csv \(here)", "plan picture.csv \(here)", "plan noise.csv \(here)", "plan page.csv \(here)",
        "plan workbook.csv \(here)", "plan boxes.csv \(here)", "plan people.csv --database people.csv --team acme",
        "apply people.csv --database popl.sqlite", "plan --config broken.yaml", "plan --config misspelt.yaml",
        // Parts.
        "plan part.csv \(here)", "sync part.csv \(here)", "plan --config part.yaml",
        // Teams, databases, runs, people.
        "plan people.csv --database nosuch.sqlite --team acme", "plan people.csv --database popl.sqlite --team acne",
        "sync people.csv --database popl.sqlite --team globex", "serve --database nosuch.sqlite",
        "team list --database nosuch.sqlite", "team remove acme --database popl.sqlite",
        "team remove globex --database popl.sqlite --yes", "team remove acne --database popl.sqlite --yes",
        "undo 20260302T040000Z-1a2b3c4d \(here)", "history --run yesterday \(here)", "why nobody@acme.example \(here)",
        "why nobody@acme.example people.csv \(here)",
        "token revoke x \(here)", "source remove hr \(here)",
    ]

    private func folder() throws -> ProgramFolder {
        let folder = try ProgramFolder()
        try folder.write("people.csv", "id,login,email,status\n1,a@acme.example,a@acme.example,active\n")
        try folder.write("exports/people.csv", "id,login\n1,a@acme.example\n")
        try folder.write("empty.csv", "")
        try folder.write("page.csv", "<!DOCTYPE html><html><body>Sign in</body></html>\n")
        try folder.write("boxes.csv", "name,colour\nbox,red\n")
        try folder.write("team.yaml", "team: acme\n")
        try folder.write("pattern.yaml", "team: acme\nsource: { users: exports/okta-*.csv }\n")
        try folder.write("broken.yaml", "team: \"acme\n")
        try folder.write("misspelt.yaml", "team: acme\ntaget: { database: popl.sqlite }\n")
        try folder.write("part.csv", "id,login,email,status\n1,a@acme.example,a@acme.example,active\n")
        try folder.write("part.csv.manifest.json", #"{ "records": 5 }"#)
        try folder.write(
            "part.yaml",
            "team: acme\ntarget: { database: popl.sqlite }\nsource: { users: people.csv, snapshot: partial }\n")
        let bytes: [(String, [UInt8])] = [
            ("picture.csv", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D]),
            ("workbook.csv", [0x50, 0x4B, 3, 4, 0x14, 0, 6, 0]),
            ("noise.csv", [1, 2, 3, 0xF1, 4, 5, 6, 0xF2, 7, 0x80]),
        ]
        for (name, bytes) in bytes { try Data(bytes).write(to: folder.url.appending(path: name)) }
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        return folder
    }

    @Test func `ends with the command to type next`() throws {
        let folder = try folder()
        var told = ""
        for words in Self.mistakes {
            let run = try folder.run(words)
            #expect(run.out.isEmpty, "\(words)")
            told += "$ popl-sync \(words)\n\(run.err)(exit \(run.exit))\n\n"
            let last = run.err.split(separator: "\n").last.map(String.init) ?? ""
            #expect(last.contains(/^  \S/) || last.contains(": popl-sync "), "\(words)\n\(run.err)")
            #expect(run.err.hasPrefix("Error: "))
        }
        try expectPrinted(ProgramRun(exit: 0, out: told, err: ""), "mistakes.txt", isWrapped: false)
    }

    /// What is proposed is what its reader types: it is understood at least.
    @Test func `proposes commands that can be understood`() throws {
        let folder = try folder()
        // A service that is told how it can begin would begin.
        for words in Self.mistakes where !words.hasPrefix("serve") {
            let last = try folder.run(words).err.split(separator: "\n").last.map(String.init) ?? ""
            guard let start = last.range(of: "popl-sync ") else { continue }
            let next = last[start.upperBound...].split(separator: " ").map(String.init)
            guard !next.contains("FILE"), !next.contains("NAME") else { continue }
            let run = try folder.run(next)
            for complaint in ["Unknown option", "There is no command", "is invalid for", "Unexpected argument"] {
                #expect(!run.err.contains(complaint), "\(words)\n\(next)\n\(run.err)")
            }
        }
    }
}
