/// What became of a Bulk request, in the order asked; operations behind a stop by `failOnErrors` are missing.
package struct BulkAnswer: Hashable, Sendable {
    package struct Result: Hashable, Sendable {
        package var method: String
        package var bulkID: String?
        /// `nil` when the path named none.
        package var type: ResourceType?
        /// `nil` for a resource that was not made.
        package var id: ResourceID?
        package var outcome: BulkOutcome
    }

    package var results: [Result]
    package init(results: [Result]) { self.results = results }
}

extension BulkAnswer.Result {
    package var status: Int {
        switch outcome {
        case .failed(let error): error.status
        case .deleted: 204
        case .done: method.uppercased() == "POST" ? 201 : 200
        }
    }
}

extension SCIMService {
    /// A Bulk request (RFC 7644 §3.7). Each operation stands alone, as if it had come by itself; those that are applied
    /// are durable together when this returns.
    package func bulk(_ request: BulkRequest, context: RequestContext) throws -> BulkAnswer {
        do {
            return try store.write { store in
                try answer(request) { operation in
                    var change = ResourceChange(store: store, service: self, context: context)
                    return try change.apply(operation)
                }
            }
        } catch StoreError.constraint {
            // One that the store itself refuses must not take the others with it: each in a transaction of its own.
            return try answer(request) { operation in
                try bulk([operation], atomic: false, context: context)[0]
            }
        }
    }

    private func answer(
        _ request: BulkRequest, _ apply: (PreparedOperation) throws -> BulkOutcome
    ) throws -> BulkAnswer {
        try withoutActuallyEscaping(apply) { apply in
            var run = BulkRun(request) { request in
                do {
                    return try apply(PreparedOperation(try request.operation(limits), limits: limits.text))
                } catch let refusal as SCIMError {
                    return .failed(refusal)
                }
            }
            try run.run()
            let results = run.results
            return BulkAnswer(results: results.keys.sorted().compactMap { results[$0] })
        }
    }
}
