/// A SCIM 2.0 ListResponse (RFC 7644 §3.4.2): any vendor's, and what `popl-sync roster --format json` prints.
extension Format {
    static let scimList: [Format] = [scimGroupsJSON, scimUsersJSON]

    private static let enterprise = "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\""

    private static let listPaging = Paging(total: ["totalResults"], start: "startIndex", requiresTotal: true)

    static let scimUsersJSON = Format(
        "scim-users-json", "SCIM users (ListResponse, JSON)", container: .jsonMember("Resources"),
        recognition: Recognition(
            requires: [["userName"]],
            envelope: ["schemas=urn:ietf:params:scim:api:messages:2.0:ListResponse"], envelopeSuffices: true),
        anchor: ["externalId", "id"],
        attributes: [
            Attribute("userName", "userName"),
            Attribute("emails.work", "emails[primary=true].value", "emails[type=work].value", "emails[0].value"),
            Attribute("name.givenName", "name.givenName"),
            Attribute("name.familyName", "name.familyName"),
            Attribute("name.middleName", "name.middleName"),
            Attribute("name.honorificPrefix", "name.honorificPrefix"),
            Attribute("name.honorificSuffix", "name.honorificSuffix"),
            Attribute("displayName", "displayName", "name.formatted", "name.givenName + name.familyName"),
            Attribute("nickName", "nickName"),
            Attribute("profileUrl", "profileUrl"),
            Attribute("title", "title"),
            Attribute("phoneNumbers.mobile", "phoneNumbers[type=mobile].value"),
            Attribute("phoneNumbers.work", "phoneNumbers[type=work].value"),
            Attribute("addresses.work.streetAddress", "addresses[type=work].streetAddress"),
            Attribute("addresses.work.locality", "addresses[type=work].locality"),
            Attribute("addresses.work.region", "addresses[type=work].region"),
            Attribute("addresses.work.postalCode", "addresses[type=work].postalCode"),
            Attribute("addresses.work.country", "addresses[type=work].country"),
            Attribute("photos.photo", "photos[type=photo].value"),
            Attribute("preferredLanguage", "preferredLanguage"),
            Attribute("locale", "locale"),
            Attribute("timezone", "timezone"),
            Attribute("userType", "userType"),
            Attribute("enterprise.employeeNumber", .column("\(enterprise).employeeNumber")),
            Attribute("enterprise.costCenter", .column("\(enterprise).costCenter")),
            Attribute("enterprise.organization", .column("\(enterprise).organization")),
            Attribute("enterprise.division", .column("\(enterprise).division")),
            Attribute("enterprise.department", .column("\(enterprise).department")),
            Attribute("enterprise.manager", .column("\(enterprise).manager.value")),
        ],
        status: [StatusColumn("active", words: StatusColumn.booleans)],
        groups: GroupColumn("groups[].display", separator: .list, blankMeansNone: true), paging: listPaging)

    /// Members are named by the `id` that the users have there.
    static let scimGroupsJSON = Format(
        "scim-groups-json", "SCIM groups (ListResponse, JSON)", kind: .groups, container: .jsonMember("Resources"),
        recognition: Recognition(requires: [["displayName"], ["members", "schemas"]], forbids: ["userName"]),
        groupShape: GroupShape(
            id: ["externalId", "id"], name: ["displayName"], members: "members", memberID: ["value"],
            memberType: (path: "type", user: "User"), memberIDIsNotAnchor: true),
        paging: listPaging)
}
