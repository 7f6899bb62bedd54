import Exports
import JSON

/// The rejected records of a run as a file that can be mended and fed back alone.
///
/// Records of a CSV export become CSV: their own columns in their own order, then `line` and `reason`. Records of a
/// JSON export become a JSON array of the records themselves, each with `rejected` (line and reason) in it, because
/// that is the shape that the export's reader knows.
package enum RejectsFile {
    /// The column of an original that is one JSON value.
    private static let jsonColumn = "JSON"

    package static func text(_ rejected: [RejectedRecord]) -> String {
        let columns = Set(rejected.flatMap(\.original).map(\.column))
        let isJSON = columns == [jsonColumn]
        return isJSON ? json(rejected) : csv(rejected)
    }

    private static func csv(_ rejected: [RejectedRecord]) -> String {
        var columns: [String] = []
        var seen: Set<String> = []
        for cell in rejected.lazy.flatMap(\.original) where seen.insert(cell.column).inserted {
            columns.append(cell.column)
        }
        var text = CSVText.record(columns + ["line", "reason"])
        for record in rejected {
            let values = Dictionary(record.original.map { ($0.column, $0.value) }) { first, _ in first }
            text += CSVText.record(columns.map { values[$0] ?? "" } + [String(record.line.line), reason(record)])
        }
        return text
    }

    private static func json(_ rejected: [RejectedRecord]) -> String {
        var writer = JSONWriter(pretty: true)
        writer.beginArray()
        for record in rejected {
            writer.beginObject()
            if case .object(let members)? = record.original.first.flatMap({ try? JSON.parse($0.value) }) {
                for member in members where member.name != "rejected" { writer.member(member.name, member.value) }
            }
            writer.name("rejected")
            writer.beginObject()
            writer.member("line", record.line.line)
            writer.optional("record", record.line.record)
            writer.member("reason", reason(record))
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func reason(_ record: RejectedRecord) -> String {
        (record.column.map { "column \($0): " } ?? "") + record.message
    }
}
