import SCIM
import SCIMClient

extension RemoteRoster {
    package func bulk(
        _ operations: [PreparedOperation], atomic: Bool, context: RequestContext
    ) throws -> [BulkOutcome] {
        var outcomes = [BulkOutcome?](repeating: nil, count: operations.count)
        var jobs: [Job] = []
        var local: [Int] = []
        let shortcomings = state.withLock { $0.shortcomings }
        for (index, judged) in try service.judge(operations, atomic: atomic, context: context).enumerated() {
            switch judged {
            case .failure(let error): outcomes[index] = .failed(error)
            case .success(let judged):
                let before = judged.before?.attributes ?? ComplexValue()
                let wanted = judged.after?.leavingOut(shortcomings, of: judged.type, from: before)
                let isChanged = wanted.map { !$0.saysTheSame(as: before) } ?? true
                if isChanged || !judged.members.isEmpty || judged.before == nil {
                    jobs.append(Job(index: index, judged: judged, wanted: wanted))
                } else {
                    local.append(index)
                }
            }
        }
        try applyHere(local, operations, context, &outcomes)
        if atomic { jobs = NameOrder.sorted(jobs) }
        try store.write { store in
            for place in jobs.indices {
                jobs[place].intent = try store.append(jobs[place].intent(context), team: team.id)
            }
        }
        try carryOut(jobs, concurrently: !atomic, context, &outcomes)
        return outcomes.map { $0 ?? .failed(.notApplied) }
    }

    /// Links and what makes no difference to the service.
    private func applyHere(
        _ indexes: [Int], _ operations: [PreparedOperation], _ context: RequestContext, _ outcomes: inout [BulkOutcome?]
    ) throws {
        if indexes.isEmpty { return }
        let results = try service.bulk(indexes.map { operations[$0].linking }, atomic: false, context: context)
        for (index, result) in zip(indexes, results) { outcomes[index] = result }
    }

    private func carryOut(
        _ jobs: [Job], concurrently: Bool, _ context: RequestContext, _ outcomes: inout [BulkOutcome?]
    ) throws {
        if jobs.isEmpty { return }
        let settled = try blocking { [self] in await carryOut(jobs, concurrently: concurrently, context) }
        for (index, outcome) in settled.outcomes { outcomes[index] = outcome }
        if let cause = settled.cause {
            throw TargetFailure(outcomes: outcomes, cause: cause as? ServiceFailure == .stopped ? nil : cause)
        }
    }

    private struct Settled: Sendable {
        var outcomes: [(Int, BulkOutcome)] = []
        var cause: (any Error)?
    }

    /// Sends the jobs, as many at once as the service takes; in their order if not `concurrently`. What came of them is
    /// written down in groups.
    private func carryOut(_ jobs: [Job], concurrently: Bool, _ context: RequestContext) async -> Settled {
        var settled = Settled()
        var came: [(Job, Sent)] = []
        func settle() {
            do {
                settled.outcomes += try self.settle(came, context)
            } catch {
                settled.cause = settled.cause ?? error
            }
            came = []
        }
        let parcels = concurrently ? parcels(jobs) : jobs.map { [$0] }
        await withTaskGroup(of: [(Job, Result<Sent, ServiceFailure>)].self) { tasks in
            var next = parcels.startIndex
            func begin() {
                guard next < parcels.endIndex, settled.cause == nil else { return }
                let parcel = parcels[next]
                next += 1
                tasks.addTask { await self.send(parcel) }
            }
            for _ in 0..<(concurrently ? client.pace.most : 1) { begin() }
            while let results = await tasks.next() {
                for (job, result) in results {
                    switch result {
                    case .success(let sent): came.append((job, sent))
                    case .failure(let failure): open(job, failure, &came, &settled.cause)
                    }
                }
                if came.count >= 50 || !concurrently { settle() }
                // All together or none: what follows may rest on this one.
                if !concurrently, case .failed? = settled.outcomes.last?.1 { break }
                begin()
            }
            settle()
            // What was never sent has nothing to be looked into.
            forget(parcels[next...].flatMap(\.self), &settled.cause)
        }
        return settled
    }

    /// One request without an answer is that one's matter as long as others get theirs.
    private func open(
        _ job: Job, _ failure: ServiceFailure, _ came: inout [(Job, Sent)], _ cause: inout (any Error)?
    ) {
        if case .unavailable(let reason) = failure, !client.isGivenUp {
            came.append((job, .open(SCIMError(status: 503, detail: "The service \(reason)."))))
        } else if failure == .stopped {
            cause = cause ?? failure
        } else {
            cause = failure
        }
    }

    private func forget(_ unsent: [Job], _ cause: inout (any Error)?) {
        if unsent.isEmpty { return }
        do {
            try store.write { store in for job in unsent { try store.removeIntent(job.intent, team: team.id) } }
        } catch {
            cause = cause ?? error
        }
    }
}

extension PreparedOperation {
    /// Nothing but its link.
    fileprivate var linking: PreparedOperation {
        let operation = self.operation
        switch operation.action {
        case .link, .unlink: return self
        case .patch(let type, let id, _), .replace(let type, let id, _, _):
            return PreparedOperation(BulkOperation(.link(type, id), ifMatch: operation.ifMatch, link: operation.link))
        case .create, .delete: return self
        }
    }
}
