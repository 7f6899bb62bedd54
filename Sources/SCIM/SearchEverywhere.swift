import JSON

/// A search at the base URL, over resources of every type (RFC 7644 §3.4.2.1, §3.4.3): Users first, then Groups, then
/// the SSO connection, each as ``ListQuery`` has it. By index only.
///
/// A type that does not know an attribute of the filter or the order has no answer to it and is left out.
package struct SearchEverywhere: Sendable {
    fileprivate var queries: [(type: ResourceType, query: ListQuery)] = []
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
    /// What is found in all types together, to be read by ``proceed(_:)``.
    package func search(
        _ search: SearchEverywhere, baseURL: String? = nil, context: RequestContext
    ) -> SearchWalk {
        SearchWalk(search, limits, now(), context.team, baseURL)
    }
}

/// A search over every type on its way to a page, one type after the other.
package struct SearchWalk: SlicedList {
    private var waiting: [(type: ResourceType, query: ListQuery)]
    private var current: ListWalk?
    private var page: ListPage
    private var found = 0
    private var room: Int
    private var walkedBefore = 0
    private let start: Int
    private let limits: ServiceLimits
    private let now: Timestamp
    private let team: TeamID
    private let baseURL: String?

    fileprivate init(
        _ search: SearchEverywhere, _ limits: ServiceLimits, _ now: Timestamp, _ team: TeamID, _ baseURL: String?
    ) {
        waiting = search.queries.reversed()
        start = search.queries.first?.query.startIndex ?? 1
        page = ListPage(resources: [], totalResults: 0, startIndex: start)
        pageSize = min(search.queries.first?.query.count ?? limits.pageDefault, limits.pageLimit)
        room = pageSize
        self.limits = limits
        self.now = now
        self.team = team
        self.baseURL = baseURL
    }

    package let pageSize: Int
    package var walked: Int { walkedBefore + (current?.walked ?? 0) }

    package mutating func proceed(_ store: any StoreReading) throws -> ListPage? {
        while current != nil || beginNext() {
            guard let part = try current?.proceed(store) else { return nil }
            walkedBefore = walked
            current = nil
            page.resources += part.resources
            found += part.totalResults ?? 0
            room -= part.resources.count
        }
        page.totalResults = found
        return page
    }

    /// False when there is no further type.
    private mutating func beginNext() -> Bool {
        guard let next = waiting.popLast() else { return false }
        var query = next.query
        query.startIndex = max(1, start - found)
        query.count = room
        current = ListWalk(ListReading(next.type, query, team: team, limits: limits, baseURL: baseURL), now: now)
        return true
    }
}
