import JSON
import Reconciliation
import SCIM

/// The sources of a team.
package enum SourceReport {
    package static func text(_ entries: [TeamSources.Entry]) -> String {
        entries.map { entry in
            let applied = entry.source.lastApplied.map { "last applied \($0.at.iso8601)" } ?? "never applied"
            return """
                \(TerminalText.visible(entry.source.name))
                  manages \(counted(entry.managed, "active member")), \(grouped(entry.managedAlone)) of them alone
                  \(applied)\n
                """
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
