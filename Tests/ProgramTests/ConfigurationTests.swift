import Foundation
import Testing

/// The configuration as the program reads it: every mistake is exit 78 with file, line, column, key and the mend.
@Suite struct `Configuration` {
    private func complaint(_ yaml: String) throws -> ProgramRun {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", yaml)
        return try folder.run("plan")
    }

    @Test(arguments: [
        ("teem: acme\n", "popl-sync.yaml:1:1: teem: ", "did you mean `team`?"),
        ("team: acme\nguards:\n  deactivatons: 3\n", "popl-sync.yaml:3:3: guards.deactivatons: ", "`deactivations`"),
        (
            "guards:\n  deactivations: { count: 3, precent: 4 }\n",
            "popl-sync.yaml:2:30: guards.deactivations.precent: ", "`percent`"
        ),
        ("source:\n  uesrs: a.csv\n", "popl-sync.yaml:2:3: source.uesrs: ", "`users`"),
        ("mapping:\n  title: { form: x }\n", "popl-sync.yaml:2:12: mapping.title.form: ", "`from`"),
        ("mapping:\n  title: { overwrite: allways }\n", "popl-sync.yaml:2:12: mapping.title.overwrite: ", "`always`"),
        ("attributes: minimum\n", "popl-sync.yaml:1:1: attributes: ", "`minimal`"),
        ("status:\n  Gone: inactiv\n", "popl-sync.yaml:2:3: status.Gone: ", "`inactive`"),
        ("source:\n  time-zone: Europe/Prag\n", "popl-sync.yaml:2:3: source.time-zone: ", "`Europe/Prague`"),
    ])
    func `names what is misspelt and the nearest right word`(yaml: String, place: String, mend: String) throws {
        let run = try complaint(yaml)
        #expect(run.exit == 78)
        #expect(run.err.contains("Error: \(place)"), "\(run.err)")
        #expect(run.err.contains(mend), "\(run.err)")
        #expect(run.out.isEmpty)
    }

    @Test(arguments: [
        ("guards:\n  export-age: 72\n", "2:3: guards.export-age: must be a duration such as `72h`"),
        ("guards:\n  export-age: 3days\n", "2:3: guards.export-age: must be a duration"),
        ("guards:\n  export-age: -3d\n", "2:3: guards.export-age: must be a duration"),
        ("guards:\n  floor: many\n", "2:3: guards.floor: must be a whole number"),
        ("guards:\n  floor: -1\n", "2:3: guards.floor: must be a whole number"),
        ("guards:\n  deactivations: { percent: 110 }\n", "2:20: guards.deactivations.percent: must be a percentage"),
        ("guards:\n  rejected: five\n", "2:3: guards.rejected: must be a percentage"),
        ("guards: 5\n", "1:1: guards: must be a block of `key: value` lines, but is `5`"),
        ("retention: { journal: 0d }\n", "1:14: retention.journal: must be a duration"),
        (
            "retention: { reports: 90d }\n",
            "1:14: retention.reports: must not be shorter than retention.journal, which is 400d"
        ),
        ("retention: { journal: forever, reports: 90d }\n", "1:32: retention.reports: must not be shorter"),
        ("team: [a, b]\n", "1:1: team: must be a text, but is a list"),
        ("team:\n", "1:1: team: must be a text, but is empty"),
        ("source:\n  combine: maybe\n", "2:3: source.combine: must be `true` or `false`"),
        ("scope:\n  include: { column: department }\n", "2:3: scope.include: needs both"),
        ("groups: { separator: tab }\n", "1:11: groups.separator: does not know `tab`"),
        (
            "serve: { limits: { page: 0 } }\n",
            "1:20: serve.limits.page: must be a whole number from 1 to 2147483647, but"
        ),
        (
            "serve: { limits: { json-depth: 501 } }\n",
            "1:20: serve.limits.json-depth: must be a whole number from 1 to 500"
        ),
        (
            "serve: { limits: { filter-terms: many } }\n",
            "1:20: serve.limits.filter-terms: must be a whole number from 1 to"
        ),
        (
            "serve: { limits: { page-default: 20, page: 10 } }\n",
            "1:20: serve.limits.page-default: must not be more than serve.limits.page, which is 10"
        ),
        ("- a\n- b\n", "1:1: The file must be a block"),
        ("team: \"acme\n", "The file is not YAML here"),
        ("team: acme\n  database: x\n", "2:11: The file is not YAML here"),
        ("team: acme\nteam: globex\n", "1:1: team: is given more than once"),
        ("source:\n  users: a\n  users: b\n", "2:3: users: is given more than once"),
    ])
    func `says what a value must be`(yaml: String, complaint expected: String) throws {
        let run = try complaint(yaml)
        #expect(run.exit == 78)
        #expect(run.err.contains(expected), "\(run.err)")
    }

    @Test func `says where the token is, and never the token`() throws {
        let run = try complaint("target:\n  token: s3cret\n")
        #expect(run.exit == 78)
        #expect(run.err.contains("popl-sync.yaml:2:3: target.token: must say where the token is"), "\(run.err)")
        #expect(!run.err.contains("s3cret"))
    }

