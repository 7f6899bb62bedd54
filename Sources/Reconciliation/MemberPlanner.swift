import Exports
import SCIM

/// From who is who to what would change about people. Pure apart from reading the snapshot.
struct MemberPlanner {
    let roster: RosterReader
    let rules: IdentityRules
    let policy: Policy
    let files: [String]
    let source: SourceID
    /// Whether absence may mean departure here.
    let absenceCounts: Bool
    let removalsAreSuspected: Bool

    private(set) var changes: [Change] = []
    private(set) var links: [LinkChange] = []
    private(set) var suspected: [MemberName] = []
    private(set) var unchanged = 0
    private(set) var protected: Set<RowID> = []
    private(set) var deactivated: Set<RowID> = []
    private(set) var reissued = 0
    /// Explicitly inactive people that an import, by its promise, leaves active.
    private(set) var spared = 0
    private var rowOfChange: [RowID] = []

    init(
        roster: RosterReader, rules: IdentityRules, policy: Policy, files: [String], source: SourceID,
        absenceCounts: Bool, removalsAreSuspected: Bool
    ) {
        self.roster = roster
        self.rules = rules
        self.policy = policy
        self.files = files
        self.source = source
        self.absenceCounts = absenceCounts
        self.removalsAreSuspected = removalsAreSuspected
    }

    /// Plans everybody. Records whose name cannot be had are rejected in `correlation` on the way.
    mutating func plan(_ correlation: inout Correlation) throws {
        let members = correlation.members
        let pins = correlation.pins
        let names = try NameSettlement(
            &correlation, rules: rules, roster: roster, isUntouched: isProtected,
            leaves: { user, match in
                pins[user.row] == nil && !isProtected(user) && leaves(user, match, members)
            })
        unchanged = correlation.members.marks.count { $0 == .unchanged }
        for match in correlation.matches where correlation.pins[match.user.row] == nil { try plan(match) }
        try planLeavers(correlation)
        bind(names)
        for record in correlation.newcomers { changes.append(creation(of: record, names)) }
    }

    // MARK: Movers

    private func isProtected(_ user: StoredResource) -> Bool { policy.protect.matches(user.resource) }

    private mutating func plan(_ match: Correlation.Match) throws {
        let user = match.user
        if isProtected(user) {
            protected.insert(user.row)
            unchanged += 1
            return
        }
        let wasActive = user.resource.isActive
        switch match.record.activity {
        case .undecided:
            unchanged += 1
        case .inactive, .deleted:
            if wasActive && match.isManaged {
                try planDeparture(user, reason: departure(match.record), place: place(match.record), link: link(match))
            } else {
                // In step already; or taken under management first, and looked at again by the next run.
                inStep(match, fingerprint: wasActive ? nil : match.record.fingerprint)
            }
        case .active:
            planStaying(match, reactivates: !wasActive)
        case .unstated:
            planStaying(match, reactivates: false)
        }
    }

    private mutating func planStaying(_ match: Correlation.Match, reactivates: Bool) {
        let resource = match.user.resource
        var attributes = differences(match)
        if reactivates { attributes.append(AttributeChange(path: "active", old: "false", new: "true")) }
        guard !attributes.isEmpty else { return inStep(match, fingerprint: match.record.fingerprint) }
        if attributes.contains(where: { $0.path == "externalId" && $0.old != nil }) { reissued += 1 }
        let reason =
            switch (reactivates, match.basis) {
            case (true, _): "back in the export as active"
            case (false, .anchor), (false, .externalId): "differs from the export"
            case (false, .reissuedAnchor): "same login and name under a new anchor"
            case (false, _): "matched by \(match.basis.rawValue); differs from the export"
            }
        changes.append(
            Change(
                reactivates ? .reactivate : .update, id: resource.id, name: resource.userName,
                externalID: match.record.anchor ?? resource.externalID, version: resource.version, reason: reason,
                place: place(match.record), attributes: attributes, link: link(match)))
        rowOfChange.append(match.user.row)
    }

