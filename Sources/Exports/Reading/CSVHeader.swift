import CScan

/// The first record of a CSV file and what comes before it.
struct CSVHeader {
    /// As written, blank ones at the end included.
    var names: [String]
    var delimiter: UInt8
    /// Where the first record after it begins, counted from where the source stands.
    var end: Int
    /// Physical lines of the header itself and of the record after it.
    var recordLine: Int
    var nextLine: Int

    /// In the order that decides between equals.
    private static let delimiters = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]

    /// Looks at the head of `source` without consuming it.
    ///
    /// The delimiter is the one that makes most known headers (idp-exports.md §6.3): `score` says how many of the names
    /// it knows. Between equals the one that makes more columns is taken.
    static func read(
        _ source: ByteSource, delimiter: UInt8?, quote: UInt8, limits: CSVLimits, score: ([String]) -> Int
    ) throws(Refusal) -> CSVHeader {
        var size = 4096
        while true {
            let head = try source.peek(size)
            let isLast = head.count < size
            let preamble = Preamble(head)
            guard isLast || size > limits.recordBytes || preamble.isComplete else {
                size *= 4
                continue
            }
            let pinned = delimiter ?? preamble.delimiter
            let readings = (pinned.map { [$0] } ?? delimiters).map {
                Reading(head, preamble, isLast: isLast, delimiter: $0, quote: quote)
            }
            guard isLast || size > limits.recordBytes || readings.allSatisfy(\.isWhole) else {
                size *= 4
                continue
            }
            let best = choose(readings, score)
            try check(best, source.name, preamble, limits, isLast: isLast)
            return CSVHeader(
                names: best.names, delimiter: best.delimiter, end: best.end, recordLine: preamble.lines + 1,
                nextLine: preamble.lines + 1 + best.lines)
        }
    }

    private static func choose(_ readings: [Reading], _ score: ([String]) -> Int) -> Reading {
        var best = (reading: readings[0], score: score(readings[0].names))
        for reading in readings.dropFirst() {
            let score = score(reading.names)
            if score > best.score || (score == best.score && reading.names.count > best.reading.names.count) {
                best = (reading, score)
            }
        }
        return best.reading
    }

    private static func check(
        _ header: Reading, _ file: String, _ preamble: Preamble, _ limits: CSVLimits, isLast: Bool
    ) throws(Refusal) {
        let line = preamble.lines + 1
        guard header.isWhole else {
            throw isLast
                ? .truncatedInQuotes(file, line: line, byteOffset: preamble.end)
                : .recordTooLong(file, line: line, byteOffset: preamble.end, limits.recordBytes)
        }
        guard header.flags & CSVScan.textAfterQuote == 0 else { throw .badHeader(file, line: line) }
        guard header.flags & UInt32(POPL_CSV_NUL) == 0 else { throw .nulInHeader(file, line: line) }
        guard header.names.contains(where: { !$0.isEmpty }) else { throw .noHeader(file, line: line) }
        guard header.names.count <= limits.columns else {
            throw .tooManyColumns(file, line: line, header.names.count, limits.columns)
        }
    }

    /// The header record under one delimiter.
    private struct Reading {
        var names: [String]
        var delimiter: UInt8
        var end: Int
        var lines: Int
        var flags: UInt32

        /// False when the record does not end within the bytes; then the names are those before the cut.
        var isWhole: Bool

        init(_ head: UnsafeRawBufferPointer, _ preamble: Preamble, isLast: Bool, delimiter: UInt8, quote: UInt8) {
            self.delimiter = delimiter
            let ends = UnsafeMutablePointer<UInt32>.allocate(capacity: head.count + 2)
            defer { ends.deallocate() }
            guard let bytes = head.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                (names, end, lines, flags, isWhole) = ([], 0, 0, 0, isLast)
                return
            }
            let scan = CSVScan(
                bytes, from: preamble.end, count: head.count, isLast: isLast, delimiter: delimiter, quote: quote,
                ends: ends)
            end = if case .lineEnd(let next) = scan.ending { next } else { head.count }
            isWhole = scan.ending != .incomplete && scan.openQuote == nil
            lines = scan.quotedLines + 1
            flags = scan.flags
            names = (0..<scan.fields).map { index in
                let start = index == 0 ? preamble.end : Int(ends[index - 1]) + 1
                return CSVCell.text(bytes, start, Int(ends[index]), quote: quote)
            }
            // What the cut field would be counts as a column too.
            if !isWhole { names.append("") }
        }
    }

    /// One `sep=X` line (Excel's) and one `#TYPE …` line (PowerShell's), in either order; nothing else is passed over.
    private struct Preamble {
        var delimiter: UInt8?
        var end = 0
        var lines = 0
        /// False when a line that may belong to it does not end within the bytes.
        var isComplete = true

        init(_ head: UnsafeRawBufferPointer) {
            var hasType = false
            while true {
                let rest = head[end...]
                guard let stop = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                    isComplete = false
                    return
                }
                let line = head[end..<stop]
                if delimiter == nil, line.count == 5, line.starts(with: Array("sep=".utf8)), let last = line.last,
                    last < 0x80
                {
                    delimiter = last
                } else if !hasType, line.starts(with: Array("#TYPE".utf8)) {
                    hasType = true
                } else {
                    return
                }
                end = stop + 1
                if head[stop] == 0x0D, end < head.count, head[end] == 0x0A { end += 1 }
                lines += 1
            }
        }
    }
}

/// The text of one cell from its bytes as written.
enum CSVCell {
    /// Where the content lies: inside the quotes, if the cell has both.
    @inline(__always)
    static func content(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, quote: UInt8) -> (Int, Int, Bool) {
        guard end &- start >= 2, bytes[start] == quote, bytes[end &- 1] == quote else { return (start, end, false) }
        return (start &+ 1, end &- 1, true)
    }

    /// Copies the content of a quoted cell with doubled quotes made single; returns how many bytes that is.
    static func unescape(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, quote: UInt8, into out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var written = 0
        var p = start
        while p < end {
            let byte = bytes[p]
            out[written] = byte
            written &+= 1
            p &+= byte == quote && p &+ 1 < end && bytes[p &+ 1] == quote ? 2 : 1
        }
        return written
    }

    static func text(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, quote: UInt8) -> String {
        let (from, to, isQuoted) = content(bytes, start, end, quote: quote)
        guard isQuoted else {
            return String(decoding: UnsafeBufferPointer(start: bytes + from, count: to - from), as: UTF8.self)
        }
        return String(unsafeUninitializedCapacity: max(to - from, 1)) { buffer in
            guard let out = buffer.baseAddress else { return 0 }
            return unescape(bytes, from, to, quote: quote, into: out)
        }
    }
}
