import Exports
import SCIM

/// From who is who to what would change about people. Pure apart from reading the snapshot.
struct MemberPlanner {
    let roster: RosterReader
    let rules: IdentityRules
    let policy: Policy
    let protection: Protection
    let ownership: Ownership
    let absences: Absences
    let files: [String]
    let source: SourceID
    /// Whether absence may mean departure here.
    let absenceCounts: Bool
    let removalsAreSuspected: Bool

    private(set) var changes: [Change] = []
    private(set) var links: [LinkChange] = []
    private(set) var suspected: [SuspectedMember] = []
    private(set) var released: [ReleasedMember] = []
    private(set) var unchanged = 0
    private(set) var deactivated: Set<RowID> = []
    /// Members whom the source takes under its management with this plan, and how many of them are active.
    private(set) var adopted: Set<RowID> = []
    private(set) var adoptedActive = 0
    private(set) var reissued = 0
    /// Members of whom more than the anchor changes.
    private(set) var updates = 0
    private(set) var tally: AttributeTally
    /// How many would leave, by e-mail domain.
    private(set) var leavingDomains: [String: Int] = [:]
    private(set) var admins = AdminChanges()
    /// Explicitly inactive people that an import, by its promise, leaves active.
    private(set) var spared = 0
    /// People whom the export says are inactive, and who are nobody's to deactivate: the source never managed them.
    private(set) var inactiveUnmanaged = 0
    /// Inactive members of whom the export states no status, and who did not leave by being absent from it.
    private(set) var staysInactive = 0
    /// Why the watched member is left as they are; `nil` when something happens to them, or nothing was found out.
    private(set) var standstill: Standstill?

    private let watched: RowID?
    private var names: NameSettlement?

    init(
        roster: RosterReader, rules: IdentityRules, policy: Policy, protection: Protection, ownership: Ownership,
        absences: Absences, files: [String], source: SourceID, absenceCounts: Bool, removalsAreSuspected: Bool,
        watched: RowID? = nil
    ) {
        self.roster = roster
        self.rules = rules
        self.policy = policy
        self.protection = protection
        self.ownership = ownership
        self.absences = absences
        tally = AttributeTally(rules: rules.all.count)
        self.files = files
        self.source = source
        self.absenceCounts = absenceCounts
        self.removalsAreSuspected = removalsAreSuspected
        self.watched = watched
    }

    /// Plans everybody. Records whose name cannot be had are rejected in `correlation` on the way.
    mutating func plan(_ correlation: inout Correlation) throws {
        let before = correlation
        names = try NameSettlement(
            &correlation, rules: rules, roster: roster,
            mayMove: {
                try isOurName($0) && !isProtected($0.user) && (!$0.record.activity.saysGone || $0.isManaged && removes)
            },
            leaves: { user, match in
                try !before.rejections.isPinned(user.row) && !isProtected(user)
                    && ownership.others(of: user.row).isEmpty && givesUpName(user, match, before)
            })
        unchanged = correlation.inStep
        for match in correlation.matches where !correlation.rejections.isPinned(match.user.row) {
            try plan(match, correlation.members)
        }
        try planLeavers(correlation)
        for record in correlation.newcomers { changes.append(creation(of: record)) }
    }

    private var removes: Bool { !policy.neverDeactivates && !removalsAreSuspected }

    private func isOurName(_ match: Correlation.Match) throws -> Bool {
        ownership.decides("userName", beside: try ownership.others(of: match.user.row))
    }

    private mutating func leave(_ user: StoredResource, _ reason: Standstill) {
        unchanged += 1
        if user.row == watched { standstill = reason }
    }

    private func isProtected(_ user: StoredResource) -> Bool { protection.covers(user) }

    // MARK: Movers

    private mutating func plan(_ match: Correlation.Match, _ members: LinkIndex) throws {
        let user = match.user
        let wasActive = user.resource.isActive
        if isProtected(user) { return leave(user, .protected) }
        switch match.record.activity {
        case .undecided: leave(user, .undecided)
        case .inactive, .deleted:
            let others = try ownership.others(of: user.row)
            let isOurs = match.isManaged && (others.isEmpty || members.slot(of: user.row) != nil)
            if wasActive && !isOurs {
                inactiveUnmanaged += 1
                leave(user, .neverManaged)
            } else if wasActive && !others.isEmpty && removes {
                release(user, departure(match.record), others)
            } else if wasActive {
                planDeparture(
                    user, reason: departure(match.record), place: place(match.record), newName: newName(match),
                    link: link(match))
            } else {
                planGone(match, members)
            }
        case .active:
            try planStaying(match, reactivates: !wasActive, members)
        case .unstated:
            let returns = try !wasActive && leftByAbsence(match, members)
            if !wasActive && !returns { staysInactive += 1 }
            try planStaying(match, reactivates: returns, members)
        }
    }

