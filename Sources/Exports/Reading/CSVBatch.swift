import CScan

/// Some complete records of a CSV file, in memory of its own. ``CSVReader/nextBatch(into:)`` fills batches one after the
/// other; each can then be read by another thread than its neighbours.
package final class CSVBatch {
    /// Which of the file's batches it is, from 0.
    package internal(set) var sequence = -1

    let chunk: Chunk
    private(set) var ends: UnsafeMutablePointer<UInt32>
    private(set) var records: UnsafeMutablePointer<popl_csv_record>
    private var capacity = 0
    private(set) var layout: CSVLayout?
    /// Physical line of the first record.
    private(set) var firstLine = 1
    private(set) var recordCount = 0
    /// Where the first record begins.
    private(set) var start = 0

    private var cursor = 0
    private var current: (first: Int, fields: Int, start: Int) = (0, 0, 0)
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity = 4096

    package init() {
        chunk = Chunk(capacity: 0)
        ends = .allocate(capacity: 1)
        records = .allocate(capacity: 1)
        scratch = .allocate(capacity: scratchCapacity)
    }

    deinit {
        ends.deallocate()
        records.deallocate()
        scratch.deallocate()
    }

    func begin(_ layout: CSVLayout, line: Int) {
        self.layout = layout
        firstLine = line
        recordCount = 0
        cursor = 0
    }

    /// The next record of the batch; rules as ``CSVReader/next(into:)``.
    package func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        guard let layout else { return .end }
        while cursor < recordCount {
            let index = cursor
            cursor += 1
            let record = records[index]
            let first = index == 0 ? 0 : Int(records[index - 1].field_end)
            let fields = Int(record.field_end) - first
            let from = recordStart(index)
            let to = Int(ends[Int(record.field_end) - 1])
            current = (first, fields, from)
            // An empty record is delimiters and at most a pair of quotes a field.
            if to - from < 3 * fields, isEmpty(layout) { continue }
            buffer.line = firstLine + index + (index == 0 ? 0 : Int(records[index - 1].quoted_lines))
            buffer.byteOffset = chunk.offset(at: from)
            guard to - from <= layout.limits.recordBytes else {
                throw .recordTooLong(
                    layout.file, line: buffer.line, byteOffset: buffer.byteOffset, layout.limits.recordBytes)
            }
            fill(buffer, layout, length: to - from, hasEscapes: record.flags & UInt32(POPL_CSV_ESCAPES) != 0)
            if fields == layout.header.count, record.flags & ~UInt32(POPL_CSV_ESCAPES) == 0,
                to - from <= layout.limits.fieldBytes
            {
                return .record
            }
            return judge(layout, flags: record.flags, length: to - from)
        }
        return .end
    }

    /// All cells of the record that was read last, as text: for whoever shows a rejected record.
    package func cells() -> [String] {
        guard let layout else { return [] }
        return (0..<current.fields).map { column in
            let (start, end) = cell(column)
            return CSVCell.text(UnsafePointer(chunk.base), start, end, quote: layout.quote)
        }
    }

    @inline(__always)
    private func recordStart(_ index: Int) -> Int {
        guard index > 0 else { return start }
        let end = Int(ends[Int(records[index - 1].field_end) - 1])
        return chunk.base[end] == 0x0D && chunk.base[end + 1] == 0x0A ? end + 2 : end + 1
    }

    @inline(__always)
    private func cell(_ column: Int) -> (Int, Int) {
        (column == 0 ? current.start : Int(ends[current.first + column - 1]) + 1, Int(ends[current.first + column]))
    }

    private func isEmpty(_ layout: CSVLayout) -> Bool {
        (0..<current.fields).allSatisfy { isEmpty(cell($0), layout) }
    }

    private func isEmpty(_ cell: (start: Int, end: Int), _ layout: CSVLayout) -> Bool {
        let (start, end, _) = CSVCell.content(UnsafePointer(chunk.base), cell.start, cell.end, quote: layout.quote)
        return start == end
    }

    private func fill(_ buffer: RecordBuffer, _ layout: CSVLayout, length: Int, hasEscapes: Bool) {
        if hasEscapes { reserveScratch(length * layout.sharing) }
        let bytes = UnsafePointer(chunk.base)
        var used = 0
        layout.columns.withUnsafeBufferPointer { columns in
            for slot in 0..<min(columns.count, buffer.fields.count) {
                let column = Int(columns[slot])
                guard column >= 0, column < current.fields else {
                    buffer.fields[slot] = Field()
                    continue
                }
                let (from, to) = cell(column)
                let (start, end, isQuoted) = CSVCell.content(bytes, from, to, quote: layout.quote)
                if isQuoted, hasEscapes {
                    let out = scratch + used
                    let count = CSVCell.unescape(bytes, start, end, quote: layout.quote, into: out)
                    used += count
                    buffer.fields[slot] = Field(text: UnsafePointer(out), count: count)
                } else {
                    buffer.fields[slot] = Field(text: bytes + start, count: end - start)
                }
            }
        }
    }

    private func reserveScratch(_ count: Int) {
        guard scratchCapacity < count else { return }
        scratch.deallocate()
        scratchCapacity = count
        scratch = .allocate(capacity: count)
    }

    /// What is wrong with a record that is not plainly right; nothing, perhaps.
    private func judge(_ layout: CSVLayout, flags: UInt32, length: Int) -> RecordOutcome {
        let fields = current.fields
        let columns = layout.header.count
        if flags & CSVScan.textAfterQuote != 0 {
            return .rejected(
                code: "text-after-quote",
                message: "Text follows after a closing quote, so it cannot be told where fields begin and end. Double "
                    + "every quote inside a quoted field.", column: nil)
        }
        if flags & UInt32(POPL_CSV_NUL) != 0 {
            let column = (0..<fields).first { index in
                let (start, end) = cell(index)
                return (start..<end).contains { chunk.base[$0] == 0 }
            }
            return .rejected(
                code: "nul-byte", message: "A NUL stands in the record. Remove it at the source.",
                column: column.flatMap { $0 < columns ? layout.header[$0] : nil })
        }
        if fields < columns {
            return .rejected(
                code: "too-few-fields",
                message: "The record has \(fields) fields, the header \(columns). Quote fields that hold line ends.",
                column: nil)
        }
        let hasSurplus = fields > layout.writtenColumns || (columns..<fields).contains { !isEmpty(cell($0), layout) }
        if fields > columns, hasSurplus {
            return .rejected(
                code: "too-many-fields",
                message:
                    "The record has \(fields) fields, the header \(columns). Quote fields that hold the delimiter.",
                column: nil)
        }
        let long = (0..<columns).first { index in
            let (start, end) = cell(index)
            return end - start > layout.limits.fieldBytes
        }
        if let long {
            return .rejected(
                code: "field-too-long",
                message: "A field is longer than \(layout.limits.fieldBytes) bytes. Shorten it, or close its quote.",
                column: layout.header[long])
        }
        return .record
    }
}

