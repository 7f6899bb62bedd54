import Exports
import SCIM

/// A plan while it is made: each step reads what the ones before it found.
struct PlanDraft {
    private let team: Team
    private let sourceName: String
    private let policy: Policy
    private let asOf: Timestamp
    private let watch: Watch

    private var roster: RosterReader?
    private var protection: Protection?
    private var source: SCIM.Source?
    private var inputs: [InputSummary] = []
    private var files: [String] = []
    private var fingerprint = ""
    private var grade = Grade.complete
    private var gradeReasons: [String] = []
    private var exportDate: Timestamp?
    private var groupRecords: [GroupRecord]?
    private var groupFiles: [String] = []
    /// Those whose groups a column of the users export says; `nil` when a groups export says it all.
    private var columnSpeaksFor: Set<Digest128>?
    private(set) var rules: IdentityRules?
    private(set) var correlation: Correlation?
    private(set) var members: MemberPlanner?
    private(set) var groups: GroupPlanner?
    private var connection: ConnectionPlan?
    /// What the guards were shown.
    private(set) var evidence: Evidence?
    /// Admins who would no longer be any.
    private(set) var losingAdmins: Set<RowID> = []
    private var domains: Set<String> = []
    private var guards: [GuardFinding] = []
    private var changes: [Change] = []
    private var links: [LinkChange] = []
    private var notices: [Notice] = []
    private var suspected: [SuspectedMember] = []
    private var contentDigest = ""
    private var protectedActive = 0
    private var export: UserExport?
    private var reading: ExportReading?

    init(team: Team, sourceName: String, policy: Policy, asOf: Timestamp, watch: Watch = Watch()) {
        self.watch = watch
        self.team = team
        self.sourceName = sourceName
        self.policy = policy
        self.asOf = asOf
    }

    /// A source that never ran has no number yet; its links get one when they are applied.
    private var sourceID: SourceID { source?.id ?? SourceID(rawValue: 0) }

    private func snapshot() -> RosterReader {
        guard let roster else { preconditionFailure("the roster is looked up first") }
        return roster
    }

    private func shelter() -> Protection {
        guard let protection else { preconditionFailure("the roster is looked up first") }
        return protection
    }

    func user(row: RowID) throws -> StoredResource? { try snapshot().user(row: row) }

    // MARK: Roster and inputs

    mutating func lookUp(in store: any StoreReading) throws {
        source = try store.source(named: sourceName, team: team.id)
        let roster = try RosterReader(store, team: team.id, source: source?.id)
        let protection = try Protection(policy, roster)
        notices += protection.missingGroups.map {
            Notice(
                .warning, code: "protected-group-missing",
                message: "protect names the group \"\($0)\", and the team has none of that name: it protects nobody")
        }
        self.roster = roster
        self.protection = protection
        notices += policy.target.notices
    }

    /// Which of the mapped attributes the target does not take: nobody should wonder why they never arrive.
    private mutating func noticeLeftOut(_ rules: IdentityRules) {
        let names = rules.leftOut.sorted().map { rules.all[$0].name } + (rules.leavesOutAnchor ? ["externalId"] : [])
        if names.isEmpty { return }
        notices.append(
            Notice(
                .info, code: "left-out",
                message: "the service does not take \(names.joined(separator: ", ")): left out of this plan"))
    }

