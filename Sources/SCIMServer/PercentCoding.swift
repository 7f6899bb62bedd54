/// Percent-encoding as URLs have it (RFC 3986 §2.1).
enum PercentCoding {
    /// A path's segment; a plus is a plus. `nil` for a broken escape or what is no UTF-8.
    static func decoded(path segment: Substring) -> String? { decoded(segment, plusIsSpace: false) }

    /// A query's name or value; Entra and OneLogin write a plus for a space (scim-clients.md §1).
    static func decoded(query text: Substring) -> String? { decoded(text, plusIsSpace: true) }

    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
        // As nearly everything comes.
        if text.utf8.allSatisfy({ $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "+") && $0 < 0x80 }) {
            return String(text)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
