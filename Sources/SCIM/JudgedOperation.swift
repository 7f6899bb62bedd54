/// An operation judged by what the store holds, and not applied: what is there, and what would be.
package struct JudgedOperation: Sendable {
    package let operation: BulkOperation
    /// `nil` for what does not exist yet.
    package let before: Resource?
    /// `nil` for what is to go.
    package let after: ComplexValue?
    /// Whether the attributes differ.
    package let isChanged: Bool
    package let members: MembershipChange
    /// The canonical key of the name before and after; `nil` where there is none.
    package let nameBefore: String?
    package let nameAfter: String?

    package var type: ResourceType { operation.type }

    init(_ operation: BulkOperation, _ staged: StagedChange) {
        self.operation = operation
        before = staged.before
        after = staged.after?.attributes
        isChanged = staged.isChanged
        members = staged.members
        nameBefore = staged.keysBefore?.name
        nameAfter = staged.keysAfter?.name
    }
}

extension SCIMService {
    /// What ``bulk(_:atomic:context:)`` would make of `operations`, each for itself or all together. Nothing is written.
    package func judge(
        _ operations: [PreparedOperation], atomic: Bool, context: RequestContext
    ) throws -> [Result<JudgedOperation, SCIMError>] {
        try store.write { store in
            let change = ResourceChange(store: store, service: self, context: context)
            guard atomic else { return try operations.map { try change.judged($0) } }
            var together = AtomicChange(change)
            do {
                let staged = try together.judge(operations)
                return zip(operations, staged).map { .success(JudgedOperation($0.operation, $1)) }
            } catch let refusal as AtomicChange.Refusal {
                return refusal.outcomes.map {
                    if case .failed(let error) = $0 { .failure(error) } else { .failure(.notApplied) }
                }
            }
        }
    }

    /// Applies `operations` one after the other within a transaction of the caller's, who writes something else in it.
    package func apply(
        _ operations: [BulkOperation], in store: any StoreWriting, context: RequestContext
    ) throws -> [BulkOutcome] {
        var change = ResourceChange(store: store, service: self, context: context)
        return try operations.map { try change.apply(PreparedOperation($0, limits: limits.text)) }
    }
}

extension ResourceChange {
    fileprivate func judged(_ prepared: PreparedOperation) throws -> Result<JudgedOperation, SCIMError> {
        do {
            return .success(JudgedOperation(prepared.operation, try judge(prepared)))
        } catch let refusal as SCIMError {
            return .failure(refusal)
        }
    }
}
