import SCIM

/// What became of one change.
package enum Outcome: Hashable, Sendable {
    case applied
    /// The resource changed since the plan was made; it was left as it is.
    case superseded(String)
    case failed(String)
    /// Not attempted: the run was stopped first.
    case skipped
}

/// One application of one plan, told change by change.
package struct RunReport: Sendable {
    package let run: RunID
    package let command: String
    package let plan: Plan
    /// By index of the plan's changes.
    package let outcomes: [Outcome]
    /// The run was stopped before its end.
    package let isInterrupted: Bool
    /// What had been kept long enough, and was removed at its end.
    package internal(set) var pruned = Pruned()

    package var applied: Int { outcomes.count { $0 == .applied } }
    /// Every change was applied.
    package var isComplete: Bool { outcomes.allSatisfy { $0 == .applied } && !isInterrupted }
}

/// A run that could not go on, because its store failed or its lock was lost: how far it came until then, and why.
///
/// What was applied stays applied and is journaled; the history keeps it as a run that did not finish.
package struct RunFailure: Error {
    package let report: RunReport
    package let cause: any Error
}

/// Applies approved plans through the core, and keeps what came of it.
package struct Runner: Sendable {
    private let target: any OperationTarget
    private let now: @Sendable () -> Timestamp
    private let by: String
    private let retention: Retention
    private let pseudonyms: Pseudonyms?

    /// `by`: the account that runs it, for the history. With `pseudonyms` no personal value is journaled or kept in a
    /// report.
    package init(
        target: any OperationTarget, by: String, retention: Retention = Retention(), pseudonyms: Pseudonyms? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.target = target
        self.by = by
        self.retention = retention
        self.pseudonyms = pseudonyms
        self.now = now
    }

    /// Applies exactly that plan, in its order. Interrupted between any two transactions it can be planned and run
    /// again: what was applied is in step then.
    ///
    /// `shouldStop` is asked between transactions; `progress` is told how many changes are done. Throws ``RunFailure``
    /// once it has begun, and the store's own error before that.
    package func apply(
        _ approved: ApprovedPlan, team: Team, command: String, shouldStop: () -> Bool = { false },
        progress: (Int) -> Void = { _ in }
    ) throws -> RunReport {
        let plan = approved.plan
        let source = try target.store.write { try $0.makeSource(named: plan.source, team: team.id) }
        var record = RunRecord(
            id: RunID(startingAt: now()), source: source.id, command: command, planDigest: plan.digest,
            verdict: plan.verdict.rawValue, started: now(), accepted: approved.accepted,
            report: RunHead(by: by, plan: plan).encode(), exportDigests: plan.inputs.compactMap(\.sha256))
        try target.store.write { try $0.save(record, team: team.id) }

        var application = Application(
            target: target, plan: plan, source: source.id,
            context: RequestContext(team: team.id, actor: command, run: record.id, pseudonyms: pseudonyms))
        func told(isInterrupted: Bool) -> RunReport {
            var plan = plan
            plan.notices += target.shortcomings.map(\.notice)
            return RunReport(
                run: record.id, command: command, plan: plan, outcomes: application.outcomes,
                isInterrupted: isInterrupted)
        }
        var report: RunReport
        do {
            try carryOut(plan, &application, shouldStop, progress)
            report = told(isInterrupted: application.done < plan.changes.count)
            record = try keep(report, record, source, team)
        } catch {
            throw RunFailure(report: told(isInterrupted: true), cause: error)
        }
        do {
            if !report.isInterrupted { try prune(team, &record, &report, shouldStop) }
        } catch {
            throw RunFailure(report: report, cause: error)
        }
        return report
    }

    private func carryOut(
        _ plan: Plan, _ application: inout Application, _ shouldStop: () -> Bool, _ progress: (Int) -> Void
    ) throws {
        let batches = Self.batches(plan.changes, size: target.batchSize)
        var prepared = batches.first.flatMap(application.prepare)
        for (number, batch) in batches.enumerated() {
            if shouldStop() { break }
            let operations = prepared
            prepared = number + 1 < batches.count ? application.prepare(batches[number + 1]) : nil
            try application.apply(batch, operations)
            progress(application.done)
        }
        for start in stride(from: 0, to: plan.links.count, by: target.batchSize) {
            if shouldStop() { break }
            try application.link(plan.links[start..<min(start + target.batchSize, plan.links.count)])
        }
    }

    /// Ends the run in the history, and remembers of its export what the next plan is judged by.
    private func keep(_ report: RunReport, _ started: RunRecord, _ source: SCIM.Source, _ team: Team) throws
        -> RunRecord
    {
        let plan = report.plan
        var record = started
        record.finished = now()
        record.report = try kept(report, team)
        let records = plan.inputs.filter { $0.kind == .users }.reduce(0) { $0 + $1.records }
        record.isWholeList = plan.isWholeList && records > 0
        record.records = report.isInterrupted ? nil : records
        try target.store.write { store in
            try store.save(record, team: team.id)
            if !report.isInterrupted && plan.countsAbsences { try remember(plan, source, team, store) }
            if !report.isInterrupted && plan.isWholeList && records > 0 {
                try store.setLastApplied(
                    .init(at: now(), records: records, fingerprint: plan.fingerprint, exportDate: plan.exportDate),
                    source: source.id, team: team.id)
            }
        }
        return record
    }

    /// Last of all, and after the run is written down as ended: whatever becomes of this, its changes are applied.
    private func prune(
        _ team: Team, _ record: inout RunRecord, _ report: inout RunReport, _ shouldStop: () -> Bool
    ) throws {
        report.pruned = try retention.enforce(
            in: target.store, team: team.id, now: now(), shouldStop: shouldStop)
        if report.pruned.isEmpty { return }
        record.report = try kept(report, team)
        try target.store.write { [record] in try $0.save(record, team: team.id) }
    }

    /// Who was absent, for the next run to count on from. Whoever reappeared is forgotten.
    private func remember(_ plan: Plan, _ source: SCIM.Source, _ team: Team, _ store: any StoreWriting) throws {
        var absences: [RowID: Absence] = [:]
        for suspected in plan.suspected {
            guard let absence = suspected.absence,
                let row = try store.row(.user, id: ResourceID(rawValue: suspected.member.id), team: team.id)
            else { continue }
            absences[row] = absence
        }
        if try absences.isEmpty && store.absences(source: source.id, team: team.id).isEmpty { return }
        try store.setAbsences(absences, source: source.id, team: team.id)
    }

    /// Keeps that a plan was held: nothing of it was applied.
    package func recordHeld(_ plan: Plan, team: Team, command: String) throws -> RunID {
        let run = RunID(startingAt: now())
        let report = try kept(RunReport(held: plan, run: run, command: command), team)
        try target.store.write { store in
            let source = try store.makeSource(named: plan.source, team: team.id)
            try store.save(
                RunRecord(
                    id: run, source: source.id, command: command, planDigest: plan.digest,
                    verdict: plan.verdict.rawValue, started: now(), finished: now(),
                    report: report, exportDigests: plan.inputs.compactMap(\.sha256)),
                team: team.id)
        }
        return run
    }

    private func kept(_ report: RunReport, _ team: Team) throws -> [UInt8] {
        let members = try target.store.read { try $0.counts(source: nil, team: team.id).activeUsers }
        return KeptReport.encode(pseudonyms.map(report.hashed) ?? report, by: by, members: members)
    }

    private static func batches(_ changes: [Change], size: Int) -> [Batch] {
        var groups: [Int: [Int]] = [:]
        for (index, change) in changes.enumerated() {
            if let together = change.together { groups[together, default: []].append(index) }
        }
        var batches: [Batch] = []
        var started: Set<Int> = []
        var start = 0
        func close(_ end: Int) {
            if start < end { batches.append(Batch(indexes: Array(start..<end), isAtomic: false)) }
        }
        for (index, change) in changes.enumerated() {
            if let together = change.together {
                close(index)
                start = index + 1
                if started.insert(together).inserted, let group = groups[together] {
                    batches.append(Batch(indexes: group, isAtomic: true))
                }
            } else if index - start >= size || index > start && change.type != changes[start].type {
                // A group is made once everybody whom it lists has an id.
                close(index)
                start = index
            }
        }
        close(changes.count)
        return batches
    }
}

extension Shortcoming {
    /// Said by the run that finds it; later plans say which attributes they leave out.
    var notice: Notice {
        let whose = "the service's \(type.name) \(path)"
        return switch kind {
        case .notKept:
            Notice(
                .warning, code: "not-kept",
                message: "\(whose) does not keep what is sent: it is left out until the service publishes other schemas"
            )
        case .refused:
            Notice(
                .warning, code: "not-taken",
                message:
                    "\(whose) is refused whatever is sent: it is left out until the service publishes other schemas")
        case .altered:
            Notice(.info, code: "altered", message: "\(whose) is kept in another form than it is sent")
        }
    }
}
