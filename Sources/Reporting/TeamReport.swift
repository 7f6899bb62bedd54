import JSON
import Reconciliation
import SCIM

/// Teams and how large they are.
package enum TeamReport {
    package struct Entry: Hashable, Sendable {
        package var team: Team
        /// `nil` where nobody counted.
        package var counts: RosterCounts?
        package init(team: Team, counts: RosterCounts?) {
            self.team = team
            self.counts = counts
        }
    }

    package static func text(_ entries: [Entry]) -> String {
        let columns = entries.map { TerminalText.width(TerminalText.visible($0.team.name)) }.max() ?? 0
        return entries.map { entry in
            let name = TerminalText.padded(TerminalText.visible(entry.team.name), to: columns)
            let counts = entry.counts.map {
                "  \(counted($0.users, "member")), \(grouped($0.activeUsers)) active; \(counted($0.groups, "group"))"
            }
            return name + (counts ?? "") + "\n"
        }.joined()
    }

    /// A list is an object too, so that something can be added beside it.
    package static func json(_ entries: [Entry]) -> String {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.name("teams")
        writer.beginArray()
        for entry in entries { members(of: entry, formatVersion: nil, &writer) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    package static func json(_ entry: Entry) -> String {
        var writer = JSONWriter(pretty: true)
        members(of: entry, formatVersion: Plan.formatVersion, &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func members(of entry: Entry, formatVersion: Int?, _ writer: inout JSONWriter) {
        writer.beginObject()
        if let formatVersion { writer.member("formatVersion", formatVersion) }
        writer.member("name", entry.team.name)
        writer.member("created", entry.team.created.iso8601)
        if let counts = entry.counts {
            writer.member("users", counts.users)
            writer.member("activeUsers", counts.activeUsers)
            writer.member("groups", counts.groups)
        }
        writer.endObject()
    }
}
