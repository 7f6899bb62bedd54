import JSON

/// The body of a PATCH (RFC 7644 §3.5.2).
package struct PatchRequest: Hashable, Sendable {
    package var operations: [PatchOperation]

    /// Reads a body for the resource `id`. Member names and `op` in any letter case; no operations at all is fine.
    ///
    /// Throws `invalidSyntax` for what is no such body, `invalidPath` and `invalidFilter` for paths, `mutability` for
    /// another resource's id beside the operations.
    package init(
        json: JSONValue, for type: ResourceType, id: ResourceID?, limits: ServiceLimits = ServiceLimits()
    ) throws(SCIMError) {
        guard case .object(let members) = json else { throw Self.malformed("The body is a JSON object.") }
        if let id, let other = Self.member("id", of: members), other != .string(id.rawValue) {
            throw SCIMError(status: 400, type: .mutability, detail: "The id of a resource never changes.")
        }
        guard let list = Self.member("Operations", of: members)?.array else {
            throw Self.malformed("The body needs \"Operations\", a list.")
        }
        if list.count > limits.patchOperations {
            throw Self.malformed("A PATCH has at most \(limits.patchOperations) operations.")
        }
        operations = []
        for operation in list { operations.append(try Self.operation(operation, type, limits.filter)) }
    }

    private static func operation(
        _ json: JSONValue, _ type: ResourceType, _ limits: FilterLimits
    ) throws(SCIMError) -> PatchOperation {
        guard case .object(let members) = json else { throw malformed("Each operation is a JSON object.") }
        guard let op = member("op", of: members)?.string,
            let verb = PatchOperation.Verb(rawValue: lowercasedASCII(op))
        else { throw malformed("Each operation needs an \"op\": add, remove or replace.") }
        var path: AttributePath?
        switch member("path", of: members) {
        case nil, .null, .string(""): break
        case .string(let text): path = try AttributePath.parse(text, for: type, limits: limits)
        case .boolean, .number, .array, .object: throw malformed("A \"path\" is a string.")
        }
        var value: AttributeValue?
        // A `remove` with a null has no value; one with an empty list removes nothing.
        if let json = member("value", of: members), !(verb == .remove && json.isNull) {
            value = try AttributeValue(json: json)
        }
        return PatchOperation(verb, path: path, value: value)
    }

    private static func member(_ name: String, of members: [JSONMember]) -> JSONValue? {
        members.first { equalsIgnoringASCIICase($0.name, name) }?.value
    }

    private static func malformed(_ detail: String) -> SCIMError {
        SCIMError(status: 400, type: .invalidSyntax, detail: detail)
    }
}
