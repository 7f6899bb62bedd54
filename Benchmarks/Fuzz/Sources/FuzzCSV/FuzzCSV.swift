import Exports

/// The CSV reader on whatever libFuzzer makes: it must take or refuse, and where its pieces end must not matter.
///
/// The first two bytes choose the dialect and the piece, the rest is the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 2 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let file = Array(bytes.dropFirst(2))
    let whole = read(file, dialect: bytes[0], pieceBytes: 1 << 16)
    let pieced = read(file, dialect: bytes[0], pieceBytes: 1 + Int(bytes[1]))
    // What is refused first, bytes that are no text or a mistake before them, depends on how much is read at once.
    if whole.last?.hasPrefix("not-") != true, pieced.last?.hasPrefix("not-") != true {
        precondition(whole == pieced, "where a piece ends changes what is read")
    }
    return 0
}

/// Everything that the reader says of a file, in order.
private func read(_ bytes: [UInt8], dialect: UInt8, pieceBytes: Int) -> [String] {
    var said: [String] = []
    var limits = CSVLimits.default
    if dialect & 4 != 0 {
        limits.fieldBytes = 40
        limits.recordBytes = 200
    }
    do throws(Refusal) {
        let source = try ByteSource(
            bytes: bytes, name: "fuzz.csv", encoding: dialect & 8 != 0 ? .windows1252 : nil, pieceBytes: pieceBytes)
        let reader = try CSVReader(
            source, delimiter: dialect & 1 != 0 ? UInt8(ascii: ";") : nil,
            quote: dialect & 2 != 0 ? UInt8(ascii: "'") : UInt8(ascii: "\""), limits: limits)
        said.append("\(reader.header) \(reader.delimiter) \(reader.headerLine)")
        let buffer = RecordBuffer(slots: reader.header.count)
        while true {
            let outcome = try reader.next(into: buffer)
            if outcome == .end { return said }
            said.append(
                "\(outcome) \(buffer.line) \(buffer.byteOffset) \(buffer.fields.map(\.string)) \(reader.cells())")
        }
    } catch {
        precondition(!error.code.isEmpty && !error.message.isEmpty)
        said.append("\(error.code) \(error.place)")
    }
    return said
}
