import Exports
import JSON

/// The JSON parser, writer and record reader on whatever libFuzzer makes.
///
/// What the parser takes, the writer writes and the parser takes again, equal. What the parser refuses, the record
/// reader does not take for a whole array; and where its pieces end does not matter. The first two bytes choose the
/// layout and the piece, the rest is the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 2 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let text = Array(bytes.dropFirst(2))
    let value = try? JSON.parse(text)
    if let value {
        var writer = JSONWriter(pretty: bytes[0] & 4 != 0)
        writer.value(value)
        precondition((try? JSON.parse(writer.bytes)) == value, "written and read again it is another value")
    }
    text.withUnsafeBytes { raw in
        let beginning = try? JSON.parseBeginning(raw)
        precondition(value == nil || beginning != nil, "whole text is taken, its beginning is not")
    }
    let layout: JSONLayout =
        switch bytes[0] & 3 {
        case 0: .array
        case 1: .lines
        default: .member(["v", "e.u", "Resources"])
        }
    let whole = read(text, layout, pieceBytes: 1 << 16)
    let pieced = read(text, layout, pieceBytes: 1 + Int(bytes[1]))
    // What is refused first, bytes that are no UTF-8 or a mistake before them, depends on how much is read at once.
    if whole.refusal?.hasPrefix("not-") != true, pieced.refusal?.hasPrefix("not-") != true {
        precondition(whole.said == pieced.said && whole.refusal == pieced.refusal, "a piece changes what is read")
    }
    // A byte order mark is the file reader's to take off, not the parser's.
    if layout == .array, value == nil, whole.pages == 1, text.first.map({ $0 < 0x80 }) == true {
        precondition(whole.refusal != nil, "records of a text that is no JSON")
    }
    return 0
}

private func read(
    _ bytes: [UInt8], _ layout: JSONLayout, pieceBytes: Int
) -> (said: [String], refusal: String?, pages: Int) {
    let paths = ["id", "p.q[0].r", "p[x=1].y", "p[]"].compactMap { try? JSONMemberPath($0) }
    var said: [String] = [], pages = 0
    do throws(Refusal) {
        let source = try ByteSource(bytes: bytes, name: "fuzz.json", pieceBytes: pieceBytes)
        let reader = try JSONRecordReader(source, layout: layout, paths: paths)
        let buffer = RecordBuffer(slots: paths.count)
        while try reader.next(into: buffer) != .end {
            precondition((try? JSON.parse(reader.element)) != nil, "a record that is no JSON")
            said.append("\(buffer.line) \(buffer.byteOffset) \(buffer.fields.map(\.string)) \(buffer.list(3).count)")
        }
        pages = reader.pages.count
    } catch {
        precondition(!error.code.isEmpty && !error.message.isEmpty)
        return (said, "\(error.code) \(error.place)", pages)
    }
    return (said, nil, pages)
}
