import Exports
import SCIM

/// What the export itself is like.
extension Guards {
    static func export(_ evidence: Evidence) -> [GuardFinding] {
        [
            completeness(evidence), rejected(evidence), exportAge(evidence), exportOrder(evidence),
            exportShrunk(evidence),
        ].compactMap(\.self)
    }

    private static func completeness(_ evidence: Evidence) -> GuardFinding? {
        guard evidence.grade < .complete else { return nil }
        let figure = evidence.deactivations + evidence.releases + evidence.membershipRemovals
        let limit = evidence.policy.limits.completeness
        return GuardFinding(
            name: "completeness", figure: String(figure), limit: String(limit), held: figure > limit,
            setting: "guards.completeness",
            message: counted(figure, "removal rests", "removals rest")
                + " on an input that may not be the whole list: \(evidence.gradeReasons.inOneSentence)")
    }

    private static func rejected(_ evidence: Evidence) -> GuardFinding? {
        guard let records = evidence.records else { return nil }
        return share(
            "rejected", evidence.rejected, of: records, percent: evidence.policy.limits.rejectedPercent, evidence,
            setting: "guards.rejected",
            "\(grouped(evidence.rejected)) of \(counted(records, "record")) \(evidence.rejected == 1 ? "was" : "were") rejected"
        )
    }

    private static func exportAge(_ evidence: Evidence) -> GuardFinding? {
        guard let date = evidence.exportDate, !evidence.policy.neverDeactivates else { return nil }
        let hours = max(0, hoursUp(from: date, to: evidence.asOf))
        let limit = evidence.policy.limits.exportAgeHours
        return GuardFinding(
            name: "export-age", figure: String(hours), limit: String(limit), held: hours > limit,
            setting: "guards.export-age",
            message: "the export is \(counted(hours, "hour")) old; is the job that writes it still running?")
    }

    private static func exportOrder(_ evidence: Evidence) -> GuardFinding? {
        guard let date = evidence.exportDate, !evidence.policy.neverDeactivates,
            let last = evidence.source?.lastApplied?.exportDate
        else { return nil }
        // Copying and packing cut a file's time to a second or two: that makes no older export.
        let isOlder = last.rawValue - date.rawValue >= sameMomentMilliseconds
        let hours = isOlder ? hoursUp(from: date, to: last) : 0
        let limit = evidence.policy.limits.exportOrderHours
        return GuardFinding(
            name: "export-order", figure: String(hours), limit: String(limit), held: hours > limit,
            setting: "guards.export-order",
            message: "the export is \(counted(hours, "hour")) older than the last one applied")
    }

    private static func exportShrunk(_ evidence: Evidence) -> GuardFinding? {
        guard let records = evidence.records, let last = evidence.source?.lastApplied, last.records > 0,
            !evidence.policy.neverDeactivates, !evidence.removalsAreSuspected
        else { return nil }
        return percentage(
            "export-shrunk", max(0, last.records - records), of: last.records,
            percent: evidence.policy.limits.exportShrunkPercent, evidence, setting: "guards.export-shrunk",
            "\(counted(records, "record")), \(grouped(max(0, last.records - records))) fewer than the last export applied"
        )
    }

    /// Exports of one minute count as equally old.
    private static let sameMomentMilliseconds: Int64 = 60_000

    /// Whole hours between two instants, rounded up.
    private static func hoursUp(from: Timestamp, to: Timestamp) -> Int {
        let milliseconds = to.rawValue - from.rawValue
        return Int((Double(milliseconds) / 3_600_000).rounded(.up))
    }
}

extension [String] {
    /// Reasons, each a sentence or half of one, as the end of a sentence.
    var inOneSentence: String { map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }.joined(separator: "; ") }
}
