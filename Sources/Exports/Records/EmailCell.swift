import SCIM

/// The one address in an e-mail cell (idp-exports.md §7, "Keys and text").
enum EmailCell {
    /// Bytes that an address can have and that need no second look: printable ASCII but `"(),:;<>[\]`.
    private static let plain: [Bool] = (0..<256).map { byte in
        (0x21...0x7E).contains(byte) && !"\"(),:;<>[\\]".utf8.contains(UInt8(byte))
    }

    /// Whether trimmed `bytes` are an address as it stands; one pass, for the many that are.
    static func isPlainAddress(_ value: RawValue) -> Bool {
        var at = -1
        return plain.withUnsafeBufferPointer { plain in
            for index in 0..<value.count {
                let byte = value.start[index]
                if !plain[Int(byte)] { return false }
                if byte == 0x40 {
                    if at >= 0 { return false }
                    at = index
                }
            }
            return at > 0 && at < value.count - 1 && value.count <= 254 && value.start[0] != 0x27
        }
    }

    /// Unwraps `mailto:` and `Name <a@b>`; refuses what is none or more than one address, with the reason.
    static func address(in text: String, slot: Int?, isSpreadsheet: Bool) throws(Rejection) -> String {
        var text = trimmed(text[...])
        if isSpreadsheet, text.first == "'" {
            throw Rejection(
                code: "leading-apostrophe", slot: slot,
                message: "The address begins with ', which a spreadsheet puts there: the export was edited.")
        }
        if text.lowercased().hasPrefix("mailto:") { text = trimmed(text.dropFirst(7)) }
        if text.last == ">", let open = text.lastIndex(of: "<") {
            let inside = text[text.index(after: open)..<text.index(before: text.endIndex)]
            if text[..<open].contains("@"), text[..<open].contains(where: { ",;<".contains($0) }) {
                throw several(slot)
            }
            text = trimmed(inside)
            if text.lowercased().hasPrefix("mailto:") { text = trimmed(text.dropFirst(7)) }
        }
        let parts = text.split { ",;|".contains($0) || $0.isWhitespace }
        if parts.count > 1, parts.filter({ $0.contains("@") }).count > 1 { throw several(slot) }
        do {
            _ = try CanonicalKey.email(String(text))
        } catch {
            throw .keyFault(error, slot)
        }
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        if halves.count > 2, !text.contains("\"") { throw several(slot) }
        guard halves.count >= 2, !halves[0].isEmpty, halves[halves.count - 1].count > 0 else {
            throw Rejection(code: "not-an-address", slot: slot, message: "The cell holds no e-mail address.")
        }
        guard !text.contains(where: { ",;<>".contains($0) }) else {
            throw Rejection(code: "not-an-address", slot: slot, message: "The cell holds more than an e-mail address.")
        }
        if text.utf8.count > 254 {
            throw Rejection(
                code: "too-long", slot: slot,
                message: "The address has \(text.utf8.count) bytes; 254 are the most (RFC 5321 §4.5.3.1.3).")
        }
        return String(text)
    }

    private static func several(_ slot: Int?) -> Rejection {
        Rejection(code: "two-addresses", slot: slot, message: "The cell holds several e-mail addresses: keep one.")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return text[first...last]
    }
}
