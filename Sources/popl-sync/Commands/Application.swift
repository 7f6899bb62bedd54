import Exports
import Reconciliation
import Reporting
import SCIM

/// A plan judged, applied and reported: what `apply`, `sync` and `import` have in common.
struct Application {
    let command: String
    let store: any ResourceStore
    let team: Team
    let now: @Sendable () -> Timestamp
    let acceptances: [Acceptance]
    let retention: Retention
    let privacy: Privacy
    let format: OutputFormat
    let terminal: Terminal

    /// Holds the team's lock meanwhile: the caller took it.
    func apply(_ plan: Plan) throws -> ExitCode {
        let pseudonyms = try privacy.pseudonymsOfRun(store, team)
        let runner = Runner(
            service: SCIMService(store: store, now: now), by: Operator.name, retention: retention,
            pseudonyms: pseudonyms, now: now)
        let approved: ApprovedPlan
        do {
            approved = try plan.approve(accepting: acceptances)
        } catch {
            let run = try runner.recordHeld(plan, team: team, command: command)
            terminal.log.warning("held", metadata: ["run": "\(run)", "guards": "\(error.findings.count)"])
            try show(held: pseudonyms.map(plan.hashed) ?? plan, standing: error.findings, run: run)
            return .held
        }
        do {
            let report = try carryOut(approved, by: runner)
            try show(pseudonyms.map(report.hashed) ?? report)
            return exitCode(report)
        } catch let failure as RunFailure {
            // Why it could not go on, and how far it came all the same.
            let why = Failure(describing: failure.cause)
            log(failure.report)
            let code = terminal.report(why, wantsJSON: false)
            try show(pseudonyms.map(failure.report.hashed) ?? failure.report, why)
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

    private func show(held plan: Plan, standing: [GuardFinding], run: RunID) throws {
        switch format {
        case .json:
            let report = RunReport(held: plan, run: run, command: command)
            try RunDocument.encode(report) { try StandardOutput.write(bytes: $0) }
        case .text:
            let next = NextStep(apply: Shell.sameCommand(as: command), state: "")
            try StandardOutput.write(
                TextReport.held(plan, standing: standing, run: run.rawValue, next: next, style: terminal.style))
        }
    }

    /// `why` it could not go on, if it could not.
    private func show(_ report: RunReport, _ why: Failure? = nil) throws {
        switch format {
        case .json:
            try RunDocument.encode(report, adding: { why?.document.encodeError(&$0) }) {
                try StandardOutput.write(bytes: $0)
            }
        case .text:
            let next = Shell.sameCommand(as: command)
            try StandardOutput.write(TextReport.run(report, next: next, style: terminal.style))
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
