import Exports
import SCIM

/// Where the identifying attributes stand among a mapping's rules.
struct IdentityRules {
    let all: [AttributeRule]
    let hasAnchor: Bool
    let employeeNumber: Int?
    private let userNameIndex: Int?
    private let emailIndex: Int?
    private let givenName: Int?
    private let familyName: Int?

    init(_ export: UserExport) {
        all = export.rules
        hasAnchor = export.hasAnchor
        func index(_ name: String) -> Int? { export.rules.firstIndex { $0.name == name } }
        userNameIndex = index("userName")
        emailIndex = index("emails.work") ?? index("emails.primary")
        employeeNumber = index("enterprise.employeeNumber")
        givenName = index("name.givenName")
        familyName = index("name.familyName")
    }

    func userName(of record: IdentityRecord) -> String? { userNameIndex.flatMap { record.values[$0].string } }
    func email(of record: IdentityRecord) -> String? { emailIndex.flatMap { record.values[$0].string } }
    func userNameKey(of record: IdentityRecord) -> String? { userName(of: record).flatMap { try? CanonicalKey.userName($0) } }
    func emailKey(of record: IdentityRecord) -> String? { email(of: record).flatMap { try? CanonicalKey.email($0) } }

    /// Whether a batch run renames members at all.
    var overwritesUserName: Bool { userNameIndex.map { all[$0].overwrite == .always } ?? false }

    /// Whether record and user have the same given and family name; `nil` when either leaves it open.
    func sameName(_ record: IdentityRecord, _ user: Resource) -> Bool? {
        guard let givenName, let familyName, let given = record.values[givenName].string,
            let family = record.values[familyName].string,
            let oldGiven = Attributes.value(at: all[givenName].path, in: user.attributes),
            let oldFamily = Attributes.value(at: all[familyName].path, in: user.attributes)
        else { return nil }
        return TextFolding.key(given) == TextFolding.key(oldGiven)
            && TextFolding.key(family) == TextFolding.key(oldFamily)
    }
}
