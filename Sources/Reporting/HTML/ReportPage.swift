import Exports
import Reconciliation
import SCIM

/// What the template of a report shows (`Page/report.mustache`), everything but the lists. It names these members; texts
/// are visible (``TerminalText/visible(_:)``), and the template library escapes each where it stands.
struct ReportPage {
    let policy: String
    let style: String
    let script: String?
    let title: String
    let kicker: String
    let verdict: Verdict
    let hashed: Bool
    let needs: Needs?
    let commandLead: String?
    let command: String?
    let whatTitle: String
    let tiles: [Tile]
    let rest: [Tile]
    let trend: TrendPage
    /// Those that have counted something, the nearest to its limit first.
    let guards: [Guard]
    let guardsLeft: String
    let quiet: QuietGuards?
    let inputs: [Input]
    let noInputs: String
    let hasNotices: Bool
    let notices: [PageNotice]
    let changeCount: String
    let cut: String?
    let lists: [List]
    let facts: [Fact]

    struct Verdict {
        let tone: String
        let word: String
        let sentence: String
    }

    struct Tile {
        var tone = "same"
        var kind: String?
        var href: String?
        let figure: String
        let label: String
    }

    struct Fact {
        let name: String
        let value: String
    }

    init(_ report: Report, _ assets: PageAssets) {
        let plan = report.plan
        policy = assets.policy
        style = assets.style
        script = assets.script
        title = TerminalText.visible(report.title)
        kicker = TerminalText.visible(Self.kicker(report))
        verdict = Verdict(report)
        hashed = plan.isHashed
        needs = Needs(report)
        let closing = report.closing
        commandLead = closing?.lead
        command = (closing?.command).map(TerminalText.visible)
        whatTitle =
            report.run != nil ? "What was planned" : report.standing.isEmpty ? "What will happen" : "What would happen"
        tiles = Self.tiles(plan)
        rest = Self.rest(plan, report.standing.isEmpty ? report.run : nil)
        trend = TrendPage(report)
        let judged = plan.guards.map { Guard($0, isStanding: report.standing.contains($0)) }
        guards = judged.filter { !$0.isQuiet }.sorted { $0.share > $1.share }
        guardsLeft = judged.isEmpty ? "None judged." : "None has counted anything."
        quiet = QuietGuards(judged.filter(\.isQuiet))
        inputs = plan.inputs.map { Input($0, asOf: plan.asOf) }
        noInputs = plan.undoes == nil ? "nothing more is kept of them." : "an undo reads the journal."
        notices = plan.notices.map(PageNotice.init)
        hasNotices = !notices.isEmpty
        changeCount = grouped(plan.changes.count)
        cut =
            plan.changes.count <= ReportData.changeLimit
            ? nil
            : "The first \(grouped(ReportData.changeLimit)) are listed here, as many as a browser bears; "
                + "--format csv and json have all \(grouped(plan.changes.count))."
        lists = List.all(plan)
        facts = Self.facts(report)
    }

    private static func kicker(_ report: Report) -> String {
        switch report.occasion {
        case .dryRun: "Dry run, \(report.plan.asOf.minute)"
        case .run(let run, _, _): "\(run.command), \(report.plan.asOf.minute)"
        case .past(let run, let entry):
            "\(run.command), \(entry.record.started.minute)" + (entry.head.map { ", by \($0.by)" } ?? "")
        }
    }

    private static func tiles(_ plan: Plan) -> [Tile] {
        let counts = plan.counts
        return Change.Kind.allCases.compactMap { kind in
            guard let count = counts[kind] else { return nil }
            let words = kind.counted(count).split(separator: " ", maxSplits: 1)
            return Tile(tone: kind.tone, kind: kind.label, figure: grouped(count), label: String(words[1]))
        }
    }

    private static func rest(_ plan: Plan, _ run: RunReport?) -> [Tile] {
        var rest: [Tile] = []
        if let run {
            let counts = OutcomeCounts(run.outcomes)
            for (count, word) in [
                (counts.applied, "applied"), (counts.failed, "failed"), (counts.superseded, "superseded"),
                (counts.skipped, "not attempted"),
            ] where count > 0 {
                rest.append(Tile(figure: grouped(count), label: word))
            }
        }
        for (count, word, isListed) in [
            (plan.unchanged, "unchanged", false), (plan.suspected.count, "suspected", true),
            (plan.pinned.count, "pinned", true), (plan.rejected.count, "rejected", true),
            (plan.released.count, "released", true), (plan.unmanagedCount, "unmanaged", true),
        ] where count > 0 {
            rest.append(Tile(href: isListed ? "#\(word)" : nil, figure: grouped(count), label: word))
        }
        return rest
    }

    private static func facts(_ report: Report) -> [Fact] {
        let plan = report.plan
        var facts: [(String, String?)] = [("Team", plan.team), ("Source", plan.source)]
        if let run = report.run { facts += [("Run", run.run.rawValue), ("Command", run.command)] }
        if case .past(_, let entry) = report.occasion {
            let accepted = entry.record.accepted.joined(separator: ", ")
            facts += [
                ("By", entry.head?.by), ("Started", entry.record.started.iso8601),
                ("Ended", entry.record.finished?.iso8601), ("Accepted", accepted.isEmpty ? nil : accepted),
            ]
        }
        if case .dryRun = report.occasion { facts.append(("May be applied until", plan.expires.iso8601)) }
        facts += [
            ("Takes back", plan.undoes?.rawValue), ("Judged by", plan.asOf.iso8601), ("Plan", plan.digest),
            ("Mapping and scope", plan.fingerprint),
        ]
        return facts.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : Fact(name: name, value: TerminalText.visible($0)) }
        }
    }
}

extension ReportPage.Verdict {
    init(_ report: Report) {
        if case .run(_, _, let failure?) = report.occasion {
            self.init(tone: "held", word: "Broken off", sentence: TerminalText.visible(failure.message))
        } else if case .past(_, let entry) = report.occasion, entry.didNotFinish {
            let sentence =
                "\(grouped(entry.journaled ?? 0)) of \(counted(entry.head?.changes ?? 0, "change")) were applied and "
                + "are in the journal. The next run does the rest."
            self.init(tone: "held", word: "Did not finish", sentence: sentence)
        } else if let closing = report.closing {
            let sentences = closing.word == "Held" ? ["Nothing was changed."] : closing.sentences
            self.init(
                tone: closing.meaning == .good ? "good" : "held", word: closing.word,
                sentence: TerminalText.visible(sentences.joined(separator: " ").begun))
        } else {
            self.init(tone: "held", word: "Held", sentence: "Nothing was changed.")
        }
    }
}

extension Change.Kind {
    var tone: String {
        switch self {
        case .create, .groupCreate, .reactivate: "added"
        case .update, .groupUpdate, .connectionUpdate: "changed"
        case .deactivate: "removed"
        }
    }
}

extension Timestamp {
    /// `2026-11-23 06:00 UTC`.
    var minute: String { iso8601.prefix(16).split(separator: "T").joined(separator: " ") + " UTC" }
}
