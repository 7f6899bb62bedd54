import JSON
import Reconciliation
import SCIM
import SCIMClient

/// What `check` found: for people a line a step, as soon as it is made, for machines all of it at the end.
package struct CheckReport {
    /// A URL, or a database's path.
    package var target: String
    /// Where the target is a database.
    package var team: String?
    package var findings: [CheckFinding]
    /// Somebody stopped it.
    package var isStopped: Bool

    package init(target: String, team: String?, findings: [CheckFinding], isStopped: Bool) {
        self.target = target
        self.team = team
        self.findings = findings
        self.isStopped = isStopped
    }

    package var failures: [CheckFinding] { findings.filter { $0.outcome == .failed } }
    private var warnings: [CheckFinding] { findings.filter { $0.outcome == .warning } }

    package static func heading(_ target: String, style: Style) -> String {
        var page = TextPage(style: style)
        page.heading("Checking \(target)")
        page.blank()
        return page.text
    }

    package static func text(_ finding: CheckFinding, style: Style) -> String {
        var page = TextPage(style: style)
        page.step(finding)
        return page.text
    }

    package func conclusion(style: Style) -> String {
        var page = TextPage(style: style)
        page.blank()
        if !failures.isEmpty {
            page.heading(
                "It does not work: \(failures.map { TextPage.label($0.step) }.joined(separator: ", ")).", .alarm)
        } else if isStopped {
            page.heading("Stopped before everything was tried.", .changed)
        } else if !warnings.isEmpty {
            page.heading("It works, with \(counted(warnings.count, "warning")).", .changed)
        } else {
            page.heading("It works.", .good)
        }
        return page.text
    }

    /// - Parameter error: as with every command that ends with 65 to 78.
    package func json(error: ErrorDocument?) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.member("target", target)
        if let team { writer.member("team", team) }
        writer.member("verdict", failures.isEmpty ? isStopped ? "stopped" : "passed" : "failed")
        writer.name("steps")
        writer.beginArray()
        for finding in findings { finding.encode(&writer) }
        writer.endArray()
        if let features = findings.lazy.compactMap(\.features).first { features.encode(&writer) }
        if let error {
            writer.member("inputs", JSONValue.array([]))
            error.encodeError(&writer)
        }
        writer.endObject()
        return writer.bytes
    }
}

extension CheckFinding {
    fileprivate func encode(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("step", step)
        writer.member("outcome", outcome.rawValue)
        if let code { writer.member("code", code) }
        writer.member("message", message)
        if let mend { writer.member("mend", mend) }
        if !facts.isEmpty {
            writer.name("facts")
            writer.beginArray()
            for fact in facts {
                writer.beginObject()
                writer.member("name", fact.name)
                writer.member("value", fact.value)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }
}

extension ServiceDescription.Features {
    fileprivate func encode(_ writer: inout JSONWriter) {
        writer.name("features")
        writer.beginObject()
        for (name, value) in [
            ("patch", patch), ("bulk", bulk), ("filter", filter), ("sort", sort), ("etag", etag),
            ("cursorPaging", cursorPaging), ("changePassword", changePassword),
        ] {
            if let value { writer.member(name, value) }
        }
        for (name, value) in [
            ("bulkOperations", bulkOperations), ("bulkBytes", bulkBytes), ("filterResults", filterResults),
        ] {
            if let value { writer.member(name, value) }
        }
        writer.endObject()
    }

    /// One line a feature.
    fileprivate var rows: [CheckFinding.Fact] {
        func word(_ value: Bool?, _ limits: [String] = []) -> String {
            guard let value else { return "not said" }
            return value ? (["yes"] + limits).joined(separator: ", at most ") : "no"
        }
        return [
            .init("PATCH", word(patch)),
            .init(
                "Bulk",
                word(
                    bulk,
                    [
                        [bulkOperations.map { counted($0, "operation") }, bulkBytes.map { counted($0, "byte") }]
                            .compactMap(\.self).joined(separator: " and ")
                    ].filter { !$0.isEmpty })),
            .init("filters", word(filter, filterResults.map { [counted($0, "result")] } ?? [])),
            .init("sorting", word(sort)), .init("ETags", word(etag)), .init("cursor paging", word(cursorPaging)),
            .init("passwords", word(changePassword)),
        ]
    }
}

extension TextPage {
    /// `  ✓ name           …`: the mark, what was tried, what was found; below, what to do.
    fileprivate mutating func step(_ finding: CheckFinding) {
        let (mark, meaning): (String, Style.Meaning) =
            switch finding.outcome {
            case .passed: ("✓", .good)
            case .warning: ("!", .changed)
            case .failed: ("✗", .alarm)
            case .skipped: ("-", .faint)
            }
        let label = TerminalText.padded(Self.label(finding.step), to: Self.labels)
        let margin = Self.labels + 6
        hanging("  \(style.paint(mark, meaning)) \(label)  ", margin, finding.message, meaning == .faint ? .faint : nil)
        let facts = finding.facts + (finding.features?.rows ?? [])
        let names = facts.map { TerminalText.width($0.name) }.max() ?? 0
        for fact in facts {
            let head = String(repeating: " ", count: margin) + TerminalText.padded(fact.name, to: names) + "  "
            hanging(head, margin + names + 2, fact.value, nil)
        }
        if let mend = finding.mend { paragraph(mend, indent: margin, .heading) }
    }

    /// `text` behind `head`, which is `margin` columns wide; its further lines begin there too.
    private mutating func hanging(_ head: String, _ margin: Int, _ text: String, _ meaning: Style.Meaning?) {
        let lines = TerminalText.wrapped(TerminalText.visible(text), columns: style.width - margin)
        line(head + style.paint(lines[0], meaning))
        for more in lines.dropFirst() { line(String(repeating: " ", count: margin) + style.paint(more, meaning)) }
    }

    private static let labels = 13

    fileprivate static func label(_ step: String) -> String {
        ["tls": "TLS", "okta": "Okta", "entra": "Entra"][step] ?? step
    }
}
