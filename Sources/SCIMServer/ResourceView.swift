import SCIM

/// A resource as one answer shows it, with its memberships.
struct ResourceView {
    let resource: Resource
    let location: String
    let isLargeGroup: Bool
    let body: [UInt8]

    /// Members up to which a PATCH of a Group is answered with all of it (scim-clients.md §5).
    private static let memberLimit = 100

    init(_ stored: StoredResource, _ store: any StoreReading, _ team: TeamID, _ baseURL: String) throws {
        resource = stored.resource
        location = ResourceJSON.url(resource.type, resource.id, baseURL)
        let memberships = try Self.memberships(stored, store, team)
        isLargeGroup = resource.type == .group && memberships.count > Self.memberLimit
        var body: [UInt8] = []
        ResourceJSON.append(resource, memberships: memberships, baseURL: baseURL, to: &body)
        self.body = body
    }

    private static func memberships(
        _ stored: StoredResource, _ store: any StoreReading, _ team: TeamID
    ) throws -> [ResourceJSON.Membership] {
        switch stored.resource.type {
        case .user:
            try store.groups(of: stored.row, team: team).compactMap { row in
                try store.resource(.group, row: row, team: team).map {
                    ResourceJSON.Membership(id: $0.resource.id, display: $0.resource.attributes["displayName"]?.string)
                }
            }
        case .group:
            try store.members(of: stored.row, team: team).compactMap { row in
                try store.resource(.user, row: row, team: team).map {
                    ResourceJSON.Membership(id: $0.resource.id, display: $0.resource.attributes["displayName"]?.string)
                }
            }
        case .ssoConnection: []
        }
    }
}
