/// The core, used in process by the nightly job (``bulk(_:atomic:context:)``) and over HTTP by everybody else
/// (``perform(_:showing:context:)`` and its two halves). There is no second way to change a user.
///
/// Uniqueness, canonical keys and attribute rules are enforced here. Every change and its journal entry are one
/// transaction. Methods are synchronous and throw ``SCIMError`` for refusals, ``StoreError`` when the store fails.
package struct SCIMService: Sendable {
    package let store: any ResourceStore
    package let limits: ServiceLimits
    package let now: @Sendable () -> Timestamp
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
    /// GET by id (RFC 7644 §3.4.1): the resource with what `selection` shows beside it, from one snapshot.
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
}

extension SCIMError {
    /// The same words for what never was, what is gone and what is another team's.
    static func notFound(_ type: ResourceType) -> SCIMError { notFound("This \(type.name)") }
}
