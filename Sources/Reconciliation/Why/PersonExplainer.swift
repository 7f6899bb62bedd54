import Exports
import SCIM

/// From a finished plan to what it says of one person. Everything is looked up in what planning left; nothing is
/// decided anew.
struct PersonExplainer {
    let planned: PlannedPerson
    private let theirs: RecordTrace?
    private let change: Change?

    init(_ planned: PlannedPerson) {
        self.planned = planned
        let theirs = planned.theirs
        self.theirs = theirs
        let place = theirs.map(planned.place)
        change = planned.plan?.changes.first { change in
            guard change.type == .user else { return false }
            if let person = planned.person { return change.id == person.resource.id }
            return change.id == nil && change.place == place
        }
    }

    /// Throws ``Refusal`` when the file became another one between its two readings.
    func explained() throws -> ExplainedRun {
        try requireSameRecord()
        let (fate, reason) = try fate()
        var run = ExplainedRun(
            source: planned.source, inputs: planned.plan?.inputs ?? planned.refused?.inputs ?? [], fate: fate,
            reason: reason, change: change)
        run.verdict = planned.plan?.verdict
        run.memberships = memberships
        run.isAdopted = planned.person.map { planned.draft?.members?.adopted.contains($0.row) == true } ?? false
        run.evidence = try evidence()
        run.records = try records()
        run.attributes = try AttributeExplainer(planned, theirs, change, fate).attributes()
        let id = planned.person?.resource.id.rawValue
        run.pin = planned.plan?.pinned.first { $0.member.id == id }
        run.suspicion = planned.plan?.suspected.first { $0.member.id == id }
        run.release = planned.plan?.released.first { $0.member.id == id }
        run.guards = try guards()
        return run
    }

    private func requireSameRecord() throws {
        guard let theirs, let record = theirs.record, let correlation = planned.draft?.correlation else { return }
        let read: IdentityRecord
        switch correlation.role(of: record) {
        case .match(let match): read = match.record
        case .newcomer(let newcomer): read = newcomer
        case .inStep, .rejected, .idle: return
        }
        if read.fingerprint == record.fingerprint && read.anchorDigest == record.anchorDigest { return }
        throw Refusal(
            code: "changed-while-read", place: planned.place(theirs),
            message: "The file was replaced while it was read. Run again.")
    }

    // MARK: Fate

    private func fate() throws -> (Fate, String) {
        if let refused = planned.refused { return (.refused, refused.message) }
        if let change { return (Fate(change.kind), isAbsent ? absence(change.reason) : change.reason) }
        guard let correlation = planned.draft?.correlation else { return (.unread, "no file lists people") }
        guard let person = planned.person else { return recordFate(correlation) }
        if let pin = correlation.rejections.pins[person.row] { return (.pinned, pin.reason) }
        if let standstill = planned.draft?.members?.standstill { return try fate(standstill, person) }
        guard let slot = correlation.members.slot(of: person.row) else {
            return (.unmanaged, "source \(planned.source) never managed them, and no record is about them")
        }
        if correlation.members.marks[slot] == .unchanged {
            return (.inStep, "the record says what it said when it was applied last")
        }
        return person.resource.isActive
            ? (.absent, "absent from the export, where being absent means nothing (leavers: flagged)")
            : (.gone, "absent from the export, and inactive already")
    }

    private var isAbsent: Bool { change?.kind == .deactivate && change?.place == nil }

    /// What makes of an absence a departure: the grade of the export, or a scope that their record is out of.
    private func absence(_ reason: String) -> String {
        for trace in planned.traces {
            if case .outOfScope(let miss) = trace.standing, planned.isAnchored(trace) {
                return "\(reason): their record is out of scope (\(Self.told(miss)))"
            }
        }
        let grades = (planned.plan?.inputs ?? []).filter { $0.kind == .users }.compactMap(\.grade)
        return "\(reason), which is \((grades.min() ?? .complete).rawValue)"
    }

