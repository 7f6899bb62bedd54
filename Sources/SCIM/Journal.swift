/// What was done to one resource, kept in order. Written in the transaction of the change it tells of.
package struct JournalEntry: Hashable, Sendable {
    package enum Operation: Int, Sendable {
        case create = 1, update, delete, addMembers, removeMembers
        /// Members were asked for whom the team does not have: nothing was changed by it.
        case skipMembers
    }

    /// Ascending with time within a store; 0 until it was appended.
    package var position: Int64
    package var operation: Operation
    package var type: ResourceType
    package var id: ResourceID
    /// Who asked: `sync`, `import`, a token's label.
    package var actor: String
    package var run: RunID?
    package var at: Timestamp
    /// The resource's version after the change.
    package var version: Int64
    /// The resource's attributes as JSON before and after; `nil` where there was none. For memberships: the ids added
    /// or removed or skipped, as a JSON array, in `after` or `before`.
    package var before: [UInt8]?
    package var after: [UInt8]?
    package init(
        position: Int64 = 0, operation: Operation, type: ResourceType, id: ResourceID, actor: String, run: RunID?,
        at: Timestamp, version: Int64, before: [UInt8]?, after: [UInt8]?
    ) {
        self.position = position
        self.operation = operation
        self.type = type
        self.id = id
        self.actor = actor
        self.run = run
        self.at = at
        self.version = version
        self.before = before
        self.after = after
    }
}

/// Where a team's journal has come to.
package struct JournalHead: Hashable, Sendable {
    /// How many are kept.
    package var entries: Int
    /// Of the last one; 0 when there never was one.
    package var position: Int64
    /// The chain's at the last one, 32 bytes; empty when there never was one.
    package var digest: [UInt8]
    package init(entries: Int = 0, position: Int64 = 0, digest: [UInt8] = []) {
        self.entries = entries
        self.position = position
        self.digest = digest
    }
}

/// What reading the whole chain found.
package enum JournalVerdict: Hashable, Sendable {
    case intact(JournalHead)
    /// The first entry that is not what was written, or that is missing.
    case broken(position: Int64)
}

/// The chain that makes a team's journal tamper-evident: an entry's digest is SHA-256 over the digest before it and
/// everything that the entry says. Whoever changes, removes, adds or moves one breaks all that follow, unless they
/// compute them anew; then the head is another than the one that a saved plan or a report has noted.
package struct JournalChain {
    private let stream = SHA256Stream()
    private var head: [UInt8] = []

    package init() {}

    /// The digest of `entry` after one whose digest is `previous` (empty: it is the first). Every part that may vary in
    /// length is preceded by its length, -1 for `nil`, all integers with the high byte first, so that no two entries
    /// look alike.
    package mutating func digest(
        of entry: JournalEntry, team: TeamID, after previous: [UInt8], into digest: inout [UInt8]
    ) {
        head.removeAll(keepingCapacity: true)
        append(previous)
        append(entry.position)
        append(team.rawValue)
        append(Int64(entry.operation.rawValue))
        append(Int64(entry.type.rawValue))
        append(entry.version)
        append(entry.at.rawValue)
        append(entry.id.rawValue)
        append(entry.actor)
        if let run = entry.run { append(run.rawValue) } else { append(Int64(-1)) }
        append(Int64(entry.before?.count ?? -1))
        append(Int64(entry.after?.count ?? -1))
        stream.update(head)
        if let before = entry.before { stream.update(before) }
        if let after = entry.after { stream.update(after) }
        stream.finish(into: &digest)
    }

    private mutating func append(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { head.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
        append(Int64(text.utf8.count))
        head.append(contentsOf: text.utf8)
    }

    private mutating func append(_ bytes: [UInt8]) {
        append(Int64(bytes.count))
        head.append(contentsOf: bytes)
    }
}
