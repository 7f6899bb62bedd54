/// Attributes as somebody outside gave them, made what the schema says they are (RFC 7643 §2).
///
/// Names get the schema's spelling; what the schema does not know and what is read-only is left out; empty strings and
/// lists are absent; `"True"` is a boolean where one is due and nowhere else; one value stands for a list of one and the
/// other way round. Anything else of the wrong type is refused.
package struct AttributesInput: Hashable, Sendable {
    package var attributes: ComplexValue
    /// A Group's members, without repeats; `nil` when none were named at all.
    package var members: [ResourceID]?

    /// `attributes` as in a POST or PUT (RFC 7644 §3.3, §3.5.1). A JSON null is an empty list here.
    ///
    /// Throws `invalidValue`, or `invalidSyntax` for one attribute in two letter cases.
    package init(
        _ given: ComplexValue, for type: ResourceType, limits: TextLimits = TextLimits()
    ) throws(SCIMError) {
        if Self.isWellFormed(given, type, limits) {
            attributes = given
        } else {
            attributes = ComplexValue()
            for member in given.members { try take(member, type, limits) }
        }
        try Self.checkRequired(attributes, for: type)
    }

    private mutating func take(
        _ member: ComplexValue.Member, _ type: ResourceType, _ limits: TextLimits
    ) throws(SCIMError) {
        if let schema = type.schemaExtension(urn: member.name) {
            guard attributes[schema.id] == nil else { throw Self.twice(schema.id) }
            attributes[schema.id] = try Self.parts(member.value, schema.attributes, of: schema.id, limits)
            return
        }
        guard let attribute = type.attribute(named: member.name) else { return }
        if type == .group, attribute.name == "members" {
            guard members == nil else { throw Self.twice(attribute.name) }
            members = try Self.memberIDs(member.value)
            return
        }
        if attribute.mutability == .readOnly { return }
        let value = try Self.value(member.value, as: attribute, limits)
        // Taken and forgotten: nobody signs in here with a password.
        if attribute.mutability == .writeOnly { return }
        guard attributes[attribute.name] == nil else { throw Self.twice(attribute.name) }
        attributes[attribute.name] = value
    }

    static func twice(_ name: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidSyntax, detail: "\"\(name)\" is given twice.")
    }
}

extension AttributesInput {
    /// The ids in a `members` value, each once, in their order. Elements are objects with `value`, or bare ids.
    static func memberIDs(_ value: AttributeValue) throws(SCIMError) -> [ResourceID] {
        var ids: [ResourceID] = []
        var seen: Set<ResourceID> = []
        for element in value.list ?? [value] {
            let parts = element.complex?.members.first { equalsIgnoringASCIICase($0.name, "value") }
            guard let id = element.string ?? parts?.value.string, !id.isEmpty else {
                throw .invalidValue("Each of \"members\" needs a \"value\", the id of a User.")
            }
            if seen.insert(ResourceID(rawValue: id)).inserted { ids.append(ResourceID(rawValue: id)) }
        }
        return ids
    }

    /// That everything required is there, at the top and in the values of lists.
    static func checkRequired(_ attributes: ComplexValue, for type: ResourceType) throws(SCIMError) {
        for name in type.requiredAttributes where attributes[name] == nil {
            throw .invalidValue("\"\(name)\" is required.")
        }
        guard type == .ssoConnection else { return }
        for attribute in type.schema.attributes {
            guard let elements = attributes[attribute.name]?.list else { continue }
            for part in attribute.subAttributes where part.isRequired {
                if elements.contains(where: { $0.complex?[part.name] == nil }) {
                    throw .invalidValue("Each of \"\(attribute.name)\" needs \"\(part.name)\".")
                }
            }
        }
    }
}

extension ResourceType {
    private static let required = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0, $0.schema.attributes.filter(\.isRequired).map(\.name)) })

    /// Names that a resource of this type must have; collected once, since every write asks.
    fileprivate var requiredAttributes: [String] { Self.required[self] ?? [] }
}