    /// The differences of one record and one user under the mapping's rules (product.md, rule 3).
    func differences(_ match: Correlation.Match) -> [AttributeChange] {
        let attributes = match.user.resource.attributes
        var found: [AttributeChange] = []
        if let anchor = match.record.anchor, anchor != match.user.resource.externalID {
            found.append(AttributeChange(path: "externalId", old: match.user.resource.externalID, new: anchor))
        }
        for (index, rule) in rules.all.enumerated() {
            let old = Attributes.value(at: rule.path, in: attributes)
            switch (match.record.values[index], old) {
            case (.missing, _), (.blank, nil): continue
            case (.blank, let old?):
                if rule.clears && rule.overwrite == .always {
                    found.append(AttributeChange(path: rule.name, old: old, new: nil))
                }
            case (.value(let new), nil):
                if rule.overwrite != .createOnly {
                    found.append(AttributeChange(path: rule.name, old: nil, new: new))
                }
            case (.value(let new), let old?):
                // `==` is canonical equivalence: another Unicode normal form is no change.
                guard rule.overwrite == .always, new != old else { continue }
                if rule.comparison == .folded && TextFolding.key(new) == TextFolding.key(old) { continue }
                found.append(AttributeChange(path: rule.name, old: old, new: new))
            }
        }
        return found
    }

    private mutating func inStep(_ match: Correlation.Match, fingerprint: Digest128?) {
        unchanged += 1
        links.append(
            LinkChange(
                type: .user, id: match.user.resource.id,
                link: SourceLink(source: source, anchor: match.record.anchorDigest, fingerprint: fingerprint)))
    }

    private func link(_ match: Correlation.Match) -> SourceLink {
        SourceLink(source: source, anchor: match.record.anchorDigest, fingerprint: match.record.fingerprint)
    }

    // MARK: Leavers

    private func departure(_ record: IdentityRecord) -> String {
        if case .deleted = record.activity { "deleted in the export" } else { "inactive in the export" }
    }

    private mutating func planDeparture(
        _ user: StoredResource, reason: String, place: Place?, link: SourceLink?
    ) throws {
        if policy.neverDeactivates {
            spared += 1
            unchanged += 1
            return
        }
        if removalsAreSuspected {
            suspected.append(MemberName(user.resource))
            unchanged += 1
            return
        }
        deactivated.insert(user.row)
        changes.append(
            Change(
                .deactivate, id: user.resource.id, name: user.resource.userName, externalID: user.resource.externalID,
                version: user.resource.version, reason: reason, place: place,
                attributes: [AttributeChange(path: "active", old: "true", new: "false")], link: link))
        rowOfChange.append(user.row)
    }

    private mutating func planLeavers(_ correlation: Correlation) throws {
        let members = correlation.members
        guard absenceCounts, !policy.neverDeactivates else { return }
        for slot in members.rows.indices where members.marks[slot] == .absent && members.isActive[slot] {
            let row = members.rows[slot]
            guard correlation.pins[row] == nil, let user = try roster.user(row: row) else { continue }
            if isProtected(user) {
                protected.insert(row)
                unchanged += 1
            } else {
                try planDeparture(user, reason: "absent from the export", place: nil, link: nil)
            }
        }
    }

    /// Whether the plan takes this member's access away.
    private func leaves(_ user: StoredResource, _ match: Correlation.Match?, _ members: LinkIndex) -> Bool {
        guard !policy.neverDeactivates, !removalsAreSuspected else { return false }
        if let match {
            switch match.record.activity {
            case .inactive, .deleted: return match.isManaged && (user.resource.isActive)
            case .active, .unstated, .undecided: return false
            }
        }
        guard absenceCounts, let slot = members.slot(of: user.row) else { return false }
        return members.marks[slot] == .absent && members.isActive[slot]
    }

    // MARK: Joiners

    private func creation(of record: IdentityRecord, _ names: NameSettlement) -> Change {
        var also: [AttributeChange] = []
        if let anchor = record.anchor { also.append(AttributeChange(path: "externalId", old: nil, new: anchor)) }
        also.append(AttributeChange(path: "active", old: nil, new: "true"))
        var change = Change(
            creating: rules.userName(of: record) ?? "", externalID: record.anchor,
            reason: "in the export, not in the roster", place: place(record), values: record.values, rules: rules.all,
            also: also,
            link: SourceLink(source: source, anchor: record.anchorDigest, fingerprint: record.fingerprint))
        if !names.togetherByName.isEmpty, let key = rules.userNameKey(of: record) {
            change.together = names.togetherByName[key]
        }
        return change
    }

    // MARK: Names

    private func place(_ record: IdentityRecord) -> Place { Place(file: files[record.file], line: record.line) }

    /// Tells the changes made so far what became of names: who moves with whom, and who leaves their name behind.
    private mutating func bind(_ names: NameSettlement) {
        guard !names.togetherByRow.isEmpty else { return }
        for index in changes.indices {
            let row = rowOfChange[index]
            changes[index].together = names.togetherByRow[row]
            if names.tombstones.contains(row), let id = changes[index].id {
                let old = changes[index].name
                changes[index].attributes.append(
                    AttributeChange(path: "userName", old: old, new: NameSettlement.tombstone(of: id, userName: old)))
            }
        }
    }
}
