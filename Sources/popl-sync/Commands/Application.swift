import Exports
import Reconciliation
import Reporting
import SCIM

/// A plan judged, applied and reported: what `apply`, `sync` and `import` have in common.
struct Application {
    let command: String
    let target: any OperationTarget
    let team: Team
    let now: @Sendable () -> Timestamp
    let acceptances: [Acceptance]
    let retention: Retention
    let privacy: Privacy
    let format: ReportFormat
    let terminal: Terminal
    /// The command that plans anew; `nil` where this one does.
    var again: String?
    /// Of those who are told afterwards, where there are any.
    var witness: RunWitness?

    /// Holds the team's lock meanwhile: the caller took it.
    func apply(_ plan: Plan) throws -> ExitCode {
        let store = target.store
        let pseudonyms = try privacy.pseudonymsOfRun(store, team)
        let runner = Runner(
            target: target, by: Operator.name, retention: retention,
            pseudonyms: pseudonyms, now: now)
        let trend = try (witness?.wantsPage == true ? .html : format).trend(of: plan.source, store, team)
        let next = NextStep(
            apply: Shell.sameCommand(as: command, dropping: ["--accept": true]), again: again, state: "")
        func show(_ run: RunReport, standing: [GuardFinding] = [], _ failure: Failure? = nil) throws {
            let report = Report(
                run: run, standing: standing, next: next, failure: failure?.document, trend: trend
            ).hashed(by: pseudonyms)
            if let witness {
                witness.failure = failure
                witness.see(report, try? RosterFacts(store, team, run: run.run, asOf: plan.asOf))
            }
            try report.write(as: format, style: terminal.style) { try StandardOutput.write(bytes: $0) }
        }
        let approved: ApprovedPlan
        do {
            approved = try plan.approve(accepting: acceptances)
        } catch {
            let run = try runner.recordHeld(plan, team: team, command: command)
            terminal.log.warning("held", metadata: ["run": "\(run)", "guards": "\(error.findings.count)"])
            try show(RunReport(held: plan, run: run, command: command), standing: error.findings)
            return .held
        }
        do {
            let report = try carryOut(approved, by: runner)
            try show(report)
            return exitCode(report)
        } catch let failure as RunFailure {
            // Why it could not go on, and how far it came all the same.
            let why = Failure(describing: failure.cause)
            log(failure.report)
            let code = terminal.report(why)
            try show(failure.report, why)
            return code
        }
    }

    private func carryOut(_ approved: ApprovedPlan, by runner: Runner) throws -> RunReport {
        let total = approved.plan.changes.count
        Interruption.startListening()
        terminal.progress.begin("applying")
        defer { terminal.progress.end() }
        let report = try runner.apply(
            approved, team: team, command: command, shouldStop: { Interruption.exitCode != nil },
            progress: { terminal.progress.show($0, of: total, unit: "changes") })
        log(report)
        return report
    }

    private func log(_ report: RunReport) {
        let counts = OutcomeCounts(report.outcomes)
        terminal.log.notice(
            "run ended",
            metadata: [
                "run": "\(report.run)", "applied": "\(counts.applied)", "failed": "\(counts.failed)",
                "superseded": "\(counts.superseded)", "skipped": "\(counts.skipped)",
            ])
        if !report.pruned.isEmpty {
            terminal.log.notice(
                "pruned", metadata: ["entries": "\(report.pruned.entries)", "runs": "\(report.pruned.runs)"])
        }
    }

    private func exitCode(_ report: RunReport) -> ExitCode {
        if report.isInterrupted, let code = Interruption.exitCode { return code }
        let plan = report.plan
        // People were reconciled all the same; whoever reads the exit code learns that the metadata was not.
        if plan.hasRefusedMetadata { return .badInput }
        let isWhole = report.isComplete && plan.rejected.isEmpty && plan.pinned.isEmpty && plan.withheld == 0
        return isWhole ? .done : .incomplete
    }
}

extension ClockOptions {
    /// One moment for the whole run when it is replayed, else the system's clock.
    var clock: @Sendable () -> Timestamp {
        guard let fixed = asOf?.value else { return { .now } }
        return { fixed }
    }
}

extension ReportFormat {
    /// What the last runs of a source did, for the one form that shows it.
    func trend(of source: String, _ store: any ResourceStore, _ team: Team) throws -> RunTrend {
        guard self == .html else { return RunTrend() }
        return try RunTrend(RunHistory(store: store, team: team).entries(), source: source)
    }
}
