extension AttributesInput {
    /// A value as `attribute` has it; `nil` when it says that the attribute is absent.
    static func value(
        _ given: AttributeValue, as attribute: Schema.Attribute, _ limits: TextLimits
    ) throws(SCIMError) -> AttributeValue? {
        if !attribute.isMultiValued { return try single(given, as: attribute, limits) }
        var values: [AttributeValue] = []
        for element in given.list ?? [given] {
            if let value = try single(element, as: attribute, limits) { values.append(value) }
        }
        if attribute.kind == .complex { values = withOnePrimary(values.filter { saysSomething($0) }) }
        return values.isEmpty ? nil : .list(values)
    }

    /// One value of `attribute`. A list of one stands for the value in it.
    static func single(
        _ given: AttributeValue, as attribute: Schema.Attribute, _ limits: TextLimits
    ) throws(SCIMError) -> AttributeValue? {
        var given = given
        if case .list(let values) = given {
            if values.isEmpty {
                // An `active` of null is refused: it would be guessed either way (scim-clients.md §5).
                if attribute.name == "active" { throw mismatch(attribute) }
                return nil
            }
            guard values.count == 1 else { throw mismatch(attribute) }
            given = values[0]
        }
        switch attribute.kind {
        case .complex:
            if case .string(let text) = given, let value = attribute.valueAttribute {
                return try string(text, value, limits).map { .complex(ComplexValue([.init(value.name, $0)])) }
            }
            guard case .complex = given else { throw mismatch(attribute) }
            return try parts(given, attribute.subAttributes, of: attribute.name, limits)
        case .boolean:
            switch given {
            case .boolean: return given
            case .string("") where attribute.name != "active": return nil
            case .string(let text):
                guard let flag = AttributeValue.flag(text) else { throw mismatch(attribute) }
                return .boolean(flag)
            case .integer, .decimal, .complex, .list: throw mismatch(attribute)
            }
        case .integer:
            guard case .integer = given else { throw mismatch(attribute) }
            return given
        case .decimal:
            switch given {
            case .integer(let number): return .decimal(Double(number))
            case .decimal(let number) where number.isFinite: return given
            case .string, .boolean, .decimal, .complex, .list: throw mismatch(attribute)
            }
        case .string, .dateTime, .reference, .binary:
            guard case .string(let text) = given else { throw mismatch(attribute) }
            return try string(text, attribute, limits)
        }
    }

    /// The named parts of a complex value or an extension; `nil` when nothing is left.
    static func parts(
        _ given: AttributeValue, _ attributes: [Schema.Attribute], of name: String, _ limits: TextLimits
    ) throws(SCIMError) -> AttributeValue? {
        if given == .list([]) || given == .string("") { return nil }
        guard let complex = given.complex else { throw .invalidValue("\"\(name)\" must be an object.") }
        var parts = ComplexValue()
        for member in complex.members {
            guard let attribute = attributes.named(member.name), attribute.mutability != .readOnly else { continue }
            guard parts[attribute.name] == nil else { throw twice("\(name).\(attribute.name)") }
            parts[attribute.name] = try value(member.value, as: attribute, limits)
        }
        return parts.isEmpty ? nil : .complex(parts)
    }

    private static func string(
        _ text: String, _ attribute: Schema.Attribute, _ limits: TextLimits
    ) throws(SCIMError) -> AttributeValue? {
        if text.isEmpty { return nil }
        if text.utf8.contains(0) {
            throw SCIMError(status: 400, type: .invalidSyntax, detail: "\"\(attribute.name)\" holds the character NUL.")
        }
        let limit = attribute.lengthLimit(limits)
        if text.utf8.count > limit, text.unicodeScalars.count > limit {
            throw .invalidValue("\"\(attribute.name)\" is longer than \(limit) characters.")
        }
        if attribute.kind == .dateTime, Timestamp(iso8601: text) == nil {
            throw mismatch(attribute)
        }
        return .string(text)
    }

