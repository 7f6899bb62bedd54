/// Which names a filter may use: a resource's, or those of one value inside brackets.
enum FilterScope {
    case resource(ResourceType)
    case element(Schema.Attribute)
}

extension PathScanner {
    /// `or` binds weakest, then `and`, then `not`.
    mutating func filter(within scope: FilterScope) throws(SCIMError) -> Filter {
        var filter = try conjunction(within: scope)
        while true {
            skipBlanks()
            guard take(word: "or") else { return filter }
            filter = .or(filter, try conjunction(within: scope))
        }
    }

    private mutating func conjunction(within scope: FilterScope) throws(SCIMError) -> Filter {
        var filter = try term(within: scope)
        while true {
            skipBlanks()
            guard take(word: "and") else { return filter }
            filter = .and(filter, try term(within: scope))
        }
    }

    private mutating func term(within scope: FilterScope) throws(SCIMError) -> Filter {
        skipBlanks()
        if next == UInt8(ascii: "(") { return try parenthesised(within: scope) }
        var ahead = self
        if ahead.take(word: "not") {
            ahead.skipBlanks()
            if ahead.next == UInt8(ascii: "(") {
                self = ahead
                return .not(try parenthesised(within: scope))
            }
        }
        try countTerm()
        return try comparison(within: scope)
    }

    private mutating func parenthesised(within scope: FilterScope) throws(SCIMError) -> Filter {
        _ = take(UInt8(ascii: "("))
        let inner = try nested { (scanner) throws(SCIMError) in try scanner.filter(within: scope) }
        skipBlanks()
        guard take(UInt8(ascii: ")")) else { throw complaint("A parenthesis is not closed at") }
        return inner
    }

    private mutating func comparison(within scope: FilterScope) throws(SCIMError) -> Filter {
        let (path, attribute) = try operand(within: scope)
        skipBlanks()
        if take(word: "pr") { return .present(path) }
        let start = self
        let word = run(where: Self.isNameByte)
        guard let comparison = Filter.Comparison(rawValue: lowercasedASCII(word)) else {
            // `emails[type eq "work"]` alone: there is such a value.
            if path.filter != nil, path.subAttribute == nil {
                self = start
                return .present(path)
            }
            self = start
            throw complaint("An operator is due at")
        }
        var target = path
        var compared = attribute
        if attribute.kind == .complex {
            guard let value = attribute.valueAttribute else {
                throw SCIMError(
                    status: 400, type: .invalidFilter,
                    detail:
                        "\"\(path)\" has parts: name the one to compare, as \(path).\(attribute.subAttributes[0].name)."
                )
            }
            target.subAttribute = value.name
            compared = value
        }
        skipBlanks()
        return try compare(target, compared, comparison)
    }

    /// The attribute compared, and the schema's word on it.
    private mutating func operand(
        within scope: FilterScope
    ) throws(SCIMError) -> (AttributePath, Schema.Attribute) {
        switch scope {
        case .resource(let type):
            let path = try attributePath(type, failure: .invalidFilter)
            guard let attribute = path.definition(for: type) else {
                throw SCIMError(status: 400, type: .invalidFilter, detail: "\"\(path)\" is a schema, not an attribute.")
            }
            let compared = path.subAttribute.flatMap { attribute.subAttribute(named: $0) } ?? attribute
            if compared.returned == .never {
                throw SCIMError(
                    status: 400, type: .invalidFilter, detail: "\"\(compared.name)\" cannot be asked about.")
            }
            return (path, compared)
        case .element(let attribute):
            let name = run(where: Self.isNameByte)
            if let sub = attribute.subAttribute(named: name) { return (AttributePath(attribute: sub.name), sub) }
            if attribute.kind != .complex, equalsIgnoringASCIICase(name, "value") {
                return (AttributePath(attribute: "value"), attribute)
            }
            throw SCIMError(
                status: 400, type: .invalidFilter,
                detail: name.isEmpty
                    ? "An attribute is due in the brackets after \"\(attribute.name)\"."
                    : "\"\(attribute.name)\" has no part named \"\(name.prefix(64))\".")
        }
    }

    private mutating func compare(
        _ path: AttributePath, _ attribute: Schema.Attribute, _ comparison: Filter.Comparison
    ) throws(SCIMError) -> Filter {
        let value: AttributeValue
        if next == UInt8(ascii: "\"") {
            value = .string(try stringLiteral())
        } else {
            let isNumber = attribute.kind == .integer || attribute.kind == .decimal
            let word = run(where: isNumber ? Self.isNumberByte : Self.isWordByte)
            if word.isEmpty { throw complaint("A value is due at") }
            if lowercasedASCII(word) == "null" {
                switch comparison {
                case .eq: return .not(.present(path))
                case .ne: return .present(path)
                case .co, .sw, .ew, .gt, .ge, .lt, .le:
                    throw mismatch(path, "null cannot be compared by \(comparison).")
                }
            }
            value = try Self.bareValue(word, path, attribute)
        }
        return .compare(path, comparison, try Self.typed(value, path, attribute, comparison))
    }

