import JSON
import Reconciliation
import SCIM

/// What there is to tell of a plan or of a run, whatever form it is told in.
package struct Report: Sendable {
    package enum Occasion: Sendable {
        case dryRun(NextStep)
        /// A run that was held, applied, or broken off for what the error says.
        case run(RunReport, NextStep, ErrorDocument?)
        /// A run as it was reported.
        case past(RunReport, RunHistory.Entry)
    }

    package private(set) var plan: Plan
    package private(set) var occasion: Occasion
    /// The held guards that nobody accepted: with them nothing is applied.
    package private(set) var standing: [GuardFinding]
    /// What the source's last runs did.
    package let trend: RunTrend

    package init(plan: Plan, standing: [GuardFinding], next: NextStep, trend: RunTrend) {
        self.plan = plan
        self.standing = standing
        self.trend = trend
        occasion = .dryRun(next)
    }

    package init(
        run: RunReport, standing: [GuardFinding] = [], next: NextStep, failure: ErrorDocument? = nil, trend: RunTrend
    ) {
        plan = run.plan
        self.standing = standing
        self.trend = trend
        occasion = .run(run, next, failure)
    }

    package init(past run: RunReport, _ entry: RunHistory.Entry, trend: RunTrend) {
        plan = run.plan
        standing = run.plan.guards.filter { entry.standing.contains("\($0.key)=\($0.figure)") }
        self.trend = trend
        occasion = .past(run, entry)
    }

    package var run: RunReport? {
        switch occasion {
        case .dryRun: nil
        case .run(let run, _, _), .past(let run, _): run
        }
    }

    /// With pseudonyms for personal values, where there are any to give. The error got them where it was made.
    package func hashed(by pseudonyms: Pseudonyms?) -> Report {
        guard let pseudonyms else { return self }
        var report = self
        report.plan = plan.hashed(by: pseudonyms)
        let keys = Set(standing.map(\.key))
        report.standing = report.plan.guards.filter { keys.contains($0.key) }
        switch occasion {
        case .dryRun: break
        case .run(let run, let next, let failure): report.occasion = .run(run.hashed(by: pseudonyms), next, failure)
        case .past(let run, let entry): report.occasion = .past(run.hashed(by: pseudonyms), entry)
        }
        return report
    }
}

/// The form that a report is told in (docs/formats.md).
package enum ReportFormat: String, Sendable, CaseIterable {
    case text, json, jsonl, csv, markdown, html
}

extension Report {
    /// Hands the report to `sink` piece by piece: the document of a million changes is never held as a whole.
    package func write(as format: ReportFormat, style: Style, into sink: ([UInt8]) throws -> Void) throws {
        switch format {
        case .text: try sink(Array(text(style).utf8))
        case .json: try writeJSON(into: sink)
        case .jsonl: try writeEvents(into: sink)
        case .csv: try ChangesCSV.write(self, into: sink)
        case .markdown: try sink(Array(MarkdownReport(self).text.utf8))
        case .html: try HTMLReport.write(self, into: sink)
        }
    }

    private func text(_ style: Style) -> String {
        switch occasion {
        case .dryRun(let next): TextReport.plan(plan, standing: standing, next: next, style: style)
        case .run(let run, let next, _) where standing.isEmpty: TextReport.run(run, next: next.apply, style: style)
        case .run(let run, let next, _):
            TextReport.held(plan, standing: standing, run: run.run.rawValue, next: next, style: style)
        case .past(let run, let entry): TextReport.kept(run, entry, standing: standing, style: style)
        }
    }

    private func writeJSON(into sink: ([UInt8]) throws -> Void) throws {
        switch occasion {
        case .dryRun: try PlanDocument.encode(plan, into: sink)
        case .run(let run, _, let failure):
            try RunDocument.encode(run, adding: { failure?.encodeError(&$0) }, into: sink)
        case .past(let run, _): try RunDocument.encode(run, into: sink)
        }
    }
    private func writeEvents(into sink: ([UInt8]) throws -> Void) throws {
        guard case .run(let run, _, let failure?) = occasion else {
            return try EventStream.encode(plan, run: run, into: sink)
        }
        try EventStream.encode(plan, run: run, error: failure.encodeError, into: sink)
    }
}