    private func fate(_ standstill: Standstill, _ person: StoredResource) throws -> (Fate, String) {
        let id = person.resource.id.rawValue
        switch standstill {
        case .protected:
            let cover = planned.draft?.members?.protection.cover(of: person) ?? ""
            return (.protected, "protect names \(cover)")
        case .undecided: return (.undecided, Self.undecided(theirs?.record))
        case .neverManaged:
            return (
                .neverManaged,
                "inactive in the export, and source \(planned.source) never managed them: they stay active"
            )
        case .spared: return (.spared, "inactive in the export; an import deactivates nobody")
        case .inStep: return (.inStep, "nothing differs that source \(planned.source) decides about")
        case .gone: return (.gone, "inactive in the export and in the roster")
        case .suspected: return (.suspected, planned.plan?.suspected.first { $0.member.id == id }?.reason ?? "")
        case .released:
            let release = planned.plan?.released.first { $0.member.id == id }
            let managers = release?.managers.joined(separator: ", ") ?? ""
            return (.released, "\(release?.reason ?? ""); \(managers) goes on managing them")
        }
    }

    /// Of somebody whom only the export knows, and whom the plan does not create.
    private func recordFate(_ correlation: Correlation) -> (Fate, String) {
        guard let theirs else { return (.unread, "no record is about them") }
        switch theirs.standing {
        case .rejected(let reject): return (.rejected, reject.message)
        case .outOfScope(let miss): return (.outOfScope, Self.told(miss))
        case .used(let record):
            if case .rejected(let reject) = correlation.role(of: record) { return (.rejected, reject.message) }
            if case .undecided = record.activity { return (.notCreated, Self.undecided(record)) }
            return (.notCreated, "inactive in the export, and nobody in the roster")
        }
    }

    private static func undecided(_ record: IdentityRecord?) -> String {
        guard case .undecided(let word, _)? = record?.activity else { return "the status decides nothing" }
        return "the status \"\(word)\" is neither that of somebody who works there nor of somebody who left"
    }

    static func told(_ miss: ScopeMiss) -> String {
        let value = miss.value.map { "is \"\($0)\"" } ?? "is blank"
        return switch miss.rule {
        case .guest: "a guest, and scope.guests is off"
        case .notIncluded: "scope.include: \(miss.column ?? "") \(value)"
        case .excluded: "scope.exclude: \(miss.column ?? "") \(value)"
        }
    }

    // MARK: Evidence

    private func evidence() throws -> [ExplainedEvidence] {
        guard let correlation = planned.draft?.correlation, let record = (theirs ?? planned.pinning)?.record,
            let rules = planned.draft?.rules
        else { return [] }
        let place = RecordPlace(record)
        let steps = correlation.trail.filter { $0.place == place }
        if steps.isEmpty, case .inStep = correlation.role(of: record), let person = planned.person {
            let value = rules.hasAnchor ? record.anchor : rules.userName(of: record)
            return [
                ExplainedEvidence(
                    basis: .anchor, value: value, finding: .matched, members: [MemberName(person.resource)])
            ]
        }
        return steps.map { step in
            let value =
                switch step.basis {
                case .anchor, .externalId, .reissuedAnchor:
                    rules.hasAnchor ? record.anchor : rules.userName(of: record)
                case .employeeNumber: rules.employeeNumber(of: record)
                case .userName: rules.userName(of: record)
                case .email: rules.email(of: record)
                }
            return Self.evidence(step, value)
        }
    }

    private static func evidence(_ step: Correlation.Weighing, _ value: String?) -> ExplainedEvidence {
        func finding(_ finding: ExplainedEvidence.Finding, _ users: [StoredResource], _ reason: String?)
            -> ExplainedEvidence
        {
            ExplainedEvidence(
                basis: step.basis, value: value, finding: finding, members: users.map { MemberName($0.resource) },
                reason: reason)
        }
        switch step.verdict {
        case .match(let user, let basis):
            return finding(.matched, [user], basis == .reissuedAnchor ? "same login and name under a new anchor" : nil)
        case .unknown: return finding(.nobody, [], nil)
        case .newcomer(let user, let otherness): return finding(.somebodyElse, [user], otherness.told)
        case .ambiguous(let users, let message): return finding(.doubt, users, message)
        case .dispute(let user):
            return finding(.doubt, [user], "they may be somebody else: nothing but this speaks for them")
        }
    }

