import Exports
import SCIM

/// Groups become subteams: created, renamed, filled and emptied; never deleted, since other systems hold their ids.
struct GroupPlanner {
    let roster: RosterReader
    let source: SourceID
    let ownership: Ownership
    let files: [String]
    /// Only a complete groups export takes anybody out of a group.
    let removes: Bool
    /// The groups come from a column of the users export: one that nobody lists any more is empty.
    let areOfColumn: Bool

    private(set) var people: GroupPeople
    private(set) var changes: [Change] = []
    private(set) var links: [LinkChange] = []
    private(set) var notices: [Notice] = []
    /// Memberships that would end.
    private(set) var removals = 0
    /// Groups that would lose all, or over half, of their members, apart from those who leave the team.
    private(set) var emptied: [String] = []

    private var together: [NameMoves.Claimant: Int] = [:]

    init(
        roster: RosterReader, source: SourceID, ownership: Ownership, files: [String], people: GroupPeople,
        removes: Bool,
        areOfColumn: Bool
    ) {
        self.roster = roster
        self.source = source
        self.ownership = ownership
        self.files = files
        self.people = people
        self.removes = removes
        self.areOfColumn = areOfColumn
    }

    /// `linked` is the number of the source as the store has it; names that move together are numbered from
    /// `firstTogether`.
    mutating func plan(_ records: [GroupRecord], links index: LinkIndex, firstTogether: Int) throws {
        var matching = try GroupMatching(records, links: index, roster: roster, files: files)
        let moves = try settleNames(matching.matches)
        matching.refuse(moves.refused)
        together = moves.together(from: firstTogether)
        for match in matching.matches {
            if let group = match.group {
                try update(group, match, index)
            } else {
                try create(match)
            }
        }
        let seen = Set(matching.matches.compactMap(\.group?.row))
        if areOfColumn { try emptyUnlisted(index, except: seen) }
        notices += matching.notices
        note(records, absent: areOfColumn ? 0 : index.rows.count { !seen.contains($0) })
    }

    private func settleNames(_ matches: [GroupMatching.Match]) throws -> NameMoves {
        var claims: [NameMoves.Claim] = []
        var moving: Set<RowID> = []
        for match in matches {
            let own = match.group?.row
            if let group = match.group {
                guard try isRenamed(group, match) else { continue }
                moving.insert(group.row)
            }
            guard let holder = try roster.store.resource(.group, name: match.key, team: roster.team), holder.row != own
            else { continue }
            claims.append(
                .init(claimant: own.map { .resource($0) } ?? .new(match.key), name: match.key, holder: holder.row))
        }
        return NameMoves(claims, moving: moving) { _ in true }
    }

    private func isRenamed(_ group: StoredResource, _ match: GroupMatching.Match) throws -> Bool {
        guard (try? CanonicalKey.groupName(name(of: group.resource))) != match.key else { return false }
        return try ownership.decides(onNameOf: group.row)
    }

    // MARK: Changes

    private mutating func create(_ match: GroupMatching.Match) throws {
        let record = match.record
        let target = try people.find(record.members ?? [])
        var change = Change(
            .groupCreate, name: record.name, externalID: record.anchor, reason: "in the export, not in the roster",
            place: place(record), attributes: [AttributeChange(path: "displayName", old: nil, new: record.name)],
            link: link(match))
        if let anchor = record.anchor {
            change.attributes.append(AttributeChange(path: "externalId", old: nil, new: anchor))
        }
        change.addMembers = try people.references(target.rows.filter { !people.isPinned($0) }) + target.newcomers
        change.together = together[.new(match.key)]
        changes.append(change)
    }

