import Foundation

/// The entries of an LDIF file about people, in order, in constant memory (RFC 2849).
///
/// Continuation lines, comments and base64 values are read; records with `changetype` are changes and no export, and
/// refuse the file. An attribute with several values has a list entry for each in its slot, and its first one there.
final class LDIFReader {
    private let source: ByteSource
    private let chunk = Chunk(capacity: 1 << 16)
    private var position = 0
    private var isExhausted = false
    private var line = 0
    private var slots: [String: Int] = [:]
    private var entry: [(attribute: String, value: [UInt8])] = []
    private var fault: String?
    /// Values of the entry in the buffer, by which its fields point.
    private var values = ByteBuffer()

    private static let lineLimit = 1 << 20

    init(_ source: ByteSource) throws(Refusal) {
        try source.refuseMarkup()
        self.source = source
        source.begin(chunk)
    }

    /// Says which attribute fills which slot; letter case does not count.
    func select(_ attributes: [ColumnID]) {
        slots = Dictionary(attributes.enumerated().map { (HeaderKey($1.key).text, $0) }) { first, _ in first }
    }

    /// The attributes of the entry that was read last, values that are not text as `X'…'`.
    var cells: [(attribute: String, value: String)] {
        entry.map { ($0.attribute, String(decoding: $0.value, as: UTF8.self)) }
    }

    func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome {
        while true {
            guard try readEntry(buffer) else { return .end }
            fill(buffer)
            if let fault { return .rejected(code: "bad-ldif", message: fault, column: nil) }
            if isAboutAPerson { return .record }
        }
    }

    // MARK: - Entries

    /// False at the end. ``fault`` says why the entry cannot be used.
    private func readEntry(_ buffer: RecordBuffer) throws(Refusal) -> Bool {
        entry.removeAll(keepingCapacity: true)
        fault = nil
        while let (text, number) = try logicalLine() {
            if text.isEmpty {
                if entry.isEmpty { continue }
                return true
            }
            if text[0] == UInt8(ascii: "#") { continue }
            guard let (name, value, isText) = Self.attribute(text) else {
                if entry.isEmpty { buffer.line = number }
                entry.append(("", text))
                fault = "Line \(number) is no attribute with a value."
                continue
            }
            let key = HeaderKey(name).text
            if entry.isEmpty {
                if key == "version" { continue }
                buffer.line = number
            }
            if key == "changetype" {
                throw Refusal(
                    code: "ldif-changes", place: Place(file: source.name, line: number),
                    message: "The file lists changes (changetype), not the people that there are: export the entries.")
            }
            entry.append((name, isText ? value : Self.hexadecimal(value)))
        }
        return !entry.isEmpty
    }

    private var isAboutAPerson: Bool {
        let classes = Set(
            entry.filter { HeaderKey($0.attribute).text == "objectclass" }
                .map { String(decoding: $0.value, as: UTF8.self).lowercased() })
        if classes.isEmpty { return true }
        return !classes.contains("computer")
            && !classes.isDisjoint(with: ["user", "person", "inetorgperson", "organizationalperson"])
    }

    private func fill(_ buffer: RecordBuffer) {
        for index in buffer.fields.indices { buffer.fields[index] = Field() }
        buffer.listEntries.removeAll(keepingCapacity: true)
        values.removeAll()
        values.reserve(entry.reduce(0) { $0 + $1.value.count })
        for (attribute, value) in entry {
            guard let slot = slots[HeaderKey(attribute).text] else { continue }
            let start = values.count
            value.withUnsafeBytes { values.append($0) }
            let field = Field(text: UnsafePointer(values.base + start), count: value.count)
            if buffer.fields[slot].state == .missing { buffer.fields[slot] = field }
            buffer.listEntries.append((slot, field))
        }
    }

    // MARK: - Attributes

    /// Binary values are those that a directory never holds as text, and what is not UTF-8.
    private static func attribute(_ line: [UInt8]) -> (name: String, value: [UInt8], isText: Bool)? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return nil }
        let description = String(decoding: line[..<colon], as: UTF8.self)
        let parts = description.split(separator: ";").map(String.init)
        guard let name = parts.first else { return nil }
        var rest = line[(colon + 1)...]
        let isEncoded = rest.first == UInt8(ascii: ":")
        if isEncoded || rest.first == UInt8(ascii: "<") { rest = rest.dropFirst() }
        let value = Array(rest.drop { $0 == 0x20 })
        guard isEncoded else { return (name, value, true) }
        guard let data = Data(base64Encoded: Data(value)) else { return nil }
        let isBinary =
            ["objectguid", "objectsid", "jpegphoto", "thumbnailphoto"].contains(name.lowercased())
            || parts.dropFirst().contains { $0.lowercased() == "binary" }
        let bytes = Array(data)
        return (name, bytes, !isBinary && String(validating: bytes, as: UTF8.self) != nil)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Array("X'".utf8) + bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } + [0x27]
    }

    // MARK: - Lines

    /// A line with its continuations, and the number of its first; empty between entries, `nil` at the end.
    private func logicalLine() throws(Refusal) -> (text: [UInt8], number: Int)? {
        guard var text = try physicalLine() else { return nil }
        let number = line
        if text.isEmpty { return (text, number) }
        while try available(1), chunk.base[position] == 0x20 {
            guard let more = try physicalLine() else { break }
            text += more.dropFirst()
            guard text.count <= Self.lineLimit else {
                throw Refusal(
                    code: "record-too-long", place: Place(file: source.name, line: number),
                    message: "The value that begins on line \(number) is longer than \(Self.lineLimit) bytes.")
            }
        }
        return (text, number)
    }

    private func physicalLine() throws(Refusal) -> [UInt8]? {
        guard try available(1) else { return nil }
        var end = position
        while true {
            if end == chunk.count {
                let waiting = end - position
                guard waiting <= Self.lineLimit, try available(waiting + 1) else {
                    throw .truncatedRecord(source.name, line: line + 1, byteOffset: chunk.offset(at: chunk.count))
                }
                end = position + waiting
            }
            if chunk.base[end] == 0x0A { break }
            end += 1
        }
        var text = Array(UnsafeBufferPointer(start: chunk.base + position, count: end - position))
        if text.last == 0x0D { text.removeLast() }
        position = end + 1
        line += 1
        return text
    }

    /// Whether so many bytes stand at ``position``; reads on for them.
    private func available(_ count: Int) throws(Refusal) -> Bool {
        while chunk.count - position < count {
            if isExhausted { return false }
            if position > 0 {
                chunk.restart(with: chunk, from: position)
                position = 0
            }
            isExhausted = try !source.fill(chunk)
        }
        return true
    }
}
