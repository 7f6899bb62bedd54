import Exports
import SCIM

/// Tells of one person what a run would do about them and why: it plans as usual, for everybody, and then looks at the
/// one. Nothing is written.
package struct Explainer {
    private let reconciler: Reconciler
    private let team: Team
    private let source: String

    package init(_ reconciler: Reconciler, team: Team, source: String) {
        self.reconciler = reconciler
        self.team = team
        self.source = source
    }

    /// Whoever `asked` stands for: a userName, an e-mail address, an externalId or a resource's id, compared as the core
    /// compares them. Without `inputs` only roster and journal are asked.
    ///
    /// Throws ``NobodyFound`` and ``SeveralFound``; ``InputsRefused`` when only the refused export could tell.
    package func explain(_ asked: String, _ inputs: Inputs?, progress: (Int) -> Void = { _ in }) throws -> Explanation {
        try reconciler.store.read { store in
            let roster = try RosterReader(store, team: team.id, source: nil)
            let users = try roster.users(knownAs: asked)
            if users.count > 1 { throw SeveralFound(people: users.map { PersonHint($0.resource) }) }
            var person = users.first
            var planned = try inputs.map { try plan($0, asked, person, store, progress) }
            if person == nil, let found = try planned?.member {
                // Only now is known what else they are known by.
                person = found
                planned = try inputs.map { try plan($0, asked, found, store, progress) }
            }
            guard person != nil || planned?.traces.isEmpty == false else {
                if let refused = planned?.refused { throw refused }
                throw NobodyFound(similar: try similar(to: asked, roster, inputs))
            }
            return Explanation(
                team: team.name, asOf: reconciler.asOf,
                member: try person.map { try history(roster).member($0) },
                run: try planned.map { try PersonExplainer($0).explained() })
        }
    }

    private func history(_ roster: RosterReader) throws -> MemberHistory {
        MemberHistory(store: roster.store, team: team.id, protection: try Protection(reconciler.policy, roster))
    }

    private func plan(
        _ inputs: Inputs, _ asked: String, _ person: StoredResource?, _ store: any StoreReading,
        _ progress: (Int) -> Void
    ) throws -> PlannedPerson {
        let source = try store.source(named: source, team: team.id)
        var query = RecordQuery()
        query.add(typed: asked)
        if let person { try query.add(person, linkedTo: source?.id, store, team.id) }
        let traces = inputs.users?.trace(query) ?? []
        let watch = Watch(row: person?.row, records: Set(traces.map { RecordPlace(file: $0.file, line: $0.line) }))
        var planned = PlannedPerson(
            source: self.source, person: person, traces: traces, export: inputs.users)
        do {
            let draft = try reconciler.draft(
                inputs, team: team, source: self.source, in: store, watching: watch, progress: progress)
            planned.draft = draft
            planned.plan = try draft.plan()
        } catch let refused as InputsRefused {
            planned.refused = refused
        }
        return planned
    }

    private func similar(to asked: String, _ roster: RosterReader, _ inputs: Inputs?) throws -> [String] {
        var names = NearNames(to: asked)
        try roster.eachUser { user in
            names.offer(user.userName)
            if let email = UserAttributes(user.attributes).primaryEmail { names.offer(email) }
        }
        try inputs?.users?.eachName { names.offer($0) }
        return names.nearest
    }
}

/// Which person's way through a plan is to be told.
struct Watch {
    var row: RowID?
    var records: Set<RecordPlace> = []
}

/// Nobody in the roster, and no record, is known by what was asked.
package struct NobodyFound: Error, Sendable {
    /// Names that are nearly the same.
    package let similar: [String]
}

/// What was asked stands for several people.
package struct SeveralFound: Error, Sendable {
    package let people: [PersonHint]
}

/// How one of several people can be told from the others.
package struct PersonHint: Hashable, Sendable {
    /// `nil` for somebody whom only the export knows.
    package var id: String?
    package var userName: String
    package var externalID: String?
    package var place: Place?

    init(_ user: Resource) {
        id = user.id.rawValue
        userName = user.userName
        externalID = user.externalID
    }

    init(_ trace: RecordTrace, file: String) {
        userName = trace.userName.written ?? trace.email.written ?? ""
        externalID = trace.anchor.written
        place = Place(file: file, at: trace.line)
    }
}

extension RecordQuery {
    /// Everything that a record about the member may say of them.
    fileprivate mutating func add(
        _ person: StoredResource, linkedTo source: SourceID?, _ store: any StoreReading, _ team: TeamID
    ) throws {
        let attributes = person.resource.attributes
        add(name: person.resource.userName)
        for email in attributes["emails"]?.list ?? [] { email.complex?["value"]?.string.map { add(name: $0) } }
        if let anchor = person.resource.externalID { add(anchor: anchor) }
        if let number = attributes[Schema.enterpriseUserID]?.complex?["employeeNumber"]?.string {
            employeeNumbers.insert(number)
        }
        if let source, let link = try store.link(of: person.row, source: source, team: team) {
            anchors.insert(link.anchor)
        }
    }
}

extension RosterReader {
    /// Everybody whose id, userName, externalId or primary address this is, by row.
    fileprivate func users(knownAs text: String) throws -> [StoredResource] {
        var found = [try store.resource(.user, id: ResourceID(rawValue: text), team: team)].compactMap(\.self)
        if let key = try? CanonicalKey.userName(text), let user = try user(name: key) { found.append(user) }
        found += try users(externalID: text)
        if let key = try? CanonicalKey.email(text) { found += try users(email: key) }
        var seen: Set<RowID> = []
        return found.filter { seen.insert($0.row).inserted }.sorted { $0.row < $1.row }
    }

    fileprivate func eachUser(_ body: (Resource) -> Void) throws {
        var last: RowID?
        while true {
            let page = try store.resources(.user, after: last, limit: 500, team: team)
            for user in page { body(user.resource) }
            guard let end = page.last, page.count == 500 else { return }
            last = end.row
        }
    }
}

/// The names that differ least from what somebody typed.
private struct NearNames {
    private let asked: String
    /// Those of the least distance met so far.
    private(set) var nearest: [String] = []
    private var distance: Int

    private static let count = 3

    init(to asked: String) {
        self.asked = TextFolding.key(asked)
        distance = max(1, asked.count / 6)
    }

    mutating func offer(_ name: String) {
        guard abs(name.utf8.count - asked.utf8.count) <= distance * 4, !nearest.contains(name) else { return }
        let distance = EditDistance.between(TextFolding.key(name), asked)
        guard distance <= self.distance else { return }
        if distance < self.distance { nearest = [] }
        self.distance = distance
        if nearest.count < Self.count { nearest.append(name) }
    }
}
