import JSON

extension AttributeValue {
    /// A JSON value as a SCIM one. `null` and the empty list say the same, that there is no value (RFC 7643 §2.5), so null
    /// becomes an empty list. Throws `invalidValue` for numbers beyond 64 bits or without end.
    package init(json: JSONValue) throws(SCIMError) {
        switch json {
        case .null: self = .list([])
        case .boolean(let flag): self = .boolean(flag)
        case .string(let text): self = .string(text)
        case .number(let lexeme):
            if let integer = Int64(lexeme) {
                self = .integer(integer)
            } else if lexeme.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }),
                let decimal = Double(lexeme), decimal.isFinite
            {
                self = .decimal(decimal)
            } else {
                throw .invalidValue("The number \(lexeme.prefix(40)) is out of range.")
            }
        case .array(let elements):
            var values: [AttributeValue] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try AttributeValue(json: element)) }
            self = .list(values)
        case .object(let members): self = .complex(try ComplexValue(json: members))
        }
    }
}

extension ComplexValue {
    /// The parser has refused equal names.
    package init(json members: [JSONMember]) throws(SCIMError) {
        var values: [Member] = []
        values.reserveCapacity(members.count)
        for member in members { values.append(Member(member.name, try AttributeValue(json: member.value))) }
        self.init(values)
    }
}

extension AttributesInput {
    /// The body of a POST or PUT.
    package init(json: JSONValue, for type: ResourceType, limits: TextLimits = TextLimits()) throws(SCIMError) {
        guard case .object(let members) = json else {
            throw SCIMError(status: 400, type: .invalidSyntax, detail: "A \(type.name) is a JSON object.")
        }
        try self.init(ComplexValue(json: members), for: type, limits: limits)
    }
}
