import JSON
import NIOPosix
import SCIM

/// Lists and searches. Most are read in one go; a long one slice by slice, so that it keeps nobody else waiting.
extension ResourceEndpoints {
    /// A question about every type (RFC 7644 §3.4.2.1). Some tenants' connection test asks it bare (scim-clients.md §3.1):
    /// they get the count alone.
    func base(_ exchange: Exchange) async throws -> Answer {
        try await searchAll(exchange) {
            let parameters = try QueryParameters.parsed(exchange.query)
            return try SearchEverywhere(
                parameters: parameters.isEmpty ? [("count", "0")] : parameters, limits: service.limits.filter)
        }
    }

    /// GET of a list (RFC 7644 §3.4.2).
    func list(_ type: ResourceType, _ exchange: Exchange) async throws -> Answer {
        try await list(type, exchange) {
            try ListQuery(
                parameters: QueryParameters.parsed(exchange.query), for: type, limits: service.limits.filter)
        }
    }

    /// POST of a `.search` (RFC 7644 §3.4.3).
    func search(_ type: ResourceType?, _ exchange: Exchange, _ body: [UInt8]) async throws -> Answer {
        guard let type else {
            return try await searchAll(exchange) {
                try SearchEverywhere(json: try parse(body), limits: service.limits.filter)
            }
        }
        return try await list(type, exchange) {
            try ListQuery(json: try parse(body), for: type, limits: service.limits.filter)
        }
    }

    private func list(
        _ type: ResourceType, _ exchange: Exchange, _ query: () throws -> ListQuery
    ) async throws -> Answer {
        try await answer(exchange) {
            let query = try query()
            let list = service.list(type, query, baseURL: exchange.baseURL, context: try exchange.context)
            return ListUnderway(list: list, selection: query.selection)
        }
    }

    private func searchAll(
        _ exchange: Exchange, _ search: () throws -> SearchEverywhere
    ) async throws -> Answer {
        try await answer(exchange) {
            let search = try search()
            let list = service.search(search, baseURL: exchange.baseURL, context: try exchange.context)
            return ListUnderway(list: list, selection: search.selection)
        }
    }

    /// What an index finds is read where the question came in. The rest of a longer list has two threads of its own, where
    /// those that are underway take turns; for as long as the client is there.
    private func answer<List: SlicedList>(
        _ exchange: Exchange, _ begin: () throws -> ListUnderway<List>
    ) async throws -> Answer {
        var list = try begin()
        var answer: Answer?
        if list.list.pageSize <= Self.pageAtOnce { (list, answer) = try proceed(list, exchange) }
        while answer == nil {
            guard exchange.isConnected() else { throw SCIMError.clientIsGone }
            (list, answer) = try await walkers.runIfActive { [list] in try proceed(list, exchange) }
        }
        return answer ?? Answer(.defect)
    }

    /// Members on a page that takes no longer than others can wait.
    private static var pageAtOnce: Int { 100 }

    private func proceed<List: SlicedList>(
        _ underway: ListUnderway<List>, _ exchange: Exchange
    ) throws -> (ListUnderway<List>, Answer?) {
        var underway = underway
        let before = underway.list.walked
        let page = try service.proceed(&underway.list)
        metrics.walked(underway.list.walked - before)
        let answer = page.map { page in
            Answer(
                200, body: ListResponseJSON.bytes(page, selection: underway.selection, baseURL: exchange.baseURL))
        }
        return (underway, answer)
    }
}

/// A list that is being read, and what is shown of it.
private struct ListUnderway<List: SlicedList>: Sendable {
    var list: List
    let selection: AttributeSelection
}
