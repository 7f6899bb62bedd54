/// One value of a SCIM attribute (RFC 7643 §2.3). `dateTime`, `reference` and `binary` are strings here; the schema
/// knows which is which. There is no null: an absent attribute is absent (RFC 7643 §2.5).
package enum AttributeValue: Hashable, Sendable {
    case string(String)
    case boolean(Bool)
    case integer(Int64)
    case decimal(Double)
    case complex(ComplexValue)
    case list([AttributeValue])

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    package var complex: ComplexValue? { if case .complex(let value) = self { value } else { nil } }
    package var list: [AttributeValue]? { if case .list(let value) = self { value } else { nil } }
}

/// A complex value, or a resource's own attributes: named members in a stable order, each name once, spelled as the
/// schema spells it (callers from outside are normalised on the way in).
package struct ComplexValue: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: AttributeValue
        package init(_ name: String, _ value: AttributeValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member]

    /// Names must differ.
    package init(_ members: [Member] = []) { self.members = members }

    package var isEmpty: Bool { members.isEmpty }

    /// Setting `nil` removes; setting a new name appends.
    package subscript(name: String) -> AttributeValue? {
        get { members.first { $0.name == name }?.value }
        set {
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append(Member(name, newValue))
            }
        }
    }
}
