import Exports
import SCIM

/// Who the members are that groups name, and who of them may be taken out of a group.
struct GroupPeople {
    private let roster: RosterReader
    private let protection: Protection
    private let members: LinkIndex
    private let pins: Set<RowID>
    private let adopted: Set<RowID>
    private let deactivated: Set<RowID>
    /// Where a column of the users export lists groups: those whose cell said something. A blank one says nothing.
    private let spokenFor: Set<Digest128>?

    private var rowOfAnchor: [Digest128: RowID] = [:]
    private var anchorOfRow: [RowID: Digest128] = [:]
    private var newcomerOfAnchor: [Digest128: String] = [:]
    private var newcomerOfName: [String: String] = [:]

    /// References that are nobody in the export or the roster.
    private(set) var unknown = 0

    init(
        roster: RosterReader, protection: Protection, members: LinkIndex, correlation: Correlation?,
        rules: IdentityRules?,
        adopted: Set<RowID>, deactivated: Set<RowID>, spokenFor: Set<Digest128>?
    ) {
        self.roster = roster
        self.protection = protection
        self.members = members
        self.adopted = adopted
        self.deactivated = deactivated
        self.spokenFor = spokenFor
        pins = Set(correlation?.rejections.pins.keys.map { $0 } ?? [])
        guard let correlation, let rules else { return }
        for match in correlation.matches {
            rowOfAnchor[match.record.anchorDigest] = match.user.row
            anchorOfRow[match.user.row] = match.record.anchorDigest
        }
        for record in correlation.newcomers {
            guard let name = rules.userName(of: record), let key = rules.userNameKey(of: record) else { continue }
            newcomerOfAnchor[record.anchorDigest] = name
            newcomerOfName[key] = name
        }
    }

    /// Who a group's references are: members of the roster, and people whom this plan creates.
    mutating func find(
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
                unknown += 1
            }
        }
        return (rows, newcomers.sorted().map { .created(userName: $0) })
    }

    private func row(of anchor: Digest128) -> RowID? {
        rowOfAnchor[anchor] ?? members.slot(of: anchor).map { members.rows[$0] }
    }

    /// Left exactly as is.
    func isPinned(_ row: RowID) -> Bool { pins.contains(row) }

    /// Whether the export may end this member's membership: one of ours, unpinned, unprotected, and spoken for.
    func mayLeave(_ row: RowID) throws -> Bool {
        if pins.contains(row) { return false }
        let slot = members.slot(of: row)
        guard slot != nil || adopted.contains(row) else { return false }
        if let spokenFor {
            guard let anchor = anchorOfRow[row] ?? slot.map({ members.anchor(of: $0) }), spokenFor.contains(anchor)
            else {
                return false
            }
        }
        guard let user = try roster.user(row: row) else { return false }
        return !protection.covers(user)
    }

    /// Active, and not on the way out.
    func stays(_ row: RowID) throws -> Bool {
        try !deactivated.contains(row) && roster.user(row: row)?.resource.isActive ?? false
    }

    func references(_ rows: some Sequence<RowID>) throws -> [MemberReference] {
        try rows.sorted().compactMap { row in
            try roster.user(row: row).map { .member($0.resource.id, userName: $0.resource.userName) }
        }
    }
}
