import SCIM

/// An undo while it is planned, one resource after the other.
struct UndoDraft {
    let roster: RosterReader
    let protection: Protection
    let run: RunID
    /// Of the team, where it has any: the journal may hold them in place of values.
    let pseudonyms: Pseudonyms?
    private(set) var changes: [Change] = []
    private(set) var pinned: [PinnedMember] = []
    private(set) var notices: [Notice] = []
    private(set) var unchanged = 0
    private(set) var deactivated: Set<RowID> = []
    private(set) var admins = AdminChanges()
    /// How many would leave, by e-mail domain.
    private(set) var leavingDomains: [String: Int] = [:]
    /// Members for whom an attribute gives way to another value, and for whom it empties, by path.
    private(set) var attributesChanged: [String: Int] = [:]
    private(set) var attributesEmptied: [String: Int] = [:]
    /// Groups that would lose all, or over half, of their members; `nil` when no group changes.
    private(set) var groupsEmptied: [String]?

    /// The row of each change's resource.
    private var rows: [RowID?] = []
    /// Members whom the run made: they give their name up to whoever had it before.
    private var newcomers: Set<RowID> = []

    init(roster: RosterReader, protection: Protection, run: RunID, pseudonyms: Pseudonyms?) {
        self.roster = roster
        self.protection = protection
        self.run = run
        self.pseudonyms = pseudonyms
    }

    private static let reason = "as it was before the run"

    mutating func add(_ touched: TouchedResource) throws {
        let stored = try roster.store.resource(touched.type, id: touched.id, team: roster.team)
        if touched.type == .ssoConnection { return try addConnection(touched, stored) }
        guard let stored else {
            return pin(touched, name: touched.id.rawValue, "deleted since the run")
        }
        guard let touched = legible(touched, stored.resource) else {
            let isSame = stored.resource.version == touched.version
            return pin(
                touched, name: stored.resource.displayed,
                isSame ? "only digests of the former values are kept (privacy: hashed)" : PinnedMember.changedSince)
        }
        if try isRestored(touched, stored) {
            unchanged += 1
        } else if stored.resource.version != touched.version {
            pin(touched, name: stored.resource.displayed, PinnedMember.changedSince)
        } else if touched.type == .user {
            addUser(touched, stored)
        } else {
            try addGroup(touched, stored)
        }
    }

    /// `touched` with values where its image of before has digests; `nil` when they differ in what only digests are left
    /// of.
    private func legible(_ touched: TouchedResource, _ present: Resource) -> TouchedResource? {
        guard let before = touched.before, before.holdsPseudonyms else { return touched }
        guard let restored = pseudonyms?.restoring(before, over: present.attributes) else { return nil }
        var touched = touched
        touched.before = restored
        return touched
    }

    private mutating func pin(_ touched: TouchedResource, name: String, _ reason: String) {
        pinned.append(
            PinnedMember(
                member: MemberName(id: touched.id.rawValue, userName: name, externalID: nil), reason: reason,
                file: nil, line: nil))
    }

    private func isRestored(_ touched: TouchedResource, _ stored: StoredResource) throws -> Bool {
        if touched.type == .user && touched.isCreated { return !stored.resource.isActive }
        if let before = touched.before, !stored.resource.attributes.saysTheSame(as: before) { return false }
        guard touched.type == .group else { return true }
        let present = Set(try roster.store.members(of: stored.row, team: roster.team))
        func isMember(_ id: ResourceID) throws -> Bool {
            try roster.store.row(.user, id: id, team: roster.team).map(present.contains) ?? false
        }
        let gone = try touched.added.allSatisfy { try !isMember($0) }
        return try gone && touched.removed.allSatisfy(isMember)
    }

    private mutating func append(_ change: Change, row: RowID?) {
        changes.append(change)
        rows.append(row)
    }

    // MARK: Members

