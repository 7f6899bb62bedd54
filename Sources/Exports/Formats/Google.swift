/// Google Workspace: the Directory API, the admin console's CSV, and GAM.
extension Format {
    static let google: [Format] = [googleUsersJSON, gamUsersJSONInCSV, gamUsersCSV, googleUsersCSV]

    private static let googleFlags: [StatusColumn] = [
        StatusColumn("suspended", words: StatusColumn.invertedBooleans),
        StatusColumn("archived", words: StatusColumn.invertedBooleans),
    ]

    private static let directoryAttributes: [Attribute] = [
        Attribute("userName", "primaryEmail"),
        Attribute("emails.work", "primaryEmail", "emails[primary=true].address"),
        Attribute("name.givenName", "name.givenName"),
        Attribute("name.familyName", "name.familyName"),
        Attribute("displayName", "name.fullName", "name.givenName + name.familyName"),
        Attribute("title", "organizations[primary=true].title", "organizations[0].title"),
        Attribute("phoneNumbers.mobile", "phones[type=mobile].value"),
        Attribute("phoneNumbers.work", "phones[type=work].value"),
        Attribute("preferredLanguage", "languages[0].languageCode"),
        Attribute("photos.photo", "thumbnailPhotoUrl"),
        Attribute("enterprise.employeeNumber", "externalIds[type=organization].value"),
        Attribute("enterprise.department", "organizations[primary=true].department", "organizations[0].department"),
        Attribute("enterprise.costCenter", "organizations[primary=true].costCenter", "organizations[0].costCenter"),
        Attribute("enterprise.manager", "relations[type=manager].value"),
    ]

    /// `users.list`. An empty result has no `users` at all.
    static let googleUsersJSON = Format(
        "google-users-json", "Google Directory users (API, JSON)", container: .jsonMember("users"),
        recognition: Recognition(
            requires: [["primaryEmail"]], envelope: ["kind=admin#directory#users"], envelopeSuffices: true),
        anchor: ["id"], attributes: directoryAttributes, status: googleFlags,
        paging: Paging(next: ["nextPageToken"]))

    /// `gam … formatjson`: the API's objects inside a CSV, quoted with `'` when asked for.
    static let gamUsersJSONInCSV = Format(
        "gam-users-json-csv", "Google users (GAM formatjson, CSV)", container: .csvOfJSON(column: "JSON"),
        recognition: Recognition(requires: [["primaryEmail"], ["JSON"]]),
        anchor: ["id"], attributes: directoryAttributes, status: googleFlags)

    /// `gam print users`: nested members with dots, lists with a count column and numbered ones.
    static let gamUsersCSV = Format(
        "gam-users-csv", "Google users (GAM, CSV)", container: .csv,
        recognition: Recognition(requires: [["primaryEmail"]], forbids: ["login", "userName"]),
        anchor: ["id"],
        attributes: [
            Attribute("userName", "primaryEmail"),
            Attribute("emails.work", "primaryEmail"),
            Attribute("name.givenName", "name.givenName"),
            Attribute("name.familyName", "name.familyName"),
            Attribute("displayName", "name.fullName", "name.givenName + name.familyName"),
            Attribute("title", "organizations.0.title"),
            Attribute("photos.photo", "thumbnailPhotoUrl"),
            Attribute("enterprise.employeeNumber", "externalIds.0.value"),
            Attribute("enterprise.department", "organizations.0.department"),
            Attribute("enterprise.costCenter", "organizations.0.costCenter"),
        ],
        status: googleFlags, groups: GroupColumn("Groups", separator: .configured(.blank), blankMeansNone: true))

    /// The admin console's "Download users". It has no stable id: people are told apart by address, unless the
    /// configuration names another anchor.
    static let googleUsersCSV = Format(
        "google-users-csv", "Google users (admin console, CSV)", container: .csv,
        recognition: Recognition(requires: [
            ["Email Address"], ["First Name"], ["Last Name"],
            ["Last Sign In", "Org Unit Path", "Email Usage", "2sv Enrolled", "New Primary Email"],
        ]),
        attributes: [
            Attribute("userName", "Email Address"),
            Attribute("emails.work", "Email Address"),
            Attribute("name.givenName", "First Name"),
            Attribute("name.familyName", "Last Name"),
            Attribute("displayName", "First Name + Last Name"),
            Attribute("title", "Employee Title"),
            Attribute("phoneNumbers.mobile", "Mobile Phone"),
            Attribute("phoneNumbers.work", "Work Phone"),
            Attribute("addresses.work.formatted", "Work Address"),
            Attribute("enterprise.employeeNumber", "Employee ID"),
            Attribute("enterprise.department", "Department"),
            Attribute("enterprise.costCenter", "Cost Center"),
            Attribute("enterprise.manager", "Manager Email"),
        ],
        status: [
            StatusColumn("Status", words: StatusColumn.table(active: ["Active"], inactive: ["Suspended", "Archived"]))
        ])
}
