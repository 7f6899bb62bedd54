/// Other encodings into UTF-8, strictly.
enum Transcoder {
    /// Decodes as much of `input` as is whole into `out`, which has room for three bytes for each of the input's.
    /// Returns how many bytes were used and written, and whether the bytes after the used ones are no text.
    static func decode(
        _ input: UnsafeRawBufferPointer, _ encoding: SourceEncoding, into out: UnsafeMutablePointer<UInt8>
    ) -> (used: Int, written: Int, failed: Bool) {
        switch encoding {
        case .utf8: preconditionFailure("UTF-8 is checked, not transcoded")
        case .utf16LE: wide(input, low: 0, high: 1, into: out)
        case .utf16BE: wide(input, low: 1, high: 0, into: out)
        case .windows1252, .latin1: single(input, isWindows: encoding == .windows1252, into: out)
        }
    }

    private static func wide(
        _ input: UnsafeRawBufferPointer, low: Int, high: Int, into out: UnsafeMutablePointer<UInt8>
    ) -> (used: Int, written: Int, failed: Bool) {
        var at = 0
        var written = 0
        while at + 2 <= input.count {
            let unit = UInt32(input[at + high]) << 8 | UInt32(input[at + low])
            if unit & 0xF800 != 0xD800 {
                written += put(unit, out + written)
                at += 2
                continue
            }
            guard unit & 0xFC00 == 0xD800 else { return (at, written, true) }
            guard at + 4 <= input.count else { break }
            let second = UInt32(input[at + 2 + high]) << 8 | UInt32(input[at + 2 + low])
            guard second & 0xFC00 == 0xDC00 else { return (at, written, true) }
            written += put(0x10000 + ((unit & 0x3FF) << 10) + (second & 0x3FF), out + written)
            at += 4
        }
        return (at, written, false)
    }

    private static func single(
        _ input: UnsafeRawBufferPointer, isWindows: Bool, into out: UnsafeMutablePointer<UInt8>
    ) -> (used: Int, written: Int, failed: Bool) {
        var written = 0
        for (at, byte) in input.enumerated() {
            var scalar = UInt32(byte)
            if isWindows, byte & 0xE0 == 0x80 {
                scalar = UInt32(SourceEncoding.windows1252High[Int(byte & 0x1F)])
                if scalar == 0 { return (at, written, true) }
            }
            written += put(scalar, out + written)
        }
        return (input.count, written, false)
    }

    @inline(__always)
    private static func put(_ scalar: UInt32, _ out: UnsafeMutablePointer<UInt8>) -> Int {
        if scalar < 0x80 {
            out[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        }
        if scalar < 0x800 {
            out[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return 2
        }
        if scalar < 0x10000 {
            out[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
            out[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return 3
        }
        out[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
        out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
        out[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
        out[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
        return 4
    }
}
