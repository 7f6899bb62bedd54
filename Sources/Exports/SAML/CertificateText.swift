/// The text of `ds:X509Certificate`, as identity providers and people who copy and paste really write it.
enum CertificateText {
    /// The DER, or `nil` when what is left without armour and white space is not strict base64 (RFC 4648 §4: padded,
    /// no bits left over).
    static func der(_ text: [UInt8]) -> [UInt8]? {
        var text = text[...]
        trim(&text)
        // PEM armour pasted with the certificate (RFC 7468 §2).
        let begin = Array("-----BEGIN CERTIFICATE-----".utf8), end = Array("-----END CERTIFICATE-----".utf8)
        if text.starts(with: begin) {
            guard text.count >= begin.count + end.count, text.suffix(end.count).elementsEqual(end) else { return nil }
            text = text.dropFirst(begin.count).dropLast(end.count)
        }
        return decode(text)
    }

    private static func trim(_ text: inout ArraySlice<UInt8>) {
        while let first = text.first, isBlank(first) { text = text.dropFirst() }
        while let last = text.last, isBlank(last) { text = text.dropLast() }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count * 3 / 4)
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for byte in text where !isBlank(byte) {
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: byte) else { return nil }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits % 4 == 0 {
                out.append(UInt8(truncatingIfNeeded: group >> 16))
                out.append(UInt8(truncatingIfNeeded: group >> 8))
                out.append(UInt8(truncatingIfNeeded: group))
            }
        }
        switch (digits % 4, padding) {
        case (0, 0): break
        case (2, 2) where group & 0xF == 0: out.append(UInt8(truncatingIfNeeded: group >> 4))
        case (3, 1) where group & 0x3 == 0:
            out.append(UInt8(truncatingIfNeeded: group >> 10))
            out.append(UInt8(truncatingIfNeeded: group >> 2))
        default: return nil
        }
        return out.isEmpty ? nil : out
    }

    private static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 0x41
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x61 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
