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
    @exclusivity(unchecked) private var cursor = 0
    @exclusivity(unchecked) private var row: CSVRow?
    @exclusivity(unchecked) private var scratch: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var scratchCapacity = 4096

    package init() { scratch = .allocate(capacity: scratchCapacity) }

    deinit { scratch.deallocate() }

    func begin(_ layout: CSVLayout, line: Int) {
        self.layout = layout
        firstLine = line
        index.recordCount = 0
        cursor = 0
        row = nil
    }

    /// Physical line of the record after the last one.
    var nextLine: Int { firstLine + index.recordCount + index.quotedLines(before: index.recordCount) }

    /// The next record of the batch; rules as ``CSVReader/next(into:)``.
    package func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        guard let layout else { return .end }
        while cursor < index.recordCount {
            let number = cursor
            cursor = number &+ 1
            let row = index.row(number, quote: layout.quote)
            // An empty record is delimiters and at most a pair of quotes a field.
            if row.length < 3 &* row.fields, row.isEmpty { continue }
            self.row = row
            buffer.line = firstLine &+ number &+ index.quotedLines(before: number)
            buffer.byteOffset = index.chunk.offset(at: row.start)
            if row.length > layout.limits.recordBytes {
                throw .recordTooLong(
                    layout.file, line: buffer.line, byteOffset: buffer.byteOffset, layout.limits.recordBytes)
            }
            fill(buffer, layout, row)
            if row.fields == layout.header.count, row.flags & ~UInt32(POPL_CSV_ESCAPES) == 0,
                row.length <= layout.limits.fieldBytes
            {
                return .record
            }
            return row.judge(layout)
        }
        return .end
    }

    /// All cells of the record that was read last, as text: for whoever shows a rejected record.
    package func cells() -> [String] {
        guard let row else { return [] }
        return (0..<row.fields).map { column in
            let (start, end) = row.cell(column)
            return CSVCell.text(row.bytes, start, end, quote: row.quote)
        }
    }

    @inline(__always)
    private func fill(_ buffer: RecordBuffer, _ layout: CSVLayout, _ row: CSVRow) {
        let hasEscapes = row.flags & UInt32(POPL_CSV_ESCAPES) != 0
        if hasEscapes { reserveScratch(row.length * layout.sharing) }
        var out = scratch
        let fields = buffer.fields
        for slot in 0..<min(layout.columns.count, fields.count) {
            let column = Int(layout.columns[slot])
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
