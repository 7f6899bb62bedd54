import Foundation
import RawHTTP
import SCIM
import SQLiteStorage
import Testing

/// docs/formats.md against what the program prints: every printed field is documented, every documented one printed.
///
/// Whatever a scenario prints is looked up while it is played (``undocumented(_:)``). The other way round a few scenarios
/// and ``extra()`` have to print every documented field: a new field is a row in the document, and where nothing here
/// prints it a scenario or a run more.
@Suite struct `Formats` {
    private static let scenarios = [
        "poison-record", "swapped-addresses", "groups", "incomplete-creates-and-updates", "unmanaged-members",
        "certificate-rollover", "export-ends-midway", "shrunken-export", "bad-metadata-keeps-the-good-copy",
        "status-unknown", "same-person-twice", "one-line-json", "undo", "already-so", "grace", "two-sources", "leaver",
        "trickle",
        "retention", "source-removed",
        "why", "why-not",
    ]

    @Test func `document no field that is not printed`() async throws {
        var printed: [Shape: Set<String>] = [:]
        var schemas = Schemas()
        for (command, document) in try await Self.scenarios.flatMap(documents) + extra() + checks() {
            schemas.add(command, document)
            #expect(try Self.undocumented([(command, document)]) == [])
            for (shape, path) in Shape.fields(of: document, command) { printed[shape, default: []].insert(path) }
        }
        for shape in Shape.allCases {
            let documented = try shape.documented()
            let found = Set(printed[shape, default: []].map { Shape.closed($0, documented) })
            #expect(documented.subtracting(found).sorted() == [], "\(shape.rawValue): printed by no run")
        }
        let (objections, counts) = try schemas.judge(in: ProgramFolder())
        #expect(objections == [])
        // Events and notifications have tests of their own.
        #expect(counts.filter { $0.value == 0 }.keys.sorted() == ["event", "notification"])
    }

    @Test func `are what the schemas of docs/schemas say of events`() throws {
        let folder = try ProgramFolder()
        try folder.write("monday.csv", "id,login,status\n1,a@y.example,active\n2,b@y.example,active\n")
        try folder.write(
            "tuesday.csv", "id,login,status\n1,a@y.example,gone\n2,c@y.example,active\n3,d@y.example,active\n")
        let here = "--database popl.sqlite --team acme --format jsonl"
        var schemas = Schemas()
        for (command, exit) in [
            ("sync monday.csv --create-team \(here)", 0), ("plan tuesday.csv \(here)", 0),
            ("import tuesday.csv \(here)", 1), ("plan nosuch.csv \(here)", 66),
        ] as [(String, Int32)] {
            let run = try folder.run(command)
            #expect(run.exit == exit, "\(command) \(run.err)")
            #expect(run.out.split(separator: "\n").last?.hasPrefix("{\"event\":\"end\"") == true, "\(run.out)")
            schemas.add(events: run.out)
        }
        let (objections, counts) = try schemas.judge(in: folder)
        #expect(objections == [])
        #expect(counts["event"] ?? 0 > 20)
    }

    /// Fields of `documents` that docs/formats.md does not have, and guards that docs/operations.md does not explain.
    static func undocumented(_ documents: [(command: String, document: ScenarioValue)]) throws -> [String] {
        let operations = try DocumentFolder.text("docs/operations.md")
        var missing: Set<String> = []
        for (command, document) in documents {
            for finding in document["guards"]?.array ?? [] {
                let name = finding["name"]?.string ?? ""
                if !operations.contains("\n### \(name)\n") { missing.insert("guard \(name)") }
            }
            for (shape, path) in Shape.fields(of: document, command) {
                let documented = try shape.documented()
                if !documented.contains(Shape.closed(path, documented)) { missing.insert("\(shape.rawValue): \(path)") }
            }
        }
        return missing.sorted()
    }

    /// One of the document's sections.
    private enum Shape: String, CaseIterable {
        case inspect = "Inspect", plan = "Plan", run = "Run", error = "Error", roster = "Roster", team = "Team"
        case token = "Token", check = "Check"
        case history = "History", journal = "Journal", source = "Source", why = "Why"

