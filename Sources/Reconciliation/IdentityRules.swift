import Exports
import SCIM

/// Where the identifying attributes stand among a mapping's rules.
struct IdentityRules {
    let all: [AttributeRule]
    /// Of ``all``, those whose attribute the target does not take.
    let leftOut: Set<Int>
    /// The target does not take externalIds.
    let leavesOutAnchor: Bool
    let hasAnchor: Bool
    private let employeeNumber: Int?
    private let userNameIndex: Int?
    private let emailIndex: Int?
    private let givenName: Int?
    private let familyName: Int?

    init(_ export: UserExport, for target: TargetAbilities = TargetAbilities()) {
        all = export.rules
        leftOut = Set(
            export.rules.indices.filter { target.leavesOut(export.rules[$0].path, named: export.rules[$0].name) })
        leavesOutAnchor = target.leftOut.contains("externalId")
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
    func userNameKey(of record: IdentityRecord) -> String? {
        userName(of: record).flatMap { try? CanonicalKey.userName($0) }
    }
    func emailKey(of record: IdentityRecord) -> String? { email(of: record).flatMap { try? CanonicalKey.email($0) } }

    func employeeNumber(of record: IdentityRecord) -> String? { employeeNumber.flatMap { record.values[$0].string } }
    func employeeNumber(of user: Resource) -> String? {
        employeeNumber.flatMap { Attributes.value(at: all[$0].path, in: user.attributes) }
    }
    /// Whether members can be told by their employee number.
    var hasEmployeeNumber: Bool { employeeNumber != nil }

    /// Whether a batch run renames members at all.
    var overwritesUserName: Bool { userNameIndex.map { all[$0].overwrite == .always } ?? false }

    /// Whether a column decides who is an admin.
    var mapsRoles: Bool { all.contains { $0.path.attribute == "roles" } }

    enum Answer { case no, perhaps, yes }

    /// Whether the record of an export without an anchor is about somebody else than the user who has its login or
    /// address: another employee number, and another name beside it.
    func isAnother(_ record: IdentityRecord, than user: Resource) -> Answer {
        guard !hasAnchor, let number = employeeNumber(of: record), let own = employeeNumber(of: user), number != own
        else { return .no }
        switch sameName(record, user) {
        case true?: return .no
        case false?: return .yes
        case nil: return .perhaps
        }
    }

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
