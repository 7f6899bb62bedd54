import Reconciliation
import Reporting
import SCIM

/// What was seen of a run by the time it ended, for those who are told of it afterwards.
final class RunWitness {
    /// Somebody wants the report as a page.
    let wantsPage: Bool
    var team: String?
    var source: String?
    /// Why the run broke off.
    var failure: Failure?
    /// What is shown of the run, with pseudonyms where they stand for people.
    private(set) var report: Report?
    private(set) var roster: RosterFacts?

    init(wantsPage: Bool) { self.wantsPage = wantsPage }

    func see(_ report: Report, _ roster: RosterFacts?) {
        self.report = report
        self.roster = roster
    }
}

/// What the roster says besides, at the end of a run.
struct RosterFacts {
    let activeMembers: Int
    /// When the last certificate that sign-in rests on ends.
    let signingEnds: Timestamp?
    /// Certificates to speak of now: each threshold once, counted from the run before on.
    let certificates: [Notice]

    init(_ store: any ResourceStore, _ team: Team, run: RunID, asOf: Timestamp) throws {
        (activeMembers, signingEnds, certificates) = try store.read { store in
            let members = try store.counts(source: nil, team: team.id).activeUsers
            let connection = try store.resources(.ssoConnection, after: nil, limit: 1, team: team.id).first
            guard let attributes = connection?.resource.attributes else { return (members, nil, []) }
            let before = try store.runs(team: team.id, limit: 2).first { $0.id != run }
            let notices = ConnectionExpiry.notices(attributes, asOf: asOf, since: before?.started)
            return (members, ConnectionExpiry.end(of: attributes), notices.filter { $0.level != .info })
        }
    }
}
