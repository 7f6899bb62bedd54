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
    /// Who each group lists, where the export has a column of groups.
    private(set) var columnGroups = ColumnGroups()

    /// Throws ``Refusal`` when the export cannot be believed; then nothing of it counts.
    init(_ export: UserExport, members: LinkIndex, readsGroups: Bool, progress: (Int) -> Void) throws {
        self.members = members
        var count = 0
        var rejects: [RejectedRecord] = []
        summaries = try export.read { record in
            count += 1
            if count & 0x3FFF == 0 { progress(count) }
            if readsGroups, let groups = record.materialise().groups {
                columnGroups.add(record.anchorDigest, to: groups, file: record.file, line: record.line)
            }
            take(record)
        } rejected: { rejects.append($0) }
        rejected = rejects
        progress(count)
    }

    private mutating func take(_ record: borrowing MappedRecord) {
        guard let slot = members.slot(of: record.anchorDigest) else {
            unmatched.append(record.materialise())
            return
        }
        let isInStep = members.isInStep(slot, with: record.fingerprint)
        switch (members.marks[slot], isInStep) {
        case (.absent, true):
            members.marks[slot] = .unchanged
            members.lines[slot] = Int32(clamping: record.line)
        case (.unchanged, true):
            repeated += 1
        case (.absent, false):
            members.marks[slot] = .named
            members.lines[slot] = Int32(clamping: record.line)
            named.append(Named(slot: slot, record: record.materialise()))
        case (.unchanged, false), (.named, _), (.pinned, _):
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

/// The groups that a column of a users export speaks of, by name.
struct ColumnGroups {
    private(set) var members: [String: [Digest128]] = [:]
    private var places: [String: (file: Int, line: Int)] = [:]
    /// Whether there was such a column at all: an empty one still says that nobody is in any group.
    private(set) var isPresent = false

    mutating func add(_ anchor: Digest128, to groups: [String], file: Int, line: Int) {
        isPresent = true
        for group in groups {
            members[group, default: []].append(anchor)
            if places[group] == nil { places[group] = (file, line) }
        }
    }

    /// The groups as a groups export would state them, by name.
    var records: [GroupRecord] {
        members.sorted { $0.key < $1.key }.map { name, anchors in
            GroupRecord(
                file: places[name]?.file ?? 0, line: places[name]?.line ?? 0, anchor: nil, name: name,
                members: anchors.map { GroupMemberReference(anchor: $0, userName: nil) })
        }
    }
}
