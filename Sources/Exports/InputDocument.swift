import JSON
import SCIM

/// An input's summary as JSON: `inspect`'s element, and a plan's `inputs` (docs/formats.md).
package enum InputDocument {
    package static func encode(_ summary: InputSummary, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("file", summary.file)
        writer.member("kind", summary.kind.rawValue)
        writer.member("format", summary.format)
        writer.member("verdict", summary.refusal == nil ? "accepted" : "refused")
        writer.optional("sha256", summary.sha256)
        writer.optional("exportDate", summary.exportDate?.iso8601)
        writer.optional("modified", summary.modified?.iso8601)
        writer.optional("grade", summary.grade?.rawValue)
        writer.name("gradeReasons")
        writer.beginArray()
        for reason in summary.gradeReasons { writer.string(reason) }
        writer.endArray()
        if let metadata = summary.metadata {
            metadata.encode(&writer)
        } else {
            writer.member("records", summary.records)
            writer.member("active", summary.active)
            writer.member("inactive", summary.inactive)
            writer.member("undecided", summary.undecided)
            writer.member("outOfScope", summary.outOfScope)
        }
        writer.array("rejected", summary.rejected) { encode($1, file: nil, &$0) }
        writer.array("warnings", summary.diagnostics) { writer, diagnostic in
            writer.beginObject()
            writer.member("code", diagnostic.code)
            writer.member("severity", diagnostic.severity.rawValue)
            writer.optional("line", diagnostic.place.line)
            writer.optional("column", diagnostic.place.column)
            writer.member("message", diagnostic.message)
            writer.endObject()
        }
        if let refusal = summary.refusal {
            writer.name("refusal")
            writer.beginObject()
            writer.member("code", refusal.code)
            writer.optional("line", refusal.place.line)
            writer.optional("column", refusal.place.column)
            writer.optional("byteOffset", refusal.place.byteOffset)
            writer.member("message", refusal.message)
            writer.endObject()
        }
        writer.endObject()
    }

    /// A rejected record; `file` where the document does not say it already.
    package static func encode(_ record: RejectedRecord, file: String?, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.optional("file", file)
        writer.member("line", record.line.line)
        writer.optional("record", record.line.record)
        writer.optional("column", record.column)
        writer.member("code", record.code)
        writer.member("message", record.message)
        writer.optional("anchor", record.anchor)
        writer.optional("userName", record.userName)
        writer.optional("email", record.email)
        writer.endObject()
    }

    /// `nil` unless it is what ``encode(_:_:)`` writes. The records' original cells are not in it.
    package static func decode(_ value: JSONValue) -> InputSummary? {
        guard let file = value["file"]?.string, let kind = value["kind"]?.string.flatMap(InputSummary.Kind.init),
            let format = value["format"]?.string
        else { return nil }
        var summary = InputSummary(file: file, kind: kind, format: format)
        summary.sha256 = value["sha256"]?.string
        summary.exportDate = value["exportDate"]?.string.flatMap(Timestamp.init(iso8601:))
        summary.modified = value["modified"]?.string.flatMap(Timestamp.init(iso8601:))
        summary.grade = value["grade"]?.string.flatMap(Grade.init)
        summary.gradeReasons = (value["gradeReasons"]?.array ?? []).compactMap(\.string)
        summary.metadata = MetadataSummary(value)
        summary.records = value["records"]?.integer ?? 0
        summary.active = value["active"]?.integer ?? 0
        summary.inactive = value["inactive"]?.integer ?? 0
        summary.undecided = value["undecided"]?.integer ?? 0
        summary.outOfScope = value["outOfScope"]?.integer ?? 0
        summary.rejected = (value["rejected"]?.array ?? []).compactMap(rejected)
        summary.diagnostics = (value["warnings"]?.array ?? []).compactMap { diagnostic($0, file) }
        if let refusal = value["refusal"], let code = refusal["code"]?.string, let message = refusal["message"]?.string
        {
            summary.refusal = Refusal(
                code: code,
                place: Place(
                    file: file, line: refusal["line"]?.integer, column: refusal["column"]?.string,
                    byteOffset: refusal["byteOffset"]?.integer), message: message)
        }
        return summary
    }

    private static func rejected(_ value: JSONValue) -> RejectedRecord? {
        guard let line = value["line"]?.integer, let code = value["code"]?.string,
            let message = value["message"]?.string
        else { return nil }
        return RejectedRecord(
            file: 0, line: RecordLine(line, record: value["record"]?.integer), column: value["column"]?.string,
            code: code, message: message,
            anchor: value["anchor"]?.string, userName: value["userName"]?.string, email: value["email"]?.string)
    }

    private static func diagnostic(_ value: JSONValue, _ file: String) -> Diagnostic? {
        guard let code = value["code"]?.string, let message = value["message"]?.string,
            let severity = value["severity"]?.string.flatMap(Diagnostic.Severity.init)
        else { return nil }
        return Diagnostic(
            code: code, severity: severity,
            place: Place(file: file, line: value["line"]?.integer, column: value["column"]?.string), message: message)
    }
}
