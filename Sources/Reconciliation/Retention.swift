import SCIM

/// Whether personal values are in the journal and in reports.
package enum Privacy: String, Sendable, CaseIterable {
    case plain
    /// A digest under the team's own key stands for each of them (``Pseudonyms``).
    case hashed
}

/// How long what was done is kept. `nil` is for ever.
///
/// Reports are kept at least as long as the journal: they tell what its entries were for.
package struct Retention: Hashable, Sendable {
    /// Every change with the values before and after it: as far back a run can be taken back.
    package var journalHours: Int? = Self.defaultHours
    /// Runs, with their reports.
    package var reportsHours: Int? = Self.defaultHours

    /// A year, and the weeks until somebody looks back at it.
    package static let defaultHours = 400 * 24

    /// How much goes in one transaction: others wait for it no longer than for a batch of changes.
    private static let batchSize = 5000

    package init() {}

    package var keepsReportsLonger: Bool {
        guard let reportsHours else { return true }
        return journalHours.map { $0 <= reportsHours } ?? false
    }

    /// Removes what has been kept long enough at `now`, oldest first. Killed or stopped in between it leaves less to do,
    /// and nothing else: each transaction leaves a journal that can be verified.
    ///
    /// `shouldStop` is asked between transactions.
    func enforce(in store: any ResourceStore, team: TeamID, now: Timestamp, shouldStop: () -> Bool) throws -> Pruned {
        var pruned = Pruned()
        if let end = Self.end(journalHours, now) {
            try Self.repeatedly(shouldStop) {
                let count = try store.write { try $0.pruneJournal(before: end, limit: Self.batchSize, team: team) }
                pruned.entries += count
                return count
            }
        }
        if let end = Self.end(reportsHours, now) {
            try Self.repeatedly(shouldStop) {
                let count = try store.write { try $0.pruneRuns(before: end, limit: Self.batchSize, team: team) }
                pruned.runs += count
                return count
            }
        }
        return pruned
    }

    private static func end(_ hours: Int?, _ now: Timestamp) -> Timestamp? {
        hours.map { Timestamp(rawValue: now.rawValue - Int64($0) * 3_600_000) }
    }

    private static func repeatedly(_ shouldStop: () -> Bool, _ body: () throws -> Int) rethrows {
        while !shouldStop(), try body() == batchSize {}
    }
}

/// What was removed since it had been kept long enough.
package struct Pruned: Hashable, Sendable {
    /// Of the journal.
    package var entries = 0
    /// With their reports.
    package var runs = 0
    package init() {}
    package var isEmpty: Bool { entries == 0 && runs == 0 }
}

/// A run cannot be taken back: some of what it changed is no longer in the journal.
package struct RunPruned: Error, Sendable {
    package let run: RunID
    /// How many of its entries went.
    package let entries: Int
}
