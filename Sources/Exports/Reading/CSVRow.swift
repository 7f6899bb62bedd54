import CScan

/// One record of a chunk: where its fields lie.
struct CSVRow {
    let bytes: UnsafePointer<UInt8>
    /// Of the record's own fields.
    let ends: UnsafePointer<UInt32>
    let fields: Int
    let start: Int
    let flags: UInt32
    let quote: UInt8

    /// In bytes, without the line end.
    @inline(__always) var length: Int { Int(ends[fields &- 1]) &- start }

    /// Where a cell lies, quotes included.
    @inline(__always)
    func cell(_ column: Int) -> (Int, Int) {
        (column == 0 ? start : Int(ends[column &- 1]) &+ 1, Int(ends[column]))
    }

    /// Whether no field has content.
    var isEmpty: Bool { (0..<fields).allSatisfy(isEmpty) }

    private func isEmpty(_ column: Int) -> Bool {
        let (from, to) = cell(column)
        let (start, end, _) = CSVCell.content(bytes, from, to, quote: quote)
        return start == end
    }

    /// What is wrong with a record that is not plainly right; nothing, perhaps.
    func judge(_ layout: CSVLayout) -> RecordOutcome {
        let columns = layout.header.count
        if layout.trailer?.isHeld(by: self) == true {
            return .rejected(
                code: "trailer-before-the-end",
                message: "This is a trailer row, and records follow: are these two exports in one file?", column: nil)
        }
        if flags & CSVScan.textAfterQuote != 0 {
            return .rejected(
                code: "text-after-quote",
                message: "Text follows after a closing quote, so it cannot be told where fields begin and end. Double "
                    + "every quote inside a quoted field.", column: nil)
        }
        if flags & UInt32(POPL_CSV_NUL) != 0 {
            let column = (0..<fields).first { index in
                let (start, end) = cell(index)
                return (start..<end).contains { bytes[$0] == 0 }
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
        let hasSurplus = fields > layout.writtenColumns || (columns..<fields).contains { !isEmpty($0) }
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
