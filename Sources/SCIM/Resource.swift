/// A User, a Group or a team's SSO connection as the core holds it.
///
/// `attributes` has neither `id` nor `meta` nor `schemas`: they are the fields beside it, and derived. Extensions are
/// members named by their URN. A Group's `members` and a User's `groups` are not in it: memberships are rows of their
/// own (see ``ResourceStore``), so that a group of 100,000 costs nothing to rename.
package struct Resource: Hashable, Sendable {
    package var type: ResourceType
    package var id: ResourceID
    package var attributes: ComplexValue
    package var created: Timestamp
    package var lastModified: Timestamp
    /// Counts up by one with each real change; shown as the weak ETag `W/"3"` (RFC 7644 §3.14).
    package var version: Int64

    package init(
        type: ResourceType, id: ResourceID, attributes: ComplexValue, created: Timestamp, lastModified: Timestamp,
        version: Int64
    ) {
        self.type = type
        self.id = id
        self.attributes = attributes
        self.created = created
        self.lastModified = lastModified
        self.version = version
    }

    package var etag: String { Self.etag(version) }

    /// The ETag of any resource at `version`.
    package static func etag(_ version: Int64) -> String { "W/\"\(version)\"" }
    package var externalID: String? { attributes["externalId"]?.string }
}