    static func mismatch(_ attribute: Schema.Attribute) -> SCIMError {
        let due =
            switch attribute.kind {
            case .string, .reference, .binary: "a string"
            case .boolean: "true or false"
            case .decimal: "a number"
            case .integer: "a whole number"
            case .dateTime: "a date and time, as \"2026-03-02T08:15:30Z\""
            case .complex: "an object"
            }
        return .invalidValue("\"\(attribute.name)\" must be \(due).")
    }

    /// False for a value that has nothing but its kind: `{"type":"work","primary":true}`.
    static func saysSomething(_ value: AttributeValue) -> Bool {
        guard let complex = value.complex else { return true }
        return complex.members.contains { $0.name != "type" && $0.name != "primary" }
    }

    /// The first primary value stays one; the others are told that they are not (RFC 7643 §2.4).
    static func withOnePrimary(_ values: [AttributeValue], preferring preferred: Set<Int> = []) -> [AttributeValue] {
        let primaries = values.indices.filter { values[$0].complex?["primary"] == .boolean(true) }
        guard primaries.count > 1 else { return values }
        let kept = primaries.first { preferred.contains($0) } ?? primaries[0]
        var values = values
        for index in primaries where index != kept {
            guard case .complex(var complex) = values[index] else { continue }
            complex["primary"] = .boolean(false)
            values[index] = .complex(complex)
        }
        return values
    }
}

extension AttributesInput {
    /// Whether there is nothing to mend: the quick way for values that the batch job made itself. False also for what
    /// must be refused; the slow way then says why.
    static func isWellFormed(_ given: ComplexValue, _ type: ResourceType, _ limits: TextLimits) -> Bool {
        let attributes = type.schema.attributes
        for member in given.members {
            if let index = attributes.firstIndex(where: { $0.name == member.name }) {
                guard isWellFormed(member.value, attributes[index], limits) else { return false }
            } else if member.name == "externalId" {
                guard isPlain(member.value, limit: limits.string) else { return false }
            } else {
                guard let schema = type.extensions.first(where: { $0.id == member.name }),
                    case .complex(let parts) = member.value, areWellFormed(parts, schema.attributes, limits)
                else { return false }
            }
        }
        return true
    }

    private static func isWellFormed(
        _ value: AttributeValue, _ attribute: Schema.Attribute, _ limits: TextLimits
    ) -> Bool {
        guard attribute.mutability == .readWrite, attribute.name != "members" else { return false }
        if !attribute.isMultiValued { return isWellFormedSingle(value, attribute, limits) }
        guard case .list(let values) = value, !values.isEmpty else { return false }
        var primaries = 0
        for value in values {
            guard isWellFormedSingle(value, attribute, limits) else { return false }
            guard case .complex(let parts) = value else { continue }
            var says = false
            for part in parts.members {
                if part.name == "primary" {
                    if part.value.boolean == true { primaries += 1 }
                } else if part.name != "type" {
                    says = true
                }
            }
            if !says { return false }
        }
        return primaries <= 1
    }

    private static func isWellFormedSingle(
        _ value: AttributeValue, _ attribute: Schema.Attribute, _ limits: TextLimits
    ) -> Bool {
        switch (attribute.kind, value) {
        case (.string, _), (.reference, _), (.binary, _): isPlain(value, limit: attribute.lengthLimit(limits))
        case (.boolean, .boolean), (.integer, .integer): true
        case (.complex, .complex(let parts)): areWellFormed(parts, attribute.subAttributes, limits)
        default: false
        }
    }

    private static func areWellFormed(
        _ parts: ComplexValue, _ attributes: [Schema.Attribute], _ limits: TextLimits
    ) -> Bool {
        if parts.isEmpty { return false }
        for part in parts.members {
            guard let index = attributes.firstIndex(where: { $0.name == part.name }),
                attributes[index].mutability != .readOnly,
                !attributes[index].isMultiValued, isWellFormedSingle(part.value, attributes[index], limits)
            else { return false }
        }
        return true
    }

    /// A string within its limit that holds no NUL.
    private static func isPlain(_ value: AttributeValue, limit: Int) -> Bool {
        guard case .string(var text) = value else { return false }
        return text.withUTF8 { utf8 in
            guard !utf8.isEmpty, utf8.count <= limit else { return false }
            for byte in utf8 where byte == 0 { return false }
            return true
        }
    }
}
