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
        summaries = try export.read { record in
            count += 1
            if count & 0x3FFF == 0 { progress(count) }
            if readsGroups, let groups = record.materialise().groups {
                columnGroups.add(record.anchorDigest, of: groups, file: record.file, line: record.line)
            }
            // Sums, so that order does not count; digests are even enough for that.
            let (anchor, says) = (record.anchorDigest, record.fingerprint)
            content.high &+= (anchor.high ^ says.low) &* 0x9E37_79B9_7F4A_7C15
            content.low &+= (anchor.low ^ says.high) &* 0xC2B2_AE3D_27D4_EB4F
            if case .unstated = record.activity { unstated += 1 }
            take(record)
        } rejected: {
            rejects.append($0)
        }
        rejected = rejects
        leavesActivityOpen = count > 0 && unstated == count
        progress(count)
    }

    private mutating func take(_ record: borrowing MappedRecord) {
        guard let slot = members.slot(of: record.anchorDigest) else {
            unmatched.append(record.materialise())
            return
        }
        // A soft-deleted row is kept even so: whether somebody else may have its name depends on what it says.
        let isInStep = record.activity != .deleted && members.isInStep(slot, with: record.fingerprint)
        switch (members.marks[slot], isInStep) {
        case (.absent, true):
            members.mark(slot, .unchanged, file: record.file, line: record.line)
        case (.unchanged, true):
            repeated += 1
        case (.absent, false):
            members.mark(slot, .named, file: record.file, line: record.line)
            named.append(Named(slot: slot, record: record.materialise()))
        case (.unchanged, false), (.named, _):
            // A second record of the same anchor: whether it contradicts the first is decided when all are known.
            named.append(Named(slot: slot, record: record.materialise()))
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
