import Foundation
import GRDB
import Testing

/// `privacy: hashed`: beside the roster itself nothing that is kept or said holds a personal value.
@Suite struct `Privacy` {
    /// That of a dry run or a run, in every form that there is.
    private static let formats = ["", "json", "jsonl", "csv", "markdown", "html"].map {
        $0.isEmpty ? "" : " --format \($0)"
    }

    let document: DocumentFolder

    init() throws {
        document = try DocumentFolder(["popl-sync.yaml": "okta/popl-sync.yaml"])
        let configuration = try document.folder.read("popl-sync.yaml")
        try document.folder.write("popl-sync.yaml", configuration + "privacy: hashed\n")
    }

    /// Every value about a person in the exports of the three nights.
    private func personalValues() throws -> Set<String> {
        var values: Set<String> = []
        for night in ["monday", "tuesday", "wednesday"] {
            let file = ProgramFolder.root.appending(path: "samples/okta/\(night)/users.json")
            let users = try JSONDecoder().decode(ScenarioValue.self, from: Data(contentsOf: file))
            for user in users.array ?? [] {
                guard case .object(let profile) = user["profile"], let id = user["id"]?.string else { continue }
                values.insert(id)
                // A department's name is a group's too.
                for (name, value) in profile where name != "department" { value.string.map { _ = values.insert($0) } }
            }
        }
        return values
    }

