import CScan

/// Where the records and fields of a chunk end.
final class CSVIndex {
    let chunk = Chunk(capacity: 0)
    @exclusivity(unchecked) var recordCount = 0
    @exclusivity(unchecked) private(set) var ends: UnsafeMutablePointer<UInt32>
    @exclusivity(unchecked) private(set) var records: UnsafeMutablePointer<popl_csv_record>
    /// Where the first record begins.
    @exclusivity(unchecked) private var start = 0
    private var capacity = 0

    init() {
        ends = .allocate(capacity: 1)
        records = .allocate(capacity: 1)
    }

    deinit {
        ends.deallocate()
        records.deallocate()
    }

    @inline(__always)
    func row(_ number: Int, quote: UInt8) -> CSVRow {
        let first = fieldCount(before: number)
        return CSVRow(
            bytes: UnsafePointer(chunk.base), ends: UnsafePointer(ends + first),
            fields: Int(records[number].field_end) &- first, start: recordStart(number), flags: records[number].flags,
            quote: quote)
    }

    /// How many fields the records before this one have.
    @inline(__always)
    func fieldCount(before number: Int) -> Int { number == 0 ? 0 : Int(records[number &- 1].field_end) }

    /// How many line ends stand inside quotes before this record.
    @inline(__always)
    func quotedLines(before number: Int) -> Int { number == 0 ? 0 : Int(records[number &- 1].quoted_lines) }

    /// Finds the records in the chunk from `start` on. Returns where the first incomplete one begins.
    func find(from start: Int, delimiter: UInt8, quote: UInt8, isLast: Bool) -> Int {
        reserve(chunk.count)
        self.start = start
        recordCount = 0
        let bytes = UnsafePointer(chunk.base)
        var state = freshState()
        var at = start
        while true {
            at = popl_csv_index(bytes, at, chunk.count, delimiter, quote, &state, ends, records)
            recordCount = Int(state.records)
            guard state.irregular != 0 else { break }
            let scan = CSVScan(
                bytes, from: recordStart(recordCount), count: chunk.count, isLast: isLast, delimiter: delimiter,
                quote: quote, ends: nextEnds)
            guard case .lineEnd(let next) = scan.ending else { break }
            append(scan)
            state = freshState()
            at = next
        }
        // Whether a CR at the very end is half of a CRLF is not known yet.
        if !isLast, recordCount > 0, lastEnd == chunk.count - 1, chunk.base[chunk.count - 1] == 0x0D {
            recordCount -= 1
        }
        return lastEnd == chunk.count - 1 ? chunk.count : recordStart(recordCount)
    }

    /// Where the field ends of a record that is to be appended go.
    var nextEnds: UnsafeMutablePointer<UInt32> { ends + fieldCount(before: recordCount) }

    /// Adds a record that was read byte by byte, its field ends being at ``nextEnds``.
    func append(_ scan: CSVScan) {
        records[recordCount] = popl_csv_record(
            field_end: UInt32(fieldCount(before: recordCount) + scan.fields),
            quoted_lines: UInt32(quotedLines(before: recordCount) + scan.quotedLines), flags: scan.flags)
        recordCount += 1
    }

    private func freshState() -> popl_csv_state {
        var state = popl_csv_state()
        state.may_open = 1
        state.fields = UInt32(fieldCount(before: recordCount))
        state.records = UInt32(recordCount)
        state.quoted_lines = UInt32(quotedLines(before: recordCount))
        return state
    }

    /// Position of the last complete record's end, −1 without one.
    private var lastEnd: Int { recordCount == 0 ? -1 : Int(ends[fieldCount(before: recordCount) - 1]) }

    @inline(__always)
    func recordStart(_ number: Int) -> Int {
        guard number > 0 else { return start }
        let end = Int(ends[Int(records[number &- 1].field_end) &- 1])
        return chunk.base[end] == 0x0D && chunk.base[end &+ 1] == 0x0A ? end &+ 2 : end &+ 1
    }

    private func reserve(_ bytes: Int) {
        guard capacity < bytes else { return }
        ends.deallocate()
        records.deallocate()
        // Pages of these that nothing is written to cost no memory.
        ends = .allocate(capacity: bytes + 80)
        records = .allocate(capacity: bytes + 2)
        capacity = bytes
    }
}
