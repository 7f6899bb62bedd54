import CScan

/// Reads one record a byte at a time, exactly as idp-exports.md §6.4 says: for headers, for the end of a file, and for
/// records in which a quote stands where parity cannot judge it.
struct CSVScan {
    /// A record with text after a closing quote.
    static let textAfterQuote: UInt32 = 4

    enum Ending: Equatable {
        /// A line end closed the record; the next one begins at this position.
        case lineEnd(next: Int)
        /// The bytes ended, and with them the record.
        case dataEnd
        /// More bytes are needed to tell.
        case incomplete
    }

    var ending = Ending.incomplete
    /// How many field ends were written.
    var fields = 0
    /// Line ends inside quotes.
    var quotedLines = 0
    var flags: UInt32 = 0
    /// The quote that was open when the bytes ended.
    var openQuote: Int?

    private let bytes: UnsafePointer<UInt8>
    private let count: Int
    private let isLast: Bool
    private let delimiter: UInt8
    private let quote: UInt8
    private let ends: UnsafeMutablePointer<UInt32>

    /// - Parameters:
    ///   - isLast: no bytes follow after `count`.
    ///   - ends: gets the position after each field; room for as many entries as there are bytes, and one.
    init(
        _ bytes: UnsafePointer<UInt8>, from start: Int, count: Int, isLast: Bool, delimiter: UInt8, quote: UInt8,
        ends: UnsafeMutablePointer<UInt32>
    ) {
        self.bytes = bytes
        self.count = count
        self.isLast = isLast
        self.delimiter = delimiter
        self.quote = quote
        self.ends = ends
        ending = scan(start)
    }

    private mutating func scan(_ start: Int) -> Ending {
        var p = start
        while true {
            if p < count, bytes[p] == quote {
                guard let close = passQuoted(p) else { return isLast ? .dataEnd : .incomplete }
                p = close + 1
                if p < count, !endsField(bytes[p]) { flags |= Self.textAfterQuote }
            }
            while p < count, !endsField(bytes[p]) {
                if bytes[p] == 0 { flags |= UInt32(POPL_CSV_NUL) }
                p += 1
            }
            guard p < count || isLast else { return .incomplete }
            ends[fields] = UInt32(p)
            fields += 1
            guard p < count else { return .dataEnd }
            if bytes[p] == delimiter {
                p += 1
                continue
            }
            guard bytes[p] == 0x0D else { return .lineEnd(next: p + 1) }
            guard p + 1 < count else { return isLast ? .lineEnd(next: p + 1) : .incomplete }
            return .lineEnd(next: bytes[p + 1] == 0x0A ? p + 2 : p + 1)
        }
    }

    /// The closing quote of the field whose opening quote stands at `open`; `nil` when the bytes end before it is known.
    private mutating func passQuoted(_ open: Int) -> Int? {
        var p = open + 1
        while p < count {
            switch bytes[p] {
            case quote:
                guard p + 1 < count || isLast else { return nil }
                guard p + 1 < count, bytes[p + 1] == quote else { return p }
                flags |= UInt32(POPL_CSV_ESCAPES)
                p += 1
            case 0x0A: quotedLines += 1
            case 0x0D: if p + 1 >= count || bytes[p + 1] != 0x0A { quotedLines += 1 }
            case 0: flags |= UInt32(POPL_CSV_NUL)
            default: break
            }
            p += 1
        }
        openQuote = open
        return nil
    }

    @inline(__always)
    private func endsField(_ byte: UInt8) -> Bool { byte == delimiter || byte == 0x0A || byte == 0x0D }
}
