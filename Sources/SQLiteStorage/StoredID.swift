import SCIM

/// How a ``ResourceID`` lies in the database: a UUID in its canonical spelling as 16 bytes, anything else as its text.
/// Both compare as the ids themselves do, byte for byte, and no text can be mistaken for a blob.
extension Statement {
    func bind(_ index: Int32, _ id: ResourceID) {
        var text = id.rawValue
        text.withUTF8 { text in
            if let uuid = uuidBytes(text) {
                withUnsafeBytes(of: (uuid.high.bigEndian, uuid.low.bigEndian)) { bind(index, blob: $0) }
            } else {
                bind(index, text: UnsafeRawBufferPointer(text))
            }
        }
    }

    func resourceID(_ column: Int32) -> ResourceID {
        if isText(column) { return ResourceID(rawValue: text(column)) }
        let bytes = bytes(column)
        guard bytes.count == 16 else { return ResourceID(rawValue: "") }
        return ResourceID(
            rawValue: uuidText(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))))
    }
}

/// The 128 bits of `text` if it is a UUID exactly as RFC 9562 prints it: 36 characters, lower case.
private func uuidBytes(_ text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
    guard text.count == 36 else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    var digits = 0
    for index in 0..<36 {
        let byte = text[index]
        if index == 8 || index == 13 || index == 18 || index == 23 {
            guard byte == UInt8(ascii: "-") else { return nil }
            continue
        }
        let value: UInt8
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - UInt8(ascii: "a") + 10
        default: return nil
        }
        if digits < 16 {
            words.high = words.high << 4 | UInt64(value)
        } else {
            words.low = words.low << 4 | UInt64(value)
        }
        digits += 1
    }
    return words
}
