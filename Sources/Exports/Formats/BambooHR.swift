/// BambooHR: the directory (active people who are not hidden, no status) and reports (columns as their author chose).
extension Format {
    static let bambooHR: [Format] = [
        Format(
            "bamboohr-directory-json", "BambooHR directory (API, JSON)", container: .jsonMember("employees"),
            recognition: Recognition(requires: [["id"], ["workEmail", "displayName"]], envelope: ["fields"]),
            anchor: ["id"],
            attributes: [
                Attribute("userName", "workEmail"),
                Attribute("emails.work", "workEmail"),
                Attribute("name.givenName", "firstName"),
                Attribute("name.familyName", "lastName"),
                Attribute("displayName", "displayName", "firstName + lastName"),
                Attribute("title", "jobTitle"),
                Attribute("phoneNumbers.mobile", "mobilePhone"),
                Attribute("phoneNumbers.work", "workPhone"),
                Attribute("photos.photo", "photoUrl"),
                Attribute("enterprise.department", "department"),
                Attribute("enterprise.division", "division"),
            ],
            presenceMeansActive: true, leavers: .absent),
        Format(
            "bamboohr-report-csv", "BambooHR report (CSV)", container: .csv,
            recognition: Recognition(requires: [
                ["Employee #"], ["Work Email", "Last name, First name", "Hire Date", "Status"],
            ]),
            anchor: ["Employee #"],
            attributes: [
                Attribute("userName", "Work Email"),
                Attribute("emails.work", "Work Email"),
                Attribute("name.givenName", "First Name", .afterComma(of: "Last name, First name")),
                Attribute("name.familyName", "Last Name", .beforeComma(of: "Last name, First name")),
                Attribute(
                    "displayName", "Display Name", "First Name + Last Name", .turnedAtComma(of: "Last name, First name")
                ),
                Attribute("title", "Job Title"),
                Attribute("phoneNumbers.mobile", "Mobile Phone"),
                Attribute("phoneNumbers.work", "Work Phone"),
                Attribute("enterprise.employeeNumber", "Employee #"),
                Attribute("enterprise.department", "Department"),
                Attribute("enterprise.division", "Division"),
                Attribute("enterprise.manager", "Supervisor Email"),
            ],
            status: [StatusColumn("Status", "Employment Status", words: StatusColumn.humanResources)],
            employment: EmploymentDates(hire: ["Hire Date"], termination: ["Termination Date"])),
    ]
}
