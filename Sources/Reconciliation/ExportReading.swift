import Exports
import SCIM

/// An export read once from end to end against everybody its source manages.
///
/// Whoever is in step is only counted; the rest is kept for ``Correlation``.
struct ExportReading {
    /// A record of somebody the source manages that says something new.
    struct Named {
        var slot: Int
        var record: IdentityRecord
    }

    var members: LinkIndex
    private(set) var named: [Named] = []
    private(set) var unmatched: [IdentityRecord] = []
    private(set) var summaries: [InputSummary] = []
    private(set) var rejected: [RejectedRecord] = []
    /// Records beyond the first that said exactly the same.
    private(set) var repeated = 0
    private var content = (high: UInt64(0), low: UInt64(0))
    /// Of what the export says, whatever the order of its records: two exports of one digest say the same.
    var contentDigest: String { Digest128(high: content.high, low: content.low).hex }
    /// No record says whether its person is active.
    private(set) var leavesActivityOpen = false
    /// Who each group lists, where the export has a column of groups.
    private(set) var columnGroups = ColumnGroups()

    /// Throws ``Refusal`` when the export cannot be believed; then nothing of it counts.
    init(_ export: UserExport, members: LinkIndex, readsGroups: Bool, progress: (Int) -> Void) throws {
        self.members = members
        var count = 0
        var unstated = 0
        var rejects: [RejectedRecord] = []
        let links = members.links
        summaries = try export.read { record in
            Glimpse(record, links, readsGroups: readsGroups)
        } _: { seen in
            count += 1
            if count & 0x3FFF == 0 { progress(count) }
            if let groups = seen.record?.groups, readsGroups {
                columnGroups.add(seen.anchor, of: groups, file: seen.file, line: seen.line)
            }
            // Sums, so that order does not count; digests are even enough for that.
            content.high &+= (seen.anchor.high ^ seen.fingerprint.low) &* 0x9E37_79B9_7F4A_7C15
            content.low &+= (seen.anchor.low ^ seen.fingerprint.high) &* 0xC2B2_AE3D_27D4_EB4F
            if seen.isUnstated { unstated += 1 }
            take(seen)
        } rejected: {
            rejects.append($0)
        }
        rejected = rejects
        leavesActivityOpen = count > 0 && unstated == count
        progress(count)
    }

    private mutating func take(_ seen: Glimpse) {
        guard seen.slot >= 0 else {
            if let record = seen.record { unmatched.append(record) }
            return
        }
        let slot = Int(seen.slot)
        switch (members.marks[slot], seen.isInStep) {
        case (.absent, true):
            members.mark(slot, .unchanged, file: seen.file, line: seen.line)
        case (.unchanged, true):
            repeated += 1
        case (.absent, false):
            members.mark(slot, .named, file: seen.file, line: seen.line)
            if let record = seen.record { named.append(Named(slot: slot, record: record)) }
        case (.named, true):
            // It contradicts the one before, and which of the two came first makes no difference.
            members.mark(slot, .unchanged, file: seen.file, line: seen.line)
        case (.unchanged, false), (.named, false):
            // A second record of the same anchor: whether it contradicts the first is decided when all are known.
            if let record = seen.record { named.append(Named(slot: slot, record: record)) }
        }
    }

    /// Takes the records that were kept, so that they are not held twice.
    mutating func takeRecords() -> (named: [Named], unmatched: [IdentityRecord]) {
        defer {
            named = []
            unmatched = []
        }
        return (named, unmatched)
    }
}

/// What is taken from each record while it can be read.
private struct Glimpse {
    var anchor: Digest128
    var fingerprint: Digest128
    /// Of the member it names; −1 when the source manages nobody by that anchor.
    var slot: Int32
    var isInStep: Bool
    var isUnstated: Bool
    var file: Int
    var line: RecordLine
    /// All of it, where a look at it will be needed. Apart from the rest, which is handed from thread to thread for
    /// everybody.
    var whole: Whole?

    final class Whole: Sendable {
        let record: IdentityRecord
        init(_ record: IdentityRecord) { self.record = record }
    }

    var record: IdentityRecord? { whole?.record }

    init(_ record: borrowing MappedRecord, _ links: LinkTable, readsGroups: Bool) {
        anchor = record.anchorDigest
        fingerprint = record.fingerprint
        file = record.file
        line = record.line
        isUnstated = record.activity == .unstated
        let slot = links.slot(of: record.anchorDigest)
        self.slot = Int32(slot ?? -1)
        // A soft-deleted row is kept even so: whether somebody else may have its name depends on what it says.
        isInStep =
            slot.map { record.activity != .deleted && links.isInStep($0, with: record.fingerprint) } ?? false
        if !isInStep || readsGroups { whole = Whole(record.materialise()) }
    }
}
