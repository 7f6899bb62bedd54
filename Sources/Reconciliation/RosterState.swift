import Exports
import JSON
import SCIM

/// Which roster a plan was made for, and how far its journal had come.
package struct RosterState: Hashable, Sendable {
    /// When the team was made: another database's team of the same name was made at another moment.
    var teamCreated = Timestamp(rawValue: 0)
    var journal = JournalHead()

    init() {}

    init(_ team: Team, in store: any StoreReading) throws {
        teamCreated = team.created
        journal = try store.journalHead(team: team.id)
    }

    func encode(_ writer: inout JSONWriter) {
        writer.name("roster")
        writer.beginObject()
        writer.member("created", teamCreated.iso8601)
        writer.member("entries", journal.entries)
        writer.member("position", journal.position)
        writer.member("digest", hexDigits(journal.digest))
        writer.endObject()
    }

    init?(_ value: JSONValue) {
        guard let created = value["created"]?.string.flatMap(Timestamp.init(iso8601:)),
            let entries = value["entries"]?.integer, let position = value["position"]?.integer,
            let digest = value["digest"]?.string.flatMap(Self.bytes)
        else { return nil }
        teamCreated = created
        journal = JournalHead(entries: entries, position: Int64(position), digest: digest)
    }

    private static func bytes(_ hex: String) -> [UInt8]? {
        let digits = hex.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count == hex.utf8.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension Plan {
    /// Throws ``Refusal`` when the plan has expired, or was made for another roster than `team`'s: one of another
    /// database, or one that was put back to an earlier state since.
    package func requireFit(for store: any ResourceStore, team: Team, asOf: Timestamp, file: String) throws {
        func refusal(_ code: String, _ message: String) -> Refusal {
            Refusal(
                code: code, place: Place(file: file),
                message: "\(file): \(message) Nothing was changed; make a new one with plan --out.")
        }
        guard asOf <= expires else {
            throw refusal("plan-expired", "the plan could be applied until \(expires.iso8601).")
        }
        let digest = try store.read { store in
            roster.journal.position == 0 ? [] : try store.journalDigest(at: roster.journal.position, team: team.id)
        }
        guard roster.teamCreated == team.created, digest == roster.journal.digest else {
            throw refusal(
                "plan-foreign",
                "the plan was made for another roster than this one: another database, or a state that was put back.")
        }
    }
}
