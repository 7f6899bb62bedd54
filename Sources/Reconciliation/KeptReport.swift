import JSON
import SCIM

/// What the database keeps of a run's report: its head on one line, then the report's document.
///
/// A report of up to ``byteLimit`` is kept word for word. Of a longer one, a first import say, the applied changes are
/// left to the journal, which has them all, and of those that were not applied ``changeLimit`` are kept.
enum KeptReport {
    static let byteLimit = 1 << 20
    static let changeLimit = 1000

    /// `members`: how many are active in the team after it.
    static func encode(_ report: RunReport, by: String, members: Int) -> [UInt8] {
        let head = RunHead(by: by, plan: report.plan, report: report, members: members).encode()
        if let whole = document(report, limit: byteLimit) { return head + whole }
        let left = report.outcomes.indices.filter { report.outcomes[$0] != .applied }.prefix(changeLimit)
        var plan = report.plan
        plan.changes = left.map { report.plan.changes[$0] }
        plan.links = []
        let short = RunReport(
            run: report.run, command: report.command, plan: plan, outcomes: left.map { report.outcomes[$0] },
            isInterrupted: report.isInterrupted, pruned: report.pruned)
        return head + (document(short, limit: .max) ?? [])
    }

    /// `nil` when it is longer than `limit`.
    private static func document(_ report: RunReport, limit: Int) -> [UInt8]? {
        struct TooLong: Error {}
        var bytes: [UInt8] = []
        do {
            try RunDocument.encode(report) { piece in
                bytes += piece
                if bytes.count > limit { throw TooLong() }
            }
        } catch {
            return nil
        }
        return bytes
    }

    /// The report as it was kept; `nil` when the run ended without one.
    static func decode(_ bytes: [UInt8], _ record: RunRecord) -> RunReport? {
        guard let end = bytes.firstIndex(of: 0x0A), end + 1 < bytes.count,
            let value = try? JSON.parse(Array(bytes[(end + 1)...])), var plan = PlanDecoder.plan(value)
        else { return nil }
        plan.digest = record.planDigest
        let outcomes = (value["changes"]?.array ?? []).map(outcome)
        guard outcomes.count == plan.changes.count else { return nil }
        return RunReport(
            run: record.id, command: record.command, plan: plan, outcomes: outcomes,
            isInterrupted: value["interrupted"]?.boolean ?? false, pruned: pruned(value))
    }

    private static func pruned(_ value: JSONValue) -> Pruned {
        var pruned = Pruned()
        pruned.entries = value["pruned"]?["entries"]?.integer ?? 0
        pruned.runs = value["pruned"]?["runs"]?.integer ?? 0
        return pruned
    }

    private static func outcome(_ change: JSONValue) -> Outcome {
        let error = change["error"]?.string ?? ""
        return switch change["outcome"]?.string {
        case "applied": .applied
        case "superseded": .superseded(error)
        case "failed": .failed(error)
        default: .skipped
        }
    }
}
