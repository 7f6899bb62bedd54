import SCIM

/// Who else manages a member, and whose word counts then.
///
/// A member whom two sources manage is deactivated by the last one that says so; the others only let go. Each attribute
/// is written by one of them: the first in its precedence that manages the member, else the one that was first. The
/// others fill it where it is empty, and then nobody's blank clears it, so that no two sources write in turns. So with
/// groups that several fill: each speaks for its own people, and for those of several the one that decides.
struct Ownership {
    private let store: any StoreReading
    private let team: TeamID
    private let own: SourceID?
    private let ownName: String
    private let others: [SourceID: String]
    private let policy: Policy

    init(_ roster: RosterReader, source: SCIM.Source?, named name: String, _ policy: Policy) throws {
        store = roster.store
        team = roster.team
        own = source?.id
        ownName = name
        self.policy = policy
        var others: [SourceID: String] = [:]
        for other in try store.sources(team: team) where other.id != source?.id { others[other.id] = other.name }
        self.others = others
    }

    /// The other sources that manage it, the one that was first first.
    func others(of row: RowID) throws -> [SCIM.SourceID] {
        if others.isEmpty { return [] }
        return try store.links(of: row, team: team).map(\.source).filter { others[$0] != nil }
    }

    /// Whether this source decides who is in a group that several manage (the mapping's `groups`), about somebody whom one
    /// of them manages too. In turns they would add and remove them for ever.
    func decides(on user: RowID, of group: RowID) throws -> Bool {
        if others.isEmpty { return true }
        let ofGroup = try self.others(of: group)
        if ofGroup.isEmpty { return true }
        let ofUser = Set(try self.others(of: user))
        return decides("groups", beside: ofGroup.filter(ofUser.contains))
    }

    /// Whether it decides what a group is called.
    func decides(onNameOf group: RowID) throws -> Bool { decides("groups", beside: try others(of: group)) }

    func names(of sources: [SCIM.SourceID]) -> [String] { sources.compactMap { others[$0] } }

    /// Whether this source decides about `attribute` of somebody whom `sources` manage too.
    func decides(_ attribute: String, beside sources: [SCIM.SourceID]) -> Bool {
        if sources.isEmpty { return true }
        let order = policy.attributePrecedence[attribute] ?? policy.precedence
        func rank(_ id: SCIM.SourceID?, _ name: String) -> (Int, Int64) {
            // One that never ran comes last.
            (order.firstIndex(of: name) ?? order.count, Int64(id?.rawValue ?? .max))
        }
        let mine = rank(own, ownName)
        return sources.allSatisfy { mine < rank($0, others[$0] ?? "") }
    }
}

/// A member whom another source still manages, and whom this one lets go.
package struct ReleasedMember: Hashable, Sendable {
    package var member: MemberName
    package var reason: String
    /// The sources that go on managing them.
    package var managers: [String]
    package init(member: MemberName, reason: String, managers: [String]) {
        self.member = member
        self.reason = reason
        self.managers = managers
    }
}
