/// What two spellings of one header have in common (idp-exports.md §1): outer white space, one trailing `[…]`, ASCII
/// letter case, blanks, `_`, `-` and `.` do not count. Status words are compared the same way.
package struct HeaderKey: Hashable, Sendable {
    package let text: String

    package init(_ header: String) {
        var scalars = header.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        func trim() {
            while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
            while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        }
        trim()
        if scalars.last == "]", let open = scalars.lastIndex(of: "["), open > scalars.startIndex {
            scalars = scalars[..<open]
            trim()
        }
        var key = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar {
            case "_", "-", ".": continue
            case "A"..."Z": key.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            default: if !scalar.properties.isWhitespace { key.append(scalar) }
            }
        }
        text = String(key)
    }
}