    private mutating func update(_ group: StoredResource, _ match: GroupMatching.Match, _ index: LinkIndex) throws {
        let record = match.record
        var attributes: [AttributeChange] = []
        let oldName = name(of: group.resource)
        if try isRenamed(group, match) {
            attributes.append(AttributeChange(path: "displayName", old: oldName, new: record.name))
        }
        if let anchor = record.anchor, anchor != group.resource.externalID,
            try ownership.decides(onNameOf: group.row)
        {
            attributes.append(AttributeChange(path: "externalId", old: group.resource.externalID, new: anchor))
        }
        var change = Change(
            .groupUpdate, id: group.resource.id, name: oldName, externalID: group.resource.externalID,
            version: group.resource.version, reason: "differs from the export", place: place(record),
            attributes: attributes, link: link(match))
        change.together = together[.resource(group.row)]
        if let members = record.members {
            let target = try people.find(members)
            let present = Set(try roster.store.members(of: group.row, team: roster.team))
            let adding = try target.rows.subtracting(present).filter {
                try !people.isPinned($0) && ownership.decides(on: $0, of: group.row)
            }
            change.addMembers = try people.references(adding) + target.newcomers
            if removes && record.membersComplete {
                change.removeMembers = try removing(present.subtracting(target.rows), of: group, present)
            }
        }
        if !attributes.isEmpty || !change.addMembers.isEmpty || !change.removeMembers.isEmpty {
            changes.append(change)
        } else if index.slot(of: group.row).map({ index.anchor(of: $0) }) != match.anchor {
            links.append(
                LinkChange(
                    type: .group, id: group.resource.id, version: group.resource.version, link: link(match)))
        }
    }

    /// Groups of ours that no row lists any more lose those whose rows say where they are instead.
    private mutating func emptyUnlisted(_ index: LinkIndex, except seen: Set<RowID>) throws {
        guard removes else { return }
        for row in index.rows where !seen.contains(row) {
            guard let group = try roster.store.resource(.group, row: row, team: roster.team) else { continue }
            let present = Set(try roster.store.members(of: row, team: roster.team))
            let leaving = try removing(present, of: group, present)
            if leaving.isEmpty { continue }
            var change = Change(
                .groupUpdate, id: group.resource.id, name: name(of: group.resource),
                externalID: group.resource.externalID, version: group.resource.version,
                reason: "nobody in the export lists it", attributes: [])
            change.removeMembers = leaving
            changes.append(change)
        }
    }

    /// Those of `rows` whose membership of a group with the members `present` may end.
    private mutating func removing(
        _ rows: Set<RowID>, of group: StoredResource, _ present: Set<RowID>
    ) throws -> [MemberReference] {
        let leaving = try rows.filter { try people.mayLeave($0) && ownership.decides(on: $0, of: group.row) }
        removals += leaving.count
        // Whoever loses the team with it is another guard's.
        let losing = try leaving.filter { try people.stays($0) }
        if Self.empties(losing: losing.count, leaving: leaving.count, of: present.count) {
            emptied.append(name(of: group.resource))
        }
        return try people.references(leaving)
    }

    /// Whether a group of `members` loses all or over half: `leaving` go, and `losing` of them stay in the team.
    static func empties(losing: Int, leaving: Int, of members: Int) -> Bool {
        losing * 2 > members || losing > 0 && leaving == members
    }

    private mutating func note(_ records: [GroupRecord], absent: Int) {
        if absent > 0 {
            notices.append(
                Notice(
                    .info, code: "groups-absent",
                    message: counted(
                        absent, "managed group is not in the export; it stays as it is",
                        "managed groups are not in the export; they stay as they are")))
        }
        if people.unknown > 0 {
            notices.append(
                Notice(
                    .info, code: "group-members-unknown",
                    message: counted(
                        people.unknown, "group member is nobody in the users export or the roster, and was left out",
                        "group members are nobody in the users export or the roster; they were left out")))
        }
        let skipped = records.reduce(0) { $0 + $1.skippedMembers }
        if skipped > 0 {
            notices.append(
                Notice(
                    .info, code: "group-members-skipped",
                    message: counted(
                        skipped, "group member is a group or a device, and was left out",
                        "group members are groups or devices; they were left out")))
        }
    }

    // MARK: Parts

    private func link(_ match: GroupMatching.Match) -> SourceLink {
        SourceLink(source: source, anchor: match.anchor, fingerprint: nil)
    }

    private func name(of group: Resource) -> String { group.attributes["displayName"]?.string ?? group.id.rawValue }
    private func place(_ record: GroupRecord) -> Place { Place(file: files[record.file], at: record.line) }
}
