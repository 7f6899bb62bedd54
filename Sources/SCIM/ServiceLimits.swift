/// How much one request may ask of the core (scim-rulings.md, "Limits").
package struct ServiceLimits: Hashable, Sendable {
    /// Resources on a page when the client does not say how many.
    package var pageDefault = 100
    /// Resources on a page at most; a larger `count` is cut.
    package var pageLimit = 200
    /// Operations in one PATCH.
    package var patchOperations = 500
    /// Members named in one request.
    package var members = 10_000
    /// Operations in one Bulk request.
    package var bulkOperations = 1_000
    /// Bytes of one Bulk request, as advertised.
    package var bulkBytes = 10 * 1024 * 1024
    /// Members up to which a PATCH of a Group is answered with the Group (scim-clients.md §5).
    package var shownMembers = 100
    /// How long a cursor can be used.
    package var cursorSeconds = 3_600

    package init() {}
}
