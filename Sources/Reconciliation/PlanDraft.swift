import Exports
import SCIM

/// A plan while it is made: each step reads what the ones before it found.
struct PlanDraft {
    private let team: Team
    private let sourceName: String
    private let policy: Policy
    private let asOf: Timestamp

    private var roster: RosterReader?
    private var source: SCIM.Source?
    private var inputs: [InputSummary] = []
    private var files: [String] = []
    private var fingerprint = ""
    private var grade = Grade.complete
    private var gradeReasons: [String] = []
    private var exportDate: Timestamp?
    private var groupRecords: [GroupRecord]?
    private var groupFiles: [String] = []
    private var rules: IdentityRules?
    private var correlation: Correlation?
    private var members: MemberPlanner?
    private var groups: GroupPlanner?
    private var connection: ConnectionPlan?
    private var domains: Set<String> = []
    private var guards: [GuardFinding] = []
    private var changes: [Change] = []
    private var links: [LinkChange] = []
    private var notices: [Notice] = []
    private var suspected: [MemberName] = []
    private var protectedActive = 0
    private var export: UserExport?
    private var reading: ExportReading?

    init(team: Team, sourceName: String, policy: Policy, asOf: Timestamp) {
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

    // MARK: Roster and inputs

    mutating func lookUp(in store: any StoreReading) throws {
        source = try store.source(named: sourceName, team: team.id)
        roster = try RosterReader(store, team: team.id, source: source?.id)
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
            rules = IdentityRules(users)
            let index = try LinkIndex(.user, source: source?.id, team: team.id, from: snapshot().store)
            let syncsGroups = policy.syncsGroups ?? users.groupsAreEnabled
            let reading = try ExportReading(users, members: index, readsGroups: syncsGroups, progress: progress)
            self.reading = reading
            inputs += reading.summaries
            exportDate = users.files.compactMap(FileDate.modified).max()
            try believe(reading.summaries)
            if syncsGroups && reading.columnGroups.isPresent {
                groupRecords = reading.columnGroups.records
                groupFiles = users.files
            }
            if !users.statesActivity {
                notices.append(
                    Notice(
                        .info, code: "status-unknown",
                        message: "the export has no status column: nobody is deactivated or reactivated by status"))
            }
        }
        if let groups = given.groups {
            let read = try groups.read()
            inputs += read.summaries
            try believe(read.summaries)
            if policy.syncsGroups ?? groups.isEnabled {
                groupRecords = (groupRecords ?? []) + read.groups
                groupFiles = groups.files
            }
        }
    }

