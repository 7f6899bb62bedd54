/// What a storage promises the core. Its contract is one test suite (`StorageContract`) that every store passes.
///
/// - A `read` sees one snapshot, whatever others write meanwhile, and never waits for a writer.
/// - A `write` is one transaction: all of it is durable when the call returns (it survives power loss), or none of it
///   happened. Writers queue; one that cannot get in within the store's own limit throws ``StoreError/busy``.
/// - Every call names the team, and nothing of another team is ever returned. Three exceptions say so:
///   ``StoreReading/teamHolding(entityID:)``, ``StoreReading/domainsOfOtherTeams(_:than:)`` and
///   ``TokenReading/token(_:)``.
/// - Calls are synchronous; the store may be used from any thread.
package protocol ResourceStore: Sendable {
    func read<Result>(_ body: (any StoreReading) throws -> Result) throws -> Result
    func write<Result>(_ body: (any StoreWriting) throws -> Result) throws -> Result
}

package enum StoreError: Error, Sendable {
    /// Another writer held the store for longer than this one waits.
    case busy
    /// The medium is full, read-only or failing; `detail` is fit for an operator.
    case unwritable(detail: String)
    /// Not a roster database, or one that a newer version made.
    case unreadable(detail: String)
    /// A constraint of the schema refused the write: the core should have refused it first.
    case constraint(detail: String)
}

package struct Team: Hashable, Sendable {
    package var id: TeamID
    package var name: String
    package var created: Timestamp
    package init(id: TeamID, name: String, created: Timestamp) {
        self.id = id
        self.name = name
        self.created = created
    }
}

/// What the core derives from a resource so that a store can index it. All strings are canonical keys: compared byte
/// for byte, made by one function each (`CanonicalKey`).
package struct ResourceKeys: Hashable, Sendable {
    /// userName, group displayName or entityID: unique within team and type. `nil` only while identifiers are being
    /// moved within one transaction.
    package var name: String?
    /// `externalId`, bytes; not unique.
    package var externalID: String?
    /// The primary e-mail's key; not unique.
    package var email: String?
    /// Keys of the other addresses (``CanonicalKey/anyEmail(_:)``), each once.
    package var otherEmails: [String]
    package var active: Bool
    /// SCIM `roles` hold `admin` or `owner`.
    package var isAdmin: Bool
    package init(
        name: String?, externalID: String?, email: String?, otherEmails: [String] = [], active: Bool, isAdmin: Bool
    ) {
        self.name = name
        self.externalID = externalID
        self.email = email
        self.otherEmails = otherEmails
        self.active = active
        self.isAdmin = isAdmin
    }
}

package struct StoredResource: Hashable, Sendable {
    package var row: RowID
    package var resource: Resource
    package init(row: RowID, resource: Resource) {
        self.row = row
        self.resource = resource
    }
}

/// A way through all resources of a type that a store can go without sorting, from the beginning or from behind a place.
package enum StoredWalk: Hashable, Sendable {
    /// In order of creation, which is that of rows.
    case creation(after: RowID?)
    case latest(before: RowID?)
    /// By canonical name key, byte by byte.
    case names(after: String?)
    case namesBackwards(before: String?)

    package var isByName: Bool {
        switch self {
        case .creation, .latest: false
        case .names, .namesBackwards: true
        }
    }
}

/// That a source manages a resource: under which anchor, and which record it was last brought in step with.
package struct SourceLink: Hashable, Sendable {
    package var source: SourceID
    /// Digest of the anchor (or of what stands in for one).
    package var anchor: Digest128
    /// Digest of the record after mapping and normalisation. It stands only while the resource is unchanged since:
    /// any other write to the resource clears it in the same transaction.
    package var fingerprint: Digest128?
    package init(source: SourceID, anchor: Digest128, fingerprint: Digest128?) {
        self.source = source
        self.anchor = anchor
        self.fingerprint = fingerprint
    }
}

/// A row of the narrow table that a dry run reads from end to end: nothing in it needs the resource itself.
package struct LinkRow: Hashable, Sendable {
    package var row: RowID
    package var anchor: Digest128
    package var fingerprint: Digest128?
    package var active: Bool
    package init(row: RowID, anchor: Digest128, fingerprint: Digest128?, active: Bool) {
        self.row = row
        self.anchor = anchor
        self.fingerprint = fingerprint
        self.active = active
    }
}

/// Counts over one team's Users, as one source sees them.
package struct RosterCounts: Hashable, Sendable {
    package var users = 0
    package var activeUsers = 0
    /// Linked to the source, and active.
    package var managedActive = 0
    package var activeAdmins = 0
    package var groups = 0
    package init() {}
}

