/// The core: one method an operation, used in process by the nightly job and over HTTP by everybody else. There is no
/// second way to change a user.
///
/// Uniqueness, canonical keys and attribute rules are enforced here. Every change and its journal entry are one
/// transaction. Methods are synchronous and throw ``SCIMError`` for refusals, ``StoreError`` when the store fails.
package struct SCIMService: Sendable {
    package let store: any ResourceStore
    package let limits: ServiceLimits
    let now: @Sendable () -> Timestamp
    let ids = ResourceIDGenerator()

    package init(
        store: any ResourceStore, limits: ServiceLimits = ServiceLimits(), now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.limits = limits
        self.now = now
    }
}

extension SCIMService {
    /// POST (RFC 7644 §3.3). For an inactive person it restores in place: the same id, the profile replaced
    /// (scim-clients.md §5). `members` are a Group's Users; unknown ids among them are left out.
    package func create(
        _ type: ResourceType, attributes: ComplexValue, members: [ResourceID] = [], context: RequestContext
    ) throws -> Resource {
        try resource(of: BulkOperation(.create(type, attributes: attributes, members: members)), context)
    }

    /// GET by id (RFC 7644 §3.4.1).
    package func get(_ type: ResourceType, id: ResourceID, context: RequestContext) throws -> Resource {
        let stored = try store.read { try $0.resource(type, id: id, team: context.team) }
        guard let stored else { throw SCIMError.notFound(type) }
        return stored.resource
    }

    /// The same with what `selection` shows beside the resource, from one snapshot.
    package func get(
        _ type: ResourceType, id: ResourceID, showing selection: AttributeSelection, context: RequestContext
    ) throws -> ResourceView {
        try store.read { store in
            guard let stored = try store.resource(type, id: id, team: context.team) else {
                throw SCIMError.notFound(type)
            }
            return try store.view(stored, selection, team: context.team)
        }
    }

    /// PUT (RFC 7644 §3.5.1): what is not given is cleared, but for `active`. `members` of `nil` leaves them as they are.
    package func replace(
        _ type: ResourceType, id: ResourceID, attributes: ComplexValue, members: [ResourceID]? = nil,
        ifVersion: Int64? = nil, context: RequestContext
    ) throws -> Resource {
        let action = BulkOperation.Action.replace(type, id, attributes: attributes, members: members)
        return try resource(of: BulkOperation(action, ifVersion: ifVersion), context)
    }

    /// PATCH (RFC 7644 §3.5.2): all operations or none.
    package func patch(
        _ type: ResourceType, id: ResourceID, _ operations: [PatchOperation], ifVersion: Int64? = nil,
        context: RequestContext
    ) throws -> Resource {
        try resource(of: BulkOperation(.patch(type, id, operations), ifVersion: ifVersion), context)
    }

    /// DELETE (RFC 7644 §3.6).
    package func delete(
        _ type: ResourceType, id: ResourceID, ifVersion: Int64? = nil, context: RequestContext
    ) throws {
        _ = try outcome(of: BulkOperation(.delete(type, id), ifVersion: ifVersion), context)
    }

    private func resource(of operation: BulkOperation, _ context: RequestContext) throws -> Resource {
        guard case .done(let resource, _) = try outcome(of: operation, context) else {
            preconditionFailure("Only a deletion ends without a resource.")
        }
        return resource
    }

    private func outcome(of operation: BulkOperation, _ context: RequestContext) throws -> BulkOutcome {
        let outcome = try bulk([operation], atomic: false, context: context)[0]
        if case .failed(let error) = outcome { throw error }
        return outcome
    }
}

extension SCIMError {
    /// The same words for what never was, what is gone and what is another team's.
    static func notFound(_ type: ResourceType) -> SCIMError { notFound("This \(type.name)") }
}