    @Test func `is looked for beside the command, and named ones must exist`() throws {
        let folder = try ProgramFolder()
        #expect(try folder.run("plan").exit == 64)
        let run = try folder.run("plan --config nosuch.yaml")
        #expect(run.exit == 78)
        #expect(run.err.contains("nosuch.yaml cannot be read: there is no such file"))
    }

    @Test func `that is empty says nothing`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "# nothing\n")
        let run = try folder.run("plan")
        #expect(run.exit == 78)
        #expect(run.err.contains("source.users is not set"))
    }

    @Test func `pattern that matches nothing is a missing input, named with its place`() throws {
        let folder = try ProgramFolder()
        try folder.write("popl-sync.yaml", "team: acme\nsource:\n  users: exports/okta-*.csv\n")
        let run = try folder.run("plan --database popl.sqlite")
        #expect(run.exit == 66)
        #expect(run.err.contains("popl-sync.yaml:3:3: No file matches exports/okta-*.csv"), "\(run.err)")
    }

    /// Whoever takes a # away must get what the line says.
    @Test func `template parses with every comment taken away, and names what an administrator wants`() throws {
        let folder = try ProgramFolder()
        try folder.write("people.csv", "id,login,title,department,status\n1,ada@acme.example,Chair,Sales,active\n")
        #expect(try folder.run("init people.csv --team acme --database popl.sqlite").exit == 0)
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        let template = try folder.read("popl-sync.yaml")
        #expect(try folder.run("plan").exit == 0)
        var keys: [Substring] = []
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let key = line.firstMatch(of: /^ *# +([A-Za-z.-]+):( |$)/) else { return String(line) }
            keys.append(key.1)
            return String(line).replacing("# ", with: "", maxReplacements: 1)
        }
        for key in [
            "snapshot", "leavers", "grace", "expect-records", "trailer", "precedence", "mapping", "title", "scope",
            "groups", "protect", "admins", "incomplete", "guards", "deactivations", "export-age", "retention",
            "privacy", "healthcheck", "notify", "report-url", "metrics-file", "scim", "token", "proxy", "ca-file",
        ] { #expect(keys.contains(Substring(key)), "\(key)") }
        // One target at a time.
        let start = try #require(lines.firstIndex { $0.contains("In its place") })
        let end = try #require(lines[start...].firstIndex(of: ""))
        try folder.write("popl-sync.yaml", (lines[..<start] + lines[end...]).joined(separator: "\n"))
        // It reads the configuration, and no export that would have to fit it.
        let run = try folder.run("history")
        #expect(run.exit == 0, "\(run.err)\n\(lines.joined(separator: "\n"))")
        try folder.write("popl-sync.yaml", lines.filter { !$0.hasPrefix("  database:") }.joined(separator: "\n"))
        let remote = try folder.run("check")
        #expect(remote.exit == 66 && remote.err.contains("token cannot be read"), "\(remote.exit) \(remote.err)")
    }

    /// The program lists a block's keys when it meets one that it does not know; docs/configuration.md must list the same.
    @Test func `documentation has exactly the keys that the program knows`() throws {
        let blocks = [
            ("", "zzzz: 1"), ("target", "target: { zzzz: 1 }"), ("target.token", "target: { token: { zzzz: 1 } }"),
            ("source", "source: { zzzz: 1 }"),
            ("mapping.*", "mapping: { title: { zzzz: 1 } }"), ("groups", "groups: { zzzz: 1 }"),
            ("scope", "scope: { zzzz: 1 }"), ("scope.include", "scope: { include: { zzzz: 1 } }"),
            ("scope.exclude", "scope: { exclude: { zzzz: 1 } }"), ("guards", "guards: { zzzz: 1 }"),
            ("guards.deactivations", "guards: { deactivations: { zzzz: 1 } }"),
            ("guards.rolling-deactivations", "guards: { rolling-deactivations: { zzzz: 1 } }"),
            ("source.grace", "source: { grace: { zzzz: 1 } }"), ("protect", "protect: [{ zzzz: 1 }]"),
            ("retention", "retention: { zzzz: 1 }"), ("serve", "serve: { zzzz: 1 }"),
            ("serve.limits", "serve: { limits: { zzzz: 1 } }"), ("healthcheck", "healthcheck: { zzzz: 1 }"),
            ("notify", "notify: [{ zzzz: 1 }]"), ("notify.webhook", "notify: [{ webhook: { zzzz: 1 } }]"),
        ]
        var known: Set<String> = []
        for (block, yaml) in blocks {
            let run = try complaint(yaml + "\n")
            let start = try #require(run.err.range(of: "Keys here: "), "\(run.err)")
            let list = run.err[start.upperBound...].prefix { $0 != "\n" }.dropLast()
            for key in list.split(separator: ", ") { known.insert(block.isEmpty ? String(key) : "\(block).\(key)") }
        }
        let text = try String(contentsOf: ProgramFolder.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let documented = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `") else { return nil }
            return String(line.dropFirst(3).prefix { $0 != "`" })
        }
        #expect(Set(documented) == known)
        #expect(documented.count == known.count)
    }
}