    mutating func read(_ given: Inputs, _ progress: (Int) -> Void) throws {
        inputs = given.refused
        if let refused = given.refused.first(where: { $0.kind != .samlMetadata }) {
            throw InputsRefused(inputs: inputs, message: refused.refusal?.message ?? "an input was refused")
        }
        export = given.users
        if let users = given.users {
            files = users.files
            fingerprint = users.fingerprint
            let rules = IdentityRules(users, for: policy.target)
            self.rules = rules
            noticeLeftOut(rules)
            let index = try LinkIndex(.user, source: source?.id, team: team.id, from: snapshot().store)
            let syncsGroups = policy.syncsGroups ?? users.groupsAreEnabled
            let reading = try ExportReading(users, members: index, readsGroups: syncsGroups, progress: progress)
            self.reading = reading
            contentDigest = reading.contentDigest
            inputs += reading.summaries
            try believe(reading.summaries)
            try compareWithEarlierRuns(reading.summaries)
            if syncsGroups && reading.columnGroups.isPresent {
                groupRecords = reading.columnGroups.records
                groupFiles = users.files
                columnSpeaksFor = reading.columnGroups.spokenFor
            }
            if reading.leavesActivityOpen {
                notices.append(
                    Notice(
                        .info, code: "status-unknown",
                        message:
                            "the export has no status column, or an empty one: nobody is deactivated or reactivated by status; who left by being absent comes back"
                    ))
            }
        }
        if let groups = given.groups {
            let read = try groups.read()
            inputs += read.summaries
            try believe(read.summaries)
            if policy.syncsGroups ?? groups.isEnabled {
                // A groups export says more than a column of names.
                groupRecords = read.groups
                groupFiles = groups.files
                columnSpeaksFor = nil
            }
        }
        // One stale page makes the whole stale.
        for index in inputs.indices { inputs[index].modified = FileDate.modified(inputs[index].file) }
        exportDate = inputs.filter { $0.kind != .samlMetadata }.compactMap { $0.exportDate ?? $0.modified }.min()
        try noticeRepetition()
    }

    /// The same file again is nothing new, and no reason to stop: a quiet team's export is often the same. That it is the
    /// same for long, or one of before, is for a person to judge.
    private mutating func noticeRepetition() throws {
        guard let source else { return }
        let digests = inputs.filter { $0.kind == .users }.map(\.sha256)
        let uses = try digests.compactMap(\.self).compactMap {
            try snapshot().store.useOfExport($0, source: source.id, team: team.id)
        }
        guard !uses.isEmpty, uses.count == digests.count, let since = uses.map(\.since).max(),
            let last = uses.map(\.last).max()
        else { return }
        let same = "the users export is, byte for byte, the one applied"
        if uses.contains(where: { !$0.isLatest }) {
            notices.append(
                Notice(
                    .warning, code: "export-of-before",
                    message: "\(same) on \(last.iso8601), and another one was applied since: "
                        + "was an old file copied over a newer one?"))
        } else if asOf.rawValue - since.rawValue > Int64(policy.limits.exportAgeHours) * 3_600_000 {
            notices.append(
                Notice(
                    .warning, code: "export-repeated",
                    message: "\(same) ever since \(since.iso8601): is the job that writes it still running?"))
        } else {
            notices.append(
                Notice(
                    .info, code: "export-repeated", message: "\(same) since \(since.iso8601): nothing is new in it"))
        }
    }

    /// The band of earlier runs (product.md, rule 1): an export shorter than any of the last ten is no proof that
    /// anybody left. Being longer is no sign of missing people; that is for the guard `creates`.
    private mutating func compareWithEarlierRuns(_ summaries: [InputSummary]) throws {
        guard let source, !summaries.contains(where: \.isCounted) else { return }
        let earlier = try snapshot().store.appliedRecordCounts(source: source.id, limit: 10, team: team.id)
        let records = summaries.reduce(0) { $0 + $1.records }
        guard earlier.count >= 3, let smallest = earlier.min(), Double(records) < Double(smallest) * 0.9,
            smallest - records > policy.limits.floor
        else { return }
        let reason =
            "\(counted(records, "record is", "records are")) fewer than any of the last \(earlier.count) runs had (\(smallest) at least)"
        for index in inputs.indices where inputs[index].kind == .users && inputs[index].grade == .complete {
            inputs[index].grade = .plausible
            inputs[index].gradeReasons = [reason]
        }
        grade = min(grade, .plausible)
        gradeReasons.append(reason)
    }

