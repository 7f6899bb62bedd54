import Exports
import JSON
@testable import Reconciliation
@testable import Reporting
import SCIM
import Testing

/// The forms of a report that are neither text nor a page.
@Suite struct `Report in other forms` {
    private let next = NextStep(
        apply: "popl-sync sync okta-users.csv --database popl.sqlite --team acme",
        state: "This was a dry run: nothing was changed.")

    private var plan: Report { Report(plan: SamplePlan.everything, standing: [], next: next, trend: RunTrend()) }

    private var run: Report {
        let outcomes: [Outcome] = [
            .applied, .failed("Another member has the userName bjorn@example.com."), .applied,
            .superseded("It changed since version 7."), .applied,
        ]
        let run = RunReport(
            run: RunID(rawValue: "20261124T020000Z-1a2b3c4d"), command: "sync", plan: SamplePlan.everything,
            outcomes: outcomes, isInterrupted: false)
        return Report(run: run, next: next, trend: RunTrend())
    }

    private func text(_ report: Report, _ format: ReportFormat) throws -> String {
        var bytes: [UInt8] = []
        try report.write(as: format, style: .plain) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `shows a plan as Markdown`() throws { try expectText(text(plan, .markdown), "plan.md") }

    @Test func `shows a held plan as Markdown`() throws {
        let held = SamplePlan.held
        let report = Report(plan: held, standing: held.guards, next: next, trend: RunTrend())
        try expectText(text(report, .markdown), "plan-held.md")
    }

    @Test func `shows a run as Markdown`() throws { try expectText(text(run, .markdown), "run-in-part.md") }

    @Test(arguments: [
        ("a|b", "`a\\|b`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("<img>", "`<img>`"), (" x", "`  x `"),
        ("", "(empty)"), ("@here", "`@here`"), ("a\nb", "`a\\nb`"),
    ])
    func `lets no name be Markdown`(name: String, code: String) { #expect(MarkdownText.code(name) == code) }

    @Test func `lets no sentence be Markdown`() {
        #expect(
            MarkdownText.sentence("*a* _b_ `c` [d](e) <f> |g| ~h~ #1 &amp; @here \\")
                == "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\|g\\| \\~h\\~ \\#1 \\&amp; \\@here \\\\")
    }

    @Test func `has a line of CSV for each value that changes`() throws {
        try expectText(text(plan, .csv), "plan.csv")
        try expectText(text(run, .csv), "run-in-part.csv")
    }

    @Test func `has nothing in CSV that a spreadsheet would run`() throws {
        var plan = SamplePlan.empty
        plan.changes = [
            Change(
                .create, name: "=1+1", externalID: "@x", reason: "-r", place: Place(file: "+f", line: 2),
                attributes: [AttributeChange(path: "title", old: "\tx", new: "=cmd")])
        ]
        let report = Report(plan: plan, standing: [], next: next, trend: RunTrend())
        let line = try #require(try text(report, .csv).split(separator: "\n").last)
        #expect(line == "1,create,User,,'=1+1,'@x,title,\"'\tx\",'=cmd,'-r,'+f,2,,")
    }

    @Test func `is a stream of events that ends with their number`() throws {
        try expectText(text(plan, .jsonl), "plan.jsonl")
        try expectText(text(run, .jsonl), "run-in-part.jsonl")
    }

    @Test func `says in the stream of events what the document says`() throws {
        let document = try JSON.parse(text(run, .json))
        let events = try text(run, .jsonl).split(separator: "\n").map { try JSON.parse(String($0)) }
        func all(_ event: String) -> JSONValue {
            .array(events.filter { $0["event"]?.string == event }.compactMap { $0[event] })
        }
        for (event, list) in [
            ("input", "inputs"), ("change", "changes"), ("guard", "guards"), ("pinned", "pinned"),
            ("rejected", "rejected"), ("unmanaged", "unmanaged"), ("notice", "notices"),
        ] {
            #expect(all(event) == document[list], "\(event)")
        }
        #expect(events.first?["run"]?["summary"] == document["summary"])
        #expect(events.last?["end"]?["events"]?.integer == events.count - 1)
    }
}
