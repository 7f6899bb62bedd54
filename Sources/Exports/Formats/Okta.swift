/// Okta: API JSON, the Rockstar browser extension, the console's reports and the import template.
extension Format {
    static let okta: [Format] = [
        oktaGroupsJSON, oktaUsersJSON, oktaGroupMembersCSV, oktaGroupsCSV, oktaPasswordHealthCSV, oktaImportTemplateCSV,
        oktaUsersCSV,
    ]

    private static let oktaWords: [String: StatusColumn.Meaning] = StatusColumn.table(
        active: ["ACTIVE", "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "Password reset"],
        inactive: ["SUSPENDED", "DEPROVISIONED", "Deactivated"],
        undecided: ["STAGED", "ACTIVATING"],
        create: ["PROVISIONED", "Pending user action"])

    private static let oktaTransition: [String: StatusColumn.Meaning] = StatusColumn.table(inactive: ["DEPROVISIONED"])

    private static let oktaPaging = Paging(hasLinkHeader: true, pageSizes: [200, 1000], pageMultiple: 200)

    /// `GET /api/v1/users`, and `GET /api/v1/groups/{id}/users`, which is the same.
    static let oktaUsersJSON = Format(
        "okta-users-json", "Okta users (API, JSON)", container: .jsonArray,
        recognition: Recognition(requires: [["profile"], ["status"]]),
        anchor: ["id"],
        attributes: [
            Attribute("userName", "profile.login"),
            Attribute("emails.work", "profile.email"),
            Attribute("name.givenName", "profile.firstName"),
            Attribute("name.familyName", "profile.lastName"),
            Attribute("name.middleName", "profile.middleName"),
            Attribute("name.honorificPrefix", "profile.honorificPrefix"),
            Attribute("name.honorificSuffix", "profile.honorificSuffix"),
            Attribute("displayName", "profile.displayName", "profile.firstName + profile.lastName"),
            Attribute("nickName", "profile.nickName"),
            Attribute("profileUrl", "profile.profileUrl"),
            Attribute("title", "profile.title"),
            Attribute("phoneNumbers.mobile", "profile.mobilePhone"),
            Attribute("phoneNumbers.work", "profile.primaryPhone"),
            Attribute("addresses.work.streetAddress", "profile.streetAddress"),
            Attribute("addresses.work.locality", "profile.city"),
            Attribute("addresses.work.region", "profile.state"),
            Attribute("addresses.work.postalCode", "profile.zipCode"),
            Attribute("addresses.work.country", "profile.countryCode"),
            Attribute("preferredLanguage", "profile.preferredLanguage"),
            Attribute("locale", "profile.locale"),
            Attribute("timezone", "profile.timezone"),
            Attribute("userType", "profile.userType"),
            Attribute("enterprise.employeeNumber", "profile.employeeNumber"),
            Attribute("enterprise.costCenter", "profile.costCenter"),
            Attribute("enterprise.organization", "profile.organization"),
            Attribute("enterprise.division", "profile.division"),
            Attribute("enterprise.department", "profile.department"),
            Attribute("enterprise.manager", "profile.managerId"),
        ],
        status: [
            StatusColumn("status", words: oktaWords),
            StatusColumn("transitioningToStatus", words: oktaTransition, unknown: .isSilent),
        ],
        paging: oktaPaging)

    static let oktaGroupsJSON = Format(
        "okta-groups-json", "Okta groups (API, JSON)", kind: .groups, container: .jsonArray,
        recognition: Recognition(requires: [["profile"], ["type"], ["profile.name"]], forbids: ["status"]),
        groupShape: GroupShape(
            id: ["id"], name: ["profile.name"], builtIn: (path: "type", values: ["BUILT_IN"])),
        paging: oktaPaging)

    /// Titles of the profile's attributes, as Rockstar writes them.
    private static let oktaTitles: [Attribute] = [
        Attribute("userName", "Username", "Login"),
        Attribute("emails.work", "Primary email", "Email"),
        Attribute("name.givenName", "First name"),
        Attribute("name.familyName", "Last name"),
        Attribute("name.middleName", "Middle name"),
        Attribute("name.honorificPrefix", "Honorific prefix"),
        Attribute("name.honorificSuffix", "Honorific suffix"),
        Attribute("displayName", "Display name", "First name + Last name"),
        Attribute("nickName", "Nickname"),
        Attribute("profileUrl", "Profile Url"),
        Attribute("title", "Title"),
        Attribute("phoneNumbers.mobile", "Mobile phone"),
        Attribute("phoneNumbers.work", "Primary phone"),
        Attribute("addresses.work.streetAddress", "Street address"),
        Attribute("addresses.work.locality", "City"),
        Attribute("addresses.work.region", "State"),
        Attribute("addresses.work.postalCode", "Zip code"),
        Attribute("addresses.work.country", "Country code"),
        Attribute("preferredLanguage", "Preferred language"),
        Attribute("locale", "Locale"),
        Attribute("timezone", "Time zone"),
        Attribute("userType", "User type"),
        Attribute("enterprise.employeeNumber", "Employee number"),
        Attribute("enterprise.costCenter", "Cost center"),
        Attribute("enterprise.organization", "Organization"),
        Attribute("enterprise.division", "Division"),
        Attribute("enterprise.department", "Department"),
        Attribute("enterprise.manager", "Manager Id"),
    ]

    /// Rockstar's "Export users". Its default query leaves out DEPROVISIONED.
    static let oktaUsersCSV = Format(
        "okta-users-csv", "Okta users (Rockstar, CSV)", container: .csv,
        recognition: Recognition(requires: [["User Id"], ["Username"]]),
        anchor: ["User Id"], attributes: oktaTitles,
        status: [
            StatusColumn("Status", words: oktaWords),
            StatusColumn("Transitioning to Status", words: oktaTransition, unknown: .isSilent),
        ],
        leavers: .absent)

    static let oktaGroupMembersCSV = Format(
        "okta-group-members-csv", "Okta group members (Rockstar, CSV)", kind: .groupMembers, container: .csv,
        recognition: Recognition(
            requires: [["id"], ["login"], ["firstName"], ["lastName"], ["status"]], isExact: true),
        anchor: ["id"], attributes: [Attribute("userName", "login")])

    static let oktaGroupsCSV = Format(
        "okta-groups-csv", "Okta groups (Rockstar, CSV)", kind: .groups, container: .csv,
        recognition: Recognition(requires: [["id"], ["name"], ["description"], ["type"]], isExact: true),
        groupShape: GroupShape(id: ["id"], name: ["name"], builtIn: (path: "type", values: ["BUILT_IN"])))

    /// The console's Password Health report: neither id nor e-mail, and one name column.
    static let oktaPasswordHealthCSV = Format(
        "okta-password-health-csv", "Okta password health report (CSV)", container: .csv,
        recognition: Recognition(requires: [["User"], ["Login"], ["Status"], ["Authentication Source"]]),
        attributes: [
            Attribute("userName", "Login"), Attribute("emails.work", "Login"), Attribute("displayName", "User"),
        ],
        status: [StatusColumn("Status", words: oktaWords)])

    /// The template for imports, filled in. It has no status: everybody in it is meant to be there.
    static let oktaImportTemplateCSV = Format(
        "okta-import-template-csv", "Okta import template (CSV)", container: .csv,
        recognition: Recognition(
            requires: [["login"], ["firstName"], ["lastName"], ["email"], ["secondEmail"], ["honorificPrefix"]],
            forbids: ["id", "User Id", "status"]),
        attributes: oktaTitles, presenceMeansActive: true, leavers: .absent)
}