    /// Throws when an input was refused, or is partial and may not be used as such.
    private mutating func believe(_ summaries: [InputSummary]) throws {
        for summary in summaries {
            guard let refusal = summary.refusal else { continue }
            // What ends midway is a part: what was read of it can create and update, if that is wanted.
            guard policy.incomplete == .createsAndUpdates, summary.records > 0 else {
                throw InputsRefused(inputs: inputs, message: refusal.message)
            }
            grade = .partial
            gradeReasons.append(refusal.message)
        }
        for summary in summaries {
            guard let graded = summary.grade, graded < .complete else { continue }
            grade = min(grade, graded)
            gradeReasons += summary.gradeReasons.map { "\(summary.file): \($0)" }
        }
        if policy.isPartialSnapshot && grade != .partial {
            grade = .partial
            gradeReasons.append("the configuration says snapshot: partial")
        }
        if grade == .partial && policy.incomplete == .refuse {
            throw InputsRefused(
                inputs: inputs,
                message: "The export is only a part: \(gradeReasons.inOneSentence). Nothing was changed. "
                    + (policy.isPartialSnapshot
                        ? "A part that is meant needs incomplete: creates-and-updates beside it."
                        : "Export the whole list, or set incomplete: creates-and-updates."))
        }
    }

    // MARK: Planning

    private var removalsAreSuspected: Bool { grade < .complete && policy.incomplete == .createsAndUpdates }

    mutating func planMembers() throws {
        guard var reading, let rules, let export else { return }
        let leavesActivityOpen = reading.leavesActivityOpen
        self.reading = nil
        var correlation = try Correlation(
            &reading, rules: rules, roster: snapshot(), files: files, watched: watch.records)
        let anonymous = correlation.rejections.anonymous
        if anonymous > 0 {
            grade = min(grade, .plausible)
            gradeReasons.append(
                counted(
                    anonymous, "rejected record names nobody, so it may be about anybody",
                    "rejected records name nobody, so they may be about anybody"))
        }
        if correlation.repeated > 0 {
            notices.append(
                Notice(
                    .info, code: "repeated-records",
                    message: counted(correlation.repeated, "record says", "records say")
                        + " again what another one says"))
        }
        var planner = MemberPlanner(
            roster: snapshot(), rules: rules, policy: policy, protection: shelter(),
            ownership: try Ownership(snapshot(), source: source, named: sourceName, policy), absences: try absences(),
            files: files, source: sourceID,
            absenceCounts: (policy.leavers ?? export.leavers) != .flagged, removalsAreSuspected: removalsAreSuspected,
            watched: watch.row)
        try planner.plan(&correlation)
        inputs.add(correlation.rejections.records, of: files)
        domains = correlation.newcomerDomains
        changes += planner.changes
        links += planner.links
        suspected = planner.suspected.sorted { $0.member.id.utf8.lexicographicallyPrecedes($1.member.id.utf8) }
        if planner.spared > 0 {
            notices.append(
                Notice(
                    .info, code: "spared",
                    message:
                        counted(planner.spared, "person is", "people are")
                        + " inactive in the file; an import deactivates nobody"))
        }
        if planner.inactiveUnmanaged > 0 {
            notices.append(
                Notice(
                    .info, code: "inactive-unmanaged",
                    message:
                        counted(planner.inactiveUnmanaged, "member is", "members are")
                        + " inactive in the export, never managed by this source; they stay active"))
        }
        let staysInactive = planner.staysInactive + (leavesActivityOpen ? correlation.inactiveInStep : 0)
        if staysInactive > 0 {
            notices.append(
                Notice(
                    .info, code: "inactive-unstated",
                    message:
                        counted(staysInactive, "inactive member is", "inactive members are")
                        + " in the export, which states no status of theirs; they stay inactive"))
        }
        if correlation.strangersInactive > 0 {
            notices.append(
                Notice(
                    .info, code: "inactive-strangers",
                    message:
                        counted(correlation.strangersInactive, "inactive person is", "inactive people are")
                        + " not in the roster; they are not created"))
        }
        if planner.deactivated.count > policy.limits.floor {
            protectedActive = try shelter().count(snapshot(), correlation.members)
        }
        self.correlation = correlation
        members = planner
    }

