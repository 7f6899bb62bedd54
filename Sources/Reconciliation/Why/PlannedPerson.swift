import Exports
import SCIM

/// One person beside the plan that was made for everybody, and the records that may be about them.
struct PlannedPerson {
    let source: String
    /// `nil` for somebody whom only the export knows.
    let person: StoredResource?
    let traces: [RecordTrace]
    let export: UserExport?
    /// `nil` when the input is refused.
    var draft: PlanDraft?
    var plan: Plan?
    var refused: InputsRefused?

    func place(_ trace: RecordTrace) -> Place { Place(file: export?.files[trace.file] ?? "", at: trace.line) }

    /// The member whom the records are about, where nobody is known by what was asked. Throws ``SeveralFound``.
    var member: StoredResource? {
        get throws {
            guard let draft, let correlation = draft.correlation else { return try distinct() }
            var rows: Set<RowID> = []
            for record in traces.compactMap(\.record) {
                if case .match(let match) = correlation.role(of: record) {
                    rows.insert(match.user.row)
                } else if let slot = correlation.members.slot(of: record.anchorDigest) {
                    rows.insert(correlation.members.rows[slot])
                }
            }
            let users = try rows.sorted().compactMap { try draft.user(row: $0) }
            if users.count > 1 { throw SeveralFound(people: users.map { PersonHint($0.resource) }) }
            return try users.first ?? distinct()
        }
    }

    /// Nobody's member: then the records must be one person's, told by the anchor.
    private func distinct() throws -> StoredResource? {
        var people: [String: PersonHint] = [:]
        for trace in traces {
            let hint = PersonHint(trace, file: place(trace).file)
            people[hint.externalID ?? RecordQuery.key(of: hint.userName)] = hint
        }
        if people.count > 1 { throw SeveralFound(people: people.sorted { $0.key < $1.key }.map(\.value)) }
        return nil
    }

    /// The record that counts for them: the one that was matched, or that is the newcomer, or that pins them.
    var theirs: RecordTrace? {
        guard let correlation = draft?.correlation else { return nil }
        guard let person else {
            return traces.first { trace in
                guard let record = trace.record, case .newcomer = correlation.role(of: record) else { return false }
                return true
            } ?? traces.first
        }
        // The record that pins somebody may be another person's; their own has their anchor.
        if let pinning, isAnchored(pinning) { return pinning }
        if let match = correlation.match(of: person.row) { return trace(match.record.file, match.record.line) }
        guard let slot = correlation.members.slot(of: person.row), correlation.members.marks[slot] == .unchanged else {
            return nil
        }
        let place = correlation.members.place(of: slot)
        return trace(place.file, place.line)
    }

    /// The record for which they are left as they are.
    var pinning: RecordTrace? {
        guard let row = person?.row, let pin = draft?.correlation?.rejections.pins[row] else { return nil }
        return trace(pin.file, pin.line)
    }

    private func trace(_ file: Int, _ line: RecordLine) -> RecordTrace? {
        traces.first { $0.file == file && $0.line == line }
    }

    /// Whether the record has the anchor under which the member is linked.
    func isAnchored(_ trace: RecordTrace) -> Bool {
        guard let members = draft?.correlation?.members, let slot = person.flatMap({ members.slot(of: $0.row) }) else {
            return false
        }
        let anchor =
            if export?.hasAnchor == true {
                trace.anchor.written.map { AnchorDigest.of(anchor: $0) }
            } else {
                trace.userName.written.flatMap { try? CanonicalKey.userName($0) }.map {
                    AnchorDigest.of(userNameKey: $0)
                }
            }
        return (trace.record?.anchorDigest ?? anchor) == members.anchor(of: slot)
    }
}
