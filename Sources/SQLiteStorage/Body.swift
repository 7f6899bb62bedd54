import SCIM

/// A resource's own attributes as they lie in the column `body`: one JSON object.
func encode(_ attributes: ComplexValue, _ body: (UnsafeRawBufferPointer) -> Void) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    write(.complex(attributes), to: &bytes)
    bytes.withUnsafeBytes(body)
}

func decode(_ bytes: UnsafeRawBufferPointer) throws(StoreError) -> ComplexValue {
    var reader = BodyReader(bytes: bytes)
    guard case .complex(let value)? = reader.value(), reader.at == bytes.count else {
        throw StoreError.unreadable(detail: "A resource in the roster database is not valid JSON.")
    }
    return value
}

private func write(_ value: AttributeValue, to out: inout [UInt8]) {
    switch value {
    case .string(let text): write(text, to: &out)
    case .boolean(let value): out += value ? Array("true".utf8) : Array("false".utf8)
    case .integer(let value): out += Array(String(value).utf8)
    case .decimal(let value): out += Array(String(value).utf8)
    case .list(let values):
        out.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(value, to: &out)
        }
        out.append(UInt8(ascii: "]"))
    case .complex(let value):
        out.append(UInt8(ascii: "{"))
        for (index, member) in value.members.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(member.name, to: &out)
            out.append(UInt8(ascii: ":"))
            write(member.value, to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }
}

private func write(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
        if byte < 0x20 {
            out += Array("\\u00".utf8)
            out.append(byte < 16 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            out.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
        } else {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { out.append(UInt8(ascii: "\\")) }
            out.append(byte)
        }
    }
    out.append(UInt8(ascii: "\""))
}

/// Reads back what `write` wrote, and nothing else.
private struct BodyReader {
    let bytes: UnsafeRawBufferPointer
    var at = 0

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    mutating func value() -> AttributeValue? {
        switch next {
        case UInt8(ascii: "{"):
            at += 1
            var members: [ComplexValue.Member] = []
            if take(UInt8(ascii: "}")) { return .complex(ComplexValue()) }
            repeat {
                guard let name = string(), take(UInt8(ascii: ":")), let value = value() else { return nil }
                members.append(.init(name, value))
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "}")) ? .complex(ComplexValue(members)) : nil
        case UInt8(ascii: "["):
            at += 1
            var values: [AttributeValue] = []
            if take(UInt8(ascii: "]")) { return .list([]) }
            repeat {
                guard let value = value() else { return nil }
                values.append(value)
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "]")) ? .list(values) : nil
        case UInt8(ascii: "\""): return string().map(AttributeValue.string)
        default:
            let start = at
            while let byte = next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]") {
                at += 1
            }
            let word = String(decoding: bytes[start..<at], as: UTF8.self)
            if word == "true" { return .boolean(true) }
            if word == "false" { return .boolean(false) }
            return Int64(word).map(AttributeValue.integer) ?? Double(word).map(AttributeValue.decimal)
        }
    }

    mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var text: [UInt8] = []
        while let byte = next {
            at += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), let escape = next else {
                text.append(byte)
                continue
            }
            at += 1
            if escape == UInt8(ascii: "u") {
                guard at + 4 <= bytes.count,
                    let code = UInt8(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
                else { return nil }
                text.append(code)
                at += 4
            } else {
                text.append(escape)
            }
        }
        return nil
    }
}
