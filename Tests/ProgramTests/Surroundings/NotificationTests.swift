import Foundation
import JSON
import RawHTTP
import Testing

/// `notify`: who is told of what, in which shape, and what is kept from them.
@Suite struct `Notifications` {
    private let chat: ScriptedService

    init() throws { chat = try .taking() }

    private func target(_ more: String) -> String { "notify: [ { webhook: \(chat.url("hook")), \(more) } ]" }

    /// A run that applies, one that is held, one that fails, and one that finds nothing to do.
    private func week(_ night: Night) throws {
        #expect(try night.sync().exit == 0)
        try night.export([1])
        #expect(try night.sync().exit == 3)
        try night.folder.write("users.csv", "")
        #expect(try night.sync().exit == 65)
        try night.export([1, 2, 3])
        #expect(try night.sync().exit == 0)
    }

    @Test(
        arguments: [
            ("on: change", [["change"]]), ("on: hold", [["hold"]]), ("on: failure", [["failure"]]),
            ("on: certificate", []), ("on: [hold, change]", [["change"], ["hold"]]),
            ("shape: json", [["hold"], ["failure"]]),
        ] as [(String, [[String]])])
    func `goes out on what it was asked for`(on: String, expected: [[String]]) throws {
        try week(Night(target(on)))
        let events = try chat.posts.map { try JSON.parse($0.body)["events"]?.array?.compactMap(\.string) ?? [] }
        #expect(events == expected)
    }

