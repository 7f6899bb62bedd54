import SCIM

/// How long somebody is absent before it means that they left (product.md, rule 1): either is enough.
package struct Grace: Hashable, Sendable {
    /// Different complete snapshots, one after the other; `nil`: only the hours count.
    package var snapshots: Int?
    package var hours: Int?
    package init(snapshots: Int? = 1, hours: Int? = nil) {
        self.snapshots = snapshots
        self.hours = hours
    }

    /// The first complete snapshot without them is enough.
    var isNone: Bool { snapshots == 1 }
}

/// Somebody whose removal waits: for more snapshots, or for an input that proves it.
package struct SuspectedMember: Hashable, Sendable {
    package var member: MemberName
    package var reason: String
    /// What the next run goes on counting from; `nil` where the input proves nothing.
    package var absence: Absence?
    /// When the hours are over.
    package var due: Timestamp?
    package var userName: String { member.userName }
    package init(member: MemberName, reason: String, absence: Absence? = nil, due: Timestamp? = nil) {
        self.member = member
        self.reason = reason
        self.absence = absence
        self.due = due
    }
}

/// The countdown of one run.
struct Absences {
    let grace: Grace
    let asOf: Timestamp
    /// Of the export's content: one that says the same again does not count again.
    let export: String
    /// Only a complete snapshot counts.
    let isComplete: Bool
    let earlier: [RowID: Absence]

    /// How often, and since when, somebody is absent with this export; `nil` when nothing proves it.
    func absence(of row: RowID) -> Absence? {
        guard var absence = earlier[row] else {
            return isComplete ? Absence(since: asOf, snapshots: 1, lastExport: export) : nil
        }
        if isComplete && absence.lastExport != export {
            absence.snapshots += 1
            absence.lastExport = export
        }
        return absence
    }

    /// Whether the absence is long enough.
    func isDue(_ row: RowID) -> Bool {
        if grace.isNone { return true }
        guard let absence = absence(of: row) else { return false }
        if let snapshots = grace.snapshots, absence.snapshots >= snapshots { return true }
        return due(absence).map { $0 <= asOf } ?? false
    }

    func due(_ absence: Absence) -> Timestamp? {
        grace.hours.map { Timestamp(rawValue: absence.since.rawValue + Int64($0) * 3_600_000) }
    }

    /// `absent from 1 of 2 snapshots since …, leaves at … at the latest`.
    func told(_ absence: Absence) -> String {
        let count = grace.snapshots.map { "absent from \(absence.snapshots) of \($0) snapshots" } ?? "absent"
        let latest = due(absence).map { ", leaves after \($0.iso8601)" } ?? ""
        return "\(count) since \(absence.since.iso8601)\(latest)"
    }
}