        func documented() throws -> Set<String> {
            let text = try DocumentFolder.text("docs/formats.md")
            let start = try #require(text.range(of: "\n## \(rawValue)\n")).upperBound
            let section = text[start...].components(separatedBy: "\n## ")[0]
            let fields = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map {
                String($0.dropFirst(3).prefix { $0 != "`" })
            }
            #expect(Set(fields).count == fields.count, "a field stands twice under \(rawValue)")
            return Set(fields)
        }

        /// The row that stands for `path`: itself, or one that ends in `.…` and has all that is below.
        static func closed(_ path: String, _ documented: Set<String>) -> String {
            documented.first { $0.hasSuffix(".…") && (path + ".").hasPrefix($0.dropLast()) } ?? path
        }

        /// A document's fields, each under the section that has to name it.
        static func fields(of document: ScenarioValue, _ command: String) -> [(Shape, String)] {
            if command == "inspect" { return (document.array ?? []).flatMap { paths($0).map { (.inspect, $0) } } }
            if command == "check" {
                return paths(document).map { ($0.hasPrefix("error") || $0 == "inputs[]" ? .error : .check, $0) }
            }
            return paths(document).map { path in
                if path.hasPrefix("inputs[].") { return (.inspect, String(path.dropFirst("inputs[].".count))) }
                // A run that could not go on has its report and the error.
                if document["error"] != nil && (document["run"] == nil || path.hasPrefix("error")) {
                    return (.error, path)
                }
                switch command {
                case "roster": return (.roster, path)
                case "team": return (.team, path)
                case "token": return (.token, path)
                case "source": return (.source, path)
                case "why": return (.why, path)
                case "history" where document["runs"] != nil: return (.history, path)
                case "history" where document["run"] == nil: return (.journal, path)
                default: return (ofRunsOnly.contains(path) ? .run : .plan, path)
                }
            }
        }

        private static let ofRunsOnly: Set = [
            "run", "command", "interrupted", "changes[].outcome", "changes[].error",
            "pruned", "pruned.entries", "pruned.runs",
        ]

        private static func paths(_ value: ScenarioValue, at path: String = "") -> [String] {
            switch value {
            case .object(let members):
                return (path.isEmpty ? [] : [path])
                    + members.flatMap { paths($1, at: path.isEmpty ? $0 : "\(path).\($0)") }
            case .array(let elements): return ["\(path)[]"] + elements.flatMap { paths($0, at: "\(path)[]") }
            default: return [path]
            }
        }
    }

    private func documents(_ scenario: String) throws -> [(command: String, document: ScenarioValue)] {
        var run = try ScenarioRun(Scenario.Named(name: scenario).read())
        defer { run.clear() }
        #expect(try run.play() == [], "\(scenario)")
        return run.documents
    }

    /// What no scenario prints.
    private func extra() throws -> [(command: String, document: ScenarioValue)] {
        let document = try DocumentFolder([
            "popl-sync.yaml": "okta/popl-sync.yaml", "metadata.xml": "okta/monday/metadata.xml",
            "users.json": "okta/monday/users.json", "tuesday.json": "okta/tuesday/users.json",
        ])
        try document.folder.write("cut.csv", "id,login,email\n1,a@x.example,\"a\n")
        try document.folder.write("bad.yaml", "teem: acme\n")
        try document.folder.write("twice.csv", "id,login,email,email\n1,a@x.example,a@x.example,b@x.example\n")
        try document.folder.write(
            "listed.csv", "id,login,email,status,groups\n1,a@x.example,a@x.example,ACTIVE,Sales;Field\n")
        _ = try document.run(
            "sed 's/entityID=/validUntil=\"2031-01-01T00:00:00Z\" &/' metadata.xml > limited.xml;"
                + "sed 's/Sales Manager/Sales Director/' tuesday.json > other.json")
        let here = "--database popl.sqlite --team acme"
        let commands = [
            "team create acme --database popl.sqlite", "inspect limited.xml", "inspect cut.csv",
            "inspect twice.csv", "inspect metadata.xml --as-of 2040-01-01T00:00:00Z",
            "inspect listed.csv",
            "plan nosuch.csv \(here)", "plan --config bad.yaml", "import users.json \(here)",
            "source list \(here)", "team show acme --database popl.sqlite", "team list --database popl.sqlite",
            "roster \(here)",
            "plan tuesday.json \(here)", "sync users.json \(here)",
        ]
        var documents: [(command: String, document: ScenarioValue)] = try commands.map {
            try (verb($0), parsed(document.run("popl-sync \($0) --format json 2>&-")))
        }
        // Who changed since the plan was made is superseded, and the run that did it is taken back.
        _ = try document.run(
            "popl-sync plan tuesday.json \(here) --out late.plan && popl-sync sync other.json \(here)")
        documents.append(
            try ("apply", parsed(document.run("popl-sync apply late.plan --database popl.sqlite --format json 2>&-"))))
        for command in [
            "undo 20260302T040000Z-1a2b3c4d \(here)", "history \(here)", "history \(here) --verify",
            "history \(here) --run 20260302T040000Z-1a2b3c4d",
        ] {
            documents.append(try (verb(command), parsed(document.run("popl-sync \(command) --format json 2>&-"))))
        }
        return try documents + pair(document) + tokens(document)
    }

