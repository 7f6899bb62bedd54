/// Microsoft Entra ID and Microsoft 365: portal CSV of both generations, the admin centre's CSV, PowerShell's
/// `Export-Csv`, and Graph. Popl's own page maps only name and e-mail for Entra and leaves groups off; so do these.
extension Format {
    static let entra: [Format] = [
        graphGroupsJSON, graphUsersJSON, entraGroupMembersCSV, m365UsersCSV, entraPowerShellCSV, entraUsersCSV,
    ]

    private static let entraActivity = StatusColumn("accountEnabled", words: StatusColumn.booleans)

    /// A guest who has not answered the invitation yet.
    private static let entraInvitation = StatusColumn(
        "externalUserState", "invitationState", "UserState", words: ["PendingAcceptance": .undecided],
        unknown: .isSilent)

    private static let entraGuests = GuestRule(
        "userType", marker: "#EXT#@", login: "userPrincipalName",
        addresses: ["otherMails[0]", "otherMails", "alternateEmailAddress"])

    /// The portal's, PowerShell's and Graph's own property names differ in letter case and in few words.
    private static let entraAttributes: [Attribute] = [
        Attribute("userName", "userPrincipalName"),
        Attribute("emails.work", "mail"),
        Attribute("name.givenName", "givenName"),
        Attribute("name.familyName", "surname"),
        Attribute("displayName", "displayName", "givenName + surname"),
        Attribute("title", "jobTitle"),
        Attribute("phoneNumbers.mobile", "mobilePhone", "mobile"),
        Attribute("phoneNumbers.work", "telephoneNumber", "businessPhones[0]"),
        Attribute("addresses.work.streetAddress", "streetAddress"),
        Attribute("addresses.work.locality", "city"),
        Attribute("addresses.work.region", "state"),
        Attribute("addresses.work.postalCode", "postalCode"),
        Attribute("addresses.work.country", "country"),
        Attribute("preferredLanguage", "preferredLanguage"),
        Attribute("userType", "userType"),
        Attribute("enterprise.employeeNumber", "employeeId"),
        Attribute("enterprise.department", "department"),
        Attribute("enterprise.organization", "companyName"),
    ]

    /// `GET /users`. Its default properties have no `accountEnabled`: activity is then unstated.
    static let graphUsersJSON = Format(
        "graph-users-json", "Microsoft Graph users (JSON)", container: .jsonMember("value"),
        recognition: Recognition(requires: [["userPrincipalName"]]),
        anchor: ["id"],
        attributes: entraAttributes + [Attribute("enterprise.manager", "manager.id")],
        status: [entraActivity, entraInvitation], guests: entraGuests, syncsGroupsByDefault: false, preset: .minimal,
        paging: Paging(next: ["@odata.nextLink"], total: ["@odata.count"]))

    /// `GET /groups?$expand=members`. The service is reported to cut the expanded members at 20 or at 100.
    static let graphGroupsJSON = Format(
        "graph-groups-json", "Microsoft Graph groups (JSON)", kind: .groups, container: .jsonMember("value"),
        recognition: Recognition(
            requires: [["displayName"], ["members", "groupTypes", "securityEnabled", "mailEnabled"]],
            forbids: ["userPrincipalName"]),
        groupShape: GroupShape(
            id: ["id"], name: ["displayName"], members: "members", memberID: ["id"],
            memberUserName: ["userPrincipalName"], memberType: (path: "@odata.type", user: "#microsoft.graph.user"),
            cappedAt: [20, 100]),
        syncsGroupsByDefault: false, preset: .minimal,
        paging: Paging(next: ["@odata.nextLink", "members@odata.nextLink"], total: ["@odata.count"]))

    /// The portal's "Download users", newer (`id`) and older (`objectId`). The service stops at 500,000 rows.
    static let entraUsersCSV = Format(
        "entra-users-csv", "Microsoft Entra users (portal, CSV)", container: .csv,
        recognition: Recognition(requires: [["userPrincipalName"]], forbids: ["login", "userName", "objectClass"]),
        anchor: ["id", "objectId"], attributes: entraAttributes, status: [entraActivity, entraInvitation],
        guests: entraGuests, syncsGroupsByDefault: false, preset: .minimal, paging: Paging(pageSizes: [500_000]))

    static let entraGroupMembersCSV = Format(
        "entra-group-members-csv", "Microsoft Entra group members (portal, CSV)", kind: .groupMembers, container: .csv,
        recognition: Recognition(requires: [["userPrincipalName"], ["objectType"], ["isUser"], ["isGroup"]]),
        anchor: ["id"], attributes: [Attribute("userName", "userPrincipalName")],
        groupShape: GroupShape(id: [], name: [], memberType: (path: "objectType", user: "User")),
        syncsGroupsByDefault: false, preset: .minimal)

    /// `Get-MgUser` or `Get-AzureADUser` through `Export-Csv`.
    static let entraPowerShellCSV = Format(
        "entra-powershell-csv", "Microsoft Entra users (PowerShell, CSV)", container: .csv,
        recognition: Recognition(requires: [
            ["UserPrincipalName"],
            [
                "AboutMe", "ObjectType", "ExtensionProperty", "AdditionalProperties", "AssignedLicenses",
                "DeletedDateTime",
            ],
        ]),
        anchor: ["Id", "ObjectId"], attributes: entraAttributes,
        status: [
            entraActivity, entraInvitation,
            StatusColumn("DeletionTimestamp", "DeletedDateTime", unknown: .isSilent, anything: .deleted),
        ],
        guests: entraGuests, syncsGroupsByDefault: false, preset: .minimal, paging: Paging(pageSizes: [500_000]),
        hasTypeNames: true)

    /// The Microsoft 365 admin centre's "Export users", alphabetic and newer order. `Block credential` is inverted.
    static let m365UsersCSV = Format(
        "m365-users-csv", "Microsoft 365 users (admin centre, CSV)", container: .csv,
        recognition: Recognition(requires: [
            ["User principal name"], ["Block credential", "Soft deletion time stamp", "Licenses"],
        ]),
        anchor: ["Object Id"],
        attributes: [
            Attribute("userName", "User principal name"),
            Attribute("emails.work", .primaryProxyAddress(of: "Proxy addresses")),
            Attribute("name.givenName", "First name"),
            Attribute("name.familyName", "Last name"),
            Attribute("displayName", "Display name", "First name + Last name"),
            Attribute("title", "Title"),
            Attribute("phoneNumbers.mobile", "Mobile Phone"),
            Attribute("phoneNumbers.work", "Phone number"),
            Attribute("addresses.work.streetAddress", "Street address"),
            Attribute("addresses.work.locality", "City"),
            Attribute("addresses.work.region", "StateOrProvince", "State"),
            Attribute("addresses.work.postalCode", "Postal code"),
            Attribute("addresses.work.country", "CountryOrRegion", "Country/Region"),
            Attribute("preferredLanguage", "Preferred language"),
            Attribute("enterprise.department", "Department"),
        ],
        status: [
            StatusColumn("Block credential", words: StatusColumn.invertedBooleans),
            StatusColumn("Soft deletion time stamp", unknown: .isSilent, anything: .deleted),
        ],
        guests: GuestRule(nil, marker: "#EXT#@", login: "User principal name"), syncsGroupsByDefault: false,
        preset: .minimal, paging: Paging(pageSizes: [500_000]))
}
