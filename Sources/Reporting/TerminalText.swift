/// Text from an export made fit for a terminal, and measured as a terminal shows it.
package enum TerminalText {
    /// `text` with everything that could move the cursor, colour the screen or turn the reading direction written out:
    /// control characters (C0, DEL, C1), line separators and the bidirectional controls of Unicode Annex 9. A name
    /// cannot forge a line of a report.
    package static func visible(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09: out += "\\t"
            case 0x0A: out += "\\n"
            case 0x0D: out += "\\r"
            case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069,
                0xFEFF:
                out += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// The same of UTF-8.
    package static func visible(_ text: [UInt8]) -> [UInt8] {
        if text.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return Array(visible(String(decoding: text, as: UTF8.self)).utf8)
    }

    /// Columns that `text` takes, two for each wide character (Unicode Annex 11, W and F, and emoji).
    package static func width(_ text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + width($1) }
    }

    /// `text` in at most `limit` columns, its end replaced by `…` when it is longer.
    package static func truncated(_ text: String, to limit: Int) -> String {
        if width(text) <= limit { return text }
        var out = "", used = 1
        for character in text {
            used += width(character)
            if used > limit { break }
            out.append(character)
        }
        return out + "…"
    }

    /// A path in at most `limit` columns: its end says more than its beginning.
    package static func truncated(path: String, to limit: Int) -> String {
        if width(path) <= limit { return path }
        return "…" + String(truncated(String(path.reversed()), to: limit).dropLast().reversed())
    }

    /// `text` followed by blanks up to `columns`; unchanged when it is as long already.
    package static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    /// The words of `text` in lines of at most `columns`. A longer word stands on its own line, whole: an address or a
    /// command that is cut in two cannot be copied.
    package static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = [], line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, width(line) + 1 + width(String(word)) > columns {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }

    private static func width(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.properties.isEmojiPresentation { return 2 }
        if character.unicodeScalars.count > 1, character.unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return wide.contains { $0.contains(first.value) } ? 2 : 1
        }
    }

    /// The blocks of East Asian Width W and F that names are written in.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
