import SCIM

/// Everybody whom a source manages, in memory by anchor: 47 bytes a member, so that a night on which nothing changed
/// touches no resource at all.
///
/// Slots are numbered in the roster's own order. Not thread-safe.
struct LinkIndex {
    /// What became of a slot while the export was read.
    enum Mark: UInt8 {
        case absent = 0
        /// A record names this member and says exactly what the last applied one did.
        case unchanged = 1
        /// A record names this member; look closer.
        case named = 2
    }

    private(set) var rows: [RowID] = []
    private(set) var anchors: [Digest128] = []
    private(set) var isActive: [Bool] = []
    private var fingerprints: [Digest128?] = []
    var marks: [Mark] = []
    /// Where the first record that named the slot stands.
    private var lines: [Int32] = []
    private var files: [Int16] = []
    /// Open addressing, a power of two of slots; −1 is free.
    private var table: [Int32] = []
    private var mask = 0

    var count: Int { rows.count }

    /// Reads all links of one type in one pass over the store's narrow table.
    init(_ type: ResourceType, source: SourceID?, team: TeamID, from store: any StoreReading) throws {
        guard let source else { return }
        try store.eachLink(type, source: source, team: team) { link in
            rows.append(link.row)
            anchors.append(link.anchor)
            fingerprints.append(link.fingerprint)
            isActive.append(link.active)
        }
        precondition(rows.count < Int(Int32.max) / 2, "a source manages fewer than a billion members")
        marks = [Mark](repeating: .absent, count: rows.count)
        lines = [Int32](repeating: 0, count: rows.count)
        files = [Int16](repeating: 0, count: rows.count)
        var size = 16
        while size < rows.count * 2 { size *= 2 }
        mask = size - 1
        table = [Int32](repeating: -1, count: size)
        for slot in rows.indices {
            var place = Int(truncatingIfNeeded: anchors[slot].low) & mask
            while table[place] >= 0 { place = (place + 1) & mask }
            table[place] = Int32(slot)
        }
    }

    /// The slot of an anchor.
    func slot(of anchor: Digest128) -> Int? {
        guard !table.isEmpty else { return nil }
        var place = Int(truncatingIfNeeded: anchor.low) & mask
        while table[place] >= 0 {
            let slot = Int(table[place])
            if anchors[slot] == anchor { return slot }
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

    /// A record names the slot.
    mutating func mark(_ slot: Int, _ mark: Mark, file: Int, line: Int) {
        marks[slot] = mark
        lines[slot] = Int32(clamping: line)
        files[slot] = Int16(clamping: file)
    }

    /// Where the record stands that named the slot first.
    func place(of slot: Int) -> (file: Int, line: Int) { (Int(files[slot]), Int(lines[slot])) }

    /// Whether the record says what the member was last brought in step with, nothing having changed since.
    func isInStep(_ slot: Int, with fingerprint: Digest128) -> Bool { fingerprints[slot] == fingerprint }
}
