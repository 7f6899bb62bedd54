import SCIM

/// Whether a change that the core refused is there all the same: by an earlier run of the same plan that was cut short,
/// or by somebody who did the same online.
struct AlreadySo {
    let store: any ResourceStore
    let team: TeamID
    let source: SourceID

    /// The resource that is as the change wants it; `nil` when there is none.
    func holds(_ change: Change) throws -> ResourceID? {
        try store.read { store in
            guard let stored = try resource(for: change, store), try isAsWanted(stored, change, store) else {
                return nil
            }
            return stored.resource.id
        }
    }

    private func resource(for change: Change, _ store: any StoreReading) throws -> StoredResource? {
        if let id = change.id { return try store.resource(change.type, id: id, team: team) }
        let key =
            switch change.type {
            case .user: try? CanonicalKey.userName(change.name)
            case .group: try? CanonicalKey.groupName(change.name)
            case .ssoConnection: change.name
            }
        guard let key, let stored = try store.resource(change.type, name: key, team: team) else { return nil }
        // What this source did not make is somebody else's, however alike.
        guard let link = change.link, try store.link(of: stored.row, source: source, team: team)?.anchor == link.anchor
        else { return nil }
        return stored
    }

    private func isAsWanted(_ stored: StoredResource, _ change: Change, _ store: any StoreReading) throws -> Bool {
        if let restored = change.restored { return stored.resource.attributes.saysTheSame(as: restored) }
        if let connection = change.connection { return stored.resource.attributes.saysTheSame(as: connection) }
        for attribute in change.attributes {
            guard let path = try? AttributePath.parseMapping(attribute.path, for: change.type),
                Attributes.value(at: path, in: stored.resource.attributes) == attribute.new
            else { return false }
        }
        if change.addMembers.isEmpty && change.removeMembers.isEmpty { return true }
        let present = Set(try store.members(of: stored.row, team: team))
        return try change.addMembers.allSatisfy { try isMember($0, present, store) }
            && change.removeMembers.allSatisfy { try !isMember($0, present, store) }
    }

    private func isMember(
        _ reference: MemberReference, _ present: Set<RowID>, _ store: any StoreReading
    ) throws -> Bool {
        let user =
            switch reference {
            case .member(let id, _): try store.resource(.user, id: id, team: team)
            case .created(let userName):
                try (try? CanonicalKey.userName(userName)).flatMap { try store.resource(.user, name: $0, team: team) }
            }
        return user.map { present.contains($0.row) } ?? false
    }
}
