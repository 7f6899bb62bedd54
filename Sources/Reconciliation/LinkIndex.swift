import Exports
import SCIM

/// Everybody whom a source manages, in memory by anchor: 64 bytes a member, so that a night on which nothing changed
/// touches no resource at all.
///
/// Slots are numbered in the roster's own order. Not thread-safe, but for ``links``.
struct LinkIndex {
    /// What became of a slot while the export was read.
    enum Mark: UInt8 {
        case absent = 0
        /// A record names this member and says exactly what the last applied one did.
        case unchanged = 1
        /// A record names this member; look closer.
        case named = 2
    }

    let links: LinkTable
    var marks: [Mark]
    /// Where the first record that named the slot stands.
    private var lines: [RecordLine]
    private var files: [Int16]

    /// Reads all links of one type in one pass over the store's narrow table.
    init(_ type: ResourceType, source: SourceID?, team: TeamID, from store: any StoreReading) throws {
        links = try LinkTable(type, source: source, team: team, from: store)
        marks = [Mark](repeating: .absent, count: links.rows.count)
        lines = [RecordLine](repeating: 0, count: links.rows.count)
        files = [Int16](repeating: 0, count: links.rows.count)
    }

    var count: Int { rows.count }
    var rows: [RowID] { links.rows }
    func anchor(of slot: Int) -> Digest128 { links.members[slot].anchor }
    func isActive(_ slot: Int) -> Bool { links.members[slot].isActive }
    /// Whether the member was brought in step with a record, and nobody changed them since. Who left by absence was not.
    func hasFingerprint(_ slot: Int) -> Bool { links.members[slot].hasFingerprint }
    func slot(of anchor: Digest128) -> Int? { links.slot(of: anchor) }
    func slot(of row: RowID) -> Int? { links.slot(of: row) }
    func isInStep(_ slot: Int, with fingerprint: Digest128) -> Bool { links.isInStep(slot, with: fingerprint) }

    /// Keeps what became of `slot`, and which record said so.
    mutating func mark(_ slot: Int, _ mark: Mark, file: Int, line: RecordLine) {
        marks[slot] = mark
        lines[slot] = line
        files[slot] = Int16(clamping: file)
    }

    /// Where the record stands that named the slot first.
    func place(of slot: Int) -> (file: Int, line: RecordLine) { (Int(files[slot]), lines[slot]) }
}

/// The links themselves, as the roster has them: what does not change while a plan is made, and may be asked by several
/// threads at once.
final class LinkTable: Sendable {
    /// Side by side, so that asking for one and comparing it is one look into memory.
    struct Member {
        var anchor: Digest128
        /// Of the record that the member was last brought in step with; counts only when `hasFingerprint`.
        var fingerprint: Digest128
        var hasFingerprint: Bool
        var isActive: Bool
    }

    /// By slot, ascending.
    let rows: [RowID]
    /// By slot.
    let members: [Member]
    /// Open addressing, a power of two of slots; −1 is free.
    private let table: [Int32]
    private let mask: Int

    fileprivate init(_ type: ResourceType, source: SourceID?, team: TeamID, from store: any StoreReading) throws {
        var rows: [RowID] = []
        var members: [Member] = []
        if let source {
            try store.eachLink(type, source: source, team: team) { link in
                rows.append(link.row)
                members.append(
                    Member(
                        anchor: link.anchor, fingerprint: link.fingerprint ?? Digest128(high: 0, low: 0),
                        hasFingerprint: link.fingerprint != nil, isActive: link.active))
            }
        }
        precondition(rows.count < Int(Int32.max) / 2, "a source manages fewer than a billion members")
        var size = 16
        while size < rows.count * 2 { size *= 2 }
        let mask = size - 1
        var table = [Int32](repeating: -1, count: size)
        for slot in members.indices {
            var place = Int(truncatingIfNeeded: members[slot].anchor.low) & mask
            while table[place] >= 0 { place = (place + 1) & mask }
            table[place] = Int32(slot)
        }
        self.rows = rows
        self.members = members
        self.table = table
        self.mask = mask
    }

    /// The slot of an anchor.
    func slot(of anchor: Digest128) -> Int? {
        var place = Int(truncatingIfNeeded: anchor.low) & mask
        while table[place] >= 0 {
            let slot = Int(table[place])
            if members[slot].anchor == anchor { return slot }
            place = (place + 1) & mask
        }
        return nil
    }

    /// The slot of a roster row.
    func slot(of row: RowID) -> Int? {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row ? low : nil
    }

    /// Whether the record says what the member was last brought in step with, nothing having changed since.
    func isInStep(_ slot: Int, with fingerprint: Digest128) -> Bool {
        members[slot].hasFingerprint && members[slot].fingerprint == fingerprint
    }
}
