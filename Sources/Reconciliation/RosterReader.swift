import SCIM

/// The team's roster in one snapshot, as planning asks it.
struct RosterReader {
    let store: any StoreReading
    let team: TeamID
    let counts: RosterCounts

    init(_ store: any StoreReading, team: TeamID, source: SourceID?) throws {
        self.store = store
        self.team = team
        counts = try store.counts(source: source, team: team)
    }

    var isEmpty: Bool { get throws { counts.users == 0 } }

    func user(row: RowID) throws -> StoredResource? { try store.resource(.user, row: row, team: team) }
    func user(name key: String) throws -> StoredResource? { try store.resource(.user, name: key, team: team) }
    func users(externalID: String) throws -> [StoredResource] {
        try store.resources(.user, externalID: externalID, team: team)
    }
    func users(email key: String) throws -> [StoredResource] { try store.users(email: key, team: team) }

    /// Of all runs of the team in the `hours` before `asOf`.
    func deactivations(withinHours hours: Int64, before asOf: Timestamp) throws -> Int {
        try store.deactivations(since: Timestamp(rawValue: asOf.rawValue - hours * 3_600_000), team: team)
    }
}

extension RosterReader {
    /// Whether a run of `source` deactivated them, one that took nothing back, and nobody changed them since. `false` too
    /// where the journal no longer tells (`retention`).
    func wasDeactivated(_ user: StoredResource, by source: SourceID) throws -> Bool {
        guard let last = try store.journal(of: user.resource.id, limit: 1, team: team).first,
            last.operation == .update, last.version == user.resource.version, isActive(last.before),
            !isActive(last.after), let id = last.run, let run = try store.run(id, team: team), run.source == source,
            let head = run.report.flatMap(RunHead.init)
        else { return false }
        return head.undoes == nil
    }

    private func isActive(_ image: [UInt8]?) -> Bool {
        image.flatMap(AttributesJSON.decode)?["active"]?.boolean ?? true
    }
}

extension RosterReader {
    /// Active members whose roles say admin or owner, or whom `patterns` name. Patterns with a star cost a walk over
    /// the roster, so it is asked only when somebody would leave.
    func admins(also patterns: [Pattern], isNeeded: Bool) throws -> Set<RowID> {
        guard isNeeded else { return [] }
        var admins = Set(try store.activeAdmins(team: team))
        try eachActive(matching: patterns) { admins.insert($0.row) }
        return admins
    }

    /// The managed, active members whom `patterns` name.
    func managedActive(matching patterns: [Pattern], _ members: LinkIndex) throws -> Set<RowID> {
        var rows: Set<RowID> = []
        try eachActive(matching: patterns) { user in
            if members.slot(of: user.row) != nil { rows.insert(user.row) }
        }
        return rows
    }

    /// Active members whom the source does not manage and does not take over either, in the roster's order.
    func unmanaged(
        source: SourceID?, except adopted: Set<RowID>, _ members: LinkIndex?, limit: Int
    ) throws -> [StoredResource] {
        // The store has an index of them; it serves while most of what it lists stays unmanaged.
        if adopted.count < 1000 {
            let found = try store.unmanagedUsers(source: source, limit: limit + adopted.count, team: team)
            return Array(found.filter { !adopted.contains($0.row) }.prefix(limit))
        }
        var found: [StoredResource] = []
        var last: RowID?
        while found.count < limit {
            let page = try store.resources(.user, after: last, limit: 500, team: team)
            found += page.filter { user in
                user.resource.isActive && !adopted.contains(user.row) && members?.slot(of: user.row) == nil
            }
            guard let end = page.last, page.count == 500 else { break }
            last = end.row
        }
        return Array(found.prefix(limit))
    }

    /// For each domain how many of the source's active members have an address there, and how many of them would leave.
    func domainsLeaving(_ leaving: [String: Int], source: SourceID) throws -> [DomainLeaving] {
        if leaving.isEmpty { return [] }
        let counts = try store.activeUsersByDomain(source: source, team: team)
        // Who was adopted by this very plan is no member yet.
        return leaving.sorted { $0.key < $1.key }.map { domain, count in
            DomainLeaving(domain: domain, leaving: count, members: max(counts[domain] ?? 0, count))
        }
    }

    private func eachActive(matching patterns: [Pattern], _ body: (StoredResource) -> Void) throws {
        guard !patterns.isEmpty else { return }
        var last: RowID?
        while true {
            let page = try store.resources(.user, after: last, limit: 500, team: team)
            for user in page where user.resource.isActive && patterns.matches(user.resource) { body(user) }
            guard let end = page.last, page.count == 500 else { return }
            last = end.row
        }
    }
}

extension Resource {
    /// Of the primary address, or of a userName that is one; as ``StoreReading/activeUsersByDomain(source:team:)`` has it.
    var emailDomain: String? {
        guard let keys = try? ResourceKeys(.user, attributes), let key = keys.email ?? keys.name,
            let at = key.firstIndex(of: "@")
        else { return nil }
        return String(key[key.index(after: at)...])
    }
    /// `active`, which is true where it is not said.
    var isActive: Bool { attributes["active"]?.boolean ?? true }
    /// The userName, or the id of a resource that has none.
    var userName: String { attributes["userName"]?.string ?? id.rawValue }
}

extension [Pattern] {
    /// Whether one of the patterns names this User by userName or by any of their addresses.
    func matches(_ user: Resource) -> Bool {
        guard !isEmpty else { return false }
        let addresses = (user.attributes["emails"]?.list ?? []).compactMap { $0.complex?["value"]?.string }
        let names = addresses + [user.userName]
        return contains { pattern in names.contains(where: pattern.matches) }
    }
}
