/// What the first bytes of a file give away, for files that are no export at all (idp-exports.md §1).
enum Signature {
    enum Binary: String {
        case zip, gzip, spreadsheet, pdf, picture, program
        case notText = "not-text"
    }
    enum Markup: String { case html, xml }

    static func binary(_ head: [UInt8]) -> Binary? {
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .zip }
        if head.starts(with: [0x1F, 0x8B]) { return .gzip }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return .spreadsheet }
        if head.starts(with: Array("%PDF-".utf8)) { return .pdf }
        if isPicture(head) { return .picture }
        if head.starts(with: [0x7F, 0x45, 0x4C, 0x46]) { return .program }
        return nil
    }

    /// PNG, JPEG, GIF, WebP or HEIC.
    private static func isPicture(_ head: [UInt8]) -> Bool {
        let marks: [[UInt8]] = [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], Array("GIF8".utf8)]
        return marks.contains { head.starts(with: $0) }
            || head.starts(with: "RIFF".utf8) && head.dropFirst(8).starts(with: "WEBP".utf8)
            || head.starts(with: [0, 0, 0]) && head.dropFirst(4).starts(with: "ftyp".utf8)
    }

    /// No text at all: early on it has control characters that no text has, and bytes of 0x80 and above. UTF-16
    /// may have both and is text.
    static func isNoText(_ head: [UInt8]) -> Bool {
        guard SourceEncoding.widePattern(of: head) == nil else { return false }
        let start = head.prefix(512)
        let controls = start.count { $0 < 0x09 || $0 > 0x0D && $0 < 0x20 && $0 != 0x1B }
        return controls >= 4 && start.contains { $0 >= 0x80 }
    }

    static func markup(_ head: UnsafeRawBufferPointer) -> Markup? {
        let text = String(decoding: head.drop { $0 <= 0x20 }.prefix(64), as: UTF8.self).lowercased()
        if text.hasPrefix("<?xml") { return .xml }
        if text.hasPrefix("<!doctype") || text.hasPrefix("<html") || text.hasPrefix("<head") || text.hasPrefix("<body")
            || text.hasPrefix("<!--")
        {
            return .html
        }
        return nil
    }
}

extension SourceEncoding {
    /// The encoding that a byte order mark names, and the mark's length.
    static func mark(of head: [UInt8]) -> (encoding: SourceEncoding, bytes: Int)? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LE, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BE, 2) }
        return nil
    }

    /// UTF-16 by its look: nearly every second byte is NUL, and no other is.
    static func widePattern(of head: [UInt8]) -> SourceEncoding? {
        let pairs = head.count / 2
        guard pairs >= 2 else { return nil }
        var even = 0
        var odd = 0
        for index in 0..<pairs {
            if head[2 * index] == 0 { even += 1 }
            if head[2 * index + 1] == 0 { odd += 1 }
        }
        if even == 0 && odd * 4 >= pairs * 3 { return .utf16LE }
        if odd == 0 && even * 4 >= pairs * 3 { return .utf16BE }
        return nil
    }
}
