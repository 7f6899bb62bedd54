import Exports
import Reconciliation
import SCIM

extension ReportPage {
    /// What somebody has to look at or to do, the most urgent first.
    struct Needs {
        let items: [Item]

        struct Item {
            let tone: String
            let text: String
            var href: String?
            /// Of the changes behind `href`, those of this outcome.
            var outcome: String?
            var note: String?
            var code: String?
        }

        /// `nil` when nothing needs anybody.
        init?(_ report: Report) {
            let plan = report.plan
            var items = Self.troubles(report)
            items += report.standing.map { finding in
                Item(
                    tone: "held", text: TerminalText.visible(finding.message.sentence),
                    note: finding.canBeAccepted ? "To allow it once:" : "It cannot be overridden.",
                    code: finding.accept.map(TerminalText.visible))
            }
            items += Self.inputs(plan)
            items += Self.people(plan)
            items += plan.notices.filter { $0.level != .info }.map {
                Item(
                    tone: $0.level == .critical ? "held" : "changed",
                    text: TerminalText.visible($0.message.sentence.begun))
            }
            if items.isEmpty { return nil }
            self.items = items
        }

        private static func troubles(_ report: Report) -> [Item] {
            var items: [Item] = []
            if case .run(_, _, let failure?) = report.occasion {
                items.append(
                    Item(
                        tone: "held", text: TerminalText.visible(failure.message),
                        note: failure.mend.map(TerminalText.visible)))
            }
            guard let run = report.run, report.standing.isEmpty else { return items }
            let counts = OutcomeCounts(run.outcomes)
            for (count, word, outcome) in [
                (counts.failed, "failed", "failed"),
                (counts.superseded, "superseded: somebody changed what they are about meanwhile", "superseded"),
                (counts.skipped, "not attempted", "skipped"),
            ] where count > 0 {
                items.append(
                    Item(
                        tone: "removed", text: "\(counted(count, "change")) \(word)", href: "#changes",
                        outcome: outcome))
            }
            return items
        }

        private static func inputs(_ plan: Plan) -> [Item] {
            plan.inputs.compactMap { input in
                let file = TerminalText.visible(input.file)
                if let refusal = input.refusal {
                    return Item(tone: "held", text: "\(file) was refused: \(TerminalText.visible(refusal.message))")
                }
                guard let grade = input.grade, grade != .complete else { return nil }
                let reasons = input.gradeReasons.map(TerminalText.visible).joined(separator: "; ")
                return Item(tone: "changed", text: "\(file) is \(grade.rawValue): \(reasons)")
            }
        }

        private static func people(_ plan: Plan) -> [Item] {
            var items: [Item] = []
            if !plan.rejected.isEmpty {
                items.append(
                    Item(
                        tone: "changed",
                        text: counted(plan.rejected.count, "record was", "records were") + " rejected",
                        href: "#rejected", note: "--rejects FILE writes them to be mended and fed back."))
            }
            if !plan.pinned.isEmpty {
                items.append(
                    Item(
                        tone: "changed", text: counted(plan.pinned.count, "member is", "members are") + " pinned",
                        href: "#pinned", note: "They stay as they are until their record is mended."))
            }
            if plan.withheld > 0 {
                items.append(
                    Item(
                        tone: "changed",
                        text: counted(plan.withheld, "removal is", "removals are") + " held back",
                        href: "#suspected", note: "The export does not prove that they are gone."))
            }
            return items
        }
    }
}
