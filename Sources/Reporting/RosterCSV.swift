import Reconciliation
import SCIM

/// The roster as CSV, one line a member or group. The header names SCIM attributes, so a list of members can be read
/// again as a generic CSV export.
package struct RosterCSV: RosterWriter {
    package init() {}

    private static let paths = [
        "name.givenName", "name.familyName", "displayName", "title", "phoneNumbers.mobile", "phoneNumbers.work",
        "addresses.work.streetAddress", "addresses.work.locality", "addresses.work.region",
        "addresses.work.postalCode", "addresses.work.country", "enterprise.employeeNumber", "enterprise.department",
        "enterprise.division", "enterprise.organization", "enterprise.costCenter", "enterprise.manager",
        "preferredLanguage", "locale", "timezone", "userType",
    ]

    private static let columns: [(name: String, path: AttributePath)] = paths.compactMap { name in
        (try? AttributePath.parseMapping(name, for: .user)).map { (name, $0) }
    }

    package mutating func begin(_ type: ResourceType, total: Int) -> [UInt8] {
        switch type {
        case .user: record(["id", "externalId", "userName", "active", "email"] + Self.columns.map(\.name))
        case .group: record(["id", "externalId", "displayName", "members"])
        case .ssoConnection: []
        }
    }

    package mutating func user(_ user: Resource, groups: [ResourceJSON.Membership]) -> [UInt8] {
        let attributes = UserAttributes(user.attributes)
        let fixed = [
            user.id.rawValue, user.externalID ?? "", attributes.userName ?? "", attributes.isActive ? "true" : "false",
            attributes.primaryEmail ?? "",
        ]
        return record(fixed + Self.columns.map { Attributes.value(at: $0.path, in: user.attributes) ?? "" })
    }

    package mutating func group(_ group: Resource, members: [Resource]) -> [UInt8] {
        record([
            group.id.rawValue, group.externalID ?? "", group.attributes["displayName"]?.string ?? "",
            String(members.count),
        ])
    }

    package mutating func end() -> [UInt8] { [] }

    private func record(_ fields: [String]) -> [UInt8] { Array(CSVText.record(fields).utf8) }
}