    private mutating func addUser(_ touched: TouchedResource, _ stored: StoredResource) {
        let resource = stored.resource
        if protection.covers(stored) {
            return pin(touched, name: resource.userName, "protected by the configuration")
        }
        guard let before = touched.before else {
            newcomers.insert(stored.row)
            let attributes = [AttributeChange(path: "active", old: "true", new: "false")]
            return append(
                Change(
                    .deactivate, id: resource.id, name: resource.userName, externalID: resource.externalID,
                    version: resource.version, reason: "made by the run", attributes: attributes), row: stored.row)
        }
        let wasActive = before["active"]?.boolean ?? true
        let kind: Change.Kind =
            switch (resource.isActive, wasActive) {
            case (true, false): .deactivate
            case (false, true): .reactivate
            case (true, true), (false, false): .update
            }
        let attributes = AttributeChange.between(resource.attributes, before)
        var change = Change(
            kind, id: resource.id, name: resource.userName, externalID: resource.externalID,
            version: resource.version, reason: Self.reason, attributes: attributes)
        change.restored = before
        append(change, row: stored.row)
    }

    // MARK: Groups

    private mutating func addGroup(_ touched: TouchedResource, _ stored: StoredResource) throws {
        let resource = stored.resource
        let attributes = touched.before.map { AttributeChange.between(resource.attributes, $0) } ?? []
        var change = Change(
            .groupUpdate, id: resource.id, name: resource.displayed, externalID: resource.externalID,
            version: resource.version, reason: touched.isCreated ? "made by the run: emptied and kept" : Self.reason,
            attributes: attributes)
        change.addMembers = try references(touched.removed)
        change.removeMembers = try references(touched.added)
        if attributes.isEmpty && change.addMembers.isEmpty && change.removeMembers.isEmpty {
            unchanged += 1
        } else {
            append(change, row: stored.row)
        }
    }

    /// Those who are still there, by id.
    private func references(_ ids: Set<ResourceID>) throws -> [MemberReference] {
        try ids.sorted().compactMap { id in
            try roster.store.resource(.user, id: id, team: roster.team).map {
                .member(id, userName: $0.resource.userName)
            }
        }
    }

    // MARK: The connection

    private mutating func addConnection(_ touched: TouchedResource, _ stored: StoredResource?) throws {
        let there = try stored ?? roster.store.resources(.ssoConnection, after: nil, limit: 1, team: roster.team).first
        let name = (touched.before ?? touched.after)?["entityID"]?.string ?? touched.id.rawValue
        let isRestored =
            switch (there?.resource.attributes, touched.before) {
            case (nil, nil): true
            case (let now?, let before?): now.saysTheSame(as: before)
            case (nil, _), (_, nil): false
            }
        if isRestored {
            unchanged += 1
            return
        }
        let isAsLeft = touched.isDeleted ? there == nil : stored?.resource.version == touched.version
        guard isAsLeft else { return pin(touched, name: name, PinnedMember.changedSince) }
        var change = Change(
            .connectionUpdate, id: stored?.resource.id, name: name, version: stored?.resource.version,
            reason: touched.before == nil ? "made by the run: removed" : Self.reason,
            attributes: AttributeChange.between(
                stored?.resource.attributes ?? ComplexValue(), touched.before ?? ComplexValue()))
        change.connection = touched.before
        append(change, row: stored?.row)
    }
}

// MARK: - Names

extension UndoDraft {
    /// Who gets a name back that somebody else has by now: together with them when they move in the same plan, from a
    /// member whom the run made under a tombstone, and otherwise not at all.
    mutating func settleNames() throws {
        var first = 1
        for type in [ResourceType.user, .group] { first = try settleNames(type, from: first) }
    }

