import CScan

/// The lexemes of RFC 8259, over bytes that are known to be valid UTF-8. Every function takes where to begin and where
/// the text ends, never reads at or after the end, and returns where it stopped.
enum JSONScan {
    typealias Pointer = UnsafePointer<UInt8>

    /// Passes over blanks (RFC 8259 §2).
    @inline(__always)
    static func blank(_ start: Pointer, _ end: Pointer) -> Pointer {
        var p = start
        while p < end, p.pointee <= 0x20 {
            let byte = p.pointee
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            p += 1
        }
        return p
    }

    /// `true`, `false` or `null`, whose first byte was seen.
    @inline(__always)
    static func literal(_ word: StaticString, _ start: Pointer, _ end: Pointer) throws(JSONFailure) -> Pointer {
        let count = word.utf8CodeUnitCount
        let available = min(count, end - start)
        guard popl_equal(start, word.utf8Start, available) != 0 else {
            throw JSONFailure(.syntax, at: start, "a value is expected here")
        }
        guard available == count else { throw .cut(end) }
        return start + count
    }

    /// A number (RFC 8259 §6), whose first byte (a digit or `-`) was seen.
    static func number(_ start: Pointer, _ end: Pointer, _ limits: JSONLimits) throws(JSONFailure) -> Pointer {
        var p = start
        if p.pointee == UInt8(ascii: "-") { p += 1 }
        guard p < end else { throw .cut(p) }
        if p.pointee == UInt8(ascii: "0") {
            p += 1
            if p < end, isDigit(p.pointee) { throw JSONFailure(.syntax, at: p, "a number begins with a needless 0") }
        } else {
            p = try digits(p, end)
        }
        if p < end, p.pointee == UInt8(ascii: ".") { p = try digits(p + 1, end) }
        if p < end, p.pointee | 0x20 == UInt8(ascii: "e") {
            p += 1
            if p < end, p.pointee == UInt8(ascii: "+") || p.pointee == UInt8(ascii: "-") { p += 1 }
            p = try digits(p, end)
        }
        guard p - start <= limits.numberBytes else { throw JSONFailure(.tooLong, at: start, "a number is too long") }
        return p
    }

