/// One page of a list (RFC 7644 §3.4.2, RFC 9865 §2).
package struct ListPage: Hashable, Sendable {
    package var resources: [ResourceView]
    /// Of the whole list, not of the page, and as it is now. `nil`, not said: on the second and later pages by cursor, for
    /// a filter that no index answers, in a type with more than ``ServiceLimits/recounted`` resources. RFC 9865 §2 lets
    /// it be left out, so that a page does not cost what the whole list costs; an old figure would be a wrong one.
    package var totalResults: Int?
    /// `nil` under a cursor.
    package var startIndex: Int?
    /// `nil` when this is the last page, or the list is by index.
    package var nextCursor: String?
    package var itemsPerPage: Int { resources.count }

    package init(
        resources: [ResourceView], totalResults: Int?, startIndex: Int? = nil, nextCursor: String? = nil
    ) {
        self.resources = resources
        self.totalResults = totalResults
        self.startIndex = startIndex
        self.nextCursor = nextCursor
    }
}
