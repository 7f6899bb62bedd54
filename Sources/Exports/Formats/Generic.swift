/// Files of no vendor we know: columns by their usual spellings, and the configuration's `mapping:` for the rest.
/// A file in which no column names a login or an address is refused with the request for a mapping.
extension Format {
    static let generic: [Format] = [
        generic("generic-ndjson", "NDJSON", .ndjson),
        generic("generic-json", "JSON", .jsonAnyMember),
        generic("generic-csv", "CSV", .csv),
    ]

    private static let words: [String: StatusColumn.Meaning] = StatusColumn.humanResources.merging(
        StatusColumn.table(
            active: [
                "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "Password reset", "ACTIVATED", "aktiv", "actif", "activo",
            ],
            inactive: [
                "SUSPENDED", "DEPROVISIONED", "Deactivated", "Archived", "inaktiv", "inactif", "inactivo",
            ],
            undecided: ["STAGED", "ACTIVATING"], create: ["PROVISIONED", "Pending user action"])
    ) { first, _ in first }

    private static func generic(_ name: String, _ title: String, _ container: Container) -> Format {
        Format(
            name, title, container: container, recognition: Recognition(),
            anchor: [
                "externalId", "id", "userId", "objectId", "guid", "Employee ID", "Employee number", "Employee #",
            ],
            attributes: attributes,
            status: [
                StatusColumn(
                    "status", "active", "accountStatus", "userStatus", "employmentStatus", "activeStatus", "enabled",
                    "accountEnabled", "isActive", words: words)
            ],
            employment: EmploymentDates(hire: ["Hire date"], termination: ["Termination date"]),
            guests: GuestRule("userType", marker: "#EXT#@", login: "userPrincipalName", addresses: ["otherMails"]),
            groups: GroupColumn("groups", "memberOf", separator: nil, blankMeansNone: false),
            paging: Paging(pageSizes: container.isJSON ? [50, 100, 200, 250, 500, 1000] : []))
    }

    private static let attributes: [Attribute] = [
        Attribute(
            "userName", "userName", "login", "loginName", "userPrincipalName", "UPN", "primaryEmail", "email", "mail",
            "emailAddress", "workEmail", "emails.work", "emails.work.value"),
        Attribute(
            "emails.work", "email", "mail", "emailAddress", "primaryEmail", "workEmail", "Email - Work",
            "businessEmail",
            "emails.work", "emails.work.value"),
        Attribute("name.givenName", "firstName", "givenName", "forename", "name.givenName"),
        Attribute("name.familyName", "lastName", "familyName", "surname", "sn", "name.familyName"),
        Attribute("displayName", "displayName", "fullName", "name", "name.formatted", "firstName + lastName"),
        Attribute("nickName", "nickName"),
        Attribute("title", "title", "jobTitle", "businessTitle"),
        Attribute(
            "phoneNumbers.mobile", "mobilePhone", "mobile", "mobileNumber", "cellPhone", "cell", "phoneNumbers.mobile"),
        Attribute(
            "phoneNumbers.work", "workPhone", "businessPhone", "phone", "phoneNumber", "telephoneNumber", "telephone",
            "primaryPhone", "phoneNumbers.work"),
        Attribute("addresses.work.streetAddress", "streetAddress", "street", "addresses.work.streetAddress"),
        Attribute("addresses.work.locality", "city", "locality", "addresses.work.locality"),
        Attribute("addresses.work.region", "state", "region", "stateOrProvince", "addresses.work.region"),
        Attribute("addresses.work.postalCode", "postalCode", "zipCode", "zip", "addresses.work.postalCode"),
        Attribute("addresses.work.country", "country", "countryCode", "countryOrRegion", "addresses.work.country"),
        Attribute("photos.photo", "photoUrl", "avatarUrl", "photos.photo"),
        Attribute("preferredLanguage", "preferredLanguage"),
        Attribute("locale", "locale"),
        Attribute("timezone", "timezone"),
        Attribute("userType", "userType"),
        Attribute(
            "enterprise.employeeNumber", "employeeNumber", "employeeId", "personnelNumber", "enterprise.employeeNumber"),
        Attribute("enterprise.costCenter", "costCenter", "enterprise.costCenter"),
        Attribute("enterprise.organization", "organization", "company", "companyName", "enterprise.organization"),
        Attribute("enterprise.division", "division", "enterprise.division"),
        Attribute("enterprise.department", "department", "enterprise.department"),
        Attribute("enterprise.manager", "managerId", "managerEmail", "manager", "enterprise.manager"),
    ]
}
