import SCIM

/// What the roster and the journal tell of one member, whatever the export says.
struct MemberHistory {
    let store: any StoreReading
    let team: TeamID
    let protection: Protection

    /// Entries of the journal that are read.
    static let limit = 50

    func member(_ user: StoredResource) throws -> ExplainedMember {
        let names = Dictionary(
            try store.sources(team: team).map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        func sources(of row: RowID) throws -> [String] {
            try store.links(of: row, team: team).compactMap { names[$0.source] }
        }
        let groups = try store.groups(of: user.row, team: team).compactMap { row -> ExplainedGroup? in
            guard let group = try store.resource(.group, row: row, team: team)?.resource else { return nil }
            return ExplainedGroup(
                id: group.id, name: group.attributes["displayName"]?.string ?? group.id.rawValue,
                sources: try sources(of: row))
        }
        let entries = try store.journal(of: user.resource.id, limit: Self.limit, team: team)
        return ExplainedMember(
            resource: user.resource, sources: try sources(of: user.row), groups: groups,
            protectedBy: protection.cover(of: user), changes: try changes(entries),
            hasEarlierChanges: entries.count == Self.limit && entries.last?.operation != .create)
    }

    private func changes(_ entries: [JournalEntry]) throws -> [JournaledChange] {
        var heads: [RunID: RunHead] = [:]
        let empty = ComplexValue()
        return try entries.map { entry in
            if let run = entry.run, heads[run] == nil {
                heads[run] = try store.run(run, team: team)?.report.flatMap(RunHead.init)
            }
            let head = entry.run.flatMap { heads[$0] }
            return JournaledChange(
                at: entry.at, operation: entry.operation, version: entry.version, actor: entry.actor, run: entry.run,
                by: head?.by, source: head?.source,
                attributes: AttributeChange.between(
                    entry.before.flatMap(AttributesJSON.decode) ?? empty,
                    entry.after.flatMap(AttributesJSON.decode) ?? empty))
        }
    }
}
