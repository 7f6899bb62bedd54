/// JumpCloud's `GET /api/systemusers`. A lock or an expired password is no departure; `username` is not an address.
extension Format {
    static let jumpCloud: [Format] = [
        Format(
            "jumpcloud-users-json", "JumpCloud users (API, JSON)", container: .jsonMember("results"),
            recognition: Recognition(requires: [["_id"], ["username"]]),
            anchor: ["_id"],
            attributes: [
                Attribute("userName", "username"),
                Attribute("emails.work", "email"),
                Attribute("name.givenName", "firstname"),
                Attribute("name.familyName", "lastname"),
                Attribute("name.middleName", "middlename"),
                Attribute("displayName", "displayname", "firstname + lastname"),
                Attribute("title", "jobTitle"),
                Attribute("phoneNumbers.mobile", "phoneNumbers[type=mobile].number"),
                Attribute("phoneNumbers.work", "phoneNumbers[type=work].number"),
                Attribute("enterprise.employeeNumber", "employeeIdentifier"),
                Attribute("enterprise.department", "department"),
                Attribute("enterprise.organization", "company"),
                Attribute("enterprise.costCenter", "costCenter"),
                Attribute("enterprise.manager", "manager"),
            ],
            status: [
                StatusColumn(
                    "state",
                    words: StatusColumn.table(active: ["ACTIVATED"], inactive: ["SUSPENDED"], undecided: ["STAGED"])),
                StatusColumn("suspended", words: StatusColumn.exceptions),
            ],
            paging: Paging(total: ["totalCount"], requiresTotal: true))
    ]
}
