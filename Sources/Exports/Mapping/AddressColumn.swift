import SCIM

/// The column of a CSV that holds people's e-mail addresses, told by its cells: for a file whose headers nobody knows.
package struct AddressColumn: Hashable, Sendable {
    package let name: String
    /// The names of all other columns, in their order.
    package let others: [String]

    /// How many records are looked at.
    private static let sample = 1000

    /// `nil` unless nine of ten cells of some column are addresses. Of several such columns it is the one with the most
    /// different ones: the managers' repeat.
    package init?(of file: InputFile, options: ReadingOptions) {
        let encoding = options.mapping.encoding.flatMap { SourceEncoding(name: $0.value) }
        guard let source = try? ByteSource(path: file.path, encoding: encoding),
            let reader = try? CSVReader(source, score: FormatDetection.score)
        else { return nil }
        let header = reader.header
        var addresses = [Set<String>](repeating: [], count: header.count)
        var filled = [Int](repeating: 0, count: header.count)
        let buffer = RecordBuffer(slots: header.count)
        for _ in 0..<Self.sample {
            guard let outcome = try? reader.next(into: buffer), outcome != .end else { break }
            for index in header.indices {
                guard let cell = buffer.fields[index].string else { continue }
                filled[index] += 1
                if Self.isAddress(cell) { addresses[index].insert(cell.lowercased()) }
            }
        }
        let candidates = header.indices.filter { index in
            filled[index] > 0 && addresses[index].count * 10 >= filled[index] * 9
                && header.count { $0 == header[index] } == 1
        }
        guard let best = candidates.max(by: { addresses[$0].count < addresses[$1].count }) else { return nil }
        name = header[best]
        others = header.enumerated().filter { $0.offset != best && !$0.element.isEmpty }.map(\.element)
    }

    private static func isAddress(_ cell: String) -> Bool {
        cell.wholeMatch(of: /\s*[^@\s,;<>()"]+@[^@\s,;<>()"]+\.[^@\s,;<>()"]+\s*/) != nil
    }
}
