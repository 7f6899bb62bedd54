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
    /// Resources that one list walks through because no index knows what is asked; of a larger type it is refused.
    package var walk = 1_000_000
    /// Resources looked at before others have their turn.
    package var slice = 1_000
    /// Keys held while a list is put into an order that no index has.
    package var sortKeys = 16_384
    /// Resources of a type up to which all are counted anew on every page by cursor.
    package var recounted = 10_000
    /// Arrays and objects within each other in one body.
    package var jsonDepth = 64
    package var filter = FilterLimits()
    package var text = TextLimits()

    package init() {}
}

/// How large a filter, or a path with one in it, may be.
package struct FilterLimits: Hashable, Sendable {
    package var bytes = 8 * 1024
    /// Brackets and parentheses within each other.
    package var levels = 32
    /// Comparisons.
    package var terms = 100

    package init() {}
}

/// How many characters a value may have.
package struct TextLimits: Hashable, Sendable {
    /// Any string but those below.
    package var string = 1_024
    package var userName = 320
    /// URLs.
    package var reference = 2_048
    /// Certificates, in base64.
    package var binary = 65_536

    package init() {}
}