/// A source of a team and what its last applied run left for the next one to be judged by.
package struct Source: Hashable, Sendable {
    package var id: SourceID
    package var name: String
    /// `nil` until a run of it was applied.
    package var lastApplied: Applied?

    package struct Applied: Hashable, Sendable {
        package var at: Timestamp
        package var records: Int
        /// Of mapping and scope, 64 hex digits.
        package var fingerprint: String
        /// When the export was written, as far as known.
        package var exportDate: Timestamp?
        package init(at: Timestamp, records: Int, fingerprint: String, exportDate: Timestamp? = nil) {
            self.at = at
            self.records = records
            self.fingerprint = fingerprint
            self.exportDate = exportDate
        }
    }

    package init(id: SourceID, name: String, lastApplied: Applied?) {
        self.id = id
        self.name = name
        self.lastApplied = lastApplied
    }
}

/// A run as it is kept.
package struct RunRecord: Hashable, Sendable {
    package var id: RunID
    package var source: SourceID?
    /// `sync`, `apply`, `import`.
    package var command: String
    package var planDigest: String
    /// `clear`, `held`, `in-sync`.
    package var verdict: String
    package var started: Timestamp
    package var finished: Timestamp?
    /// Overrides given, `NAME=FIGURE`.
    package var accepted: [String]
    /// The run's report as JSON, once it finished.
    package var report: [UInt8]?
    /// Records of its exports of users, once all of it was applied.
    package var records: Int?
    /// Its exports stand for everybody of the source, so that later ones are judged by them.
    package var isWholeList: Bool
    /// SHA-256 of its inputs, 64 hex digits each.
    package var exportDigests: [String]
    /// How many of its journal entries ``StoreWriting/pruneJournal(before:limit:team:)`` has removed; saving leaves it.
    package var prunedEntries: Int
    package init(
        id: RunID, source: SourceID?, command: String, planDigest: String, verdict: String, started: Timestamp,
        finished: Timestamp? = nil, accepted: [String] = [], report: [UInt8]? = nil, records: Int? = nil,
        isWholeList: Bool = false, exportDigests: [String] = [], prunedEntries: Int = 0
    ) {
        self.id = id
        self.source = source
        self.command = command
        self.planDigest = planDigest
        self.verdict = verdict
        self.started = started
        self.finished = finished
        self.accepted = accepted
        self.report = report
        self.records = records
        self.isWholeList = isWholeList
        self.exportDigests = exportDigests
        self.prunedEntries = prunedEntries
    }
}

/// When runs of a source took one file.
package struct ExportUse: Hashable, Sendable {
    /// The first of the runs, one after the other, of which ``last`` is the last.
    package var since: Timestamp
    package var last: Timestamp
    /// No other file was taken after it.
    package var isLatest: Bool
    package init(since: Timestamp, last: Timestamp, isLatest: Bool) {
        self.since = since
        self.last = last
        self.isLatest = isLatest
    }
}

/// Somebody whom a source manages and whose record its exports lack.
package struct Absence: Hashable, Sendable {
    /// When they were first found absent.
    package var since: Timestamp
    /// In how many different exports, one after the other.
    package var snapshots: Int
    /// Digest of the export counted last, so that the same one does not count twice.
    package var lastExport: String
    package init(since: Timestamp, snapshots: Int, lastExport: String) {
        self.since = since
        self.snapshots = snapshots
        self.lastExport = lastExport
    }
}

