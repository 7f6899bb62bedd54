/// Workday custom reports. Their author names the columns; these are the usual names, and the configuration adds others.
extension Format {
    static let workday: [Format] = [
        workday(
            "workday-raas-json", "Workday report (RaaS, JSON)", .jsonMember("Report_Entry"),
            Recognition(requires: [["Employee_ID", "Worker_ID", "Employee_Number"]])),
        workday(
            "workday-csv", "Workday report (CSV)", .csv,
            Recognition(requires: [["Employee ID", "Worker ID"], ["Active Status"]])),
    ]

    private static func workday(
        _ name: String, _ title: String, _ container: Container, _ recognition: Recognition
    ) -> Format {
        Format(
            name, title, container: container, recognition: recognition,
            anchor: ["Employee_ID", "Worker_ID", "Employee_Number"],
            attributes: [
                Attribute("userName", "Work_Email", "Email_-_Work", "Email", "Primary_Work_Email"),
                Attribute("emails.work", "Work_Email", "Email_-_Work", "Email", "Primary_Work_Email"),
                Attribute("name.givenName", "Preferred_First_Name", "Legal_Name_First_Name", "First_Name"),
                Attribute("name.familyName", "Preferred_Last_Name", "Legal_Name_Last_Name", "Last_Name"),
                Attribute(
                    "displayName", "Preferred_Name", "Legal_Name_First_Name + Legal_Name_Last_Name",
                    "First_Name + Last_Name"),
                Attribute("title", "Business_Title", "Job_Title"),
                Attribute("phoneNumbers.mobile", "Mobile_Phone"),
                Attribute("phoneNumbers.work", "Work_Phone"),
                Attribute("addresses.work.locality", "Location_City", "Work_City"),
                Attribute("addresses.work.country", "Location_Country", "Work_Country"),
                Attribute("enterprise.employeeNumber", "Employee_ID", "Worker_ID", "Employee_Number"),
                Attribute("enterprise.costCenter", "Cost_Center"),
                Attribute("enterprise.organization", "Company"),
                Attribute("enterprise.department", "Department", "Supervisory_Organization"),
                Attribute("enterprise.manager", "Manager_Email", "Manager_-_Work_Email"),
            ],
            status: [StatusColumn("Active_Status", "Active", "Status", words: StatusColumn.humanResources)],
            employment: EmploymentDates(hire: ["Hire_Date"], termination: ["Termination_Date"]))
    }
}
