import SCIM

/// The sources of a team, and the end of one: an identity provider that is no more.
///
/// As long as a source manages somebody, no other one deactivates them, so one that is only taken out of the
/// configuration would keep people in for ever.
package struct TeamSources {
    package struct Entry: Hashable, Sendable {
        package var source: SCIM.Source
        /// Active members whom it manages.
        package var managed: Int
        /// Those of them whom nobody else manages.
        package var managedAlone: Int
    }

    private let service: SCIMService
    private let team: Team
    private static let batchSize = 1000

    package init(service: SCIMService, team: Team) {
        self.service = service
        self.team = team
    }

    /// The one that was first comes first.
    package func entries() throws -> [Entry] {
        try service.store.read { store in
            try store.sources(team: team.id).map { source in
                var alone = 0
                try store.eachLink(.user, source: source.id, team: team.id) { link in
                    if try link.active && store.links(of: link.row, team: team.id).count == 1 { alone += 1 }
                }
                let managed = try store.counts(source: source.id, team: team.id).managedActive
                return Entry(source: source, managed: managed, managedAlone: alone)
            }
        }
    }

    /// Nobody and no group is managed by `source` any more; nothing else of them changes. Whoever still manages them looks
    /// at them anew. Killed in between it leaves less to do.
    package func letGo(of source: SourceID) throws {
        let context = RequestContext(team: team.id, actor: "source remove")
        for type in [ResourceType.user, .group] {
            let rows = try service.store.read { store in
                var rows: [RowID] = []
                try store.eachLink(type, source: source, team: team.id) { rows.append($0.row) }
                return rows
            }
            for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
                let operations = try service.store.read { store in
                    try rows[start..<min(start + Self.batchSize, rows.count)].compactMap { row in
                        try store.id(type, row: row, team: team.id).map { BulkOperation(.unlink(type, $0, source)) }
                    }
                }
                _ = try service.bulk(operations, atomic: false, context: context)
            }
        }
        try service.store.write { try $0.setAbsences([:], source: source, team: team.id) }
    }
}
