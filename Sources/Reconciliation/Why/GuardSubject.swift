import Exports
import SCIM

/// Whether one person is among those whom a guard counted.
struct GuardSubject {
    private let planned: PlannedPerson
    private let change: Change?
    private let record: IdentityRecord?
    private let leaves: Set<String>

    init(_ planned: PlannedPerson, _ change: Change?, _ record: IdentityRecord?, _ memberships: [ExplainedMembership]) {
        self.planned = planned
        self.change = change
        self.record = record
        leaves = Set(memberships.filter { !$0.isAdded }.map(\.group))
    }

    /// `nil` where the guard counts nobody in particular.
    func isCounted(by finding: GuardFinding) -> Bool? {
        let attributes = change?.attributes ?? []
        switch finding.name {
        case "deactivations", "rolling-deactivations": return isLeaving
        case "completeness": return isLeaving || isReleased || !leaves.isEmpty
        case "domain-leaving": return isLeaving && planned.person?.resource.emailDomain == worstDomain
        case "fingerprint": return isLeaving || isReleased || isWaiting || !leaves.isEmpty
        case "creates": return change?.kind == .create
        case "updates":
            return change.map { $0.kind == .update || $0.kind == .reactivate } == true
                && attributes.contains { $0.path != "externalId" }
        case "attribute-changed":
            return attributes.contains { $0.path == finding.subject && $0.old != nil && $0.new != nil }
        case "attribute-emptied": return isBlank(finding.subject)
        case "anchors-reissued": return attributes.contains { $0.path == "externalId" && $0.old != nil }
        case "rejected": return isRejected
        case "group-emptied": return !leaves.isDisjoint(with: planned.draft?.groups?.emptied ?? [])
        case "last-admin": return planned.person.map { planned.draft?.losingAdmins.contains($0.row) == true } ?? false
        default: return nil
        }
    }

    private var isLeaving: Bool { change?.kind == .deactivate }

    private var isReleased: Bool { planned.plan?.released.contains { $0.member.id == id } == true }

    /// Their grace begins with this plan.
    private var isWaiting: Bool {
        planned.plan?.suspected.contains { $0.member.id == id && $0.absence?.since == planned.plan?.asOf } == true
    }

    private var id: String? { planned.person?.resource.id.rawValue }

    private var worstDomain: String? {
        planned.draft?.evidence?.domainsLeaving.max { $0.share < $1.share }?.domain
    }

    private func isBlank(_ attribute: String?) -> Bool {
        guard let rules = planned.draft?.rules, let index = rules.all.firstIndex(where: { $0.name == attribute }),
            let person = planned.person
        else { return false }
        return record?.values[index] == .blank
            && Attributes.value(at: rules.all[index].path, in: person.resource.attributes) != nil
    }

    private var isRejected: Bool {
        planned.traces.contains { trace in
            let isRead: Bool = if case .rejected = trace.standing { true } else { false }
            return isRead
                || planned.draft?.correlation?.rejections.records.contains {
                    $0.file == trace.file && $0.line == trace.line
                } == true
        }
    }
}
