import Exports
import SCIM

/// The rules that refuse a plan which looks like an accident (product.md, "Guards").
enum Guards {
    /// Every guard's finding, held ones and clear ones.
    static func judge(_ evidence: Evidence) -> [GuardFinding] {
        let findings =
            people(evidence) + export(evidence) + attributes(evidence)
            + [anchorsReissued(evidence), groupEmptied(evidence), fingerprint(evidence), lastAdmin(evidence)]
            .compactMap(\.self) + [wrongTeam(evidence)].compactMap(\.self) + evidence.connection
        // What has no name there could not be accepted.
        assert(findings.allSatisfy { GuardName(key: $0.key)?.canBeAccepted == $0.canBeAccepted })
        return findings
    }

    /// A guard on a count whose limit is a share of a whole, with the floor.
    static func share(
        _ name: String, _ figure: Int, of whole: Int, percent: Double, _ evidence: Evidence, setting: String,
        _ message: String
    ) -> GuardFinding {
        let share = Int((Double(whole) * percent / 100).rounded(.down))
        let limit = max(evidence.policy.limits.floor, share)
        return GuardFinding(
            name: name, figure: String(figure), limit: String(limit), held: figure > limit, setting: setting,
            message: message)
    }

    /// A guard on a percentage itself, rounded up where it is shown. The floor exempts few.
    static func percentage(
        _ name: String, subject: String? = nil, _ count: Int, of whole: Int, percent: Double, _ evidence: Evidence,
        setting: String, _ message: String
    ) -> GuardFinding {
        let share = whole > 0 ? Double(count) * 100 / Double(whole) : 0
        return GuardFinding(
            name: name, subject: subject, figure: String(Int(share.rounded(.up))), limit: String(Int(percent)),
            held: share > percent && count > evidence.policy.limits.floor, setting: setting, message: message)
    }

    private static func anchorsReissued(_ evidence: Evidence) -> GuardFinding {
        share(
            "anchors-reissued", evidence.anchorsReissued, of: evidence.matched,
            percent: evidence.policy.limits.anchorsReissuedPercent, evidence, setting: "guards.anchors-reissued",
            "\(counted(evidence.anchorsReissued, "member")) would get another anchor; if the identity provider's accounts were made"
                + " anew, accept this once and they are linked again")
    }

    private static func groupEmptied(_ evidence: Evidence) -> GuardFinding? {
        guard let emptied = evidence.groupsEmptied else { return nil }
        let names = emptied.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ") + (emptied.count > 5 ? ", …" : "")
        let limit = evidence.policy.limits.groupEmptied
        return GuardFinding(
            name: "group-emptied", figure: String(emptied.count), limit: String(limit), held: emptied.count > limit,
            setting: "guards.group-emptied",
            message: emptied.isEmpty
                ? "no group would lose over half of its members"
                : "\(counted(emptied.count, "group")) would lose all or over half of the members: \(names)")
    }

    /// Mapping or scope are others than those of the last run, and somebody would lose something by it.
    private static func fingerprint(_ evidence: Evidence) -> GuardFinding? {
        let removals =
            evidence.deactivations + evidence.releases + evidence.waiting + evidence.membershipRemovals
        guard let last = evidence.source?.lastApplied?.fingerprint, !last.isEmpty, !evidence.fingerprint.isEmpty,
            last != evidence.fingerprint
        else { return nil }
        return GuardFinding(
            name: "fingerprint", figure: String(evidence.fingerprint.prefix(8)), limit: String(last.prefix(8)),
            held: removals > 0,
            message:
                "mapping or scope changed since the last run, and"
                + " \(counted(removals, "removal comes", "removals come")) with it; accepted once,"
                + " the new ones are remembered")
    }

    private static func lastAdmin(_ evidence: Evidence) -> GuardFinding? {
        guard evidence.adminsBefore > 0 else { return nil }
        return GuardFinding(
            name: "last-admin", figure: String(evidence.adminsAfter), limit: "1", held: evidence.adminsAfter == 0,
            canBeAccepted: false, setting: "admins",
            message: evidence.adminsAfter == 0
                ? "the team would be left without an active admin"
                : "\(counted(evidence.adminsAfter, "active admin")) would remain")
    }

    private static func wrongTeam(_ evidence: Evidence) -> GuardFinding? {
        guard !evidence.foreignDomains.isEmpty else { return nil }
        return GuardFinding(
            name: "wrong-team", figure: String(evidence.foreignDomains.count), limit: "0", held: true,
            canBeAccepted: false,
            message: "nobody in the export is of this team, and its e-mail domains belong to another team: "
                + evidence.foreignDomains.joined(separator: ", "))
    }
}
