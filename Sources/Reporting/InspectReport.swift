import Exports
import JSON
import SCIM

/// What `inspect` says: one entry a file, for people and for machines.
package enum InspectReport {
    /// The array of product.md's shape, one file after another as they were given.
    package static func json(_ summaries: [InputSummary]) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginArray()
        for summary in summaries { InputDocument.encode(summary, &writer) }
        writer.endArray()
        return writer.bytes
    }

    package static func text(_ summaries: [InputSummary], style: Style) -> String {
        var page = TextPage(style: style)
        for (index, summary) in summaries.enumerated() {
            if index > 0 { page.blank() }
            page.inspected(summary)
        }
        return page.text
    }
}

extension TextPage {
    fileprivate mutating func inspected(_ summary: InputSummary) {
        heading(summary.file)
        if let refusal = summary.refusal {
            paragraph("refused (\(refusal.code)): \(refusal.message)", indent: 2, .alarm)
            return
        }
        let isOne = summary.format == summary.kind.rawValue
        fact("format", isOne ? summary.format : "\(summary.format), \(summary.kind.rawValue)", names: Self.names)
        if let grade = summary.grade {
            fact("grade", grade.rawValue, names: Self.names, grade == .complete ? .good : .changed)
            for reason in summary.gradeReasons { paragraph(reason, indent: 8 + Self.names) }
        }
        switch summary.kind {
        case .users: people(summary)
        case .groups: fact("records", grouped(summary.records), names: Self.names)
        case .samlMetadata: if let metadata = summary.metadata { self.metadata(metadata) }
        }
        if !summary.unusedColumns.isEmpty {
            fact("unused", summary.unusedColumns.joined(separator: ", "), names: Self.names)
        }
        remarks(summary.diagnostics)
        rejected([summary])
    }

    private static let names = 12

    private mutating func people(_ summary: InputSummary) {
        let kinds = [
            (summary.active, "active"), (summary.inactive, "inactive"), (summary.undecided, "undecided"),
            (summary.outOfScope, "out of scope"), (summary.rejected.count, "rejected"),
        ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        fact(
            "records", grouped(summary.records) + (kinds.isEmpty ? "" : ": " + kinds.joined(separator: ", ")),
            names: Self.names)
    }

    private mutating func metadata(_ metadata: MetadataSummary) {
        fact("entityID", metadata.entityID, names: Self.names)
        if let end = metadata.validUntil { fact("valid until", end, names: Self.names) }
        fact("signature", metadata.signature.rawValue, names: Self.names)
        for certificate in metadata.signingCertificates {
            fact(
                "certificate", "\(certificate.sha256.prefix(16))… until \(certificate.notAfter ?? "?")",
                names: Self.names)
        }
        for service in metadata.singleSignOnServices { fact("sign-on", service.location, names: Self.names) }
    }

    private mutating func remarks(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics.prefix(TextReport.listLimit) {
            let place = [
                diagnostic.place.line.map { "line \($0)" }, diagnostic.place.column.map { "column \($0)" },
            ].compactMap(\.self).joined(separator: ", ")
            paragraph(
                "\(diagnostic.severity.rawValue): " + (place.isEmpty ? "" : place + ": ") + diagnostic.message,
                indent: 6,
                diagnostic.severity == .warning ? .changed : nil)
        }
        more(diagnostics.count - TextReport.listLimit)
    }
}
