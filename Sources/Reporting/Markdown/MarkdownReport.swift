import Exports
import Reconciliation
import SCIM

/// A plan or a run as Markdown, for a ticket or a chat: what the text says, in the same order, its long lists cut in the
/// same way.
struct MarkdownReport {
    private(set) var text = ""

    init(_ report: Report) {
        let plan = report.plan
        line("## \(MarkdownText.sentence(report.title))")
        closing(report)
        table(plan)
        outcomes(report)
        for kind in Change.Kind.allCases { changes(of: kind, plan) }
        guards(report)
        people(plan)
        inputs(plan)
        notices(plan)
    }

    private mutating func line(_ line: String) { text += line + "\n\n" }

    private mutating func heading(_ heading: String, _ count: Int? = nil) {
        line("### " + heading + (count.map { " (\(grouped($0)))" } ?? ""))
    }

    /// At most ``TextReport/listLimit`` of `elements`, and how many more there are.
    private mutating func list<Element>(_ elements: [Element], _ item: (Element) -> [String]) {
        for element in elements.prefix(TextReport.listLimit) {
            let lines = item(element)
            text += "- \(lines[0])\n" + lines.dropFirst().map { "  - \($0)\n" }.joined()
        }
        let more = elements.count - TextReport.listLimit
        if more > 0 { text += "- … and \(grouped(more)) more; see `--format json`\n" }
        text += "\n"
    }

    private mutating func closing(_ report: Report) {
        guard let closing = report.closing else { return line("**Held.** Nothing was changed.") }
        let sentences = closing.sentences.map { MarkdownText.sentence($0.begun) }.joined(separator: " ")
        line("**\(closing.word).** \(sentences)")
        if case .run(_, _, let failure?) = report.occasion {
            line("**Broken off.** \(MarkdownText.sentence(failure.message))")
        }
        guard let lead = closing.lead else { return }
        line(MarkdownText.sentence(lead))
        if let command = closing.command { line(MarkdownText.code(command)) }
    }

    private mutating func table(_ plan: Plan) {
        let counts = plan.counts
        let rows =
            Change.Kind.allCases.compactMap { kind in counts[kind].map { (kind.label, $0) } }
            + [
                ("Unchanged", plan.unchanged), ("Unmanaged", plan.unmanagedCount), ("Pinned", plan.pinned.count),
                ("Rejected records", plan.rejected.count), ("Suspected", plan.suspected.count),
                ("Released", plan.released.count),
            ].filter { $0.1 > 0 }
        if rows.isEmpty { return }
        text += "| | |\n|---|---:|\n"
        for (name, count) in rows { text += "| \(name) | \(grouped(count)) |\n" }
        text += "\n"
        if plan.isHashed { line("Digests stand for personal values (`privacy: hashed`).") }
    }

    private mutating func outcomes(_ report: Report) {
        guard report.standing.isEmpty, let run = report.run else { return }
        let troubles = zip(run.plan.changes, run.outcomes).filter { $1 != .applied && $1 != .skipped }
        guard !troubles.isEmpty else { return }
        heading("Not applied", troubles.count)
        list(troubles) { change, outcome in
            let (word, error) = outcome.told
            return [
                "\(MarkdownText.code(change.name)): \(change.kind.noun) \(word). \(MarkdownText.sentence(error))"
            ]
        }
    }

    private mutating func changes(of kind: Change.Kind, _ plan: Plan) {
        let indexes = plan.changes.indices.filter { plan.changes[$0].kind == kind }
        if indexes.isEmpty { return }
        heading(kind.heading(indexes.count))
        list(indexes) { index in
            let change = plan.changes[index]
            let place = change.place.map { " (\(MarkdownText.code($0.short)))" } ?? ""
            let head = "\(MarkdownText.code(change.name))\(place): \(MarkdownText.sentence(change.reason))"
            return [head] + change.shownAttributes.map(Self.difference)
                + Self.members("adds", change.addMembers) + Self.members("removes", change.removeMembers)
        }
    }

