import HTTPTypes
import JSON
import NIOPosix
import SCIM

/// The SCIM endpoints (RFC 7644 §3.2): each request becomes one question to the core, or one write.
struct ResourceEndpoints: Sendable {
    let service: SCIMService
    /// For lists that take longer.
    let walkers: NIOThreadPool
    let writes: WriteQueue
    let metrics: Metrics

    /// `exchange` has its token where the endpoint needs one; `verb` is one that it takes.
    func answer(_ exchange: Exchange, _ verb: Verb, _ body: [UInt8]) async throws -> Answer {
        switch exchange.endpoint {
        case .base: return try await base(exchange)
        case .resources(let type):
            if verb == .get { return try await list(type, exchange) }
            return try await write(.create, type, nil, exchange, body)
        case .resource(let type, let id):
            switch verb {
            case .get: return try get(type, id, exchange)
            case .put: return try await write(.replace, type, id, exchange, body)
            case .patch: return try await write(.patch, type, id, exchange, body)
            case .delete, .post: return try await write(.delete, type, id, exchange, body)
            }
        case .search(let type): return try await search(type, exchange, body)
        case .bulk: return try await bulk(exchange, body)
        case .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema:
            return try discovery(exchange)
        case .me, .liveness, .readiness, .metrics, .unknown, .elsewhere: throw SCIMError.noEndpoint
        }
    }

    func parse(_ body: [UInt8]) throws(SCIMError) -> JSONValue {
        try RequestBody.parse(body, depth: service.limits.jsonDepth)
    }
}

// MARK: Reading

extension ResourceEndpoints {
    /// GET by id (RFC 7644 §3.4.1).
    private func get(_ type: ResourceType, _ id: ResourceID, _ exchange: Exchange) throws -> Answer {
        let selection = try selection(exchange, type)
        let view = try service.get(type, id: id, showing: selection, context: try exchange.context)
        if let known = exchange.headers[.ifNoneMatch].map(VersionCondition.init(header:)),
            known.holds(for: view.resource.version)
        {
            return Answer(304).adding(.eTag, view.resource.etag)
        }
        return Answer(200, view, selection, exchange.baseURL)
    }

    /// ServiceProviderConfig, ResourceTypes, Schemas (RFC 7644 §4). They cannot be filtered.
    private func discovery(_ exchange: Exchange) throws -> Answer {
        let filter = try QueryParameters.parsed(exchange.query).first { $0.name.lowercased() == "filter" }
        if let filter, !filter.value.isEmpty { throw SCIMError.noFilterHere }
        let discovery = Discovery(limits: service.limits, baseURL: exchange.baseURL)
        let document: JSONValue? =
            switch exchange.endpoint {
            case .serviceProviderConfig: discovery.serviceProviderConfig
            case .resourceTypes: discovery.resourceTypes
            case .resourceType(let id): discovery.resourceType(id: id)
            case .schemas: discovery.schemas
            case .schema(let id): discovery.schema(id: id)
            default: nil
            }
        guard let document else { throw SCIMError.notFound("This \(exchange.endpoint.label)") }
        return Answer(200, json: document)
    }

    private func selection(_ exchange: Exchange, _ type: ResourceType) throws -> AttributeSelection {
        if exchange.query.isEmpty { return .all }
        return try ListQuery(
            parameters: QueryParameters.parsed(exchange.query), for: type, limits: service.limits.filter
        )
        .selection
    }
}

// MARK: Writing

extension ResourceEndpoints {
    /// POST, PUT, PATCH, DELETE of one resource (RFC 7644 §3.3, §3.5, §3.6): prepared beside others, written in turn.
    private func write(
        _ method: ResourceRequest.Method, _ type: ResourceType, _ id: ResourceID?, _ exchange: Exchange,
        _ body: [UInt8]
    ) async throws -> Answer {
        let selection = try selection(exchange, type)
        let request = ResourceRequest(
            method, type, id: id, body: method == .delete ? nil : try parse(body),
            ifMatch: exchange.headers[.ifMatch].map(VersionCondition.init(header:)))
        let prepared = try service.prepare(request, showing: selection, context: try exchange.context)
        switch try await writes.commit(prepared) {
        case .created(let view):
            let location = ResourceJSON.url(type, view.resource.id, exchange.baseURL)
            return Answer(201, view, selection, exchange.baseURL).adding(.location, location)
        case .done(let view): return Answer(200, view, selection, exchange.baseURL)
        case .doneUnshown(let resource): return Answer(204).adding(.eTag, resource.etag)
        case .deleted: return Answer(204)
        }
    }

    /// POST of a Bulk (RFC 7644 §3.7).
    private func bulk(_ exchange: Exchange, _ body: [UInt8]) async throws -> Answer {
        let context = try exchange.context
        let request = try BulkRequest(json: try parse(body), limits: service.limits)
        let answer = try await writes.alone { try service.bulk(request, context: context) }
        return Answer(200, body: BulkResponseJSON.bytes(answer, baseURL: exchange.baseURL))
    }
}

extension Answer {
    init(_ status: Int, json: JSONValue) {
        var writer = JSONWriter()
        writer.value(json)
        self.init(status, body: writer.takeBytes())
    }

    /// One resource, with its version.
    fileprivate init(_ status: Int, _ view: ResourceView, _ selection: AttributeSelection, _ baseURL: String) {
        var body: [UInt8] = []
        body.reserveCapacity(1024)
        ResourceJSON.append(view, selection: selection, baseURL: baseURL, to: &body)
        self.init(status, body: body)
        self = adding(.eTag, view.resource.etag)
    }
}

extension SCIMError {
    fileprivate static let noFilterHere = SCIMError(status: 403, detail: "This endpoint cannot be filtered.")
}