    /// Presence undoes what absence did, and nothing else: an export that states no status says nothing about whom
    /// somebody else deactivated.
    private func leftByAbsence(_ match: Correlation.Match, _ members: LinkIndex) throws -> Bool {
        guard let slot = members.slot(of: match.user.row), !members.hasFingerprint(slot) else { return false }
        return try roster.wasDeactivated(match.user, by: source)
    }

    private mutating func planStaying(
        _ match: Correlation.Match, reactivates: Bool, _ members: LinkIndex
    ) throws {
        let resource = match.user.resource
        adopt(match, members)
        let ownership = ownership
        let others = try ownership.others(of: match.user.row)
        var attributes = rules.differences(
            match.record, resource, isManaged: match.isManaged, isShared: !others.isEmpty,
            decides: { ownership.decides($0, beside: others) }, &tally)
        if reactivates { attributes.append(AttributeChange(path: "active", old: "false", new: "true")) }
        guard !attributes.isEmpty else { return inStep(match, members, .inStep) }
        if attributes.contains(where: { $0.path == "externalId" && $0.old != nil }) { reissued += 1 }
        if attributes.contains(where: { $0.path != "externalId" }) { updates += 1 }
        let reason =
            switch (reactivates, match.basis) {
            case (true, _): match.record.activity == .unstated ? "back in the export" : "back in the export as active"
            case (false, .anchor), (false, .externalId): "differs from the export"
            case (false, .reissuedAnchor): "same login and name under a new anchor"
            case (false, _): "matched by \(match.basis.rawValue); differs from the export"
            }
        admins.note(attributes, of: match.user)
        add(
            Change(
                reactivates ? .reactivate : .update, id: resource.id, name: resource.userName,
                externalID: match.record.anchor ?? resource.externalID, version: resource.version, reason: reason,
                place: place(match.record), attributes: attributes, link: link(match)), match.user.row)
    }

    /// Somebody who left earlier: nothing of them changes but a name that is needed elsewhere.
    private mutating func planGone(_ match: Correlation.Match, _ members: LinkIndex) {
        adopt(match, members)
        guard let name = newName(match) else { return inStep(match, members, .gone) }
        let resource = match.user.resource
        add(
            Change(
                .update, id: resource.id, name: resource.userName, externalID: resource.externalID,
                version: resource.version, reason: "gave up the name", place: place(match.record),
                attributes: [AttributeChange(path: "userName", old: resource.userName, new: name)], link: link(match)),
            match.user.row)
    }

    private mutating func inStep(_ match: Correlation.Match, _ members: LinkIndex, _ reason: Standstill) {
        leave(match.user, reason)
        let link = link(match)
        if let slot = members.slot(of: match.user.row), members.anchor(of: slot) == link.anchor,
            members.isInStep(slot, with: match.record.fingerprint)
        {
            return
        }
        links.append(
            LinkChange(
                type: .user, id: match.user.resource.id, version: match.user.resource.version, link: link))
    }

    private mutating func adopt(_ match: Correlation.Match, _ members: LinkIndex) {
        guard members.slot(of: match.user.row) == nil else { return }
        adopted.insert(match.user.row)
        if match.user.resource.isActive { adoptedActive += 1 }
    }

    // MARK: Leavers

    private func departure(_ record: IdentityRecord) -> String {
        if case .deleted = record.activity { "deleted in the export" } else { "inactive in the export" }
    }

    private mutating func planDeparture(
        _ user: StoredResource, reason: String, place: Place?, newName: String?, link: SourceLink?
    ) {
        if policy.neverDeactivates {
            spared += 1
            return leave(user, .spared)
        }
        if removalsAreSuspected {
            suspected.append(
                SuspectedMember(
                    member: MemberName(user.resource), reason: reason + ", which is not proved complete",
                    absence: place == nil && !absences.grace.isNone ? absences.earlier[user.row] : nil))
            return leave(user, .suspected)
        }
        let resource = user.resource
        deactivated.insert(user.row)
        if let domain = resource.emailDomain { leavingDomains[domain, default: 0] += 1 }
        var attributes = [AttributeChange(path: "active", old: "true", new: "false")]
        if let newName {
            attributes.append(AttributeChange(path: "userName", old: resource.userName, new: newName))
        }
        add(
            Change(
                .deactivate, id: resource.id, name: resource.userName, externalID: resource.externalID,
                version: resource.version, reason: reason, place: place, attributes: attributes, link: link), user.row)
    }

