import Exports
import SCIM

/// The runs of a team, as they are kept.
package struct RunHistory {
    package struct Entry: Sendable {
        package var record: RunRecord
        /// `nil` for a run of which nothing more is kept.
        package var head: RunHead?
        /// How many changes of a run that did not finish are in the journal.
        package var journaled: Int?

        package var didNotFinish: Bool { record.finished == nil }
        /// The guards that held it and were not accepted, `NAME=FIGURE`.
        package var standing: [String] { (head?.held ?? []).filter { !record.accepted.contains($0) } }
        package var isHeld: Bool { !standing.isEmpty }
    }

    private let store: any ResourceStore
    private let team: Team

    package init(store: any ResourceStore, team: Team) {
        self.store = store
        self.team = team
    }

    /// Newest first.
    package func entries() throws -> [Entry] {
        try store.read { store in
            try store.runs(team: team.id, limit: .max).map { try entry($0, store) }
        }
    }

    /// `nil` when there is no such run.
    package func entry(_ run: RunID) throws -> Entry? {
        try store.read { store in try store.run(run, team: team.id).map { try entry($0, store) } }
    }

    private func entry(_ record: RunRecord, _ store: any StoreReading) throws -> Entry {
        var entry = Entry(record: record, head: record.report.flatMap(RunHead.init))
        if record.finished == nil {
            entry.journaled = try TouchedResource.all(of: record.id, team: team.id, in: store).count
        }
        return entry
    }

    /// The run as it was reported. Applied changes that the report leaves to the journal are read from there: with every
    /// value, without file and line.
    package func report(of entry: Entry) throws -> RunReport {
        let record = entry.record
        let kept = record.report.flatMap { KeptReport.decode($0, record) }
        if let kept, kept.outcomes.count == entry.head?.changes { return kept }
        let journaled = try store.read { store in try changes(of: record.id, store) }
        var plan = kept?.plan ?? emptyPlan(entry)
        plan.changes = journaled + plan.changes
        return RunReport(
            run: record.id, command: record.command, plan: plan,
            outcomes: journaled.map { _ in .applied } + (kept?.outcomes ?? []),
            isInterrupted: kept?.isInterrupted ?? entry.didNotFinish, pruned: kept?.pruned ?? Pruned())
    }

    private func emptyPlan(_ entry: Entry) -> Plan {
        var plan = Plan(
            team: team.name, source: entry.head?.source ?? "", asOf: entry.record.started, inputs: [],
            fingerprint: "", changes: [], links: [], guards: [], pinned: [], unmanaged: [], unmanagedCount: 0,
            suspected: [], unchanged: 0, notices: [])
        plan.digest = entry.record.planDigest
        return plan
    }

    private func changes(of run: RunID, _ store: any StoreReading) throws -> [Change] {
        var names: [ResourceID: String] = [:]
        func reference(_ id: ResourceID) throws -> MemberReference {
            if names[id] == nil {
                names[id] = try store.resource(.user, id: id, team: team.id)?.resource.userName ?? id.rawValue
            }
            return .member(id, userName: names[id] ?? id.rawValue)
        }
        return try TouchedResource.all(of: run, team: team.id, in: store).map { touched in
            var change = touched.change(
                name: try store.resource(touched.type, id: touched.id, team: team.id)?.resource.displayed)
            change.addMembers = try touched.added.sorted().map(reference)
            change.removeMembers = try touched.removed.sorted().map(reference)
            return change
        }
    }
}

extension TouchedResource {
    /// The change as the journal tells it. `name`: the present one, for what has only its memberships journaled.
    fileprivate func change(name: String?) -> Change {
        let empty = ComplexValue()
        let shown = before ?? after
        let own = shown.flatMap { Resource(journaled: $0, self).displayed }
        return Change(
            kind, id: id, name: own ?? name ?? id.rawValue, externalID: (after ?? before)?["externalId"]?.string,
            version: version, reason: "as journaled",
            attributes: AttributeChange.between(before ?? empty, after ?? empty))
    }

    private var kind: Change.Kind {
        switch type {
        case .ssoConnection: return .connectionUpdate
        case .group: return isCreated ? .groupCreate : .groupUpdate
        case .user:
            if isCreated { return .create }
            let was = before?["active"]?.boolean ?? true
            let isNow = after?["active"]?.boolean ?? true
            return was == isNow ? .update : isNow ? .reactivate : .deactivate
        }
    }
}

extension Resource {
    fileprivate init(journaled attributes: ComplexValue, _ touched: TouchedResource) {
        let never = Timestamp(rawValue: 0)
        self.init(
            type: touched.type, id: touched.id, attributes: attributes, created: never, lastModified: never,
            version: touched.version)
    }
}
