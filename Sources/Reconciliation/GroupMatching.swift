import Exports
import SCIM

/// Which group of the roster each group of the export is: by the anchor it is linked under, by externalId, by name.
struct GroupMatching {
    struct Match {
        var record: GroupRecord
        /// The name's canonical key.
        var key: String
        var anchor: Digest128
        /// `nil`: the roster does not have it.
        var group: StoredResource?
    }

    private(set) var matches: [Match] = []
    private(set) var notices: [Notice] = []
    private let files: [String]

    /// Groups of which it cannot be told which they are are left as they are, with a notice.
    init(_ records: [GroupRecord], links: LinkIndex, roster: RosterReader, files: [String]) throws {
        self.files = files
        collect(records)
        try find { match in
            guard let slot = links.slot(of: match.anchor) else { return nil }
            return try roster.store.resource(.group, row: links.rows[slot], team: roster.team)
        }
        try find { match in
            guard let anchor = match.record.anchor else { return nil }
            return try roster.store.resources(.group, externalID: anchor, team: roster.team).first
        }
        try find { match in
            guard let group = try roster.store.resource(.group, name: match.key, team: roster.team) else { return nil }
            // Of ours, and no record is its own any more: it was made anew under the same name.
            let isOurs = links.slot(of: group.row) != nil
            return isOurs || group.resource.externalID == nil || match.record.anchor == nil ? group : nil
        }
        dropShared()
    }

    private mutating func collect(_ records: [GroupRecord]) {
        for record in records where !record.isBuiltIn {
            guard let key = try? CanonicalKey.groupName(record.name) else {
                warn("group-name", record, "a group without a usable name was left out")
                continue
            }
            let anchor = record.anchor.map(AnchorDigest.of(anchor:)) ?? AnchorDigest.of(userNameKey: key)
            matches.append(Match(record: record, key: key, anchor: anchor, group: nil))
        }
        let byKey = Dictionary(grouping: matches, by: \.key)
        drop { match in
            byKey[match.key, default: []].count > 1
                ? (
                    "group-name-twice",
                    "another group has the name \(match.record.name) too; both were left as they are"
                )
                : nil
        }
        let byAnchor = Dictionary(grouping: matches, by: \.anchor)
        drop { match in
            byAnchor[match.anchor, default: []].count > 1
                ? (
                    "group-twice",
                    "the group \(match.record.name) is listed again under another name; both were left as they are"
                )
                : nil
        }
    }

    /// Weighs one kind of evidence for all that have no group yet, among the groups that have no record yet.
    private mutating func find(_ group: (Match) throws -> StoredResource?) throws {
        let taken = Set(matches.compactMap(\.group?.row))
        for index in matches.indices where matches[index].group == nil {
            guard let found = try group(matches[index]), !taken.contains(found.row) else { continue }
            matches[index].group = found
        }
    }

    /// Two records that are the same group of the roster.
    private mutating func dropShared() {
        let byRow = Dictionary(grouping: matches.filter { $0.group != nil }, by: { $0.group?.row })
        drop { match in
            guard let row = match.group?.row, byRow[row, default: []].count > 1 else { return nil }
            return (
                "group-ambiguous",
                "several groups of the export match the group \(match.record.name); all were left as they are"
            )
        }
    }

    private mutating func drop(_ reason: (Match) -> (code: String, message: String)?) {
        var kept: [Match] = []
        for match in matches {
            if let reason = reason(match) {
                warn(reason.code, match.record, reason.message)
            } else {
                kept.append(match)
            }
        }
        matches = kept
    }

    mutating func warn(_ code: String, _ record: GroupRecord, _ message: String) {
        notices.append(
            Notice(
                .warning, code: code,
                message: "\(Place(file: "", at: record.line).text(files[record.file])): \(message)"))
    }

    /// Takes out those whose new name belongs to a group that keeps it.
    mutating func refuse(_ claims: [NameMoves.Claim]) {
        if claims.isEmpty { return }
        let refused = Set(claims.map(\.name))
        drop { match in
            refused.contains(match.key)
                ? ("group-name-taken", "the team has another group named \(match.record.name); it was left as it is")
                : nil
        }
    }
}
