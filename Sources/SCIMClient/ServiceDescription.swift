import JSON

/// What a service says of itself (RFC 7644 §4): ServiceProviderConfig, ResourceTypes and Schemas.
///
/// Each of them may be missing or wrong; then what it would say is not known, and everything else is.
package struct ServiceDescription: Sendable {
    /// How one of the documents was answered.
    package enum Told: Sendable {
        case told
        /// 404, 405 or 501.
        case missing
        /// In words that follow "it".
        case wrong(String)
    }

    package private(set) var told: [(document: String, told: Told)] = []
    package private(set) var features = Features()
    /// Their endpoints: `Users`.
    package private(set) var resourceTypes: [String] = []
    /// URNs.
    package private(set) var schemas: [String] = []
    /// The schemas themselves, as published.
    package private(set) var schemaDefinitions: [JSONValue] = []

    /// What RFC 7643 §5 and RFC 9865 §4 let a service say; `nil` where it does not.
    package struct Features: Hashable, Sendable {
        package var patch: Bool?
        package var bulk: Bool?
        package var bulkOperations: Int?
        package var bulkBytes: Int?
        package var filter: Bool?
        package var filterResults: Int?
        package var sort: Bool?
        package var etag: Bool?
        package var cursorPaging: Bool?
        package var indexPaging: Bool?
        package var changePassword: Bool?

        init() {}

        package static let unknown = Features()

        init(_ config: JSONValue) {
            func supports(_ name: String) -> Bool? { config[name]?["supported"]?.lenientBoolean }
            patch = supports("patch")
            bulk = supports("bulk")
            bulkOperations = config["bulk"]?["maxOperations"]?.lenientInteger
            bulkBytes = config["bulk"]?["maxPayloadSize"]?.lenientInteger
            filter = supports("filter")
            filterResults = config["filter"]?["maxResults"]?.lenientInteger
            sort = supports("sort")
            etag = supports("etag")
            // A service that does not know RFC 9865 says nothing of it.
            cursorPaging = config["pagination"]?["cursor"]?.lenientBoolean ?? false
            indexPaging = config["pagination"]?["index"]?.lenientBoolean
            changePassword = supports("changePassword")
        }
    }

    /// Asks for all three, whatever comes. Throws only when nobody waits any more.
    package static func ask(_ client: some DescribedService) async throws -> ServiceDescription {
        var description = ServiceDescription()
        if let config = try await description.ask(
            client, "ServiceProviderConfig", isUsable: { $0["patch"] != nil || $0["filter"] != nil })
        {
            description.features = Features(config)
        }
        if let types = try await description.ask(client, "ResourceTypes", isUsable: { ListAnswer($0) != nil }) {
            description.resourceTypes = (ListAnswer(types)?.resources ?? []).compactMap { type in
                (type["endpoint"]?.string ?? type["name"]?.string)?.split(separator: "/").last.map(String.init)
            }
        }
        if let schemas = try await description.ask(client, "Schemas", isUsable: { ListAnswer($0) != nil }) {
            description.schemaDefinitions = ListAnswer(schemas)?.resources ?? []
            description.schemas = description.schemaDefinitions.compactMap { $0["id"]?.string }
        }
        return description
    }

    private mutating func ask(
        _ client: some DescribedService, _ document: String, isUsable: (JSONValue) -> Bool
    ) async throws -> JSONValue? {
        let answer: Answer
        do { answer = try await client.described(document) } catch let error as ClientError where error != .cancelled {
            told.append((document, .wrong("cannot be had: the service \(error.reason)")))
            return nil
        } catch let failure as ServiceFailure where failure != .stopped {
            told.append((document, .wrong("cannot be had")))
            return nil
        }
        guard answer.isSuccess else {
            told.append(
                (document, [404, 405, 501].contains(answer.status) ? .missing : .wrong("is answered \(answer.status)")))
            return nil
        }
        guard let value = answer.json, isUsable(value) else {
            told.append(
                (document, .wrong(answer.json == nil ? "is answered with \(answer.kind)" : "is not what it should be")))
            return nil
        }
        let isBare = ListAnswer(value)?.isBareArray ?? false
        told.append((document, isBare ? .wrong("is a bare array instead of a ListResponse") : .told))
        return value
    }
}

/// Whoever can be asked for the documents: once, or as often as it takes.
package protocol DescribedService: Sendable {
    func described(_ document: String) async throws -> Answer
}

extension SCIMClient: DescribedService {
    package func described(_ document: String) async throws -> Answer { try await send(.get, document) }
}

extension PatientClient: DescribedService {
    package func described(_ document: String) async throws -> Answer { try await read(document) }
}
