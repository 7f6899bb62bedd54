import Exports
import JSON
import Reconciliation

/// What `--format json` prints when a command could not do its work (exits 65 to 78): `inputs` as far as they were
/// read, and `error`.
package struct ErrorDocument: Hashable, Sendable {
    package var exitCode: Int32
    /// `empty-export`, `unknown-team`; stable.
    package var code: String
    package var message: String
    /// What to do next.
    package var mend: String?
    package var place: Place?
    package var inputs: [InputSummary]

    package init(
        exitCode: Int32, code: String, message: String, mend: String?, place: Place?, inputs: [InputSummary]
    ) {
        self.exitCode = exitCode
        self.code = code
        self.message = message
        self.mend = mend
        self.place = place
        self.inputs = inputs
    }

    package var json: [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.name("inputs")
        writer.beginArray()
        for input in inputs { InputDocument.encode(input, &writer) }
        writer.endArray()
        encodeError(&writer)
        writer.endObject()
        return writer.bytes
    }

    /// The same as events, as ``EventStream`` has those of a plan.
    package var events: [UInt8] {
        var events = EventWriter()
        var bytes: [UInt8] = []
        events.write("input", inputs, into: { bytes += $0 }) { InputDocument.encode($1, &$0) }
        events.writeMembers("error", into: { bytes += $0 }, encodeError)
        events.end(into: { bytes += $0 })
        return bytes
    }

    /// The member `error` alone: what the report of a run that could not go on has besides.
    package func encodeError(_ writer: inout JSONWriter) {
        writer.name("error")
        writer.beginObject()
        writer.member("exitCode", exitCode)
        writer.member("code", code)
        writer.member("message", message)
        if let mend { writer.member("mend", mend) }
        if let place {
            writer.member("file", place.file)
            if let line = place.line { writer.member("line", line) }
            if let column = place.column { writer.member("column", column) }
        }
        writer.endObject()
    }
}
