import SCIM

/// What happens to people: how many leave, change and come.
extension Guards {
    static func people(_ evidence: Evidence) -> [GuardFinding] {
        [deactivations(evidence), updates(evidence)] + [creates(evidence), domainLeaving(evidence)].compactMap(\.self)
            + rolling(evidence)
    }

    /// The active, managed members whom nothing protects: only they can leave, so only they are the whole.
    private static func whole(_ evidence: Evidence) -> Int {
        max(0, evidence.counts.managedActive - evidence.protectedActive)
    }

    private static func deactivationLimit(_ evidence: Evidence) -> Int {
        let limits = evidence.policy.limits
        let share = Int((Double(whole(evidence)) * limits.deactivationPercent / 100).rounded(.down))
        return min(limits.deactivationCount, max(limits.floor, share))
    }

    private static func deactivations(_ evidence: Evidence) -> GuardFinding {
        let limit = deactivationLimit(evidence)
        return GuardFinding(
            name: "deactivations", figure: String(evidence.deactivations), limit: String(limit),
            held: evidence.deactivations > limit, setting: "guards.deactivations",
            message:
                "\(grouped(evidence.deactivations)) of \(counted(whole(evidence), "active, managed, unprotected member"))"
                + " would be deactivated")
    }

    /// With this plan's, over a day and over a week: many small runs must not trickle past. What one plan does alone is for
    /// `deactivations`.
    private static func rolling(_ evidence: Evidence) -> [GuardFinding] {
        let limits = evidence.policy.limits
        func finding(_ subject: String, _ earlier: Int, _ factor: Int, _ span: String) -> GuardFinding {
            let figure = earlier + evidence.deactivations
            let limit = deactivationLimit(evidence).multipliedReportingOverflow(by: factor)
            let most = limit.overflow ? Int.max : limit.partialValue
            return GuardFinding(
                name: "rolling-deactivations", subject: subject, figure: String(figure), limit: String(most),
                held: evidence.deactivations > 0 && earlier > 0 && figure > most,
                setting: "guards.rolling-deactivations.\(subject)",
                message: "\(counted(figure, "member")) would have been deactivated within \(span),"
                    + " \(grouped(evidence.deactivations)) by this plan")
        }
        return [
            finding("day", evidence.deactivationsOfDay, limits.rollingDay, "24 hours"),
            finding("week", evidence.deactivationsOfWeek, limits.rollingWeek, "7 days"),
        ]
    }

    private static func updates(_ evidence: Evidence) -> GuardFinding {
        share(
            "updates", evidence.updates, of: evidence.matched, percent: evidence.policy.limits.updatesPercent, evidence,
            setting: "guards.updates",
            "\(grouped(evidence.updates)) of \(counted(evidence.matched, "member")) would be changed")
    }

    /// Not on the first run of a source, which brings everybody.
    private static func creates(_ evidence: Evidence) -> GuardFinding? {
        guard evidence.source?.lastApplied != nil else { return nil }
        let whole = evidence.counts.activeUsers
        return share(
            "creates", evidence.creates, of: whole, percent: evidence.policy.limits.createsPercent, evidence,
            setting: "guards.creates",
            "\(counted(evidence.creates, "member")) would be created in a team of \(grouped(whole)) active")
    }

    private static func domainLeaving(_ evidence: Evidence) -> GuardFinding? {
        let limit = evidence.policy.limits.domainLeavingPercent
        guard let worst = evidence.domainsLeaving.max(by: { $0.share < $1.share }) else {
            return GuardFinding(
                name: "domain-leaving", figure: "0", limit: String(Int(limit)), held: false,
                setting: "guards.domain-leaving",
                message: "no e-mail domain would lose more than \(evidence.policy.limits.floor) members")
        }
        return percentage(
            "domain-leaving", worst.leaving, of: worst.members, percent: limit, evidence,
            setting: "guards.domain-leaving",
            "\(grouped(worst.leaving)) of the \(counted(worst.members, "member")) with an address at \(worst.domain) would be"
                + " deactivated")
    }
}

/// How many of one e-mail domain's active, managed members would leave.
struct DomainLeaving {
    var domain: String
    var leaving: Int
    var members: Int
    var share: Double { members > 0 ? Double(leaving) / Double(members) : 0 }
}
