import JSON
import Reconciliation

/// The sources of a team.
package enum SourceReport {
    package static func text(_ entries: [TeamSources.Entry]) -> String {
        let columns = entries.map { TerminalText.width(TerminalText.visible($0.source.name)) }.max() ?? 0
        return entries.map { entry in
            let name = TerminalText.padded(TerminalText.visible(entry.source.name), to: columns)
            let applied = entry.source.lastApplied.map { "last applied \($0.at.iso8601)" } ?? "never applied"
            let margin = String(repeating: " ", count: columns + 2)
            return "\(name)  manages \(counted(entry.managed, "active member")), "
                + "\(grouped(entry.managedAlone)) of them alone\n\(margin)\(applied)\n"
        }.joined()
    }

    package static func json(_ entries: [TeamSources.Entry], team: String) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.member("team", team)
        writer.array("sources", entries) { writer, entry in
            writer.beginObject()
            writer.member("name", entry.source.name)
            writer.member("managed", entry.managed)
            writer.member("managedAlone", entry.managedAlone)
            writer.optional("lastApplied", entry.source.lastApplied?.at.iso8601)
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }
}
