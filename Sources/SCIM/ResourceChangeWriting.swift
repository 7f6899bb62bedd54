extension ResourceChange {
    /// Writes what was judged right, and its journal entries. `withoutName` while identifiers are being moved: a later
    /// operation of the same transaction settles the name (see ``AtomicChange``).
    func write(_ staged: StagedChange, withoutName: Bool = false) throws -> BulkOutcome {
        guard var after = staged.after, var keys = staged.keysAfter else { return try delete(staged) }
        if withoutName { keys.name = nil }
        func body() -> [UInt8] { staged.bodyAfter ?? AttributesJSON.encode(after.attributes) }
        guard let row = staged.row, let before = staged.before else {
            let body = body()
            let row = try store.insert(after, body: body, keys: keys, link: staged.link, team: team)
            try journal(.create, after, before: nil, after: image(after, body))
            try journal(try change(staged.members, of: row), after)
            return .done(after, changed: true)
        }
        let memberships = try change(staged.members, of: row)
        guard staged.isChanged || !memberships.isEmpty else {
            try journal(memberships, before)
            if let source = staged.unlink { try release(row, from: source, active: keys.active) }
            if let link = staged.link { try store.setLink(link, of: row, active: keys.active, team: team) }
            return .done(before, changed: false)
        }
        after.version = before.version + 1
        after.lastModified = max(at, before.lastModified)
        let body = body()
        try store.update(row, to: after, body: body, keys: keys, link: staged.link, team: team)
        if staged.isChanged {
            try journal(.update, after, before: image(before), after: image(after, body))
        }
        try journal(memberships, after)
        return .done(after, changed: true)
    }

    /// A resource as the journal keeps it; `body` is its JSON where that was made already.
    private func image(_ resource: Resource, _ body: [UInt8]? = nil) -> [UInt8] {
        guard let pseudonyms = context.pseudonyms else { return body ?? AttributesJSON.encode(resource.attributes) }
        return AttributesJSON.encode(pseudonyms.of(resource.attributes, resource.type))
    }

    /// Whoever still manages it looks at it anew: more of it is theirs now.
    private func release(_ row: RowID, from source: SourceID, active: Bool) throws {
        try store.removeLink(of: row, source: source, team: team)
        for var link in try store.links(of: row, team: team) {
            link.fingerprint = nil
            try store.setLink(link, of: row, active: active, team: team)
        }
    }

    private func delete(_ staged: StagedChange) throws -> BulkOutcome {
        guard let row = staged.row, let before = staged.before else { return .deleted }
        try store.delete(row, team: team)
        var gone = before
        gone.version += 1
        try journal(.delete, gone, before: image(before), after: nil)
        return .deleted
    }

    /// Which memberships really came and went.
    private struct Memberships {
        var added: [ResourceID] = []
        var removed: [ResourceID] = []
        /// Asked for and not there; recorded, and no change.
        var unknown: [ResourceID] = []
        var isEmpty: Bool { added.isEmpty && removed.isEmpty }
    }

    /// Unknown ids, another team's among them, are left out and recorded (scim-clients.md §5).
    private func change(_ members: MembershipChange, of group: RowID) throws -> Memberships {
        if members.isEmpty { return Memberships() }
        var ids: [RowID: ResourceID] = [:]
        var unknown: [ResourceID] = []
        func rows(_ wanted: [ResourceID], _ unknown: inout [ResourceID]) throws -> [RowID] {
            var rows: [RowID] = []
            for id in wanted {
                guard let row = try store.row(.user, id: id, team: team) else {
                    unknown.append(id)
                    continue
                }
                if ids.updateValue(id, forKey: row) == nil { rows.append(row) }
            }
            return rows
        }

        let coming = try rows((members.replacement ?? []) + members.added, &unknown)
        // Who is not there cannot be left behind.
        var gone: [ResourceID] = []
        var leaving = try rows(members.removed, &gone)
        if members.replacement != nil {
            for row in try store.members(of: group, team: team) where ids[row] == nil {
                ids[row] = try store.id(.user, row: row, team: team)
                leaving.append(row)
            }
        }
        let removed = leaving.isEmpty ? [] : try store.removeMembers(leaving, from: group, team: team)
        let added = coming.isEmpty ? [] : try store.addMembers(coming, to: group, team: team)
        return Memberships(
            added: added.compactMap { ids[$0] }, removed: removed.compactMap { ids[$0] }, unknown: unknown)
    }

    private func journal(_ memberships: Memberships, _ group: Resource) throws {
        func list(_ ids: [ResourceID]) -> [UInt8] {
            var bytes: [UInt8] = []
            AttributesJSON.append(.list(ids.map { .string($0.rawValue) }), to: &bytes)
            return bytes
        }
        if !memberships.removed.isEmpty {
            try journal(.removeMembers, group, before: list(memberships.removed), after: nil)
        }
        if !memberships.added.isEmpty {
            try journal(.addMembers, group, before: nil, after: list(memberships.added))
        }
        if !memberships.unknown.isEmpty {
            try journal(.skipMembers, group, before: nil, after: list(memberships.unknown))
        }
    }

    private func journal(
        _ operation: JournalEntry.Operation, _ resource: Resource, before: [UInt8]?, after: [UInt8]?
    ) throws {
        try store.append(
            JournalEntry(
                operation: operation, type: resource.type, id: resource.id, actor: context.actor, run: context.run,
                at: at, version: resource.version, before: before, after: after), team: team)
    }
}