    /// Of a roster, of our own service, and of one that hardly says anything of itself.
    private func checks() async throws -> [(command: String, document: ScenarioValue)] {
        let document = try DocumentFolder([:])
        let here = "--team acme --database popl.sqlite"
        #expect(try document.run("popl-sync team create acme --database popl.sqlite").exit == 0)
        let issued = try parsed(document.run("popl-sync token issue \(here) --format json 2>&-"))
        try document.folder.write("token", issued["token"]?.string ?? "")
        let (program, url) = try await document.folder.serving(
            ["serve", "--database", "popl.sqlite", "--port", "0", "--quiet"])
        defer { program.signal(SIGKILL) }
        let sloppy = try ScriptedService { $0.contains("/Users") ? ScriptedService.list() : ScriptedService.error(404) }
        return try [
            here, "--scim \(url) --token-file token", "--scim http://127.0.0.1:\(sloppy.port)/ --token-file token",
            "--scim http://127.0.0.1:9/ --token-file token",
        ].map { ("check", try parsed(document.run("popl-sync check \($0) --format json 2>&-"))) }
    }

    /// One that was used and revoked, and one in its place.
    private func tokens(_ document: DocumentFolder) throws -> [(command: String, document: ScenarioValue)] {
        let here = "--team acme --database popl.sqlite --format json 2>&-"
        var documents = [try parsed(document.run("popl-sync token issue --label Okta \(here)"))]
        let id = documents[0]["id"]?.string ?? ""
        let store = try SQLiteStore(path: document.folder.path("popl.sqlite"), mode: .readWrite)
        let record = try #require(try store.read { try $0.token(TokenID(rawValue: id)) })
        try SCIMService(store: store, now: { record.created }).noteUse(of: record)
        store.close()
        for command in ["rotate \(id)", "revoke \(id)", "list"] {
            documents.append(try parsed(document.run("popl-sync token \(command) \(here)")))
        }
        return documents.map { ("token", $0) }
    }

    /// Two people: one waits for hours of grace, and a run that brings a third is killed.
    private func pair(_ document: DocumentFolder) throws -> [(command: String, document: ScenarioValue)] {
        let one = "id,login,status\n1,a@y.example,active\n"
        let two = one + "2,b@y.example,active\n"
        try document.folder.write("one.csv", one)
        try document.folder.write("two.csv", two)
        try document.folder.write("one.csv.manifest.json", #"{"records":1,"written":"\#(Date().ISO8601Format())"}"#)
        try document.folder.write("three.csv", two + "3,c@y.example,active\n")
        try document.folder.write("grace.yaml", "source: { grace: { hours: 24 } }\nprivacy: hashed\n")
        let here = "--config grace.yaml --database popl.sqlite --team pair"
        #expect(try document.run("popl-sync sync two.csv \(here) --create-team").exit == 0)
        let waiting = try parsed(
            document.run("popl-sync plan one.csv \(here) --format json 2>&-"))
        #expect(try document.run("POPL_SYNC_FAULT=after-commit:3 popl-sync sync three.csv \(here)").exit != 0)
        return [
            ("plan", waiting),
            ("history", try parsed(document.run("popl-sync history \(here) --format json 2>&-"))),
        ]
    }

    private func verb(_ command: String) -> String { command.split(separator: " ").first.map(String.init) ?? "" }

    private func parsed(_ run: (exit: Int32, said: String)) throws -> ScenarioValue {
        try JSONDecoder().decode(ScenarioValue.self, from: Data(run.said.utf8))
    }
}
