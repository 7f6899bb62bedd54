import JSON
import Reconciliation
import SCIM

/// The runs of a team, and whether its journal is whole.
package enum HistoryReport {
    package static func text(_ entries: [RunHistory.Entry], team: String, style: Style) -> String {
        var page = TextPage(style: style)
        page.heading("Runs of team \(team), newest first (\(grouped(entries.count)))")
        for entry in entries.prefix(listLimit) { page.run(entry) }
        page.more(entries.count - listLimit)
        return page.text
    }

    private static let listLimit = 50

    package static func json(_ entries: [RunHistory.Entry], team: String) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.member("team", team)
        writer.array("runs", entries) { encode($1, &$0) }
        writer.endObject()
        return writer.bytes
    }

    private static func encode(_ entry: RunHistory.Entry, _ writer: inout JSONWriter) {
        let record = entry.record
        writer.beginObject()
        writer.member("run", record.id.rawValue)
        writer.member("command", record.command)
        writer.optional("source", entry.head?.source)
        writer.optional("undoes", entry.head?.undoes?.rawValue)
        writer.optional("by", entry.head?.by)
        writer.member("started", record.started.iso8601)
        writer.member("finished", record.finished?.iso8601)
        writer.member("verdict", record.verdict)
        writer.member("planDigest", record.planDigest)
        writer.optional("changes", entry.head?.changes)
        entry.head?.encodeKinds(&writer)
        writer.optional("members", entry.head?.members)
        if let outcomes = entry.head?.outcomes {
            writer.name("outcomes")
            outcomes.encode(&writer)
        }
        writer.optional("journaled", entry.journaled)
        writer.member("interrupted", entry.head?.isInterrupted ?? false)
        writer.member("pruned", record.prunedEntries)
        writer.array("held", entry.standing) { $0.string($1) }
        writer.array("accepted", record.accepted) { $0.string($1) }
        writer.array("exports", record.exportDigests) { $0.string($1) }
        writer.endObject()
    }

    package static func text(_ verdict: JournalVerdict, team: String, style: Style) -> String {
        var page = TextPage(style: style)
        switch verdict {
        case .intact(let head):
            page.heading("The journal of team \(team) is intact.", .good)
            page.paragraph("\(counted(head.entries, "entry", "entries")), the last one \(head.position).", indent: 2)
            page.paragraph("Digest of the chain: \(hexDigits(head.digest))", indent: 2)
        case .broken(let position):
            page.heading("The journal of team \(team) is broken at entry \(position).", .alarm)
            page.paragraph(
                "That entry is missing, or it is not what was written. Everything before it is as it was. "
                    + "Compare with a backup of the database.", indent: 2)
        }
        return page.text
    }

    package static func json(_ verdict: JournalVerdict, team: String) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.member("team", team)
        switch verdict {
        case .intact(let head):
            writer.member("verdict", "intact")
            writer.member("entries", head.entries)
            writer.member("position", head.position)
            writer.member("digest", hexDigits(head.digest))
        case .broken(let position):
            writer.member("verdict", "broken")
            writer.member("position", position)
        }
        writer.endObject()
        return writer.bytes
    }
}

extension RunHistory.Entry {
    /// The journal has not, or not all of, what it changed.
    var isPruned: Bool { record.prunedEntries > 0 }

    /// What came of it, in a few words.
    var result: (words: String, meaning: Style.Meaning?) {
        if didNotFinish { return ("did not finish; \(counted(journaled ?? 0, "change")) applied", .alarm) }
        if !standing.isEmpty { return ("held; nothing was changed", .alarm) }
        guard let counts = head?.outcomes else { return (record.verdict, nil) }
        let parts = [
            (counts.applied, "applied"), (counts.failed, "failed"), (counts.superseded, "superseded"),
            (counts.skipped, "skipped"),
        ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        if parts.isEmpty { return ("in sync", .good) }
        let isWhole = counts.applied == head?.changes
        return (
            (head?.isInterrupted == true ? "stopped; " : "") + parts.joined(separator: ", "), isWhole ? .good : .alarm
        )
    }
}

extension TextPage {
    fileprivate mutating func run(_ entry: RunHistory.Entry) {
        let record = entry.record
        let source = entry.head.map { " \($0.source)" } ?? ""
        self.entry(
            mark: "·", "\(record.id)  \(record.command)\(source)", right: entry.result.words, entry.result.meaning)
        var facts = ["\(record.started.iso8601)"]
        if let by = entry.head?.by { facts.append("by \(by)") }
        if let undone = entry.head?.undoes { facts.append("undoes \(undone)") }
        if !entry.standing.isEmpty { facts.append("held by \(entry.standing.joined(separator: ", "))") }
        if !record.accepted.isEmpty { facts.append("accepted \(record.accepted.joined(separator: ", "))") }
        if entry.isPruned { facts.append("no longer in the journal") }
        paragraph(facts.joined(separator: ", "), indent: 6, .faint)
    }
}

extension TextReport {
    /// A run as it was reported, from what is kept of it.
    static func kept(
        _ report: RunReport, _ entry: RunHistory.Entry, standing: [GuardFinding], style: Style
    ) -> String {
        let plan = report.plan
        var page = TextPage(style: style)
        page.heading("Run \(report.run) for team \(plan.team), source \(plan.source)")
        page.fact("command", report.command, names: 8)
        if let by = entry.head?.by { page.fact("by", by, names: 8) }
        page.fact("started", entry.record.started.iso8601, names: 8)
        if let end = entry.record.finished { page.fact("ended", end.iso8601, names: 8) }
        if let undone = plan.undoes { page.fact("undoes", undone.rawValue, names: 8) }
        if !entry.record.accepted.isEmpty {
            page.fact("accepted", entry.record.accepted.joined(separator: ", "), names: 8)
        }
        page.inputs(plan.inputs)
        page.blank()
        if entry.didNotFinish {
            page.paragraph(
                "This run did not finish: \(counted(entry.journaled ?? 0, "change")) of "
                    + "\(grouped(entry.head?.changes ?? 0)) were applied and are in the journal. "
                    + "The next run does the rest.", .alarm)
        } else {
            page.summary(of: plan, prefix: "Planned: ")
        }
        page.outcomes(of: report)
        for kind in Change.Kind.allCases { page.changes(of: kind, in: plan) }
        page.findings(of: plan, standing: standing)
        page.blank()
        page.pruned(report.pruned)
        if entry.isPruned {
            page.paragraph(
                "\(counted(entry.record.prunedEntries, "entry", "entries")) of this run are no longer in the journal: "
                    + "it cannot be taken back.", .changed)
        }
        page.closing(Closing(of: entry))
        return page.text
    }
}
