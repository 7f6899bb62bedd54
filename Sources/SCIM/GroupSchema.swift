extension Schema {
    package static let groupID = "urn:ietf:params:scim:schemas:core:2.0:Group"

    /// RFC 7643 §4.2. `members` are rows of their own, never stored among a Group's attributes.
    package static let group = Schema(
        id: groupID, name: "Group", description: "Group",
        attributes: [
            Attribute(
                "displayName", required: true, uniqueness: .server,
                "The Group's name. Unique in its team, letter case aside."),
            Attribute(
                "members", .complex, multiValued: true, "The Users in the Group.",
                subAttributes: [
                    Attribute("value", caseExact: true, mutability: .immutable, "The User's id."),
                    Attribute("$ref", .reference, mutability: .immutable, referenceTypes: ["User"], "The User's URL."),
                    // Not of RFC 7643 §8.7.1: whoever wants it names it.
                    Attribute("display", mutability: .readOnly, returned: .request, "The User's displayName."),
                    Attribute("type", mutability: .immutable, canonicalValues: ["User"], "Always `User`."),
                ]),
        ])
}
