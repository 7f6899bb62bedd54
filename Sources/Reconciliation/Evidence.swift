import Exports
import SCIM

/// What the guards are shown of a plan: figures, and nothing that could be changed.
struct Evidence {
    var policy: Policy
    var asOf: Timestamp
    var counts: RosterCounts
    var source: SCIM.Source?
    /// Of mapping and scope; empty when the run has no users export.
    var fingerprint: String
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
    var creates: Int
    /// Members with an attribute changed, apart from anchors, which have a guard of their own.
    var updates: Int
    var deactivations: Int
    /// Members whom the source lets go to another one.
    var releases: Int
    /// Those whose grace begins with this plan.
    var waiting: Int
    /// Those of earlier runs of the team.
    var deactivationsOfDay: Int
    var deactivationsOfWeek: Int
    var domainsLeaving: [DomainLeaving]
    var attributesChanged: [(attribute: String, count: Int)]
    var attributesEmptied: [(attribute: String, count: Int)]
    /// Managed, active members whom `protect` exempts: they are no part of the whole.
    var protectedActive: Int
    var membershipRemovals: Int
    /// Groups that would lose all, or over half, of their members; `nil` when the run has no groups.
    var groupsEmptied: [String]?
    var anchorsReissued: Int
    /// Not counted when nobody would cease to be one.
    var adminsBefore: Int
    var adminsAfter: Int
    /// Email domains of the export that only members of other teams have, when nobody of the export is of this team.
    var foreignDomains: [String]
    var connection: [GuardFinding]
}
