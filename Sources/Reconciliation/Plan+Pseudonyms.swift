import Exports
import SCIM

/// What of a plan may be shown and kept under `privacy: hashed`. Ids, kinds, counts, times, files and lines stay, and so
/// do groups, the SSO connection and e-mail domains; every other value about a person becomes a pseudonym.
extension Plan {
    /// To be shown, not to be applied: ``PlanDocument/decode(_:file:)`` refuses it.
    package func hashed(by pseudonyms: Pseudonyms) -> Plan {
        var plan = self
        plan.isHashed = true
        plan.inputs = inputs.map { $0.hashed(by: pseudonyms) }
        if inputs.contains(where: \.quotesRecords) {
            // It repeats why an input may not be whole.
            for index in guards.indices where guards[index].name == "completeness" {
                plan.guards[index].message = pseudonyms.sentence(guards[index].message)
            }
        }
        for index in plan.changes.indices { plan.changes[index].hash(by: pseudonyms) }
        // Digests of anchors and records have no key: they can be guessed.
        plan.links = []
        plan.pinned = pinned.map { pin in
            var pin = pin
            pin.member = pin.member.hashed(by: pseudonyms)
            pin.reason = pseudonyms.sentence(pin.reason)
            return pin
        }
        plan.unmanaged = unmanaged.map { $0.hashed(by: pseudonyms) }
        plan.suspected = suspected.map { suspected in
            var suspected = suspected
            suspected.member = suspected.member.hashed(by: pseudonyms)
            return suspected
        }
        plan.released = released.map { released in
            var released = released
            released.member = released.member.hashed(by: pseudonyms)
            return released
        }
        return plan
    }
}

extension RunReport {
    /// See ``Plan/hashed(by:)``.
    package func hashed(by pseudonyms: Pseudonyms) -> RunReport {
        RunReport(
            run: run, command: command, plan: plan.hashed(by: pseudonyms), outcomes: outcomes,
            isInterrupted: isInterrupted, pruned: pruned)
    }
}

extension InputsRefused {
    /// See ``Plan/hashed(by:)``.
    package func hashed(by pseudonyms: Pseudonyms) -> InputsRefused {
        InputsRefused(
            inputs: inputs.map { $0.hashed(by: pseudonyms) },
            message: inputs.contains(where: \.quotesRecords) ? pseudonyms.sentence(message) : message)
    }
}

extension Change {
    fileprivate mutating func hash(by pseudonyms: Pseudonyms) {
        link = nil
        addMembers = addMembers.map { $0.hashed(by: pseudonyms) }
        removeMembers = removeMembers.map { $0.hashed(by: pseudonyms) }
        guard type == .user else { return }
        name = pseudonyms.of(name)
        externalID = externalID.map(pseudonyms.of)
        restored = restored.map { pseudonyms.of($0, .user) }
        hashAttributes(by: pseudonyms)
    }
}

extension AttributeChange {
    func hashed(by pseudonyms: Pseudonyms) -> AttributeChange {
        guard Pseudonyms.isPersonal(path) else { return self }
        return AttributeChange(path: path, old: old.map(pseudonyms.of), new: new.map(pseudonyms.of))
    }
}

extension MemberName {
    fileprivate func hashed(by pseudonyms: Pseudonyms) -> MemberName {
        MemberName(id: id, userName: pseudonyms.of(userName), externalID: externalID.map(pseudonyms.of))
    }
}

extension MemberReference {
    fileprivate func hashed(by pseudonyms: Pseudonyms) -> MemberReference {
        switch self {
        case .member(let id, let userName): .member(id, userName: pseudonyms.of(userName))
        case .created(let userName): .created(userName: pseudonyms.of(userName))
        }
    }
}

extension InputSummary {
    fileprivate var quotesRecords: Bool { refusal?.quotesRecords ?? false }

    fileprivate func hashed(by pseudonyms: Pseudonyms) -> InputSummary {
        var summary = self
        summary.rejected = rejected.map { record in
            RejectedRecord(
                file: record.file, line: record.line, column: record.column, code: record.code,
                message: pseudonyms.sentence(record.message), anchor: record.anchor.map(pseudonyms.of),
                userName: record.userName.map(pseudonyms.of), email: record.email.map(pseudonyms.of))
        }
        if let refusal, refusal.quotesRecords { summary.refusal?.message = pseudonyms.sentence(refusal.message) }
        return summary
    }
}
