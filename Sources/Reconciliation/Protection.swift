import SCIM

/// Whom no plan touches: by pattern over userName and addresses, and by group.
struct Protection {
    private let patterns: [Pattern]
    private let rows: Set<RowID>
    /// Groups that the configuration names and the team does not have.
    let missingGroups: [String]

    init(_ policy: Policy, _ roster: RosterReader) throws {
        patterns = policy.protect
        var rows: Set<RowID> = []
        var missing: [String] = []
        for name in policy.protectGroups {
            guard let key = try? CanonicalKey.groupName(name),
                let group = try roster.store.resource(.group, name: key, team: roster.team)
            else {
                missing.append(name)
                continue
            }
            rows.formUnion(try roster.store.members(of: group.row, team: roster.team))
        }
        self.rows = rows
        missingGroups = missing
    }

    func covers(_ user: StoredResource) -> Bool { rows.contains(user.row) || patterns.matches(user.resource) }

    /// How many of the source's active members are covered. A pattern costs a walk over the roster, so it is asked only
    /// when somebody would leave.
    func count(_ roster: RosterReader, _ members: LinkIndex) throws -> Int {
        var covered = Set(try roster.managedActive(matching: patterns, members))
        for row in rows { if let slot = members.slot(of: row), members.isActive(slot) { covered.insert(row) } }
        return covered.count
    }
}