    /// What earlier runs counted is read only where there is a grace.
    private func absences() throws -> Absences {
        var earlier: [RowID: Absence] = [:]
        if let source, !policy.grace.isNone {
            earlier = try snapshot().store.absences(source: source.id, team: team.id)
        }
        return Absences(
            grace: policy.grace, asOf: asOf, export: contentDigest, isComplete: grade == .complete, earlier: earlier)
    }

    mutating func planGroups() throws {
        guard var groupRecords else { return }
        guard policy.target.hasGroups else {
            notices.append(
                Notice(
                    .warning, code: "groups-not-taken",
                    message: "the service has no Groups: those of the export are left out"))
            return
        }
        if !policy.target.keepsMembers {
            for place in groupRecords.indices { groupRecords[place].members = nil }
            notices.append(
                Notice(
                    .warning, code: "members-not-taken",
                    message: "the service keeps no members of Groups: they are left out"))
        }
        let roster = snapshot()
        let people = GroupPeople(
            roster: roster, protection: shelter(),
            members: try correlation?.members
                ?? LinkIndex(.user, source: source?.id, team: team.id, from: roster.store),
            correlation: correlation, rules: rules, adopted: members?.adopted ?? [],
            deactivated: members?.deactivated ?? [], spokenFor: columnSpeaksFor)
        var planner = GroupPlanner(
            roster: roster, source: sourceID,
            ownership: try Ownership(roster, source: source, named: sourceName, policy), files: groupFiles,
            people: people,
            removes: !removalsAreSuspected && !policy.neverDeactivates, areOfColumn: columnSpeaksFor != nil)
        try planner.plan(
            groupRecords, links: LinkIndex(.group, source: source?.id, team: team.id, from: roster.store),
            firstTogether: (changes.compactMap(\.together).max() ?? 0) + 1)
        changes += planner.changes
        links += planner.links
        notices += planner.notices
        groups = planner
    }

    mutating func planConnection(_ metadata: [String]) throws {
        guard policy.target.hasConnection else {
            if !metadata.isEmpty {
                notices.append(
                    Notice(
                        .warning, code: "connection-not-taken",
                        message:
                            "the service has no SSO connections: set up single sign-on there by hand from the metadata")
                )
            }
            return
        }
        let planned = try ConnectionInput(roster: snapshot(), policy: policy, asOf: asOf, domains: domains)
            .plan(metadata)
        inputs += planned.inputs
        notices += planned.notices
        if let change = planned.change { changes.append(change) }
        connection = planned.plan
    }

    // MARK: Judging

    mutating func judge() throws {
        let roster = snapshot()
        let deactivated = members?.deactivated ?? []
        let losing = deactivated.union(members?.admins.demoted ?? [])
        let admins = try roster.admins(also: policy.admins, isNeeded: !losing.isEmpty)
        let remaining = admins.subtracting(losing).count + (members?.admins.gained ?? 0)
        var records = 0
        var rejected = 0
        for input in inputs where input.kind == .users {
            records += input.records
            rejected += input.rejected.count
        }
        let evidence = Evidence(
            policy: policy, asOf: asOf, counts: roster.counts, source: source, fingerprint: fingerprint, grade: grade,
            gradeReasons: gradeReasons, exportDate: exportDate, records: rules == nil ? nil : records,
            removalsAreSuspected: removalsAreSuspected, rejected: rejected,
            matched: correlation.map { $0.matches.count + $0.inStep } ?? 0,
            creates: correlation?.newcomers.count ?? 0, updates: members?.updates ?? 0,
            deactivations: deactivated.count, releases: members?.released.count ?? 0,
            waiting: suspected.count { $0.absence?.since == asOf },
            deactivationsOfDay: try roster.deactivations(withinHours: 24, before: asOf),
            deactivationsOfWeek: try roster.deactivations(withinHours: 7 * 24, before: asOf),
            domainsLeaving: try domainsLeaving(),
            attributesChanged: perAttribute(members?.tally.changed),
            attributesEmptied: perAttribute(members?.tally.emptied),
            protectedActive: protectedActive, membershipRemovals: groups?.removals ?? 0, groupsEmptied: groups?.emptied,
            anchorsReissued: members?.reissued ?? 0, adminsBefore: admins.count, adminsAfter: remaining,
            foreignDomains: try foreignDomains(), connection: connection?.findings ?? [])
        guards = Guards.judge(evidence)
        self.evidence = evidence
        losingAdmins = losing.intersection(admins)
    }

