import Exports
import SCIM

/// Plans what takes a run back: an ordinary plan, under the same guards, over what that run changed and nobody has
/// touched since (product.md, rule 9). Whose former values the journal has only as digests (`privacy: hashed`) is pinned.
///
/// A member whom the run made is deactivated, a group that it made is emptied, a connection that it made is removed;
/// everything else gets its before-image again. Who was touched since is pinned with that reason. What is as before the
/// run already is left out, so undoing twice does nothing. Links stay, without their fingerprints: the next plan of the
/// source looks at everybody anew, and shows the run's changes again.
package struct UndoPlanner {
    private let store: any ResourceStore
    private let policy: Policy
    private let asOf: Timestamp

    package init(store: any ResourceStore, policy: Policy, asOf: Timestamp) {
        self.store = store
        self.policy = policy
        self.asOf = asOf
    }

    /// Nothing is written. Throws ``RunPruned`` when the journal no longer has all of the run, and what the store throws.
    package func plan(_ run: RunRecord, team: Team) throws -> Plan {
        guard run.prunedEntries == 0 else { throw RunPruned(run: run.id, entries: run.prunedEntries) }
        return try store.read { store in
            let source = try store.sourceName(run.source, team: team.id)
            let roster = try RosterReader(store, team: team.id, source: run.source)
            let protection = try Protection(policy, roster)
            let pseudonyms = try store.privacyKey(team: team.id).map(Pseudonyms.init)
            var draft = UndoDraft(roster: roster, protection: protection, run: run.id, pseudonyms: pseudonyms)
            for touched in try TouchedResource.all(of: run.id, team: team.id, in: store) { try draft.add(touched) }
            try draft.settleNames()
            try draft.count()
            var plan = Plan(
                team: team.name, source: source ?? "default", asOf: asOf, inputs: [], fingerprint: "",
                changes: Plan.ordered(draft.changes), links: [], guards: try judge(draft, run), pinned: draft.pinned,
                unmanaged: [], unmanagedCount: 0, suspected: [], unchanged: draft.unchanged, notices: draft.notices)
            plan.isWholeList = false
            plan.undoes = run.id
            plan.roster = try RosterState(team, in: store)
            plan.expires = policy.limits.planExpiry(from: asOf)
            plan.digest = PlanDocument.digest(of: plan)
            return plan
        }
    }

    private func judge(_ draft: UndoDraft, _ run: RunRecord) throws -> [GuardFinding] {
        let roster = draft.roster
        let losing = draft.deactivated.union(draft.admins.demoted)
        let admins = try roster.admins(also: policy.admins, isNeeded: !losing.isEmpty)
        let managed = try LinkIndex(.user, source: run.source, team: roster.team, from: roster.store)
        return Guards.judge(
            Evidence(
                policy: policy, asOf: asOf, counts: roster.counts, source: nil, fingerprint: "", grade: .complete,
                gradeReasons: [], exportDate: nil, records: nil, removalsAreSuspected: false, rejected: 0,
                matched: roster.counts.managedActive, creates: 0,
                updates: draft.changes.count { $0.kind == .update }, deactivations: draft.deactivated.count,
                releases: 0, waiting: 0, deactivationsOfDay: try roster.deactivations(withinHours: 24, before: asOf),
                deactivationsOfWeek: try roster.deactivations(withinHours: 7 * 24, before: asOf),
                domainsLeaving: try domainsLeaving(draft, run),
                attributesChanged: draft.attributesChanged.map { ($0, $1) },
                attributesEmptied: draft.attributesEmptied.map { ($0, $1) },
                protectedActive: losing.isEmpty ? 0 : try draft.protection.count(roster, managed),
                membershipRemovals: 0, groupsEmptied: draft.groupsEmptied, anchorsReissued: 0,
                adminsBefore: admins.count,
                adminsAfter: admins.subtracting(losing).count + draft.admins.gained, foreignDomains: [],
                connection: []))
    }

    /// As in a plan, few leavers of many are not looked at.
    private func domainsLeaving(_ draft: UndoDraft, _ run: RunRecord) throws -> [DomainLeaving] {
        guard let source = run.source else { return [] }
        return try draft.roster.domainsLeaving(
            draft.leavingDomains.filter { $0.value > policy.limits.floor }, source: source)
    }
}

extension StoreReading {
    /// What people call a source.
    func sourceName(_ id: SourceID?, team: TeamID) throws -> String? {
        guard let id else { return nil }
        return try sources(team: team).first { $0.id == id }?.name
    }
}
