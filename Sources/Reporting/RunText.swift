import Exports
import Reconciliation
import SCIM

extension TextReport {
    /// What a run did. `next` is the command that continues it, when something is left to do.
    package static func run(_ report: RunReport, next: String, style: Style) -> String {
        let plan = report.plan
        var page = TextPage(style: style)
        page.whole = "history --run \(report.run) --format csv or html has all"
        page.heading("Run \(report.run) for team \(plan.team), source \(plan.source)")
        page.inputs(plan.inputs)
        page.blank()
        page.summary(of: plan, prefix: "Planned: ")
        page.outcomes(of: report)
        for kind in Change.Kind.allCases { page.changes(of: kind, in: plan) }
        page.findings(of: plan)
        page.blank()
        page.pruned(report.pruned)
        page.closing(Closing(of: report, next: next))
        return page.text
    }

    /// A run that a guard stopped before its first write.
    package static func held(
        _ plan: Plan, standing: [GuardFinding], run: String, next: NextStep, style: Style
    ) -> String {
        "Run \(run)\n" + Self.plan(plan, standing: standing, next: next, style: style)
    }
}

extension TextPage {
    /// The changes that did not come about, with the reason: what a reader must see first.
    mutating func outcomes(of report: RunReport) {
        var troubles: [(change: Change, word: String, reason: String)] = []
        for (change, outcome) in zip(report.plan.changes, report.outcomes) {
            switch outcome {
            case .applied, .skipped: break
            case .failed(let reason): troubles.append((change, "failed", reason))
            case .superseded(let reason): troubles.append((change, "superseded", reason))
            }
        }
        guard !troubles.isEmpty else { return }
        blank()
        heading("Not applied (\(grouped(troubles.count)))", .alarm)
        for trouble in troubles.prefix(TextReport.listLimit) {
            entry(mark: "!", trouble.change.name, right: trouble.change.place.map(\.short), .removed)
            paragraph("\(trouble.change.kind.noun) \(trouble.word): \(trouble.reason)", indent: 6)
        }
        more(troubles.count - TextReport.listLimit)
    }

    mutating func pruned(_ pruned: Pruned) {
        if pruned.isEmpty { return }
        paragraph(
            "Kept long enough and removed: \(counted(pruned.entries, "journal entry", "journal entries")) and "
                + "\(counted(pruned.runs, "run")) with their reports.", .faint)
    }
}
