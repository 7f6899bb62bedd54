import Foundation
import Notifications
import Reconciliation
import Reporting
import SCIM

extension RunNews {
    /// What came of a run, as numbers. `failure`: why the command could not go on.
    init(
        _ witness: RunWitness, command: String, exit: ExitCode, failure: Failure?, at: Timestamp, reportURL: String?
    ) {
        self.init(
            command: command, exitCode: exit.rawValue, at: at.iso8601, host: ProcessInfo.processInfo.hostName)
        team = witness.team.map(TerminalText.visible)
        source = witness.source.map(TerminalText.visible)
        problem = failure.map { failure in
            Problem(
                code: failure.code, message: TerminalText.visible(failure.loggedMessage),
                mend: failure.wholeMend.map(TerminalText.visible))
        }
        if let report = witness.report { add(report, reportURL) }
        certificates = (witness.roster?.certificates ?? []).map {
            Certificate(level: $0.level.rawValue, code: $0.code, message: TerminalText.visible($0.message))
        }
        let isChanged = outcomes.contains { $0.name == "applied" && $0.count > 0 }
        let happened: [(Event, Bool)] = [
            (.failure, exit != .done && exit != .held), (.hold, exit == .held), (.certificate, !certificates.isEmpty),
            (.change, isChanged),
        ]
        events = happened.filter(\.1).map(\.0)
    }

    private mutating func add(_ report: Report, _ pattern: String?) {
        let plan = report.plan
        if let run = report.run {
            self.run = run.run.rawValue
            outcomes = Self.outcomes(run)
            reportURL = pattern.map {
                ReportLink.filled($0, team: plan.team, source: plan.source, run: run.run.rawValue)
            }
            people = zip(plan.changes, run.outcomes).filter { $1 != .skipped || !report.standing.isEmpty }.map {
                Person(kind: $0.0.kind.rawValue, name: TerminalText.visible($0.0.name))
            }
        }
        planned = Self.planned(plan)
        leftOut = [
            Count("rejected", plan.rejected.count), Count("pinned", plan.pinned.count),
            Count("suspected", plan.suspected.count),
        ]
        held = report.standing.map {
            Hold(
                guardName: TerminalText.visible($0.key), figure: TerminalText.visible($0.figure),
                limit: TerminalText.visible($0.limit))
        }
        next = report.nextCommand.map(TerminalText.visible)
    }

    static func planned(_ plan: Plan) -> [Count] {
        let counts = plan.counts
        return Change.Kind.allCases.map { kind in
            let count = counts[kind, default: 0]
            return Count(kind.rawValue, count, words: kind.counted(count))
        }
    }

    static func outcomes(_ run: RunReport) -> [Count] {
        let counts = OutcomeCounts(run.outcomes)
        return [
            Count("applied", counts.applied), Count("failed", counts.failed),
            Count("superseded", counts.superseded), Count("skipped", counts.skipped),
        ]
    }
}

extension RunMetrics {
    /// `nil` where it is not known whose run it was.
    init?(_ witness: RunWitness, exit: ExitCode, began: Timestamp, ended: Timestamp) {
        guard let team = witness.team, let source = witness.source else { return nil }
        self.init(
            team: team, source: source, exitCode: exit.rawValue, ended: Double(ended.rawValue) / 1000,
            duration: Double(ended.rawValue - began.rawValue) / 1000)
        signingEnds = witness.roster?.signingEnds.map { Double($0.rawValue) / 1000 }
        activeMembers = witness.roster?.activeMembers
        guard let report = witness.report, let run = report.run else { return }
        exported = report.plan.exportDate.map { Double($0.rawValue) / 1000 }
        let held = Set(report.standing.map(\.key))
        plan = Planned(
            kinds: RunNews.planned(report.plan), outcomes: RunNews.outcomes(run),
            guards: report.plan.guards.map { ($0.key, held.contains($0.key)) },
            rejected: report.plan.rejected.count, pinned: report.plan.pinned.count,
            suspected: report.plan.suspected.count)
    }
}
