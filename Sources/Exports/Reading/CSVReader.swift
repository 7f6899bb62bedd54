import CScan

/// The records of one CSV file, in order, in constant memory (idp-exports.md §6).
///
/// Records end at LF, CRLF or a lone CR outside quotes; a quote inside an unquoted field is a letter; records of which
/// every field is empty are passed over. A file that ends inside quotes, or with a short record and no line end, was cut:
/// everything before is still handed out, then the refusal is thrown.
package final class CSVReader {
    /// Names of the columns, without those at the end that have none. Equal names are the caller's to refuse.
    package let header: [String]
    package var delimiter: UInt8 { layout.delimiter }
    /// The line of the header record.
    package let headerLine: Int

    private let source: ByteSource
    private var layout: CSVLayout
    /// What stands between the source's position and the first record.
    private let headerEnd: Int
    private var line: Int
    /// The chunk whose rest, from `tail` on, belongs to the next batch; `nil` before the first.
    private var tailChunk: Chunk?
    private var tail = 0
    private var isExhausted = false
    private var failure: Refusal?
    private var batches = 0
    /// Once the last record was read, where a trailer is asked for.
    private(set) var trailer: TrailerFinding?
    private let own = CSVBatch()

    /// Reads the header.
    ///
    /// - Parameters:
    ///   - delimiter: a pinned one; without it a `sep=` line says it, and else the header decides.
    ///   - quote: `'` for what GAM writes with `quotechar '`.
    ///   - score: how many of these names are known; the delimiter with the best score is taken.
    package init(
        _ source: ByteSource, delimiter: UInt8? = nil, quote: UInt8 = UInt8(ascii: "\""),
        limits: CSVLimits = .default, score: ([String]) -> Int = { _ in 0 }
    ) throws(Refusal) {
        precondition(quote < 0x80 && quote != 0x0A && quote != 0x0D && quote != delimiter)
        try source.refuseMarkup()
        let header = try CSVHeader.read(source, delimiter: delimiter, quote: quote, limits: limits, score: score)
        let named = (header.names.lastIndex { !$0.isEmpty } ?? -1) + 1
        self.source = source
        self.header = Array(header.names[..<named])
        headerEnd = header.end
        headerLine = header.recordLine
        line = header.nextLine
        layout = CSVLayout(
            file: source.name, delimiter: header.delimiter, quote: quote, limits: limits, header: self.header,
            writtenColumns: header.names.count, columns: Array(self.header.indices))
    }

    /// Says which column fills which slot; `nil` leaves a slot missing. Without it, slot and column are the same. Takes
    /// effect from the next batch on, so it belongs before the first record.
    package func select(_ columns: [Int?]) {
        layout = CSVLayout(layout, columns: columns)
    }

    /// The last record is no record, but says how many there are; before the first record.
    func expect(_ trailer: CSVTrailer) {
        precondition(tailChunk == nil)
        layout = CSVLayout(layout, trailer: trailer)
    }

    /// Another quote character than the header was read with, when the first record shows it; before the first record.
    package func useQuote(_ quote: UInt8) {
        precondition(tailChunk == nil && quote < 0x80 && quote != 0x0A && quote != 0x0D && quote != delimiter)
        layout = CSVLayout(layout, quote: quote)
    }

    /// The first bytes after the header, as many of `count` as there are; before the first record.
    package func peek(_ count: Int) throws(Refusal) -> UnsafeRawBufferPointer {
        precondition(tailChunk == nil)
        return UnsafeRawBufferPointer(rebasing: try source.peek(headerEnd + count).dropFirst(headerEnd))
    }

    /// Fills `buffer` with the next record.
    ///
    /// A record is rejected, with its line and whatever fields it has, when it has fewer or more fields than the header
    /// (empty ones under the header's own unnamed columns do not count), text after a closing quote, a NUL, or a field
    /// above the limit.
    package func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        while true {
            let outcome = try own.next(into: buffer)
            guard case .end = outcome else { return outcome }
            guard try nextBatch(into: own) else { return .end }
        }
    }

    /// All cells of the record that ``next(into:)`` read last.
    package func cells() -> [String] { own.cells() }
    func original() -> [RejectedRecord.OriginalCell] { own.original() }

    /// What comes from another encoding shares the count of its bytes.
    var batchesAreIndependent: Bool { source.encoding == .utf8 }

    /// Fills `batch` with the next complete records, some thousands; false at the end. One caller at a time; the filled
    /// batch may be read while others are being filled.
    package func nextBatch(into batch: CSVBatch) throws(Refusal) -> Bool {
        if let failure { throw failure }
        guard !isExhausted else { return false }
        let chunk = batch.chunk
        var start = 0
        if let tailChunk {
            chunk.restart(with: tailChunk, from: tail)
        } else {
            source.begin(chunk)
            start = headerEnd
        }
        tailChunk = chunk
        batch.begin(layout, line: line)
        var isLast = try !source.fill(chunk)
        while chunk.count < start, !isLast { isLast = try !source.fill(chunk) }
        while true {
            tail = batch.index.find(
                from: start, delimiter: layout.delimiter, quote: layout.quote, isLast: isLast)
            if !isLast, layout.trailer != nil { holdBack(batch) }
            if isLast || batch.index.recordCount > 0 { break }
            guard chunk.count - tail <= layout.limits.recordBytes else {
                let refusal = tooLong(batch)
                failure = refusal
                throw refusal
            }
            // As much again: a record that needs many pieces is not looked at from its start for each.
            isLast = try !source.fill(chunk, atLeast: chunk.count)
        }
        if isLast {
            isExhausted = true
            if tail < chunk.count { failure = finish(batch) }
            if let trailer = layout.trailer { takeOff(trailer, batch) }
        }
        line = batch.nextLine
        batch.sequence = batches
        batches += 1
        if batch.index.recordCount == 0, let failure { throw failure }
        return batch.index.recordCount > 0
    }

    private func tooLong(_ batch: CSVBatch) -> Refusal {
        .recordTooLong(
            source.name, line: batch.nextLine, byteOffset: batch.chunk.offset(at: tail), layout.limits.recordBytes)
    }

    /// What becomes of the bytes after the last line end of the file.
    private func finish(_ batch: CSVBatch) -> Refusal? {
        let chunk = batch.chunk
        guard chunk.count - tail <= layout.limits.recordBytes else { return tooLong(batch) }
        let scan = CSVScan(
            UnsafePointer(chunk.base), from: tail, count: chunk.count, isLast: true, delimiter: layout.delimiter,
            quote: layout.quote, ends: batch.index.nextEnds)
        if let open = scan.openQuote {
            return .truncatedInQuotes(
                source.name, line: batch.nextLine + lineEnds(chunk, from: tail, to: open),
                byteOffset: chunk.offset(at: open))
        }
        batch.index.append(scan)
        let row = batch.index.row(batch.index.recordCount - 1, quote: layout.quote)
        guard scan.fields >= header.count || layout.trailer?.isHeld(by: row) == true else {
            batch.index.recordCount -= 1
            return .truncatedRecord(source.name, line: batch.nextLine, byteOffset: chunk.offset(at: chunk.count))
        }
        return nil
    }

    /// Leaves what may be the trailer, the last record that is not empty, to the next batch.
    private func holdBack(_ batch: CSVBatch) {
        guard let last = lastRecord(batch) else { return }
        tail = batch.index.recordStart(last)
        batch.index.recordCount = last
    }

    /// Takes the trailer off the end of the file's last batch.
    private func takeOff(_ trailer: CSVTrailer, _ batch: CSVBatch) {
        self.trailer = .missing
        guard let last = lastRecord(batch) else { return }
        let row = batch.index.row(last, quote: layout.quote)
        guard trailer.isHeld(by: row) else { return }
        batch.index.recordCount = last
        self.trailer = trailer.count(in: row).map { .count($0) } ?? .withoutNumber
    }

    private func lastRecord(_ batch: CSVBatch) -> Int? {
        (0..<batch.index.recordCount).last { !batch.index.row($0, quote: layout.quote).isEmpty }
    }

    private func lineEnds(_ chunk: Chunk, from start: Int, to end: Int) -> Int {
        var count = 0
        for index in start..<end {
            let byte = chunk.base[index]
            if byte == 0x0D || (byte == 0x0A && (index == start || chunk.base[index - 1] != 0x0D)) { count += 1 }
        }
        return count
    }
}
