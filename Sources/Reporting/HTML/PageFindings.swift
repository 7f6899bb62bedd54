import Exports
import Reconciliation
import SCIM

extension ReportPage {
    struct Guard {
        let tone: String
        let state: String
        let name: String
        let figure: String
        /// `nil` where it would say nothing.
        let limit: String?
        let meter: Bool
        let value: String
        let label: String
        let room: String
        let message: String
        let setting: String?
        /// How much of what is allowed is used, 1 and more of what is held.
        let share: Double
        /// It looked, and found nothing to count.
        let isQuiet: Bool

        init(_ finding: GuardFinding, isStanding: Bool) {
            tone = isStanding ? "held" : finding.held ? "changed" : "good"
            state = isStanding ? "held" : finding.held ? "accepted" : "ok"
            name = TerminalText.visible(finding.key)
            figure = TerminalText.visible(finding.figure) + finding.unit
            // Of what must not fall below a limit, no room is left by counting up to it.
            let isCeiling = finding.name != "last-admin" && finding.name != "wrong-team"
            limit = isCeiling && !finding.limit.isEmpty ? TerminalText.visible(finding.limit) : nil
            value = TerminalText.visible(finding.figure)
            label = name + ", room until it holds a plan"
            isQuiet = !finding.held && isCeiling && finding.figure == "0"
            if isCeiling, let figure = Int(finding.figure), let limit = Int(finding.limit) {
                share = isStanding ? .infinity : Double(figure) / Double(max(1, limit))
                meter = limit > 0
                room =
                    figure > limit
                    ? "\(grouped(figure - limit))\(finding.unit) over"
                    : "room for \(grouped(limit - figure))\(finding.unit)"
            } else {
                share = finding.held ? .infinity : 0
                meter = false
                room = ""
            }
            message = TerminalText.visible(finding.message.sentence.begun)
            setting = finding.setting
        }
    }

    struct QuietGuards {
        let title: String
        let guards: [Guard]

        init?(_ guards: [Guard]) {
            if guards.isEmpty { return nil }
            title = counted(guards.count, "guard") + " found nothing to count"
            self.guards = guards
        }
    }

    struct Input {
        let tone: String
        let grade: String
        let file: String
        let facts: String
        let reasons: [String]

        init(_ input: InputSummary, asOf: Timestamp) {
            tone = input.refusal != nil ? "held" : input.grade == .complete ? "good" : "changed"
            grade = input.refusal != nil ? "refused" : input.grade?.rawValue ?? ""
            file = TerminalText.visible(input.file)
            var facts = [input.format]
            if let metadata = input.metadata {
                facts += [metadata.entityID, counted(metadata.signingCertificates.count, "signing certificate")]
            } else if input.refusal == nil {
                facts.append(counted(input.records, "record"))
                if input.kind == .users {
                    facts.append("\(grouped(input.active)) active, \(grouped(input.inactive)) inactive")
                }
            }
            if let written = input.exportDate ?? input.modified {
                facts.append("written \(written.minute), \(Self.age(asOf.rawValue - written.rawValue)) before")
            }
            self.facts = TerminalText.visible(facts.joined(separator: " · "))
            reasons = (input.gradeReasons + [input.refusal?.message].compactMap(\.self)).map {
                TerminalText.visible($0.sentence.begun)
            }
        }

        /// `34 min`, `5 h`, `9 days`.
        private static func age(_ milliseconds: Int64) -> String {
            let minutes = max(0, milliseconds / 60_000)
            return minutes < 120
                ? "\(minutes) min" : minutes < 2 * 1440 ? "\(minutes / 60) h" : "\(minutes / 1440) days"
        }
    }

    struct PageNotice {
        let tone: String
        let level: String
        let message: String

        init(_ notice: Notice) {
            level = notice.level.rawValue
            message = TerminalText.visible(notice.message.sentence.begun)
            switch notice.level {
            case .info: tone = "same"
            case .warning: tone = "changed"
            case .critical: tone = "held"
            }
        }
    }

    /// People whom the plan leaves as they are, and why.
    struct List {
        let id: String
        let title: String
        let count: String
        let explanation: String
        var listCut: String?

        static func all(_ plan: Plan) -> [List] {
            var lists: [List] = []
            func add(_ id: String, _ title: String, _ count: Int, _ explanation: String, listed: Int? = nil) {
                guard count > 0 else { return }
                let cut = listed.flatMap { $0 < count ? "The first \(grouped($0)) are listed." : nil }
                lists.append(
                    List(id: id, title: title, count: grouped(count), explanation: explanation, listCut: cut))
            }
            add("suspected", "Suspected", plan.suspected.count, "Gone from the export, and left as they are for now.")
            add("pinned", "Pinned", plan.pinned.count, "Left exactly as they are, for a record in doubt.")
            add("rejected", "Rejected records", plan.rejected.count, "Not used; whom they may be about is pinned.")
            add("released", "Released", plan.released.count, "This source lets go of them, another one manages them.")
            add(
                "unmanaged", "Unmanaged", plan.unmanagedCount, "Never linked to this source, left as they are.",
                listed: plan.unmanaged.count)
            return lists
        }
    }
}

extension GuardFinding {
    /// What its figure counts, where it is not people or records.
    fileprivate var unit: String {
        switch name {
        case "domain-leaving", "attribute-changed", "attribute-emptied", "export-shrunk": " %"
        case "export-age", "export-order": " h"
        default: ""
        }
    }
}
