extension AttributesJSON {
    /// Reads back one object that ``encode(_:)`` wrote; `nil` for anything else.
    package static func decode(_ bytes: UnsafeRawBufferPointer) -> ComplexValue? {
        var decoder = AttributesDecoder(bytes: bytes.bindMemory(to: UInt8.self))
        guard let value = decoder.object(), decoder.isAtEnd else { return nil }
        return value
    }

    package static func decode(_ bytes: [UInt8]) -> ComplexValue? { bytes.withUnsafeBytes { decode($0) } }
}

private struct AttributesDecoder {
    /// More than any attribute has; keeps a damaged file from exhausting the stack.
    static let depthLimit = 16

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func object() -> ComplexValue? {
        guard take(UInt8(ascii: "{")), depth < Self.depthLimit else { return nil }
        var members: [ComplexValue.Member] = []
        if take(UInt8(ascii: "}")) { return ComplexValue() }
        depth += 1
        members.reserveCapacity(depth == 1 ? 16 : 4)
        repeat {
            guard let name = name(), take(UInt8(ascii: ":")), let value = value() else { return nil }
            members.append(ComplexValue.Member(name, value))
        } while take(UInt8(ascii: ","))
        depth -= 1
        return take(UInt8(ascii: "}")) ? ComplexValue(members) : nil
    }

    private mutating func value() -> AttributeValue? {
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "{"): return object().map { .complex($0) }
        case UInt8(ascii: "["): return list()
        case UInt8(ascii: "t"): return take("true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .boolean(false) : nil
        default: return number()
        }
    }

    private mutating func list() -> AttributeValue? {
        guard take(UInt8(ascii: "[")), depth < Self.depthLimit else { return nil }
        if take(UInt8(ascii: "]")) { return .list([]) }
        depth += 1
        var values: [AttributeValue] = []
        repeat {
            guard let value = value() else { return nil }
            values.append(value)
        } while take(UInt8(ascii: ","))
        depth -= 1
        return take(UInt8(ascii: "]")) ? .list(values) : nil
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
        position += count
        return true
    }

    private mutating func number() -> AttributeValue? {
        let start = position
        var isDecimal = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "+"): isDecimal = true
            default: return finish(start, isDecimal)
            }
            position += 1
        }
        return finish(start, isDecimal)
    }

    private func finish(_ start: Int, _ isDecimal: Bool) -> AttributeValue? {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        return isDecimal ? Double(text).flatMap { $0.isFinite ? .decimal($0) : nil } : Int64(text).map { .integer($0) }
    }

    /// A member's name. Long ones are the schema's own strings, shared: an allocation a person less for each.
    private mutating func name() -> String? {
        guard take(UInt8(ascii: "\"")), let end = plainEnd() else {
            position -= 1
            return string()
        }
        let text = UnsafeBufferPointer(rebasing: bytes[position..<end])
        position = end + 1
        if text.count > 15 {
            for known in Self.longNames where known.utf8.count == text.count && known.utf8.elementsEqual(text) {
                return known
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let longNames: [String] = {
        var names = [Schema.enterpriseUserID]
        for type in ResourceType.allCases {
            for attribute in type.schema.attributes + type.extensions.flatMap(\.attributes) {
                names += ([attribute] + attribute.subAttributes).map(\.name)
            }
        }
        return names.filter { $0.utf8.count > 15 }
    }()

    /// Where the string at the position ends if nothing in it is escaped.
    private func plainEnd() -> Int? {
        var index = position
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { return index }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
            index += 1
        }
        return nil
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        if let end = plainEnd() {
            defer { position = end + 1 }
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[position..<end]), as: UTF8.self)
        }
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    /// The byte behind a backslash: only control characters are ever written as `\u00…`.
    private mutating func escape() -> UInt8? {
        guard position < bytes.count else { return nil }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "u"):
            guard position + 4 <= bytes.count else { return nil }
            let digits = String(decoding: UnsafeBufferPointer(rebasing: bytes[position..<position + 4]), as: UTF8.self)
            position += 4
            guard let unit = UInt8(digits, radix: 16), unit < 0x20 else { return nil }
            return unit
        default: return nil
        }
    }
}