    /// Domains that lose more than the floor: few leavers of many are not looked at.
    private func domainsLeaving() throws -> [DomainLeaving] {
        guard let members else { return [] }
        return try snapshot().domainsLeaving(
            members.leavingDomains.filter { $0.value > policy.limits.floor }, source: sourceID)
    }

    private func perAttribute(_ counts: [Int]?) -> [(attribute: String, count: Int)] {
        guard let counts, let rules else { return [] }
        return zip(rules.all, counts).map { ($0.name, $1) }
    }

    /// When nobody of the export is of this team although it has members: the domains that other teams' members have.
    private func foreignDomains() throws -> [String] {
        guard let correlation, correlation.matches.isEmpty, correlation.inStep == 0, !domains.isEmpty,
            snapshot().counts.activeUsers > 0
        else { return [] }
        let foreign = try snapshot().store.domainsOfOtherTeams(domains, than: team.id)
        return foreign == domains ? foreign.sorted() : []
    }

    // MARK: The plan

    func plan() throws -> Plan {
        let roster = snapshot()
        let unmanaged = try roster.unmanaged(
            source: source?.id, except: members?.adopted ?? [], correlation?.members, limit: Plan.unmanagedListLimit)
        let adopted = members?.adoptedActive ?? 0
        var plan = Plan(
            team: team.name, source: sourceName, asOf: asOf, inputs: inputs, fingerprint: fingerprint,
            changes: Plan.ordered(changes), links: Plan.ordered(links), guards: guards, pinned: try pinned(),
            unmanaged: unmanaged.map { MemberName($0.resource) },
            unmanagedCount: max(
                unmanaged.count, roster.counts.activeUsers - roster.counts.managedActive - adopted),
            suspected: suspected, unchanged: members?.unchanged ?? 0, notices: notices, exportDate: exportDate)
        plan.isWholeList = isWholeList
        plan.roster = try RosterState(team, in: roster.store)
        plan.expires = policy.limits.planExpiry(from: asOf)
        plan.released =
            members?.released.sorted { $0.member.id.utf8.lexicographicallyPrecedes($1.member.id.utf8) } ?? []
        plan.countsAbsences = rules != nil && !policy.neverDeactivates
        plan.digest = PlanDocument.digest(of: plan)
        return plan
    }

    /// Whether the next export is to be judged by this one: not by a part, and not by what a one-off import brought.
    private var isWholeList: Bool {
        rules != nil && !policy.neverDeactivates && grade != .partial && suspected.allSatisfy { $0.absence != nil }
    }

    private func pinned() throws -> [PinnedMember] {
        guard let correlation else { return [] }
        return try correlation.rejections.pins.sorted { $0.key < $1.key }.compactMap { row, pin in
            guard let user = try snapshot().user(row: row) else { return nil }
            return PinnedMember(
                member: MemberName(user.resource), reason: pin.reason, file: files[pin.file], line: pin.line)
        }
    }
}

extension MemberName {
    init(_ resource: Resource) {
        self.init(id: resource.id.rawValue, userName: resource.userName, externalID: resource.externalID)
    }
}

extension [InputSummary] {
    /// Puts records that were refused after reading into their files' summaries, in the order of lines.
    fileprivate mutating func add(_ rejects: [RejectedRecord], of files: [String]) {
        for (file, rejects) in Dictionary(grouping: rejects, by: \.file) {
            guard let index = firstIndex(where: { $0.kind == .users && $0.file == files[file] }) else { continue }
            self[index].rejected.append(contentsOf: rejects)
            self[index].rejected.sort { ($0.line, $0.code) < ($1.line, $1.code) }
        }
    }
}
