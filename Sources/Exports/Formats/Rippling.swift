/// Rippling's employee report. Dates are MM/DD/YYYY; headers can be renamed by the customer.
extension Format {
    static let rippling: [Format] = [
        Format(
            "rippling-csv", "Rippling report (CSV)", container: .csv,
            recognition: Recognition(requires: [["Work email"], ["Employment status"]]),
            anchor: ["Employee ID", "Employee number"],
            attributes: [
                Attribute("userName", "Work email"),
                Attribute("emails.work", "Work email"),
                Attribute("name.givenName", "Preferred first name", "First name", "Legal first name"),
                Attribute("name.familyName", "Last name", "Legal last name"),
                Attribute("displayName", "Employee", "First name + Last name"),
                Attribute("title", "Title"),
                Attribute("phoneNumbers.mobile", "Mobile phone", "Phone number"),
                Attribute("enterprise.employeeNumber", "Employee ID", "Employee number"),
                Attribute("enterprise.department", "Department"),
                Attribute("enterprise.manager", "Manager - Work email"),
            ],
            status: [StatusColumn("Employment status", words: StatusColumn.humanResources)],
            employment: EmploymentDates(hire: ["Start date"], termination: ["Termination date"]), dates: .us)
    ]
}
