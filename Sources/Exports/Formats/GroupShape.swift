/// The column of a users export that lists somebody's groups.
package struct GroupColumn: Sendable {
    package enum Separator: Sendable {
        case configured(MappingConfiguration.GroupSeparator)
        /// The container has lists of its own.
        case list
        /// As `list`, each a path `/A/B`; the leading stroke is not part of the name.
        case paths
    }
    package var from: [String]
    /// `nil` where the configuration must say it.
    package var separator: Separator?
    /// No value means "in no group", rather than "not said".
    package var blankMeansNone: Bool
    package init(_ from: String..., separator: Separator?, blankMeansNone: Bool) {
        self.from = from
        self.separator = separator
        self.blankMeansNone = blankMeansNone
    }
}

/// The members of a group's object, by member path.
package struct GroupShape: Sendable {
    package var id: [String]
    package var name: [String]
    /// The array of members inside the group, where there is one.
    package var members: String?
    package var memberID: [String]
    package var memberUserName: [String]
    /// The member that tells users from groups and devices, and its value for users.
    package var memberType: (path: String, user: String)?
    /// The group's own type, and its values for groups that the IdP makes itself.
    package var builtIn: (path: String, values: [String])?
    /// Counts of members at which the service may have cut the list.
    package var cappedAt: Set<Int>
    /// Members are named by the user's own id there, which is not the anchor when the user has an `externalId`.
    package var memberIDIsNotAnchor: Bool
    package init(
        id: [String], name: [String], members: String? = nil, memberID: [String] = [], memberUserName: [String] = [],
        memberType: (path: String, user: String)? = nil, builtIn: (path: String, values: [String])? = nil,
        cappedAt: Set<Int> = [], memberIDIsNotAnchor: Bool = false
    ) {
        self.id = id
        self.name = name
        self.members = members
        self.memberID = memberID
        self.memberUserName = memberUserName
        self.memberType = memberType
        self.builtIn = builtIn
        self.cappedAt = cappedAt
        self.memberIDIsNotAnchor = memberIDIsNotAnchor
    }
}
