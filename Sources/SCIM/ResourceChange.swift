/// Changes within one transaction: judges an operation, then writes it with its journal entry.
///
/// Every refusal comes before the first write of its operation, so that a refused one leaves the transaction clean.
struct ResourceChange {
    let store: any StoreWriting
    let service: SCIMService
    let context: RequestContext
    let at: Timestamp

    init(store: any StoreWriting, service: SCIMService, context: RequestContext) {
        self.store = store
        self.service = service
        self.context = context
        at = service.now()
    }

    var team: TeamID { context.team }

    /// Throws only what the store throws.
    mutating func apply(_ prepared: PreparedOperation) throws -> BulkOutcome {
        do {
            return try write(try judge(prepared))
        } catch let refusal as SCIMError {
            return .failed(refusal)
        }
    }

    /// The operation by itself, against everything that is there.
    func judge(_ prepared: PreparedOperation) throws -> StagedChange {
        let staged = try stage(prepared) { type, id in try store.resource(type, id: id, team: team) }
        try checkName(staged)
        if staged.losesAdmin, try store.activeAdmins(team: team) == [staged.row] { throw SCIMError.lastAdmin }
        return staged
    }
}

extension ResourceChange {
    /// Judges an operation by everything but other resources' names. `lookUp` finds what is there.
    func stage(
        _ prepared: PreparedOperation, lookUp: (ResourceType, ResourceID) throws -> StoredResource?
    ) throws -> StagedChange {
        if prepared.operation.type == .ssoConnection, !context.mayChangeConnection {
            throw SCIMError.connectionForbidden
        }
        if let creation = prepared.creation { return try stage(creation.get(), prepared.operation) }
        let operation = prepared.operation
        let link = operation.link
        func existing(_ type: ResourceType, _ id: ResourceID) throws -> StoredResource {
            guard let stored = try lookUp(type, id) else { throw SCIMError.notFound(type) }
            if let condition = operation.ifMatch, !condition.holds(for: stored.resource.version) {
                throw SCIMError.hasChanged(type)
            }
            return stored
        }

        switch operation.action {
        case .create: preconditionFailure("a creation is prepared")
        case .patch(let type, let id, let operations):
            let stored = try existing(type, id)
            let patch = try Patch.apply(
                operations, to: stored.resource.attributes, of: type, id: id, limits: service.limits)
            return try stageUpdate(stored, to: patch.attributes, patch.members, link)
        case .replace(let type, let id, let attributes, let members):
            let stored = try existing(type, id)
            let input = try AttributesInput(attributes, for: type, limits: service.limits.text)
            return try stageReplacement(
                stored, input.attributes, MembershipChange(replacement: members ?? input.members), link)
        case .delete(let type, let id):
            let stored = try existing(type, id)
            return StagedChange(
                type: type, id: id, row: stored.row, before: stored.resource, after: nil,
                keysBefore: try ResourceKeys(type, stored.resource.attributes), keysAfter: nil, isChanged: true)
        case .link(let type, let id):
            let stored = try existing(type, id)
            return try stageUpdate(stored, to: stored.resource.attributes, MembershipChange(), link)
        case .unlink(let type, let id, let source):
            let stored = try existing(type, id)
            var staged = try stageUpdate(stored, to: stored.resource.attributes, MembershipChange(), nil)
            staged.unlink = source
            return staged
        }
    }

    private func stage(_ creation: PreparedOperation.Creation, _ operation: BulkOperation) throws -> StagedChange {
        guard case .create(let type, _, _) = operation.action else { preconditionFailure("not a creation") }
        // The batch job has decided who is who; restoring is for clients that cannot know.
        if type == .user, operation.link == nil, let stored = try inactiveTwin(of: creation) {
            return try stageReplacement(stored, creation.attributes, MembershipChange(), operation.link)
        }
        let resource = Resource(
            type: type, id: operation.newID ?? service.ids.next(at: at), attributes: creation.attributes, created: at,
            lastModified: at,
            version: 1)
        return StagedChange(
            type: type, id: resource.id, row: nil, before: nil, after: resource, keysBefore: nil,
            keysAfter: creation.keys, bodyAfter: creation.body, isChanged: true,
            members: MembershipChange(replacement: creation.members), link: operation.link)
    }

    /// The inactive person whom a POST brings back (scim-clients.md §5): the only inactive one with the same externalId,
    /// if nobody active has it; or, without externalId on both sides, the one with the same userName.
    private func inactiveTwin(of creation: PreparedOperation.Creation) throws -> StoredResource? {
        if let externalID = creation.keys.externalID {
            let same = try store.resources(.user, externalID: externalID, team: team)
            guard same.count == 1, !UserAttributes(same[0].resource.attributes).isActive else { return nil }
            return same[0]
        }
        guard let name = creation.keys.name, let stored = try store.resource(.user, name: name, team: team)
        else { return nil }
        let other = UserAttributes(stored.resource.attributes)
        return other.isActive || other.externalID != nil ? nil : stored
    }

    private func stageReplacement(
        _ stored: StoredResource, _ given: ComplexValue, _ members: MembershipChange, _ link: SourceLink?
    ) throws -> StagedChange {
        var attributes = given
        // An absent `active` must not revive anybody (scim-clients.md §2.6).
        if attributes["active"] == nil, let active = stored.resource.attributes["active"] {
            attributes["active"] = active
        }
        return try stageUpdate(stored, to: attributes, members, link)
    }

    private func stageUpdate(
        _ stored: StoredResource, to attributes: ComplexValue, _ members: MembershipChange, _ link: SourceLink?
    ) throws -> StagedChange {
        let before = stored.resource
        let isChanged = !before.attributes.saysTheSame(as: attributes)
        let keysBefore = try ResourceKeys(before.type, before.attributes)
        var after = before
        if isChanged { after.attributes = attributes }
        return StagedChange(
            type: before.type, id: before.id, row: stored.row, before: before, after: after, keysBefore: keysBefore,
            keysAfter: isChanged ? try ResourceKeys(before.type, attributes) : keysBefore, isChanged: isChanged,
            members: before.type == .group ? members : MembershipChange(), link: link)
    }

    /// Refuses a name that another resource has.
    func checkName(_ staged: StagedChange) throws {
        guard let name = staged.newName else { return }
        if let holder = try store.resource(staged.type, name: name, team: team), holder.row != staged.row {
            throw SCIMError.nameTaken(staged.type)
        }
        guard staged.type == .ssoConnection else { return }
        if let holder = try store.teamHolding(entityID: name), holder != team { throw SCIMError.entityTaken }
        if staged.row == nil, try store.count(.ssoConnection, team: team) > 0 { throw SCIMError.connectionExists }
    }
}

extension SCIMError {
    static func nameTaken(_ type: ResourceType) -> SCIMError {
        switch type {
        case .user: .uniqueness("A member with this userName already exists.")
        case .group: .uniqueness("A group with this displayName already exists.")
        case .ssoConnection: connectionExists
        }
    }
    static let connectionForbidden = SCIMError(
        status: 403,
        detail: "This token may read the SSO connection and not change it. "
            + "One that may is issued with: popl-sync token issue --scope sso")
    static let connectionExists = SCIMError.uniqueness("The team already has an SSO connection.")
    /// Says nothing of whose it is.
    static let entityTaken = SCIMError.uniqueness("This entityID cannot be used for the team's SSO connection.")
}
