import CScan

/// Some complete records of a CSV file, in memory of its own. ``CSVReader/nextBatch(into:)`` fills batches one after the
/// other; each can then be read by another thread than its neighbours.
package final class CSVBatch {
    /// Which of the file's batches it is, from 0.
    package internal(set) var sequence = -1

    let index = CSVIndex()
    var chunk: Chunk { index.chunk }
    /// Physical line of the first record.
    private(set) var firstLine = 1

    // Nothing here is read while it is written: asking that at run time would cost more than the reading.
    @exclusivity(unchecked) private var layout: CSVLayout?
    /// What a record that is plainly right needs of the layout: its fields in number, its length at most.
    @exclusivity(unchecked) private var plain:
        (quote: UInt8, columns: Int, length: Int, sharing: Int, hasTrailer: Bool) = (0, 0, 0, 0, false)
    /// For each slot the column that fills it, or −1.
    @exclusivity(unchecked) private var selected = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 0)
    @exclusivity(unchecked) private var cursor = 0
    @exclusivity(unchecked) private var row: CSVRow?
    @exclusivity(unchecked) private var scratch: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var scratchCapacity = 4096

    package init() { scratch = .allocate(capacity: scratchCapacity) }

    deinit {
        scratch.deallocate()
        selected.deallocate()
    }

    func begin(_ layout: CSVLayout, line: Int) {
        if self.layout !== layout {
            self.layout = layout
            selected.deallocate()
            selected = .allocate(capacity: layout.columns.count)
            _ = selected.initialize(from: layout.columns)
            plain = (
                layout.quote, layout.header.count, min(layout.limits.fieldBytes, layout.limits.recordBytes),
                layout.sharing, layout.trailer != nil
            )
        }
        firstLine = line
        index.recordCount = 0
        cursor = 0
        row = nil
    }

    /// Physical line of the record after the last one.
    var nextLine: Int { firstLine + index.recordCount + index.quotedLines(before: index.recordCount) }

    /// The next record of the batch; rules as ``CSVReader/next(into:)``.
    package func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        while cursor < index.recordCount {
            let number = cursor
            cursor = number &+ 1
            let row = index.row(number, quote: plain.quote)
            // An empty record is delimiters and at most a pair of quotes a field.
            if row.length < 3 &* row.fields, row.isEmpty { continue }
            self.row = row
            buffer.line = firstLine &+ number &+ index.quotedLines(before: number)
            buffer.byteOffset = index.chunk.offset(at: row.start)
            fill(buffer, row)
            let flags = row.flags & ~UInt32(POPL_CSV_ESCAPES)
            if row.fields == plain.columns, flags == 0, row.length <= plain.length, !plain.hasTrailer { return .record }
            return try judge(row, buffer)
        }
        return .end
    }

    /// What becomes of a record that is not plainly right.
    private func judge(_ row: CSVRow, _ buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        guard let layout else { return .end }
        guard row.length <= layout.limits.recordBytes else {
            throw .recordTooLong(
                layout.file, line: buffer.line, byteOffset: buffer.byteOffset, layout.limits.recordBytes)
        }
        return row.judge(layout)
    }

    /// All cells of the record that was read last, as text: for whoever shows a rejected record.
    package func cells() -> [String] {
        guard let row else { return [] }
        return (0..<row.fields).map { column in
            let (start, end) = row.cell(column)
            return CSVCell.text(row.bytes, start, end, quote: row.quote)
        }
    }

    /// ``cells()`` with the names of their columns.
    func original() -> [RejectedRecord.OriginalCell] {
        let header = layout?.header ?? []
        return cells().enumerated().map { index, cell in
            .init(column: index < header.count ? header[index] : "", value: cell)
        }
    }

    @inline(__always)
    private func fill(_ buffer: RecordBuffer, _ row: CSVRow) {
        let hasEscapes = row.flags & UInt32(POPL_CSV_ESCAPES) != 0
        if hasEscapes { reserveScratch(row.length * plain.sharing) }
        var out = scratch
        let fields = buffer.fields
        for slot in 0..<min(selected.count, fields.count) {
            let column = Int(selected[slot])
            guard column >= 0, column < row.fields else {
                fields[slot] = Field()
                continue
            }
            let (from, to) = row.cell(column)
            let (start, end, isQuoted) = CSVCell.content(row.bytes, from, to, quote: row.quote)
            if isQuoted, hasEscapes {
                let count = CSVCell.unescape(row.bytes, start, end, quote: row.quote, into: out)
                fields[slot] = Field(text: UnsafePointer(out), count: count)
                out += count
            } else {
                fields[slot] = Field(text: row.bytes + start, count: end &- start)
            }
        }
    }

    private func reserveScratch(_ count: Int) {
        guard scratchCapacity < count else { return }
        scratch.deallocate()
        scratchCapacity = count
        scratch = .allocate(capacity: count)
    }
}