/// Reads of one snapshot. A value handed to a `body` closure is valid only inside it.
package protocol StoreReading: TokenReading, MirrorReading {
    func team(named name: String) throws -> Team?
    /// By name, ascending bytes.
    func teams() throws -> [Team]
    /// 32 random bytes that the store was made with, the same for every process that uses it: what seals cursors.
    func sealingKey() throws -> [UInt8]
    /// The team whose SSO connection has this entityID, whichever it is: a question that crosses teams.
    func teamHolding(entityID: String) throws -> TeamID?

    /// Those of the e-mail domains (lower case, A-labels) that active members of some other team have and no active
    /// member of this one: a hint that an export went to the wrong team. The other one.
    func domainsOfOtherTeams(_ domains: Set<String>, than team: TeamID) throws -> Set<String>

    func resource(_ type: ResourceType, id: ResourceID, team: TeamID) throws -> StoredResource?
    func resource(_ type: ResourceType, row: RowID, team: TeamID) throws -> StoredResource?
    /// By canonical name key.
    func resource(_ type: ResourceType, name: String, team: TeamID) throws -> StoredResource?
    /// Where a resource is, without reading it.
    func row(_ type: ResourceType, id: ResourceID, team: TeamID) throws -> RowID?
    /// Where the one with a canonical name key is, without reading it.
    func row(_ type: ResourceType, name: String, team: TeamID) throws -> RowID?
    /// Where those with an externalId are, by row ascending.
    func rows(_ type: ResourceType, externalID: String, team: TeamID) throws -> [RowID]
    /// The id of what is there, without reading it.
    func id(_ type: ResourceType, row: RowID, team: TeamID) throws -> ResourceID?
    /// By row, ascending.
    func resources(_ type: ResourceType, externalID: String, team: TeamID) throws -> [StoredResource]
    /// By row, ascending.
    func users(email: String, team: TeamID) throws -> [StoredResource]
    /// All of a type along `walk`: the first `skipped` are passed over without being read, then `limit` at most.
    func resources(
        _ type: ResourceType, along walk: StoredWalk, skipping skipped: Int, limit: Int, team: TeamID
    ) throws -> [StoredResource]
    /// How many of a type the team holds.
    func count(_ type: ResourceType, team: TeamID) throws -> Int

    /// Users of whose addresses one has this key (``CanonicalKey/anyEmail(_:)``), the primary one or not; by row
    /// ascending.
    func users(withAnyEmail key: String, team: TeamID) throws -> [RowID]

    /// Users of a group, by row ascending.
    func members(of group: RowID, team: TeamID) throws -> [RowID]
    /// The same as answers show them: with the displayName, or the userName where there is none.
    func memberships(ofGroup group: RowID, team: TeamID) throws -> [ResourceJSON.Membership]
    /// Groups of a user as answers show them: with the displayName, by row ascending.
    func memberships(ofUser user: RowID, team: TeamID) throws -> [ResourceJSON.Membership]
    /// How many Users a group has, counted no further than `limit`.
    func memberCount(of group: RowID, upTo limit: Int, team: TeamID) throws -> Int
    /// The first of a Group's Users or of a User's Groups.
    func firstMembership(of stored: StoredResource, team: TeamID) throws -> ResourceID?
    func isMember(_ user: RowID, of group: RowID, team: TeamID) throws -> Bool
    /// Groups of a user, by row ascending.
    func groups(of user: RowID, team: TeamID) throws -> [RowID]

    /// The key of the team's ``Pseudonyms``; `nil` until one was set.
    func privacyKey(team: TeamID) throws -> [UInt8]?

    func source(named name: String, team: TeamID) throws -> Source?
    /// By id, ascending: the one that was first comes first.
    func sources(team: TeamID) throws -> [Source]
    func link(of row: RowID, source: SourceID, team: TeamID) throws -> SourceLink?
    /// Of every source, by source id ascending.
    func links(of row: RowID, team: TeamID) throws -> [SourceLink]
    /// Every resource of `type` linked to `source`, by row ascending.
    func eachLink(_ type: ResourceType, source: SourceID, team: TeamID, _ body: (LinkRow) throws -> Void) throws
    /// Users that `source` does not manage, by row ascending, `limit` at most; active ones only.
    func unmanagedUsers(source: SourceID?, limit: Int, team: TeamID) throws -> [StoredResource]
    /// How many active Users of `source` have their address at each e-mail domain: what follows the `@` of their e-mail
    /// key, or of their name key where they have none. A walk over all of them.
    func activeUsersByDomain(source: SourceID, team: TeamID) throws -> [String: Int]
    /// Active users whose ``ResourceKeys/isAdmin`` holds, by row ascending.
    func activeAdmins(team: TeamID) throws -> [RowID]
    func counts(source: SourceID?, team: TeamID) throws -> RosterCounts
    /// Who of the source's people was absent when it was applied last.
    func absences(source: SourceID, team: TeamID) throws -> [RowID: Absence]
    /// How many Users runs have deactivated at or after `since`: counted with the change itself, when its journal entry
    /// names a run. That it was undone later takes nothing away.
    func deactivations(since: Timestamp, team: TeamID) throws -> Int

    /// Newest first.
    func runs(team: TeamID, limit: Int) throws -> [RunRecord]
    func run(_ id: RunID, team: TeamID) throws -> RunRecord?
    /// ``RunRecord/records`` of the source's runs that were applied to their end and stood for everybody, newest first.
    func appliedRecordCounts(source: SourceID, limit: Int, team: TeamID) throws -> [Int]
    /// When a file was taken, by its SHA-256: of the source's runs that were applied to their end and stood for
    /// everybody. `nil` when it never was.
    func useOfExport(_ digest: String, source: SourceID, team: TeamID) throws -> ExportUse?
    /// In order of writing.
    func journal(team: TeamID, run: RunID?, _ body: (JournalEntry) throws -> Void) throws
    /// What was done to one resource, newest first, `limit` at most. Memberships are their group's.
    func journal(of id: ResourceID, limit: Int, team: TeamID) throws -> [JournalEntry]
    func journalHead(team: TeamID) throws -> JournalHead
    /// The chain's digest at an entry of the team; of the last one pruned too.
    func journalDigest(at position: Int64, team: TeamID) throws -> [UInt8]?
    /// Reads every entry, and computes the chain anew.
    func verifyJournal(team: TeamID) throws -> JournalVerdict
}

