/// A resource's attributes as JSON bytes, for storage and journal: compact, members in their order, no nulls.
///
/// `decode` takes what `encode` writes and nothing looser; text from outside is the JSON room's business. It is the
/// hottest code of the core (every stored person passes through it), hence bytes and no `Codable`.
package enum AttributesJSON {
    package static func encode(_ attributes: ComplexValue) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        append(attributes, to: &bytes)
        return bytes
    }

    /// Appends `attributes` as one JSON object. A caller that keeps `bytes` saves an allocation a resource.
    package static func append(_ attributes: ComplexValue, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        var first = true
        for member in attributes.members {
            if !first { bytes.append(UInt8(ascii: ",")) }
            first = false
            append(member.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(member.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    static func append(_ value: AttributeValue, to bytes: inout [UInt8]) {
        switch value {
        case .string(let text): append(text, to: &bytes)
        case .boolean(let flag): append(raw: flag ? "true" : "false", to: &bytes)
        case .integer(let number): bytes.append(contentsOf: number.description.utf8)
        case .decimal(let number): bytes.append(contentsOf: number.description.utf8)
        case .complex(let value): append(value, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            var first = true
            for value in values {
                if !first { bytes.append(UInt8(ascii: ",")) }
                first = false
                append(value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    /// Appends `text` as a JSON string. Only what RFC 8259 §7 demands is escaped.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            bytes.append(UInt8(ascii: "\""))
            var plain = 0
            for index in utf8.indices {
                let byte = utf8[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[plain..<index]))
                appendEscape(byte, to: &bytes)
                plain = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[plain...]))
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// Appends `text` as it is.
    static func append(raw text: StaticString, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            append(raw: "u00", to: &bytes)
            bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            bytes.append(hexDigit(byte))
        default: bytes.append(byte)
        }
    }
}
