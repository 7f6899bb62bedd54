import SCIM

/// Whom no plan touches: by pattern over userName and addresses, and by group.
struct Protection {
    private let patterns: [Pattern]
    /// Members of the protected groups, with the first that protects them.
    private let groups: [RowID: String]
    /// Groups that the configuration names and the team does not have.
    let missingGroups: [String]

    init(_ policy: Policy, _ roster: RosterReader) throws {
        patterns = policy.protect
        var groups: [RowID: String] = [:]
        var missing: [String] = []
        for name in policy.protectGroups {
            guard let key = try? CanonicalKey.groupName(name),
                let group = try roster.store.resource(.group, name: key, team: roster.team)
            else {
                missing.append(name)
                continue
            }
            for row in try roster.store.members(of: group.row, team: roster.team) where groups[row] == nil {
                groups[row] = name
            }
        }
        self.groups = groups
        missingGroups = missing
    }

    func covers(_ user: StoredResource) -> Bool { groups[user.row] != nil || patterns.matches(user.resource) }

    /// The pattern or the group that covers somebody, as the configuration writes it.
    func cover(of user: StoredResource) -> String? {
        if let pattern = patterns.first(where: { [$0].matches(user.resource) }) { return pattern.text }
        return groups[user.row].map { "group \"\($0)\"" }
    }

    /// How many of the source's active members are covered. A pattern costs a walk over the roster, so it is asked only
    /// when somebody would leave.
    func count(_ roster: RosterReader, _ members: LinkIndex) throws -> Int {
        var covered = Set(try roster.managedActive(matching: patterns, members))
        for row in groups.keys { if let slot = members.slot(of: row), members.isActive(slot) { covered.insert(row) } }
        return covered.count
    }
}
