/// A write of one caller, judged as far as it can be without a look at what the store holds: on any thread, while others
/// are being written.
package struct PreparedRequest: Sendable {
    let request: ResourceRequest
    let operation: PreparedOperation
    let selection: AttributeSelection
    let context: RequestContext
}

extension SCIMService {
    /// POST, PUT, PATCH or DELETE of one resource, and what to answer, read in the same transaction as `selection` asks.
    ///
    /// Judged in this order: whether it exists (404), whether it is the version wanted (412), then the body. A PATCH of
    /// a Group with more than ``ServiceLimits/shownMembers`` is answered without it, unless `attributes` were named.
    ///
    /// Throws ``SCIMError`` for refusals, ``StoreError`` when the store fails.
    package func perform(
        _ request: ResourceRequest, showing selection: AttributeSelection = .all, context: RequestContext
    ) throws -> ResourceAnswer {
        try commit([prepare(request, showing: selection, context: context)])[0].get()
    }

    /// The first half of ``perform(_:showing:context:)``; throws as it does.
    package func prepare(
        _ request: ResourceRequest, showing selection: AttributeSelection = .all, context: RequestContext
    ) throws -> PreparedRequest {
        let operation: BulkOperation
        do {
            operation = try request.operation(limits)
        } catch {
            throw try precedence(over: error, request, context)
        }
        return PreparedRequest(
            request: request, operation: PreparedOperation(operation, limits: limits.text), selection: selection,
            context: context)
    }

    /// The second half, for several callers at once: all in one transaction, so that many writes wait for the disk
    /// together. Each stands alone, in order; one that is refused changes nothing and the rest goes on. Should the store
    /// itself refuse one, the transaction is taken back and each is tried in its own.
    ///
    /// Throws ``StoreError`` when the store fails: then nothing was applied.
    package func commit(_ requests: [PreparedRequest]) throws -> [Result<ResourceAnswer, SCIMError>] {
        try sharingTransaction(requests, contradicted: .failure(.contradiction)) { requests, store in
            try requests.map { try apply($0, store) }
        }
    }

    private func apply(
        _ request: PreparedRequest, _ store: any StoreWriting
    ) throws -> Result<ResourceAnswer, SCIMError> {
        var change = ResourceChange(store: store, service: self, context: request.context)
        let outcome = try change.apply(request.operation)
        return try answer(outcome, request.request, request.selection, store, request.context.team)
    }

    /// What speaks against a request before its bad body does.
    func precedence(
        over refusal: SCIMError, _ request: ResourceRequest, _ context: RequestContext
    ) throws -> SCIMError {
        guard let id = request.id else { return refusal }
        let stored = try store.read { try $0.resource(request.type, id: id, team: context.team) }
        guard let stored else { return .notFound(request.type) }
        if let condition = request.ifMatch, !condition.holds(for: stored.resource.version) {
            return .hasChanged(request.type)
        }
        return refusal
    }

    private func answer(
        _ outcome: BulkOutcome, _ request: ResourceRequest, _ selection: AttributeSelection, _ store: any StoreReading,
        _ team: TeamID
    ) throws -> Result<ResourceAnswer, SCIMError> {
        switch outcome {
        case .failed(let refusal): return .failure(refusal)
        case .deleted: return .success(.deleted)
        case .done(let resource, _):
            guard let row = try store.row(resource.type, id: resource.id, team: team) else {
                return .failure(.contradiction)
            }
            if request.method == .patch, resource.type == .group, !selection.namesAttributes,
                try store.memberCount(of: row, upTo: limits.shownMembers + 1, team: team) > limits.shownMembers
            {
                return .success(.doneUnshown(resource))
            }
            let view = try store.view(StoredResource(row: row, resource: resource), selection, team: team)
            return .success(request.method == .create ? .created(view) : .done(view))
        }
    }
}
