/// Builds a JSON text as bytes (RFC 8259). Commas and indentation are its business; that every `begin` meets its `end`
/// and every value in an object has a `name` before it is the caller's.
///
/// Texts it makes can stand in HTML and JavaScript: U+2028, U+2029, DEL and every control character are escaped.
package struct JSONWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    /// For each open object or array, whether something stands in it already.
    private var hasContent: [Bool] = []
    private var followsName = false

    /// `pretty`: one member a line, indented by two blanks, a line end after the whole.
    package init(pretty: Bool = false, reservingBytes: Int = 0) {
        isPretty = pretty
        bytes.reserveCapacity(reservingBytes)
    }

    /// Forgets what was written and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        hasContent.removeAll(keepingCapacity: true)
        followsName = false
    }

    /// Gives away what was written so far and goes on: a long document leaves in pieces.
    package mutating func takeBytes() -> [UInt8] {
        let taken = bytes
        bytes = []
        bytes.reserveCapacity(taken.count)
        return taken
    }

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// The name of the member whose value comes next.
    package mutating func name(_ name: String) {
        separate()
        append(quoted: name)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(0x20) }
        followsName = true
    }

    package mutating func null() { raw("null") }
    package mutating func boolean(_ value: Bool) { if value { raw("true") } else { raw("false") } }
    package mutating func string(_ value: String) {
        separate()
        append(quoted: value)
        finish()
    }
    /// Text that is known to be UTF-8.
    package mutating func string(utf8 value: UnsafeRawBufferPointer) {
        separate()
        append(quoted: value)
        finish()
    }
    package mutating func integer(_ value: some FixedWidthInteger) {
        separate()
        var magnitude = UInt64(value.magnitude)
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude % 10))
            magnitude /= 10
        } while magnitude != 0
        bytes[start...].reverse()
        finish()
    }
    /// A value that is JSON already; goes in as it is.
    package mutating func raw(_ value: UnsafeRawBufferPointer) {
        separate()
        bytes.append(contentsOf: value)
        finish()
    }
    /// A value that is JSON already; goes in as it is.
    package mutating func raw(_ value: StaticString) {
        raw(UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .boolean(let value): boolean(value)
        case .number(let lexeme):
            var lexeme = lexeme
            lexeme.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
        case .string(let value): string(value)
        case .array(let values):
            beginArray()
            for element in values { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// `null` for `nil`, else the text.
    package mutating func string(_ value: String?) { if let value { string(value) } else { null() } }

    package mutating func member(_ name: String, _ value: String?) {
        self.name(name)
        string(value)
    }
    package mutating func member(_ name: String, _ value: some FixedWidthInteger) {
        self.name(name)
        integer(value)
    }
    package mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        boolean(value)
    }
    package mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        hasContent.append(false)
    }

    private mutating func end(_ bracket: UInt8) {
        precondition(!hasContent.isEmpty && !followsName)
        if hasContent.removeLast() { breakLine() }
        bytes.append(bracket)
        finish()
    }

    /// What goes before a value or a name.
    private mutating func separate() {
        if followsName {
            followsName = false
            return
        }
        guard let last = hasContent.indices.last else { return }
        if hasContent[last] { bytes.append(UInt8(ascii: ",")) }
        hasContent[last] = true
        breakLine()
    }

    private mutating func finish() { if isPretty && hasContent.isEmpty { bytes.append(0x0A) } }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: hasContent.count * 2))
    }

    private mutating func append(quoted value: String) {
        var value = value
        value.withUTF8 { append(quoted: UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(quoted value: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var plain = 0
        var index = Self.plainPrefix(of: value, from: 0)
        while index < value.count {
            let byte = value[index]
            // E2 80 A8 and E2 80 A9 are the line separators that end a line of JavaScript.
            let isSeparator =
                byte == 0xE2 && index + 2 < value.count && value[index + 1] == 0x80 && value[index + 2] & 0xFE == 0xA8
            if byte == 0xE2 && !isSeparator {
                index = Self.plainPrefix(of: value, from: index + 1)
                continue
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: value[plain..<index]))
            if isSeparator {
                append(unicode: 0x2000 | UInt16(value[index + 2] & 0x3F))
                index += 3
            } else {
                append(escape: byte)
                index += 1
            }
            plain = index
            index = Self.plainPrefix(of: value, from: index)
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: value[plain...]))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Where from `start` the first byte stands that may have to be escaped. Most texts have none, and a plan has
    /// millions of texts, so eight bytes are looked at together.
    private static func plainPrefix(of value: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= value.count {
            let word = value.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if mayHoldSpecial(word) { break }
            index += 8
        }
        while index < value.count, !isSpecial(value[index]) { index += 1 }
        return index
    }

    /// The high bit of a lane is set where the lane's byte is below 0x20 or equal to one of the others. A lane behind a
    /// found one may be taken for another, never the other way round.
    @inline(__always)
    private static func mayHoldSpecial(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func lanes(_ byte: UInt64) -> UInt64 {
            let difference = word ^ ones &* byte
            return (difference &- ones) & ~difference
        }
        let below = (word &- ones &* 0x20) & ~word
        return (below | lanes(0x22) | lanes(0x5C) | lanes(0x7F) | lanes(0xE2)) & ones &* 0x80 != 0
    }

    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F || byte == 0xE2
    }

    private mutating func append(escape byte: UInt8) {
        let short: Unicode.Scalar? =
            switch byte {
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0C: "f"
            case 0x0D: "r"
            case 0x22: "\""
            case 0x5C: "\\"
            default: nil
            }
        guard let short else { return append(unicode: UInt16(byte)) }
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: short))
    }

    private mutating func append(unicode unit: UInt16) {
        bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift) & 15)
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
