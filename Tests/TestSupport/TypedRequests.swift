import JSON
import SCIM

/// Requests for one resource as tests have them at hand, typed. They go to the core as a client's do, by
/// ``SCIMService/perform(_:showing:context:)``.
extension SCIMService {
    package func create(
        _ type: ResourceType, attributes: ComplexValue, members: [ResourceID] = [], context: RequestContext
    ) throws -> Resource {
        let body = try Self.body(attributes, members: members.isEmpty ? nil : members)
        return try resource(ResourceRequest(.create, type, body: body), context)
    }

    package func get(_ type: ResourceType, id: ResourceID, context: RequestContext) throws -> Resource {
        try get(type, id: id, showing: .all, context: context).resource
    }

    /// A Group without `members` has none afterwards.
    package func replace(
        _ type: ResourceType, id: ResourceID, attributes: ComplexValue, members: [ResourceID]? = nil,
        ifVersion: Int64? = nil, context: RequestContext
    ) throws -> Resource {
        let body = try Self.body(attributes, members: members)
        return try resource(
            ResourceRequest(.replace, type, id: id, body: body, ifMatch: Self.condition(ifVersion)), context)
    }

    package func patch(
        _ type: ResourceType, id: ResourceID, _ operations: [PatchOperation], ifVersion: Int64? = nil,
        context: RequestContext
    ) throws -> Resource {
        let list = try operations.map(Self.json)
        let body = JSONValue.object([JSONMember(name: "Operations", value: .array(list))])
        return try resource(
            ResourceRequest(.patch, type, id: id, body: body, ifMatch: Self.condition(ifVersion)), context)
    }

    package func delete(
        _ type: ResourceType, id: ResourceID, ifVersion: Int64? = nil, context: RequestContext
    ) throws {
        _ = try perform(ResourceRequest(.delete, type, id: id, ifMatch: Self.condition(ifVersion)), context: context)
    }

    private struct WithoutResource: Error {}

    private func resource(_ request: ResourceRequest, _ context: RequestContext) throws -> Resource {
        guard let resource = try perform(request, context: context).resource else { throw WithoutResource() }
        return resource
    }

    private static func condition(_ version: Int64?) -> VersionCondition? { version.map { .oneOf([$0]) } }

    private static func body(_ attributes: ComplexValue, members: [ResourceID]?) throws -> JSONValue {
        guard case .object(var body) = try JSON.parse(AttributesJSON.encode(attributes)) else { return .object([]) }
        if let members {
            let values = members.map { JSONValue.object([JSONMember(name: "value", value: .string($0.rawValue))]) }
            body.append(JSONMember(name: "members", value: .array(values)))
        }
        return .object(body)
    }

    private static func json(_ operation: PatchOperation) throws -> JSONValue {
        var members = [JSONMember(name: "op", value: .string(operation.verb.rawValue))]
        if let path = operation.path { members.append(JSONMember(name: "path", value: .string("\(path)"))) }
        if let value = operation.value {
            let wrapped = AttributesJSON.encode(ComplexValue([.init("value", value)]))
            guard let json = try JSON.parse(wrapped)["value"] else { throw WithoutResource() }
            members.append(JSONMember(name: "value", value: json))
        }
        return .object(members)
    }
}
