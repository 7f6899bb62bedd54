import Exports
import Reconciliation
import SCIM

/// What is known of one person, as text for people: 80 columns.
package enum WhyReport {
    /// Entries of the journal that are shown.
    static let changeLimit = 10

    package static func text(_ explanation: Explanation, style: Style) -> String {
        var page = TextPage(style: style)
        page.heading("\(explanation.name) of team \(explanation.team)")
        if let member = explanation.member {
            page.member(member)
        } else {
            page.paragraph("Not in the roster.", indent: 6)
        }
        if let run = explanation.run {
            page.run(run)
            page.evidence(run)
            page.records(run)
            page.attributes(run.attributes)
        }
        if let member = explanation.member, explanation.run?.hasRecord != true { page.attributes(member) }
        if let member = explanation.member { page.changes(member) }
        return page.text
    }
}

extension TextPage {
    private static let names = 10

    // MARK: The roster

    fileprivate mutating func member(_ member: ExplainedMember) {
        let user = UserAttributes(member.resource.attributes)
        fact("id", member.resource.id.rawValue, names: Self.names)
        if let anchor = user.externalID { fact("externalId", anchor, names: Self.names) }
        fact("state", user.isActive ? "active" : "inactive", names: Self.names, user.isActive ? nil : .removed)
        fact(
            "managed by",
            member.sources.isEmpty ? "no source: never linked" : "source " + member.sources.joined(separator: ", "),
            names: Self.names)
        if let cover = member.protectedBy { fact("protected", "by protect: \(cover)", names: Self.names) }
        note("groups", member.groups.map(\.told).joined(separator: ", "))
        fact("created", member.resource.created.iso8601, names: Self.names)
        fact(
            "changed", "\(member.resource.lastModified.iso8601), version \(member.resource.version)", names: Self.names)
    }

    /// A fact of several lines.
    private mutating func note(_ name: String, _ text: String) {
        guard !text.isEmpty else { return }
        let indent = 6 + Self.names + 2
        for (index, line) in TerminalText.wrapped(TerminalText.visible(text), columns: style.width - indent)
            .enumerated()
        {
            fact(index == 0 ? name : "", line, names: Self.names)
        }
    }

    /// Without an export: what is held, and since when.
    fileprivate mutating func attributes(_ member: ExplainedMember) {
        blank()
        heading("Attributes, as they were made where no change is named")
        let entries = AttributeListing.entries(member.resource.attributes)
        let names = entries.map { TerminalText.width($0.path) }.max() ?? 0
        for entry in entries {
            let change = member.lastChange(of: entry.path).flatMap { $0.operation == .create ? nil : $0 }
            fact(entry.path, entry.value, names: names, right: change.map { "since \($0.at.iso8601)" })
        }
    }

    // MARK: The journal

    fileprivate mutating func changes(_ member: ExplainedMember) {
        blank()
        heading("Last changes, newest first")
        if member.changes.isEmpty { paragraph("The journal has none of them.", indent: 6) }
        for change in member.changes.prefix(WhyReport.changeLimit) {
            entry(
                mark: "·", "\(change.at.iso8601)  \(change.operation.told)", right: change.run?.rawValue,
                change.operation == .create ? .added : .changed)
            paragraph(change.cause, indent: 6, .faint)
            guard change.operation == .update else { continue }
            let names = change.attributes.map { TerminalText.width($0.path) }.max() ?? 0
            for attribute in change.attributes {
                difference(
                    attribute.path, old: attribute.old ?? "(none)", new: attribute.new ?? "(none)", names: names)
            }
        }
        more(member.changes.count - WhyReport.changeLimit)
        if member.hasEarlierChanges { paragraph("The journal goes further back.", indent: 4, .faint) }
    }

    // MARK: The plan

    fileprivate mutating func run(_ run: ExplainedRun) {
        blank()
        heading("A run of source \(run.source) now would \(run.fate.told)", run.fate.meaning)
        paragraph("Why: " + run.reason.sentence, indent: 2)
        if run.isAdopted { paragraph("Source \(run.source) would manage them from then on.", indent: 2) }
        inputs(run.inputs.filter { $0.kind == .users || $0.refusal != nil })
        // A newcomer's attributes are all there are, and are shown with their columns below.
        if let change = run.change, !change.kind.makes { self.change(change, showReason: false) }
        for membership in run.memberships {
            entry(
                mark: membership.isAdded ? "+" : "-",
                "\(membership.isAdded ? "joins" : "leaves") group \(membership.group)", right: membership.place?.short,
                membership.isAdded ? .added : .removed)
            paragraph(membership.reason, indent: 6, .faint)
        }
        if run.guards.isEmpty { return }
        paragraph("The plan is held: nothing of it happens until somebody has looked.", indent: 2, .alarm)
        for entry in run.guards { held(entry) }
    }

    private mutating func held(_ entry: ExplainedGuard) {
        let finding = entry.finding
        line(
            "  " + style.paint("HELD", .alarm)
                + "  \(TerminalText.visible("\(finding.key)  \(finding.figure), limit \(finding.limit)"))")
        paragraph(finding.message.sentence, indent: 6)
        switch entry.counts {
        case true?: paragraph("This person is one of them.", indent: 6)
        case false?: paragraph("This person is not among them.", indent: 6)
        case nil: paragraph("It holds the plan as a whole.", indent: 6)
        }
    }

    fileprivate mutating func evidence(_ run: ExplainedRun) {
        guard !run.evidence.isEmpty else { return }
        blank()
        heading("Whose record it is")
        let names = run.evidence.map { TerminalText.width($0.basis.told) }.max() ?? 0
        for evidence in run.evidence {
            fact(evidence.basis.told, evidence.value ?? "(not in the record)", names: names)
            paragraph(evidence.told(source: run.source), indent: names + 8, .faint)
        }
    }

    fileprivate mutating func records(_ run: ExplainedRun) {
        guard !run.records.isEmpty else { return }
        blank()
        heading("Records that name them")
        for record in run.records {
            entry(
                mark: record.standing == .theirs ? "=" : "·",
                [record.userName ?? record.email, record.anchor].compactMap(\.self).joined(separator: "  "),
                right: record.place.short, nil)
            paragraph(record.told, indent: 6, .faint)
        }
    }

    fileprivate mutating func attributes(_ attributes: [ExplainedAttribute]) {
        let shown = attributes.filter { $0.effect != .unread && ($0.held != nil || $0.value?.string != nil) }
        guard !shown.isEmpty else { return }
        blank()
        heading("Attributes: what the roster holds, and where it comes from")
        let names = shown.map { TerminalText.width($0.path) }.max() ?? 0
        for attribute in shown {
            switch (attribute.planned?.old, attribute.planned?.new ?? attribute.held) {
            case (nil, let value): fact(attribute.path, value ?? "(none)", names: names, right: attribute.source)
            case (let old?, _):
                let new = attribute.planned?.new ?? "(none)"
                difference(attribute.path, old: old, new: new, names: names, right: attribute.source)
            }
            if let reason = attribute.shownReason { paragraph(reason, indent: names + 8, .faint) }
        }
    }
}
