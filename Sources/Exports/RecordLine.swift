/// Where in its file a record begins: on which line, and, where JSON has several on one, which of the file's records it is.
package struct RecordLine: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    // Small, because it is kept of everybody.
    private let number: Int32
    private let index: Int32

    package init(_ line: Int, record: Int? = nil) {
        number = Int32(clamping: line)
        index = Int32(clamping: record ?? 0)
    }

    package init(integerLiteral line: Int) { self.init(line) }

    /// From 1, as editors count.
    package var line: Int { Int(number) }
    /// From 1; `nil` where the line says it.
    package var record: Int? { index > 0 ? Int(index) : nil }

    /// `line 3`, or `record 3`.
    package var description: String { record.map { "record \($0)" } ?? "line \(line)" }

    package static func < (a: RecordLine, b: RecordLine) -> Bool { (a.number, a.index) < (b.number, b.index) }
}
