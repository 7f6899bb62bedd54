/// How much of one file is taken (idp-exports.md §6.7). There is no cap on records.
package struct CSVLimits: Hashable, Sendable {
    /// As written, quotes included. A record with a longer field is rejected.
    package var fieldBytes = 256 * 1024
    /// As written. A longer record is taken for a quote that nobody closed, and the file refused.
    package var recordBytes = 1024 * 1024
    package var columns = 500
    package init() {}

    package static let `default` = CSVLimits()
}

/// What a batch needs to know of its file in order to read records on its own. One object, so that a record costs no
/// copy of it.
final class CSVLayout: Sendable {
    let file: String
    let delimiter: UInt8
    let quote: UInt8
    let limits: CSVLimits
    /// Without the trailing columns that have no name.
    let header: [String]
    /// With them: up to here a record may have empty fields.
    let writtenColumns: Int
    /// For each slot the column that fills it, or −1.
    let columns: [Int32]
    /// Rows that are no records.
    let trailer: CSVTrailer?
    /// How many slots take the same column, at most.
    let sharing: Int

    init(
        file: String, delimiter: UInt8, quote: UInt8, limits: CSVLimits, header: [String], writtenColumns: Int,
        columns: [Int?], trailer: CSVTrailer? = nil
    ) {
        self.file = file
        self.delimiter = delimiter
        self.quote = quote
        self.limits = limits
        self.header = header
        self.writtenColumns = writtenColumns
        self.trailer = trailer
        self.columns = columns.map { $0.map { Int32($0) } ?? -1 }
        sharing = Dictionary(columns.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 1
    }

    /// Another one of the same file, but for what is given.
    convenience init(_ other: CSVLayout, quote: UInt8? = nil, columns: [Int?]? = nil, trailer: CSVTrailer? = nil) {
        self.init(
            file: other.file, delimiter: other.delimiter, quote: quote ?? other.quote, limits: other.limits,
            header: other.header, writtenColumns: other.writtenColumns,
            columns: columns ?? other.columns.map { $0 < 0 ? nil : Int($0) }, trailer: trailer ?? other.trailer)
    }
}
