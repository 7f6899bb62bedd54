/// One page of a list (RFC 7644 §3.4.2, RFC 9865 §2).
package struct ListPage: Hashable, Sendable {
    package var resources: [ResourceView]
    /// Of the whole list, not of the page. Under a cursor, for a filter that no index answers: as of the first page.
    package var totalResults: Int
    /// `nil` under a cursor.
    package var startIndex: Int?
    /// `nil` when this is the last page, or the list is by index.
    package var nextCursor: String?
    package var itemsPerPage: Int { resources.count }

    package init(
        resources: [ResourceView], totalResults: Int, startIndex: Int? = nil, nextCursor: String? = nil
    ) {
        self.resources = resources
        self.totalResults = totalResults
        self.startIndex = startIndex
        self.nextCursor = nextCursor
    }
}

extension SCIMService {
    /// GET of a list, and `.search` (RFC 7644 §3.4.2, §3.4.3; RFC 9865).
    ///
    /// Without a filter, and for filters that an index answers (`userName`, `externalId`, an e-mail address, `id`, a
    /// Group's `displayName` and members, `eq` each, and what `and` joins to them), a page costs the same on any roster;
    /// so does each page by cursor. Any other filter walks through the type in order of creation, holding one page; an
    /// order other than creation walks through it too, holding as many keys as come before the page's end.
    ///
    /// Throws ``SCIMError``: `invalidCursor`, `expiredCursor`, `invalidCount`.
    package func list(
        _ type: ResourceType, _ query: ListQuery, baseURL: String? = nil, context: RequestContext
    ) throws -> ListPage {
        try store.read { store in
            try ListReading(
                store: store, type: type, query: query, team: context.team, limits: limits, now: now(),
                baseURL: baseURL
            ).page()
        }
    }
}