// Finding the records.
extension CSVBatch {
    /// Finds the records in the chunk from `start` on. Returns where the first incomplete one begins.
    func index(from start: Int, _ layout: CSVLayout, isLast: Bool) -> Int {
        reserveIndex(chunk.count)
        self.start = start
        let bytes = UnsafePointer(chunk.base)
        var state = popl_csv_state()
        state.may_open = 1
        var at = start
        while true {
            let stop = popl_csv_index(
                bytes, at, chunk.count, layout.delimiter, layout.quote, &state, ends, records)
            recordCount = Int(state.records)
            if state.irregular == 0 || stop >= chunk.count { break }
            let from = recordStart(recordCount)
            let fields = recordCount == 0 ? 0 : records[recordCount - 1].field_end
            let lines = recordCount == 0 ? 0 : records[recordCount - 1].quoted_lines
            let scan = CSVScan(
                bytes, from: from, count: chunk.count, isLast: isLast, delimiter: layout.delimiter, quote: layout.quote,
                ends: ends + Int(fields))
            guard case .lineEnd(let next) = scan.ending else { break }
            append(fields: fields, lines: lines, scan)
            state = popl_csv_state()
            state.may_open = 1
            state.fields = fields + UInt32(scan.fields)
            state.records = UInt32(recordCount)
            state.quoted_lines = lines + UInt32(scan.quotedLines)
            at = next
        }
        // Whether a CR at the very end is half of a CRLF is not known yet.
        if !isLast, recordCount > 0, Int(ends[Int(records[recordCount - 1].field_end) - 1]) == chunk.count - 1,
            chunk.base[chunk.count - 1] == 0x0D
        {
            recordCount -= 1
        }
        if recordCount > 0, Int(ends[Int(records[recordCount - 1].field_end) - 1]) == chunk.count - 1 {
            return chunk.count
        }
        return recordStart(recordCount)
    }

    /// Adds the record that ends with the file instead of a line end.
    func appendLast(_ scan: CSVScan) {
        let fields = recordCount == 0 ? 0 : records[recordCount - 1].field_end
        let lines = recordCount == 0 ? 0 : records[recordCount - 1].quoted_lines
        append(fields: fields, lines: lines, scan)
    }

    private func append(fields: UInt32, lines: UInt32, _ scan: CSVScan) {
        records[recordCount] = popl_csv_record(
            field_end: fields + UInt32(scan.fields), quoted_lines: lines + UInt32(scan.quotedLines), flags: scan.flags)
        recordCount += 1
    }

    /// Where the ends of a record that is to be appended go.
    var nextEnds: UnsafeMutablePointer<UInt32> {
        ends + (recordCount == 0 ? 0 : Int(records[recordCount - 1].field_end))
    }

    /// Physical line of the record after the last one.
    var nextLine: Int {
        firstLine + recordCount + (recordCount == 0 ? 0 : Int(records[recordCount - 1].quoted_lines))
    }

    private func reserveIndex(_ bytes: Int) {
        guard capacity < bytes else { return }
        ends.deallocate()
        records.deallocate()
        // Pages of these that nothing is written to cost no memory.
        ends = .allocate(capacity: bytes + 80)
        records = .allocate(capacity: bytes + 2)
        capacity = bytes
    }
}