    // MARK: Records

    private func records() throws -> [ExplainedRecord] {
        let mine = theirs.map { RecordPlace(file: $0.file, line: $0.line) }
        let records = try planned.traces.map { trace in
            let (standing, reason) =
                RecordPlace(file: trace.file, line: trace.line) == mine ? ownStanding(trace) : try standing(trace)
            return ExplainedRecord(
                place: planned.place(trace), standing: standing, reason: reason, anchor: trace.anchor.written,
                userName: trace.userName.written, email: trace.email.written, activity: trace.record?.activity,
                activityFrom: trace.activity)
        }
        return records.filter { $0.standing == .theirs } + records.filter { $0.standing != .theirs }
    }

    private func ownStanding(_ trace: RecordTrace) -> (ExplainedRecord.Standing, String?) {
        switch trace.standing {
        case .rejected(let reject): return (.rejected, reject.message)
        case .outOfScope(let miss): return (.outOfScope, Self.told(miss))
        case .used(let record):
            if case .rejected(let reject)? = planned.draft?.correlation?.role(of: record) {
                return (.rejected, reject.message)
            }
            return (.theirs, nil)
        }
    }

    private func standing(_ trace: RecordTrace) throws -> (ExplainedRecord.Standing, String?) {
        guard let record = trace.record else { return ownStanding(trace) }
        guard let draft = planned.draft, let correlation = draft.correlation else { return (.unweighed, nil) }
        if let own = theirs?.record, own.anchorDigest == record.anchorDigest,
            own.fingerprint == record.fingerprint
        {
            return (.repeats, nil)
        }
        switch correlation.role(of: record) {
        case .match(let match): return (.another, match.user.resource.userName)
        case .inStep(let slot):
            return (.another, try draft.user(row: correlation.members.rows[slot])?.resource.userName)
        case .newcomer: return (.another, "a new member")
        case .rejected(let reject): return (.rejected, reject.message)
        case .idle: return (.idle, "inactive, and nobody whom the roster knows")
        }
    }

    // MARK: Groups and guards

    private var memberships: [ExplainedMembership] {
        guard let plan = planned.plan else { return [] }
        let own: (MemberReference) -> Bool = { reference in
            switch reference {
            case .member(let id, _): id == planned.person?.resource.id
            case .created(let userName): planned.person == nil && userName == change?.name
            }
        }
        return plan.changes.lazy.filter { $0.type == .group }.flatMap { change -> [ExplainedMembership] in
            var found: [ExplainedMembership] = []
            func note(isAdded: Bool) {
                found.append(
                    ExplainedMembership(
                        group: change.name, isAdded: isAdded, reason: change.reason, place: change.place))
            }
            if change.addMembers.contains(where: own) { note(isAdded: true) }
            if change.removeMembers.contains(where: own) { note(isAdded: false) }
            return found
        }
    }

    private func guards() throws -> [ExplainedGuard] {
        let subject = GuardSubject(planned, change, theirs?.record, memberships)
        return (planned.plan?.guards ?? []).filter(\.held).map {
            ExplainedGuard(finding: $0, counts: subject.isCounted(by: $0))
        }
    }
}

extension Fate {
    fileprivate init(_ kind: Change.Kind) {
        self =
            switch kind {
            case .create: .create
            case .deactivate: .deactivate
            case .reactivate: .reactivate
            case .update, .groupCreate, .groupUpdate, .connectionUpdate: .update
            }
    }
}

extension Correlation.Otherness {
    var told: String {
        switch self {
        case .hasOwnRecord: "they have a record of their own"
        case .anotherNumber: "they have another employee number and another name"
        case .anotherName: "they are linked under another anchor and have another name"
        }
    }
}
