/// One file that a run was given, and what the configuration says it is.
package struct InputFile: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
        /// Its content tells.
        case auto
        case users
        case groups
        /// Who is in one group: the file itself does not name it (Okta's `/groups/{id}/users`).
        case groupMembers(group: String)
        /// SAML metadata: read by `Metadata`, only told apart here.
        case metadata
    }

    package var path: String
    package var role: Role
    package init(_ path: String, role: Role = .auto) {
        self.path = path
        self.role = role
    }
}
