/// A JSON value as it was written: numbers keep every digit, members keep their order (RFC 8259).
package enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The lexeme: `9007199254740993` and `1.0` stay what they are.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One member of an object.
package struct JSONMember: Hashable, Sendable {
    package var name: String
    package var value: JSONValue
    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    package static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// The first member of that name, compared byte for byte; `nil` where there is none or this is no object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The value under a chain of member names.
    package func at(_ names: String...) -> JSONValue? {
        names.reduce(Optional(self)) { value, name in value?[name] }
    }

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    /// The lexeme of a number.
    package var number: String? { if case .number(let lexeme) = self { lexeme } else { nil } }
    /// A number that is an integer within `Int`, written without fraction or exponent.
    package var integer: Int? { number.flatMap { Int($0) } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var object: [JSONMember]? { if case .object(let members) = self { members } else { nil } }
    package var isNull: Bool { self == .null }
}
