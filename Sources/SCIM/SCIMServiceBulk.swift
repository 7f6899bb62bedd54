extension SCIMService {
    /// Applies `operations`, and tells of each what became of it, in the order asked (RFC 7644 §3.7).
    ///
    /// - Not `atomic`: each stands alone, in order; one that is refused changes nothing and the rest goes on. They share
    ///   a transaction for speed. Should the store itself refuse one, the transaction is taken back and every operation
    ///   is tried again in its own, so that exactly the bad one fails.
    /// - `atomic`: all or none, in one transaction. Names are judged by how they are in the end, so that swaps,
    ///   rotations and recycled names go through in any order. If one is refused, every outcome is a failure:
    ///   ``SCIMError/notApplied`` for those that were right.
    ///
    /// An operation with a `link` comes from the batch job, which has decided who is who: its `create` never restores
    /// anybody in place, and an operation that changes nothing still sets the link. A change without effect has no
    /// journal entry and leaves version and `lastModified`.
    ///
    /// Throws ``StoreError`` when the store fails; what was applied before that is journaled.
    package func bulk(
        _ operations: [BulkOperation], atomic: Bool, context: RequestContext
    ) throws -> [BulkOutcome] {
        try bulk(operations.map { PreparedOperation($0, limits: limits.text) }, atomic: atomic, context: context)
    }

    /// The same for operations that were prepared beforehand.
    package func bulk(
        _ operations: [PreparedOperation], atomic: Bool, context: RequestContext
    ) throws -> [BulkOutcome] {
        if atomic { return try applyTogether(operations, context) }
        return try sharingTransaction(operations, contradicted: .failed(.contradiction)) { operations, store in
            var change = ResourceChange(store: store, service: self, context: context)
            return try operations.map { try change.apply($0) }
        }
    }

    /// Writes what stands each for itself in one transaction, for speed. Should the store refuse one, the transaction is
    /// taken back and each is tried in its own, so that exactly the bad one ends as `contradicted`.
    func sharingTransaction<Item, Outcome>(
        _ items: [Item], contradicted: Outcome, _ write: ([Item], any StoreWriting) throws -> [Outcome]
    ) throws -> [Outcome] {
        do {
            return try store.write { try write(items, $0) }
        } catch StoreError.constraint {
            return try items.flatMap { item in
                do {
                    return try store.write { try write([item], $0) }
                } catch StoreError.constraint {
                    return [contradicted]
                }
            }
        }
    }

    private func applyTogether(_ operations: [PreparedOperation], _ context: RequestContext) throws -> [BulkOutcome] {
        do {
            return try store.write { store in
                var change = AtomicChange(ResourceChange(store: store, service: self, context: context))
                return try change.apply(operations)
            }
        } catch let refusal as AtomicChange.Refusal {
            return refusal.outcomes
        } catch StoreError.constraint {
            return operations.map { _ in .failed(.contradiction) }
        }
    }
}
