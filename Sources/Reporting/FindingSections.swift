import Exports
import Reconciliation
import SCIM

extension TextPage {
    /// Everything a plan found that is not a change: guards, people left alone and why, facts worth a sentence.
    mutating func findings(of plan: Plan, standing: [GuardFinding] = []) {
        guards(plan.guards, standing: standing)
        pinned(plan.pinned)
        rejected(plan.inputs)
        waiting("Suspected: gone, and left as they are for now", plan.suspected.map { ($0.userName, $0.reason) })
        waiting(
            "Released: this source lets go, another one manages them",
            plan.released.map {
                ($0.member.userName, "\($0.reason); managed by \($0.managers.joined(separator: ", "))")
            })
        list("Unmanaged: never linked to this source, left as they are", plan.unmanaged, count: plan.unmanagedCount)
        notices(plan.notices)
    }

    private mutating func guards(_ guards: [GuardFinding], standing: [GuardFinding]) {
        guard !guards.isEmpty else { return }
        blank()
        heading("Guards")
        // Those that counted nothing are the long tail of every night.
        let told = guards.filter { $0.held || $0.figure != "0" }
        let names = told.map { TerminalText.width($0.key) }.max() ?? 0
        for finding in told {
            let name = TerminalText.padded(TerminalText.visible(finding.key), to: names)
            let isStanding = standing.contains(finding)
            let (word, meaning): (String, Style.Meaning) =
                isStanding ? ("HELD", .alarm) : finding.held ? ("accepted", .changed) : ("ok", .good)
            let mark = style.paint(TerminalText.padded(word, to: 8), meaning)
            let figure = TerminalText.visible(finding.figure)
            let limit = finding.limit.isEmpty ? nil : TerminalText.visible("limit \(finding.limit)")
            // Below the figure goes what does not fit beside it: two columns before the mark, two after it and the name.
            let margin = 2 + 8 + 2 + names + 2
            var (written, columns) = ("  \(mark)  \(name)  ", margin)
            let parts: [(text: String, meaning: Style.Meaning?)] =
                [
                    (figure + (limit == nil ? "" : ","), nil), limit.map { ($0, nil) },
                    finding.setting.map { ("(\($0))", .faint) },
                ].compactMap(\.self)
            for (index, part) in parts.enumerated() {
                let width = TerminalText.width(part.text)
                if index > 0, columns + 1 + width > style.width {
                    line(written)
                    (written, columns) = (String(repeating: " ", count: margin), margin)
                } else if index > 0 {
                    (written, columns) = (written + " ", columns + 1)
                }
                written += part.meaning.map { style.paint(part.text, $0) } ?? part.text
                columns += width
            }
            line(written)
            guard isStanding else { continue }
            paragraph(finding.message.sentence, indent: 12)
            paragraph(finding.accept ?? "cannot be overridden", indent: 12, .heading)
        }
        let quiet = guards.count - told.count
        if quiet > 0 {
            let others = told.isEmpty ? counted(quiet, "guard") : counted(quiet, "other", "others")
            line(
                "  " + style.paint(TerminalText.padded("ok", to: 8), .good) + "  "
                    + style.paint("\(others) that counted nothing", .faint))
        }
    }

    private mutating func pinned(_ pinned: [PinnedMember]) {
        guard !pinned.isEmpty else { return }
        blank()
        heading("Pinned: left exactly as they are (\(grouped(pinned.count)))")
        for pin in pinned.prefix(TextReport.listLimit) {
            let place = pin.file.map { Place(file: $0, at: pin.line).short }
            entry(mark: "!", pin.member.userName, right: place, .changed)
            paragraph(pin.reason, indent: 6, .faint)
        }
        more(pinned.count - TextReport.listLimit)
    }

    mutating func rejected(_ inputs: [InputSummary]) {
        let rejected = inputs.flatMap { input in input.rejected.map { (input.file, $0) } }
        guard !rejected.isEmpty else { return }
        blank()
        heading("Rejected records (\(grouped(rejected.count)))")
        for (file, record) in rejected.prefix(TextReport.listLimit) {
            let place = Place(file: file, at: record.line).short
            paragraph(place + (record.column.map { ", column \($0)" } ?? "") + ": " + record.message, indent: 4)
        }
        more(rejected.count - TextReport.listLimit)
    }

    private mutating func list(_ title: String, _ members: [MemberName], count: Int? = nil) {
        let count = count ?? members.count
        guard count > 0 else { return }
        blank()
        heading("\(title) (\(grouped(count)))")
        for member in members.prefix(TextReport.listLimit) { entry(mark: "·", member.userName, right: nil, nil) }
        more(count - min(members.count, TextReport.listLimit))
    }

    private mutating func waiting(_ title: String, _ members: [(name: String, reason: String)]) {
        guard !members.isEmpty else { return }
        blank()
        heading("\(title) (\(grouped(members.count)))")
        for member in members.prefix(TextReport.listLimit) {
            entry(mark: "·", member.name, right: nil, nil)
            paragraph(member.reason, indent: 6, .faint)
        }
        more(members.count - TextReport.listLimit)
    }

    private mutating func notices(_ notices: [Notice]) {
        guard !notices.isEmpty else { return }
        blank()
        heading("Notices")
        for notice in notices.prefix(TextReport.listLimit) {
            let meaning: Style.Meaning? =
                switch notice.level {
                case .info: nil
                case .warning: .changed
                case .critical: .alarm
                }
            paragraph("\(notice.level.rawValue): \(notice.message)", indent: 2, meaning)
        }
        more(notices.count - TextReport.listLimit)
    }
}
