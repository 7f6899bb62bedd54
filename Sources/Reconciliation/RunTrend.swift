import SCIM

/// What a source's last runs did, for the next one to be seen beside.
package struct RunTrend: Hashable, Sendable {
    /// One run: what was planned in it, whether or not a guard held it.
    package struct Point: Hashable, Sendable {
        package var run: RunID
        package var started: Timestamp
        package var command: String
        package var changes: Int
        package var deactivations: Int
        package var isHeld: Bool
        package var isFinished: Bool
    }

    /// How many are looked at.
    package static let limit = 30

    /// Oldest first.
    package var points: [Point] = []

    package init() {}

    /// What `entries`, newest first, did for `source`; those that ran `before` a run when it is one of them.
    package init(_ entries: [RunHistory.Entry], source: String, before run: RunID? = nil) {
        var earlier = entries[...]
        if let run { earlier = entries.drop { $0.record.id != run }.dropFirst() }
        points = earlier.lazy.filter { $0.head?.source == source }.prefix(Self.limit).map(Point.init).reversed()
    }

    /// The most that any of them did, of those that were not held: what a guard stopped is nothing to measure by.
    package func most(_ figure: KeyPath<Point, Int>) -> Int? {
        points.filter { !$0.isHeld }.map { $0[keyPath: figure] }.max()
    }
}

extension RunTrend.Point {
    fileprivate init(_ entry: RunHistory.Entry) {
        run = entry.record.id
        started = entry.record.started
        command = entry.record.command
        changes = entry.head?.changes ?? 0
        deactivations = entry.head?.kinds[.deactivate] ?? 0
        isHeld = entry.isHeld
        isFinished = !entry.didNotFinish
    }
}
