import Exports
import JSON
@testable import Reconciliation
import Reporting
import SCIM
import Testing

@Suite struct `Report as a page` {
    private let next = NextStep(
        apply: "popl-sync sync okta-users.csv --database popl.sqlite --team acme",
        state: "This was a dry run: nothing was changed.")

    private var trend: RunTrend {
        var trend = RunTrend()
        trend.points = [(412, 0, false), (3, 1, false), (0, 0, false), (250, 90, true), (7, 1, false)].enumerated().map
        {
            RunTrend.Point(
                run: RunID(rawValue: "2026111\($0)T020000Z-1a2b3c4d"),
                started: Timestamp(rawValue: 1_794_700_800_000 + Int64($0) * 86_400_000), command: "sync",
                changes: $1.0, deactivations: $1.1, isHeld: $1.2, isFinished: true)
        }
        return trend
    }

    private func page(_ report: Report) throws -> String {
        var bytes: [UInt8] = []
        try report.write(as: .html, style: .plain) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Without style and script, which are files of their own, and their digests.
    private func bare(_ report: Report) throws -> String { Self.bare(try page(report)) }

    private static func bare(_ page: String) -> String {
        page.replacing(/<style>(?s:.*?)<\/style>/, with: "<style>…</style>")
            .replacing(/<script type="module">(?s:.*?)<\/script>/, with: "<script type=\"module\">…</script>")
            .replacing(/sha256-[A-Za-z0-9+\/=]+/, with: "sha256-…")
    }

    private func run(_ outcomes: [Outcome]) -> RunReport {
        RunReport(
            run: RunID(rawValue: "20261124T020000Z-1a2b3c4d"), command: "sync", plan: SamplePlan.everything,
            outcomes: outcomes, isInterrupted: false)
    }

    @Test func `shows a plan`() throws {
        try expectText(
            bare(Report(plan: SamplePlan.everything, standing: [], next: next, trend: trend)), "plan.html")
    }

    @Test func `says first of a held plan how it can be let through`() throws {
        let plan = SamplePlan.held
        try expectText(bare(Report(plan: plan, standing: plan.guards, next: next, trend: trend)), "plan-held.html")
    }

    @Test func `says first of a run what was not applied`() throws {
        let outcomes: [Outcome] = [
            .applied, .failed("Another member has the userName bjorn@example.com."), .applied,
            .superseded("It changed since version 7."), .applied,
        ]
        try expectText(bare(Report(run: run(outcomes), next: next, trend: RunTrend())), "run-in-part.html")
    }

    @Test func `shows the runs of a team`() throws {
        let days: [(changes: Int, held: Bool)] = [(412, false), (3, false), (250, true), (0, false)]
        let entries = days.enumerated().map { day, night in
            var plan = SamplePlan.empty
            plan.changes = SamplePlan.deactivations(min(night.changes, 3))
            var head = RunHead(by: "ops@host", plan: plan, members: 400 + day)
            head.changes = night.changes
            head.held = night.held ? ["deactivations=90"] : []
            head.outcomes = OutcomeCounts(applied: night.changes, failed: 0, superseded: 0, skipped: 0)
            let start = Timestamp(rawValue: 1_794_700_800_000 + Int64(day) * 86_400_000)
            return RunHistory.Entry(
                record: RunRecord(
                    id: RunID(rawValue: "2026111\(day)T020000Z-1a2b3c4d"), source: nil, command: "sync", planDigest: "",
                    verdict: night.held ? "held" : "clear", started: start, finished: start), head: head)
        }
        let page = String(
            decoding: try HistoryPage.html(entries.reversed(), team: "acme", isLinked: true), as: UTF8.self)
        try expectText(Self.bare(page), "history.html")
        let alone = String(
            decoding: try HistoryPage.html(entries.reversed(), team: "acme", isLinked: false), as: UTF8.self)
        #expect(!alone.contains("href=\"2026"))
    }

    @Test func `holds no text that ends its data or begins markup`() throws {
        var plan = SamplePlan.empty
        let name = "</script><!--<script>&\u{2028}\u{202E}"
        plan.changes = [
            Change(
                .create, name: name, reason: name, place: Place(file: name, line: 2),
                attributes: [AttributeChange(path: "title", old: name, new: name)])
        ]
        plan.notices = [Notice(.warning, code: "x", message: name)]
        let page = try page(Report(plan: plan, standing: [], next: next, trend: trend))
        // The script's own end, and that of the data.
        #expect(page.matches(of: /<\/script/).count == 2)
        #expect(page.matches(of: /<script/).count == 2)
        #expect(!page.contains("<!--"))
        #expect(!page.unicodeScalars.contains { $0 == "\u{2028}" || $0 == "\u{202E}" })
        let data = try #require(page.firstMatch(of: /id="data">\n(.*)<\/script>/)).1
        #expect(
            try JSON.parse(String(data))["changes"]?.array?.first?["name"]?.string?.hasPrefix("</script><!--") == true)
    }

    @Test func `says so when a browser is not given all of the changes`() throws {
        var plan = SamplePlan.empty
        plan.changes = [Change](repeating: SamplePlan.deactivations(1)[0], count: 100_001)
        let page = try page(Report(plan: plan, standing: [], next: next, trend: trend))
        #expect(page.contains("The first 100,000 are listed here"))
        #expect(page.matches(of: /"kind":2/).count == 100_000)
    }

    @Test func `measures a run by those that were not held`() throws {
        func remark(_ leaving: Int) throws -> String {
            var plan = SamplePlan.empty
            plan.changes = SamplePlan.deactivations(leaving)
            let page = try page(Report(plan: plan, standing: [], next: next, trend: trend))
            return String(try #require(page.firstMatch(of: /Is it normal<\/h2>\n<p class="[a-z]+">(.*)<\/p>/)).1)
        }
        #expect(
            try remark(1)
                == "1 change and 1 deactivation, no more than in any of the last 5 runs: at most 412 and 1.")
        #expect(try remark(2) == "2 deactivations, more than in any of the last 5 runs: at most 1.")
    }
}
