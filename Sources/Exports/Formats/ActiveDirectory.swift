/// Active Directory through `csvde` and as LDIF (RFC 2849). Bit 2 of `userAccountControl` means disabled.
extension Format {
    static let activeDirectory: [Format] = [
        activeDirectory(
            "ad-ldif", "Active Directory (LDIF)", .ldif, Recognition(requires: [["dn"]]),
            [.guid(of: "objectGUID"), "entryUUID"]),
        activeDirectory(
            "ad-csvde-csv", "Active Directory (csvde, CSV)", .csv,
            Recognition(requires: [["DN"], ["objectClass"]]), [.guid(of: "objectGUID")]),
    ]

    private static func activeDirectory(
        _ name: String, _ title: String, _ container: Container, _ recognition: Recognition, _ anchor: [Source]
    ) -> Format {
        Format(
            name, title, container: container, recognition: recognition, anchor: anchor,
            attributes: [
                Attribute("userName", "userPrincipalName", "uid", "sAMAccountName"),
                Attribute("emails.work", "mail"),
                Attribute("name.givenName", "givenName"),
                Attribute("name.familyName", "sn"),
                Attribute("displayName", "displayName", "cn", "givenName + sn"),
                Attribute("title", "title"),
                Attribute("phoneNumbers.mobile", "mobile"),
                Attribute("phoneNumbers.work", "telephoneNumber"),
                Attribute("addresses.work.streetAddress", "streetAddress"),
                Attribute("addresses.work.locality", "l"),
                Attribute("addresses.work.region", "st"),
                Attribute("addresses.work.postalCode", "postalCode"),
                Attribute("addresses.work.country", "c", "co"),
                Attribute("preferredLanguage", "preferredLanguage"),
                Attribute("enterprise.employeeNumber", "employeeNumber", "employeeID"),
                Attribute("enterprise.department", "department"),
                Attribute("enterprise.division", "division"),
                Attribute("enterprise.organization", "company", "o"),
            ],
            status: [StatusColumn("userAccountControl", inactiveBit: 1)],
            groups: GroupColumn("memberOf", separator: .configured(.distinguishedNames), blankMeansNone: true))
    }
}
