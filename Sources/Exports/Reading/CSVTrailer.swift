/// A last row that is no record: `TRAILER,1234` says that 1234 records stand before it.
struct CSVTrailer: Hashable, Sendable {
    /// Lower case where it is ASCII.
    private let word: [UInt8]

    /// `word`: what its first cell begins with, followed by nothing or by something that is no letter and no digit.
    /// Letter case does not count.
    init(_ word: String) { self.word = word.utf8.map(Self.folded) }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    func isHeld(by row: CSVRow) -> Bool {
        let (from, to) = row.cell(0)
        let (start, end, _) = CSVCell.content(row.bytes, from, to, quote: row.quote)
        guard end - start >= word.count else { return false }
        for index in word.indices where Self.folded(row.bytes[start + index]) != word[index] { return false }
        guard start + word.count < end else { return true }
        let next = Self.folded(row.bytes[start + word.count])
        let isWord =
            next >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
        return !isWord
    }

    /// The first cell after the first that is a whole number, else the number in the first cell.
    func count(in row: CSVRow) -> Int? {
        let cells = (0..<row.fields).map { column in
            let (start, end) = row.cell(column)
            return CSVCell.text(row.bytes, start, end, quote: row.quote)
        }
        let numbers = cells.dropFirst().compactMap { cell in Int(cell.filter { !$0.isWhitespace }) }
        if let count = numbers.first(where: { $0 >= 0 }) { return count }
        let rest = cells[0].dropFirst(word.count).drop { !$0.isASCII || !$0.isNumber }
        return Int(rest.prefix { $0.isASCII && $0.isNumber })
    }
}

/// What became of a trailer that was asked for.
package enum TrailerFinding: Hashable, Sendable {
    case count(Int)
    case withoutNumber
    case missing
}