    /// The value as the attribute's type has it, if `comparison` is one for that type.
    private static func typed(
        _ value: AttributeValue, _ path: AttributePath, _ attribute: Schema.Attribute, _ comparison: Filter.Comparison
    ) throws(SCIMError) -> AttributeValue {
        switch (attribute.kind, comparison) {
        case (.boolean, .eq), (.boolean, .ne):
            guard let flag = value.boolean ?? value.string.flatMap(AttributeValue.flag) else {
                throw SCIMError(
                    status: 400, type: .invalidFilter, detail: "\"\(path)\" compares with true or false only.")
            }
            return .boolean(flag)
        case (.boolean, _), (.integer, .co), (.integer, .sw), (.integer, .ew), (.decimal, .co), (.decimal, .sw),
            (.decimal, .ew), (.dateTime, .co), (.dateTime, .sw), (.dateTime, .ew), (.binary, .co), (.binary, .sw),
            (.binary, .ew), (.binary, .gt), (.binary, .ge), (.binary, .lt), (.binary, .le):
            throw SCIMError(
                status: 400, type: .invalidFilter,
                detail: "\"\(path)\" cannot be compared by \"\(comparison.rawValue)\".")
        case (.integer, _), (.decimal, _):
            switch value {
            case .integer, .decimal: return value
            case .string, .boolean, .complex, .list: break
            }
            throw SCIMError(status: 400, type: .invalidFilter, detail: "\"\(path)\" compares with numbers only.")
        case (.dateTime, _):
            guard let text = value.string, Timestamp(iso8601: text) != nil else {
                throw SCIMError(
                    status: 400, type: .invalidFilter,
                    detail: "\"\(path)\" compares with a date and time only, as \"2026-03-02T08:15:30Z\".")
            }
            return value
        case (.string, _), (.reference, _), (.binary, _), (.complex, _):
            guard value.string != nil else {
                throw SCIMError(status: 400, type: .invalidFilter, detail: "\"\(path)\" compares with strings only.")
            }
            return value
        }
    }

    /// A value without quotes: a number, `true`, `false`; else authentik's unquoted string (scim-clients.md §4).
    private static func bareValue(
        _ word: String, _ path: AttributePath, _ attribute: Schema.Attribute
    ) throws(SCIMError) -> AttributeValue {
        switch attribute.kind {
        case .integer, .decimal:
            if let integer = Int64(word) { return .integer(integer) }
            if let decimal = Double(word), decimal.isFinite { return .decimal(decimal) }
            throw SCIMError(status: 400, type: .invalidFilter, detail: "\"\(path)\" compares with numbers only.")
        case .string, .boolean, .dateTime, .reference, .binary, .complex:
            if let flag = AttributeValue.flag(word) { return .boolean(flag) }
            return .string(word)
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: byte >= 0x80
        }
    }

    /// Of a JSON number (RFC 8259 §6), or of `null`, which has no quotes either.
    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: "nulNUL".utf8.contains(byte)
        }
    }

    /// A JSON string (RFC 8259 §7).
    private mutating func stringLiteral() throws(SCIMError) -> String {
        _ = take(UInt8(ascii: "\""))
        var text = String.UnicodeScalarView()
        while true {
            let plain = run { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 >= 0x20 }
            text.append(contentsOf: plain.unicodeScalars)
            if take(UInt8(ascii: "\"")) { return String(text) }
            guard take(UInt8(ascii: "\\")), let scalar = escape() else {
                throw complaint("The string is broken or not closed at")
            }
            text.append(scalar)
        }
    }

    /// What follows a backslash; `nil` for what JSON does not know, lone surrogates and NUL among it.
    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = next, take(byte) else { return nil }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let unit = hexUnit(), unit != 0 else { return nil }
        if unit & 0xFC00 != 0xD800 { return Unicode.Scalar(unit) }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = hexUnit(), low & 0xFC00 == 0xDC00 else {
            return nil
        }
        return Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
    }

    private mutating func hexUnit() -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, take(byte) else {
                return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    func complaint(_ what: String) -> SCIMError {
        SCIMError(
            status: 400, type: .invalidFilter, detail: isAtEnd ? "The filter ends too soon." : "\(what) \"\(rest)\".")
    }

    private func mismatch(_ path: AttributePath, _ why: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidFilter, detail: "\"\(path)\": \(why)")
    }
}

extension AttributeValue {
    /// `true` and `false` in any letter case, as Entra sends booleans (scim-clients.md §3.4); `nil` for any other text.
    static func flag(_ text: String) -> Bool? {
        if equalsIgnoringASCIICase(text, "true") { return true }
        if equalsIgnoringASCIICase(text, "false") { return false }
        return nil
    }
}
