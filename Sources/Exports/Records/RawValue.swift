/// One cell or member as a reader hands it over: a view on the reader's buffer, with what can be told about it without
/// knowing which attribute it is for.
struct RawValue {
    var start: UnsafePointer<UInt8>
    var count: Int
    /// No such column or member here. A blank cell and JSON's null are there, and empty.
    var isMissing: Bool

    @inline(__always) var isBlank: Bool { count == 0 }

    var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

    /// Without Unicode white space around it. With `keepsFormula`, a tab or carriage return in front stays: it is data
    /// (idp-exports.md §6.9).
    @inline(__always)
    func trimmed(keepsFormula: Bool = false) -> RawValue {
        if count == 0 { return self }
        let (first, last) = (start[0], start[count - 1])
        if first > 0x20, last > 0x20, Self.cannotBeWhiteSpace(first), last < 0x80 { return self }
        return slowlyTrimmed(keepsFormula)
    }

    /// White space outside ASCII begins with one of these bytes.
    @inline(__always)
    private static func cannotBeWhiteSpace(_ byte: UInt8) -> Bool {
        byte < 0xC2 || byte > 0xE3 || (byte > 0xC2 && byte < 0xE1)
    }

    @inline(never)
    private func slowlyTrimmed(_ keepsFormula: Bool) -> RawValue {
        var (from, to) = (0, count)
        while to > from, case let length = Self.whiteSpace(endingAt: to, start, from), length > 0 { to -= length }
        while from < to, case let length = Self.whiteSpace(at: from, start, to), length > 0 {
            if keepsFormula, start[from] == 0x09 || start[from] == 0x0D { break }
            from += length
        }
        return RawValue(start: start + from, count: to - from, isMissing: isMissing)
    }

    /// The length of the white space scalar at `index`; 0 when there is another one.
    static func whiteSpace(at index: Int, _ bytes: UnsafePointer<UInt8>, _ end: Int) -> Int {
        let byte = bytes[index]
        if byte == 0x20 || (0x09...0x0D).contains(byte) { return 1 }
        if byte == 0xC2, index + 1 < end, bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0 { return 2 }
        guard index + 2 < end, isWide(byte, bytes[index + 1], bytes[index + 2]) else { return 0 }
        return 3
    }

    private static func whiteSpace(endingAt end: Int, _ bytes: UnsafePointer<UInt8>, _ begin: Int) -> Int {
        let byte = bytes[end - 1]
        if byte < 0x80 { return byte == 0x20 || (0x09...0x0D).contains(byte) ? 1 : 0 }
        if end - begin >= 2, bytes[end - 2] == 0xC2, byte == 0x85 || byte == 0xA0 { return 2 }
        guard end - begin >= 3, isWide(bytes[end - 3], bytes[end - 2], byte) else { return 0 }
        return 3
    }

    /// U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
    private static func isWide(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE1, 0x9A): third == 0x80
        case (0xE2, 0x80): (0x80...0x8A).contains(third) || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (0xE2, 0x81): third == 0x9F
        case (0xE3, 0x80): third == 0x80
        default: false
        }
    }

    @inline(__always)
    var isASCII: Bool {
        var index = 0
        let raw = UnsafeRawPointer(start)
        while index + 8 <= count {
            if raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
            index += 8
        }
        while index < count {
            if start[index] >= 0x80 { return false }
            index += 1
        }
        return true
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        for index in 0..<count where start[index] == byte { return true }
        return false
    }

    func equals(_ other: [UInt8]) -> Bool {
        other.withUnsafeBufferPointer { other in
            other.count == count && (0..<count).allSatisfy { other[$0] == start[$0] }
        }
    }

    func hasPrefix(_ prefix: StaticString) -> Bool {
        prefix.utf8CodeUnitCount <= count
            && (0..<prefix.utf8CodeUnitCount).allSatisfy { prefix.utf8Start[$0] == start[$0] }
    }
}

extension RecordBuffer {
    /// A structure where a plain value is asked for says nothing.
    @inline(__always)
    func raw(_ slot: Int) -> RawValue {
        let field = fields[slot]
        guard field.state == .value, let pointer = field.pointer, field.kind != .structure else {
            return RawValue(
                start: RawValue.nothing, count: 0, isMissing: field.state == .missing || field.state == .value)
        }
        return RawValue(start: pointer, count: field.count, isMissing: false)
    }
}

extension RawValue {
    /// Somewhere to point at when there are no bytes: never read, never written.
    nonisolated(unsafe) static let nothing: UnsafePointer<UInt8> = UnsafePointer(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}
