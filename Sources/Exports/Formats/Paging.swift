/// How the vendor's service pages, and so how a file can show that it is one page of many (idp-exports.md §2).
package struct Paging: Sendable {
    /// Members of the envelope that are there only while pages are left.
    package var next: [String]
    /// Members of the envelope with the number of records over all pages.
    package var total: [String]
    /// The member with the position of the first record, from 1.
    package var start: String?
    /// The format always has a total: without it nothing proves that all is there.
    package var requiresTotal: Bool
    /// The cursor is in an HTTP header, which a `X.headers.txt` beside `X.json` may hold.
    package var hasLinkHeader: Bool
    /// Exactly so many records look like one page.
    package var pageSizes: Set<Int>
    /// A multiple of this looks like full pages only.
    package var pageMultiple: Int?
    package init(
        next: [String] = [], total: [String] = [], start: String? = nil, requiresTotal: Bool = false,
        hasLinkHeader: Bool = false, pageSizes: Set<Int> = [], pageMultiple: Int? = nil
    ) {
        self.next = next
        self.total = total
        self.start = start
        self.requiresTotal = requiresTotal
        self.hasLinkHeader = hasLinkHeader
        self.pageSizes = pageSizes
        self.pageMultiple = pageMultiple
    }
}
