/// Full case folding without a locale (Unicode CaseFolding.txt, statuses C and F).
///
/// The standard library maps letter case but does not fold; folding is the lower case of the upper case, but for the
/// exceptions below. It was compared with Unicode 14's table over every assigned code point.
package enum CaseFolding {
    /// `text` with every scalar folded: `ß` becomes `ss`, `İ` becomes `i` and a dot above, `ı` stays.
    package static func fold(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { append(scalar, to: &folded) }
        return String(folded)
    }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x41...0x5A:
            folded.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
        case 0...0x7F, 0x131:
            // Dotless ı is its own letter: its upper case is I, yet it must not become i.
            folded.append(scalar)
        case 0x1E9E:
            // ẞ has ß as its lower case, where folding wants ss.
            folded.append("s")
            folded.append("s")
        case 0x13A0...0x13F5, 0x13F8...0x13FD, 0xAB70...0xABBF:
            // Cherokee folds to upper case, as its small letters came later than folding's promise of stability.
            folded.append(contentsOf: scalar.properties.uppercaseMapping.unicodeScalars)
        default:
            for upper in scalar.properties.uppercaseMapping.unicodeScalars {
                folded.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
            }
        }
    }
}

/// Whether `a` and `b` differ at most in ASCII letter case: how SCIM compares attribute names and URNs (RFC 7643 §2.1).
func equalsIgnoringASCIICase(_ a: String, _ b: String) -> Bool {
    if a.utf8.count != b.utf8.count { return false }
    var other = b.utf8.makeIterator()
    for byte in a.utf8 {
        guard let next = other.next() else { return false }
        if byte == next { continue }
        let lower = byte | 0x20
        if lower != next | 0x20 || lower < 0x61 || lower > 0x7A { return false }
    }
    return true
}

/// `text` with `A` to `Z` in lower case and nothing else changed.
func lowercasedASCII(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
}
