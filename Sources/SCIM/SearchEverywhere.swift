import JSON

/// A search at the base URL, over resources of every type (RFC 7644 §3.4.2.1, §3.4.3): Users first, then Groups, then
/// the SSO connection, each as ``ListQuery`` has it. By index only.
///
/// A type that does not know an attribute of the filter or the order has no answer to it and is left out.
package struct SearchEverywhere: Sendable {
    private var queries: [(type: ResourceType, query: ListQuery)] = []
    package private(set) var selection = AttributeSelection.all

    /// Reads a GET's parameters. Throws as ``ListQuery/init(parameters:for:)`` when no type understands them.
    package init(
        parameters: [(name: String, value: String)], limits: FilterLimits = FilterLimits()
    ) throws(SCIMError) {
        try self.init(ListQuery.Parameters(parameters), limits)
    }

    /// Reads the body of a `.search`.
    package init(json: JSONValue, limits: FilterLimits = FilterLimits()) throws(SCIMError) {
        try self.init(ListQuery.Parameters(json: json), limits)
    }

    private init(_ given: ListQuery.Parameters, _ limits: FilterLimits) throws(SCIMError) {
        if given.texts[.cursor] != nil {
            throw .invalidValue("A search over several resource types has no cursors.")
        }
        selection = try AttributeSelection(
            attributes: given[.attributes], excludedAttributes: given[.excludedAttributes],
            for: ResourceType.allCases)
        var refusal: SCIMError?
        for type in ResourceType.allCases {
            var query = ListQuery()
            do throws(SCIMError) {
                try query.take(given, for: type, limits)
                query.selection = selection
                queries.append((type, query))
            } catch {
                refusal = refusal ?? error
            }
        }
        if queries.isEmpty, let refusal { throw refusal }
    }
}

extension SCIMService {
    /// One page of what is found in all types together, from one snapshot.
    package func search(
        _ search: SearchEverywhere, baseURL: String? = nil, context: RequestContext
    ) throws -> ListPage {
        try store.read { store in try search.page(store, limits, now(), context.team, baseURL) }
    }
}

extension SearchEverywhere {
    fileprivate func page(
        _ store: any StoreReading, _ limits: ServiceLimits, _ now: Timestamp, _ team: TeamID,
        _ baseURL: String?
    ) throws -> ListPage {
        let start = queries.first?.query.startIndex ?? 1
        var page = ListPage(resources: [], totalResults: 0, startIndex: start)
        var room = min(queries.first?.query.count ?? limits.pageDefault, limits.pageLimit)
        for (type, asked) in queries {
            var query = asked
            query.startIndex = max(1, start - page.totalResults)
            query.count = room
            let part = try ListReading(
                store: store, type: type, query: query, team: team, limits: limits, now: now, baseURL: baseURL
            ).page()
            page.resources += part.resources
            page.totalResults += part.totalResults
            room -= part.resources.count
        }
        return page
    }
}
