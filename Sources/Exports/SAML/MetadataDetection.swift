/// Tells metadata from exports by content.
package enum MetadataDetection {
    /// Whether a file that begins with `head` (a few hundred bytes are enough) is one for ``MetadataReader``: XML in
    /// any encoding that is no HTML page, since no export is XML. A damaged or foreign document is so too: the reader
    /// says best what is wrong with it.
    package static func looksLikeMetadata(_ head: some Sequence<UInt8>) -> Bool {
        var bytes = Array(head.prefix(1_024))
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        // In every encoding it may come in, ASCII characters are one byte among NULs and marks.
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { bytes.removeFirst(2) }
        let text = bytes.filter { $0 != 0 }.drop(while: XMLText.isBlank)
        // EBCDIC's `<?xm`: refused by the reader, which knows what to call it.
        if text.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) { return true }
        guard text.first == UInt8(ascii: "<") else { return false }
        let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
        let afterDeclaration = afterInstruction(lower).drop(while: XMLText.isBlank)
        for start in [lower, afterDeclaration] {
            if start.starts(with: "<!doctype html".utf8) || start.starts(with: "<html".utf8) { return false }
        }
        guard let second = lower.dropFirst().first else { return false }
        return second == UInt8(ascii: "?") || second == UInt8(ascii: "!") || second == UInt8(ascii: "_")
            || second >= 0x80
            || (0x61...0x7A).contains(second)
    }

    private static func afterInstruction(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.starts(with: "<?".utf8),
            let end = text.indices.dropLast().first(where: {
                text[$0] == UInt8(ascii: "?") && text[$0 + 1] == UInt8(ascii: ">")
            })
        else { return text }
        return text[(end + 2)...]
    }
}
