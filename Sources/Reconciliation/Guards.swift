import Exports
import SCIM

/// What the guards are shown of a plan: figures, and nothing that could be changed.
struct Evidence {
    var policy: Policy
    var asOf: Timestamp
    var counts: RosterCounts
    var source: SCIM.Source?
    var grade: Grade
    var gradeReasons: [String]
    var exportDate: Timestamp?
    /// `nil` when the run has no users export.
    var records: Int?
    /// The input may be a part, and takes nobody away for that.
    var removalsAreSuspected: Bool
    var rejected: Int
    /// Members of whom the export has a record.
    var matched: Int
    var deactivations: Int
    /// Managed, active members whom `protect` exempts: they are no part of the whole.
    var protectedActive: Int
    var membershipRemovals: Int
    var anchorsReissued: Int
    /// Not counted when nobody would cease to be one.
    var adminsBefore: Int
    var adminsAfter: Int
    /// Email domains of the export that only members of other teams have, when nobody of the export is of this team.
    var foreignDomains: [String]
    var connection: [GuardFinding]
}

/// The rules that refuse a plan which looks like an accident (product.md, "Guards").
enum Guards {
    /// Every guard's finding, held ones and clear ones.
    static func judge(_ evidence: Evidence) -> [GuardFinding] {
        [
            completeness(evidence), deactivations(evidence), rejected(evidence), exportAge(evidence),
            exportOrder(evidence), exportShrunk(evidence), anchorsReissued(evidence), lastAdmin(evidence),
            wrongTeam(evidence),
        ].compactMap(\.self) + evidence.connection
    }

    private static func completeness(_ evidence: Evidence) -> GuardFinding? {
        guard evidence.grade < .complete else { return nil }
        let figure = evidence.deactivations + evidence.membershipRemovals
        return GuardFinding(
            name: "completeness", figure: String(figure), limit: "0", held: figure > 0,
            message: "\(figure) removals rest on an input that may not be the whole list: "
                + evidence.gradeReasons.joined(separator: "; "))
    }

    private static func deactivations(_ evidence: Evidence) -> GuardFinding {
        let limits = evidence.policy.limits
        let whole = max(0, evidence.counts.managedActive - evidence.protectedActive)
        let share = Int((Double(whole) * limits.deactivationPercent / 100).rounded(.down))
        let limit = min(limits.deactivationCount, max(limits.floor, share))
        return GuardFinding(
            name: "deactivations", figure: String(evidence.deactivations), limit: String(limit),
            held: evidence.deactivations > limit,
            message: "\(evidence.deactivations) of \(whole) active, managed, unprotected members would be deactivated")
    }

    private static func rejected(_ evidence: Evidence) -> GuardFinding? {
        guard let records = evidence.records else { return nil }
        return percentGuard(
            "rejected", evidence.rejected, of: records, percent: evidence.policy.limits.rejectedPercent, evidence,
            "\(evidence.rejected) of \(records) records were rejected")
    }

    private static func anchorsReissued(_ evidence: Evidence) -> GuardFinding {
        percentGuard(
            "anchors-reissued", evidence.anchorsReissued, of: evidence.matched,
            percent: evidence.policy.limits.anchorsReissuedPercent, evidence,
            "\(evidence.anchorsReissued) members would get another anchor; if the identity provider's accounts were made"
                + " anew, accept this once and they are linked again")
    }

    /// A guard on a count whose limit is a share of a whole, with the floor.
    private static func percentGuard(
        _ name: String, _ figure: Int, of whole: Int, percent: Double, _ evidence: Evidence, _ message: String
    ) -> GuardFinding {
        let share = Int((Double(whole) * percent / 100).rounded(.down))
        let limit = max(evidence.policy.limits.floor, share)
        return GuardFinding(
            name: name, figure: String(figure), limit: String(limit), held: figure > limit, message: message)
    }

    private static func exportAge(_ evidence: Evidence) -> GuardFinding? {
        guard let date = evidence.exportDate, !evidence.policy.neverDeactivates else { return nil }
        let hours = max(0, hoursUp(from: date, to: evidence.asOf))
        let limit = evidence.policy.limits.exportAgeHours
        return GuardFinding(
            name: "export-age", figure: String(hours), limit: String(limit), held: hours > limit,
            message: "the export is \(hours) hours old; is the job that writes it still running?")
    }

