import Hummingbird
import JSON
import NIOPosix
import SCIM

/// The SCIM endpoints (RFC 7644 §3.2): each request becomes one question to the core, or one operation.
struct ResourceEndpoints: Sendable {
    let service: SCIMService
    let readers: NIOThreadPool
    let writes: WriteQueue

    /// `exchange` has its token where the endpoint needs one; `verb` is one that it takes.
    func answer(_ exchange: Exchange, _ verb: Verb, _ body: [UInt8]) async throws -> Answer {
        switch exchange.endpoint {
        case .resources(let type): try await create(type, exchange, body)
        case .resource(let type, let id):
            switch verb {
            case .get: try await get(type, id, exchange)
            case .put: try await replace(type, id, exchange, body)
            case .patch: try await patch(type, id, exchange, body)
            case .delete: try await delete(type, id, exchange)
            case .post: throw SCIMError.noEndpoint
            }
        default: throw SCIMError.noEndpoint
        }
    }
}

extension ResourceEndpoints {
    /// POST (RFC 7644 §3.3). Restoring somebody in place is a creation to the client too (scim-clients.md §5).
    private func create(_ type: ResourceType, _ exchange: Exchange, _ body: [UInt8]) async throws -> Answer {
        let input = try AttributesInput(json: try json(body), for: type)
        let operation = BulkOperation(
            .create(type, attributes: input.attributes, members: input.members ?? []))
        return try await write(operation, exchange) { view in
            Answer(201, body: view.body).adding(.eTag, view.resource.etag).adding(.location, view.location)
        }
    }

    /// GET by id (RFC 7644 §3.4.1).
    private func get(_ type: ResourceType, _ id: ResourceID, _ exchange: Exchange) async throws -> Answer {
        let (context, preconditions) = (try context(exchange), Preconditions(exchange.headers))
        return try await readers.runIfActive {
            try service.store.read { store in
                guard let stored = try store.resource(type, id: id, team: context.team) else {
                    throw SCIMError.notFound("This \(type.name)")
                }
                if preconditions.isKnown(stored.resource) { return Answer(304).adding(.eTag, stored.resource.etag) }
                let view = try ResourceView(stored, store, context.team, exchange.baseURL)
                return Answer(200, body: view.body).adding(.eTag, view.resource.etag)
            }
        }
    }

    /// PUT (RFC 7644 §3.5.1): what is not named is cleared, a Group's members too.
    private func replace(
        _ type: ResourceType, _ id: ResourceID, _ exchange: Exchange, _ body: [UInt8]
    ) async throws -> Answer {
        let version = try await version(type, id, exchange)
        let attributes: ComplexValue
        do {
            guard case .object(let members) = try json(body) else { throw SCIMError.notAnObject(type) }
            attributes = try ComplexValue(json: members)
        } catch {
            throw try await firstObjection(type, id, version, exchange) ?? error
        }
        let namesMembers = attributes.members.contains { $0.name.lowercased() == "members" }
        let action = BulkOperation.Action.replace(
            type, id, attributes: attributes, members: type == .group && !namesMembers ? [] : nil)
        return try await write(BulkOperation(action, ifVersion: version), exchange) { view in
            Answer(200, body: view.body).adding(.eTag, view.resource.etag)
        }
    }

    /// PATCH (RFC 7644 §3.5.2). A large group is not sent back to whoever changed one of its members.
    private func patch(
        _ type: ResourceType, _ id: ResourceID, _ exchange: Exchange, _ body: [UInt8]
    ) async throws -> Answer {
        let version = try await version(type, id, exchange)
        let request: PatchRequest
        do {
            request = try PatchRequest(json: try json(body), for: type, id: id)
        } catch {
            throw try await firstObjection(type, id, version, exchange) ?? error
        }
        let operation = BulkOperation(.patch(type, id, request.operations), ifVersion: version)
        return try await write(operation, exchange) { view in
            let answer = view.isLargeGroup ? Answer(204) : Answer(200, body: view.body)
            return answer.adding(.eTag, view.resource.etag)
        }
    }

    /// DELETE (RFC 7644 §3.6).
    private func delete(_ type: ResourceType, _ id: ResourceID, _ exchange: Exchange) async throws -> Answer {
        let operation = BulkOperation(.delete(type, id), ifVersion: try await version(type, id, exchange))
        return try await write(operation, exchange) { _ in Answer(204) }
    }
}

extension ResourceEndpoints {
    private func context(_ exchange: Exchange) throws -> SCIM.RequestContext {
        guard let token = exchange.token else { throw SCIMError.unauthorized }
        return exchange.context(token)
    }

    private func json(_ body: [UInt8]) throws(SCIMError) -> JSONValue {
        do {
            return try JSON.parse(body)
        } catch {
            throw SCIMError(
                status: 400, type: .invalidSyntax,
                detail: "The body is not the JSON that this service takes: \(error.message).")
        }
    }

    /// One operation in the queue of writes; `answer` is made of what it left, in the same transaction.
    private func write(
        _ operation: BulkOperation, _ exchange: Exchange, _ answer: @escaping @Sendable (ResourceView) -> Answer
    ) async throws -> Answer {
        let context = try context(exchange)
        let request = WriteRequest(PreparedOperation(operation), context)
        return try await writes.commit(request) { outcome, store in
            switch outcome {
            case .done(let resource, _):
                guard let row = try store.row(resource.type, id: resource.id, team: context.team) else {
                    return Answer(.defect)
                }
                let stored = StoredResource(row: row, resource: resource)
                return answer(try ResourceView(stored, store, context.team, exchange.baseURL))
            case .deleted: return Answer(204)
            case .failed(let refusal): return Answer(refusal)
            }
        }
    }

    /// The version that `If-Match` allows to start from.
    private func version(_ type: ResourceType, _ id: ResourceID, _ exchange: Exchange) async throws -> Int64? {
        let (context, preconditions) = (try context(exchange), Preconditions(exchange.headers))
        guard preconditions.match != nil else { return nil }
        return try await readers.runIfActive {
            try preconditions.version { try service.get(type, id: id, context: context) }
        }
    }

    /// What comes before anything that is wrong with a body: 404, then 412 (scim-rulings.md, "Versions").
    private func firstObjection(
        _ type: ResourceType, _ id: ResourceID, _ version: Int64?, _ exchange: Exchange
    ) async throws -> SCIMError? {
        let context = try context(exchange)
        return try await readers.runIfActive {
            do {
                let resource = try service.get(type, id: id, context: context)
                guard let version, version != resource.version else { return nil }
                return SCIMError.preconditionFailed("The \(type.name) has changed since it was read.")
            } catch let refusal as SCIMError {
                return refusal
            }
        }
    }
}

extension SCIMError {
    fileprivate static func notAnObject(_ type: ResourceType) -> SCIMError {
        SCIMError(status: 400, type: .invalidSyntax, detail: "A \(type.name) is a JSON object.")
    }
}