extension StoreReading {
    /// All of a type in order of creation, after `row`, `limit` at most.
    package func resources(
        _ type: ResourceType, after row: RowID?, limit: Int, team: TeamID
    ) throws -> [StoredResource] {
        try resources(type, along: .creation(after: row), skipping: 0, limit: limit, team: team)
    }
}

/// A store may do better than to read the whole resource.
extension StoreReading {
    package func row(_ type: ResourceType, id: ResourceID, team: TeamID) throws -> RowID? {
        try resource(type, id: id, team: team)?.row
    }
    package func id(_ type: ResourceType, row: RowID, team: TeamID) throws -> ResourceID? {
        try resource(type, row: row, team: team)?.resource.id
    }
}

package protocol StoreWriting: StoreReading, TokenWriting, MirrorWriting {
    /// The name must be free.
    func createTeam(named name: String, at: Timestamp) throws -> Team
    /// With all its resources, sources, runs and journal.
    func removeTeam(_ team: TeamID) throws

    /// `resource.id` must be new and `keys.name` free. `body` is what ``AttributesJSON`` makes of its attributes: the
    /// journal keeps the same bytes, so they are made once.
    func insert(
        _ resource: Resource, body: [UInt8], keys: ResourceKeys, link: SourceLink?, team: TeamID
    ) throws -> RowID
    /// Replaces what is stored under `row`, whose type and id stay. Links of the resource lose their fingerprint and
    /// take over `keys.active`; then `link`, if given, is set. `body` as in ``insert(_:body:keys:link:team:)``.
    func update(
        _ row: RowID, to resource: Resource, body: [UInt8], keys: ResourceKeys, link: SourceLink?, team: TeamID
    ) throws
    /// Sets only the link: the resource was found in step, or is taken under management.
    func setLink(_ link: SourceLink, of row: RowID, active: Bool, team: TeamID) throws
    /// The source manages it no longer. One that is not there is passed over.
    func removeLink(of row: RowID, source: SourceID, team: TeamID) throws
    /// Sets the name key to `nil` until a later `update` of the same transaction sets it again.
    func releaseName(of row: RowID, team: TeamID) throws
    /// With its links and memberships.
    func delete(_ row: RowID, team: TeamID) throws

    /// Those already there are passed over; returns the ones that were new.
    func addMembers(_ users: [RowID], to group: RowID, team: TeamID) throws -> [RowID]
    /// Those not there are passed over; returns the ones that were removed.
    func removeMembers(_ users: [RowID], from group: RowID, team: TeamID) throws -> [RowID]

    /// Once and for all: with another key equal values would no longer be equal. The team must have none yet.
    func setPrivacyKey(_ key: [UInt8], team: TeamID) throws

    /// Finds or makes.
    func makeSource(named name: String, team: TeamID) throws -> Source
    func setLastApplied(_ applied: Source.Applied, source: SourceID, team: TeamID) throws

    /// Replaces all of the source's.
    func setAbsences(_ absences: [RowID: Absence], source: SourceID, team: TeamID) throws

    /// Gives the entry its position and its place in the chain.
    func append(_ entry: JournalEntry, team: TeamID) throws
    /// Removes the oldest entries, up to the first that is not older than `before`, `limit` at most. The chain can be
    /// verified from there on, and runs know how many of theirs went. Counts of deactivations stay on purpose: they are
    /// few and name nobody. Returns how many entries went.
    func pruneJournal(before: Timestamp, limit: Int, team: TeamID) throws -> Int
    /// Removes runs that ended, or began if they never did, before `before` and have no entries left, `limit` at most.
    /// Returns how many.
    func pruneRuns(before: Timestamp, limit: Int, team: TeamID) throws -> Int
    /// Inserts or replaces.
    func save(_ run: RunRecord, team: TeamID) throws
}