    private static func difference(_ attribute: AttributeChange) -> String {
        let path = MarkdownText.sentence(attribute.path) + ": "
        let new = attribute.new.map(MarkdownText.code)
        guard let old = attribute.old.map(MarkdownText.code) else { return path + (new ?? "") }
        return path + "\(old) → \(new ?? "(none)")"
    }

    private static func members(_ verb: String, _ members: [MemberReference]) -> [String] {
        if members.isEmpty { return [] }
        let shown = members.prefix(3).map { MarkdownText.code($0.userName) }.joined(separator: ", ")
        return ["\(verb) \(counted(members.count, "member")): \(shown)\(members.count > 3 ? ", …" : "")"]
    }

    private mutating func guards(_ report: Report) {
        let guards = report.plan.guards
        if guards.isEmpty { return }
        heading("Guards")
        text += "| | Guard | Figure | Limit | |\n|---|---|---:|---:|---|\n"
        for finding in guards {
            let isStanding = report.standing.contains(finding)
            let state = isStanding ? "**held**" : finding.held ? "accepted" : "ok"
            let cells = [
                state, MarkdownText.sentence(finding.key), MarkdownText.sentence(finding.figure),
                MarkdownText.sentence(finding.limit), MarkdownText.sentence(finding.message.sentence.begun),
            ]
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        text += "\n"
    }

    private mutating func people(_ plan: Plan) {
        func place(_ file: String?, _ line: RecordLine?) -> String {
            file.map { " (\(MarkdownText.code(Place(file: $0, at: line).short)))" } ?? ""
        }
        if !plan.pinned.isEmpty {
            heading("Pinned: left exactly as they are", plan.pinned.count)
            list(plan.pinned) {
                [
                    MarkdownText.code($0.member.userName) + place($0.file, $0.line) + ": "
                        + MarkdownText.sentence($0.reason)
                ]
            }
        }
        let rejected = plan.rejectedWithFiles
        if !rejected.isEmpty {
            heading("Rejected records", rejected.count)
            list(rejected) { file, record in
                let column = record.column.map { ", column \(MarkdownText.code($0))" } ?? ""
                return [
                    MarkdownText.code(Place(file: file, at: record.line).short) + column + ": "
                        + MarkdownText.sentence(record.message)
                ]
            }
        }
        if !plan.suspected.isEmpty {
            heading("Suspected: gone, and left as they are for now", plan.suspected.count)
            list(plan.suspected) { [MarkdownText.code($0.userName) + ": " + MarkdownText.sentence($0.reason)] }
        }
        if !plan.released.isEmpty {
            heading("Released: this source lets go, another one manages them", plan.released.count)
            list(plan.released) { [MarkdownText.code($0.member.userName) + ": " + MarkdownText.sentence($0.reason)] }
        }
        if plan.unmanagedCount > 0 {
            heading("Unmanaged: never linked to this source, left as they are", plan.unmanagedCount)
            list(plan.unmanaged) { [MarkdownText.code($0.userName)] }
        }
    }

    private mutating func inputs(_ plan: Plan) {
        if plan.inputs.isEmpty { return }
        heading("Inputs")
        list(plan.inputs) { input in
            let count = input.kind == .samlMetadata ? "" : ", \(counted(input.records, "record"))"
            let grade = input.refusal == nil ? input.grade?.rawValue ?? "" : "refused"
            let reasons = input.grade == .complete ? [] : input.gradeReasons
            return ["\(MarkdownText.code(input.file)): \(input.format)\(count), \(grade)"]
                + (reasons + [input.refusal?.message].compactMap(\.self)).map(MarkdownText.sentence)
        }
    }

    private mutating func notices(_ plan: Plan) {
        if plan.notices.isEmpty { return }
        heading("Notices")
        list(plan.notices) { ["\($0.level.rawValue): \(MarkdownText.sentence($0.message))"] }
    }
}
