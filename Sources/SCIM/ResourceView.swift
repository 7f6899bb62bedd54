/// A resource with what an answer shows beside its own attributes: whom a Group has, in which Groups a User is, who the
/// manager is. Read from the same snapshot as the resource.
package struct ResourceView: Hashable, Sendable {
    package var resource: Resource
    /// A Group's `members` or a User's `groups`; `nil` when they were not asked for.
    package var memberships: [ResourceJSON.Membership]?
    /// The User that the manager's id names; `nil` when there is no such User in the team.
    package var manager: ResourceJSON.Membership?

    package init(
        _ resource: Resource, memberships: [ResourceJSON.Membership]? = nil, manager: ResourceJSON.Membership? = nil
    ) {
        self.resource = resource
        self.memberships = memberships
        self.manager = manager
    }
}

extension StoreReading {
    /// `stored` with what `selection` shows beside it, and no question for what it does not.
    func view(_ stored: StoredResource, _ selection: AttributeSelection, team: TeamID) throws -> ResourceView {
        var view = ResourceView(stored.resource)
        switch stored.resource.type {
        case .group:
            if selection.shows("members") { view.memberships = try memberships(ofGroup: stored.row, team: team) }
        case .user:
            if selection.shows("groups") { view.memberships = try memberships(ofUser: stored.row, team: team) }
            view.manager = try manager(of: stored.resource, team: team)
        case .ssoConnection: break
        }
        return view
    }

    func manager(of user: Resource, team: TeamID) throws -> ResourceJSON.Membership? {
        guard let manager = user.attributes[Schema.enterpriseUserID]?.complex?["manager"]?.complex?["value"]?.string,
            let stored = try resource(.user, id: ResourceID(rawValue: manager), team: team)
        else { return nil }
        let attributes = UserAttributes(stored.resource.attributes)
        return ResourceJSON.Membership(id: stored.resource.id, display: attributes.displayName)
    }
}
