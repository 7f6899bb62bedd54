/// OneLogin's API. `status` (can they sign in) and `state` (were they approved) are two axes.
extension Format {
    static let oneLogin: [Format] = [
        oneLogin(
            "onelogin-users-json", "OneLogin users (API v2, JSON)", .jsonArray, Paging(pageSizes: [50, 100, 1000])),
        oneLogin(
            "onelogin-users-v1-json", "OneLogin users (API v1, JSON)", .jsonMember("data"),
            Paging(next: ["pagination.after_cursor", "pagination.next_link"])),
    ]

    private static func oneLogin(_ name: String, _ title: String, _ container: Container, _ paging: Paging) -> Format {
        Format(
            name, title, container: container,
            recognition: Recognition(
                requires: [["firstname"], ["lastname"], ["email"], ["status"], ["role_ids", "state", "role_id"]]),
            anchor: ["id"],
            attributes: [
                Attribute("userName", "username", "email"),
                Attribute("emails.work", "email"),
                Attribute("name.givenName", "firstname"),
                Attribute("name.familyName", "lastname"),
                Attribute("displayName", "firstname + lastname"),
                Attribute("title", "title"),
                Attribute("phoneNumbers.work", "phone"),
                Attribute("preferredLanguage", "preferred_locale_code"),
                Attribute("enterprise.employeeNumber", "external_id"),
                Attribute("enterprise.department", "department"),
                Attribute("enterprise.organization", "company"),
                Attribute("enterprise.manager", "manager_user_id"),
            ],
            status: [
                StatusColumn(
                    "status",
                    words: StatusColumn.table(
                        active: ["1", "3", "4", "5", "7", "8"], inactive: ["2"], undecided: ["0"])),
                StatusColumn(
                    "state",
                    words: ["0": .undecided, "1": .silent, "2": .inactive, "3": .inactive]),
            ],
            groups: GroupColumn("member_of", separator: .configured(.distinguishedNames), blankMeansNone: false),
            paging: paging)
    }
}