    /// Of `values`, those that a row of any table but the roster's own holds, with the table.
    private func kept(_ values: Set<String>) throws -> [String] {
        let queue = try DatabaseQueue(path: document.folder.path("roster.sqlite"))
        defer { try? queue.close() }
        return try queue.read { database in
            let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            #expect(tables.contains("journal") && tables.contains("run"))
            return try tables.filter { $0 != "resource" }.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").flatMap { row in
                    let text = row.map {
                        Data.fromDatabaseValue($0.1).map { String(decoding: $0, as: UTF8.self) } ?? ""
                    }
                    .joined(separator: " ")
                    return found(values, in: text).map { "\(table): \($0)" }
                }
            }
        }
    }

    private func found(_ values: Set<String>, in text: String) -> [String] { values.filter(text.contains) }

    private func expect(_ command: String, exit: Int32, _ values: Set<String>) throws {
        let run = try document.run("popl-sync " + command)
        #expect(run.exit == exit, "\(command)\n\(run.said)")
        #expect(found(values, in: run.said) == [], "\(command)\n\(run.said)")
    }

    @Test func `leaves personal values to the roster alone`() throws {
        let values = try personalValues()
        #expect(values.count > 150)
        try document.lay(night: "monday")
        #expect(try document.run("popl-sync team create fernhill").exit == 0)
        for format in Self.formats { try expect("plan" + format, exit: 0, values) }
        try expect("sync", exit: 0, values)
        try document.lay(night: "tuesday")
        for format in Self.formats { try expect("plan --out saved.plan" + format, exit: 0, values) }
        try expect("apply saved.plan --database roster.sqlite --format json --log-format json", exit: 1, values)
        try expect("undo 20260302T040000Z-1a2b3c4d --verbose", exit: 0, values)
        try expect("undo 20260302T040000Z-1a2b3c4d --format json", exit: 0, values)
        try document.lay(night: "wednesday")
        for format in Self.formats { try expect("sync" + format, exit: 3, values) }
        for format in Self.formats {
            try expect("history --run 20260302T040000Z-1a2b3c4d" + format, exit: 0, values)
        }
        for command in [
            "history", "history --format json", "history --verify", "history --format html --out pages && cat pages/*",
        ] {
            try expect(command, exit: 0, values)
        }
        #expect(try kept(values) == [])
        #expect(try kept(["hmac:"]).contains("journal: hmac:") && kept(["hmac:"]).contains("run: hmac:"))
        // What is to be looked at still can be: the roster.
        #expect(try !found(values, in: document.run("popl-sync roster").said).isEmpty)
    }

    private static let people = """
        id,login,first name,last name,mobile phone,status
        Z01,zacharias@acme.example,Zacharias,Zeppelin,+49 555 7001,active
        Z02,yolanda@acme.example,Yolanda,Yttrium,+49 555 7002,active
        Z03,xerxes@acme.example,Xerxes,Xylophon,+49 555 7003,active

        """

    /// Every kind of record that a message quotes something of.
    private static let poisoned = """
        id,login,first name,last name,mobile phone,status
        Z01,zacharias@acme.example,Zacharias,Zeppelin,4.91711E+11,active
        Z02,yolanda@acme.example,Yolanda,Yttrium,+49 555 7002,Ab"gereist
        5.91711E+11,walburga@acme.example,Walburga,Wolfram,,active
        Z05,xerxes@acme.example,,,,active

        """

    @Test(arguments: Self.formats) func `hashes what messages quote of a record`(format: String) throws {
        let folder = try ProgramFolder()
        let values: Set = [
            "Z01", "Z02", "Z03", "Z05", "zacharias", "yolanda", "xerxes", "walburga", "Zeppelin", "Yttrium", "Xylophon",
            "Wolfram", "E+11", "gereist", "555 700",
        ]
        try folder.write(
            "popl-sync.yaml", "privacy: hashed\nincomplete: creates-and-updates\nguards: { rejected: 100 }\n")
        try folder.write("people.csv", Self.people)
        try folder.write("poisoned.csv", Self.poisoned)
        let here = "--database roster.sqlite --team acme"
        #expect(try folder.run("import people.csv \(here) --create-team").exit == 0)
        let plan = try folder.run("plan poisoned.csv \(here)\(format)")
        #expect(plan.exit == 0, "\(plan.err)")
        // CSV has the changes alone.
        let hasMessages = !format.hasSuffix("csv")
        for quote in [
            "The status \"hmac:", "A spreadsheet turned the id into \"hmac:", "has the address of the member",
        ] where hasMessages {
            let words = plan.out.replacing(/\s+/, with: " ").replacing("\\\"", with: "\"")
            #expect(words.contains(quote), "\(plan.out)")
        }
        let run = try folder.run("sync poisoned.csv \(here)\(format) --rejects rejects.csv")
        #expect(run.exit == 1, "\(run.out)\(run.err)")
        for text in [plan.out, plan.err, run.out, run.err] { #expect(found(values, in: text) == [], "\(text)") }
        #expect(try folder.read("rejects.csv").contains("yolanda@acme.example"))
        // Nothing of a file is usable: the sentence about its first record is a guard's reason, or the error.
        try folder.write("lost.csv", "id,login,status\n1,ada@acme.example,Abgereist\n")
        for (yaml, exit) in [("incomplete: creates-and-updates\n", 1), ("", Int32(65))] {
            try folder.write("popl-sync.yaml", "privacy: hashed\n\(yaml)")
            let lost = try folder.run("sync lost.csv \(here)\(format)")
            #expect(lost.exit == exit)
            let said = lost.out + lost.err
            #expect(said.contains("The first, on line 2") || !hasMessages)
            #expect(found(["Abgereist", "ada@"], in: said) == [], "\(said)")
        }
    }

    private func write(_ rows: [String], _ name: String, in folder: ProgramFolder) throws {
        try folder.write(name, "id,login,title,status\n" + rows.map { $0 + "\n" }.joined())
    }

    @Test func `lets undo restore access, and say why it cannot restore values`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "privacy: hashed\n")
        let here = "--database roster.sqlite --team acme"
        try write(
            ["1,ada@acme.example,Founder,active", "2,bob@acme.example,Smith,active", "3,cai@acme.example,Cook,active"],
            "monday.csv", in: folder)
        try write(
            [
                "1,ada@acme.example,Chair,active", "2,bob@acme.example,Smith,inactive",
                "3,cai@acme.example,Cook,active", "4,dee@acme.example,Baker,active",
            ], "tuesday.csv", in: folder)
        #expect(try folder.run("sync monday.csv \(here) --create-team").exit == 0)
        // The second plan is silent, whatever the journal holds.
        #expect(try folder.run("plan monday.csv \(here) --detailed-exitcode").exit == 0)
        let tuesday = try folder.run("sync tuesday.csv \(here) --format json")
        #expect(tuesday.exit == 0)
        let id = try #require(tuesday.out.firstMatch(of: /"run":"([^"]+)"/)).1
        let undo = try folder.run("undo \(id) \(here) --apply")
        #expect(undo.exit == 1, "\(undo.out)\(undo.err)")
        #expect(undo.out.contains("Reactivate 1 member") && undo.out.contains("Deactivate 1 member"), "\(undo.out)")
        #expect(undo.out.contains("only digests of the former values are kept (privacy: hashed)"), "\(undo.out)")
        let roster = try folder.run("roster \(here) --format json").out
        let people = try JSONDecoder().decode(ScenarioValue.self, from: Data(roster.utf8))["Resources"]?.array ?? []
        let told = people.map {
            "\($0["userName"]?.string ?? "") \($0["title"]?.string ?? "") \($0["active"] == .bool(true))"
        }
        #expect(
            told.sorted() == [
                "ada@acme.example Chair true", "bob@acme.example Smith true", "cai@acme.example Cook true",
                "dee@acme.example Baker false",
            ])
    }

    @Test func `leaves saved plans whole, and refuses to apply what was only shown`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "privacy: hashed\n")
        let here = "--database roster.sqlite --team acme"
        try write(["1,ada@acme.example,Founder,active"], "people.csv", in: folder)
        #expect(try folder.run("team create acme --database roster.sqlite").exit == 0)
        let shown = try folder.run("plan people.csv \(here) --out saved.plan --format json")
        #expect(shown.out.contains("\"privacy\":\"hashed\""), "\(shown.out)")
        #expect(try folder.read("saved.plan").contains("Founder"))
        try folder.write("shown.plan", shown.out)
        let refused = try folder.run("apply shown.plan --database roster.sqlite")
        #expect(refused.exit == 65 && refused.err.contains("so it can only be read"), "\(refused.err)")
        #expect(try folder.run("apply saved.plan --database roster.sqlite").exit == 0)
        #expect(try folder.run("roster \(here)").out.contains("ada@acme.example"))
    }

    @Test func `gives equal values equal digests, in one team only`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "privacy: hashed\n")
        try write(["1,ada@acme.example,Founder,active", "2,bob@acme.example,Founder,active"], "a.csv", in: folder)
        func titles(_ team: String) throws -> Set<Substring> {
            let run = try folder.run("sync a.csv --database roster.sqlite --team \(team) --create-team --format json")
            #expect(run.exit == 0)
            let found = run.out.matches(of: /"path":"title","new":"(hmac:[0-9a-f]{20})"/).map(\.1)
            #expect(found.count == 2)
            return Set(found)
        }
        let (acme, globex) = (try titles("acme"), try titles("globex"))
        #expect(acme.count == 1 && globex.count == 1 && acme != globex)
    }
}