    private mutating func planLeavers(_ correlation: Correlation) throws {
        guard absenceCounts, !policy.neverDeactivates else { return }
        let members = correlation.members
        for slot in members.rows.indices where correlation.isAbsent(slot) && members.isActive(slot) {
            let row = members.rows[slot]
            guard !correlation.rejections.isPinned(row), let user = try roster.user(row: row) else { continue }
            if isProtected(user) {
                leave(user, .protected)
                continue
            }
            if !absences.isDue(row), let absence = absences.absence(of: row), !removalsAreSuspected {
                leave(user, .suspected)
                suspected.append(
                    SuspectedMember(
                        member: MemberName(user.resource), reason: absences.told(absence), absence: absence,
                        due: absences.due(absence)))
                continue
            }
            let others = try ownership.others(of: row)
            if !others.isEmpty && removes {
                release(user, "absent from the export", others)
                continue
            }
            let name = tombstone(user)
            planDeparture(user, reason: "absent from the export", place: nil, newName: name, link: relink(name))
        }
    }

    /// Another source manages them too: this one only lets go.
    private mutating func release(_ user: StoredResource, _ reason: String, _ others: [SourceID]) {
        leave(user, .released)
        released.append(
            ReleasedMember(member: MemberName(user.resource), reason: reason, managers: ownership.names(of: others)))
        links.append(
            LinkChange(type: .user, id: user.resource.id, version: user.resource.version, link: nil))
    }

    /// Where people are told apart by userName, a leaver who loses it must not be taken for its next holder.
    private func relink(_ tombstone: String?) -> SourceLink? {
        guard !rules.hasAnchor, let key = tombstone.flatMap({ try? CanonicalKey.userName($0) }) else { return nil }
        return SourceLink(source: source, anchor: AnchorDigest.of(userNameKey: key), fingerprint: nil)
    }

    /// Whether somebody else may have this member's name: the plan takes their access away, or they are gone for good.
    private func givesUpName(_ user: StoredResource, _ match: Correlation.Match?, _ correlation: Correlation) -> Bool {
        if let match {
            guard match.isManaged else { return false }
            switch match.record.activity {
            case .deleted: return removes || !user.resource.isActive
            case .inactive: return removes && user.resource.isActive
            case .active, .unstated, .undecided: return false
            }
        }
        guard removes, absenceCounts, let slot = correlation.members.slot(of: user.row) else { return false }
        return correlation.isAbsent(slot) && correlation.members.isActive(slot) && absences.isDue(user.row)
    }

    // MARK: Joiners

    private mutating func creation(of record: IdentityRecord) -> Change {
        var also: [AttributeChange] = []
        if let anchor = record.anchor, !rules.leavesOutAnchor {
            also.append(AttributeChange(path: "externalId", old: nil, new: anchor))
        }
        also.append(AttributeChange(path: "active", old: nil, new: "true"))
        var change = Change(
            creating: rules.userName(of: record) ?? "", externalID: record.anchor,
            reason: "in the export, not in the roster", place: place(record), values: record.values, rules: rules.all,
            also: also,
            link: SourceLink(source: source, anchor: record.anchorDigest, fingerprint: record.fingerprint))
        if !rules.leftOut.isEmpty {
            let names = Set(rules.leftOut.map { rules.all[$0].name })
            change.attributes = change.attributes.filter { !names.contains($0.path) }
        }
        if rules.mapsRoles { admins.note(joiner: change.attributes) }
        change.together = names?.together(newcomer: rules.userNameKey(of: record))
        return change
    }

    // MARK: Parts of a change

    private mutating func add(_ change: Change, _ row: RowID) {
        var change = change
        change.together = names?.together(row)
        changes.append(change)
    }

    private func place(_ record: IdentityRecord) -> Place { Place(file: files[record.file], at: record.line) }

    private func link(_ match: Correlation.Match) -> SourceLink {
        SourceLink(source: source, anchor: match.record.anchorDigest, fingerprint: match.record.fingerprint)
    }

    /// The name that somebody who left gets: the one their record says, or a tombstone when theirs is given on.
    private func newName(_ match: Correlation.Match) -> String? {
        if names?.renamedLeavers.contains(match.user.row) == true { return rules.userName(of: match.record) }
        return tombstone(match.user)
    }

    private func tombstone(_ user: StoredResource) -> String? {
        guard names?.tombstones.contains(user.row) == true else { return nil }
        return NameSettlement.tombstone(of: user.resource.id, userName: user.resource.userName)
    }
}

/// Why a plan leaves a member as they are.
package enum Standstill: String, Sendable {
    case protected
    /// The status in the export is neither that of somebody who works there nor of somebody who left.
    case undecided
    /// Inactive in the export, and never managed by the source: not its to deactivate.
    case neverManaged = "never-managed"
    /// Inactive in the export, and an import deactivates nobody.
    case spared
    case inStep = "in-step"
    /// Inactive in the export and in the roster.
    case gone
    case suspected, released
}
