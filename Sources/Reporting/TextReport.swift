import Exports
import Reconciliation
import SCIM

/// A plan or a run as text for people: 80 columns, every section in the same place each night.
///
/// It shows and never computes. Long lists are cut at ``listLimit`` and say so; the JSON document has all of them.
/// What is promised of the text is in docs/formats.md: its meaning, not its letters.
package enum TextReport {
    /// Entries of one list that are shown before the rest is only counted.
    package static let listLimit = 20

    /// The dry run. `standing` are the held guards that nobody accepted.
    package static func plan(_ plan: Plan, standing: [GuardFinding], next: NextStep, style: Style) -> String {
        var page = TextPage(style: style)
        let what = plan.undoes.map { "Undo of run \($0)" } ?? "Plan"
        page.heading("\(what) for team \(plan.team), source \(plan.source)")
        page.inputs(plan.inputs)
        page.blank()
        page.summary(of: plan)
        for kind in Change.Kind.allCases { page.changes(of: kind, in: plan) }
        page.findings(of: plan, standing: standing)
        page.blank()
        page.closing(Closing(of: plan, standing: standing, next: next))
        return page.text
    }
}

/// What a reader of a report may type next. The program knows its own command line; the report only shows it.
package struct NextStep: Hashable, Sendable {
    /// The whole command that applies this plan, without `--accept`.
    package var apply: String
    /// The whole command that plans anew once something is mended.
    package var again: String
    /// What has become of the roster, as a sentence: `This was a dry run: nothing was changed.`
    package var state: String
    package init(apply: String, again: String? = nil, state: String) {
        self.apply = apply
        self.again = again ?? apply
        self.state = state
    }
}

extension TextPage {
    mutating func inputs(_ inputs: [InputSummary]) {
        let files = inputs.map { TerminalText.truncated(path: TerminalText.visible($0.file), to: 36) }
        let fileColumns = files.map(TerminalText.width).max() ?? 0
        let formatColumns = inputs.map { TerminalText.width($0.format) }.max() ?? 0
        let counts = inputs.map { $0.kind == .samlMetadata ? "" : counted($0.records, "record") }
        let countColumns = counts.map(TerminalText.width).max() ?? 0
        for (index, input) in inputs.enumerated() {
            let count = String(repeating: " ", count: countColumns - TerminalText.width(counts[index])) + counts[index]
            let facts = [
                TerminalText.padded(files[index], to: fileColumns),
                TerminalText.padded(input.format, to: formatColumns), count,
            ]
            let isFine = input.grade == .complete && input.refusal == nil
            line("  " + facts.joined(separator: "  "), input.grade?.rawValue ?? "refused", isFine ? nil : .changed)
            for reason in input.gradeReasons where input.grade != .complete { paragraph(reason, indent: 6) }
            if let refusal = input.refusal { paragraph(refusal.message, indent: 6) }
        }
    }

    /// `prefix` is empty before anything happened, `Planned: ` afterwards.
    mutating func summary(of plan: Plan, prefix: String = "") {
        let counts = plan.counts
        let planned = Change.Kind.allCases.compactMap { kind in counts[kind].map(kind.counted) }
        let rest = [
            (plan.unchanged, "unchanged"), (plan.unmanagedCount, "unmanaged"), (plan.pinned.count, "pinned"),
            (plan.rejected.count, "rejected"), (plan.suspected.count, "suspected"),
        ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        let whole =
            prefix + (planned.isEmpty ? "no changes" : planned.joined(separator: ", "))
            + (rest.isEmpty ? "." : "; " + rest.joined(separator: ", ") + ".")
        paragraph(whole.begun, .heading)
        if plan.isHashed { paragraph("Digests stand for personal values (privacy: hashed).", .faint) }
    }
}

extension String {
    /// With a full stop, where there is none.
    package var sentence: String { last.map { ".!?".contains($0) } == true ? self : self + "." }
}

extension Change.Kind {
    /// `3 members to deactivate`.
    package func counted(_ count: Int) -> String {
        switch self {
        case .create: "\(SCIM.counted(count, "member")) to create"
        case .update: "\(SCIM.counted(count, "member")) to update"
        case .deactivate: "\(SCIM.counted(count, "member")) to deactivate"
        case .reactivate: "\(SCIM.counted(count, "member")) to reactivate"
        case .groupCreate: "\(SCIM.counted(count, "group")) to create"
        case .groupUpdate: "\(SCIM.counted(count, "group")) to update"
        case .connectionUpdate: "the SSO connection to update"
        }
    }
}
