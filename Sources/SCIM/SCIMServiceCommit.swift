/// One operation of one caller, to be committed together with those of others.
package struct WriteRequest: Sendable {
    package var operation: PreparedOperation
    package var context: RequestContext
    package init(_ operation: PreparedOperation, _ context: RequestContext) {
        self.operation = operation
        self.context = context
    }
}

extension SCIMService {
    /// Applies operations of several callers, in order, in one transaction: many online writes at once then cost one
    /// wait for the disk. Each stands alone; one that is refused changes nothing and the rest goes on. Should the store
    /// itself refuse one, the transaction is taken back and each is tried in its own.
    ///
    /// `answer` is told of each outcome within the transaction, so that what it reads is as that operation left it; it
    /// may be called again for one that is tried again. Throws ``StoreError`` when the store fails: then nothing was
    /// applied.
    package func commit<Answer>(
        _ requests: [WriteRequest], answer: (Int, BulkOutcome, any StoreReading) throws -> Answer
    ) throws -> [Answer] {
        func apply(_ index: Int, _ store: any StoreWriting) throws -> Answer {
            var change = ResourceChange(store: store, service: self, context: requests[index].context)
            return try answer(index, try change.apply(requests[index].operation), store)
        }
        do {
            return try store.write { store in try requests.indices.map { try apply($0, store) } }
        } catch StoreError.constraint {
            return try requests.indices.map { index in
                do {
                    return try store.write { try apply(index, $0) }
                } catch StoreError.constraint {
                    return try store.read { try answer(index, .failed(.contradiction), $0) }
                }
            }
        }
    }
}
