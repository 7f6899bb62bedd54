import Exports
import SCIM

/// Groups become subteams: created, renamed, filled and emptied; never deleted, since other systems hold their ids.
struct GroupPlanner {
    let roster: RosterReader
    let source: SourceID
    let files: [String]
    let correlation: Correlation
    let protected: Set<RowID>
    /// Only a complete groups export takes anybody out of a group.
    let removes: Bool
    /// The first free number of changes that go together.
    let nextTogether: Int

    private(set) var changes: [Change] = []
    private(set) var links: [LinkChange] = []
    private(set) var notices: [Notice] = []
    /// Memberships that would end.
    private(set) var removals = 0

    private var rowOfAnchor: [Digest128: RowID] = [:]
    private var newcomerOfAnchor: [Digest128: String] = [:]
    private var newcomerOfName: [String: String] = [:]
    private var unknownMembers = 0

    init(
        roster: RosterReader, source: SourceID, files: [String], correlation: Correlation, rules: IdentityRules,
        protected: Set<RowID>, removes: Bool, nextTogether: Int
    ) {
        self.roster = roster
        self.source = source
        self.files = files
        self.correlation = correlation
        self.protected = protected
        self.removes = removes
        self.nextTogether = nextTogether
        for match in correlation.matches { rowOfAnchor[match.record.anchorDigest] = match.user.row }
        for record in correlation.newcomers {
            guard let name = rules.userName(of: record), let key = rules.userNameKey(of: record) else { continue }
            newcomerOfAnchor[record.anchorDigest] = name
            newcomerOfName[key] = name
        }
    }

    private struct Wanted {
        var record: GroupRecord
        var key: String
        var anchor: Digest128
        var group: StoredResource?
    }

    mutating func plan(_ records: [GroupRecord]) throws {
        let index = try LinkIndex(.group, source: source, team: roster.team, from: roster.store)
        var wanted: [Wanted] = []
        var lineOfKey: [String: [Int]] = [:]
        for record in records where !record.isBuiltIn {
            guard let key = try? CanonicalKey.groupName(record.name) else {
                notices.append(Notice(.warning, code: "group-name", message: "\(place(record)): a group without a usable name was left out"))
                continue
            }
            lineOfKey[key, default: []].append(record.line)
            let anchor = record.anchor.map(AnchorDigest.of(anchor:)) ?? AnchorDigest.of(userNameKey: key)
            wanted.append(Wanted(record: record, key: key, anchor: anchor, group: nil))
        }
        wanted.removeAll { entry in
            guard let lines = lineOfKey[entry.key], lines.count > 1 else { return false }
            notices.append(
                Notice(
                    .warning, code: "group-name-twice",
                    message: "\(place(entry.record)): another group has the name \(entry.record.name) too; both were left as they are"))
            return true
        }
        for position in wanted.indices { wanted[position].group = try group(for: wanted[position], index) }
        let renamed = Set(
            wanted.compactMap { entry in
                entry.group.flatMap { (try? CanonicalKey.groupName(name(of: $0.resource))) == entry.key ? nil : $0.row }
            })
        for entry in wanted { try plan(entry, renamed: renamed) }
        let seen = Set(wanted.compactMap(\.group?.row))
        let absent = index.rows.count { !seen.contains($0) }
        if absent > 0 {
            notices.append(
                Notice(.info, code: "groups-absent", message: "\(absent) managed groups are not in the export; they stay as they are"))
        }
        if unknownMembers > 0 {
            notices.append(
                Notice(.info, code: "group-members-unknown", message: "\(unknownMembers) group members are nobody in the users export or the roster; they were left out"))
        }
        let skipped = records.reduce(0) { $0 + $1.skippedMembers }
        if skipped > 0 {
            notices.append(
                Notice(.info, code: "group-members-skipped", message: "\(skipped) group members are groups or devices; they were left out"))
        }
    }

    private func group(for entry: Wanted, _ index: LinkIndex) throws -> StoredResource? {
        let store = roster.store
        if let slot = index.slot(of: entry.anchor) {
            return try store.resource(.group, row: index.rows[slot], team: roster.team)
        }
        if let anchor = entry.record.anchor,
            let group = try store.resources(.group, externalID: anchor, team: roster.team).first
        {
            return group
        }
        guard let group = try store.resource(.group, name: entry.key, team: roster.team),
            index.slot(of: group.row) == nil, group.resource.externalID == nil || entry.record.anchor == nil
        else { return nil }
        return group
    }

