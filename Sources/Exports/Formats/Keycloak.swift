/// Keycloak's realm export, whole or as `realm-users-N.json`, and the bare array of its admin API.
extension Format {
    static let keycloak: [Format] = [
        keycloak("keycloak-realm-json", "Keycloak realm export (JSON)", .jsonMember("users"), envelope: ["realm"]),
        keycloak("keycloak-users-json", "Keycloak users (admin API, JSON)", .jsonArray, envelope: []),
    ]

    private static func keycloak(_ name: String, _ title: String, _ container: Container, envelope: [String]) -> Format
    {
        Format(
            name, title, container: container,
            recognition: Recognition(
                requires: [
                    ["username"], ["enabled"], ["createdTimestamp", "totp", "requiredActions", "emailVerified"],
                ],
                envelope: envelope),
            anchor: ["id"],
            attributes: [
                Attribute("userName", "username"),
                Attribute("emails.work", "email"),
                Attribute("name.givenName", "firstName"),
                Attribute("name.familyName", "lastName"),
                Attribute("displayName", "firstName + lastName"),
                Attribute("title", "attributes.title[0]"),
                Attribute("phoneNumbers.mobile", "attributes.mobile[0]", "attributes.phoneNumber[0]"),
                Attribute("locale", "attributes.locale[0]"),
                Attribute("enterprise.employeeNumber", "attributes.employeeNumber[0]"),
                Attribute("enterprise.department", "attributes.department[0]"),
            ],
            status: [StatusColumn("enabled", words: StatusColumn.booleans)],
            groups: GroupColumn("groups[]", separator: .paths, blankMeansNone: true),
            paging: Paging(pageSizes: [50, 100]))
    }
}
