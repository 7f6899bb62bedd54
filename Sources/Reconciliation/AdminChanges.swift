import SCIM

/// Who becomes an admin by a plan's changes of roles, and who ceases to be one.
struct AdminChanges {
    private(set) var demoted: Set<RowID> = []
    /// Joiners, reactivated and promoted members.
    private(set) var gained = 0

    /// The changes of a member who stays.
    mutating func note(_ changes: [AttributeChange], of user: StoredResource) {
        let wasActive = user.resource.isActive
        let isActive = wasActive || changes.contains { $0.path == "active" && $0.new == "true" }
        let wasAdmin = UserAttributes(user.resource.attributes).isAdmin
        let roles = changes.filter { $0.path.hasPrefix("roles") }
        // A change of roles that names no admin role may be the one that takes it away.
        let isAdmin = roles.isEmpty ? wasAdmin : roles.contains { Self.isAdminRole($0.new) }
        if wasAdmin && wasActive && !isAdmin { demoted.insert(user.row) }
        if isAdmin && isActive && !(wasAdmin && wasActive) { gained += 1 }
    }

    mutating func note(joiner attributes: [AttributeChange]) {
        if attributes.contains(where: { $0.path.hasPrefix("roles") && Self.isAdminRole($0.new) }) { gained += 1 }
    }

    /// Whether the changes may take an admin's role away.
    static func takesRole(_ changes: [AttributeChange]) -> Bool {
        changes.contains { $0.path.hasPrefix("roles") && isAdminRole($0.old) && !isAdminRole($0.new) }
    }

    private static func isAdminRole(_ value: String?) -> Bool {
        guard let value else { return false }
        return UserAttributes(
            ComplexValue([.init("roles", .list([.complex(ComplexValue([.init("value", .string(value))]))]))])
        ).isAdmin
    }
}
