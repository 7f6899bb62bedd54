/// Several operations in one transaction that apply together or not at all.
///
/// All are judged first, each on what those before it leave, and names by how they are in the end. Then names that are
/// given up are released, and only then everything is written: so A may take B's name while B takes A's.
struct AtomicChange {
    /// Why nothing was applied; thrown to take the transaction back.
    struct Refusal: Error {
        var outcomes: [BulkOutcome]
    }

    private let change: ResourceChange
    private var staged: [StagedChange] = []
    /// Where in `staged` a resource comes last.
    private var latest: [ResourceID: Int] = [:]
    /// Where in `staged` a resource's attributes change last, or it goes: what settles its name.
    private var settling: [ResourceID: Int] = [:]
    /// The names that the store has of the resources in `staged`.
    private var names: [ResourceID: String] = [:]

    init(_ change: ResourceChange) { self.change = change }

    /// Throws ``Refusal``, or what the store throws.
    mutating func apply(_ operations: [PreparedOperation]) throws -> [BulkOutcome] {
        _ = try judge(operations)
        return try write()
    }

    /// The first half: nothing is written. Throws ``Refusal``, or what the store throws.
    mutating func judge(_ operations: [PreparedOperation]) throws -> [StagedChange] {
        var errors: [Int: SCIMError] = [:]
        for index in operations.indices {
            do {
                try stage(operations[index])
            } catch let refusal as SCIMError {
                errors[index] = refusal
                // What follows may rest on this one: judged no further.
                break
            }
        }
        if errors.isEmpty { errors = try judged() }
        if !errors.isEmpty {
            throw Refusal(outcomes: operations.indices.map { .failed(errors[$0] ?? .notApplied) })
        }
        return staged
    }

    private mutating func stage(_ operation: PreparedOperation) throws {
        let next = try change.stage(operation) { type, id in try current(type, id) }
        if latest[next.id] == nil { names[next.id] = next.keysBefore?.name }
        latest[next.id] = staged.count
        if next.isChanged { settling[next.id] = staged.count }
        staged.append(next)
    }

    /// A resource as the operations so far leave it.
    private func current(_ type: ResourceType, _ id: ResourceID) throws -> StoredResource? {
        guard let index = latest[id] else { return try change.store.resource(type, id: id, team: change.team) }
        let last = staged[index]
        guard last.type == type, var after = last.after else { return nil }
        // What it will be when it has been written; a membership's own version cannot be known yet.
        if last.isChanged, let before = last.before { after.version = before.version + 1 }
        return StoredResource(row: last.row ?? RowID(rawValue: -1 - Int64(index)), resource: after)
    }

    /// What speaks against the outcome as a whole, by operation.
    private func judged() throws -> [Int: SCIMError] {
        var errors: [Int: SCIMError] = [:]
        var holders: [ResourceType: [String: Int]] = [:]
        var freed: Set<RowID> = []
        for (id, index) in latest where staged[index].keysAfter?.name != names[id] {
            if let row = staged[index].row { freed.insert(row) }
        }
        for index in latest.values.sorted() {
            let last = staged[index]
            guard let name = last.keysAfter?.name else { continue }
            if holders[last.type, default: [:]].updateValue(index, forKey: name) != nil {
                errors[index] = .nameTaken(last.type)
            } else if name != names[last.id], let error = try taken(name, last, freed) {
                errors[index] = error
            }
        }
        for index in try adminLosses() { errors[index] = .lastAdmin }
        return errors
    }

    /// Whether somebody outside of these operations has the name.
    private func taken(_ name: String, _ last: StagedChange, _ freed: Set<RowID>) throws -> SCIMError? {
        let holder = try change.store.resource(last.type, name: name, team: change.team)
        if let holder, holder.row != last.row, !freed.contains(holder.row) { return .nameTaken(last.type) }
        guard last.type == .ssoConnection else { return nil }
        if let team = try change.store.teamHolding(entityID: name), team != change.team { return .entityTaken }
        let deletions = latest.values.count { staged[$0].type == .ssoConnection && staged[$0].after == nil }
        let there = try change.store.count(.ssoConnection, team: change.team) - deletions
        return last.row == nil && there > 0 ? .connectionExists : nil
    }

    /// The operations that together take a team its last active admin; none when one stays or comes.
    private func adminLosses() throws -> [Int] {
        let losses = staged.indices.filter { staged[$0].losesAdmin }
        if losses.isEmpty || latest.values.contains(where: { staged[$0].gainsAdmin }) { return [] }
        let touched = Set(latest.values.compactMap { staged[$0].row })
        return try change.store.activeAdmins(team: change.team).allSatisfy(touched.contains) ? losses : []
    }

    private mutating func write() throws -> [BulkOutcome] {
        for index in latest.values.sorted() {
            let last = staged[index]
            guard let row = last.row, row.rawValue >= 0, last.keysAfter?.name != names[last.id] else { continue }
            try change.store.releaseName(of: row, team: change.team)
        }
        var written: [ResourceID: Resource] = [:]
        var outcomes: [BulkOutcome] = []
        for index in staged.indices {
            var next = staged[index]
            if let before = written[next.id] {
                next.before = before
                next.row = try change.store.row(next.type, id: next.id, team: change.team)
            }
            let isSettled = settling[next.id].map { $0 <= index } ?? true
            let outcome = try change.write(next, withoutName: !isSettled)
            if case .done(let resource, _) = outcome { written[next.id] = resource }
            outcomes.append(outcome)
        }
        return outcomes
    }
}