    @Test func `says in JSON what docs/formats.md and its schema say`() throws {
        let night = try Night(
            target("names: true, on: [change, hold, failure, certificate]")
                + "\nreport-url: https://reports.example.com/{team}/{source}/{run}.html", source: "okta & co")
        try week(night)
        // Two weeks before its certificate ends.
        try DocumentFolder.copy("okta/monday/metadata.xml", into: night.folder)
        try night.export([1, 2, 3], at: "2031-02-16T11:00:00Z")
        let run = try night.folder.run(["sync", "users.csv", "metadata.xml", "--as-of", "2031-02-16T12:00:00Z"])
        let documents = try chat.posts.map {
            try JSONDecoder().decode(ScenarioValue.self, from: Data($0.body.utf8))
        }
        var schemas = Schemas()
        for document in documents { schemas.add("notification", document) }
        let (objections, counts) = try schemas.judge(in: night.folder)
        #expect(objections == [], "\(run.err)")
        #expect(counts["notification"] == documents.count)

        let text = try DocumentFolder.text("docs/formats.md")
        let section = try #require(text.components(separatedBy: "\n## Notification\n").last).components(
            separatedBy: "\n## ")[0]
        let documented = Set(section.matches(of: /\n\| `([^`]+)`/).map { String($0.1) })
        let printed = documents.reduce(into: Set<String>()) { $0.formUnion($1.paths) }
        #expect(documented.subtracting(printed).sorted() == [])
        #expect(printed.subtracting(documented).sorted() == [])
        #expect(
            documents.first?["reportURL"]?.string?.hasPrefix("https://reports.example.com/acme/okta%20%26%20co/")
                == true)
    }

    @Test(arguments: ["json", "slack", "teams"]) func `names nobody unless it is asked to`(shape: String) throws {
        let quiet = try Night(target("shape: \(shape), on: [change, hold, failure]"))
        try week(quiet)
        try quiet.folder.write("users.csv", "id,login,status\n1,\"p1@acme.example p2@acme.example\",ACTIVE\n")
        #expect(try quiet.sync().exit != 0)
        let told = chat.posts.map(\.body).joined()
        #expect(!told.contains("acme.example") && !told.contains("Pat"), "\(told)")
        try week(Night(target("shape: \(shape), on: change, names: true")))
        #expect(chat.posts.map(\.body).joined().contains("p1@acme.example"))
    }

    /// A name from an export begins nothing in a chat: no mention, no link, no markup.
    @Test func `takes no markup from names`() throws {
        for shape in ["slack", "teams"] {
            let night = try Night(target("shape: \(shape), on: change, names: true"))
            try night.folder.write(
                "users.csv", "id,login,email,status\n1,<!channel>*x*[y](http://z)@acme.example,a@acme.example,ACTIVE\n")
            #expect(try night.sync().exit == 0)
        }
        let bodies = try chat.posts.map { try JSON.parse($0.body) }
        try #require(bodies.count == 2)
        let name = "<!channel>*x*[y](http://z)@acme.example"
        for block in bodies[0]["blocks"]?.array ?? [] where block["text"]?["text"]?.string?.contains(name) == true {
            #expect(block["text"]?["type"]?.string == "plain_text")
        }
        #expect(bodies[0]["text"]?.string == "popl-sync sync acme/okta: done")
        let card = bodies[1]["attachments"]?.array?.first?["content"]
        #expect(bodies[1]["type"]?.string == "message")
        #expect(
            bodies[1]["attachments"]?.array?.first?["contentType"]?.string == "application/vnd.microsoft.card.adaptive")
        #expect(card?["type"]?.string == "AdaptiveCard")
        #expect(card?["body"]?.array?.allSatisfy { $0["type"]?.string == "RichTextBlock" } == true)
        #expect(
            card?["body"]?.array?.contains { $0["inlines"]?.array?.first?["text"]?.string == "create \(name)" } == true)
    }

    /// Slack and Teams refuse a whole message for one part of it that is too long.
    @Test func `keeps to the limits of chats`() throws {
        for shape in ["slack", "teams"] {
            let night = try Night(
                target("shape: \(shape), on: change, names: true"), team: String(repeating: "t", count: 128),
                source: String(repeating: "s", count: 200))
            let long = String(repeating: "x", count: 300)
            let rows = (1...60).map { "\($0),\(long)\($0),p\($0)@acme.example,ACTIVE\n" }
            try night.folder.write("users.csv", "id,login,email,status\n" + rows.joined())
            #expect(try night.sync().exit == 0)
        }
        let bodies = try chat.posts.map { try JSON.parse($0.body) }
        let blocks = try #require(bodies.first?["blocks"]?.array)
        #expect(blocks.count <= 50)
        for block in blocks {
            let limit = block["type"]?.string == "header" ? 150 : 3000
            #expect((block["text"]?["text"]?.string ?? "").count <= limit)
        }
        #expect(chat.posts.map(\.body).allSatisfy { $0.utf8.count < 28_000 })
        #expect(chat.posts[0].body.contains("… and 40 more"))
    }

    @Test(arguments: [
        ("notify: https://hooks.example.com/s3cret", "notify: must be a list of"),
        ("notify: [ { webhook: s3cret } ]", "notify.webhook: must be a whole URL"),
        ("notify: [ { webhook: ftp://x/s3cret } ]", "notify.webhook: must be a whole URL"),
        ("notify: [ { webhook: https://me:s3cret@x/ } ]", "notify.webhook: must be a whole URL"),
        ("healthcheck: [ https://x/s3cret ]", "healthcheck: must be a whole URL"),
        ("healthcheck: { file: a, env: b }", "healthcheck: must have `file` or `env`, not both."),
        ("notify: [ { shape: slack } ]", "notify: must have either `webhook` or `sendmail`"),
        ("notify: [ { webhook: https://x/s3cret, attach: html } ]", "notify.attach: does not go with `webhook`"),
        ("notify: [ { sendmail: a@b.example, shape: slack } ]", "notify.shape: does not go with `sendmail`"),
        ("notify: [ { sendmail: \"a@b.example\\nBcc: c@d.example\" } ]", "notify.sendmail: must be an address alone"),
        ("notify: [ { sendmail: \"-oQ/tmp@b.example\" } ]", "notify.sendmail: must be an address alone"),
        ("notify: [ { sendmail: a@b.example, program: sendmail } ]", "notify.program: must be a whole path"),
        ("notify: [ { webhook: https://x/s3cret, on: [chnage] } ]", "notify.on: does not know `chnage`"),
        ("report-url: reports/{run}", "report-url: must be a whole URL"),
    ])
    func `that is set up wrongly is exit 78, and no secret is shown`(yaml: String, complaint: String) throws {
        let run = try Night(yaml).sync()
        #expect(run.exit == 78)
        #expect(run.err.contains(complaint), "\(run.err)")
        #expect(!run.err.contains("s3cret"), "\(run.err)")
    }
}

extension ScenarioValue {
    /// Every field, as docs/formats.md writes it.
    fileprivate var paths: Set<String> { Set(fields(at: "")) }

    private func fields(at path: String) -> [String] {
        switch self {
        case .object(let members):
            (path.isEmpty ? [] : [path]) + members.flatMap { $1.fields(at: path.isEmpty ? $0 : "\(path).\($0)") }
        case .array(let elements):
            ["\(path)[]"] + elements.flatMap { $0.fields(at: "\(path)[]") }
        default: [path]
        }
    }
}

extension DocumentFolder {
    static func copy(_ sample: String, into folder: ProgramFolder) throws {
        let source = ProgramFolder.root.appending(path: "samples/\(sample)")
        try FileManager.default.copyItem(at: source, to: folder.url.appending(path: source.lastPathComponent))
    }
}
