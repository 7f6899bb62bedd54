import SCIM

/// Changes of one plan that share a transaction.
struct Batch: Sendable {
    /// Of the plan's changes.
    var indexes: [Int]
    /// All of them or none.
    var isAtomic: Bool
}

/// The work of one run: changes become operations, and what the core answers becomes outcomes.
struct Application {
    private let target: any OperationTarget
    private let plan: Plan
    private let source: SourceID
    private let context: RequestContext
    private(set) var outcomes: [Outcome]
    private(set) var done = 0
    /// People made by this run who are to be in groups, by userName.
    private var created: [String: ResourceID] = [:]
    private let awaited: Set<String>

    init(target: any OperationTarget, plan: Plan, source: SourceID, context: RequestContext) {
        self.target = target
        self.plan = plan
        self.source = source
        self.context = context
        outcomes = [Outcome](repeating: .skipped, count: plan.changes.count)
        var awaited: Set<String> = []
        for change in plan.changes {
            for case .created(let userName) in change.addMembers { awaited.insert(userName) }
        }
        self.awaited = awaited
    }

    /// Starts to prepare the operations of `batch`, unless they name people whom an earlier one is still to make.
    func prepare(_ batch: Batch) -> Ahead<[PreparedOperation]>? {
        let (plan, source) = (plan, source)
        guard batch.indexes.allSatisfy({ plan.changes[$0].type != .group }) else { return nil }
        return Ahead { try Self.operations(of: batch, plan, source) { _ in nil } }
    }

    private static func operations(
        of batch: Batch, _ plan: Plan, _ source: SourceID, resolve: (String) -> ResourceID?
    ) throws -> [PreparedOperation] {
        var builder = OperationBuilder(source: source)
        return try batch.indexes.map { index in
            // Somebody who could not be made is left out of their groups; the next run adds them.
            PreparedOperation(try builder.operation(for: plan.changes[index], resolve: resolve))
        }
    }

    /// Applies the changes of `batch`, in one transaction if they go well. `prepared` is what ``prepare(_:)`` gave.
    mutating func apply(_ batch: Batch, _ prepared: Ahead<[PreparedOperation]>?) throws {
        let atomic = batch.isAtomic
        let operations = try prepared?.take() ?? Self.operations(of: batch, plan, source) { created[$0] }
        let results: [BulkOutcome?]
        do {
            results = try target.bulk(operations, atomic: atomic, context: context)
        } catch let failure as TargetFailure {
            try take(failure.outcomes, of: batch)
            if let cause = failure.cause { throw cause }
            return
        }
        try take(results, of: batch)
    }

    private mutating func take(_ results: [BulkOutcome?], of batch: Batch) throws {
        let (indexes, atomic) = (batch.indexes, batch.isAtomic)
        // First what is done: should the store fail while the rest is looked at, this was applied all the same.
        for (index, result) in zip(indexes, results) {
            switch result {
            case .done(let resource, _):
                outcomes[index] = .applied
                note(plan.changes[index], resource.id)
            case .deleted: outcomes[index] = .applied
            case .failed, nil: break
            }
        }
        for (index, result) in zip(indexes, results) {
            guard case .failed(let error) = result else { continue }
            outcomes[index] = try outcome(of: plan.changes[index], refused: error)
        }
        // Who would have moved with somebody who has changed since is held back by the same.
        if atomic, let culprit = indexes.first(where: { outcomes[$0].supersededBy != nil }) {
            let reason = outcomes[culprit].supersededBy ?? ""
            for index in indexes where outcomes[index] == .failed(SCIMError.notApplied.detail) {
                outcomes[index] = .superseded("It goes together with another change: \(reason)")
            }
        }
        done += results.count { $0 != nil }
    }

    private mutating func note(_ change: Change, _ id: ResourceID) {
        if change.kind == .create, awaited.contains(change.name) { created[change.name] = id }
    }

    private mutating func outcome(of change: Change, refused error: SCIMError) throws -> Outcome {
        if let id = try AlreadySo(store: target.store, team: context.team, source: source).holds(change) {
            note(change, id)
            return .applied
        }
        return error.status == 412 || error.status == 404 ? .superseded(error.detail) : .failed(error.detail)
    }

    /// Takes resources found in step under the source's management. One that changed since is passed over: its record is
    /// not what it was in step with.
    func link(_ links: ArraySlice<LinkChange>) throws {
        let operations = links.map { change in
            guard var link = change.link else { return BulkOperation(.unlink(change.type, change.id, source)) }
            link.source = source
            return BulkOperation(.link(change.type, change.id), ifVersion: change.version, link: link)
        }
        _ = try target.bulk(operations.map { PreparedOperation($0) }, atomic: false, context: context)
    }
}

extension Outcome {
    fileprivate var supersededBy: String? { if case .superseded(let reason) = self { reason } else { nil } }
}
