extension Schema {
    package static let userID = "urn:ietf:params:scim:schemas:core:2.0:User"
    package static let enterpriseUserID = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    /// RFC 7643 §4.1. `groups` is derived from memberships; `password` is taken and forgotten: nobody signs in here with
    /// one.
    package static let user = Schema(
        id: userID, name: "User", description: "User Account",
        attributes: [
            Attribute(
                "userName", required: true, uniqueness: .server,
                "The name that the User signs in with. Unique in its team, letter case aside."),
            Attribute(
                "name", .complex, "The parts of the User's real name.",
                subAttributes: [
                    Attribute("formatted", "The full name, formatted for display."),
                    Attribute("familyName", "The family name, or last name."),
                    Attribute("givenName", "The given name, or first name."),
                    Attribute("middleName", "The middle names."),
                    Attribute("honorificPrefix", "The title in front of the name, as `Ms.`."),
                    Attribute("honorificSuffix", "What follows the name, as `III`."),
                ]),
            Attribute("displayName", "The name of the User as shown to people."),
            Attribute("nickName", "How the User is addressed casually."),
            Attribute("profileUrl", .reference, referenceTypes: ["external"], "A page about the User."),
            Attribute("title", "The job title."),
            Attribute("userType", "The relationship with the organization, as `Employee` or `Contractor`."),
            Attribute("preferredLanguage", "Preferred languages, as in the Accept-Language header."),
            Attribute("locale", "The locale for currency, dates and numbers, as `en-US`."),
            Attribute("timezone", "The time zone, as `Europe/Stockholm`."),
            Attribute("active", .boolean, "Whether the User is a member who can be used."),
            Attribute(
                "password", caseExact: true, mutability: .writeOnly, returned: .never,
                "Accepted for clients that send one; never stored and never returned."),
            plural("emails", types: ["work", "home", "other"], "E-mail addresses."),
            plural("phoneNumbers", types: ["work", "home", "mobile", "fax", "pager", "other"], "Telephone numbers."),
            plural(
                "ims", types: ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
                "Instant messaging addresses."),
            plural("photos", value: .reference, types: ["photo", "thumbnail"], "URLs of photos of the User."),
            Attribute(
                "addresses", .complex, multiValued: true, "Physical mailing addresses.",
                subAttributes: [
                    Attribute("formatted", "The full address, formatted for display."),
                    Attribute("streetAddress", "Street, house number and further lines."),
                    Attribute("locality", "The city."),
                    Attribute("region", "The state or region."),
                    Attribute("postalCode", "The postal code."),
                    Attribute("country", "The country, as ISO 3166-1 alpha-2."),
                    Attribute("type", canonicalValues: ["work", "home", "other"], "What the address is for."),
                    Attribute("primary", .boolean, "Whether it is the preferred one; at most one is."),
                ]),
            Attribute(
                "groups", .complex, multiValued: true, mutability: .readOnly,
                "The Groups that the User is a member of.",
                subAttributes: [
                    Attribute("value", caseExact: true, mutability: .readOnly, "The Group's id."),
                    Attribute("$ref", .reference, mutability: .readOnly, referenceTypes: ["Group"], "The Group's URL."),
                    Attribute("display", mutability: .readOnly, "The Group's displayName."),
                    Attribute("type", mutability: .readOnly, canonicalValues: ["direct"], "How: always `direct`."),
                ]),
            plural("entitlements", types: [], "What the User is entitled to."),
            plural("roles", types: [], "The User's roles, as `admin`."),
            plural("x509Certificates", value: .binary, types: [], "Certificates issued to the User."),
        ])

    /// RFC 7643 §4.3.
    package static let enterpriseUser = Schema(
        id: enterpriseUserID, name: "EnterpriseUser", description: "Enterprise User",
        attributes: [
            Attribute("employeeNumber", "The number of the employee, digits and letters."),
            Attribute("costCenter", "The cost center."),
            Attribute("organization", "The organization."),
            Attribute("division", "The division."),
            Attribute("department", "The department."),
            Attribute(
                "manager", .complex, "The User's manager.",
                subAttributes: [
                    Attribute("value", caseExact: true, "The manager's id, as given: it need not exist."),
                    Attribute(
                        "$ref", .reference, mutability: .readOnly, referenceTypes: ["User"], "The manager's URL."),
                    Attribute("displayName", mutability: .readOnly, "The manager's displayName."),
                ]),
        ])

    /// A multi-valued attribute with the default sub-attributes (RFC 7643 §2.4).
    private static func plural(
        _ name: String, value kind: Attribute.Kind = .string, types: [String], _ description: String
    ) -> Attribute {
        Attribute(
            name, .complex, multiValued: true, description,
            subAttributes: [
                Attribute("value", kind, referenceTypes: kind == .reference ? ["external"] : [], "The value itself."),
                Attribute("display", "The value as shown to people."),
                Attribute("type", canonicalValues: types, "What the value is for."),
                Attribute("primary", .boolean, "Whether it is the preferred one; at most one is."),
            ])
    }
}
