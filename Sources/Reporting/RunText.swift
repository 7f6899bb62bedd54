import Exports
import Reconciliation

extension TextReport {
    /// What a run did. `next` is the command that continues it, when something is left to do.
    package static func run(_ report: RunReport, next: String, style: Style) -> String {
        let plan = report.plan
        var page = TextPage(style: style)
        page.heading("Run \(report.run) for team \(plan.team), source \(plan.source)")
        page.inputs(plan.inputs)
        page.blank()
        page.summary(of: plan, prefix: "Planned: ")
        page.outcomes(of: report)
        for kind in Change.Kind.allCases { page.changes(of: kind, in: plan) }
        page.findings(of: plan)
        page.blank()
        page.pruned(report.pruned)
        page.closing(of: report, next: next)
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
            paragraph("\(trouble.change.kind.rawValue) \(trouble.word): \(trouble.reason)", indent: 6)
        }
        more(troubles.count - TextReport.listLimit)
    }

    mutating func pruned(_ pruned: Pruned) {
        if pruned.isEmpty { return }
        paragraph(
            "Kept long enough and removed: \(counted(pruned.entries, "journal entry", "journal entries")) and "
                + "\(counted(pruned.runs, "run")) with their reports.", .faint)
    }

    private static func all(_ total: Int) -> String {
        total == 1 ? "the change was" : "all \(grouped(total)) changes were"
    }

    fileprivate mutating func closing(of report: RunReport, next: String) {
        let total = report.outcomes.count
        let counts = OutcomeCounts(report.outcomes)
        if report.isInterrupted {
            paragraph(
                "Stopped: \(grouped(counts.applied)) of \(counted(total, "change")) were applied, "
                    + "\(grouped(counts.skipped)) were not attempted. Run it again to do the rest:", .alarm)
            command(next)
        } else if counts.applied == total, let rest = report.plan.leftOut {
            let done = total == 0 ? "there was nothing to change" : "\(Self.all(total)) applied"
            paragraph("Done in part: \(done); \(rest), see above.", .alarm)
        } else if total == 0 {
            paragraph("In sync: there was nothing to change.", .good)
        } else if counts.applied == total {
            paragraph("Done: \(Self.all(total)) applied.", .good)
        } else {
            paragraph(
                "Done in part: \(grouped(counts.applied)) of \(counted(total, "change")) were applied, "
                    + "\(grouped(counts.failed)) failed, \(grouped(counts.superseded)) were superseded. "
                    + "The next run plans again what is still different.", .alarm)
        }
    }
}

extension Plan {
    /// Why a run of which everything was applied is not whole, as half a sentence; `nil` when it is.
    fileprivate var leftOut: String? {
        var parts: [String] = []
        if !rejected.isEmpty {
            parts.append(
                rejected.count == 1 ? "1 record was rejected" : "\(grouped(rejected.count)) records were rejected")
        }
        if !pinned.isEmpty {
            parts.append(pinned.count == 1 ? "1 member is pinned" : "\(grouped(pinned.count)) members are pinned")
        }
        if withheld > 0 {
            parts.append(withheld == 1 ? "1 removal is held back" : "\(grouped(withheld)) removals are held back")
        }
        if hasRefusedMetadata { parts.append("the metadata was refused") }
        guard let last = parts.popLast() else { return nil }
        return parts.isEmpty ? last : parts.joined(separator: ", ") + " and " + last
    }
}