    private mutating func settleNames(_ type: ResourceType, from first: Int) throws -> Int {
        var claims: [NameMoves.Claim] = []
        var moving: Set<RowID> = []
        var places: [RowID: Int] = [:]
        for (index, change) in changes.enumerated() where change.type == type {
            guard let row = rows[index] else { continue }
            places[row] = index
            guard let key = newName(change) else { continue }
            moving.insert(row)
            if let holder = try roster.store.resource(type, name: key, team: roster.team), holder.row != row {
                claims.append(.init(claimant: .resource(row), name: key, holder: holder.row))
            }
        }
        let moves = NameMoves(claims, moving: moving) { !newcomers.contains($0) }
        for row in moves.yielding { if let place = places[row] { giveUpName(place) } }
        let numbers = moves.together(from: first)
        for (claimant, number) in numbers {
            if case .resource(let row) = claimant, let place = places[row] { changes[place].together = number }
        }
        let refused = moves.refused.compactMap { claim -> Int? in
            if case .resource(let row) = claim.claimant { places[row] } else { nil }
        }
        for place in refused.sorted(by: >) { pinForItsName(place) }
        return (numbers.values.max() ?? first - 1) + 1
    }

    /// The key of the name that it gets back, where that is another than the present one.
    private func newName(_ change: Change) -> String? {
        let path = change.type == .user ? "userName" : "displayName"
        guard let new = change.attributes.first(where: { $0.path == path })?.new else { return nil }
        let key = change.type == .user ? try? CanonicalKey.userName(new) : try? CanonicalKey.groupName(new)
        let present =
            change.type == .user ? try? CanonicalKey.userName(change.name) : try? CanonicalKey.groupName(change.name)
        return key == present ? nil : key
    }

    private mutating func giveUpName(_ place: Int) {
        guard let id = changes[place].id else { return }
        let old = changes[place].name
        let name = NameSettlement.tombstone(of: id, userName: old)
        changes[place].attributes.append(AttributeChange(path: "userName", old: old, new: name))
    }

    private mutating func pinForItsName(_ place: Int) {
        let change = changes.remove(at: place)
        rows.remove(at: place)
        pinned.append(
            PinnedMember(
                member: MemberName(
                    id: change.id?.rawValue ?? "", userName: change.name, externalID: change.externalID),
                reason: "its name of before the run belongs to somebody else now", file: nil, line: nil))
    }
}

extension UndoDraft {
    /// Counts what the guards ask for, once it is settled what changes.
    mutating func count() throws {
        for (change, row) in zip(changes, rows) where change.type == .user {
            guard let row, let user = try roster.user(row: row) else { continue }
            if change.kind == .deactivate {
                deactivated.insert(row)
                if let domain = user.resource.emailDomain { leavingDomains[domain, default: 0] += 1 }
            } else {
                admins.note(change.attributes, of: user)
            }
            // Whether they are active is for other guards, and anchors are no attribute of the mapping.
            for attribute in change.attributes where attribute.path != "active" && attribute.path != "externalId" {
                guard attribute.old != nil else { continue }
                if attribute.new == nil {
                    attributesEmptied[attribute.path, default: 0] += 1
                } else {
                    attributesChanged[attribute.path, default: 0] += 1
                }
            }
        }
        for (change, row) in zip(changes, rows) where change.type == .group {
            if let row { try count(change, of: row) }
        }
    }

    private mutating func count(_ change: Change, of row: RowID) throws {
        var losing = 0
        for case .member(let id, _) in change.removeMembers {
            guard let member = try roster.store.row(.user, id: id, team: roster.team) else { continue }
            if !deactivated.contains(member) { losing += 1 }
        }
        let members = try roster.store.members(of: row, team: roster.team).count
        let isEmptied = GroupPlanner.empties(losing: losing, leaving: change.removeMembers.count, of: members)
        groupsEmptied = (groupsEmptied ?? []) + (isEmptied ? [change.name] : [])
    }
}

extension Resource {
    /// userName, displayName or id: what people call it.
    var displayed: String {
        switch type {
        case .user: userName
        case .group: attributes["displayName"]?.string ?? id.rawValue
        case .ssoConnection: attributes["entityID"]?.string ?? id.rawValue
        }
    }
}

extension PinnedMember {
    /// Why an undo leaves most of those alone whom it does not take back.
    package static let changedSince = "changed since the run"
}