    private mutating func plan(_ entry: Wanted, renamed: Set<RowID>) throws {
        let record = entry.record
        let holder = try roster.store.resource(.group, name: entry.key, team: roster.team)
        if let holder, holder.row != entry.group?.row, !renamed.contains(holder.row) {
            notices.append(
                Notice(
                    .warning, code: "group-name-taken",
                    message: "\(place(record)): the team has another group named \(record.name); it was left as it is"))
            return
        }
        let target = try members(record.members ?? [])
        let link = SourceLink(source: source, anchor: entry.anchor, fingerprint: nil)
        let where_ = Place(file: files[record.file], line: record.line)
        guard let group = entry.group else {
            var change = Change(
                .groupCreate, name: record.name, externalID: record.anchor, reason: "in the export, not in the roster",
                place: where_, attributes: [AttributeChange(path: "displayName", old: nil, new: record.name)], link: link)
            if let anchor = record.anchor {
                change.attributes.append(AttributeChange(path: "externalId", old: nil, new: anchor))
            }
            change.addMembers = try references(target.rows) + target.newcomers
            change.together = holder == nil ? nil : nextTogether
            changes.append(change)
            return
        }
        var attributes: [AttributeChange] = []
        let oldName = name(of: group.resource)
        if (try? CanonicalKey.groupName(oldName)) != entry.key {
            attributes.append(AttributeChange(path: "displayName", old: oldName, new: record.name))
        }
        if let anchor = record.anchor, anchor != group.resource.externalID {
            attributes.append(AttributeChange(path: "externalId", old: group.resource.externalID, new: anchor))
        }
        var change = Change(
            .groupUpdate, id: group.resource.id, name: oldName, externalID: group.resource.externalID,
            version: group.resource.version, reason: "differs from the export", place: where_, attributes: attributes,
            link: link)
        if record.members != nil {
            let present = Set(try roster.store.members(of: group.row, team: roster.team))
            let adding = target.rows.subtracting(present).filter { correlation.pins[$0] == nil }
            change.addMembers = try references(adding) + target.newcomers
            if removes && record.membersComplete {
                let leaving = present.subtracting(target.rows).filter { row in
                    correlation.members.slot(of: row) != nil && correlation.pins[row] == nil && !protected.contains(row)
                }
                change.removeMembers = try references(leaving)
                removals += leaving.count
            }
        }
        if attributes.contains(where: { $0.path == "displayName" }) { change.together = nextTogether }
        if attributes.isEmpty && change.addMembers.isEmpty && change.removeMembers.isEmpty {
            links.append(LinkChange(type: .group, id: group.resource.id, link: link))
        } else {
            changes.append(change)
        }
    }

    /// Who the references are: members of the roster, and people whom this plan creates.
    private mutating func members(
        _ references: [GroupMemberReference]
    ) throws -> (rows: Set<RowID>, newcomers: [MemberReference]) {
        var rows: Set<RowID> = []
        var newcomers: Set<String> = []
        for reference in references {
            if let anchor = reference.anchor, let row = row(of: anchor) {
                rows.insert(row)
            } else if let anchor = reference.anchor, let name = newcomerOfAnchor[anchor] {
                newcomers.insert(name)
            } else if let key = reference.userName, let name = newcomerOfName[key] {
                newcomers.insert(name)
            } else if let key = reference.userName, let user = try roster.user(name: key) {
                rows.insert(user.row)
            } else {
                unknownMembers += 1
            }
        }
        return (rows, newcomers.sorted().map { .created(userName: $0) })
    }

    private func row(of anchor: Digest128) -> RowID? {
        rowOfAnchor[anchor] ?? correlation.members.slot(of: anchor).map { correlation.members.rows[$0] }
    }

    private func references(_ rows: some Sequence<RowID>) throws -> [MemberReference] {
        try rows.sorted().compactMap { row in try roster.user(row: row).map { .id($0.resource.id) } }
    }

    private func name(of group: Resource) -> String { group.attributes["displayName"]?.string ?? group.id.rawValue }
    private func place(_ record: GroupRecord) -> String { "\(files[record.file]):\(record.line)" }
}