    /// Throws when an input was refused, or is partial and may not be used as such.
    private mutating func believe(_ summaries: [InputSummary]) throws {
        if let refusal = summaries.lazy.compactMap(\.refusal).first {
            throw InputsRefused(inputs: inputs, message: refusal.message)
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
                message: "the export is only a part: \(gradeReasons.joined(separator: "; ")). Nothing was changed."
                    + " Export the whole list, or set incomplete: creates-and-updates")
        }
    }

    // MARK: Planning

    private var removalsAreSuspected: Bool { grade < .complete && policy.incomplete == .createsAndUpdates }

    mutating func planMembers() throws {
        guard var reading, let rules, let export else { return }
        self.reading = nil
        var correlation = try Correlation(&reading, rules: rules, roster: snapshot())
        if correlation.anonymousRejects > 0 && grade == .complete {
            grade = .plausible
            gradeReasons.append("\(correlation.anonymousRejects) rejected records name nobody, so they may be about anybody")
        }
        if reading.repeated > 0 {
            notices.append(
                Notice(.info, code: "repeated-records", message: "\(reading.repeated) records say again what another one says"))
        }
        var planner = MemberPlanner(
            roster: snapshot(), rules: rules, policy: policy, files: files, source: sourceID,
            absenceCounts: (policy.leavers ?? export.leavers) != .flagged, removalsAreSuspected: removalsAreSuspected)
        try planner.plan(&correlation)
        for reject in correlation.rejected { inputs.add(reject, of: files[reject.file]) }
        domains = correlation.newcomerDomains
        changes += planner.changes
        links += planner.links
        suspected = planner.suspected
        if planner.spared > 0 {
            notices.append(
                Notice(.info, code: "spared", message: "\(planner.spared) people are inactive in the file; an import deactivates nobody"))
        }
        if correlation.strangersInactive > 0 {
            notices.append(
                Notice(.info, code: "inactive-strangers", message: "\(correlation.strangersInactive) inactive people are not in the roster; they are not created"))
        }
        if planner.deactivated.count > policy.limits.floor {
            protectedActive = try snapshot().managedActive(matching: policy.protect, correlation.members)
        }
        self.correlation = correlation
        members = planner
    }

    mutating func planGroups() throws {
        guard let groupRecords, let correlation, let rules else { return }
        var planner = GroupPlanner(
            roster: snapshot(), source: sourceID, files: groupFiles, correlation: correlation, rules: rules,
            protected: members?.protected ?? [], removes: !removalsAreSuspected && !policy.neverDeactivates,
            nextTogether: (changes.compactMap(\.together).max() ?? 0) + 1)
        try planner.plan(groupRecords)
        changes += planner.changes
        links += planner.links
        notices += planner.notices
        groups = planner
    }

    mutating func planConnection(_ metadata: [String]) throws {
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
        let admins = try roster.admins(also: policy.admins, isNeeded: !deactivated.isEmpty)
        let remaining = admins.subtracting(deactivated)
        var records = 0
        var rejected = 0
        for input in inputs where input.kind == .users {
            records += input.records
            rejected += input.rejected.count
        }
        let evidence = Evidence(
            policy: policy, asOf: asOf, counts: roster.counts, source: source, grade: grade,
            gradeReasons: gradeReasons, exportDate: exportDate, records: records, rejected: rejected,
            matched: (correlation?.matches.count ?? 0) + (members?.unchanged ?? 0), deactivations: deactivated.count,
            protectedActive: protectedActive, membershipRemovals: groups?.removals ?? 0,
            anchorsReissued: members?.reissued ?? 0, adminsBefore: admins.count, adminsAfter: remaining.count,
            foreignDomains: try foreignDomains(), connection: connection?.findings ?? [])
        guards = Guards.judge(evidence)
    }

    /// When nobody of the export is of this team although it has members: the domains that other teams' members have.
    private func foreignDomains() throws -> [String] {
        guard let correlation, correlation.matches.isEmpty, members?.unchanged == 0, !domains.isEmpty,
            snapshot().counts.activeUsers > 0
        else { return [] }
        let foreign = try snapshot().store.domainsOfOtherTeams(domains, than: team.id)
        return foreign == domains ? foreign.sorted() : []
    }

    // MARK: The plan

    func plan() -> Plan {
        let roster = snapshot()
        let unmanaged = (try? roster.store.unmanagedUsers(source: source?.id, limit: Plan.unmanagedListLimit + 1, team: team.id)) ?? []
        let taken = Set((correlation?.matches ?? []).map(\.user.row))
        let names = unmanaged.filter { !taken.contains($0.row) }.map { MemberName($0.resource) }
        let adopted = (correlation?.matches ?? []).count { !$0.isManaged }
        var plan = Plan(
            team: team.name, source: sourceName, asOf: asOf, inputs: inputs, fingerprint: fingerprint,
            changes: Plan.ordered(changes), links: links, guards: guards,
            pinned: pinned(), unmanaged: Array(names.prefix(Plan.unmanagedListLimit)),
            unmanagedCount: max(names.count, roster.counts.activeUsers - roster.counts.managedActive - adopted),
            suspected: suspected, unchanged: members?.unchanged ?? 0, notices: notices, exportDate: exportDate)
        plan.digest = PlanDocument.digest(of: plan)
        return plan
    }

    private func pinned() -> [PinnedMember] {
        guard let correlation else { return [] }
        return correlation.pins.sorted { $0.key < $1.key }.compactMap { row, pin in
            guard let user = try? snapshot().user(row: row) else { return nil }
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
    /// Puts a record that was refused after reading into its file's summary.
    fileprivate mutating func add(_ reject: RejectedRecord, of file: String) {
        guard let index = firstIndex(where: { $0.file == file }) else { return }
        self[index].rejected.append(reject)
    }
}
