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

/// What a batch needs to know of its file in order to read records on its own.
struct CSVLayout: Sendable {
    var file: String
    var delimiter: UInt8
    var quote: UInt8
    var limits: CSVLimits
    /// Without the trailing columns that have no name.
    var header: [String]
    /// With them: up to here a record may have empty fields.
    var writtenColumns: Int
    /// For each slot the column that fills it, or −1.
    var columns: [Int32] = []
    /// How many slots take the same column, at most.
    var sharing = 1
}