    private static func exportOrder(_ evidence: Evidence) -> GuardFinding? {
        guard let date = evidence.exportDate, !evidence.policy.neverDeactivates,
            let last = evidence.source?.lastApplied?.exportDate
        else { return nil }
        let hours = max(0, hoursUp(from: date, to: last))
        return GuardFinding(
            name: "export-order", figure: String(hours), limit: "0", held: hours > 0,
            message: "the export is \(hours) hours older than the last one applied")
    }

    private static func exportShrunk(_ evidence: Evidence) -> GuardFinding? {
        guard let records = evidence.records, let last = evidence.source?.lastApplied, last.records > 0,
            !evidence.policy.neverDeactivates, !evidence.removalsAreSuspected
        else { return nil }
        let missing = max(0, last.records - records)
        let share = Double(missing) * 100 / Double(last.records)
        let percent = Int(share.rounded(.up))
        let limit = evidence.policy.limits.exportShrunkPercent
        let isOver = share > limit && missing > evidence.policy.limits.floor
        return GuardFinding(
            name: "export-shrunk", figure: String(percent), limit: String(Int(limit)), held: isOver,
            message: "\(records) records, \(missing) fewer than the last export applied")
    }

    private static func lastAdmin(_ evidence: Evidence) -> GuardFinding? {
        guard evidence.adminsBefore > 0 else { return nil }
        return GuardFinding(
            name: "last-admin", figure: String(evidence.adminsAfter), limit: "1", held: evidence.adminsAfter == 0,
            canBeAccepted: false,
            message: evidence.adminsAfter == 0
                ? "the team would be left without an active admin"
                : "\(evidence.adminsAfter) active admins would remain")
    }

    private static func wrongTeam(_ evidence: Evidence) -> GuardFinding? {
        guard !evidence.foreignDomains.isEmpty else { return nil }
        return GuardFinding(
            name: "wrong-team", figure: String(evidence.foreignDomains.count), limit: "0", held: true,
            canBeAccepted: false,
            message: "nobody in the export is of this team, and its e-mail domains belong to another team: "
                + evidence.foreignDomains.joined(separator: ", "))
    }

    /// Whole hours between two instants, rounded up.
    private static func hoursUp(from: Timestamp, to: Timestamp) -> Int {
        let milliseconds = to.rawValue - from.rawValue
        return Int((Double(milliseconds) / 3_600_000).rounded(.up))
    }
}

/// A plan that no guard holds, or whose held guards were each accepted by name and exact figure. Only this is applied.
package struct ApprovedPlan: Sendable {
    package let plan: Plan
    /// `NAME=FIGURE`, for the journal.
    package let accepted: [String]

    fileprivate init(_ plan: Plan, accepted: [String]) {
        self.plan = plan
        self.accepted = accepted
    }
}

/// Why a plan may not be applied.
package struct Held: Error, Sendable {
    package let findings: [GuardFinding]
}

/// One `--accept NAME=FIGURE`.
package struct Acceptance: Hashable, Sendable {
    package var name: String
    package var figure: String

    /// `nil` unless it reads NAME=FIGURE.
    package init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        name = String(text[..<equals])
        figure = String(text[text.index(after: equals)...])
        if name.isEmpty || figure.isEmpty { return nil }
    }
}

extension Plan {
    /// Approves the plan, or throws ``Held`` with the findings that stand in the way. An acceptance counts only with the
    /// exact figure of this plan, so a figure that grew since is held again.
    package func approve(accepting acceptances: [Acceptance]) throws(Held) -> ApprovedPlan {
        var used: [String] = []
        var standing: [GuardFinding] = []
        for finding in guards where finding.held {
            let isAccepted =
                finding.canBeAccepted
                && acceptances.contains { $0.name == finding.name && $0.figure == finding.figure }
            if isAccepted { used.append("\(finding.name)=\(finding.figure)") } else { standing.append(finding) }
        }
        if !standing.isEmpty { throw Held(findings: standing) }
        return ApprovedPlan(self, accepted: used)
    }
}