    /// One digit or more.
    @inline(__always)
    private static func digits(_ start: Pointer, _ end: Pointer) throws(JSONFailure) -> Pointer {
        var p = start
        while p < end, isDigit(p.pointee) { p += 1 }
        guard p > start else {
            if p == end { throw .cut(p) }
            throw JSONFailure(.syntax, at: p, "a digit is expected here")
        }
        return p
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The closing quote of a string whose opening quote lies before `start`, and whether escapes stand in it.
    @inline(__always)
    static func string(
        _ start: Pointer, _ end: Pointer, _ limits: JSONLimits
    ) throws(JSONFailure) -> (close: Pointer, escaped: Bool) {
        var p: Pointer = popl_json_string_run(start, end)
        var escaped = false
        if p < end, p.pointee == UInt8(ascii: "\\") {
            escaped = true
            p = try passEscapes(p, end)
        }
        guard p < end else { throw .cut(end) }
        guard p.pointee == UInt8(ascii: "\"") else {
            throw JSONFailure(.syntax, at: p, "a control character stands in a string without an escape")
        }
        guard p - start <= limits.stringBytes else { throw JSONFailure(.tooLong, at: start, "a string is too long") }
        return (p, escaped)
    }

    /// From the first backslash of a string to the first byte that is neither part of an escape nor plain text.
    @inline(never)
    private static func passEscapes(_ start: Pointer, _ end: Pointer) throws(JSONFailure) -> Pointer {
        var p = start
        while p < end, p.pointee == UInt8(ascii: "\\") {
            guard p + 1 < end else { throw .cut(end) }
            switch p[1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                p += 2
            case UInt8(ascii: "u"):
                let unit = try hex(p, end)
                p += 6
                if unit & 0xFC00 == 0xD800 {
                    guard end - p >= 2 || !isPrefixOfEscape(p, end) else { throw .cut(end) }
                    guard end - p >= 2, p[0] == UInt8(ascii: "\\"), p[1] == UInt8(ascii: "u") else {
                        throw JSONFailure(.loneSurrogate, at: p - 6, "half of a surrogate pair stands alone")
                    }
                    guard try hex(p, end) & 0xFC00 == 0xDC00 else {
                        throw JSONFailure(.loneSurrogate, at: p - 6, "half of a surrogate pair stands alone")
                    }
                    p += 6
                } else if unit & 0xFC00 == 0xDC00 {
                    throw JSONFailure(.loneSurrogate, at: p - 6, "half of a surrogate pair stands alone")
                }
            default: throw JSONFailure(.syntax, at: p, "a backslash is followed by a character that it cannot escape")
            }
            p = popl_json_string_run(p, end)
        }
        return p
    }

    private static func isPrefixOfEscape(_ p: Pointer, _ end: Pointer) -> Bool {
        p == end || p.pointee == UInt8(ascii: "\\")
    }

    /// The code unit of the `\uXXXX` at `p`.
    private static func hex(_ p: Pointer, _ end: Pointer) throws(JSONFailure) -> UInt32 {
        var unit: UInt32 = 0
        for index in 2..<6 {
            guard p + index < end else { throw .cut(end) }
            guard let digit = hexDigit(p[index]) else {
                throw JSONFailure(.syntax, at: p, "\\u is not followed by four hexadecimal digits")
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    @inline(__always)
    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: nil
        }
    }

    /// Writes what `start..<end`, a string that `string` has passed, stands for. `out` needs as many bytes as the
    /// string has: no escape is shorter than its meaning. Returns how many were written.
    static func unescape(_ start: Pointer, _ end: Pointer, into out: UnsafeMutablePointer<UInt8>) -> Int {
        var p = start
        var o = out
        while p < end {
            guard p.pointee == UInt8(ascii: "\\") else {
                o.pointee = p.pointee
                o += 1
                p += 1
                continue
            }
            let kind = p[1]
            p += 2
            switch kind {
            case UInt8(ascii: "b"): o.pointee = 0x08
            case UInt8(ascii: "f"): o.pointee = 0x0C
            case UInt8(ascii: "n"): o.pointee = 0x0A
            case UInt8(ascii: "r"): o.pointee = 0x0D
            case UInt8(ascii: "t"): o.pointee = 0x09
            case UInt8(ascii: "u"):
                var scalar = unit(p)
                p += 4
                if scalar & 0xFC00 == 0xD800 {
                    scalar = 0x10000 + ((scalar & 0x3FF) << 10) + (unit(p + 2) & 0x3FF)
                    p += 6
                }
                o = encode(scalar, o)
                continue
            default: o.pointee = kind
            }
            o += 1
        }
        return o - out
    }

    private static func unit(_ p: Pointer) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | (hexDigit(p[$1]) ?? 0) }
    }

    private static func encode(_ scalar: UInt32, _ out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        switch scalar {
        case 0..<0x80:
            out[0] = UInt8(truncatingIfNeeded: scalar)
            return out + 1
        case 0x80..<0x800:
            out[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return out + 2
        case 0x800..<0x10000:
            out[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
            out[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return out + 3
        default:
            out[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
            out[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
            out[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return out + 4
        }
    }

    /// A string's text, for values that leave as `String`.
    static func text(_ start: Pointer, _ end: Pointer, escaped: Bool) -> String {
        let count = end - start
        guard escaped else { return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }
        return String(unsafeUninitializedCapacity: max(count, 1)) { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return unescape(start, end, into: base)
        }
    }
}

/// A member name that compares by its bytes: `String` holds two spellings of é to be equal, JSON does not.
struct MemberName: Hashable {
    var name: String
    init(_ name: String) { self.name = name }
    static func == (a: MemberName, b: MemberName) -> Bool { a.name.utf8.elementsEqual(b.name.utf8) }
    func hash(into hasher: inout Hasher) {
        var name = name
        name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
